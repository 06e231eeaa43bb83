"""Attachments by what they are, whatever their names say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import media
from content.media import KINDS, MEDIA_TYPES, FileError, kind_of, picture_type, suffix, true_type
from tests.content.papers.rig import docx, drawing, ole, p, packed, photograph

WORD, ZIP = docx(p("正文")), packed({"名单.txt": b"x"})
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
EXCEL = packed({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<x/>"})
SLIDES = packed({"[Content_Types].xml": TYPES, "ppt/presentation.xml": b"<x/>"})
HONEST = {
    "通告.docx": WORD, "名单.xlsx": EXCEL, "讲解.pptx": SLIDES, "材料.zip": ZIP, "版式.ofd": packed({"OFD.xml": b"<x/>"}), "图.png": drawing(),
    "照片.JPG": photograph(), "照片.jpeg": photograph(), "动图.gif": drawing(form="GIF"), "文件.pdf": b"%PDF-1.7\n...", "旧.doc": ole("WordDocument"),
    "旧.wps": ole("WordDocument"), "旧.xls": ole("Workbook"), "更旧.xls": ole("Book"), "旧.et": ole("Workbook"), "旧.ppt": ole("PowerPoint Document"),
    "录音.mp3": b"ID3\x04" + bytes(20), "录像.mp4": b"\x00\x00\x00\x18ftypmp42", "包.rar": b"Rar!\x1a\x07\x01\x00", "说明.txt": "说明\r\n一".encode("gb18030"),
    "表.csv": "\ufeff标题,栏目\r\n".encode(), "记事本.txt": "说明".encode("utf-16"), "数据.json": '{"条": 1}'.encode(),
}


@pytest.mark.parametrize("name", HONEST)
def test_takes_what_is_what_its_name_says(name):
    assert true_type(name, HONEST[name]) == MEDIA_TYPES[suffix(name)]


@pytest.mark.parametrize(("name", "data", "code", "said"), [
    ("通告.docx", EXCEL, "mismatch", "扩展名是 .docx，内容却是Excel 工作簿。请把扩展名改为 .xlsx"),
    ("通告.pdf", WORD, "mismatch", "内容却是Word 文档。请把扩展名改为 .docx"),
    ("通告.docx", ole("WordDocument"), "mismatch", "旧版 Word 或 WPS 文字文档"),
    ("图.png", photograph(), "mismatch", "JPEG 图片。请把扩展名改为 .jpg"),
    ("图.png", b"\x00\x01\x02", "mismatch", "无法识别的数据。请用原来的软件打开"),
    ("表.csv", ZIP, "mismatch", "ZIP 压缩包"), ("旧.doc", ole("别的"), "mismatch", "旧版 Office 类文件。请用原来的软件打开"),
    ("文.zip", packed({"mimetype": b"application/vnd.oasis.opendocument.text"}), "mismatch", "OpenDocument 文件"),
    ("包.zip", b"7z\xbc\xaf\x27\x1c", "mismatch", "7z 压缩包"), ("别的.docx", packed({"[Content_Types].xml": TYPES}), "mismatch", "ZIP 压缩包"),
    ("空.pdf", b"", "empty", "“空.pdf”是空文件"),
    ("网页.html", b"<p>", "unknown", "不公开这种格式的附件。可用的格式有 .csv"), ("图.svg", b"<svg/>", "unknown", "不公开这种格式"),
    ("无后缀", b"x", "unknown", "不公开这种格式"), ("安装.exe", b"MZ", "executable", "程序或脚本"), ("脚本.js", b"alert(1)", "executable", "程序或脚本"),
    ("通告.pdf", b"MZ\x90\x00", "executable", "内容其实是可执行程序或脚本"), ("通告.txt", b"#!/bin/sh\n", "executable", "内容其实是可执行程序"),
    ("通告.zip", b"\x7fELF\x02", "executable", "内容其实是可执行程序"), ("快捷.pdf", b"L\x00\x00\x00\x01\x14\x02\x00", "executable", "可执行"),
    ("包.zip", packed({"META-INF/MANIFEST.MF": b"x"}), "executable", "可执行"), ("包.zip", packed({"里/安装.EXE": b"MZ"}), "executable", "“安装.EXE”"),
    ("说明.txt", b" <!-- x --> <html><body>", "active", "内容其实是网页或脚本"), ("数据.csv", b"a,<script src=x>", "active", "网页或脚本"),
    ("图.png", b"\xef\xbb\xbf<?xml version='1.0'?><svg onload='x()'/>", "active", "网页或脚本"), ("图.jpg", "<svg ".encode("utf-16"), "active", "网页"),
    ("通告.docx", packed({"[Content_Types].xml": TYPES, "word/vbaProject.bin": b"x", "word/document.xml": b""}), "macro", "含有宏"),
    ("通告.docx", packed({"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml", "word/d.xml": b""}), "macro", "含有宏"),
    ("旧.doc", ole("WordDocument", "Macros"), "macro", "含有宏"), ("旧.xls", ole("Workbook", "_VBA_PROJECT_CUR"), "macro", "含有宏"),
    ("通告.docx", ole("EncryptionInfo", "EncryptedPackage"), "encrypted", "设有打开密码"),
    ("通告.docx", WORD[: len(WORD) // 2], "damaged", "已损坏或不完整"), ("包.zip", b"PK\x03\x04" + bytes(40), "damaged", "已损坏"),
    ("数据.json", b'{"a": ', "damaged", "JSON 数据文件"), ("数据.json", b"[" * 100_000, "damaged", "JSON"),
    ("包.zip", packed({f"{n}.txt": b"" for n in range(5001)}), "zip-bomb", "5,001 个文件"),
])
def test_refuses_in_words_that_say_what_it_is_and_what_to_do(name, data, code, said):
    with pytest.raises(FileError, match="“") as caught:
        true_type(name, data)
    assert caught.value.code == code
    assert said in str(caught.value)


def test_refuses_macro_documents_by_their_own_suffix_too():
    """A .docm is no format that is published; the bytes would be refused as well."""
    with pytest.raises(FileError, match="不公开这种格式"):
        true_type("通告.docm", packed({"[Content_Types].xml": TYPES, "word/vbaProject.bin": b"x"}))


def test_a_zip_with_a_password_is_refused():
    locked = bytearray(ZIP)
    for at in (6, ZIP.index(b"PK\x01\x02") + 8):
        locked[at] |= 1
    with pytest.raises(FileError, match="设有打开密码") as caught:
        true_type("材料.zip", bytes(locked))
    assert caught.value.code == "encrypted"


def test_a_file_too_large_is_refused_before_it_is_looked_into(monkeypatch):
    monkeypatch.setattr(media, "FILE_LIMIT", 2**20)
    monkeypatch.setattr(media, "kind_of", lambda *_: pytest.fail("looked into"))
    with pytest.raises(FileError, match=r"有 1\.0 MB，超过 1 MB 的上限") as caught:
        true_type("大.pdf", b"%PDF-" + bytes(2**20))
    assert caught.value.code == "too-large"


@given(st.sampled_from(sorted(MEDIA_TYPES)), st.binary(max_size=300) | st.sampled_from(list(HONEST.values())), st.integers(0, 200))
def test_whatever_the_bytes_there_is_an_answer_or_a_refusal(ending, data, cut):
    said = ""
    try:
        found = true_type(f"文件{ending}", data[cut:] if cut % 3 == 0 else data)
    except FileError as error:
        found, said = error.code, str(error)
    assert "文件" in said or found == MEDIA_TYPES[ending]


def test_every_published_suffix_belongs_to_exactly_one_kind():
    assert sorted(ending for _, endings in KINDS.values() for ending in endings) == sorted(MEDIA_TYPES)


def test_a_name_in_the_directory_counts_and_the_same_word_in_the_text_does_not():
    words = b"-" + "Macros".encode("utf-16-le") + b"\x00\x00"
    assert kind_of("旧.doc", ole("WordDocument") + words) == "doc"


@pytest.mark.parametrize(("name", "found"), [("a.PDF", ".pdf"), ("附件1：名单.tar.GZ", ".gz"), (".htaccess", ""), ("无", ""), ("", ""), ("尾.", ".")])
def test_the_suffix_of_a_name_is_what_follows_its_last_dot(name, found):
    assert suffix(name) == found


@pytest.mark.parametrize(("data", "found"), [
    (drawing(), "image/png"), (photograph(), "image/jpeg"), (drawing(form="GIF"), "image/gif"), (drawing(form="WEBP"), "image/webp"),
    (drawing(form="BMP"), None), (b"", None), (b"RIFF\x00\x00\x00\x00WAVE", None), (b"<svg/>", None),
])
def test_pictures_by_their_first_bytes(data, found):
    assert picture_type(data) == found


def test_a_file_of_many_comments_is_told_at_once():
    """Cutting up a row of comments in every way would take for ever."""
    with pytest.raises(FileError):
        true_type("说明.pdf", b"<!---->" * 60 + b"x")

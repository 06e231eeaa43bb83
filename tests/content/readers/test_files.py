"""Files with things left in them: each is found by its own rule, with a place a person can go to."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from content.readers import clean, read_file
from content.readers.pdf import _opaque
from content.screening import File, Finding, Severity, screen_file
from tests.content.readers import rig
from tests.content.readers.rig import SECRET, W, cell, docx, packed, pdf, photograph, pptx, properties, relations, sheet, slide, xlsx

EXAMPLES = Path(__file__).parents[3] / "examples" / "juzizhou-2017"
MASKED = "43*************007"


def found(name: str, data: bytes) -> list[Finding]:
    return list(screen_file(File(kind="attachment", name=name, data=data)))


def told(name: str, data: bytes) -> list[tuple[str, str]]:
    """(rule, place within the file)."""
    return [(one.rule, one.place.partition(" › ")[2]) for one in found(name, data)]


def run(text: str, form: str = "") -> str:
    return f"<w:r>{form}<w:t>{text}</w:t></w:r>"


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


PEOPLE = sheet(f'<row r="1">{cell("A1", "姓名")}{cell("B1", "身份证号")}</row><row r="2">{cell("A2", "张某")}{cell("B2", SECRET)}</row>')
VANISH = "<w:rPr><w:vanish/></w:rPr>"
TABLE = (f"<w:tbl><w:tr><w:tc>{paragraph(run('姓名'))}</w:tc><w:tc>{paragraph(run('身份证号'))}</w:tc></w:tr>"
         f"<w:tr><w:tc>{paragraph(run('张某'))}</w:tc><w:tc>{paragraph(run(SECRET[:9]), run(SECRET[9:]))}</w:tc></w:tr></w:tbl>")
COMMENTS = f'<w:comments xmlns:w="{W}"><w:comment w:author="李某"><w:p>{run("这里与" + SECRET + "不符")}</w:p></w:comment></w:comments>'
NOTES = f'<p:notes xmlns:p="{rig.P}" xmlns:a="{rig.A}"><a:p><a:r><a:t>讲的时候不要提征收底价</a:t></a:r></a:p><a:p><a:fld><a:t>1</a:t></a:fld></a:p></p:notes>'
NOTE = "<< /Type /Annot /Subtype /Text /Rect [0 0 10 10] /Contents (internal note) >>"
LINK = "<< /Type /Annot /Subtype /Link /Rect [0 0 10 10] /A << /S /URI /URI (https://www.gov.cn) >> >>"


@pytest.mark.parametrize(("name", "data", "expected"), [
    ("a.docx", docx(), []),
    ("a.docx", docx(TABLE), [("id-number", "第2行第2列")]),
    ("a.docx", docx(paragraph(run("机密★10年")) + paragraph(run("通知"))), [("classification-mark", "第1段")]),
    ("a.docx", docx(paragraph('<w:ins w:author="王某">' + run("新增") + "</w:ins>")), [("tracked-change", "")]),
    ("a.docx", docx(paragraph('<w:del w:author="王某"><w:r><w:delText>旧的金额</w:delText></w:r></w:del>', run("正文"))), [("tracked-change", "")]),
    ("a.docx", docx(paragraph("<w:pPr><w:pPrChange/></w:pPr>", run("正文"))), [("tracked-change", "")]),
    ("a.docx", docx(paragraph(run("看不见的字", VANISH), run("正文"))), [("hidden-text", "")]),
    ("a.docx", docx(paragraph(run("正文", '<w:rPr><w:vanish w:val="0"/></w:rPr>'))), []),
    ("a.docx", docx(extra={"word/comments.xml": COMMENTS}), [("comment", "")]),
    ("a.docx", docx(extra={"docProps/core.xml": properties("王小明")}), [("properties", "文档属性")]),
    ("a.docx", docx(extra={"docProps/core.xml": properties("桔子洲街道办事处")}), []),
    ("a.docx", docx(extra={"docProps/core.xml": properties("Administrator")}), []),
    ("a.docx", docx(extra={"word/embeddings/oleObject1.bin": b"x"}), [("embedded-object", "")]),
    ("a.docx", docx(extra={"word/vbaProject.bin": b"x"}), [("macro", "")]),
    ("a.docx", docx(extra={"word/_rels/document.xml.rels": relations(("r1", "https://www.gov.cn/", True))}), []),
    ("a.docx", docx(extra={"word/_rels/settings.xml.rels": relations(("r1", "file:///\\\\server\\模板.dotx", True))}), [("external-link", "")]),
    ("a.docx", docx(extra={"word/header1.xml": f'<w:hdr xmlns:w="{W}">{paragraph(run("内部资料　注意保存"))}</w:hdr>'}), [("internal-mark", "页眉")]),
    ("a.docx", docx(extra={"word/footnotes.xml": f'<w:footnotes xmlns:w="{W}"><w:footnote>{paragraph(run("联系张某13800001234"))}</w:footnote></w:footnotes>'}), [("mobile", "脚注")]),
    ("a.xlsx", xlsx(), []),
    ("a.xlsx", xlsx({"名单": PEOPLE}), [("id-number", "工作表“名单” › B2")]),
    ("a.xlsx", xlsx({"汇总": rig.PLAIN, "底表": rig.PLAIN}, states={"底表": "hidden"}), [("hidden-sheet", "工作表“底表”（隐藏）")]),
    ("a.xlsx", xlsx({"汇总": rig.PLAIN, "底表": rig.PLAIN}, states={"底表": "veryHidden"}), [("hidden-sheet", "工作表“底表”（隐藏）")]),
    ("a.xlsx", xlsx({"汇总": sheet(f'<row r="1">{cell("A1", "甲")}</row><row r="5" hidden="1">{cell("A5", "乙")}</row>')}), [("hidden-rows", "工作表“汇总”")]),
    ("a.xlsx", xlsx({"汇总": sheet(f'<row r="1">{cell("A1", "甲")}</row><row r="5" hidden="1"/>')}), []),
    ("a.xlsx", xlsx({"汇总": sheet(f'<row r="1">{cell("A1", "甲")}{cell("D1", "乙")}</row>', '<cols><col min="3" max="5" hidden="1"/></cols>')}), [("hidden-columns", "工作表“汇总”")]),
    ("a.xlsx", xlsx(names='<definedName name="旧表" hidden="1">汇总!$A$1</definedName>'), [("defined-name", "")]),
    ("a.xlsx", xlsx(names='<definedName name="_xlnm._FilterDatabase" hidden="1">汇总!$A$1</definedName>'), []),
    ("a.xlsx", xlsx(extra={"xl/externalLinks/externalLink1.xml": "<x/>"}), [("external-link", "")]),
    ("a.xlsx", xlsx(extra={"xl/pivotCache/pivotCacheRecords1.xml": "<x/>"}), [("pivot-cache", "")]),
    ("a.xlsx", xlsx(extra={"docProps/core.xml": properties("王小明")}), [("properties", "文档属性")]),
    ("a.xlsx", xlsx(extra={"xl/worksheets/_rels/sheet1.xml.rels": relations(("r1", "../comments1.xml", False)),
                           "xl/comments1.xml": f'<comments xmlns="{rig.S}"><commentList><comment ref="B2"><text><t>再核一下</t></text></comment></commentList></comments>'}),
     [("comment", "工作表“汇总” › B2")]),
    ("a.pptx", pptx(), []),
    ("a.pptx", pptx(slide("一"), slide("二", show="0")), [("hidden-slide", "第2张幻灯片（隐藏）")]),
    ("a.pptx", pptx(slide("联系张某13800001234")), [("mobile", "第1张幻灯片")]),
    ("a.pptx", pptx(extra={"ppt/slides/_rels/slide1.xml.rels": relations(("r1", "../notesSlides/notesSlide1.xml", False)), "ppt/notesSlides/notesSlide1.xml": NOTES}),
     [("notes", "第1张幻灯片")]),
    ("a.pptx", pptx(extra={"ppt/slides/_rels/slide1.xml.rels": relations(("r1", "../comments/comment1.xml", False)),
                           "ppt/comments/comment1.xml": f'<p:cmLst xmlns:p="{rig.P}"><p:cm><p:text>再核一下</p:text></p:cm></p:cmLst>'}), [("comment", "第1张幻灯片")]),
    ("a.pdf", pdf(), []),
    ("a.pdf", pdf(f"BT /F1 12 Tf 72 700 Td ({SECRET}) Tj ET"), [("id-number", "第1页")]),
    ("a.pdf", pdf("BT /F1 12 Tf 72 700 Td (under) Tj ET 0 g 70 695 150 20 re f BT /F1 12 Tf 72 600 Td (shown) Tj ET"), [("text-under-box", "第1页")]),
    ("a.pdf", pdf("0.9 g 70 695 150 20 re f 0 g BT /F1 12 Tf 72 700 Td (on top) Tj ET"), []),
    ("a.pdf", pdf("BT /F1 12 Tf 72 700 Td (marked) Tj ET 1 1 0 rg 70 695 150 20 re f"), []),
    ("a.pdf", pdf(page="/Annots [<< /Type /Annot /Subtype /Redact /Rect [60 690 300 720] >>]"), [("text-under-box", "第1页")]),
    ("a.pdf", pdf(page=f"/Annots [{NOTE} {LINK}]"), [("annotation", "第1页")]),
    ("a.pdf", pdf(page="/Annots [<< /Subtype /FileAttachment /Rect [0 0 1 1] >>]"), [("pdf-attachment", "第1页")]),
    ("a.pdf", pdf(catalog="/Names << /EmbeddedFiles << /Names [(x.xlsx) 7 0 R] >> >>", objects=("<< /Type /Filespec >>",)), [("pdf-attachment", "")]),
    ("a.pdf", pdf(catalog="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"), [("script", "")]),
    ("a.pdf", pdf(info="/Author (Wang Xiaoming) /Producer (Word)"), [("properties", "文档属性")]),
    ("a.pdf", pdf("0 g 10 10 100 100 re f"), [("unreadable", "")]),
    ("a.jpg", photograph(), [("exif", "")]),
    ("a.png", photograph("PNG"), [("exif", "")]),
    ("a.webp", photograph("WEBP"), [("exif", "")]),
    ("a.jpg", photograph(place=False, turned=6), []),
    ("a.txt", f"身份证号：{SECRET}".encode("gb18030"), [("id-number", "")]),
    ("a.txt", f"身份证号：{SECRET}".encode("utf-16"), [("id-number", "")]),
    ("a.csv", f"\ufeff姓名,身份证号\n张某,{SECRET}\n".encode(), [("id-number", "B2")]),
    ("关于经费的请示.docx", docx(), [("process-document", "文件名")]),
    (f"{SECRET}张某.docx", docx(), [("id-number", "文件名")]),
])
def test_each_thing_is_found_by_its_own_rule(name, data, expected):
    assert told(name, data) == expected


@pytest.mark.parametrize("raw", ["430104199001010007", "4.3010419900101E+17", "4.30104199001010000E17", "430104199001010000"])
def test_excel_numbers_are_read_at_their_full_value(raw):
    """Excel shows 4.30104E+17, and what it keeps is enough to know whose it is."""
    rows = f'<row r="1">{cell("A1", "姓名")}{cell("B1", "证件")}</row><row r="2">{cell("A2", "张某")}<c r="B2"><v>{raw}</v></c></row>'
    assert [one[0] for one in told("a.xlsx", xlsx({"名单": sheet(rows)}))] == ["id-number"]


def test_excel_days_are_read_as_days():
    styles = f'<styleSheet xmlns="{rig.S}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    rows = f'<row r="1">{cell("A1", "姓名")}{cell("B1", "出生日期")}</row><row r="2">{cell("A2", "张某")}<c r="B2" s="1"><v>32874</v></c></row>'
    assert [(one.rule, one.excerpt) for one in found("a.xlsx", xlsx({"名单": sheet(rows)}, extra={"xl/styles.xml": styles}))] == [("birth-date", "姓名 出生日期 张某 1990年**月**日")]


def test_a_list_of_ten_thousand_people_is_one_finding_with_a_few_places():
    rows = "".join(f'<row r="{n}">{cell(f"A{n}", "张某")}{cell(f"B{n}", SECRET)}</row>' for n in range(2, 2_000))
    one, = found("名单.xlsx", xlsx({"名单": sheet(f'<row r="1">{cell("A1", "姓名")}{cell("B1", "身份证号")}</row>' + rows)}))
    assert one.place == "附件“名单.xlsx” › 工作表“名单” › B2、B3、B4、B5、B6等1998处"
    assert one.masked is None
    assert "原文件" in one.advice


def test_what_is_hidden_is_told_without_its_secrets():
    one, = found("a.docx", docx(extra={"word/comments.xml": COMMENTS}))
    assert one.excerpt == f"李某：这里与{MASKED}不符"


def test_another_file_of_the_same_name_asks_anew():
    """A reason given for one hidden sheet is none for another."""
    first, second = (xlsx({"汇总": rig.PLAIN, "底表": content}, states={"底表": "hidden"}) for content in (rig.PLAIN, sheet(f'<row r="1">{cell("A1", "别的")}</row>')))
    assert found("a.xlsx", first)[0].key != found("a.xlsx", second)[0].key
    assert found("a.xlsx", first)[0].key == found("a.xlsx", first)[0].key


# what cannot be looked into


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'


def _lying() -> bytes:
    """A member whose directory entry claims ten bytes."""
    data = bytearray(packed({"word/document.xml": b"0" * 2**20}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


def _locked() -> bytes:
    data = bytearray(docx())
    for start in (b"PK\x01\x02", b"PK\x03\x04"):
        at = -1
        while (at := data.find(start, at + 1)) >= 0:
            data[at + (8 if start == b"PK\x01\x02" else 6)] |= 1
    return bytes(data)


def _nested(depth: int) -> bytes:
    data = b"x"
    for _ in range(depth):
        data = packed({"a.zip": data})
    return data


@pytest.mark.parametrize(("name", "data", "rule", "words"), [
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unreadable", "旧格式"),
    ("a.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unreadable", "旧格式"),
    ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "encrypted", "加密"),
    ("a.docx", _locked(), "encrypted", "加密"),
    ("a.rar", b"Rar!\x1a\x07\x00", "unreadable", "RAR"),
    ("a.ofd", packed({"OFD.xml": "<x/>"}), "unreadable", "OFD"),
    ("a.mp4", b"\0\0\0\x18ftypmp42", "unreadable", "视频"),
    ("a.docx", b"PK\x03\x04 cut off", "malformed", "损坏"),
    ("a.docx", packed({"word/document.xml": "<not closed"}), "malformed", "XML"),
    ("a.xlsx", xlsx({"名单": "<nonsense/>"})[:-30], "malformed", "损坏"),
    ("a.docx", packed({"word/document.xml": ENTITIES}), "bomb", "实体"),
    ("a.docx", packed({"word/document.xml": ENTITIES.encode("utf-16")}), "bomb", "实体"),
    ("a.docx", packed({"word/document.xml": bytes(20 * 2**20)}), "bomb", "20MB"),
    ("a.docx", _lying(), "malformed", "损坏"),
    ("a.zip", packed({f"{n}.txt": "x" for n in range(400)}), "bomb", "400"),
    ("a.zip", _nested(4), "bomb", "套了3层"),
    ("a.pdf", b"%PDF-1.7\ngarbage", "malformed", "损坏"),
    ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "malformed", "不完整"),
    ("a.pdf", docx(), "wrong-type", "Word文档"),
    ("a.xlsx", b"just words", "wrong-type", "文本"),
    ("a.bin", b"\0\1\2\3", "unreadable", "不认识"),
])
def test_what_cannot_be_looked_into_says_why_and_what_to_do(name, data, rule, words):
    first = found(name, data)[0]
    assert first.rule == rule
    assert words in first.excerpt
    assert first.advice.endswith("。")
    assert first.severity is Severity.BLOCK


@pytest.mark.parametrize("layers", [1, 2])
def test_a_stream_that_grows_without_end_is_not_inflated(layers, monkeypatch):
    """Streams within streams are how a PDF of a few kilobytes becomes one of gigabytes."""
    monkeypatch.setattr("content.readers.pdf.INFLATED", 2**20)
    stream = bytes(2**21)
    for _ in range(layers):
        stream = zlib.compress(stream, 9)
    data = pdf().replace(b"%%EOF", b"") + b"9 0 obj << /Filter /FlateDecode >>\nstream\n" + stream + b"\nendstream endobj %%EOF"
    assert told("a.pdf", data) == [("bomb", "")]


def test_an_archive_is_looked_into_member_by_member():
    data = packed({"名单.csv": f"姓名,身份证号\n张某,{SECRET}\n", "b.docx": docx(extra={"docProps/core.xml": properties("王小明")}), "c.rar": b"Rar!\x1a\x07\x00"})
    assert told("a.zip", data) == [("id-number", "压缩包内“名单.csv” › B2"), ("properties", "压缩包内“b.docx” › 文档属性"), ("unreadable", "压缩包内“c.rar”")]


def test_names_that_windows_wrote_are_read():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("XXXX.rar", b"Rar!\x1a\x07\x00")
    data = out.getvalue().replace(b"XXXX", "名单".encode("gbk"))
    assert told("a.zip", data) == [("unreadable", "压缩包内“名单.rar”")]


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=300), kind=st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"RIFF0000WEBP"]),
       name=st.sampled_from(["a.docx", "a.xlsx", "a.pdf", "a.png", "a.jpg", "a.csv", "a.zip", "a"]))
def test_no_bytes_make_it_raise(data, kind, name):
    for one in found(name, kind + data):
        assert one.label
        assert one.advice


@settings(max_examples=40, deadline=None)
@given(which=st.sampled_from(["docx", "xlsx", "pptx", "pdf", "jpg", "png", "webp"]), at=st.floats(0, 1), with_=st.binary(min_size=1, max_size=4))
def test_no_damage_makes_it_raise(which, at, with_):
    whole = {"docx": docx(TABLE), "xlsx": xlsx({"名单": PEOPLE}), "pptx": pptx(), "pdf": pdf(info="/Author (x)"), "jpg": photograph(), "png": photograph("PNG"),
             "webp": photograph("WEBP")}[which]
    place = int(at * (len(whole) - 1))
    found(f"a.{which}", whole[:place] + with_ + whole[place + len(with_) :])
    clean(f"a.{which}", whole[:place])


# cleaning


@pytest.mark.parametrize(("name", "data"), [
    ("a.docx", docx(TABLE, extra={"docProps/core.xml": properties("王小明")})),
    ("a.xlsx", xlsx({"名单": PEOPLE}, extra={"docProps/core.xml": properties("王小明"), "docProps/custom.xml": '<Properties><property name="来源"><x>王</x></property></Properties>'})),
    ("a.pdf", pdf(info="/Author (Wang \\(Xiao\\)ming)")),
    ("a.pdf", pdf(info="/Author <FEFF738B5C0F660E>")),
    ("a.jpg", photograph(turned=6)), ("a.png", photograph("PNG", turned=6)), ("a.webp", photograph("WEBP", turned=6)),
])
def test_cleaning_takes_out_the_names_and_leaves_the_rest(name, data):
    cleaned = clean(name, data)
    assert cleaned.removed
    before, after = read_file(name, data), read_file(name, cleaned.data)
    assert after.fragments == before.fragments
    assert after.hidden == tuple(one for one in before.hidden if not one.clean)
    assert after.faults == before.faults
    assert clean(name, cleaned.data).data == cleaned.data
    assert clean(name, data).data == cleaned.data, "the same bytes every time"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_cleaned_picture_is_the_same_picture_the_same_way_up(kind):
    data = photograph(kind, turned=6)
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(clean(f"a.{kind.lower().replace('jpeg', 'jpg')}", data).data))
    assert after.tobytes() == before.tobytes()
    assert dict(after.getexif()) == {ExifTags.Base.Orientation: 6}


def test_what_has_nothing_to_clean_comes_back_as_it_was():
    for name, data in (("a.docx", docx()), ("a.txt", b"x"), ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        assert clean(name, data).data is data


def test_a_signed_file_is_not_touched():
    """Its signature would be worth nothing."""
    signed = docx(extra={"docProps/core.xml": properties("王小明"), "_xmlsignatures/sig1.xml": "<x/>"})
    assert clean("a.docx", signed).data is signed
    assert clean("a.docx", signed).removed == ()


@pytest.mark.parametrize(("colour", "covers"), [(0, True), ((0, 0, 0), True), ((0, 0, 0, 1), True), (None, True), (1, True), ((1, 1, 0), False), (0.8, False), (("P1",), False)])
def test_black_and_white_cover_and_a_markers_yellow_does_not(colour, covers):
    assert _opaque(colour) is covers


# the sample year


def test_the_sample_years_files_pass():
    """What the rehearsal publishes has nothing to hide: its own files, read by every reader."""
    wrong = []
    for line in (EXAMPLES / "items.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        for kind in ("images", "attachments"):
            for file in item[kind]:
                one = File(kind=kind[:-1], name=file["name"], data=(EXAMPLES / file["file"]).read_bytes())
                wrong += [f"{item['index_number']}: {finding.place}: {finding.label}: {finding.excerpt}" for finding in screen_file(one)]
    assert not wrong, "\n".join(wrong)

"""A record is taken whole or refused by field, in English for the command line and in Chinese for staff."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content import records
from content.html import sanitise
from content.items import UNPRINTABLE
from content.records import KNOWN, LABELS, Record, RecordError, read_record
from tests.builders import an_office
from tests.content.papers.rig import drawing, photograph

OFFICE = an_office()
CHANNELS = frozenset({"website", "board", "wechat", "feed"})
TODAY = date(2024, 6, 3)
FILES = {"图/绕行.png": drawing(), "照片.jpg": photograph(), "附件/施工图.pdf": b"%PDF-1.7", "空.pdf": b"", "假.png": b"<svg/>"}
GIVEN: dict[str, Any] = {"title": "关于道路施工的通告", "column": "tongzhi", "made_on": "2024-05-28", "body": "<p>自6月1日起施工。</p>"}


def load(name: str) -> bytes:
    try:
        return FILES[name]
    except KeyError:
        raise FileNotFoundError(f"no such file: {name}") from None


def read(**changes: Any) -> Record:
    record = {**GIVEN, **changes}
    return read_record({name: value for name, value in record.items() if value is not ...}, office=OFFICE, channels=CHANNELS, today=TODAY, load=load)


def test_what_is_left_out_is_drawn_from_column_office_and_body():
    record = read()
    assert record.facts == {
        "title": "关于道路施工的通告", "column": "tongzhi", "made_on": date(2024, 5, 28), "body": "<p>自6月1日起施工。</p>", "summary": "自6月1日起施工。",
        "category": "工作信息", "office": "qingshui", "issuing_body": "云州市清水区清水街道办事处", "keywords": (), "images": (), "attachments": (),
        "index_number": "", "short_title": "", "document_number": "", "source": "", "change_note": "", "metadata": ()}
    assert (record.channels, record.release_at, record.blobs) == (("website", "board"), None, ())


def test_what_is_given_is_kept():
    record = read(title="  通告 ", summary="概述", category="", issuing_body="区住建局", keywords=["道路", " ", " 施工"], channels=["feed"],
                  release_at="2024-06-04T09:00", short_title="短", source="区政府", document_number="云清办发〔2024〕3号", change_note=None)
    facts = record.facts
    assert (facts["title"], facts["summary"], facts["category"], facts["issuing_body"], facts["keywords"], facts["change_note"]) == (
        "通告", "概述", "", "区住建局", ("道路", "施工"), "")
    assert record.channels == ("feed",)
    assert record.release_at == datetime(2024, 6, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert read(release_at="2024-06-04T01:00+00:00").release_at == record.release_at
    assert read(release_at="").release_at is None


def test_the_summary_is_drawn_from_the_body_as_plain_text():
    assert read(body=f"<h2>一</h2><table><tr><td>甲</td><td>乙</td></tr></table><p>{'长' * 200}</p>").facts["summary"] == "一 甲，乙。 " + "长" * 93
    assert read(body="<p onclick=''>二</p>".replace(" onclick=''", " style='x'")).facts["body"] == "<p>二</p>"


def test_files_come_by_name_with_size_and_hash():
    record = read(body='<p><img src="绕行.png" alt=""></p>', images=[{"file": "图/绕行.png", "alt": " 绕行图 "}, {"file": "照片.jpg", "name": "现场.jpg"}],
                  attachments=[{"file": "附件/施工图.pdf", "name": "附件1：施工图.PDF"}])
    images, (attachment,) = record.facts["images"], record.facts["attachments"]
    assert [(one.name, one.alt, one.media_type) for one in images] == [("绕行.png", "绕行图", "image/png"), ("现场.jpg", "", "image/jpeg")]
    assert (attachment.name, attachment.media_type, attachment.size) == ("附件1：施工图.PDF", "application/pdf", 8)
    assert [one.sha256 for one in (*images, attachment)] == [hashlib.sha256(blob).hexdigest() for blob in record.blobs]
    assert read(body='<p><img src="绕行.png"></p>', images=[{"file": "图/绕行.png"}]).facts["summary"] == ""


@pytest.mark.parametrize("sign", ["\u200b", "\ufeff", "\u00ad"])
def test_signs_that_word_leaves_in_words_are_no_reason_to_refuse(sign):
    """A clerk who pastes cannot see them, and they hurt nobody."""
    record = read(title=f"道路{sign}施工", body=f"<p>自6月{sign}1日起。</p>")
    assert record.facts["title"] == f"道路{sign}施工"


def test_what_nobody_sees_counts_as_left_out():
    record = read(summary="\u200b", source="\ufeff ", keywords=["道路", "\u200b"], images=[{"file": "图/绕行.png", "alt": "\u200b"}])
    assert (record.facts["summary"], record.facts["source"], record.facts["keywords"]) == ("自6月1日起施工。", "", ("道路",))
    assert record.facts["images"][0].alt == ""


@pytest.mark.parametrize(("written", "hour"), [("2024-06-04", 0), ("2024-06-04 09:00", 9), ("2024-06-04T09:00:30", 9), ("2024-06-04T01:00Z", 9),
                                               ("2024-06-04T09:00:00.000001+08:00", 9)])
def test_an_instant_is_a_day_with_or_without_a_time(written, hour):
    at = read(release_at=written).release_at
    assert at is not None
    assert at.astimezone(OFFICE.tz).replace(minute=0, second=0, microsecond=0) == datetime(2024, 6, 4, hour, tzinfo=OFFICE.tz)


REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    ({"titel": "一"}, "titel", "is no field of an item; known are attachments", "不是信息的字段"),
    *(({name: blank}, name, "is missing", "没有填写") for name in ("title", "body", "column", "made_on") for blank in (..., "", " \u3000", None)),
    ({"title": 3}, "title", "should be text, not int", "应当是文字"), ({"source": ["一"]}, "source", "should be text, not list", "应当是文字"),
    ({"title": "一\u200b\x07"}, "title", "holds the control character U\\+0007 at position 3", "第 3 个字符是看不见的控制字符"),
    ({"keywords": ["一", "二\ud800"]}, "keywords", "control character U\\+D800", "控制字符"),
    ({"images": [{"file": "图/绕行.png", "alt": "\x00"}]}, "images", "control character U\\+0000", "控制字符"),
    *(({name: f"一{sign}二"}, name, f"holds the control character U\\+{ord(sign):04X} at position 2", f"第 2 个字符是看不见的控制字符（U+{ord(sign):04X}）")
      for name in ("title", "summary", "body", "source") for sign in "\x80\x85\x9f\u202a\u202e\u2066\u2069"),
    ({"body": "<p>一&#8238;二</p>"}, "body", "control character U\\+202E", "控制字符（U+202E）"),
    *(({name: unseen}, name, "is missing", "没有填写") for name in ("title", "body") for unseen in ("\u200b\u200b", " \ufeff\u00ad", "\u3164", "\u2800\ufe0f")),
    ({"body": "<p>\u200b</p>"}, "body", "has no text", "没有文字"), ({"body": "<p>&#8203;&shy;</p>"}, "body", "has no text", "没有文字"),
    ({"attachments": [{"file": "附件/施工图.pdf", "name": "\u200b"}]}, "attachments", "is no proper name", "不能作文件名"),
    *(({"made_on": day}, "made_on", "is no date; write it as 2017-03-01", "请写成 2017-03-01 的样子")
      for day in ("20240530", "2024-W22-4", "2024-05-3", "２０２４-05-28", "2024-05-28T09:00", " 2024-05-28")),
    *(({"release_at": at}, "release_at", "is no instant; write it as 2017-03-01T09:00", "请写成 2017-03-01 09:00 的样子")
      for at in ("2024-W22-4", "20240604", "20240604T090000", "2024-06-04T09", "2024-06-04x09:00", "2024-06-04T0900")),
    ({"title": "一" * 201}, "title", "has 201 characters; 200 are allowed", "有 201 个字符，最多 200 个"),
    ({"title": "一\n二"}, "title", "a title is one line", "标题只能是一行"), ({"title": "一\t二"}, "title", "a title is one line", "标题只能是一行"),
    ({"summary": "一" * 501}, "summary", "has 501 characters; 500", "最多 500 个"), ({"body": "一" * 200_001}, "body", "200,000 are allowed", "最多 200,000 个"),
    ({"body": "<p>一</p><script>x</script><p onclick=x>"}, "body", "holds <script>, <p onclick=…>; a text may hold no program", "（<script>, <p onclick=…>）"),
    ({"body": "<p> </p><hr>"}, "body", "has no text", "没有文字"), ({"body": "<style>一</style>"}, "body", "has no text", "没有文字"),
    ({"body": '<p><img src="无.png"></p>'}, "body", "shows the picture '无.png', which is not among its images", "图片“无.png”没有上传"),
    ({"column": "buzai"}, "column", "there is no column 'buzai'; the office has tongzhi", "可选 通知公告、工作动态、机构职能"),
    ({"category": "别的"}, "category", "there is no category '别的'; named are 机构职能类", "可选 机构职能类、工作信息，也可以留空"),
    ({"made_on": "2024年5月28日"}, "made_on", "is no date; write it as 2017-03-01", "请写成 2017-03-01 的样子"),
    ({"made_on": 20240528}, "made_on", "is no date", "不是日期"), ({"made_on": "2024-02-30"}, "made_on", "is no date", "不是日期"),
    ({"made_on": "2024-06-04"}, "made_on", "lies in the future; today is 2024-06-03", "2024-06-04 还没有到，今天是 2024-06-03"),
    ({"made_on": "1948-12-31"}, "made_on", "lies before 1949", "早于 1949 年"),
    ({"release_at": "明天"}, "release_at", "'明天' is no instant", "请写成 2017-03-01 09:00 的样子"), ({"release_at": 3}, "release_at", "is no instant", "不是时间"),
    ({"keywords": "道路"}, "keywords", "should be a list of texts", "若干个词"), ({"channels": [1]}, "channels", "should be a list of texts", "若干个词"),
    ({"channels": ["fax"]}, "channels", "there is no channel 'fax'; the office has board, feed", "没有“fax”这个渠道，可选 board、feed"),
    ({"images": "图.png"}, "images", "should be a list of", "一组文件"), ({"images": [{"name": "图"}]}, "images", "should be a list of", "一组文件"),
    ({"images": [{"file": "假.png"}]}, "images", "假.png is no PNG, JPEG, GIF or WebP picture", "“假.png”不是 PNG"),
    ({"images": [{"file": "无.png"}]}, "images", "无.png cannot be read: no such file", "读不到文件“无.png”"),
    ({"images": [{"file": "照片.jpg"}, {"file": "照片.jpg"}]}, "images", "or stands there twice", "或者出现了两次"),
    ({"attachments": [{"file": "照片.jpg", "name": "../照片.jpg"}]}, "attachments", "is no proper name", "不能作文件名"),
    ({"attachments": [{"file": "照片.jpg", "name": "一\\二.jpg"}]}, "attachments", "is no proper name", "不能作文件名"),
    ({"attachments": [{"file": "照片.jpg", "name": "安装.exe"}]}, "attachments", "files of this kind are not published; allowed are .csv", "可用 .csv"),
    ({"attachments": [{"file": "附件/施工图.pdf", "name": "表.xlsx"}]}, "attachments", r"bytes are not those of a proper \.xlsx file \(mismatch\)", "内容却是PDF 文件"),
    ({"attachments": [{"file": "空.pdf"}]}, "attachments", "has 0 bytes; between 1 and 52,428,800", "“空.pdf”是空文件"),
]


@pytest.mark.parametrize(("changes", "field", "problem", "chinese"), REFUSED, ids=lambda value: None)
def test_refuses_by_field_in_both_languages(changes, field, problem, chinese):
    with pytest.raises(RecordError, match=problem) as caught:
        read(**changes)
    assert caught.value.field == field
    assert str(caught.value) == f"{field}: {caught.value.problem}"
    assert chinese in caught.value.in_chinese
    assert caught.value.in_chinese.startswith(f"{LABELS.get(field, field)}：")
    assert not UNPRINTABLE.search(caught.value.in_chinese)


def test_the_first_missing_field_is_named_when_all_are():
    with pytest.raises(RecordError, match="title: is missing"):
        read_record({}, office=OFFICE, channels=CHANNELS, today=TODAY, load=load)


def test_an_item_that_goes_nowhere_is_refused():
    office = an_office(columns=(replace(OFFICE.columns[2], channels=()),))
    with pytest.raises(RecordError, match="none is named, and the column proposes none") as caught:
        read_record({**GIVEN, "column": "jigou"}, office=office, channels=CHANNELS, today=TODAY, load=load)
    assert caught.value.in_chinese == "公开渠道：没有选择，栏目也没有默认的渠道，请至少选一个。"


def test_a_file_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(records, "FILE_LIMIT", 7)
    with pytest.raises(RecordError, match=r"施工图\.pdf has 8 bytes; between 1 and 7 are allowed"):
        read(attachments=[{"file": "附件/施工图.pdf"}])


def test_a_body_whose_tags_never_rest_is_a_complaint_of_the_body(monkeypatch):
    def restless(body: str) -> str:
        raise ValueError("the tags of the body do not rest")

    monkeypatch.setattr(records, "sanitise", restless)
    with pytest.raises(RecordError, match="body: the tags of the body do not rest") as caught:
        read()
    assert caught.value.in_chinese == "正文：格式标记混乱，无法整理。请以纯文本粘贴后重新排版。"


def test_an_edition_is_made_of_it_and_what_no_channel_carries_is_refused():
    edition = read().edition(index_number="006123456/2024-00017", number=2, link="https://例.cn/一")
    assert (edition.index_number, edition.number, edition.title) == ("006123456/2024-00017", 2, "关于道路施工的通告")
    with pytest.raises(RecordError, match="index_number: is missing") as caught:
        read().edition(index_number=" ", number=1, link="")
    assert caught.value.in_chinese.startswith("索引号：")


def test_further_facts_of_the_catalogue_stand_beside_the_others():
    record = read(validity=" 有效 ", valid_until="2026-12-31", responsible_unit="综合办", genre="", carrier=None)
    assert record.facts["metadata"] == (("responsible_unit", "综合办"), ("valid_until", "2026-12-31"), ("validity", "有效"))
    assert record.edition(index_number="006123456/2024-00017", number=1, link="").metadata == record.facts["metadata"]


@pytest.mark.parametrize(("changes", "english", "chinese"), [
    ({"validity": "是"}, "validity: '是' is none of 有效, 失效, 废止", "有效性：“是”不在可选范围，可选 有效、失效、废止。"),
    ({"valid_until": "长期"}, "valid_until: '长期' is no date", "有效期至：“长期”不是日期，请写成 2017-03-01 的样子。"),
    ({"valid_until": "2024-05-27"}, "valid_until: 2024-05-27 lies before made_on", "有效期至：2024-05-27 早于成文日期 2024-05-28，请核对。"),
    ({"genre": "文" * 41}, "genre: has 41 characters; 40 are allowed", "体裁分类：有 41 个字符，最多 40 个。"),
    ({"genre": ["通知"]}, "genre: should be text, not list", "体裁分类：应当是文字。")])
def test_one_that_its_field_does_not_take_is_refused_by_name(changes, english, chinese):
    with pytest.raises(RecordError, match=english) as caught:
        read(**changes)
    assert caught.value.in_chinese == chinese


def test_every_field_has_a_name_for_staff():
    assert set(LABELS) == KNOWN


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.lists(st.text(max_size=5) | st.integers(), max_size=3) | st.dictionaries(
    st.sampled_from(["file", "name", "alt"]), st.sampled_from([*FILES, "", "x", 3]), max_size=3)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(sorted(KNOWN)), VALUES | st.lists(VALUES, max_size=2), max_size=6), st.booleans())
def test_whatever_json_says_there_is_a_record_or_a_reason(changes, whole):
    try:
        record = read(**(changes if whole else {**changes, "title": "一", "column": "tongzhi", "made_on": "2024-05-28"}))
    except RecordError as error:
        assert error.field in KNOWN  # noqa: PT017
        json.dumps(error.in_chinese)
        return
    assert sanitise(record.facts["body"]) == record.facts["body"]
    assert record.edition(index_number="006123456/2024-00017", number=1, link="").title == record.facts["title"]

"""Official documents by their form."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.papers.letter import Line, attachments_named, document_number, head, heading_level, made_on, read_date
from content.papers.numbering import chinese, written


@pytest.mark.parametrize(("line", "number"), [
    ("云政办发〔2024〕3号", "云政办发〔2024〕3号"), ("云政办发[2024]3号", "云政办发〔2024〕3号"), (" 云清办发（2024）12 号 ", "云清办发〔2024〕12号"),
    ("云清通【2024】第3号", "云清通〔2024〕第3号"), ("2024年第3号", "2024年第3号"), ("第 12 号", "第12号"), ("根据云政办发〔2024〕3号文件精神", ""),
    ("云政办发〔24〕3号", ""), ("清水路3号", ""), ("", ""),
])
def test_a_document_number_stands_alone_on_its_line(line, number):
    assert document_number(line) == number


@pytest.mark.parametrize(("line", "day"), [
    ("2024年5月28日", date(2024, 5, 28)), ("2024 年 5 月 28 日", date(2024, 5, 28)), ("（2024年5月28日）", date(2024, 5, 28)),
    ("二〇二四年五月二十八日", date(2024, 5, 28)), ("二○一九年十月十日", date(2019, 10, 10)), ("二０二四年十二月三十一日", date(2024, 12, 31)),
    ("2024年2月30日", None), ("2024年5月", None), ("自2024年5月28日起", None), ("", None),
])
def test_a_date_stands_alone_on_its_line(line, day):
    assert read_date(line) == day


def test_the_date_is_the_last_above_what_is_appended():
    assert made_on(["一", "2023年1月1日", "二", "2024年5月28日", "附件1", "2022年1月1日"]) == date(2024, 5, 28)
    assert made_on(["附件", "通告", "2024年5月28日"]) == date(2024, 5, 28)
    assert made_on(["一"]) is None


@pytest.mark.parametrize(("lines", "names"), [
    (["附件：施工图.pdf", "2. 别的"], ("施工图.pdf",)), (["文", "附件：1．施工图", "2．改线表；", "清水街道办事处"], ("施工图", "改线表")),
    (["附件：", "1、甲", "2、乙"], ("甲", "乙")), (["附件:", "清水街道"], ()), (["见附件"], ()), ([], ()),
])
def test_the_attachments_that_ought_to_come_along(lines, names):
    assert attachments_named(lines) == names


@pytest.mark.parametrize(("line", "level"), [
    ("一、总则", 2), ("十二、附则", 2), ("（三）期限", 3), ("(一) 范围", 3), ("一、", 0), ("一、自6月1日起施工。", 0), ("一、甲；", 0), ("第一章", 0), ("1. 甲", 0),
    ("一、" + "长" * 40, 0), ("一、甲。乙", 0),
])
def test_headings_by_their_form(line, level):
    assert heading_level(line) == level


def test_a_title_of_several_lines_is_joined_and_what_stands_under_it_is_not():
    found = head([Line(text="关于清水路", centred=True), Line(text="施工的通告", centred=True), Line(text="（草案）修改稿", centred=True),
                  Line(text="文"), Line(text="居中的文", centred=True)])
    assert found.title == "关于清水路施工的通告（草案）修改稿"
    assert found.lines == {0, 1, 2}
    assert head([]).title == ""


def test_a_letterhead_without_title_takes_no_text_for_one():
    found = head([Line(text="清水街道办事处文件", centred=True), Line(text="云清办发〔2024〕3号", centred=True), Line(text="自6月1日起施工。"), Line(text="文。")])
    assert (found.letterhead, found.document_number, found.title) == ("清水街道办事处文件", "云清办发〔2024〕3号", "")


@given(st.lists(st.builds(Line, text=st.text(alphabet="关于（）2024年月日〔〕号文件 。", max_size=30), centred=st.booleans(), title=st.booleans()), max_size=20))
def test_whatever_the_lines_the_head_is_among_them(lines):
    found = head(lines)
    assert all(0 <= at < len(lines) for at in found.lines)
    assert len(found.title) <= 200


@pytest.mark.parametrize(("value", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100"), (0, "0")])
def test_chinese_numbers(value, words):
    assert chinese(value) == words
    assert written("chineseCounting", value) == words


@pytest.mark.parametrize(("form", "value", "label"), [
    ("decimal", 7, "7"), ("decimalEnclosedCircle", 20, "⑳"), ("decimalEnclosedCircle", 21, "21"), ("upperRoman", 4, "IV"), ("lowerRoman", 13, "13"),
    ("lowerLetter", 26, "z"), ("upperLetter", 27, "27"), ("none", 3, ""), ("hebrew1", 3, "3"), ("decimalFullWidth", 12, "１２"),
])
def test_numbers_in_words_forms(form, value, label):
    assert written(form, value) == label

"""What is kept of a text so that it is found, and what a search asks for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.search import Gram, asked, facet, grams, holds, months, plain, told_by_grams

TEXT = st.text(st.sampled_from("清水路施工通告，。 2024aBc\n〔〕号"), max_size=40)


def found(text: str, words: str) -> bool:
    """Whether a search for these words finds this text."""
    kept = grams(text)
    every = all(any(one.startswith(gram.text) if gram.open_end else one == gram.text for one in kept) for gram in asked(words))
    return every and holds(text, words)


def test_of_chinese_every_pair_is_kept_and_of_numbers_the_whole():
    assert grams("清水路2024年") == ["清水", "水路", "路", "2024", "年"]
    assert grams("ＡＢＣ　Ｗｅｃｈａｔ") == ["abc", "wechat"]


@pytest.mark.parametrize("words", ["清水", "水", "清水路", "2024", "202", "2024-00017", "00017", "市政发〔2024〕3号", "市政发[2024]3号", "WeChat",
                                   "清水 通告", "通告"])
def test_what_a_person_types_is_found(words):
    assert found("关于清水路施工的通告\n006123456/2024-00017\n市政发〔2024〕3号 wechat", words)


@pytest.mark.parametrize("words", ["清路", "水清", "施工清水", "2025", "0017", "通告 会议"])
def test_what_is_not_there_is_not_found(words):
    assert not found("关于清水路施工的通告\n006123456/2024-00017", words)


@given(text=TEXT, start=st.integers(0, 39), length=st.integers(1, 12))
def test_every_part_of_a_text_that_ends_where_a_word_may_is_found(text, start, length):
    """Of Chinese any part; of a number or a Latin word its beginning from three characters on, or the whole."""
    part = text[start : start + length]
    if all("\u4e00" <= one <= "\u9fff" for one in part):
        assert found(text, part)


@given(text=TEXT, words=TEXT)
def test_where_grams_tell_holding_them_is_holding_the_words(text, words):
    if told_by_grams(words) and found(text, "") and all(
            any(one.startswith(gram.text) if gram.open_end else one == gram.text for one in grams(text)) for gram in asked(words)):
        assert holds(text, words)


def test_a_body_is_searched_without_its_markup():
    body = '<p>通<b>告</b>如下</p><p>附件<a href="https://a.example/?x=1>2" rel="noopener">名单</a>&amp;表</p><img src="a" alt="x > y">'
    assert "通告如下" in plain(body)
    assert "href" not in plain(body)
    assert "如下附件" not in plain(body)
    assert "名单&表" in plain(body)


def test_one_character_is_asked_for_only_where_nothing_narrower_is():
    assert asked("水") == [Gram("水", open_end=True)]
    assert asked("2024年") == [Gram("2024", open_end=True)]
    assert asked("！？") == []


@given(first=st.dates(date(2010, 1, 1), date(2030, 12, 31)), days=st.integers(0, 4000), shift=st.integers(-50, 4050))
def test_a_span_of_days_has_the_month_or_year_of_each_of_its_days(first, days, shift):
    last = first + timedelta(days=days)
    spans, day = months(first, last), first + timedelta(days=shift)
    if first <= day <= last:
        assert {f"{day.year}", f"{day:%Y-%m}"} & set(spans)
    assert len(spans) == len(set(spans)) <= 22 + days // 365 + 1


def test_an_open_span_reaches_as_far_as_any_document():
    assert months(None, None) == months(date(2024, 2, 1), date(2024, 1, 1)) == []
    assert months(date(2097, 11, 3), None) == ["2097-11", "2097-12", "2098", "2099"]
    assert months(None, date(1951, 1, 1)) == ["1949-10", "1949-11", "1949-12", "1950", "1951-01"]


def test_a_fact_is_a_word_that_no_text_holds_by_chance():
    assert facet("c", "tongzhi") == facet("c", "tongzhi") != facet("d", "tongzhi")
    assert facet("d", "陈 文书").isalnum()

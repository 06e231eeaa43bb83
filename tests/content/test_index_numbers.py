"""索引号: composed, read back, and turned into addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.index_numbers import Composition, IndexNumberError, address, file_address, mentions, slug

CODES = st.sampled_from(["006123456", "114301007121234567", "11430100MB0X00000N", "湘A01", "XK-9", "7"])
PATTERNS = st.sampled_from(["{code}/{year}-{serial:05d}", "{code}{year}{serial:04d}", "{serial}{year}{code}", "{code}〔{year}〕{serial}号",
                            "{year}.{code}.{serial:09d}", "{code}-{serial:01d}-{year}"])


@given(code=CODES, pattern=PATTERNS, year=st.integers(1949, 9999), serial=st.integers(1, 10**18 - 1))
def test_every_index_number_is_read_back_as_it_was_composed(code, pattern, year, serial):
    composition = Composition(code=code, pattern=pattern)
    assert composition.parse(composition.compose(year, serial)) == (year, serial)


@given(code=CODES, pattern=PATTERNS, first=st.tuples(st.integers(1949, 2100), st.integers(1, 99999)),
       second=st.tuples(st.integers(1949, 2100), st.integers(1, 99999)))
def test_two_items_never_share_an_index_number_or_an_address(code, pattern, first, second):
    composition = Composition(code=code, pattern=pattern)
    numbers = {composition.compose(*first), composition.compose(*second)}
    assert len(numbers) == len({address(number) for number in numbers}) == len({first, second})


@given(code=CODES, pattern=PATTERNS, year=st.integers(1949, 9999), serial=st.integers(1, 99999), other=st.integers(1, 99999),
       before=st.sampled_from(["", "通告\n", "<p>", "（"]), after=st.sampled_from(["", " https://a.cn/1", "</p>", "。", "，", "）"]))
def test_a_text_mentions_the_index_number_that_it_says_and_no_other_of_its_year(code, pattern, year, serial, other, before, after):
    """However the office composes them: serials without zeros before them are one another's beginnings and ends."""
    composition = Composition(code=code, pattern=pattern)
    said = f"{before}{composition.compose(year, serial)}{after}"
    assert mentions(said, composition.compose(year, other)) == (other == serial)


@pytest.mark.parametrize("text", [
    "006123456/2024-0017", "006123456/2024-00000", "006123456/2024-000017", "006123457/2024-00017", "006123456/24-00017", " 006123456/2024-00017",
    "006123456/2024-00017\n", "006123456/1848-00017", "006123456/２０２４-00017", "", "006123456/2024-" + "9" * 5000,
])
def test_refuses_what_is_not_of_the_composition(text):
    with pytest.raises(IndexNumberError):
        Composition(code="006123456").parse(text)


@pytest.mark.parametrize("pattern", [
    "{code}/{year}", "{code}/{year}-{serial}-{serial}", "{code}-{year}-{serial}-{month}", "{code}/{year} {serial}", "{code}#{year}@{serial}",
    "{code:05d}/{year}/{serial}", "{code}/{year:06d}/{serial}", "{code}/{year}-{serial}}", "",
])
def test_refuses_a_composition_that_cannot_hold(pattern):
    with pytest.raises(IndexNumberError):
        Composition(code="006123456", pattern=pattern)


@pytest.mark.parametrize("code", ["", "00 61", "a@b", "50%", "a\\b"])
def test_refuses_a_code_that_no_key_or_address_can_carry(code):
    with pytest.raises(IndexNumberError):
        Composition(code=code)


@pytest.mark.parametrize(("year", "serial"), [(1948, 1), (10000, 1), (2024, 0), (2024, -1), (2024, 10**18)])
def test_refuses_to_compose_what_could_not_be_read_back(year, serial):
    with pytest.raises(IndexNumberError):
        Composition(code="006123456").compose(year, serial)


def test_addresses_are_plain_and_their_folders_stay_small():
    assert slug("000014349/2017-00110") == "000014349-2017-00110"
    assert address("000014349/2017-00110") == "item/000014349-2017-0/000014349-2017-00110"
    assert address("000014349/2017-12345").startswith("item/000014349-2017-12/")
    assert address("AB〔2017〕号") == "item/ab-2/ab-2017"


def test_a_file_stands_beside_its_item_under_its_hash():
    sha = "0123456789ab" + "0" * 52
    assert file_address("000014349/2017-00110", sha, "附件1：表.XLSX") == "item/000014349-2017-0/000014349-2017-00110/0123456789ab.xlsx"
    assert file_address("000014349/2017-00110", sha, "没有后缀").endswith("/0123456789ab")

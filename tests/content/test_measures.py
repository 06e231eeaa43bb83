"""What a figure counts, as a value and as a line: each the other's inverse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.measures import Measure, MeasureError, What

words = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=6)
narrowed = st.builds(Measure, kinds=st.lists(words, min_size=1, max_size=3, unique=True).map(tuple), others=st.booleans(), category=words,
                     column=words, month=st.integers(0, 12), full_text=st.booleans())
whole = st.builds(Measure, what=st.sampled_from(What), month=st.integers(0, 12))


@given(st.one_of(narrowed, whole))
def test_written_and_read_back_it_is_the_same(measure):
    assert Measure.read(str(measure)) == measure


@pytest.mark.parametrize("text", ["", "item", "items kind", "items kind=a kind=b", "items text=half", "items month=13", "items month=May",
                                  "items kind=!", "withdrawn kind=website", "urgent category=工作信息"])
def test_what_no_ledger_can_count_is_refused(text):
    with pytest.raises(MeasureError):
        Measure.read(text)

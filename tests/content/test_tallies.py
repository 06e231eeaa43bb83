"""Groups and their sums: what a measure takes, and that a sum of offices is the sum of its parts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.figures import Reached, count
from content.measures import Measure, MeasureError
from content.tallies import Group, Tally, together

KINDS, CATEGORIES, COLUMNS = ("website", "board", "wechat"), ("工作信息", "未归类"), ("tongzhi", "dongtai")
GROUPS = st.builds(Group, kinds=st.frozensets(st.sampled_from(KINDS), min_size=1), category=st.sampled_from(CATEGORIES),
                   column=st.sampled_from(COLUMNS), month=st.integers(1, 12), full_text=st.booleans())
TALLIES = st.builds(Tally, items=st.dictionaries(GROUPS, st.integers(1, 3), max_size=8), corrections=st.dictionaries(st.integers(1, 12), st.integers(1, 9)))
AS_OF = datetime(2025, 1, 10, tzinfo=UTC)


@given(TALLIES)
def test_a_tally_says_what_counting_item_by_item_says(tally):
    """`content.figures.count` goes through every item and kind; the tally only adds groups."""
    items = [group for group, n in tally.items.items() for _ in range(n)]
    rows = [Reached(index_number=str(serial), kind=kind, category=item.category.replace("未归类", ""), column=item.column, month=item.month)
            for serial, item in enumerate(items) for kind in item.kinds]
    asked: dict[str, Any] = {"office": "qingshui", "year": 2024, "kinds": KINDS, "categories": CATEGORIES[:1], "as_of": AS_OF}
    assert tally.figures(**asked) == count(rows, **asked, corrections=sum(tally.corrections.values()))


@given(TALLIES, TALLIES, st.sampled_from(["items", "items kind=!website", "items kind=board|wechat text=full", "items month=3", "corrections"]))
def test_offices_together_count_what_they_count_apart(one, other, line):
    measure = Measure.read(line)
    assert together([one, other]).count(measure) == one.count(measure) + other.count(measure)


@given(TALLIES)
def test_the_largest_channel_is_no_more_than_the_total_and_the_total_no_more_than_all_channels(tally):
    reached = [tally.count(Measure(kinds=(kind,))) for kind in KINDS]
    assert max(reached) <= tally.count(Measure()) <= sum(reached)
    for kind in KINDS:
        alone = sum(n for group, n in tally.items.items() if group.kinds == {kind})
        assert tally.count(Measure(kinds=(kind,), others=True)) == tally.count(Measure()) - alone


def test_whether_the_text_is_full_is_not_guessed():
    bare = Group(kinds=frozenset({"website"}), category="工作信息", column="tongzhi", month=1)
    with pytest.raises(MeasureError, match="nobody looked"):
        Tally(items={bare: 1}).count(Measure.read("items text=full"))
    assert Tally(items={bare: 1}).count(Measure.read("items")) == 1

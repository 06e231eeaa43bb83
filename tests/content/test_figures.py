"""Figures: distinct items, no contradiction, every row adds up."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from content.figures import UNCATEGORISED, Counting, Figures, FiguresError, Reached, count
from flows.commands import figures as door

AS_OF = datetime(2018, 1, 2, tzinfo=UTC)
ROWS = st.lists(st.builds(
    lambda n, kind: Reached(index_number=f"x/2017-{n}", kind=kind, category=["", "甲", "乙", "旧"][n % 4], column=f"c{n % 3}", month=n % 12 + 1),
    st.integers(1, 40), st.sampled_from(["website", "board", "wechat", "feed"])))


def counted(rows, **changes):
    return count(rows, **{"office": "o", "year": 2017, "kinds": ["website", "board", "wechat"], "categories": ["甲", "乙"], "as_of": AS_OF, **changes})


@given(ROWS)
def test_the_total_lies_between_the_largest_channel_and_their_sum(rows):
    figures = counted(rows)
    assert max(figures.channels.values()) <= figures.distinct_items <= sum(figures.channels.values())
    assert figures.distinct_items == len({row.index_number for row in rows if row.kind != "feed"})
    for parts in (figures.categories, figures.columns, figures.months):
        assert sum(parts.values()) == figures.distinct_items


@given(ROWS)
def test_reaching_a_channel_twice_counts_once_and_order_does_not_matter(rows):
    assert counted(rows) == counted([*reversed(rows), *rows])


def test_categories_stand_in_the_offices_order_then_the_renamed_then_the_rest():
    rows = [Reached(index_number=str(n), kind="website", category=name, column="c", month=1) for n, name in enumerate(["旧", "乙", "", "乙"])]
    assert list(counted(rows).categories.items()) == [("甲", 0), ("乙", 2), ("旧", 1), (UNCATEGORISED, 1)]


def test_a_feed_alone_is_no_disclosure():
    figures = counted([Reached(index_number="1", kind="feed", category="", column="c", month=1)])
    assert (figures.distinct_items, dict(figures.channels)) == (0, {"website": 0, "board": 0, "wechat": 0})


def test_the_three_regimes():
    rows = [Reached(index_number="1", kind=kind, category="", column="c", month=3) for kind in ("website", "board")]
    rows.append(Reached(index_number="2", kind="board", category="甲", column="c", month=3))
    figures = counted(rows, corrections=4, withdrawn=5)
    assert [figures.total(counting) for counting in Counting] == [2, 3, 1]
    assert "total" not in figures.as_json()
    assert figures.as_json(Counting.SUM) == {
        "office": "o", "year": 2017, "counting": "sum", "distinct_items": 2, "total": 3, "channels": {"website": 1, "board": 2, "wechat": 0},
        "categories": {"甲": 1, "乙": 0, UNCATEGORISED: 1}, "columns": {"c": 2}, "months": {"3": 2}, "corrections": 4, "withdrawn": 5,
        "as_of": "2018-01-02T00:00:00+00:00"}


@pytest.mark.parametrize(("facts", "why"), [
    ({"distinct_items": 1}, "do not lie between"), ({"distinct_items": 6}, "do not lie between"), ({"withdrawn": -1}, "below zero"),
    ({"channels": {"website": -1, "board": 4}}, "below zero"), ({"categories": {"甲": 2}}, "add up to 2, not to 3"),
    ({"on_site": 2}, "do not go with"), ({"full_text": 4}, "do not go with")])
def test_refuses_figures_that_cannot_be_true(facts, why):
    sound: dict[str, Any] = {"office": "o", "year": 2017, "distinct_items": 3, "on_site": 3, "channels": {"website": 3, "board": 2}, "categories": {"甲": 3}, "as_of": AS_OF}
    assert Figures(**sound).distinct_items == 3
    with pytest.raises(FiguresError, match=why):
        Figures(**{**sound, **facts})


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["website", "portal", "board"]))))
def test_a_website_is_the_offices_own_or_its_column_on_the_portal_and_an_item_on_both_counts_once(reached):
    """As in the reports: an office whose only site is the upper portal has one."""
    rows = [Reached(index_number=number, kind=kind, category="", column="c", month=1) for number, kind in reached]
    assert counted(rows).total(Counting.WEBSITE) == len({number for number, kind in reached if kind != "board"})


def test_what_others_removed_later_is_a_note_and_changes_no_count():
    rows = [Reached(index_number=str(n), kind="wechat", category="甲", column="c", month=1) for n in range(3)]
    plain, noted = counted(rows), counted(rows, removed={"wechat": 2})
    assert (noted.channels, noted.distinct_items) == (plain.channels, plain.distinct_items)
    assert noted.as_json() == {**plain.as_json(), "removed": {"wechat": 2}}
    assert "removed" not in plain.as_json()
    with pytest.raises(FiguresError, match="more was removed"):
        counted(rows, removed={"wechat": 4})


def test_the_note_stands_in_every_form_of_the_figures():
    """At a terminal below the table, in a sheet as a group of its own."""
    noted = counted([Reached(index_number="1", kind="wechat", category="甲", column="c", month=1)], removed={"wechat": 1})
    assert ("removed", "wechat", 1) in door.rows(noted, Counting.DISTINCT)
    said = io.StringIO()
    door.print_table(noted, Console(file=said, width=200))
    assert "1 of those on wechat were later removed there by others" in said.getvalue()

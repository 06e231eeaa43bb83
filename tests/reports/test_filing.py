"""A report as a file: written and read back it is the same; what is no report is refused with the place in it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.filing import FilingError, read
from reports.forms import known
from tests.reports.stage import a_form, a_report

numbers = st.one_of(st.none(), st.integers(0, 10**9).map(Decimal), st.decimals(0, 10**6, places=4, allow_nan=False))


def said(**changes: Any) -> dict[str, Any]:
    return {**a_report("2021").filing.as_json(), **changes}


@pytest.mark.parametrize("name", known())
@pytest.mark.parametrize("before", [{}, {"overview": "往年。", "work": "往年。", "figures": "往年。", "published": "往年。"}])
def test_written_and_read_back_it_is_the_same(name, before):
    filing = a_report(name, before=before).filing
    assert bool(filing.taken_over) == ("taken_over" in filing.as_json()) == bool(before)
    assert read(json.loads(json.dumps(filing.as_json())), a_form(name)) == filing


@given(st.dictionaries(st.sampled_from(sorted(a_form("2021").addresses())), numbers))
def test_any_cells_come_back_as_they_were(cells):
    filing = read(said(cells={address: None if value is None else format(value, "f") for address, value in cells.items()}), a_form("2021"))
    assert read(json.loads(json.dumps(filing.as_json())), a_form("2021")) == filing
    assert filing.cells == cells


@pytest.mark.parametrize(("changes", "told"), [
    ({"gongkai_filing": 2}, 'it needs "gongkai_filing": 1'),
    ({"year": "2025"}, "\"year\" is '2025', no year"),
    ({"period": ["2025-01-01"]}, 'write ["2024-01-01", "2024-12-31"]'),
    ({"period": ["2025-12-31", "2025-01-01"]}, "ends on 2025-01-01, before it begins"),
    ({"counting": "twice"}, "it is one of distinct, sum, website"),
    ({"cells": {"t9.x": 1}}, "'t9.x' is an unknown figure in the form 2021"),
    ({"taken_over": ["prologue"]}, "no list of parts of the form 2021"),
    ({"cells": {"items": "many"}}, "cells.items is 'many', no number; leave a blank cell null"),
    ({"cells": {"items": float("nan")}}, "no number"),
    ({"cells": []}, '"cells" is no object'),
    ({"parts": ["一"]}, '"parts" is no list'),
    ({"title": " "}, '"title" is missing'),
])
def test_what_is_no_report_is_refused_with_the_place_in_it(changes, told):
    with pytest.raises(FilingError) as refused:
        read(said(**changes), a_form("2021"))
    assert told in str(refused.value)


def test_numbers_as_offices_type_them_are_read():
    filing = read(said(cells={"items": "1,215", "t2d.fees": "59237.2449", "fee": ""}), a_form("2021"))
    assert filing.cells == {"items": 1215, "t2d.fees": Decimal("59237.2449"), "fee": None}

"""One item from draft to figures, on both databases."""

from __future__ import annotations

import pytest

from content.catalogue import ALL
from ledger import queries
from ledger.catalogue import LedgerCatalogue
from tests.builders import OFFICE_CODE
from tests.ledger.stage import NOON, draw, opened, released

pytestmark = pytest.mark.ledger


def test_an_item_goes_from_draft_to_figures(database):
    opened()
    released("website")
    assert [touch.index_number for touch in draw("website")] == ["006123456/2024-00017"]
    catalogue = LedgerCatalogue(OFFICE_CODE)
    assert [line.title for line in catalogue.latest(ALL, 5)] == ["关于2024年清水路道路施工的通告"]
    assert [entry.edition.index_number for entry in catalogue.walk()] == ["006123456/2024-00017"]
    figures = queries.figures(office=OFFICE_CODE, year=2024, categories=["机构职能类", "工作信息"], as_of=NOON)
    assert (figures.distinct_items, figures.channels, figures.categories) == (
        1, {"website": 1, "board": 0, "wechat": 0}, {"机构职能类": 0, "工作信息": 1, "未归类": 0})
    assert queries.verify_events(office=OFFICE_CODE) is None

"""The catalogue's in-memory twin, where it stands alone. That it agrees with the ledger's is held in tests/ledger/test_places.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from content.catalogue import ALL, PAGE, Spot, Tombstone
from content.memory import MemoryCatalogue, item_urn
from tests.builders import an_edition

AT = datetime(2024, 6, 3, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_release_touches_the_whole_list_its_column_and_its_month():
    touch = MemoryCatalogue().release(an_edition(), AT)
    assert touch.spots == (Spot(list=ALL, place=0), Spot(list="column:tongzhi", place=0), Spot(list="month:2024-06", place=0))


def test_a_move_touches_the_spot_left_and_the_spot_taken():
    catalogue = MemoryCatalogue()
    catalogue.release(an_edition(), AT)
    touch = catalogue.correct(replace(an_edition(), number=2, column="dongtai", change_note="换栏目"), AT + timedelta(days=40))
    assert {(spot.list, spot.place) for spot in touch.spots} == {(ALL, 0), ("column:tongzhi", 0), ("month:2024-06", 0), ("column:dongtai", 0)}
    assert (catalogue.count("column:tongzhi"), catalogue.size("column:tongzhi"), catalogue.months()) == (0, 1, ["2024-06"])


def test_a_withdrawal_leaves_a_tombstone_and_a_gap():
    catalogue = MemoryCatalogue()
    for serial in range(PAGE + 1):
        catalogue.release(an_edition(index_number=f"006123456/2024-{serial + 1:05d}"), AT)
    catalogue.withdraw("006123456/2024-00001", AT, "误")
    stone = catalogue.find("006123456/2024-00001")
    assert isinstance(stone, Tombstone)
    assert (stone.urn, catalogue.withdrawn(1), [line.place for line in catalogue.page(ALL, 1)]) == (
        item_urn("qingshui", "006123456/2024-00001"), [stone], [PAGE])
    assert catalogue.find("006123456/2024-99999") is None


def test_a_feed_id_is_the_same_wherever_it_is_computed():
    assert str(item_urn("qingshui", "006123456/2024-00017")) == "217b38b7-9978-5f43-bd0f-9afc6883a106"


def test_bytes_are_read_by_their_hash():
    catalogue = MemoryCatalogue({"a" * 64: b"x"})
    assert catalogue.read("a" * 64) == b"x"
    with pytest.raises(KeyError):
        catalogue.read("b" * 64)

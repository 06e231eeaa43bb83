"""Places: two catalogues, one over the database and one in memory, that say the same after any history."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.catalogue import ALL, PAGE, Entry, Tombstone, Touch, column_list
from content.items import Edition
from content.memory import MemoryCatalogue
from ledger import queries, services
from ledger.catalogue import LedgerCatalogue
from ledger.errors import UnknownError
from ledger.models import Item, Listing, Place
from tests.builders import OFFICE_CODE, an_edition
from tests.ledger.race import behind
from tests.ledger.stage import LEADER, opened, release, released, signed

pytestmark = pytest.mark.ledger
START = datetime(2024, 5, 30, 23, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a history soon crosses a month
COLUMNS = ("tongzhi", "dongtai", "jigou")
#: (what, which item, which column)
DEEDS = st.lists(st.tuples(st.sampled_from(["release", "release", "correct", "withdraw"]), st.integers(0, 7), st.integers(0, 2)), max_size=14)


def number(item: int) -> str:
    return f"006123456/2024-{item + 1:05d}"


class Histories:
    """One history written into both catalogues."""

    def __init__(self) -> None:
        self.memory, self.ledger = MemoryCatalogue(), LedgerCatalogue(OFFICE_CODE)
        self.shown: dict[int, Edition] = {}
        self.used: set[int] = set()
        self.places: dict[tuple[str, int], str] = {}
        self.at = START

    def do(self, what: str, item: int, column: int) -> None:
        """A deed, where it is legal; both must touch the same spots."""
        self.at += timedelta(minutes=7)
        old = self.shown.get(item)
        if what == "release" and item not in self.used:
            edition = an_edition(index_number=number(item), column=COLUMNS[column], title=f"第{item}条")
            released("website", at=self.at, **_words(edition))
            touch = self.memory.release(edition, self.at)
            self.used.add(item)
        elif what == "correct" and old is not None:
            edition = replace(old, number=old.number + 1, column=COLUMNS[column], title=f"{old.title}改", change_note="更正")
            released("website", at=self.at, **_words(edition))
            touch = self.memory.correct(edition, self.at)
        elif what == "withdraw" and old is not None:
            services.withdraw(index_number=number(item), by=LEADER, at=self.at, reason="误")
            self.shown.pop(item)
            self._covers(self.memory.withdraw(number(item), self.at, "误"), item)
            return
        else:
            return
        self.shown[item] = edition
        self._covers(touch, item)

    def _covers(self, touch: Touch, item: int) -> None:
        (told,) = queries.touches(items=[Item.objects.get(index_number=number(item)).pk])
        assert told.index_number == touch.index_number
        assert set(touch.spots) <= set(told.spots)

    def check(self) -> None:
        """Every read agrees, counters are what counting finds, and no place ever changed hands."""
        memory, ledger = self.memory, self.ledger
        months = ledger.months()
        assert list(months) == list(memory.months())
        for name in (ALL, *map(column_list, COLUMNS), *(f"month:{month}" for month in months), "column:unknown"):
            lines = list(ledger.lines(name))
            assert lines == list(memory.lines(name))
            assert (ledger.size(name), ledger.count(name)) == (memory.size(name), memory.count(name))
            assert ledger.count(name) == len(lines)
            for page in range(ledger.size(name) // PAGE + 1):
                assert list(ledger.page(name, page)) == list(memory.page(name, page))
            for limit in (1, 3, 100):
                assert list(ledger.latest(name, limit)) == list(memory.latest(name, limit))
            assert list(ledger.latest_entries(name, 3)) == list(memory.latest_entries(name, 3))
            for line in lines:
                assert self.places.setdefault((name, line.place), line.index_number) == line.index_number
        assert list(ledger.walk()) == list(memory.walk())
        assert list(ledger.tombstones()) == list(memory.tombstones())
        assert list(ledger.withdrawn(2)) == list(memory.withdrawn(2))
        for item in range(8):
            assert ledger.find(number(item)) == memory.find(number(item))
        for listing in Listing.objects.all():
            stood = Place.objects.filter(list=listing.name)
            assert (listing.size, listing.live) == (stood.count(), stood.filter(live=True).count())


def _words(edition: Edition) -> dict[str, Any]:
    return {name: getattr(edition, name) for name in ("index_number", "number", "column", "title", "change_note")}


class Undone(Exception):
    """Ends a history, and its transaction with it."""


def lived(deeds: list[tuple[str, int, int]], *, every_step: bool) -> None:
    """Live a history, compare, and undo it, so that the next begins with an empty ledger."""
    with pytest.raises(Undone), transaction.atomic():
        opened()
        history = Histories()
        history.check()
        for deed in deeds:
            history.do(*deed)
            if every_step:
                history.check()
        history.check()
        raise Undone


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_both_catalogues_agree_after_every_step_of_any_history(sqlite, deeds):
    lived(deeds, every_step=True)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_they_agree_on_postgresql(postgresql, deeds):
    lived(deeds, every_step=False)


def test_a_move_to_another_column_and_back_leaves_two_gaps(database):
    opened()
    history = Histories()
    for deed in [("release", 0, 0), ("release", 1, 0), ("correct", 0, 1), ("correct", 0, 0), ("withdraw", 1, 0), ("release", 2, 0)]:
        history.do(*deed)
        history.check()
    assert [(line.index_number, line.place) for line in history.ledger.lines("column:tongzhi")] == [(number(0), 2), (number(2), 3)]
    assert [line.place for line in history.ledger.lines(ALL)] == [0, 2]
    assert (history.ledger.size("column:dongtai"), history.ledger.count("column:dongtai")) == (1, 0)


def test_pages_hold_their_places_however_many_go(database):
    """A withdrawal on page 0 moves nobody on page 1."""
    opened()
    with transaction.atomic():  # one commit for 23 items: only their places are looked at
        for item in range(PAGE + 3):
            released("website", index_number=number(item))
    catalogue = LedgerCatalogue(OFFICE_CODE)
    before = catalogue.page(ALL, 1)
    services.withdraw(index_number=number(4), by=LEADER, at=START, reason="误")
    assert (catalogue.page(ALL, 1), len(catalogue.page(ALL, 0)), catalogue.page(ALL, 2)) == (before, PAGE - 1, [])


def test_two_offices_have_lists_of_their_own(database):
    opened()
    opened(code="beicheng")
    released("website")
    released("website", index_number="x/2024-00001", office="beicheng")
    for code, index_number in ((OFFICE_CODE, "006123456/2024-00017"), ("beicheng", "x/2024-00001")):
        catalogue = LedgerCatalogue(code)
        assert [(line.index_number, line.place) for line in catalogue.lines(ALL)] == [(index_number, 0)]
    assert LedgerCatalogue(OFFICE_CODE).find("x/2024-00001") is None


def test_what_never_stood_on_a_page_is_in_no_list_nor_left_behind(database):
    opened()
    released("wechat")
    catalogue = LedgerCatalogue(OFFICE_CODE)
    assert (catalogue.size(ALL), catalogue.find("006123456/2024-00017")) == (0, None)
    services.withdraw(index_number="006123456/2024-00017", by=LEADER, at=START, reason="误")
    assert (catalogue.find("006123456/2024-00017"), list(catalogue.tombstones())) == (None, [])


def test_a_correction_may_bring_an_item_to_the_pages(database):
    opened()
    released("wechat", at=START)
    released("website", "wechat", at=START + timedelta(days=1), number=2, change_note="更正")
    entry = LedgerCatalogue(OFFICE_CODE).find("006123456/2024-00017")
    assert not isinstance(entry, Tombstone)
    assert entry.released_at == entry.updated_at == START + timedelta(days=1)


@pytest.mark.parametrize("deed", ["released", "withdrawn"])
def test_what_happens_while_it_looks_is_found_as_before_or_as_after(database, deed):
    """A worker releases or withdraws right behind each statement of the look."""
    opened()
    catalogue = LedgerCatalogue(OFFICE_CODE)
    waiting = signed("website", index_number=number(1))
    if deed == "withdrawn":
        release(waiting, at=START)

    def at_once() -> None:
        if deed == "released":
            release(waiting, at=START)
        else:
            services.withdraw(index_number=number(1), by=LEADER, at=START, reason="误")

    with behind("SELECT", at_once):
        before = catalogue.find(number(1))
    after = catalogue.find(number(1))
    if deed == "released":
        assert before is None
        assert isinstance(after, Entry)
    else:
        assert isinstance(before, Entry)
        assert isinstance(after, Tombstone)


def test_a_catalogue_reads_bytes_by_their_hash(database):
    opened()
    catalogue = LedgerCatalogue(OFFICE_CODE)
    assert catalogue.read(services.keep_blob(b"\x89PNG")) == b"\x89PNG"
    with pytest.raises(KeyError):
        catalogue.read("0" * 64)


def test_there_is_no_catalogue_of_an_unknown_office(sqlite):
    with pytest.raises(UnknownError, match="no office 'nowhere'"):
        LedgerCatalogue("nowhere")


def test_a_signed_draft_is_nowhere_in_the_catalogue(database):
    """Embargo: nothing of it is read by any surface before its release."""
    opened()
    edition_id = signed("website")
    catalogue = LedgerCatalogue(OFFICE_CODE)
    assert (list(catalogue.walk()), catalogue.find("006123456/2024-00017"), catalogue.months()) == ([], None, [])
    release(edition_id)
    assert len(list(catalogue.walk())) == 1

"""Opening offices, and the database behind them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from content.offices import Column
from ledger import queries, services, upkeep
from ledger.errors import ClockError, LedgerError
from ledger.models import Channel, Event, Office
from ledger.models import Column as ColumnRow
from ledger.settings import database as described
from tests.builders import OFFICE_CODE, an_office
from tests.ledger.race import raced
from tests.ledger.stage import CHANNELS, NOON, minutes, opened, released

pytestmark = pytest.mark.ledger


def verbs() -> list[str]:
    return list(Event.objects.order_by("seq").values_list("verb", flat=True))


def test_opening_twice_changes_nothing(database):
    opened()
    before = verbs()
    opened()
    assert verbs() == before
    assert (queries.is_open(office=OFFICE_CODE), queries.is_open(office="nowhere")) == (True, False)
    assert queries.last_event_at(office=OFFICE_CODE) == NOON


def test_many_processes_open_one_office(database):
    assert raced(4, lambda _: opened().code) == [OFFICE_CODE] * 4
    assert (Office.objects.count(), Channel.objects.count()) == (1, 4)
    assert queries.verify_events(office=OFFICE_CODE) is None


def test_columns_and_channels_come_and_go_and_are_kept(database):
    office = opened()
    first = len(verbs())
    smaller = replace(office, name="新名称", columns=(replace(office.columns[0], name="公告栏目"),))
    services.open_office(office=smaller, channels=CHANNELS[:1], at=minutes(1))
    assert verbs()[first:] == ["office renamed", "column renamed", "column closed", "column closed", "channel closed", "channel closed",
                               "channel closed"]
    assert set(ColumnRow.objects.exclude(closed_at=None).values_list("closed_at", flat=True)) == {minutes(1)}
    services.open_office(office=smaller, channels=CHANNELS[:1], at=minutes(2))
    services.open_office(office=office, channels=CHANNELS, at=minutes(3))
    assert verbs()[first + 7 :] == ["office renamed", "column renamed", "column reopened", "column reopened", "channel reopened",
                                    "channel reopened", "channel reopened"]
    assert not ColumnRow.objects.exclude(closed_at=None).exists()


@pytest.mark.parametrize("change", [{"kind": "weibo"}, {"surface": False}])
def test_a_channel_keeps_its_kind(sqlite, change):
    office = opened()
    with pytest.raises(LedgerError, match="is of kind website"):
        services.open_office(office=office, channels=[replace(CHANNELS[0], **change)], at=NOON)


@pytest.mark.parametrize("changes", [{"name": "名" * 201}, {"code": "c" * 41}, {"categories": ("类" * 101,), "columns": ()},
                                     {"columns": (Column(slug="a", name="栏" * 101),)}])
def test_what_does_not_fit_is_refused_before_anything_is_opened(database, changes):
    with pytest.raises(LedgerError, match="at most"):
        opened(**changes)
    assert not Office.objects.exists()


def test_a_channel_with_too_long_a_name_is_refused(sqlite):
    with pytest.raises(LedgerError, match="name: 41 characters"):
        services.open_office(office=an_office(), channels=[replace(CHANNELS[0], name="c" * 41)], at=NOON)


def test_opening_needs_a_zone(sqlite):
    with pytest.raises(ClockError):
        services.open_office(office=an_office(), channels=CHANNELS, at=NOON.replace(tzinfo=None))


@pytest.mark.parametrize("url", ["mysql://root:secret@db/x", "sqlite://", "sqlite:///", "secret", "sqlite:secret"])
def test_an_address_of_another_kind_is_refused_without_its_password(url, tmp_path):
    with pytest.raises(ImproperlyConfigured) as refused:
        described(url, tmp_path)
    assert "secret" not in str(refused.value)


def test_addresses_of_both_databases_are_understood(tmp_path):
    assert described("", tmp_path)["NAME"] == str(tmp_path / "gongkai.db")
    assert described("sqlite:////srv/a.db", tmp_path)["NAME"] == "/srv/a.db"
    postgres = described("postgresql://u:p@db:5433/gongkai?sslmode=require", tmp_path)
    assert (postgres["PORT"], postgres["OPTIONS"]) == (5433, {"options": "-c jit=off", "sslmode": "require"})


def test_every_sqlite_connection_writes_as_an_attempt_needs_it(sqlite):
    """WAL, so that readers do not wait; FULL, so that an attempt survives the power cut that follows it."""
    with connection.cursor() as cursor:
        read = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "recursive_triggers", "foreign_keys")}
    assert read == {"journal_mode": "wal", "synchronous": 2, "recursive_triggers": 1, "foreign_keys": 1}


def test_folding_leaves_one_file_that_holds_all(database):
    opened()
    released("website")
    assert upkeep.fold()
    log = database / "gongkai.db-wal"
    assert not log.exists() or log.stat().st_size == 0


def test_folding_waits_for_no_reader(sqlite):
    """Somebody walks the archive meanwhile: some of the log stays, and that is said."""
    import sqlite3

    opened()
    reader = sqlite3.connect(sqlite / "gongkai.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM ledger_event").fetchone()
    released("website")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=50")
    assert not upkeep.fold()
    reader.close()
    assert upkeep.fold()

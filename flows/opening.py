"""Opening the house for work: the ledger's tables brought up to date, the offices of gongkai.toml opened in it."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from channels.house import House, HouseError, OfficeHand
from flows.accounts import open_house
from flows.clock import wall
from ledger import (
    boot,  # noqa: F401 - Django is started before any model is imported
    queries,
    services,
)


def migrate() -> None:
    """Bring the ledger's tables up to date; nothing happens where they are."""
    call_command("migrate", verbosity=0, interactive=False, stdout=io.StringIO())


def migrations_behind() -> int:
    """How many migrations the ledger's tables lack."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def open_offices(home: Path, *, at: datetime | None = None) -> House:
    """Have every office of the configuration in the ledger, as it is configured now.

    `at` names the day for a sandbox; real offices open now.

    Raises:
        HouseError: the configuration does not hold, or the ledger's tables are not there.
        LedgerError: the configuration contradicts what the ledger knows of an office.
    """
    house = open_house(home)
    _need_tables()
    for hand in house.desks.values():
        channels = [services.ChannelOpened(name=name, kind=section.kind, surface=name in hand.surfaces)
                    for name, section in hand.sections.items()]
        services.open_office(office=hand.office, channels=channels, at=at if at and hand.office.sandbox else wall())
    return house


def look_at(home: Path, office: str | None) -> OfficeHand:
    """An office that is open already, to read its book or record in it; nothing is brought in step.

    Raises:
        HouseError: the configuration does not hold, or the office was never opened.
    """
    hand = open_house(home).desk(office)
    _need_tables()
    if not queries.is_open(office=hand.office.code):
        raise HouseError(f"office {hand.office.code} is not in the ledger yet; run gongkai init")
    return hand


def _need_tables() -> None:
    # a new version must not change the tables of a whole district because one of its machines ticked first
    try:
        behind = migrations_behind()
    except OperationalError as error:
        raise HouseError(f"the ledger's database cannot be reached ({str(error).strip().splitlines()[0]}); run gongkai init where it is "
                         "to be made, check DATABASE_URL where it should be there") from error
    if behind:
        raise HouseError("the ledger's tables are not there, or of an earlier version; run gongkai init")

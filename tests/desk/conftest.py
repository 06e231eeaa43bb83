"""Fixtures of the desk's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import override_settings

from tests.desk.stage import Stage, open_desk, point_desk_at
from tests.flows.stage import SECRET


@pytest.fixture
def desk(database, monkeypatch) -> Stage:
    """An office's desk, once on SQLite and once on PostgreSQL."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", SECRET)
    point_desk_at(database, monkeypatch)
    return open_desk(database)


@pytest.fixture
def desk_sqlite(sqlite, monkeypatch) -> Stage:
    """An office's desk on SQLite alone: where the database makes no difference."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", SECRET)
    point_desk_at(sqlite, monkeypatch)
    return open_desk(sqlite)


@pytest.fixture
def settings_of() -> Iterator[Callable[..., None]]:
    """Other settings of Django's for the rest of a test: `settings_of(ROOT_URLCONF=…)`."""
    changed = []

    def change(**settings: Any) -> None:
        changed.append(override_settings(**settings))
        changed[-1].enable()

    yield change
    for one in reversed(changed):
        one.disable()

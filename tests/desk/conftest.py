"""Fixtures of the desk's tests."""

from __future__ import annotations

import pytest

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

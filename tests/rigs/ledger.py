"""A ledger of its own for each test, on SQLite and on a real PostgreSQL: `database` runs a test on both, `sqlite` on one.

Each test gets a copy of a migrated template: commits are real, so triggers, leases and crashes behave as they will.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

# the settings read these once; tests never touch the database of whoever runs them
os.environ["GONGKAI_HOME"] = tempfile.mkdtemp(prefix="gongkai-tests-")
os.environ.pop("DATABASE_URL", None)
# whichever test imports Prefect first decides where this process keeps its state: a folder that is there, and nobody's own
os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="gongkai-tests-prefect-")
# the desk's settings are the ledger's and more: one process tests all rooms
os.environ["DJANGO_SETTINGS_MODULE"] = "desk.settings"
os.environ["GONGKAI_DESK_KEY"] = "a key for tests alone: nothing that it signs outlives them"

from django.core.management import call_command
from django.db import connections

from ledger import boot  # noqa: F401 - Django is started before any test module imports a model
from tests.rigs.database import point_at

TEMPLATE = "gongkai_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite ledger, to be copied."""
    home = tmp_path_factory.mktemp("template")
    point_at("", home)
    call_command("migrate", verbosity=0)
    connections["default"].cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    return home / "gongkai.db"


@pytest.fixture(scope="session")
def postgres_template(postgres: Any) -> str:
    """A migrated PostgreSQL ledger, to be copied."""
    url = postgres.create_database(TEMPLATE)
    point_at(url, Path())
    call_command("migrate", verbosity=0)
    connections.close_all()
    return TEMPLATE


@contextmanager
def own_ledger(template: Path, home: Path, patch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty ledger on SQLite in a home folder, also set as GONGKAI_HOME for processes: for as long as one pleases."""
    shutil.copy(template, home / "gongkai.db")
    patch.setenv("GONGKAI_HOME", str(home))
    patch.delenv("DATABASE_URL", raising=False)
    point_at("", home)
    yield home
    connections.close_all()


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty ledger on SQLite; gives its home folder, also set as GONGKAI_HOME for processes that the test starts."""
    home = tmp_path / "home"
    home.mkdir()
    with own_ledger(sqlite_template, home, monkeypatch):
        yield home


@pytest.fixture
def postgresql(postgres: Any, postgres_template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty ledger on PostgreSQL, and DATABASE_URL set for processes that the test starts."""
    home = tmp_path / "home"
    home.mkdir()
    name = f"gongkai_{uuid4().hex[:12]}"
    url = postgres.create_database(name, template=postgres_template)
    monkeypatch.setenv("GONGKAI_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", url)
    point_at(url, home)
    yield home
    connections.close_all()
    postgres.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Path:
    """An empty ledger, once on SQLite and once on PostgreSQL; gives its home folder."""
    return request.getfixturevalue(request.param)

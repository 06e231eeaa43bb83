"""`gongkai audit verify`: whether the log is as it was written, by exit code and in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner, Result

from flows.cli import app
from ledger import queries
from tests.flows.stage import CODE, furnish, record, sign

pytestmark = pytest.mark.ledger


def verify(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["--home", str(home), "audit", "verify", *words])


def test_a_chain_that_holds_is_named_with_its_length_and_last_hash(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever noted the hash earlier can compare."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", "x")
    sign(furnish(database), database, record())
    last = queries.events(office=CODE, limit=1).rows[0]
    result = verify(database)
    assert result.exit_code == 0
    assert result.stdout == f"{CODE}: the chain holds, {last.seq} events, the last one {last.hash}\n"


@pytest.mark.parametrize(("deed", "said"), [
    ("UPDATE ledger_event SET actor = '别人' WHERE seq = 4", "event 4: it is not as it was written"),
    ("DELETE FROM ledger_event WHERE seq = 4", "event 4 is missing"),
])
def test_a_log_that_somebody_altered_ends_with_1_and_names_the_first_fault(
        sqlite: Path, monkeypatch: pytest.MonkeyPatch, deed: str, said: str) -> None:
    """The database's own guards taken away first, as somebody with its password could."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", "x")
    sign(furnish(sqlite), sqlite, record())
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_event'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(deed)
    result = verify(sqlite, "--office", CODE)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "compare with a backup" in result.stderr

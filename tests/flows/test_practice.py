"""A practice office with its hands full, and the commands that open its desk."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import requests

from channels.house import HouseError
from content.deliveries import Status
from content.rules import State
from flows import intake, practice
from flows.commands import desking
from flows.practice import PEOPLE, PracticeError
from ledger import queries

pytestmark = pytest.mark.ledger
ROOT = Path(__file__).parents[2]
SAMPLE = desking.SAMPLE
OFFICE = "juzizhou"
NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


def furnished(home: Path, *, sandbox: bool = True) -> Path:
    text = (SAMPLE / "gongkai.toml").read_text(encoding="utf-8")
    shutil.copy(SAMPLE / "logo.svg", home)
    (home / "gongkai.toml").write_text(text if sandbox else text.replace("sandbox = true", "sandbox = false"), encoding="utf-8")
    return home


def test_every_page_of_the_desk_has_something_to_show(sqlite) -> None:
    """Drafts, late, returned and with findings; to review, to sign, to go out; a site; sheets up and down; a delivery in doubt."""
    assert practice.fill(furnished(sqlite), SAMPLE, office=OFFICE, now=NOW)
    mine = queries.my_drafts(offices=[OFFICE], by=PEOPLE.drafter)
    assert [bool(one.return_reason) for one in mine].count(True) == 2
    assert len(mine) == 6
    assert any(one.made_on < date(2026, 10, 25) for one in mine)
    assert any(queries.gate(edition_id=one.edition_id).open for one in mine)
    assert len(queries.to_review(offices=[OFFICE], by=PEOPLE.reviewer)) == 3
    assert len(queries.to_sign(offices=[OFFICE], by=PEOPLE.signer)) == 3
    assert len(queries.editions_in(office=OFFICE, state=State.SIGNED)) == 2
    assert len(queries.editions_in(office=OFFICE, state=State.RELEASED)) == practice.PUBLIC
    assert (sqlite / "site" / "index.html").exists()
    sheets = queries.sheets(office=OFFICE)
    assert any(not one.put_up for one in sheets)
    assert any(one.put_up and one.due_down < NOW.date() for one in sheets)
    assert [one.status for one in queries.troubled(offices=[OFFICE], at=NOW)] == [Status.UNCONFIRMED]
    assert queries.verify_events(office=OFFICE) is None
    assert not practice.fill(sqlite, SAMPLE, office=OFFICE, now=NOW)  # what is there stays


def test_the_sample_is_moved_to_this_year_and_its_dates_with_it() -> None:
    """In any month, and never past today."""
    for today in (date(2026, 11, 24), date(2027, 1, 3), date(2028, 2, 29)):
        records = [intake.parse(line) for line in practice.season(SAMPLE, today, count=38)]
        days = [date.fromisoformat(one["made_on"]) for one in records]
        assert days == sorted(days)
        assert days[-1] < today
        assert (today - days[0]).days < 120
        assert not any("index_number" in one or "release_at" in one for one in records)


def test_a_real_office_is_not_practised_in(sqlite) -> None:
    furnished(sqlite, sandbox=False)
    with pytest.raises(PracticeError, match="real office"):
        practice.fill(sqlite, SAMPLE, office=OFFICE, now=NOW)


@pytest.mark.server
def test_gongkai_desk_is_the_desk_s_own_process(sqlite) -> None:
    """What a service manager starts and stops is the server itself; beside `gongkai up` it comes and goes with it."""
    furnished(sqlite)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI_DESK", "DJANGO_"))}
    gongkai = [shutil.which("gongkai", path=Path(sys.executable).parent) or "gongkai", "--home", str(sqlite)]
    refused = subprocess.run([*gongkai, "desk", "--port", "0"], env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "run gongkai init" in refused.stderr
    made = subprocess.run([*gongkai, "init"], env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "made the first administrator: login admin, password" in made.stdout, made.stderr
    server = subprocess.Popen([*gongkai, "desk", "--port", "0"], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    address = server.stdout.readline().split()[4]
    assert requests.get(f"{address}login/", timeout=30).status_code == 200
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=20) == 0
    server.stdout.close()


@pytest.mark.server
def test_a_desk_that_does_not_open_beside_the_schedules_is_said(sqlite, monkeypatch) -> None:
    monkeypatch.delenv("GONGKAI_DESK_KEY", raising=False)
    with pytest.raises(HouseError, match="--no-desk"), desking.alongside(furnished(sqlite), host="127.0.0.1", port=0):
        pass

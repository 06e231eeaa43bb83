"""The rigs the other tests stand on: a rig that lies makes every test above it worthless."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.rigs import system, wordpress

if TYPE_CHECKING:
    from tests.rigs.postgres import Postgres


@pytest.mark.ledger
def test_postgres_holds_chinese_and_copies_a_template(postgres: Postgres) -> None:
    """A database made from a template has the template's rows, and both go when told."""
    with psycopg.connect(postgres.create_database("rig_mother"), autocommit=True) as mother:
        mother.execute("CREATE TABLE item (title text)")
        mother.execute("INSERT INTO item VALUES ('关于道路施工的通告')")
    child = psycopg.connect(postgres.create_database("rig child", template="rig_mother"), autocommit=True)
    assert child.execute("SELECT title FROM item").fetchall() == [("关于道路施工的通告",)]
    postgres.drop_database("rig_mother")
    postgres.drop_database("rig child")  # with somebody still connected
    child.close()
    with psycopg.connect(postgres.url()) as connection:
        assert connection.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'rig%'").fetchone() == (0,)


@pytest.mark.ledger
def test_postgres_listens_to_this_machine_only(postgres: Postgres) -> None:
    """A test's database is nobody else's: loopback, and a password of this session."""
    with psycopg.connect(postgres.url()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(postgres.url().replace(postgres.password, "wrong"))


KILLED = """
import os, signal
from tests.rigs.snac import fresh
print(fresh().url, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.crash
def test_a_server_ends_with_whoever_started_it_even_if_that_was_killed() -> None:
    """Nothing is left behind for the next session to trip over."""
    system.need("snac")
    done = subprocess.run([sys.executable, "-c", KILLED], cwd=system.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    address = done.stdout.strip().removeprefix("http://").split(":")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection((address[0], int(address[1])), timeout=5).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.1)
    pytest.fail("it still listens")


def test_a_missing_program_skips_by_name_and_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer reads what was not tested, and what to install."""
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"needs no-such-program: .* make it yourself"):
        system.need("no-such-program", hint="make it yourself")


def test_a_missing_program_fails_where_nothing_may_be_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """With CI=true nobody reads the skips."""
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(pytest.fail.Exception, match=r"needs java: .* apt-get install default-jre-headless"):
        system.need("java")


def test_a_missing_server_skips_by_name_and_fails_where_nothing_may_be_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes from npm is held to the same rule."""
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"needs the no-such server: .* make system"):
        system.need_server("no-such")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="needs the no-such server"):
        system.need_server("no-such")


def test_a_program_that_is_there_is_found() -> None:
    """What `need` answers can be started."""
    shell = system.need("sh")
    assert isinstance(shell, Path)
    assert os.access(shell, os.X_OK)


STARTS_AND_DIES = """
import os, signal
from tests.house.test_rigs import running
from tests.rigs import wordpress
server = wordpress.shared()
print(server.folder, server.group, len(running(server.group)), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.server
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see what runs")
def test_a_wordpress_ends_with_whoever_started_it_however_that_ends() -> None:
    """Killed with -9, a session leaves neither a database nor one of PHP's workers, nor their folder."""
    for program in wordpress.PROGRAMS:
        system.need(program)
    done = subprocess.run([sys.executable, "-c", STARTS_AND_DIES], capture_output=True, text=True, cwd=system.ROOT, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    folder, group, ran = done.stdout.split()
    assert int(ran) >= 5  # the shell, the database, PHP and its workers
    until = time.monotonic() + 60
    while (left := [*running(int(group)), *Path(folder).parent.glob(Path(folder).name)]) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []


def running(group: int) -> list[str]:
    """The processes of a group; one that has ended may still wait for its parent to hear of it, and runs no more."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, its = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        if int(its) == group and state != "Z":
            found.append(stat.parent.name)
    return found

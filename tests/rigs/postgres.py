"""A real PostgreSQL for one test session: on loopback, in a folder of its own, gone at the end however the session ends."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from tests.rigs.system import need

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = "gongkai"
READY_WITHIN = 60.0
"""Seconds a server may take to answer; a busy machine with two cores needs up to five."""
ATTEMPTS = 3
"""Another program may take the free port between our look and the server's: then another port is tried."""

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # nothing here outlives the session, so nothing waits for the disk
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0",
    "max_connections": "60", "shared_buffers": "64MB", "timezone": "UTC", "lc_messages": "C",
}

LIFELINE = """
"$@" & server=$!
read -r _ || true
kill -INT $server 2>/dev/null
wait $server
rm -rf "$FOLDER"
"""
"""Holds the server for as long as our end of its standard input is open. That end closes when the session ends, and also when the
session is killed with -9: no server and no folder is ever left behind. SIGINT is PostgreSQL's fast shutdown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A running server. Its role owns everything and its password is made for this session."""

    host: str
    port: int
    socket_folder: Path
    password: str
    log: Path

    def url(self, database: str = "postgres") -> str:
        """`postgresql://…` of one database, as DATABASE_URL wants it."""
        return f"postgresql://{ROLE}:{self.password}@{self.host}:{self.port}/{quote(database, safe='')}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, as a copy of `template` where given (nobody may be connected to that), and answer its URL."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        self._run(statement)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, and whoever is still connected to it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for the session. Tests that ask for it are skipped where there is none, and fail with CI=true."""
    with running() as server:
        yield server


@contextmanager
def running() -> Iterator[Postgres]:
    """A PostgreSQL server while it is needed; for benchmarks too."""
    programs = need("postgres").resolve().parent
    # /tmp and not the session's temporary folder: that one is closed to the `postgres` user, and a socket's path has 107 bytes at most
    folder = Path(tempfile.mkdtemp(prefix="gongkai-pg-", dir="/tmp"))
    try:
        owner = _give_to_server(folder)
        password = secrets.token_urlsafe(18)
        _initialise(programs, folder, password, owner)
        server, process = _start(programs, folder, password, owner)
        try:
            yield server
        finally:
            try:
                process.communicate(timeout=30)  # closes its standard input: see LIFELINE
            except subprocess.TimeoutExpired:
                _kill(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _give_to_server(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: hand the folder to its own user, and answer how to start programs as that user."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in known else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _initialise(programs: Path, folder: Path, password: str, owner: dict[str, Any]) -> None:
    words = folder / "password"
    words.touch(mode=0o600)
    words.write_text(password, encoding="utf-8")
    if owner:
        os.chown(words, owner["user"], owner["group"])
    command = [str(programs / "initdb"), "--pgdata", str(folder / "data"), "--username", ROLE, "--pwfile", str(words), "--no-instructions",
               "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, **owner)
    if done.returncode:
        pytest.fail(f"initdb could not make a PostgreSQL cluster in {folder}:\n{done.stdout}{done.stderr}", pytrace=False)


def _start(programs: Path, folder: Path, password: str, owner: dict[str, Any]) -> tuple[Postgres, subprocess.Popen[bytes]]:
    log = folder / "server.log"
    for _attempt in range(ATTEMPTS):
        server = Postgres(host="127.0.0.1", port=_free_port(), socket_folder=folder, password=password, log=log)
        settings = SETTINGS | {"port": str(server.port), "unix_socket_directories": str(folder)}
        command = ["sh", "-c", LIFELINE, "sh", str(programs / "postgres"), "-D", str(folder / "data"),
                   *(f"--{name}={value}" for name, value in settings.items())]
        with log.open("wb") as out:
            process: subprocess.Popen[bytes] = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=out, cwd=folder,
                                       env={"PATH": os.defpath, "FOLDER": str(folder)},
                                       start_new_session=True, **owner)  # a Ctrl-C is for pytest, not for the server
        if _answers(server):
            return server, process
        _kill(process)
    words = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    pytest.fail(f"PostgreSQL from {programs} did not start; the end of its log:\n{words}", pytrace=False)


def _answers(server: Postgres) -> bool:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        try:
            psycopg.connect(server.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            if _gave_up(server.log):
                return False
            time.sleep(0.05)
        else:
            return True
    return False


def _gave_up(log: Path) -> bool:
    """Whether the server ended by itself. That it is starting up is told to each of our early visits, and is fatal to the visit only."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return any("FATAL:" in line and "starting up" not in line for line in lines)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the shell and the server at once: both live in the session that was started for them."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

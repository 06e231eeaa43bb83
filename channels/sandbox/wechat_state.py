"""What the practice platform remembers: one SQLite file, so that a killed process forgets nothing."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

SCHEMA = """
CREATE TABLE IF NOT EXISTS notes(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS pictures(id TEXT PRIMARY KEY, type TEXT NOT NULL, data BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS drafts(n INTEGER PRIMARY KEY, media_id TEXT UNIQUE NOT NULL, article TEXT NOT NULL, at INTEGER NOT NULL,
                                  questions INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS jobs(n INTEGER PRIMARY KEY, publish_id TEXT UNIQUE NOT NULL, media_id TEXT NOT NULL, article TEXT NOT NULL,
                                article_id TEXT NOT NULL, status INTEGER NOT NULL, questions INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS articles(n INTEGER PRIMARY KEY, article_id TEXT UNIQUE NOT NULL, article TEXT NOT NULL, at INTEGER NOT NULL,
                                    deleted INTEGER NOT NULL, questions INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS events(n INTEGER PRIMARY KEY, publish_id TEXT NOT NULL, told INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS calls(n INTEGER PRIMARY KEY, day TEXT NOT NULL, name TEXT NOT NULL, errcode INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS calls_of_a_day ON calls(day, name);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What the vendor's papers leave open, and what differs between accounts."""

    draft_removed: Literal["submit", "finish"] = "submit"  #: when a published draft leaves the box
    second_submit: Literal["ok", "error", "again"] = "error"  #: a draft submitted twice: same job, an error, or a second article
    questions: int = 1  #: calls about publishing until a job is done; 0: at once, for demos
    lag: int = 0  #: questions until a new draft or article appears in its list
    verdict: int = 0  #: publish_status with which jobs end
    personal: bool = False  #: an account without the right to publish
    secret: str = ""  #: the AppSecret asked for; empty: any will do
    quotas: bool = True  #: count calls a day
    allowed: Mapping[str, int] = field(default_factory=dict)  #: other numbers of calls a day than those of a new account
    events: Literal["once", "lost", "twice", "reversed"] = "once"  #: what becomes of what the platform says of its own accord
    callback: str = ""  #: the address it says that to; empty: to nobody
    callback_token: str = ""  #: what it signs with
    callback_key: str = ""  #: what it encrypts with (EncodingAESKey); empty: plain mode
    account: str = "练习公众号"  #: the account's name on its pages


class State:
    """The tables, one transaction a call."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")  # a killed process loses nothing by it; a power cut may, in practice
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def do(self, sql: str, *values: Any) -> None:
        with self._lock:
            self._db.execute(sql, values)

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        return next(iter(self.rows(sql, *values)), None)

    # notes: small things by name

    def note(self, name: str) -> str:
        row = self.row("SELECT value FROM notes WHERE name = ?", name)
        return str(row["value"]) if row else ""

    def keep(self, name: str, value: str) -> None:
        self.do("INSERT INTO notes VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value", name, value)

    def next_id(self, kind: str, length: int) -> str:
        """Another id that looks as the platform's do: the same in the same order of events, unlike any before."""
        n = int(self.note(f"last {kind}") or 0) + 1
        self.keep(f"last {kind}", str(n))
        text = ""
        while len(text) < length:
            text += hashlib.sha256(f"{kind} {n} {len(text)}".encode()).hexdigest()
        return text[:length]

    @property
    def switches(self) -> Switches:
        known = {field.name for field in fields(Switches)}
        return Switches(**{name: value for name, value in json.loads(self.note("switches") or "{}").items() if name in known})

    def switch(self, **changes: Any) -> Switches:
        """Change some switches.

        Raises:
            TypeError: there is no such switch.
        """
        switches = replace(self.switches, **changes)
        self.keep("switches", json.dumps(asdict(switches), ensure_ascii=False))
        return switches

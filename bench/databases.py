"""A bench on both databases: each ledger in a folder of its own, a PostgreSQL started for it, the figures printed and, if asked, kept."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

DATABASES = ("sqlite", "postgresql")


@contextmanager
def server() -> Iterator[Any]:
    """A PostgreSQL of our own, as the tests start it; None where there is none."""
    from tests.rigs import postgres as rig

    if shutil.which("postgres") is None and not list(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        yield None
        return
    with rig.running() as found:
        yield found


def offer(parser: argparse.ArgumentParser) -> None:
    """The options that `on_each` reads."""
    parser.add_argument("--only", choices=DATABASES, help="one database")
    parser.add_argument("--work", type=Path, help="where to work [a temporary folder]")
    parser.add_argument("--json", type=Path, help="write the figures there too")


def on_each(asked: argparse.Namespace, measure: Callable[[str, Path, Any], Any], show: Callable[[str, Any], None], out: Console) -> None:
    """Measure on each database that is asked for: `measure(database, folder, the PostgreSQL or None)`, then `show` what it found."""
    work = Path(tempfile.mkdtemp(prefix="gongkai-bench-", dir=asked.work))
    results: dict[str, Any] = {}
    try:
        with server() as postgres:
            for database in [asked.only] if asked.only else DATABASES:
                if database == "postgresql" and postgres is None:
                    out.print("no PostgreSQL on this machine: not measured")
                    continue
                results[database] = measure(database, work, postgres)
                show(database, results[database])
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if asked.json:
        asked.json.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")

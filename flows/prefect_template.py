"""Prefect's own database, migrated once for all homes: `make setup` makes it, every new home starts from a copy.

Prefect's migrations take a dozen seconds of a machine's time, and an empty database comes out the same every time.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

DATABASE = "prefect.db"


def template() -> Path:
    """Where the migrated database of the installed Prefect lies: in the environment the programs are in."""
    return Path(sys.prefix) / "share" / "gongkai" / f"prefect-{version('prefect')}.db"


def furnish(home: Path) -> bool:
    """Give a home without a Prefect database a copy of the template; without one Prefect makes its own, later. True if copied."""
    folder = home / "prefect"
    if (folder / DATABASE).exists() or not template().exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{DATABASE}.{os.getpid()}"
    shutil.copyfile(template(), fresh)
    fresh.replace(folder / DATABASE)
    return True


def make() -> None:
    """Make the template, unless it is there."""
    if template().exists():
        return
    template().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gongkai-prefect-") as home:
        own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        subprocess.run([sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"], check=True, stdout=subprocess.DEVNULL,
                       env=own | {"PREFECT_HOME": home, "DO_NOT_TRACK": "1"})
        # one file, without the write-ahead log beside it
        with sqlite3.connect(Path(home) / DATABASE) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        fresh = template().with_suffix(".new")
        shutil.copyfile(Path(home) / DATABASE, fresh)
        fresh.replace(template())


if __name__ == "__main__":
    make()

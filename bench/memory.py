"""How much memory a command and all its helpers hold at once: their proportional shares, looked at ten times a second (Linux)."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

EVERY = 0.1  #: seconds between two looks
PROC = Path("/proc")


def held(group: int) -> float:
    """MiB that the processes of a group hold now. A page that several share counts once."""
    kib = 0
    for entry in os.scandir(PROC):
        if entry.name.isdigit() and _group(entry.name) == group:
            kib += _share(entry.name)
    return kib / 1024


def _group(pid: str) -> int | None:
    try:
        # the name, in parentheses, may hold anything; what follows is plain
        return int((PROC / pid / "stat").read_text().rpartition(")")[2].split()[2])
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return None


def _share(pid: str) -> int:
    try:
        lines = (PROC / pid / "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


class Peak:
    """While it is open, the most that a group of processes held at one look is kept in `mib`."""

    def __init__(self, group: int) -> None:
        self.mib = 0.0
        self._group, self._over = group, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            self.mib = max(self.mib, held(self._group))

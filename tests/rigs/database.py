"""Pointing Django at another database, in a process that has started it already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connections

from ledger.settings import database as described


def point_at(url: str, home: Path, *, durable: bool = True) -> None:
    """Let Django's default connection be this database, in this thread and every one started later.

    Not `durable`: SQLite waits for no disk. A killed process loses nothing by that; a power cut would.
    """
    connections.close_all()
    settings: dict[str, Any] = described(url, home)
    if not durable:
        options = settings["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    connections.settings["default"] = settings
    connections.configure_settings({"default": settings})
    if hasattr(connections._connections, "default"):  # type: ignore[attr-defined]  # Django shows no other way to ask
        del connections["default"]

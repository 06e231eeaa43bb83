"""Upkeep of the database file: done at the end of long work, never needed for correctness."""

from __future__ import annotations

from django.db import connection


def fold() -> bool:
    """Fold SQLite's write-ahead log into the database file and refresh what its planner knows, so that one file holds all.

    False where another process was reading, and some of the log had to stay: harmless, the next call gets it. PostgreSQL
    does both by itself.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA optimize")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchone()
    return not busy

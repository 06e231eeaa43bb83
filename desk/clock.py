"""What time it is at the desk: the machine's, always. Sandbox clocks belong to rehearsals, which have no desk."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The instant by the machine's clock."""
    return datetime.now(UTC)

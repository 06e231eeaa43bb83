"""The offices of gongkai.toml with their channels built: read again when the file changes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from channels.house import CONFIGURATION, House, OfficeHand, open_house
from ledger.settings import HOME


def house(home: Path | None = None) -> House:
    """The house as it is configured now.

    Raises:
        HouseError: the configuration does not hold.
    """
    folder = home or HOME
    stamp = (folder / CONFIGURATION).stat().st_mtime_ns if (folder / CONFIGURATION).exists() else 0
    return _house(folder, stamp)


@lru_cache(maxsize=2)
def _house(home: Path, stamp: int) -> House:  # noqa: ARG001 - a changed file is another house
    return open_house(home)


def hands() -> dict[str, OfficeHand]:
    """Every office by its code."""
    return dict(house().desks)

"""The offices of gongkai.toml with their channels built: read again when the file changes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from time import sleep

from channels.house import CONFIGURATION, Accounts, House, OfficeHand, open_house
from desk import clock
from ledger.accounts import LedgerKeyring, LedgerPace
from ledger.settings import HOME

MOMENT = 0.2  #: seconds between two looks at whether another process has its token


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
    # a name that no other process has: nobody can tell whether a desk is gone, so that its lease has to run out
    keyring = LedgerKeyring(holder=f"desk:{token_hex(8)}", clock=clock.now, wait=lambda: sleep(MOMENT))
    return open_house(home, accounts=Accounts(keyring=keyring, pace=LedgerPace()))


def hands() -> dict[str, OfficeHand]:
    """Every office by its code."""
    return dict(house().desks)

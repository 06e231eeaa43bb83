"""The house opened for work: its accounts' tokens and quotas are the ledger's, shared with every other process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from channels import house
from channels.house import Accounts, House
from flows.clock import wall
from flows.holder import is_dead, me
from ledger import boot  # noqa: F401 - Django is started before any model is imported
from ledger.accounts import LedgerKeyring, LedgerPace

MOMENT = 0.2  #: seconds between two looks at whether another process has its token


def open_house(home: Path, *, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> House:
    """As `channels.house.open_house`, and every channel works with the ledger's keyring and pace.

    Raises:
        HouseError: something in the configuration does not hold.
    """
    keyring = LedgerKeyring(holder=me(), clock=wall, wait=lambda: time.sleep(MOMENT), dead=is_dead)
    return house.open_house(home, overrides=overrides, accounts=Accounts(keyring=keyring, pace=LedgerPace()))

"""What a task of a flow stands on: the ledger reachable on its own thread, the office opened from its home."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.db import close_old_connections, connections

from channels.house import OfficeHand
from flows.accounts import open_house
from flows.clock import Clock, office_clock
from ledger import boot  # noqa: F401 - Django is started before any model is imported

P = ParamSpec("P")
R = TypeVar("R")


def own_connection(work: Callable[P, R]) -> Callable[P, R]:
    """Run on a thread with a database connection of its own, closed afterwards: pool threads die without closing theirs."""

    @functools.wraps(work)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            if threading.current_thread() is not threading.main_thread():
                connections.close_all()

    return wrapper


@functools.lru_cache(maxsize=8)
def _hand(home: str, office: str | None, overrides: str) -> OfficeHand:
    return open_house(Path(home), overrides=_parsed(overrides)).desk(office)


def _parsed(overrides: str) -> dict[str, dict[str, Any]]:
    import json

    return json.loads(overrides) if overrides else {}


def at_work(home: str, office: str | None, at: str | None, overrides: str = "") -> tuple[OfficeHand, Clock]:
    """The office and its clock. Parameters of flows are text, so that any scheduler can hand them over.

    `overrides`: JSON, options by channel name that stand before the configuration's; for rehearsals.

    Raises:
        HouseError: the house cannot be opened.
        ClockError: `at` was given for an office that is no sandbox.
    """
    hand = _hand(home, office, overrides)
    return hand, office_clock(hand.office, at)

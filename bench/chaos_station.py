"""What `bench/chaos.py` has to know of a far side: how it is started and emptied, what the public sees there, what may be said twice.

Nothing of it knows of faults: those are the proxy's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from channels.base import Outlet
from channels.once import SENDING, SENT
from content.deliveries import Status
from ledger import boot  # noqa: F401 - boot comes first: Django is started before any model is imported
from ledger.queries import DeliveryLine
from tests.rigs.between import Call

Clock = Callable[[], datetime]


class Station:
    """One platform with one account. `now` is the office's clock, for far sides that can be told the time."""

    kind: ClassVar[str]
    #: what the platform's papers leave open, or what differs between accounts: each run takes one choice of each by lot
    switches: ClassVar[Mapping[str, Sequence[Any]]] = {}
    outlets: ClassVar[Mapping[str, type[Outlet]]] = {}  #: kinds that the registry does not know: for tests of the bench itself
    repeatable: ClassVar[frozenset[str]] = frozenset()  #: calls besides GET, PUT and DELETE that the platform takes for one when said twice
    #: of a far side's lists: how often they must be asked, at most, until they show what is there
    lag: ClassVar[int] = 0
    url: str  #: where it listens

    def __init__(self, now: Clock) -> None:
        """Start it."""
        raise NotImplementedError

    @property
    def environment(self) -> Mapping[str, str]:
        """The channel's secrets, by variable. Of the account there is, too."""
        raise NotImplementedError

    def options(self) -> Mapping[str, Any]:
        """The channel's section of gongkai.toml, without its address. Of the account there is since it was last made to forget."""
        raise NotImplementedError

    def forget(self, switches: Mapping[str, Any]) -> None:
        """As it was at first, with these choices; where nothing can be removed, with another account."""
        raise NotImplementedError

    def shown(self) -> list[str]:
        """What the public sees: a text each, with its index number somewhere in it."""
        raise NotImplementedError

    def doubtful(self, line: DeliveryLine, shown: int) -> bool:
        """Whether a delivery that waits for a person, and of which so many are before the public, is one that only a person can tell."""
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def may_repeat(self, call: Call) -> bool:
        """Whether a network may deliver a call twice without it being the network's fault alone."""
        return call.method in ("GET", "PUT", "DELETE") or call.name in self.repeatable


def sent_off(line: DeliveryLine) -> bool:
    """A request is written down as made, and no answer to it."""
    steps = dict(line.steps)
    return line.status is Status.UNCONFIRMED and bool(steps.get(SENDING)) and not steps.get(SENT)

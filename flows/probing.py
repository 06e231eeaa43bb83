"""探测, in plain Python: ask each channel whether it would work now, and write down what it said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from channels.base import Checks
from channels.errors import ChannelError, QuotaError
from channels.house import OfficeHand
from content.accounts import Checkup
from flows.clock import Clock
from ledger import boot, services  # noqa: F401 - boot comes first: Django is started before any model is imported


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one channel said. `well` None: it could not be asked, and nothing was written down."""

    channel: str
    well: bool | None
    line: str
    until: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Probed:
    """What an office's channels said."""

    answers: list[Answer] = field(default_factory=list)


def askable(hand: OfficeHand) -> list[str]:
    """The channels that can be asked, in the order of the configuration."""
    return [name for name in hand.sections if isinstance(hand.channel(name), Checks)]


def probe_channel(hand: OfficeHand, name: str, *, clock: Clock) -> Answer:
    """Ask one channel, and write down how it was found. Nothing is posted, and a pause does not matter."""
    channel, at = hand.channel(name), clock()
    if not isinstance(channel, Checks):
        raise TypeError(f"channel {name} has nothing to be asked")
    try:
        found: Checkup = channel.check(at)
        answer = Answer(channel=name, well=True, line=found.line, until=found.until)
    except QuotaError as error:  # says nothing of the channel: nobody was asked
        return Answer(channel=name, well=None, line=str(error))
    except (ChannelError, OSError) as error:
        answer = Answer(channel=name, well=False, line=str(error))
    services.keep_probe(office=hand.office.code, channel=name, at=clock(), well=answer.well is True, line=answer.line, until=answer.until)
    return answer

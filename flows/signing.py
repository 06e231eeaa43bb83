"""The renditions of an edition on all its channels: what the leader signs, and what a tick holds against the signature."""

from __future__ import annotations

from collections.abc import Iterable

from channels.base import Rendition
from channels.errors import UnsuitableError
from content.items import Edition
from content.seals import seal
from flows.house import OfficeHand


def renditions(hand: OfficeHand, edition: Edition, channels: Iterable[str]) -> dict[str, Rendition]:
    """The edition in the words of each channel.

    Raises:
        UnsuitableError: it does not fit one of them; the message names the channel.
    """
    out: dict[str, Rendition] = {}
    for name in channels:
        try:
            out[name] = hand.channel(name).render(edition)
        except UnsuitableError as error:
            raise UnsuitableError(f"{hand.channel(name).label} ({name}): {error}") from error.__cause__
        except KeyError:
            raise UnsuitableError(f"channel {name!r} is no longer configured; route the item elsewhere or describe the channel again") from None
    return out


def seals(hand: OfficeHand, edition: Edition, channels: Iterable[str]) -> dict[str, str]:
    """The seal of each rendition, by channel.

    Raises:
        UnsuitableError: it does not fit one of them.
    """
    return {name: seal(rendition) for name, rendition in renditions(hand, edition, channels).items()}

"""The renditions of an edition on all its channels: what the leader signs, and what a tick holds against the signature."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import cast

from channels.base import Channel, Outlet, Rendition, Surface
from channels.errors import UnsuitableError
from channels.house import OfficeHand
from content.items import Edition
from content.seals import seal


def rendition(channel: Surface | Outlet, edition: Edition) -> Rendition:
    """The edition in the words of one channel. Rendering is pure, so what was rendered for the signature serves the tick too.

    Raises:
        UnsuitableError: it does not fit.
    """
    return _rendered(cast("Hashable", channel), edition)


@lru_cache(maxsize=512)
def _rendered(channel: Hashable, edition: Edition) -> Rendition:
    return cast("Channel", channel).render(edition)


def renditions(hand: OfficeHand, edition: Edition, channels: Iterable[str]) -> dict[str, Rendition]:
    """The edition in the words of each channel.

    Raises:
        UnsuitableError: it does not fit one of them; the message names the channel.
    """
    out: dict[str, Rendition] = {}
    for name in channels:
        try:
            out[name] = rendition(hand.channel(name), edition)
        except UnsuitableError as error:
            raise UnsuitableError(f"{hand.channel(name).label} ({name}): {error}") from error.__cause__
        except KeyError:
            raise UnsuitableError(f"channel {name!r} is no longer configured; route the item elsewhere, or describe it again") from None
    return out


def seals(hand: OfficeHand, edition: Edition, channels: Iterable[str]) -> dict[str, str]:
    """The seal of each rendition, by channel.

    Raises:
        UnsuitableError: it does not fit one of them.
    """
    return {name: seal(rendition) for name, rendition in renditions(hand, edition, channels).items()}

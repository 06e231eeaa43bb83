"""What a person needs at hand on a channel's own pages: what to look for there, the words that should stand there, and those that do."""

from __future__ import annotations

from dataclasses import dataclass

from channels.base import Finds, Rendition
from channels.errors import ChannelError
from channels.house import OfficeHand
from channels.signing import rendition
from content.deliveries import Action, Status
from content.html import text
from content.items import Edition
from ledger.queries import DeliveryLine, History

ASKS = (Status.UNCONFIRMED, Status.BY_HAND, Status.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtChannel:
    """For somebody who goes there and looks, or does there what the system cannot."""

    title: str  #: as the channel shows it, else the edition's
    link: str  #: that the posting bears
    now: str  #: the words that are to stand there; empty: none, or they cannot be shown
    before: str  #: of a correction: the words that stood, or may stand, there
    looks: bool  #: the system can look there by itself


def at_channel(hand: OfficeHand, line: DeliveryLine, book: History | None) -> AtChannel | None:
    """For a delivery to an outlet that asks for somebody; None for any other, and where the channel is configured no more."""
    if book is None or line.surface or line.status not in ASKS or line.channel not in hand.outlets:
        return None
    editions = {one.edition.number: one.edition for one in book.editions}
    edition = editions[line.edition_number]
    made = _made(hand, line.channel, edition)
    older = _older(line, book)
    return AtChannel(
        title=(made.title if made else "") or edition.title, link=edition.link, looks=isinstance(hand.outlets[line.channel], Finds),
        now="" if line.action is Action.WITHDRAW else _words(made),
        before=_words(_made(hand, line.channel, editions[older])) if line.action is Action.CORRECT and older else "")


def _older(line: DeliveryLine, book: History) -> int:
    """The edition whose words were last brought to the channel before; 0: none."""
    brought = [one.delivery for one in book.deliveries
               if one.delivery.channel == line.channel and one.delivery.action is not Action.WITHDRAW]
    return max((one.edition_number for one in brought if one.edition_number < line.edition_number and one.status is Status.POSTED),
               default=0)


def _made(hand: OfficeHand, channel: str, edition: Edition) -> Rendition | None:
    try:
        return rendition(hand.outlets[channel], edition)
    except ChannelError:  # it does not fit any more; the delivery itself says why
        return None


def _words(made: Rendition | None) -> str:
    if made is None or made.media_type not in ("text/plain", "text/html", "text/markdown"):
        return ""
    return "\n\n".join(part for part in (made.title, text(made.body) if made.media_type == "text/html" else made.body) if part)

"""What a signer sees of each routed channel: the rendition, how much of the channel's room it takes, where its preview begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from channels.base import Channel, Previews, Rendition, Scene, Shown, Weighs
from channels.errors import UnsuitableError
from channels.house import OfficeHand
from channels.signing import rendition
from content.catalogue import Entry
from content.items import Edition
from content.seals import seal
from desk.fitting import left_out, unit_word
from desk.words import channel_word
from ledger import queries
from ledger.catalogue import LedgerCatalogue
from ledger.queries import EditionInHand


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How much of a channel's room something takes, as its platform counts."""

    what: str  #: title, text, images
    used: int
    most: int
    unit: str  #: what is counted, in words

    @property
    def tight(self) -> bool:
        """Less than a tenth is left for words. As many pictures as there is room for are no matter."""
        return self.what != "images" and self.used * 10 > self.most * 9


@dataclass(frozen=True, slots=True, kw_only=True)
class OnChannel:
    """An edition on one of its channels."""

    name: str
    kind: str
    label: str  #: as people call the channel
    at: datetime | None  #: when it is to appear; None: as soon as it is signed
    seal: str = ""  #: of the rendition; empty where there is none
    problem: str = ""  #: why it does not fit
    measures: tuple[Measure, ...] = ()
    left_out: tuple[str, ...] = ()  #: what the public will not find there
    address: str = ""  #: where the preview begins, on the desk


def on_channels(hand: OfficeHand, found: EditionInHand) -> tuple[OnChannel, ...]:
    """The edition on each channel it is routed to, in the order of its routes."""
    return tuple(_on(hand, found, route.channel, route.kind, route.release_at) for route in found.routes)


def _on(hand: OfficeHand, found: EditionInHand, name: str, kind: str, at: datetime | None) -> OnChannel:
    label = channel_word(name, hand)
    try:
        channel = hand.channel(name)
        made = rendition(channel, found.edition)
    except UnsuitableError as error:
        return OnChannel(name=name, kind=kind, label=label, at=at, problem=str(error))
    except KeyError:
        gone = _("本单位的配置里已经没有渠道 %(name)s；请改选渠道，或请管理员补上配置。") % {"name": name}
        return OnChannel(name=name, kind=kind, label=label, at=at, problem=gone)
    address = reverse("preview", kwargs={"office": hand.office.code, "edition": found.edition_id, "channel": name})
    return OnChannel(name=name, kind=kind, label=label, at=at, seal=seal(made), measures=_measures(channel, made),
                     left_out=tuple(left_out(channel, found.edition, made)), address=address + preview_path(hand, name, found.edition))


def _measures(channel: Channel, made: Rendition) -> tuple[Measure, ...]:
    limits, unit, out = channel.limits, unit_word(channel.limits), []
    if limits.title is not None:
        out.append(Measure(what="title", used=limits.count(made.title), most=limits.title, unit=unit))
    if limits.text is not None:
        used = channel.text_units(made) if isinstance(channel, Weighs) else limits.count(made.body)
        out.append(Measure(what="text", used=used, most=limits.text, unit=unit))
    if limits.max_images:
        out.append(Measure(what="images", used=len(made.images), most=limits.max_images, unit=_("张")))
    return tuple(out)


def seals(shown: tuple[OnChannel, ...]) -> Mapping[str, str]:
    """The seal of each rendition shown, by channel."""
    return {one.name: one.seal for one in shown}


def preview_path(hand: OfficeHand, name: str, edition: Edition) -> str:
    """Where the preview of a channel begins; empty where the channel shows none."""
    channel = hand.channel(name)
    return channel.preview_path(edition) if isinstance(channel, Previews) else ""


def preview(hand: OfficeHand, found: EditionInHand, name: str, path: str, *, now: datetime) -> Shown | None:
    """A file of the preview of an edition on one of its channels; None if there is none.

    Raises:
        UnsuitableError: it does not fit the channel.
        PermanentError: it cannot be shown.
        KeyError: a file's bytes are not kept.
    """
    route = next((one for one in found.routes if one.channel == name), None)
    if route is None or name not in hand.sections:
        return None
    channel = hand.channel(name)
    if not isinstance(channel, Previews):
        return None
    catalogue = LedgerCatalogue(hand.office.code)
    live = catalogue.find(found.edition.index_number)
    shown = live if isinstance(live, Entry) else None
    is_live = shown is not None and shown.edition.number == found.edition.number
    at = shown.updated_at if shown and is_live else route.release_at or now
    return channel.show(Scene(
        edition=found.edition, rendition=rendition(channel, found.edition), at=at.astimezone(hand.office.tz),
        first_at=shown.released_at if shown else None, blobs=catalogue,
        replaces=_stands(found, name) if found.edition.number > 1 and not is_live else ""), path)


def _stands(found: EditionInHand, channel: str) -> str:
    """What stands on a channel now, and would give way to this edition, by its reference; empty for nothing."""
    history = queries.history(index_number=found.edition.index_number)
    postings = history.postings if history else ()
    return next((one.ref for one in postings if one.channel == channel and one.removed_at is None), "")

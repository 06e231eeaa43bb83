"""What outlets have yet to do, what is in doubt, and how all of it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Value, When

from content import deliveries as content
from content.deliveries import Action, Status
from content.rules import TRIABLE
from ledger import editions
from ledger.holds import paused, resting
from ledger.models import Delivery, Posting, Sheet, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A delivery that may be tried, with all an outlet needs."""

    delivery_id: int
    tries: int
    delivery: content.Delivery
    key: str  #: as stored: the delivery's, even where a correction found nothing to correct and is now a first posting
    sealed: str  #: seal of the rendition that was signed
    queued_as: Action  #: as stored, too
    look_asked: bool = False  #: a person asked to have it looked for


def due_deliveries(*, office: str, channel: str, at: datetime, limit: int = 200, but: Collection[Action] = ()) -> list[Due]:
    """An outlet's deliveries that may be tried now: withdrawals first, then what was signed urgently, then the oldest.

    What is paused, and a channel that rests, has none. One whose item has an older delivery in doubt on this channel waits:
    what was said before must be known first. `but`: without these actions.
    """
    doubtful = Delivery.objects.filter(item=OuterRef("item"), channel=channel, status=Status.UNCONFIRMED, pk__lt=OuterRef("pk"))
    urgency = Case(When(action=Action.WITHDRAW, then=Value(0)), When(edition__urgent=True, then=Value(1)), default=Value(2),
                   output_field=IntegerField())
    rows = (Delivery.objects.filter(~Exists(doubtful), ~paused(), ~resting(at), office__code=office, channel=channel, surface=False,
                                    due_at__lte=at, status__in=[status.value for status in TRIABLE])
            .exclude(action__in=[action.value for action in but])
            .select_related("item", "edition").order_by(urgency, "due_at", "pk")[:limit])
    return _dues(rows, office, channel)


def in_doubt(*, office: str, channel: str, asked: bool = False, at: datetime | None = None) -> list[Due]:
    """An outlet's deliveries of which nobody knows whether they were posted.

    With `asked`, those a person asked to have looked for; with `at`, those and what is to be looked for again by then.
    """
    rows = (Delivery.objects.filter(office__code=office, channel=channel, surface=False, status=Status.UNCONFIRMED)
            .select_related("item", "edition").order_by("queued_at", "pk"))
    wanted = Q(look_asked_at__isnull=False)
    if at is not None:
        wanted |= Q(look_at__lte=at)
    return _dues(rows.filter(wanted) if asked or at is not None else rows, office, channel)


def _dues(rows: Iterable[Delivery], office: str, channel: str) -> list[Due]:
    found = list(rows)
    standing = Posting.objects.filter(item__in={row.item_id for row in found}, channel=channel, removed_at=None)
    postings = {posting.item_id: posting for posting in standing}
    return [_due(row, postings.get(row.item_id), office) for row in found]


def _due(row: Delivery, posting: Posting | None, office: str) -> Due:
    action = Action(row.action)
    if action is Action.CORRECT and posting is None:
        action = Action.PUBLISH
    value = None if posting is None else content.Posting(
        ref=posting.ref, url=posting.url or None, live=posting.disclosed_at is not None, told=_told(posting))
    return Due(
        delivery_id=row.pk, tries=row.tries, key=row.key, sealed=row.sealed, queued_as=Action(row.action),
        look_asked=row.look_asked_at is not None,
        delivery=content.Delivery(
            channel=row.channel, action=action, edition=editions.value(row.edition, office=office, index_number=row.item.index_number),
            posting=value))


def printing(*, office: str, number: str) -> Due | None:
    """What was printed as a sheet, to be printed again: the posting is the sheet whose place it takes, as on the first print."""
    row = Delivery.objects.select_related("edition", "item").filter(office__code=office, sheet__number=number).first()
    if row is None:
        return None
    older = Sheet.objects.filter(item=row.item_id, delivery__channel=row.channel, delivery__edition__number__lt=row.edition.number)
    replaced = older.order_by("-delivery__edition__number").first()
    return _due(row, Posting(ref=replaced.number) if replaced else None, office)


def _told(posting: Posting) -> bool:
    """Whether a person recorded it, by its address or by having seen it: the channel knows it by neither."""
    return posting.ref == posting.url or posting.ref.startswith("seen by ")


def delivery_id(*, office: str, key: str) -> int | None:
    """The delivery of a key."""
    return Delivery.objects.filter(office__code=office, key=key).values_list("pk", flat=True).first()


def step_value(*, delivery_id: int, name: str) -> str | None:
    """What was learnt on the way of a delivery."""
    return Step.objects.filter(delivery_id=delivery_id, name=name).values_list("value", flat=True).first()


def open_postings(*, office: str, channel: str) -> int:
    """How many of an office's items stand before the public on a channel."""
    return Posting.objects.filter(office__code=office, channel=channel, disclosed_at__isnull=False, removed_at=None).count()


def standing(*, office: str) -> dict[str, Counter[str]]:
    """How many deliveries of each channel stand in each status."""
    out: dict[str, Counter[str]] = {}
    rows = Delivery.objects.filter(office__code=office).values("channel", "status").annotate(n=Count("pk")).order_by("channel", "status")
    for channel, status, n in rows.values_list("channel", "status", "n"):
        out.setdefault(channel, Counter())[status] = n
    return out

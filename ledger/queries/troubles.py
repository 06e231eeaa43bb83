"""What needs a hand: deliveries that do not go on by themselves, channels that fail, columns and accounts that grow stale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from content.catalogue import column_list
from content.deliveries import Action, Posting, Status
from ledger.holds import under_way
from ledger.models import Attempt, Channel, Column, Delivery, Place, Sheet, Step
from ledger.models import Posting as PostingRow

IN_TROUBLE = (Status.UNCONFIRMED, Status.REFUSED, Status.BY_HAND)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """A delivery, with what is known of it."""

    delivery_id: int
    office: str
    key: str
    index_number: str
    edition_number: int
    title: str
    channel: str
    kind: str
    surface: bool
    action: Action
    status: Status
    detail: str  #: what the last attempt said
    tries: int
    queued_at: datetime
    due_at: datetime
    last_at: datetime | None  #: when the last attempt began
    closed_at: datetime | None  #: since when nothing is left to do
    look_asked_at: datetime | None
    look_at: datetime | None  #: of one in doubt: when the system looks for it next; None: it does not any more
    steps: tuple[tuple[str, str], ...]  #: what was learnt on the way
    posting: Posting | None  #: what stands on the channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailing:
    """A channel whose last attempts surely posted nothing."""

    office: str
    channel: str
    kind: str
    waiting: int  #: deliveries that will be tried again
    since: datetime  #: when the oldest of them was queued
    last_at: datetime | None
    next_try: datetime
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """When something new last stood in a column or on a channel."""

    kind: str  #: column, channel
    name: str
    label: str  #: of a column its name in Chinese; of a channel its name
    channel_kind: str  #: of a channel
    last: datetime | None  #: None: nothing yet


def troubled(*, offices: Sequence[str], at: datetime) -> list[DeliveryLine]:
    """Deliveries that nobody knows of, that were refused, or that wait for a person; sheets have a list of their own. Oldest first.

    One that is being carried at that instant is in no doubt yet.
    """
    return delivery_lines(_in_trouble(offices, at).order_by("queued_at", "pk"))


def how_many_troubled(*, offices: Sequence[str], at: datetime) -> int:
    """How many of them there are."""
    return _in_trouble(offices, at).count()


def _in_trouble(offices: Sequence[str], at: datetime) -> QuerySet[Delivery]:
    # a surface that was interrupted is drawn again by the next tick: no doubt of it needs a person
    printed = Sheet.objects.filter(item=OuterRef("item"), delivery__channel=OuterRef("channel"))
    rows = Delivery.objects.filter(~under_way(at), closed_at=None, office__code__in=offices, status__in=IN_TROUBLE, surface=False)
    return rows.exclude(Exists(printed), status=Status.BY_HAND)


def delivery_line(*, delivery_id: int) -> DeliveryLine | None:
    """One delivery."""
    return next(iter(delivery_lines(Delivery.objects.filter(pk=delivery_id))), None)


def delivery_lines(rows: QuerySet[Delivery]) -> list[DeliveryLine]:
    """Deliveries with their last attempts, steps and postings: four questions however many."""
    found = list(rows.select_related("item", "office", "edition").defer("edition__body"))
    ids = [row.pk for row in found]
    last = {one.delivery_id: one.started_at for one in Attempt.objects.filter(delivery__in=ids).order_by("number")}
    steps: dict[int, list[tuple[str, str]]] = {}
    for delivery, name, said in Step.objects.filter(delivery__in=ids).order_by("pk").values_list("delivery", "name", "value"):
        steps.setdefault(delivery, []).append((name, said))
    standing = {(one.item_id, one.channel): Posting(ref=one.ref, url=one.url or None, live=one.disclosed_at is not None)
                for one in PostingRow.objects.filter(item__in={row.item_id for row in found}, removed_at=None)}
    return [DeliveryLine(
        delivery_id=row.pk, office=row.office.code, key=row.key, index_number=row.item.index_number, edition_number=row.edition.number,
        title=row.edition.title, channel=row.channel, kind=row.kind, surface=row.surface, action=Action(row.action),
        status=Status(row.status), detail=row.detail,
        tries=row.tries, queued_at=row.queued_at, due_at=row.due_at, last_at=last.get(row.pk), closed_at=row.closed_at,
        look_asked_at=row.look_asked_at, look_at=row.look_at, steps=tuple(steps.get(row.pk, ())),
        posting=standing.get((row.item_id, row.channel)))
        for row in found]


def ailing_channels(*, offices: Sequence[str]) -> list[Ailing]:
    """Channels that have deliveries to try again, worst first."""
    rows = (Delivery.objects.filter(closed_at=None, office__code__in=offices, status=Status.DEFERRED)
            .annotate(last=Subquery(Attempt.objects.filter(delivery=OuterRef("pk")).order_by("-number").values("started_at")[:1]))
            .select_related("office").order_by("queued_at", "pk"))
    grouped: dict[tuple[str, str], list[Delivery]] = {}
    for row in rows:
        grouped.setdefault((row.office.code, row.channel), []).append(row)
    return sorted((_ailing(office, channel, found) for (office, channel), found in grouped.items()), key=lambda one: -one.waiting)


def _ailing(office: str, channel: str, rows: Sequence[Delivery]) -> Ailing:
    tried: Iterable[tuple[datetime, str]] = ((row.last, row.detail) for row in rows if row.last)  # type: ignore[attr-defined]  # annotated
    last_at, detail = max(tried, default=(None, rows[0].detail), key=lambda one: one[0])
    return Ailing(office=office, channel=channel, kind=rows[0].kind, waiting=len(rows), since=min(row.queued_at for row in rows),
                  last_at=last_at, next_try=min(row.due_at for row in rows), detail=detail)


def freshness(*, office: str) -> list[Freshness]:
    """When something new last stood in each open column and on each open channel. Columns first, in the order they were opened."""
    columns = Column.objects.filter(office__code=office, closed_at=None).order_by("pk").values_list("office", "slug", "name")
    out = [Freshness(kind="column", name=slug, label=name, channel_kind="", last=Place.objects.filter(
        office=office_id, list=column_list(slug), live=True).order_by("-place").values_list("item__listed_at", flat=True).first())
        for office_id, slug, name in columns]
    channels = Channel.objects.filter(office__code=office, closed_at=None).order_by("pk").values_list("office", "name", "kind")
    return out + [Freshness(kind="channel", name=name, label=name, channel_kind=kind, last=_last_said(office_id, name))
                  for office_id, name, kind in channels]


def _last_said(office_id: int, channel: str) -> datetime | None:
    rows = PostingRow.objects.filter(office=office_id, channel=channel, disclosed_at__isnull=False).order_by("-disclosed_at")
    return rows.values_list("disclosed_at", flat=True).first()


def nearly_stale(*, office: str, before: datetime) -> list[Freshness]:
    """Columns and channels with nothing new since then, the stalest first (国办秘函〔2019〕19号: two weeks)."""
    stale = [one for one in freshness(office=office) if one.last is None or one.last < before]
    return sorted(stale, key=lambda one: (one.last is not None, one.last.timestamp() if one.last else 0.0))

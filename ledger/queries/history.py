"""An item's whole life: its editions and who approved them, where they went, and what became of each copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from content.items import Edition as EditionValue
from content.rules import State
from ledger import editions
from ledger.models import Attempt, Delivery, Edition, Event, Item, Posting
from ledger.queries.events import EventLine, lines
from ledger.queries.gate import JustificationLine, justifications
from ledger.queries.sheets import SheetLine, sheets_of
from ledger.queries.troubles import DeliveryLine, delivery_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """A secrecy review."""

    by: str
    at: datetime
    verdict: str  #: pass, return, refer; pass later, fail later
    reason: str
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOffLine:
    """A signature."""

    by: str
    at: datetime
    seal: str
    renditions: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLine:
    """Where an edition goes, and when it went."""

    channel: str
    kind: str
    surface: bool
    release_at: datetime | None
    released_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRecord:
    """One wording, and all that people did about it."""

    edition_id: int
    edition: EditionValue
    state: State
    drafter: str
    reviewer: str
    signer: str
    drafted_at: datetime
    saved_at: datetime
    released_at: datetime | None
    urgent: bool  #: signed before its review
    urgent_reason: str
    review_due_at: datetime | None
    later_reviewer: str
    later_verdict: str
    reviews: tuple[ReviewLine, ...]
    sign_offs: tuple[SignOffLine, ...]
    routes: tuple[RouteLine, ...]
    justifications: tuple[JustificationLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLine:
    """One try at a delivery."""

    number: int
    holder: str
    started_at: datetime
    finished_at: datetime | None
    status: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecord:
    """A delivery and every try at it."""

    delivery: DeliveryLine
    attempts: tuple[AttemptLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingLine:
    """What the public sees, or saw, on a channel."""

    channel: str
    kind: str
    ref: str
    url: str
    disclosed_at: datetime | None
    removed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that the book holds of an item."""

    office: str
    index_number: str
    released_at: datetime | None
    withdrawn_at: datetime | None
    withdrawal_reason: str
    editions: tuple[EditionRecord, ...]
    deliveries: tuple[DeliveryRecord, ...]
    postings: tuple[PostingLine, ...]
    sheets: tuple[SheetLine, ...]
    events: tuple[EventLine, ...]


def history(*, index_number: str = "", item_id: int | None = None) -> History | None:
    """Everything about one item, by its index number or its number in the ledger, oldest first; None if there is no such item."""
    asked: dict[str, str | int] = {"index_number": index_number} if item_id is None else {"pk": item_id}
    # the item by the same statement as its editions: withdrawn in between, it would be public and withdrawn at once
    rows = list(Edition.objects.filter(item__in=Item.objects.filter(**asked)).select_related("item__office").order_by("number")
                .prefetch_related("reviews", "sign_offs", "routes", "justifications__edition"))
    if not rows:
        return None
    item = rows[0].item
    index_number = item.index_number
    deliveries = _deliveries(item)
    sheets = sheets_of(item_id=item.pk)
    subjects = [index_number, *(one.delivery.key for one in deliveries), *(sheet.number for sheet in sheets)]
    return History(
        office=item.office.code, index_number=index_number, released_at=item.released_at, withdrawn_at=item.withdrawn_at,
        withdrawal_reason=item.withdrawal_reason, editions=tuple(_edition(row, item) for row in rows), deliveries=deliveries,
        postings=tuple(PostingLine(channel=one.channel, kind=one.kind, ref=one.ref, url=one.url, disclosed_at=one.disclosed_at,
                                   removed_at=one.removed_at) for one in Posting.objects.filter(item=item).order_by("pk")),
        sheets=tuple(sheets), events=lines(Event.objects.filter(office=item.office, subject__in=subjects).order_by("seq")))


def _edition(row: Edition, item: Item) -> EditionRecord:
    return EditionRecord(
        edition_id=row.pk, edition=editions.value(row, office=item.office.code, index_number=item.index_number), state=State(row.state),
        drafter=row.drafter, reviewer=row.reviewer, signer=row.signer, drafted_at=row.drafted_at, saved_at=row.saved_at or row.drafted_at,
        released_at=row.released_at, urgent=row.urgent, urgent_reason=row.urgent_reason, review_due_at=row.review_due_at,
        later_reviewer=row.later_reviewer, later_verdict=row.later_verdict,
        reviews=tuple(ReviewLine(by=one.by, at=one.at, verdict=one.verdict, reason=one.reason, seal=one.seal)
                      for one in sorted(row.reviews.all(), key=lambda one: one.pk)),
        sign_offs=tuple(SignOffLine(by=one.by, at=one.at, seal=one.seal, renditions=one.renditions)
                        for one in sorted(row.sign_offs.all(), key=lambda one: one.pk)),
        routes=tuple(RouteLine(channel=one.channel, kind=one.kind, surface=one.surface, release_at=one.release_at,
                               released_at=one.released_at) for one in sorted(row.routes.all(), key=lambda one: one.pk)),
        justifications=justifications(list(row.justifications.all())))


def _deliveries(item: Item) -> tuple[DeliveryRecord, ...]:
    attempts: dict[int, list[AttemptLine]] = {}
    for one in Attempt.objects.filter(delivery__item=item).order_by("delivery", "number"):
        attempts.setdefault(one.delivery_id, []).append(AttemptLine(
            number=one.number, holder=one.holder, started_at=one.started_at, finished_at=one.finished_at, status=one.status,
            detail=one.detail))
    return tuple(DeliveryRecord(delivery=line, attempts=tuple(attempts.get(line.delivery_id, ())))
                 for line in delivery_lines(Delivery.objects.filter(item=item).order_by("pk")))

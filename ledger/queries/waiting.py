"""What waits for a person: each list as long as what waits, whatever the archive holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from content.rules import State
from ledger.models import Edition, Route, Sheet
from ledger.queries.sheets import in_hand, newer
from ledger.queries.sightings import how_many_missing
from ledger.queries.troubles import how_many_troubled

#: states of an edition that the public does not read yet
UNRELEASED = (State.DRAFT, State.IN_REVIEW, State.REVIEWED, State.SIGNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingEdition:
    """An edition as a list of things to do shows it."""

    edition_id: int
    office: str
    index_number: str
    number: int
    title: str
    column: str
    state: State
    drafter: str
    reviewer: str
    signer: str
    saved_at: datetime
    made_on: date
    urgent: bool  #: its drafter asks for the urgent path, or it was signed on it
    urgent_reason: str
    returned_by: str
    return_reason: str
    first: bool  #: of an item that was never released


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterReview:
    """An edition that was signed before its review."""

    edition: WaitingEdition
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingOut:
    """Channels that an edition goes to at one time; `release_at` None: with the next tick."""

    edition: WaitingEdition
    release_at: datetime | None
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much waits for a person, for the menu."""

    drafts: int
    returned: int  #: of the drafts
    to_review: int
    to_sign: int
    to_review_afterwards: int
    to_withdraw: int
    troubled: int  #: deliveries, and postings that were found missing
    sheets: int  #: to put up, hanging, or to take down


def my_drafts(*, offices: Sequence[str], by: str) -> list[WaitingEdition]:
    """A person's drafts, those that came back first, then by when they were last saved."""
    rows = _mine(offices, by).annotate(back=Case(When(~Q(return_reason=""), then=Value(0)), default=Value(1), output_field=IntegerField()))
    return _lines(rows.order_by("back", "-saved_at", "-pk"))


def shelved(*, offices: Sequence[str], by: str = "") -> list[WaitingEdition]:
    """Drafts that were laid aside, of one person or of all."""
    rows = _open(offices).filter(state=State.SHELVED)
    return _lines((rows.filter(drafter=by) if by else rows).order_by("-saved_at", "-pk"))


def to_review(*, offices: Sequence[str], by: str) -> list[WaitingEdition]:
    """What a person may review: not what they wrote. Urgent ones first, then the oldest."""
    return _lines(_urgent_first(_for_review(offices, by)))


def to_sign(*, offices: Sequence[str], by: str) -> list[WaitingEdition]:
    """What a person may sign: neither what they wrote nor what they reviewed. Urgent ones first, then the oldest."""
    return _lines(_urgent_first(_for_signature(offices, by)))


def to_review_afterwards(*, offices: Sequence[str], by: str) -> list[LaterReview]:
    """Signed before their review, and not by this person, nor written by them; the one that is due first stands first."""
    rows = _for_later_review(offices, by).order_by("review_due_at", "pk")
    return [LaterReview(edition=line, due_at=row.review_due_at) for row, line in _both(rows) if row.review_due_at]


def to_withdraw(*, offices: Sequence[str]) -> list[WaitingEdition]:
    """Public, and turned down by their later review: a leader withdraws them."""
    return _lines(_turned_down(offices).order_by("later_reviewed_at", "pk"))


def near_due(*, offices: Sequence[str], made_by: date) -> list[WaitingEdition]:
    """Items made on or before a day of which nothing is public yet, the oldest first (条例 Art. 26: twenty working days)."""
    # while its first edition is open, nothing of an item is public
    return _lines(_open(offices).filter(state__in=UNRELEASED, number=1, made_on__lte=made_by).order_by("made_on", "pk"))


def going_out(*, offices: Sequence[str], until: datetime) -> list[GoingOut]:
    """What is signed and goes out by then, in the order of time."""
    routes = Route.objects.filter(Q(release_at=None) | Q(release_at__lte=until), released_at=None, edition__item__office__code__in=offices,
                                  edition__state__in=(State.SIGNED, State.RELEASED), edition__item__withdrawn_at=None)
    grouped: dict[tuple[int, datetime | None], list[str]] = {}
    for edition, release_at, channel in routes.order_by("release_at", "edition", "pk").values_list("edition", "release_at", "channel"):
        grouped.setdefault((edition, release_at), []).append(channel)
    lines = {line.edition_id: line for line in _lines(Edition.objects.filter(pk__in={edition for edition, _ in grouped}))}
    out = [GoingOut(edition=lines[edition], release_at=release_at, channels=tuple(channels))
           for (edition, release_at), channels in grouped.items()]
    return sorted(out, key=lambda one: (one.release_at.timestamp() if one.release_at else 0.0, one.edition.edition_id))


def counts(*, offices: Sequence[str], by: str, at: datetime) -> Counts:
    """How much of each, at an instant."""
    mine = _mine(offices, by)
    hanging = Sheet.objects.annotate(newer=newer()).filter(in_hand(), office__code__in=offices, taken_down_at=None)
    return Counts(
        drafts=mine.count(), returned=mine.exclude(return_reason="").count(), to_review=_for_review(offices, by).count(),
        to_sign=_for_signature(offices, by).count(), to_review_afterwards=_for_later_review(offices, by).count(),
        to_withdraw=_turned_down(offices).count(),
        troubled=how_many_troubled(offices=offices, at=at) + how_many_missing(offices=offices), sheets=hanging.count())


def _open(offices: Sequence[str]) -> QuerySet[Edition]:
    """Editions that nothing was released of: the archive is not among them."""
    return Edition.objects.filter(released_at=None, item__office__code__in=offices)


def _mine(offices: Sequence[str], by: str) -> QuerySet[Edition]:
    return _open(offices).filter(state=State.DRAFT, drafter=by)


def _for_review(offices: Sequence[str], by: str) -> QuerySet[Edition]:
    return _open(offices).filter(state=State.IN_REVIEW).exclude(drafter=by)


def _for_signature(offices: Sequence[str], by: str) -> QuerySet[Edition]:
    asked = Q(state=State.IN_REVIEW, item__office__urgent=True) & ~Q(urgent_reason="")
    rows = _open(offices).filter(Q(state=State.REVIEWED) | asked, state__in=(State.REVIEWED, State.IN_REVIEW))
    return rows.exclude(drafter=by).exclude(reviewer=by)


def _for_later_review(offices: Sequence[str], by: str) -> QuerySet[Edition]:
    rows = Edition.objects.filter(review_due_at__isnull=False, later_reviewed_at=None, item__office__code__in=offices)
    return rows.exclude(drafter=by).exclude(signer=by)


def _turned_down(offices: Sequence[str]) -> QuerySet[Edition]:
    # by what the item shows, and not by the state: released editions are the archive
    return Edition.objects.filter(later_reviewed_at__isnull=False, later_verdict="fail", item__shown=F("pk"), item__withdrawn_at=None,
                                  item__office__code__in=offices)


def _urgent_first(rows: QuerySet[Edition]) -> QuerySet[Edition]:
    return rows.annotate(haste=Case(When(urgent_reason="", then=Value(1)), default=Value(0), output_field=IntegerField())).order_by(
        "haste", "saved_at", "pk")


def _lines(rows: QuerySet[Edition]) -> list[WaitingEdition]:
    return [line for _, line in _both(rows)]


def _both(rows: QuerySet[Edition]) -> Iterable[tuple[Edition, WaitingEdition]]:
    for row in rows.select_related("item__office").defer("body", "images", "attachments"):
        yield row, WaitingEdition(
            edition_id=row.pk, office=row.item.office.code, index_number=row.item.index_number, number=row.number, title=row.title,
            column=row.column, state=State(row.state), drafter=row.drafter, reviewer=row.reviewer, signer=row.signer,
            saved_at=row.saved_at or row.drafted_at, made_on=row.made_on, urgent=bool(row.urgent_reason), urgent_reason=row.urgent_reason,
            returned_by=row.returned_by, return_reason=row.return_reason, first=row.item.released_at is None)

"""The bulletin board's list: what to put up, what hangs, what to take down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from content.rules import State
from ledger.models import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """A printed sheet as the board list shows it."""

    number: str
    office: str
    index_number: str
    title: str
    column: str
    channel: str
    delivery_id: int
    printed_on: date  #: day of the office's zone
    days: int  #: natural days it is to hang, from the day on which it is put up
    due_down: date | None  #: None before it hangs
    put_up: bool
    put_up_at: datetime | None
    put_up_by: str
    put_up_photo: str  #: SHA-256, or empty
    taken_down: bool
    taken_down_at: datetime | None
    taken_down_by: str
    taken_down_photo: str
    withdrawn: bool
    replaced: bool  #: a newer edition of the item was released, or a newer sheet printed

    def down_on(self, today: date) -> date:
        """The day on which it comes down; of one that does not hang yet, if it is put up today."""
        return self.due_down or today + timedelta(days=self.days)

    def late(self, today: date) -> bool:
        """Whether it was never put up, although it would be down again had it been put up when it was printed."""
        return not self.put_up and self.printed_on + timedelta(days=self.days) <= today

    def due(self, today: date) -> bool:
        """Whether it has hung as long as it is to hang."""
        return self.due_down is not None and self.due_down <= today


def sheets(*, office: str, open_only: bool = True) -> list[SheetLine]:
    """Printed sheets, oldest first; by default those a person still has something to do with."""
    rows = _rows().filter(office__code=office).order_by("printed_at", "number")
    if open_only:
        rows = rows.filter(in_hand(), taken_down_at=None)
    return [_line(row) for row in rows]


def sheet(*, number: str) -> SheetLine | None:
    """One sheet by the number printed on it, whatever became of it."""
    row = _rows().filter(number=number).first()
    return None if row is None else _line(row)


def sheets_of(*, item_id: int) -> list[SheetLine]:
    """Every sheet of an item, oldest first."""
    return [_line(row) for row in _rows().filter(item=item_id).order_by("printed_at", "number")]


def newer() -> Exists:
    """Whether a sheet of a newer edition was printed for the same board."""
    return Exists(Sheet.objects.filter(item=OuterRef("item"), delivery__channel=OuterRef("delivery__channel"),
                                       delivery__edition__number__gt=OuterRef("delivery__edition__number")))


def in_hand() -> Q:
    """Of sheets that are not yet down: hanging, or still to go up."""
    may_go_up = Q(item__withdrawn_at=None, newer=False, delivery__edition__state=State.RELEASED)
    return Q(put_up_at__isnull=False) | may_go_up


def _rows() -> QuerySet[Sheet]:
    return Sheet.objects.annotate(newer=newer()).select_related("item", "office", "delivery__edition").defer("delivery__edition__body")


def _line(row: Sheet) -> SheetLine:
    edition = row.delivery.edition
    return SheetLine(
        number=row.number, office=row.office.code, index_number=row.item.index_number, title=edition.title, column=edition.column,
        channel=row.delivery.channel, delivery_id=row.delivery_id, printed_on=row.printed_at.astimezone(ZoneInfo(row.office.zone)).date(),
        days=row.days, due_down=row.due_down, put_up=row.put_up_at is not None, put_up_at=row.put_up_at, put_up_by=row.put_up_by,
        put_up_photo=row.put_up_photo, taken_down=row.taken_down_at is not None, taken_down_at=row.taken_down_at,
        taken_down_by=row.taken_down_by, taken_down_photo=row.taken_down_photo, withdrawn=row.item.withdrawn_at is not None,
        replaced=row.newer or edition.state == State.CORRECTED)  # type: ignore[attr-defined]  # annotated

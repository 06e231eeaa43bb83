"""Items and editions as the doors ask for them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime

from content.items import Edition as EditionValue
from content.rules import State
from content.seals import seal
from ledger.editions import edition_seal
from ledger.models import Beat, Delivery, Edition, Event, Item, Office, Serial, Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """A printed sheet as the board list shows it."""

    number: str
    index_number: str
    title: str
    printed_on: date
    due_down: date
    put_up: bool
    taken_down: bool
    withdrawn: bool
    replaced: bool  #: a newer sheet of the item was printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the ledger has of an index number."""

    item_id: int
    import_key: str | None
    newest: int  #: number of the newest edition
    newest_state: State
    newest_id: int
    released: bool
    withdrawn: bool


def find_item(*, index_number: str) -> Known | None:
    """What the ledger has of an index number; None if it is free."""
    item = Item.objects.filter(index_number=index_number).first()
    if item is None:
        return None
    newest = item.editions.order_by("-number").only("number", "state").get(number=item.editions.count())
    return Known(item_id=item.pk, import_key=item.import_key, newest=newest.number, newest_state=State(newest.state), newest_id=newest.pk,
                 released=item.shown_id is not None, withdrawn=item.withdrawn_at is not None)


def has_words(*, index_number: str, edition: EditionValue) -> bool:
    """Whether some edition of the item already says just this, whatever its number."""
    rows = Edition.objects.filter(item__index_number=index_number).select_related("item__office")
    return any(edition_seal(row) == seal(replace(edition, number=row.number)) for row in rows)


def imported(*, office: str, import_key: str) -> str | None:
    """The index number of the item that was imported from a line with this key."""
    return Item.objects.filter(office__code=office, import_key=import_key).values_list("index_number", flat=True).first()


def next_serial(*, office: str, year: int) -> int:
    """The serial to propose for a year's next index number."""
    return (Serial.objects.filter(office__code=office, year=year).values_list("last", flat=True).first() or 0) + 1


def editions_in(*, office: str, state: State) -> list[tuple[int, str]]:
    """(edition, index number) of an office's editions in a state, in order of index number."""
    return list(Edition.objects.filter(item__office__code=office, state=state).order_by("item__index_number", "number")
                .values_list("pk", "item__index_number"))


def sheets(*, office: str, open_only: bool = True) -> list[SheetLine]:
    """Printed sheets, oldest first; by default those a person still has something to do with."""
    rows = Sheet.objects.filter(office__code=office).select_related("item", "delivery__edition").order_by("printed_at", "number")
    if open_only:
        rows = rows.filter(taken_down_at=None)
    newest: dict[int, int] = {}
    for item, number in Sheet.objects.filter(office__code=office).values_list("item_id", "delivery__edition__number"):
        newest[item] = max(newest.get(item, 0), number)
    lines = [SheetLine(
        number=row.number, index_number=row.item.index_number, title=row.delivery.edition.title, printed_on=row.printed_at.date(),
        due_down=row.due_down, put_up=row.put_up_at is not None, taken_down=row.taken_down_at is not None,
        withdrawn=row.item.withdrawn_at is not None, replaced=row.delivery.edition.number < newest[row.item_id]) for row in rows]
    return [line for line in lines if line.put_up or not (line.withdrawn or line.replaced)] if open_only else lines


def standing(*, office: str) -> dict[str, Counter[str]]:
    """How many deliveries of each channel stand in each status."""
    out: dict[str, Counter[str]] = {}
    for channel, status in Delivery.objects.filter(office__code=office).values_list("channel", "status"):
        out.setdefault(channel, Counter())[status] += 1
    return out


def is_open(*, office: str) -> bool:
    """Whether the ledger knows the office."""
    return Office.objects.filter(code=office).exists()


def last_event_at(*, office: str) -> datetime | None:
    """When the office's last event was written, by its own clock."""
    return Event.objects.filter(office__code=office).order_by("-seq").values_list("at", flat=True).first()


def last_beat(*, office: str, flow: str) -> datetime | None:
    """When a flow began its last tick."""
    return Beat.objects.filter(office__code=office, flow=flow).values_list("started_at", flat=True).first()

"""Rows of a sheet on their way into the ledger: judged one by one, kept between the two clicks, taken in once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from django.utils.translation import gettext as _

from channels.errors import UnsuitableError
from channels.signing import renditions
from content.index_numbers import IndexNumberError
from content.items import Edition
from content.papers.sheets import Row, check
from content.records import Record, RecordError
from content.rules import RuleError
from content.seals import seal
from desk.access import Seat
from desk.words import said
from ledger import queries, services
from ledger.errors import LedgerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row, judged."""

    row: Row
    record: Record | None = None
    faults: tuple[str, ...] = ()
    known: str = ""  #: the index number under which the ledger has this very row already

    @property
    def title(self) -> str:
        """As the row gives it."""
        return str(self.row.record.get("title") or "—")

    @property
    def good(self) -> bool:
        """Whether it may be taken in."""
        return self.record is not None and not self.faults and not self.known


@dataclass(slots=True, kw_only=True)
class TakenIn:
    """What became of a batch."""

    drafts: int = 0
    known: int = 0
    faults: list[str] = field(default_factory=list)


def judge(seat: Seat, row: Row) -> Line:
    """A row as it would be taken in: whatever would be refused then is found now."""
    hand = seat.hand
    record, faults = check(row, office=hand.office, channels=frozenset(hand.sections), today=seat.at.astimezone(hand.office.tz).date())
    if record is None:
        return Line(row=row, faults=faults)
    if known := queries.imported(office=seat.office, import_key=row_key(row)):
        return Line(row=row, record=record, known=known)
    return Line(row=row, record=record, faults=_refusals(seat, row, record))


def _refusals(seat: Seat, row: Row, record: Record) -> tuple[str, ...]:
    if record.facts["change_note"]:
        return (f"{row.where('change_note')}：{_('批量表格只收新信息。更正请在台账中打开原信息起草。')}",)
    number, index = record.facts["index_number"], seat.hand.office.index
    try:
        if number:
            index.parse(number)
        _edition(seat, record, number or index.compose(seat.at.year, 1), 1)
    except IndexNumberError:
        return (f"{row.where('index_number')}：{_('不是本单位的索引号；不填则按顺序给出。')}",)
    except RecordError as error:
        return (f"{row.where(error.field)}：{error.chinese}。",)
    except UnsuitableError as error:
        return (f"{row.where('channels')}：{error}。",)
    if number and queries.find_item(index_number=number):
        return (f"{row.where('index_number')}：{_('这个索引号已被使用。')}",)
    return ()


def _edition(seat: Seat, record: Record, index_number: str, number: int) -> Edition:
    channels = seat.hand.carried(record.channels)
    made = record.edition(index_number=index_number, number=number, link=seat.hand.link(index_number, channels))
    renditions(seat.hand, made, channels)
    return made


def row_key(row: Row) -> str:
    """The same for the same row, wherever it stands: a second upload changes nothing."""
    return seal({"record": dict(row.record), "files": []})


def take_in(seat: Seat, rows: Iterable[Row]) -> TakenIn:
    """Draft every row that holds; each is judged again, for the ledger may have moved on since the page was shown."""
    done = TakenIn()
    for row in rows:
        line = judge(seat, row)
        if line.known:
            done.known += 1
        elif not line.good or line.record is None:
            done.faults += line.faults
        else:
            _take_in(seat, row, line.record, done)
    return done


def _take_in(seat: Seat, row: Row, record: Record, done: TakenIn) -> None:
    routes = seat.hand.routes(seat.hand.carried(record.channels), release_at=record.release_at)
    try:
        taken = services.take_in(office=seat.hand.office, index_number=record.facts["index_number"], make=partial(_edition, seat, record),
                                 routes=routes, by=seat.person, at=seat.at, import_key=row_key(row))
    except (LedgerError, RuleError) as error:
        done.faults.append(f"{row.where('index_number')}：{said(error, seat.hand)}")
    except UnsuitableError as error:
        done.faults.append(f"{row.where('channels')}：{error}。")
    else:
        done.drafts += taken.edition_id is not None


def as_text(row: Row) -> str:
    """A row for keeping between the page that shows it and the click that takes it in."""
    kept = {"sheet": row.sheet, "number": row.number, "record": dict(row.record), "columns": dict(row.columns)}
    return json.dumps(kept, ensure_ascii=False)


def from_text(text: str) -> Row:
    """What `as_text` gave."""
    return Row(**json.loads(text))

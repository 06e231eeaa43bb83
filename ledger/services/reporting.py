"""What an office says for its reports: facts, words, and the report that was handed in. Nothing is changed; the latest holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from content.items import UNPRINTABLE
from content.seals import seal
from ledger.errors import DuplicateError, LedgerError, StaleError, UnknownError
from ledger.limits import check_lengths
from ledger.models import Fact, Frozen, Text
from ledger.periods import Period, bounds, within
from ledger.services.book import Book, aware, book
from ledger.services.editing import keep_blob

DIGITS = 15  #: significant digits that every database keeps exactly
PLACES = 6  #: digits behind the point


def record_fact(*, office: str, form: str, year: int, cell: str, value: Decimal | int | str | None, by: str, at: datetime, note: str = "",
                decimals: int = PLACES, signed: bool = False, period: Period | None = None, seen: str | None = None) -> Fact:
    """Record a number that the ledger cannot know. None takes back what was recorded: the cell is unknown again, which is not zero.

    `decimals`: the most digits behind the point that the cell may have (`reports.report.recordable`), 0 for a count. `signed`: it may be
    below zero, as a change may. `seen`: the digits that stood there when it was typed, empty for none. Recording what stands there already
    changes nothing.

    Raises:
        UnknownError: no such office.
        StaleError: somebody recorded another number since it was `seen`; `by` and `now` in its facts say who and which.
        LedgerError: it is no number, below zero, a fraction of a count, or of a period that has not begun; or it contradicts what was
            recorded before and `note` does not say why.
    """
    number = None if value is None else _number(cell, value, decimals=decimals, signed=signed)
    with book(office=office, by=by, at=at) as opened:
        said = _said(opened, form, year, period)
        check_lengths(Fact, {"cell": cell, "form": form})
        if not cell:
            raise LedgerError("a fact needs the address of its cell", code="fact_cell")
        _no_odd_characters(note)
        last = Fact.objects.filter(**said, cell=cell).order_by("-pk").first()
        before = last.value if last else None
        if last is not None and before == number:
            return last
        if seen is not None and seen != plain(before):
            raise StaleError(f"{cell} of {year} is {plain(before) or 'nothing'} by now; look at that first", by=last.by if last else "",
                             now=plain(before))
        if last is not None and before is not None and not note.strip():
            raise _contradicts(last, number)
        opened.write("fact recorded", f"{form} {year} {cell}", value=plain(number), before=plain(before))
        return Fact.objects.create(**said, cell=cell, value=number, note=note.strip(), by=by, at=at)


def _contradicts(last: Fact, number: Decimal | None) -> LedgerError:
    before, now = plain(last.value), plain(number)
    return LedgerError(f"{last.cell} of {last.year} was recorded as {before} by {last.by}; {now or 'nothing'} contradicts it: say why in "
                       "a note", code="fact_contradicts", cell=last.cell, before=before, now=now, by=last.by)


def _number(cell: str, value: Decimal | int | str, *, decimals: int, signed: bool) -> Decimal:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise LedgerError(f"{cell}: {value!r} is no number; blank is not zero: write 0, or leave it unrecorded", code="fact_number",
                          cell=cell, value=str(value))
    if number < 0 and not signed:
        raise LedgerError(f"{cell}: {value} is below zero, which no count can be", code="fact_negative", cell=cell, value=str(value))
    if number and number.adjusted() >= DIGITS - PLACES:
        raise LedgerError(f"{cell}: {value} is larger than any figure of a report", code="fact_large", cell=cell, value=str(value))
    if number != round(number, decimals):
        raise LedgerError(f"{cell}: {value} has more than {decimals} decimals" + ("; a count is whole" if not decimals else ""),
                          code="fact_fraction", cell=cell, value=str(value), decimals=decimals)
    return number


def plain(value: Decimal | None) -> str:
    """A number as its digits, without zeros at the end; empty for none."""
    if value is None:
        return ""
    digits = format(value, "f")
    return (digits.rstrip("0").rstrip(".") or "0") if "." in digits else digits


def keep_text(*, office: str, form: str, year: int, part: str, text: str, by: str, at: datetime, period: Period | None = None,
              seen: str | None = None) -> Text:
    """Keep a part's words as they were edited. Keeping what stands there already changes nothing.

    `seen`: the seal of the words that stood there when they were edited, empty for none.

    Raises:
        UnknownError: no such office.
        StaleError: somebody kept other words since they were `seen`.
        LedgerError: the text holds characters that no document can, or the period has not begun.
    """
    _no_odd_characters(text)
    with book(office=office, by=by, at=at) as opened:
        said = _said(opened, form, year, period)
        check_lengths(Text, {"part": part, "form": form})
        last = Text.objects.filter(**said, part=part).order_by("-pk").first()
        if last is not None and last.text == text:
            return last
        if seen is not None and seen != (seal(last.text) if last else ""):
            raise StaleError(f"the words of {part} of {form} {year} are others by now; look at those first")
        opened.write("report text kept", f"{form} {year} {part}", seal=seal(text))
        return Text.objects.create(**said, part=part, text=text, by=by, at=at)


def _no_odd_characters(text: str) -> None:
    if found := UNPRINTABLE.search(text):
        raise LedgerError(f"the text holds U+{ord(found[0]):04X}, which no document can hold; take it out", code="unprintable",
                          character=f"U+{ord(found[0]):04X}")


def freeze_report(*, office: str, form: str, year: int, filing: Mapping[str, Any], rows: Mapping[str, Sequence[str]], as_of: datetime,
                  by: str, at: datetime, period: Period | None = None, restates: int | None = None, reason: str = "",
                  offices: Sequence[str] = (), signed_on: date | None = None, papers: Mapping[str, bytes] | None = None,
                  answers: Mapping[str, str] | None = None) -> Frozen:
    """Keep a report as it is handed in: what it says, what stands behind each counted cell, and its papers with their seals.

    `offices`: of a district's report, those whose items it counts. `signed_on`: the day printed under it. `papers`: by file name; they
    are handed out as they were, whatever makes reports by then. `answers`: where a check does not
    hold and the report stands all the same, why, by what it is.

    One an office, year and form (and period). Another names the one it `restates`, which must be the last, and says why.

    Raises:
        UnknownError: no such office, or no such report to restate.
        DuplicateError: there is one already.
        StaleError: somebody else restated it meanwhile.
        LedgerError: the report is of another office's year, of an instant to come, or restates without a reason.
        ClockError: `as_of` names no zone.
    """
    aware(as_of)
    for words in (reason, *(answers or {}).values()):
        _no_odd_characters(words)
    with book(office=office, by=by, at=at) as opened:
        said = _said(opened, form, year, period)
        check_lengths(Frozen, {"form": form})
        if (filing.get("form"), filing.get("year")) != (form, year):
            raise LedgerError(f"the report is {filing.get('form')} of {filing.get('year')}, not {form} of {year}", code="report_other",
                              form=form, year=year)
        if as_of > at:
            raise LedgerError(f"figures as of {as_of} cannot be frozen at {at}", code="report_early", form=form, year=year)
        last = Frozen.objects.filter(**said, restated_by=None).first()
        _follows(last, form, year, restates, reason)
        if unanswered := [what for what, why in (answers or {}).items() if not why.strip()]:
            raise LedgerError(f"say why {form} of {year} stands although {unanswered[0]} does not hold", code="reason", what="stands")
        frozen = Frozen.objects.create(**said, as_of=as_of, filing=dict(filing), rows={cell: list(keys) for cell, keys in rows.items()},
                                       restates=last, reason=reason.strip(), by=by, at=at, offices=[*offices], signed_on=signed_on,
                                       seals={name: keep_blob(data) for name, data in (papers or {}).items()},
                                       answers={what: why.strip() for what, why in (answers or {}).items()})
        opened.write("report restated" if last else "report frozen", f"{form} {year}", report=frozen.pk, as_of=as_of.isoformat(),
                     seal=seal(dict(filing)), **({"restates": last.pk} if last else {}))
        return frozen


def _follows(last: Frozen | None, form: str, year: int, restates: int | None, reason: str) -> None:
    if restates is None:
        if last is not None:
            raise DuplicateError(f"{form} of {year} was handed in already ({last.at:%Y-%m-%d} by {last.by}); what changed since goes "
                                 "into a restatement that names it", code="report_twice", form=form, year=year, by=last.by, at=last.at)
        return
    if last is None:
        raise UnknownError(f"no report {restates} of {form} {year} to restate", what="report", name=str(restates))
    if last.pk != restates:
        raise StaleError(f"{form} of {year} was restated meanwhile by {last.by}; look at that one first", code="report_stale",
                         form=form, year=year, by=last.by, at=last.at)
    if not reason.strip():
        raise LedgerError(f"say why {form} of {year} is restated", code="reason", what="restate")


def _said(book: Book, form: str, year: int, period: Period | None) -> dict[str, Any]:
    """Whose, and of which days. A period that has not begun has nothing to say yet."""
    first, last = within(year, period)
    if book.at < bounds((first, last), book.office.zone)[0]:
        raise LedgerError(f"{first} has not come yet in this office; nothing can be said of {year}", code="period_early", year=year,
                          first=first.isoformat())
    return {"office": book.office, "form": form, "year": year, "first_day": first, "last_day": last}

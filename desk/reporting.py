"""The desk's reports: which one an address names, made from the ledger as it stands when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.http import Http404

from channels.registry import LABELS
from content.figures import Counting
from content.measures import Measure
from desk.access import Seat
from ledger import queries
from reports.forms import Form, FormError, form, known
from reports.making import Asked, Maker, cut
from reports.prose import ProseError, check
from reports.report import Report, fill, measures

MAKER = Maker(books=queries, labels=LABELS)
WHEN = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A report as it would be handed in now, however unfinished."""

    asked: Asked
    report: Report
    #: the parts whose kept words speak of a figure that is there no more, with its name; they are drawn in the form's words
    wrong: Mapping[str, str]
    counts: Mapping[Measure, int]


def asked_for(seat: Seat, name: str, when: str, *, counting: Counting = Counting.DISTINCT) -> Asked:
    """The report that an address names: a form, and a year as `2025`, a month or quarter of it as `2025-3`.

    Raises:
        Http404: there is no such form, year or period.
    """
    found = WHEN.fullmatch(when)
    if name not in known() or not found or not 1949 < int(found[1]) <= seat.at.astimezone(seat.hand.office.tz).year:
        raise Http404
    try:
        period = cut(form(name).period, int(found[1]), int(found[2] or 0))
    except FormError as error:
        raise Http404 from error
    if period is None and found[2]:
        raise Http404
    return Asked(office=seat.hand.office, form=name, year=int(found[1]), as_of=seat.at, period=period, counting=counting)


def kept_of(asked: Asked) -> queries.Frozen | None:
    """The report of that question that was handed in, if there is one."""
    return queries.frozen_report(office=asked.office.code, form=asked.form, year=asked.year, period=asked.period)


def draft(asked: Asked, *, also: Iterable[Measure] = ()) -> Draft:
    """The report as the ledger stands. Words that came to speak of nothing (a channel was closed) stop no page.

    `also`: what else is counted in the same look.
    """
    if asked.offices:  # a district's, as it was handed in: its words held then
        return Draft(asked=asked, report=MAKER.report(asked), wrong={}, counts={})
    made = MAKER.form(asked)
    book = queries.yearbook(office=asked.office.code, form=asked.form, year=asked.year, measures=dict.fromkeys([*measures(made), *also]),
                            as_of=asked.as_of, period=asked.period)
    wrong = {part: word for part, text in book.texts.items() if (word := unknown(text, made)) is not None}
    sound = {part: text for part, text in book.texts.items() if part not in wrong}
    book = asked.begun(replace(book, texts=sound, before={part: text for part, text in book.before.items() if part not in wrong}))
    report = fill(made, asked.office, book, counting=asked.counting)
    return Draft(asked=asked, report=report, wrong=wrong, counts=book.counts)


def as_kept(made: Draft, kept: queries.Frozen) -> Draft:
    """A report made again, with the numbers that it was handed in with: those stand, whatever was written into its days since."""
    said, report = kept.cells, made.report
    cells = {one: replace(cell, value=said.get(one, cell.value)) for one, cell in report.cells.items()}
    filing = replace(report.filing, cells={one: cell.value for one, cell in cells.items()})
    return replace(made, report=replace(report, cells=cells, filing=filing))


def unknown(text: str, made: Form) -> str | None:
    """The first word in a text's braces that no report knows; None where all of them lead somewhere."""
    try:
        check(text, made)
    except ProseError as error:
        return error.word
    return None

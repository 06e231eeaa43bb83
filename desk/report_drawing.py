"""A report as the desk shows it: what its page says, with every number a link to where it comes from, in tables and in sentences alike.

Numbers are marked while the report is still text, so that the writer of the page draws them as it does for the public, and the marks
become links at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape, unescape
from string import Formatter

from django.utils.safestring import SafeString, mark_safe

from content.offices import Office
from content.yearbook import YearBook
from reports.forms.values import Form, Part
from reports.prose import digits, paragraphs, render
from reports.report import Report, spoken
from reports.writers.grids import Grid
from reports.writers.layout import SUBHEADING, grids
from reports.writers.page import marked, table

BEGIN, TEXT, END = "\ue000", "\ue001", "\ue002"  #: around a number: its address, what stands there. No font has them, no office types them
MARK = re.compile(f"{BEGIN}([^{TEXT}]*){TEXT}([^{END}]*){END}")

Link = Callable[[str], str]  #: the address of a cell's page


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A part of a report."""

    part: Part
    html: SafeString


def drawn(report: Report, office: Office, link: Link) -> list[Drawn]:
    """The parts in their order, below their headings."""
    words = words_of(report, office)
    return [Drawn(part=part, html=_linked("\n".join(_pieces(report, part, words)), report, link)) for part in report.form.parts]


def read(text: str, report: Report, office: Office, link: Link) -> SafeString:
    """A text of the report as it reads, before anybody keeps it.

    Raises:
        ProseError: it speaks of a figure that is not there.
    """
    return _linked("\n".join(_prose(text, report, words_of(report, office))), report, link)


def words_of(report: Report, office: Office) -> dict[str, str]:
    """What its texts may speak of besides cells."""
    said = report.filing
    return spoken(office, YearBook(year=said.year, as_of=report.as_of, first_day=said.first_day, last_day=said.last_day, counts={}))


def _pieces(report: Report, part: Part, words: dict[str, str]) -> Iterator[str]:
    yield from _prose(report.texts[part.id], report, words)
    for names, found in grids(report, part, join=False):
        addresses = (address for name in names for address, _, _ in report.form.tables[name].cells())
        said = table(_numbered(found, addresses), styled=True)
        yield f'<div class="scroll" role="region" aria-label="{escape(found.caption)}" tabindex="0">{said}</div>'
        if found.note:
            yield f'<p class="quiet">{marked(found.note)}</p>'


def _numbered(grid: Grid, addresses: Iterator[str]) -> Grid:
    """A table whose numbers carry their addresses; they come in the form's order."""
    bands = tuple(replace(band, lines=tuple(replace(line, values=tuple(_mark(next(addresses), value) for value in line.values))
                                            for line in band.lines)) for band in grid.bands)
    return replace(grid, bands=bands)


def _prose(text: str, report: Report, words: dict[str, str]) -> Iterator[str]:
    cells = report.filing.cells
    render(text, report.form, cells, words)  # refuses what leads nowhere
    said = "".join(literal + ("" if word is None else _said(word, report.form, report, words))
                   for literal, word, _, _ in Formatter().parse(text))
    for line in paragraphs(said):
        tag = "h3" if SUBHEADING.fullmatch(line) else "p"
        yield f"<{tag}>{marked(line)}</{tag}>"


def _said(word: str, form: Form, report: Report, words: dict[str, str]) -> str:
    cells = report.filing.cells
    if word in form.tables:  # as `reports.prose.listed` says it
        listed = form.tables[word]
        return "、".join(f"{row.label}{_mark(address, digits(cells.get(address)))}{row.unit or listed.unit}"
                        for address, row, _ in listed.cells())
    said = render(f"{{{word}}}", form, cells, words)
    return _mark(word, said) if word in report.cells else said


def _mark(address: str, said: str) -> str:
    return f"{BEGIN}{address}{TEXT}{said}{END}"


def _linked(html: str, report: Report, link: Link) -> SafeString:
    def one(found: re.Match[str]) -> str:
        address = unescape(found[1])  # the writer escaped it with the rest
        cell = report.cells.get(address)
        if cell is None:
            return found[2]
        kind = "unknown" if cell.value is None else "cell"
        return f'<a class="{kind}" href="{escape(link(address))}">{found[2]}</a>'

    return mark_safe(MARK.sub(one, html))  # noqa: S308 - escaped piece by piece by the writer of the page


def shown(value: Decimal | None) -> str:
    """A number by itself; a dash where nobody knows it."""
    return "—" if value is None else digits(value)

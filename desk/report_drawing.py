"""A report as the desk shows it: what its page says, with every number a link to where it comes from, in tables and in sentences alike.

Numbers are marked while the report is still text, so that the writer of the page draws them as it does for the public, and the marks
become links at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape
from string import Formatter

from django.utils.safestring import SafeString, mark_safe

from content.offices import Office
from content.yearbook import YearBook
from reports.forms.values import Form, Part
from reports.prose import check, digits, paragraphs, render
from reports.report import Report, spoken
from reports.writers.grids import Grid
from reports.writers.layout import SUBHEADING, grids
from reports.writers.page import marked, table

BEGIN, TEXT, END = "\ue000", "\ue001", "\ue002"  #: around a number: its place, what stands there. No font has them, no office types them
MARK = re.compile(f"{BEGIN}([0-9]{{1,6}}){TEXT}([^{END}]*){END}")

Link = Callable[[str], str]  #: the address of a cell's page


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A part of a report."""

    part: Part
    html: SafeString


def drawn(report: Report, office: Office, link: Link) -> list[Drawn]:
    """The parts in their order, below their headings."""
    words, marks = words_of(report, office), Marks(report)
    return [Drawn(part=part, html=marks.linked("\n".join(_pieces(report, part, words, marks)), link)) for part in report.form.parts]


def read(text: str, report: Report, office: Office, link: Link) -> SafeString:
    """A text of the report as it reads, before anybody keeps it.

    Raises:
        ProseError: it speaks of a figure that is not there.
    """
    marks = Marks(report)
    return marks.linked("\n".join(_prose(text, report, words_of(report, office), marks)), link)


def words_of(report: Report, office: Office) -> dict[str, str]:
    """What its texts may speak of besides cells."""
    said = report.filing
    return spoken(office, YearBook(year=said.year, as_of=report.as_of, first_day=said.first_day, last_day=said.last_day, counts={}),
                  counting=said.counting)


def _pieces(report: Report, part: Part, words: dict[str, str], marks: Marks) -> Iterator[str]:
    yield from _prose(report.texts[part.id], report, words, marks)
    for names, found in grids(report, part, join=False):
        addresses = (address for name in names for address, _, _ in report.form.tables[name].cells())
        said = table(_numbered(found, addresses, marks), styled=True)
        yield f'<div class="scroll" role="region" aria-label="{escape(found.caption)}" tabindex="0">{said}</div>'
        if found.note:
            yield f'<p class="quiet">{marked(found.note)}</p>'


def _numbered(grid: Grid, addresses: Iterator[str], marks: Marks) -> Grid:
    """A table whose numbers carry their marks; they come in the form's order."""
    bands = tuple(replace(band, lines=tuple(replace(line, values=tuple(marks.around(next(addresses), value) for value in line.values))
                                            for line in band.lines)) for band in grid.bands)
    return replace(grid, bands=bands)


def _prose(text: str, report: Report, words: dict[str, str], marks: Marks) -> Iterator[str]:
    check(text, report.form)
    template = "".join(_literal(literal) + ("" if word is None else _reference(word, report.form, marks))
                       for literal, word, _, _ in Formatter().parse(text))
    for line in paragraphs(render(template, report.form, report.filing.cells, words)):
        tag = "h3" if SUBHEADING.fullmatch(line) else "p"
        yield f"<{tag}>{marked(line)}</{tag}>"


def _literal(words: str) -> str:
    return words.replace("{", "{{").replace("}", "}}")


def _reference(word: str, form: Form, marks: Marks) -> str:
    """A reference with a mark around it; of a table that is said as a list, around each of its numbers (`reports.prose.listed`)."""
    if word not in form.tables:
        return marks.around(word, f"{{{word}}}")
    table = form.tables[word]
    # its numbers go in as they are: a category's name, and so an address, may hold what no reference can
    said = (_literal(row.label + marks.around(address, digits(dict(marks.cells)[address].value)) + (row.unit or table.unit))
            for address, row, _ in table.cells())
    return "、".join(said) or f"{{{word}}}"  # without rows it says nothing, and takes its clause away


class Marks:
    """The marks of a report's numbers. By their places, since an address may hold any character that a category's name does."""

    def __init__(self, report: Report) -> None:
        self.cells = list(report.cells.items())
        self.places = {address: place for place, (address, _) in enumerate(self.cells)}

    def around(self, address: str, said: str) -> str:
        """What is said of a number, with its mark; as it is where that is no number."""
        return f"{BEGIN}{self.places[address]}{TEXT}{said}{END}" if address in self.places else said

    def linked(self, html: str, link: Link) -> SafeString:
        """A page with its marks turned into links."""
        def one(found: re.Match[str]) -> str:
            place = int(found[1])
            if place >= len(self.cells):
                return found[2]
            address, cell = self.cells[place]
            return f'<a class="{"unknown" if cell.value is None else "cell"}" href="{escape(link(address))}">{found[2]}</a>'

        return mark_safe(MARK.sub(one, html))  # noqa: S308 - escaped piece by piece by the writer of the page


def shown(value: Decimal | None) -> str:
    """A number by itself; a dash where nobody knows it."""
    return "—" if value is None else digits(value)

"""The book as a file: for a spreadsheet, and for programs. Line by line, so that an archive of any size fits."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels.house import OfficeHand
from content.metadata import value
from desk.metadata import LABELS, word
from desk.words import STATES, channel_word
from ledger.queries import Found

BOM = "\ufeff"  #: without it, spreadsheets take UTF-8 for something else
#: what makes a spreadsheet take a text for a formula (OWASP, CSV injection), the full-width forms that some read alike too
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}",
           "\N{FULLWIDTH COMMERCIAL AT}")
HEAD: tuple[Promise, ...] = (
    _("索引号"), _("标题"), _("文号"), _("栏目"), _("主题分类"), _("状态"), _("成文日期"), _("公开日期"), _("渠道"), _("起草人"), _("版本"),
    *LABELS.values())


def harmless(text: str) -> str:
    """A text that no spreadsheet reckons with: an apostrophe before what looks like a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_csv(rows: Iterable[Found], hand: OfficeHand) -> Iterator[str]:
    """For Excel and WPS: Chinese heads, words as people say them."""
    yield BOM + _line(map(str, HEAD))
    columns = hand.office.by_slug
    for row in rows:
        column = columns[row.column].name if row.column in columns else row.column
        yield _line([row.index_number, row.title, row.document_number, column, row.category, str(STATES[row.state]), _day(row.made_on),
                     _day(row.released_on), "、".join(channel_word(name, hand) for name in row.channels), row.drafter, str(row.number),
                     *(word(value(row.metadata, slug)) for slug in LABELS)])


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


def as_json_lines(rows: Iterable[Found], hand: OfficeHand) -> Iterator[str]:  # noqa: ARG001 - programs ask for names, not for words
    """For programs: an object a line, names as the code has them."""
    for row in rows:
        yield json.dumps({
            "office": row.office, "index_number": row.index_number, "edition": row.number, "title": row.title,
            "document_number": row.document_number, "column": row.column, "category": row.category, "state": row.state.value,
            "made_on": _day(row.made_on), "released_on": _day(row.released_on) or None, "withdrawn": row.withdrawn,
            "channels": list(row.channels), "drafter": row.drafter, "metadata": dict(row.metadata)}, ensure_ascii=False) + "\n"


Writer = Callable[[Iterable[Found], OfficeHand], Iterator[str]]
#: media type and writer by the suffix of the file
WRITERS: dict[str, tuple[str, Writer]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": ("application/x-ndjson; charset=utf-8", as_json_lines),
}

"""Text whose numbers are references: `{t3.new.total}` is that cell's number wherever it stands, so it can't drift."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from string import Formatter

from reports.forms.reading import FREE, named
from reports.forms.values import Form, FormError, Table

UNKNOWN = "〔待填〕"  #: in the place of a number that nobody has recorded yet
_GONE = "\0"  #: in the place of a word that says nothing
_CLAUSE = rf"[^，、；。（）\n{_GONE}]*{_GONE}[^，、；。（）\n]*"


class ProseError(ValueError):
    """A text that speaks of what is not there. Names the word in its braces."""

    def __init__(self, word: str) -> None:
        super().__init__(f"{{{word}}} is an unknown figure")
        self.word = word


def check(text: str, form: Form) -> None:
    """See that every reference leads somewhere.

    Raises:
        ProseError: one does not, or braces do not close.
    """
    try:
        for word in named(text):
            if word not in form.speakable() | FREE:
                raise ProseError(word)
    except FormError as error:
        raise ProseError(str(error)) from None


def render(text: str, form: Form, cells: Mapping[str, Decimal | None], words: Mapping[str, str]) -> str:
    """The text with every reference in its place. What says nothing takes its clause away: an office without a fax prints no `，传真：`.

    Args:
        text: paragraphs.
        form: whose cells they are.
        cells: by address.
        words: what the text may speak of besides: the office's name, the year, …

    Raises:
        ProseError: a reference leads nowhere.
    """
    check(text, form)
    out: list[str] = []
    for literal, word, _, _ in Formatter().parse(text):
        out.append(literal)
        if word is not None:
            out.append(_said(word, form, cells, words) or _GONE)
    return _without_gaps("".join(out))


def _without_gaps(text: str) -> str:
    """A text without the clauses that speak of nothing, and without the commas, full stops and brackets that were theirs."""
    text = re.sub(rf"（{_CLAUSE}(?:[，、；]{_CLAUSE})*）", "", text)
    text = re.sub(rf"[，、；]{_CLAUSE}", "", text)
    text = re.sub(rf"(?m)(^|[。（]){_CLAUSE}[，、；。]?", r"\1", text)
    return re.sub(_CLAUSE, "", text)


def _said(word: str, form: Form, cells: Mapping[str, Decimal | None], words: Mapping[str, str]) -> str:
    if word in words:
        return words[word]
    if word in form.shares:
        return share(form, cells, word)
    if word in form.tables:
        return listed(form.tables[word], cells)
    if word in form.optional() and cells.get(word) is None:
        return ""
    return digits(cells.get(word)) if word in form.addresses() else UNKNOWN


def listed(table: Table, cells: Mapping[str, Decimal | None]) -> str:
    """A table in a sentence, as 政府网站320条、公告栏70条."""
    return "、".join(f"{row.label}{digits(cells.get(address))}{row.unit or table.unit}" for address, row, _ in table.cells())


def share(form: Form, cells: Mapping[str, Decimal | None], word: str) -> str:
    """So many of a hundred, to one decimal where it is not whole; nothing, of nothing."""
    part, whole = (cells.get(address) for address in form.shares[word])
    if part is None or whole is None:
        return UNKNOWN
    if not whole:
        return ""
    return digits((part * 100 / whole).quantize(Decimal("0.1")))


def digits(value: Decimal | None) -> str:
    """A number as a report writes it: no grouping, no needless zeros."""
    if value is None:
        return UNKNOWN
    return f"{value:f}".rstrip("0").rstrip(".") if value != value.to_integral_value() else f"{int(value)}"


def paragraphs(text: str) -> Iterable[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]

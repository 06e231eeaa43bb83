"""A report as data, whoever made it: what checks read, and what `gongkai report check` takes.

The JSON is documented in docs/howto/check-a-report.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from content.figures import Counting
from reports.forms.values import Form, Scope

VERSION = 1  #: of the JSON
Cells = Mapping[str, Decimal | None]  #: by address; None: left blank


class FilingError(ValueError):
    """A file that is no report. Names the place in it and what belongs there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part as it stands in a report."""

    heading: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What a report says."""

    form: str  #: a form's name
    office: str  #: full name
    year: int
    title: str
    first_day: date  #: of the period its numbers are of
    last_day: date
    cites: str = ""  #: the document it says its form comes from
    counting: Counting = Counting.DISTINCT
    cells: Cells = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)  #: of cells that are counted in another unit than the form's
    sections: tuple[Section, ...] = ()
    last: Cells = field(default_factory=dict)  #: of the report of the year before, as far as known
    taken_over: tuple[str, ...] = ()  #: the parts, by id, with the words of an earlier report that nobody has looked at for this one

    def as_json(self) -> dict[str, Any]:
        """The documented shape; `read` takes it back."""
        return {
            "gongkai_filing": VERSION, "form": self.form, "office": self.office, "year": self.year, "title": self.title,
            "period": [self.first_day.isoformat(), self.last_day.isoformat()], "cites": self.cites, "counting": self.counting.value,
            "cells": {address: number(value) for address, value in self.cells.items()}, "units": dict(self.units),
            "parts": [{"heading": one.heading, "text": one.text} for one in self.sections],
            "last": {address: number(value) for address, value in self.last.items()},
            **({"taken_over": [*self.taken_over]} if self.taken_over else {}),
        }


def number(value: Decimal | None) -> int | str | None:
    """A cell in JSON: a whole number as one, money as its digits."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else format(value, "f")


def scope_of(said: Any, labels: Mapping[str, str]) -> Scope:
    """The channels, categories and columns that a report in JSON has rows for, in its order, with the labels that are known of them."""
    cells = said.get("cells") if isinstance(said, dict) else None
    listed: dict[str, dict[str, str]] = {"channels": {}, "categories": {}, "columns": {}}
    for address in cells if isinstance(cells, dict) else ():
        table, _, row = str(address).partition(".")
        if table in listed and row:
            listed[table][row] = labels.get(row, row)
    return Scope(**{table: tuple(rows.items()) for table, rows in listed.items()})


def read(said: Any, form: Form) -> Filing:
    """A report from its JSON. What it says may be wrong (that is for the checks); its shape may not.

    Raises:
        FilingError: the first place whose shape does not hold.
    """
    if not isinstance(said, dict) or said.get("gongkai_filing") != VERSION:
        raise FilingError(f'the file is no report: it needs "gongkai_filing": {VERSION} at its top')
    first, last = _period(said)
    return Filing(
        form=form.id, office=_text(said, "office"), year=_year(said), title=_text(said, "title"), first_day=first, last_day=last,
        cites=_text(said, "cites", required=False), counting=_counting(said), cells=_cells(said, "cells", form),
        units={str(address): str(unit) for address, unit in _mapping(said, "units").items()}, sections=_sections(said),
        last=_cells(said, "last", form), taken_over=_taken_over(said, form))


def _text(said: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or (required and not value.strip()):
        raise FilingError(f'"{name}" is missing or no text')
    return value


def _year(said: Mapping[str, Any]) -> int:
    year = said.get("year")
    if isinstance(year, bool) or not isinstance(year, int) or not 1949 <= year <= 9998:
        raise FilingError(f'"year" is {year!r}, no year')
    return year


def _period(said: Mapping[str, Any]) -> tuple[date, date]:
    days = said.get("period")
    try:
        first, last = (date.fromisoformat(day) for day in days)  # type: ignore[union-attr]  # what it is not raises
    except (TypeError, ValueError):
        raise FilingError(f'"period" is {days!r}; write ["2024-01-01", "2024-12-31"]') from None
    if last < first:
        raise FilingError(f'"period" ends on {last}, before it begins')
    return first, last


def _counting(said: Mapping[str, Any]) -> Counting:
    try:
        return Counting(said.get("counting", Counting.DISTINCT))
    except ValueError:
        raise FilingError(f'"counting" is {said["counting"]!r}; it is one of {", ".join(Counting)}') from None


def _mapping(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = said.get(name, {})
    if not isinstance(value, dict):
        raise FilingError(f'"{name}" is no object')
    return value


def _cells(said: Mapping[str, Any], name: str, form: Form) -> dict[str, Decimal | None]:
    out: dict[str, Decimal | None] = {}
    for address, value in _mapping(said, name).items():
        if address not in form.addresses():
            raise FilingError(f'"{name}": {address!r} is an unknown figure in the form {form.id}')
        out[address] = _decimal(f"{name}.{address}", value)
    return out


def _decimal(place: str, value: Any) -> Decimal | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    wrong = FilingError(f"{place} is {value!r}, no number; leave a blank cell null")
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise wrong
    try:
        found = Decimal(str(value).strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise wrong from None
    if not found.is_finite():
        raise wrong
    return found


def _taken_over(said: Mapping[str, Any], form: Form) -> tuple[str, ...]:
    found, known = said.get("taken_over", []), {part.id for part in form.parts}
    if not isinstance(found, list) or not {str(one) for one in found} <= known:
        raise FilingError(f'"taken_over" is {found!r}, no list of parts of the form {form.id}')
    return tuple(map(str, found))


def _sections(said: Mapping[str, Any]) -> tuple[Section, ...]:
    parts = said.get("parts", [])
    if not isinstance(parts, list) or not all(isinstance(part, dict) and isinstance(part.get("heading"), str) for part in parts):
        raise FilingError('"parts" is no list of {"heading": …, "text": …}')
    return tuple(Section(heading=part["heading"], text=str(part.get("text") or "")) for part in parts)

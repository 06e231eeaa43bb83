"""A form's file turned into a form, or refused with the place in it that does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from string import Formatter
from typing import Any

from content.figures import Counting
from content.measures import Measure, MeasureError
from reports.forms.values import Check, Column, Form, FormError, Part, Row, Rule, Scope, Table, Told
from reports.wording import wordings

LAST = "last:"  #: before an address: of the report of the year before
#: what a text may speak of besides cells and tables: see `reports.report.spoken`
FREE = frozenset({"office", "short_name", "year", "month", "quarter", "first_day", "last_day", "as_of", "address", "postcode", "phone",
                  "fax", "counting", "site_name", "site_home", "site_type", "organiser", "id_code", "icp", "police"})


def read(name: str, said: Mapping[str, Any], scope: Scope) -> Form:
    """The form that a parsed file describes.

    Raises:
        FormError: names the form, the place in it and what is wrong there.
    """
    try:
        form = _form(name, said, scope)
        _hold(form)
    except FormError as error:
        raise FormError(f"form {name}: {error}") from None
    except (MeasureError, ValueError, TypeError, KeyError, IndexError) as error:
        missing = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise FormError(f"form {name}: {missing}") from error
    return form


def _form(name: str, said: Mapping[str, Any], scope: Scope) -> Form:
    head, tables = said["form"], {one["id"]: _table(one, scope) for one in said.get("table", [])}
    return Form(
        id=name, name=head["name"], source=head.get("source", ""), title=head["title"], first_year=head.get("first_year", 1),
        last_year=head.get("last_year", 9999), statutory=head.get("statutory", True), period=head.get("period", "year"),
        parts=tuple(Part(**_tuples(part)) for part in said["part"]), tables=tables,
        checks=tuple(_check(one, tables) for one in said.get("check", [])),
        measures={address: Measure.read(line) for address, line in said.get("measures", {}).items()},
        shares={word: (pair[0], pair[1]) for word, pair in said.get("shares", {}).items()},
        facts={address: Told(**(fact if isinstance(fact, dict) else {"label": fact})) for address, fact in said.get("facts", {}).items()},
        due=_due(head["due"]) if "due" in head else None)


def _due(day: str) -> tuple[int, int]:
    """Month and day, as 01-31."""
    found = date.fromisoformat(f"2000-{day}")
    return found.month, found.day


def _table(said: Mapping[str, Any], scope: Scope) -> Table:
    rows = _listed(said, scope) if "rows_from" in said else tuple(_row(row, scope) for row in said["rows"])
    columns = tuple(Column(**column) for column in said.get("columns", [{"id": "n", "label": "统计数"}]))
    rest = {name: value for name, value in said.items() if name not in ("rows", "rows_from", "columns", "adds", "kinds")}
    return Table(**_tuples({"title": "", **rest}), rows=rows, columns=columns,
                 adds={column: tuple(parts) for column, parts in said.get("adds", {}).items()})


def _listed(said: Mapping[str, Any], scope: Scope) -> tuple[Row, ...]:
    """A row for each of an office's channels, categories or columns, or for each month; with `kinds`, what reached these alone."""
    what, kinds = said["rows_from"], tuple(said.get("kinds", ()))
    rows: list[tuple[str, str, Measure]]
    match what:
        case "months":
            rows = [(str(month), f"{month}月", Measure(month=month)) for month in range(1, 13)]
        case "channels":
            rows = [(kind, label, Measure(kinds=(kind,))) for kind, label in scope.channels]
        case "categories":
            rows = [(name, label, Measure(category=name)) for name, label in scope.categories]
        case "columns":
            rows = [(slug, label, Measure(column=slug)) for slug, label in scope.columns]
        case _:
            raise FormError(f"rows_from is {what!r}; it is one of channels, categories, columns, months")
    return tuple(Row(id=name, label=label, measure=replace(measure, kinds=measure.kinds or kinds)) for name, label, measure in rows)


def _row(said: Mapping[str, Any], scope: Scope) -> Row:
    """`column_types`: of what is counted, that in the office's columns of these types; where it has none, a fact that it records."""
    measure = Measure.read(said["measure"]) if "measure" in said else None
    rest = {name: value for name, value in said.items() if name != "column_types"}
    if measure and "column_types" in said:
        slugs = [slug for slug, kind in scope.types if kind in said["column_types"]]
        measure = replace(measure, column="|".join(slugs)) if slugs else None
    return Row(**{**_tuples(rest), "measure": measure})


def _check(said: Mapping[str, Any], tables: Mapping[str, Table]) -> Check:
    sides = {side: tuple(term for one in said.get(side, ()) for term in _every(one, tables)) for side in ("left", "right")}
    rules = tuple(map(Counting, said.get("counting", Counting)))
    own = {name: value for name, value in said.items() if name != "wording"}
    return Check(**{**_wording(said), **own, **sides, "rule": Rule(said["rule"]), "counting": rules})


def _wording(said: Mapping[str, Any]) -> dict[str, str]:
    """The expressions that a check names instead of having its own."""
    name = said.get("wording")
    if name is None:
        return {}
    if name not in wordings():
        raise FormError(f"check {said.get('id')!r} has the wording {name!r}; known are {', '.join(wordings())}")
    return {"pattern": wordings()[name]["number"], "unless": wordings()[name]["unless"]}


def _every(term: str, tables: Mapping[str, Table]) -> Iterator[str]:
    """`channels.*` stands for every row of that table."""
    table = term.removesuffix(".*")
    if table == term:
        yield term
    elif table in tables:
        yield from (address for address, _, _ in tables[table].cells())
    else:
        raise FormError(f"{term!r} is of a table that is not there")


def _tuples(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}


# ------------------------------------------------------------------------------------------------------------ does it hold


def _hold(form: Form) -> None:
    """Every address leads somewhere, every name is given once.

    Raises:
        FormError: by the first place that does not hold.
    """
    _once((part.id for part in form.parts), "part")
    _once((part.heading for part in form.parts), "heading")
    if (behind := [part.annex for part in form.parts]) != sorted(behind):
        raise FormError("an annex stands before a part that is none; annexes come last")
    _once((check.id for check in form.checks), "check")
    for table in form.tables.values():
        _once((row.id for row in table.rows), f"row of table {table.id}")
        _once((column.id for column in table.columns), f"column of table {table.id}")
        _sums(table)
        for word in (word for text in (table.above, *table.below) for word in named(text)):
            if word not in FREE:
                raise FormError(f"table {table.id}: {{{word}}} in the lines around it says nothing; known are {', '.join(sorted(FREE))}")
    for word, pair in form.shares.items():
        if not {*pair} <= form.addresses():
            raise FormError(f"the share {word!r} is of {pair}; it takes two figures that are there")
    for part in form.parts:
        _part(form, part)
    for check in form.checks:
        _holds(form, check)


def _part(form: Form, part: Part) -> None:
    for table in part.tables:
        if table not in form.tables:
            raise FormError(f"part {part.id!r} shows the table {table!r}, which is not there")
    re.compile(part.gist)
    for word in named(part.text):
        if word not in form.speakable() | FREE:
            raise FormError(f"part {part.id!r}: its text speaks of {{{word}}}, an unknown figure")


def _holds(form: Form, check: Check) -> None:
    for address in spread(form, check):
        if address not in form.addresses():
            raise FormError(f"check {check.id!r} speaks of {address!r}, an unknown figure")
    if check.part and check.part not in {part.id for part in form.parts}:
        raise FormError(f"check {check.id!r} looks into the part {check.part!r}, which is not there")
    for pattern in (check.pattern, check.unless):
        re.compile(pattern)


def _once(names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise FormError(f"two {what}s are called {name!r}")
        seen.add(name)


def _sums(table: Table) -> None:
    rows, columns = {row.id for row in table.rows if not row.group}, {column.id for column in table.columns}
    for row in table.rows:
        if lost := set(row.adds) - rows:
            raise FormError(f"table {table.id}: row {row.id!r} adds {sorted(lost)}, which are not there")
    for column, parts in table.adds.items():
        if lost := {column, *parts} - columns:
            raise FormError(f"table {table.id}: the sum of columns names {sorted(lost)}, which are not there")


def named(text: str) -> Iterator[str]:
    """What a text speaks of in braces."""
    try:
        for _, word, _, _ in Formatter().parse(text):
            if word is not None:
                yield word
    except ValueError as error:
        raise FormError(f"a text with braces that do not close: {error}") from error


def repeated(form: Form, check: Check) -> Sequence[str]:
    """What `{}` in a check's addresses stands for, one after the other; one empty word where it is not repeated."""
    if not check.each:
        return ("",)
    axis, _, table_id = check.each.partition(":")
    table = form.tables.get(table_id)
    if table is None or axis not in ("rows", "columns"):
        raise FormError(f"check {check.id!r} is repeated over {check.each!r}; say rows:TABLE or columns:TABLE")
    return [one.id for one in (table.columns if axis == "columns" else table.rows) if not getattr(one, "group", False)]


def spread(form: Form, check: Check) -> Iterator[str]:
    """Every address a check speaks of, without `last:` and `-`."""
    for word in repeated(form, check):
        for term in (*check.left, *check.right):
            yield term.removeprefix("-").removeprefix(LAST).replace("{}", word)

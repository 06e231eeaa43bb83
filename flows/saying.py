"""What an office says for a report: checked against the form, then written into the ledger."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.reporting import ReportError
from ledger import queries, services
from reports import prose
from reports.forms import Form
from reports.making import Asked
from reports.prose import ProseError
from reports.report import recordable, signed

#: what a line of a file may say
KEYS = {frozenset({"cell", "value"}), frozenset({"cell", "value", "note"}), frozenset({"part", "text"})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """One person who says something for one report."""

    asked: Asked
    form: Form
    by: str
    at: datetime

    def fact(self, cell: str, value: str | None, *, note: str = "") -> None:
        """Record a number; None takes it back.

        Raises:
            ReportError: nothing can be recorded for that cell: it is counted, a sum, or not there.
            LedgerError: it is no such number, or contradicts what was recorded and no note says why.
        """
        may = recordable(self.form)
        if cell not in may:
            known = cell in self.form.addresses()
            raise ReportError(f"{cell} is {'counted or added up, and not recorded' if known else 'no figure'} of the form {self.form.id}; "
                              "`gongkai report facts` lists what is recorded")
        asked = self.asked
        lines = queries.facts(office=asked.office.code, form=asked.form, year=asked.year, cell=cell, period=asked.period)
        if note and lines and note == lines[-1].note:
            note = ""  # a table that was handed out and comes back brings the old note along: it says nothing of why a number is another
        services.record_fact(office=asked.office.code, form=asked.form, year=asked.year, period=asked.period, cell=cell, value=value,
                             by=self.by, at=self.at, note=note, decimals=may[cell], signed=cell in signed(self.form))

    def text(self, part: str, words: str) -> None:
        """Keep the words of a part.

        Raises:
            ReportError: there is no such part, or the words speak of a figure that is not there.
        """
        parts = [one.id for one in self.form.parts]
        if part not in parts:
            raise ReportError(f"the form {self.form.id} has no part {part!r}; it has {', '.join(parts)}")
        try:
            prose.check(words, self.form)
        except ProseError as error:
            raise ReportError(f"{part}: {error}") from error
        services.keep_text(office=self.asked.office.code, form=self.asked.form, year=self.asked.year, period=self.asked.period, part=part,
                           text=words, by=self.by, at=self.at)


def take(say: Say, said: Mapping[str, Any]) -> None:
    """One thing that is said: `{"cell": …, "value": …, "note": …}` or `{"part": …, "text": …}`.

    Raises:
        ReportError: it is neither.
        LedgerError: the ledger refuses it.
    """
    if isinstance(said, dict) and "fault" in said:
        raise ReportError(said["fault"])
    if not isinstance(said, dict) or frozenset(said) not in KEYS:
        raise ReportError('is neither {"cell": …, "value": …, "note": …} nor {"part": …, "text": …}')
    if "part" in said:
        if not (isinstance(said["part"], str) and isinstance(said["text"], str)):
            raise ReportError('"part" and "text" are texts in quotes')
        say.text(said["part"], said["text"])
        return
    value, note = said["value"], said.get("note") or ""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, type(None))) or not isinstance(note, str):
        raise ReportError('"value" is a number, or null to take back what was recorded; "note" is a text')
    say.fact(str(said["cell"]), None if value is None else str(value), note=note)


def lines(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """What a file says, with its line's number: JSON Lines, or the table that `gongkai report facts --format csv` writes.

    In a table a blank value says nothing: blank is not zero. A line that is no JSON comes as what is wrong with it, under `fault`.

    Raises:
        ReportError: the table has not its columns.
    """
    if text.lstrip().startswith("{"):
        yield from ((where, _parsed(line)) for where, line in enumerate(text.split("\n"), start=1) if line.strip())
        return
    try:
        table = csv.DictReader(io.StringIO(text, newline=""))
        if not {"cell", "value"} <= {*(table.fieldnames or ())}:
            raise ReportError('is neither JSON Lines nor a table with the columns "cell" and "value"')
        for row in table:
            if (row["value"] or "").strip():
                yield table.line_num, {"cell": row["cell"], "value": row["value"], "note": row.get("note") or ""}
    except csv.Error as error:
        raise ReportError(f"is no table: {error}") from None


def _parsed(line: str) -> Mapping[str, Any]:
    try:
        said: Mapping[str, Any] = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"fault": f"is no JSON: {error}"}
    return said

"""What the gate sees in an edition, and what people said to it: for the writer, the reviewer and the history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ledger.models import Edition, Justification
from ledger.services.gate import CONFIRMED, JUSTIFIED, screened

if TYPE_CHECKING:
    from content.screening import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class JustificationLine:
    """What became of a finding."""

    kind: str  #: masked, justified, confirmed
    key: str
    rule: str
    label: str
    place: str
    excerpt: str  #: its secret masked
    reason: str
    by: str
    at: datetime
    edition_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A finding with what was said to it."""

    finding: Finding
    justification: JustificationLine | None
    confirmation: JustificationLine | None  #: of a mark of secrecy: the reviewer's own word


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """All that stands between an edition and the review."""

    findings: tuple[Judged, ...]
    records: tuple[JustificationLine, ...]  #: all of the item's, masked ones too, oldest first
    fresh: bool  #: looked for just now, and not read from the record

    @property
    def open(self) -> tuple[Finding, ...]:
        """Findings that nobody has justified."""
        return tuple(one.finding for one in self.findings if one.justification is None)


def gate(*, edition_id: int) -> Gate:
    """What is found in an edition as it stands, and what was said to it. Attachments may take a while to look into.

    Raises:
        UnknownError: no such edition.
    """
    found = screened(edition_id=edition_id)
    item = Edition.objects.values_list("item", flat=True).get(pk=edition_id)
    records = justifications(Justification.objects.filter(item=item))
    said = {(one.kind, one.key): one for one in records}  # the newest of a kind counts
    return Gate(
        findings=tuple(Judged(finding=one, justification=said.get((JUSTIFIED, one.key)), confirmation=said.get((CONFIRMED, one.key)))
                       for one in found.findings),
        records=records, fresh=not found.kept)


def justifications(rows: Iterable[Justification]) -> tuple[JustificationLine, ...]:
    """Rows as lines, oldest first."""
    return tuple(JustificationLine(
        kind=row.kind, key=row.key, rule=row.rule, label=row.finding.get("label", ""), place=row.finding.get("place", ""),
        excerpt=row.finding.get("excerpt", ""), reason=row.reason, by=row.by, at=row.at, edition_number=row.edition.number)
        for row in sorted(_with_numbers(rows), key=lambda row: row.pk))


def _with_numbers(rows: Iterable[Justification]) -> Iterable[Justification]:
    select = getattr(rows, "select_related", None)
    return select("edition").defer("edition__body") if select else rows

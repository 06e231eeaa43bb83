"""What was found in a draft, as its writer reads it: marked in place, listed beside, with what may be done about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from content.html import map_images
from content.items import Edition
from content.screening import Finding, Severity, highlight_body, highlight_text, words_of
from desk.forms.shown import LABELS
from ledger.queries import Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One finding."""

    finding: Finding
    reason: str = ""  #: in writing, where there is one
    by: str = ""
    at: datetime | None = None

    @property
    def in_words(self) -> bool:
        """Whether it is marked in the words, so that one can jump to it."""
        return self.finding.start is not None and ":" not in self.finding.field

    @property
    def secret(self) -> bool:
        """Whether the reviewer must confirm it too."""
        return self.finding.severity is Severity.SECRET


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The gate before the review, for a template."""

    lines: list[Line]
    open: int
    texts: list[tuple[str, SafeString]]  #: fields with something in them, as HTML with marks
    body: SafeString

    @property
    def maskable(self) -> list[str]:
        """The keys of what one click masks or cleans."""
        return [line.finding.key for line in self.lines if line.finding.remedy and not line.reason]


def marked(edition: Edition, gate: Gate, *, office: str) -> Marked:
    """The gate of an edition."""
    lines = [Line(finding=one.finding) if one.justification is None
             else Line(finding=one.finding, reason=one.justification.reason, by=one.justification.by, at=one.justification.at)
             for one in gate.findings]
    return Marked(lines=lines, open=len(gate.open), texts=_texts(edition, [line.finding for line in lines]),
                  body=_body(edition, [line.finding for line in lines], office))


def _texts(edition: Edition, findings: Sequence[Finding]) -> list[tuple[str, SafeString]]:
    named = {one.field for one in findings}
    # highlight_text escapes all that it does not mark
    return [(str(LABELS[name]), mark_safe(highlight_text(text, findings, field=name)))  # noqa: S308
            for name, text in words_of(edition).items() if name in named and name != "body"]


def _body(edition: Edition, findings: Sequence[Finding], office: str) -> SafeString:
    """The body, which is sanitised, with its pictures from our own address."""
    by_name = {image.name: image.sha256 for image in edition.images}

    def address(name: str) -> str:
        return reverse("file", kwargs={"office": office, "sha256": by_name[name], "name": name}) if name in by_name else name

    return mark_safe(map_images(highlight_body(edition.body, findings), address))  # noqa: S308

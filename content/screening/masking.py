"""Masks what was found, and shows it in place. Findings belong to the very words they were made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from content.screening.body import Flat, Piece, flatten
from content.screening.findings import Finding


def _chosen(findings: Iterable[Finding], field: str, *, maskable: bool) -> list[Finding]:
    """Those of a field that have a place in it, in order."""
    return sorted((one for one in findings if one.field == field and one.start is not None and one.end is not None
                   and (one.masked is not None or not maskable)),
                  key=lambda one: one.start or 0)


def mask_words(words: Mapping[str, str], findings: Iterable[Finding]) -> dict[str, str]:
    """Every field with its findings masked; those that cannot be masked are left."""
    every = list(findings)
    return {field: mask_body(text, every) if field == "body" else mask_text(text, every, field=field) for field, text in words.items()}


def mask_text(text: str, findings: Iterable[Finding], *, field: str) -> str:
    """A plain field, masked."""
    parts, at = [], 0
    for one in _chosen(findings, field, maskable=True):
        parts += [text[at : one.start], one.masked or ""]
        at = one.end or at
    return "".join([*parts, text[at:]])


def mask_body(body: str, findings: Iterable[Finding]) -> str:
    """A sanitised body, masked: also where a number runs across tags and line breaks. What lies around it stays, byte for byte."""
    flat = flatten(body)
    changes: list[tuple[int, int, str]] = []
    for one in _chosen(findings, "body", maskable=True):
        left = escape(one.masked or "", quote=True)
        for source, source_end, piece in _sources(flat, one.start or 0, one.end or 0):
            if piece.kind == "edge":
                continue
            takes = piece.kind != "break"
            changes.append((source, source_end, left if takes else ""))
            left = "" if takes else left
    return _replaced(body, changes)


def highlight_text(text: str, findings: Iterable[Finding], *, field: str) -> str:
    """A plain field as HTML, its findings marked where they stand."""
    parts, at = [], 0
    for one in _chosen(findings, field, maskable=False):
        parts += [escape(text[at : one.start]), _opened(one, first=True), escape(text[one.start : one.end]), "</mark>"]
        at = one.end or at
    return "".join([*parts, escape(text[at:])])


def highlight_body(body: str, findings: Iterable[Finding]) -> str:
    """A sanitised body with its findings marked where they stand; the first mark of each carries its id.

    What stands in attributes is not marked.
    """
    flat = flatten(body)
    changes: list[tuple[int, int, str]] = []
    for one in _chosen(findings, "body", maskable=False):
        if (one.start or 0) >= flat.said:
            continue
        first = True
        for source, source_end, piece in _sources(flat, one.start or 0, one.end or 0):
            if piece.kind in ("text", "entity"):
                changes.append((source, source_end, f"{_opened(one, first=first)}{body[source:source_end]}</mark>"))
                first = False
    return _replaced(body, changes)


def _opened(one: Finding, *, first: bool) -> str:
    name = f' id="finding-{one.key}"' if first else ""
    return f'<mark class="finding finding-{one.severity.value}"{name} title="{escape(one.label)}">'


def _sources(flat: Flat, start: int, end: int) -> Iterable[tuple[int, int, Piece]]:
    """The stretches of HTML behind a stretch of text."""
    for piece in flat.over(start, end):
        if piece.kind == "text":
            yield piece.source + max(start - piece.start, 0), piece.source_end - max(piece.end - end, 0), piece
        else:
            yield piece.source, piece.source_end, piece


def _replaced(body: str, changes: list[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for source, source_end, words in sorted(changes):  # the words of attributes come last in the text, not in the HTML
        parts += [body[at:source], words]
        at = source_end
    return "".join([*parts, body[at:]])

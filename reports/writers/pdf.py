"""PDF: the paper as it is printed and kept. PDF/A-2a and PDF/UA-1: tagged, its fonts in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from reports.report import Report, day
from reports.writers.charts import bars
from reports.writers.dress import TEMPLATES, Dress, WritingError
from reports.writers.grids import Grid
from reports.writers.layout import UNSIGNED, Chart, Heading, Paragraph, Piece, Signature, basis, form_name, pieces, title_lines
from reports.writers.measures import UNKNOWN_SIZE, padding, size, whole, widths
from reports.writers.placing import Row, rows


def write(report: Report, dress: Dress) -> bytes:
    """The report as .pdf, dated by its as-of day.

    Raises:
        WritingError: it holds a character that no font at hand can show.
    """
    paper = {
        "title": report.filing.title, "lines": title_lines(report), "office": report.filing.office, "note": dress.note,
        "signed_on": day(dress.signed_on) if dress.signed_on else UNSIGNED, "basis": basis(report), "form": form_name(report.form),
        "pieces": [_piece(piece) for piece in pieces(report)],
    }
    if lost := dress.setter.missing("".join(_texts(paper))):
        raise WritingError(f"no font at hand can show {'、'.join(lost)}; write it otherwise, or add such a font to the office's folder")
    inputs = {"paper": paper, "faces": dress.faces, "unknown": UNKNOWN_SIZE}
    source = b"".join((TEMPLATES / name).read_bytes() for name in ("chart.typ", "report.typ"))
    return dress.setter.pdf(source, inputs, dated=report.as_of.date())


def _piece(piece: Piece) -> dict[str, Any]:
    match piece:
        case Heading():
            return {"kind": "heading", **asdict(piece)}
        case Signature():
            return {"kind": "signature"}
        case Paragraph():
            return {"kind": "paragraph", **asdict(piece)}
        case Chart():
            return {"kind": "chart", **bars(piece)}
        case Grid():
            return {"kind": "table", "caption": piece.caption, "said": piece.said, "unit": piece.unit, "note": piece.note,
                    "above": piece.above, "widths": widths(piece), "size": size(piece), "padding": padding(piece), "whole": whole(piece),
                    "rows": [_row(row) for row in rows(piece)]}
    raise TypeError(piece)


def _row(row: Row) -> dict[str, Any]:
    return {"head": row.head, "band": row.band, "cells": [asdict(cell) for cell in row.cells]}


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)

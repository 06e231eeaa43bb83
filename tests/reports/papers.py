"""The stage's reports in every format, written once, and read back as somebody who opens them would."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import docx
import openpyxl
import pypdf

from channels.typesetting import typesetter
from reports.report import Report
from reports.writers import Dress, write
from tests.reports.stage import a_book, a_report

#: what the report of 2017 is about: the seed's numbers
SEED = (346, 320, 70, 84, 28, 263, 55)


def a_dress(**changes: Any) -> Dress:
    """The fonts that come with the program, and a day."""
    return Dress(**{"setter": typesetter(), "signed_on": date(2018, 2, 5), **changes})


@cache
def written(name: str) -> Mapping[str, bytes]:
    """A report's files by the ending of their names."""
    return {file.removeprefix("report."): data for file, data in write(a_report(name), a_dress()).items()}


def with_gaps() -> Report:
    """The report of 2025, before anybody has recorded its first applicants and its fees."""
    facts = {address: fact for address, fact in a_book("2021").facts.items() if address not in ("t3.new.person", "fee")}
    return a_report("2021", facts=facts)


def word(data: bytes) -> Any:
    """A Word file, opened."""
    return docx.Document(io.BytesIO(data))


def pdf(data: bytes) -> pypdf.PdfReader:
    """A PDF, opened."""
    return pypdf.PdfReader(io.BytesIO(data))


def excel(data: bytes, *, formulas: bool = False) -> Any:
    """An Excel file, opened: as it shows, or as it counts."""
    return openpyxl.load_workbook(io.BytesIO(data), data_only=not formulas)


def rows(data: bytes) -> list[dict[str, str]]:
    """A CSV file's rows."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def word_text(data: bytes) -> str:
    """What stands in a Word file, in order: a line a paragraph or a row."""
    lines = []
    for block in word(data).iter_inner_content():
        if hasattr(block, "rows"):
            lines += [" | ".join(_once(row)) for row in block.rows]
        elif block.text.strip():
            lines.append(f"[{block.style.name}] {block.text.strip()}".replace("\n", " / "))
    return "\n".join(lines) + "\n"


def _once(row: Any) -> list[str]:
    """The texts of a row's cells; a merged one once."""
    seen: dict[int, str] = {}
    for cell in row.cells:
        seen.setdefault(id(cell._tc), cell.text)
    return list(seen.values())


def pdf_text(data: bytes) -> str:
    """What stands in a PDF, without blanks."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pdf(data).pages))


def excel_text(data: bytes) -> str:
    """What stands in an Excel file: a line a row, under its sheet's name."""
    lines = []
    for sheet in excel(data).worksheets:
        lines.append(f"# {sheet.title}")
        lines += [" | ".join("" if value is None else str(value) for value in row) for row in sheet.iter_rows(values_only=True) if any(
            value is not None for value in row)]
    return "\n".join(lines) + "\n"


def said(name: str, ending: str) -> str:
    """A file's words, whatever its format."""
    data = written(name)[ending]
    match ending:
        case "docx":
            return word_text(data)
        case "pdf":
            return pdf_text(data)
        case "xlsx":
            return excel_text(data)
        case "json":
            return json.dumps(json.loads(data), ensure_ascii=False)
        case _:
            return data.decode()


def figures(text: str) -> set[Decimal]:
    """Every number that stands in a text."""
    return {Decimal(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text)}

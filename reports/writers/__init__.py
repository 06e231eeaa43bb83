"""The report as papers, one file a format. A report and its dress in, bytes out: the same, whenever and wherever they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reports.report import Report
from reports.writers import csv, excel, json, page, pdf, word
from reports.writers.dress import Dress, Setter, WritingError

__all__ = ["WRITERS", "Dress", "Setter", "WritingError", "write"]

#: by the ending of the file's name
WRITERS: Mapping[str, Callable[[Report, Dress], bytes]] = {
    "docx": word.write, "pdf": pdf.write, "html": page.write, "xlsx": excel.write, "csv": csv.write, "json": json.write}


def write(report: Report, dress: Dress) -> dict[str, bytes]:
    """Every format, by file name.

    Raises:
        WritingError: one of them cannot be written.
    """
    return {f"report.{ending}": writer(report, dress) for ending, writer in WRITERS.items()}

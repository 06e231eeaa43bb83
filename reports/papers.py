"""All papers of a report, as its doors hand them out: the same question and the same answers give the same bytes."""

from __future__ import annotations

from datetime import date

from reports.making import Asked
from reports.report import Report
from reports.writers import Dress, Setter, write

DRAFT = "草稿，尚未定稿"
PRACTICE = "演练单位的报告，其中的数不作公开之用"


def dress(asked: Asked, *, setter: Setter, signed_on: date | None, final: bool) -> Dress:
    """What a report wears: that it is a draft, or that the office only practises, stands under its title."""
    said = [*([] if final else [DRAFT]), *([PRACTICE] if asked.office.sandbox else [])]
    return Dress(setter=setter, signed_on=signed_on, note="；".join(said))


def papers(asked: Asked, report: Report, *, setter: Setter, signed_on: date | None = None, final: bool = False) -> dict[str, bytes]:
    """Every paper, by file name: Word, PDF, web page, Excel, CSV, JSON.

    `signed_on`: the day printed under it; None leaves a space. `final`: it is handed in, or made as it was.

    Raises:
        WritingError: one of them cannot be written.
    """
    return write(report, dress(asked, setter=setter, signed_on=signed_on, final=final))

"""A report on its way out: its papers, drafted or as they were frozen, and what keeps it from being frozen."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.house import OfficeHand
from channels.typesetting import TypesettingError
from content.media import MEDIA_TYPES
from desk.reporting import MAKER
from ledger import queries
from ledger.queries import Frozen
from reports.forms import FormError
from reports.keeping import asked_again
from reports.making import Asked
from reports.papers import NAMES, papers
from reports.prose import ProseError
from reports.report import Report
from reports.writers import WritingError

ALL = "all.zip"
PAPERS: Mapping[str, Promise] = {
    "report.docx": gettext_lazy("Word 文稿，可以编辑"), "report.pdf": gettext_lazy("PDF，供打印和存档"),
    "report.html": gettext_lazy("网页，一个文件"), "report.xlsx": gettext_lazy("Excel 数据表"),
    "report.csv": gettext_lazy("各项数据（CSV）"), "report.json": gettext_lazy("全部数据（JSON）"),
    "rows.csv": gettext_lazy("信息明细（CSV）"), "rows.json": gettext_lazy("信息明细（JSON）")}
MEDIA = {**MEDIA_TYPES, ".html": "text/html; charset=utf-8", ".csv": "text/csv; charset=utf-8"}


class UnmadeError(Exception):
    """The report or a paper of it cannot be made. Says in the reader's language what to mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A report with its papers by file name."""

    report: Report
    papers: Mapping[str, bytes]


def report_of(asked: Asked) -> Report:
    """The report.

    Raises:
        UnmadeError: the form is not of such a period, or a text speaks of a number that is not there.
    """
    try:
        return MAKER.report(asked)
    except ProseError as error:
        raise UnmadeError(_("报告的文字里写了 {%(word)s}，但没有这个数；请先到报告页改正这处文字。") % {"word": error.word}) from error
    except FormError as error:
        raise UnmadeError(_("这一年没有这样的报告；请从报告列表重新进入。")) from error


def made(hand: OfficeHand, asked: Asked, *, signed_on: date | None = None, final: bool = False) -> Made:
    """The report and its papers: a draft that says so, unless it is final.

    Raises:
        UnmadeError: as `report_of` and `papers_of`.
    """
    report = report_of(asked)
    return Made(report=report, papers=papers_of(hand, asked, report, signed_on=signed_on, final=final))


def papers_of(hand: OfficeHand, asked: Asked, report: Report, *, signed_on: date | None, final: bool) -> dict[str, bytes]:
    """The papers of a report that is at hand.

    Raises:
        UnmadeError: a character of it is in no font at hand, or it cannot be set.
    """
    try:
        return papers(asked, report, maker=MAKER, setter=hand.setter, signed_on=signed_on, final=final)
    except WritingError as error:
        lost = hand.setter.missing("".join(f"{one.heading}{one.text}" for one in report.filing.sections) + report.filing.title)
        raise UnmadeError(_("字体里没有“%(lost)s”，印出来会是空格；请换一种写法，或请管理员给公告栏的字体目录补上字体。") % {
            "lost": "、".join(lost) or str(error)}) from error
    except TypesettingError as error:
        raise UnmadeError(_("这份报告排不成 PDF；请到报告页检查文字里的特殊符号。")) from error


def as_frozen(hand: OfficeHand, kept: Frozen, *names: str) -> tuple[dict[str, bytes], list[str]]:
    """These papers of a report that was frozen (all of them, if none is named), and which of them are not as they were.

    The very bytes where they were kept. Else they are made again, and held against their seals.

    Raises:
        UnmadeError: they were not kept, and cannot be made any more.
    """
    wanted = names or tuple(kept.seals)
    found = {name: data for name in wanted if (data := queries.blob(sha256=kept.seals.get(name, "")))}
    if wanted and len(found) == len(wanted):
        return found, []
    again = made(hand, asked_again(hand.office, kept), signed_on=kept.signed_on, final=True).papers
    found = {name: found.get(name) or data for name, data in again.items() if not wanted or name in wanted}
    return found, [name for name, data in found.items() if name in kept.seals and hashlib.sha256(data).hexdigest() != kept.seals[name]]


def names_of(kept: Frozen | None) -> list[str]:
    """The papers there are: of a draft those that every report has, of a frozen one those that it was frozen with."""
    there = [*kept.seals] if kept and kept.seals else list(NAMES)
    return sorted(there, key=lambda name: [*PAPERS, name].index(name))


def zipped(files: Mapping[str, bytes], *, said: Iterable[str] = ()) -> bytes:
    """Files in an archive with a list of their seals: the same bytes for the same files. `said`: lines above the list."""
    seals = [f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in files.items()]
    listed = "\r\n".join([*said, "SHA-256", *seals, ""]).encode("utf-8-sig")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**files, "SHA256SUMS.txt": listed}.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()

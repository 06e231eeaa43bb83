"""年报: how far the year has come and which reports are due, one report as it stands, and where each of its numbers comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from content.figures import Counting
from content.measures import Measure
from desk import returns
from desk.access import Seat, serves
from desk.forms.facts import home_of, places
from desk.freezing import question
from desk.progress import counted, progress
from desk.report_drawing import drawn, shown
from desk.report_naming import Piece, names, wrongs
from desk.reporting import MAKER, Draft, as_kept, draft, kept_of
from desk.roles import READERS, Role
from desk.standing import asked_now
from desk.views import report_part
from ledger import queries
from ledger.queries import Frozen
from ledger.queries.opening import row_name
from reports.forms import FormError
from reports.keeping import asked_again
from reports.making import Asked
from reports.report import Added, Counted, Recorded, Report
from reports.writers.layout import basis
from reports.writers.origins import counted as in_words

EDITORS = (Role.REPORTER, Role.CLERK)
PAGE = 50  #: rows behind a number on one page
NOW = "now"  #: in an address: the book as it is now, though the report was handed in


@require_safe
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The year so far, and what it has to be reported in."""
    today = seat.at.astimezone(seat.hand.office.tz).date()
    years = _years(seat, today)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in {str(one) for one in years} else today.year
    yearly = returns.yearly(seat, year)
    labels = counted(seat, year)
    made = draft(yearly.asked, also=labels) if yearly is not None and yearly.handed is None else None
    return render(request, "desk/reports/overview.html", {
        "year": year, "years": years, "today": today, "yearly": yearly,
        "progress": progress(seat, year, labels, made.counts if made else None),
        "faults": len(wrongs(made.report, names(made.report))) if made else 0,
        "others": returns.others(seat, year), "edits": seat.can(*EDITORS),
        "pressing": [one for one in returns.pressing(seat, today) if one.asked.year != year]})


def _years(seat: Seat, today: date) -> list[int]:
    """The years of the book, the newest first."""
    first = queries.first_release(office=seat.office)
    return list(range(today.year, min(today.year, first.year if first else today.year) - 1, -1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A report on a page: as it was handed in, or as the book stands now."""

    draft: Draft
    kept: Frozen | None
    now: bool  #: of one that was handed in, nevertheless what the book says now
    link: Callable[[str], str]  #: from a cell to its page
    differs: bool  #: made again, it does not come out as it was handed in
    tail: str  #: what an address says besides: which of the two, how it was counted

    @property
    def report(self) -> Report:
        """What it says."""
        return self.draft.report


def _shown(request: HttpRequest, seat: Seat, form: str, when: str) -> Shown:
    asked = question(request, seat, form, when)
    kept = kept_of(asked)
    now = kept is not None and NOW in request.GET
    if kept is not None:
        asked = asked_now(seat, kept) if now else asked_again(asked.office, kept)
    chosen = {NOW: "1"} if now else {"counting": asked.counting.value} if kept is None and asked.counting is not Counting.DISTINCT else {}
    tail = f"?{urlencode(chosen)}" if chosen else ""

    def link(cell: str) -> str:
        return reverse("report_cell", kwargs={"office": seat.office, "form": form, "when": when, "cell": cell}) + tail

    try:
        made = draft(asked)
    except FormError:  # the sum of the channels, where there was none
        raise Http404 from None
    differs = kept is not None and not now and made.report.filing.as_json() != kept.filing
    return Shown(draft=made if kept is None or now else as_kept(made, kept), kept=kept, now=now, differs=differs, link=link, tail=tail)


@require_safe
def report(request: HttpRequest, seat: Seat, form: str, when: str) -> HttpResponse:
    """One report: what is still missing, what does not hold, and how it reads."""
    found = _shown(request, seat, form, when)
    said, known = found.report, names(found.report)
    missing = set(said.missing())
    gaps = [(part, len(missing & places(said.form, part).cells(said.form).keys())) for part in said.form.parts]
    return render(request, "desk/reports/report.html", {
        "form": form, "when": when, "report": said, "kept": found.kept, "now": found.now, "differs": found.differs, "basis": basis(said),
        "draft": found.kept is None or found.now, "missing": len(missing), "gaps": [(part, count) for part, count in gaps if count],
        "wrongs": [(one.says, *(_linked(found, side) for side in (one.left, one.right, one.about))) for one in wrongs(said, known)],
        "unsaid": [(part, found.draft.wrong[part.id]) for part in said.form.parts if part.id in found.draft.wrong],
        "parts": [(one, report_part.fillable(said.form, one.part)) for one in drawn(said, seat.hand.office, found.link)],
        "edits": seat.can(*EDITORS)})


def _linked(found: Shown, pieces: Sequence[Piece]) -> list[tuple[str, str]]:
    """Words, each with the address of the number that they name."""
    return [(one.words, found.link(one.address) if one.address else "") for one in pieces]


@require_safe
def cell(request: HttpRequest, seat: Seat, form: str, when: str, cell: str) -> HttpResponse:
    """One number: what it is, how it came about, and the rows behind it."""
    found = _shown(request, seat, form, when)
    known = names(found.report)
    one = known.get(cell)
    if one is None:
        raise Http404
    origin = found.report.cells[cell].origin
    words: dict[str, Any] = {
        "form": form, "when": when, "report": found.report, "kept": found.kept, "now": found.now, "number": one, "name": one.name,
        "value": shown(one.cell.value), "basis": basis(found.report), "edits": seat.can(*EDITORS), "home": home_of(found.report.form, cell),
        "origin": one.origin, "tail": found.tail}
    if isinstance(origin, Counted):
        words["rule"], words["counted"] = True, in_words(origin.measure, found.report.form)
        behind = found.kept.rows.get(cell) if found.kept and not found.now else None
        words |= _rows(request, found.draft.asked, origin.measure, int(one.cell.value or 0), behind)
    elif isinstance(origin, Added):
        words["rule"] = any(isinstance(found.report.cells[part].origin, Counted) for part in origin.of)  # the sum of the channels
        words["of"] = [(found.link(part), known[part].name, shown(known[part].cell.value)) for part in origin.of]
    else:
        asked = found.draft.asked
        words["told"] = queries.facts(office=seat.office, form=form, year=asked.year, cell=cell, period=asked.period)[::-1]
        words["fact"] = origin.fact if isinstance(origin, Recorded) else None
    return render(request, "desk/reports/cell.html", words)


def _rows(request: HttpRequest, asked: Asked, measure: Measure, total: int, kept: Sequence[str] | None) -> dict[str, Any]:
    """A page of the rows behind a count. `kept`: the names of those that a report was handed in with; others are marked."""
    last = max(1, -(-total // PAGE))
    said = request.GET.get("page", "")
    page = min(max(int(said), 1), last) if said.isascii() and said.isdigit() and len(said) < 10 else 1
    query = request.GET.copy()

    def at(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    rows = MAKER.opened(asked, measure, offset=(page - 1) * PAGE, limit=PAGE)
    there = frozenset(kept or ())
    marked = [(one, kept is not None and row_name(one.index_number, one.edition, measure) not in there) for one in rows]
    return {"rows": marked, "total": total, "page": page, "last": last, "from": (page - 1) * PAGE + 1, "to": (page - 1) * PAGE + len(rows),
            "before": at(page - 1) if page > 1 else "", "after": at(page + 1) if page < last else "", "labels": MAKER.labels}


_read = serves(*READERS)
urlpatterns: list[URLPattern] = [
    path("<slug:office>/reports/", _read(overview), name="reports"),
    path("<slug:office>/reports/<str:form>/<str:when>/", _read(report), name="report"),
    # a category may hold any character, a slash too
    path("<slug:office>/reports/<str:form>/<str:when>/cell/<path:cell>/", _read(cell), name="report_cell"),
    path("<slug:office>/reports/<str:form>/<str:when>/part/<str:part>/", serves(*EDITORS)(report_part.part), name="report_part"),
]

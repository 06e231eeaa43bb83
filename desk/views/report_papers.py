"""A report's papers, one by one or all in an archive: of a frozen report the very bytes that were frozen, else a draft that says so."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from content.media import suffix
from desk.access import Seat, serves
from desk.freezing import question
from desk.handing import ALL, MEDIA, PAPERS, UnmadeError, as_frozen, made, names_of, zipped
from desk.reporting import kept_of
from desk.roles import READERS
from desk.standing import asked_now
from desk.views.report_handing import told
from ledger.queries import Frozen
from reports.making import Asked
from reports.publishing import called


@require_safe
def papers(request: HttpRequest, seat: Seat, form: str, when: str, paper: str) -> HttpResponse:
    """A paper, or all of them: of a frozen report the very bytes; else, or with `now`, a draft that says so."""
    asked = question(request, seat, form, when)
    kept = kept_of(asked)
    if kept and "now" in request.GET:
        asked, kept = asked_now(seat, kept), None
    if paper != ALL and paper not in {*PAPERS, *names_of(kept)}:
        raise Http404
    try:
        title, found, differing = _found(seat, asked, kept, *(() if paper == ALL else (paper,)))
    except UnmadeError as error:
        return told(request, error)
    if paper != ALL and paper not in found:
        raise Http404
    if differing and "anyway" not in request.GET:
        return render(request, "desk/reports/differs.html", status=409, context={
            "papers": [PAPERS.get(one, one) for one in differing], "kept": kept, "title": title, "form": form, "when": when})
    note = _("（草稿）") if kept is None else _("（与定稿时不同）") if differing else ""
    files = {called(title, one, note=note): data for one, data in found.items()}
    if paper != ALL:
        return _file(called(title, paper, note=note), found[paper])
    lines = [_("与定稿时不同的文件：%(papers)s") % {"papers": "、".join(differing)}] if differing else []
    return _file(called(title, ALL, note=note), zipped(files, said=lines))


def _found(seat: Seat, asked: Asked, kept: Frozen | None, *names: str) -> tuple[str, dict[str, bytes], list[str]]:
    """The report's title, its papers, and which of them are not as they were frozen."""
    if kept is None:
        drafted = made(seat.hand, asked)
        return drafted.report.filing.title, dict(drafted.papers), []
    return str(kept.filing["title"]), *as_frozen(seat.hand, kept, *names)


def _file(name: str, data: bytes) -> HttpResponse:
    """Handed over under its Chinese name (RFC 6266), and never opened in place."""
    kept = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(data, content_type=MEDIA.get(suffix(name), "application/octet-stream"), headers={
        "Content-Disposition": kept, "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store"})


urlpatterns: list[URLPattern] = [
    path("<slug:office>/reports/<str:form>/<str:when>/papers/<str:paper>", serves(*READERS)(papers), name="report_papers"),
]

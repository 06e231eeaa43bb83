"""张贴: what to put up and take down today, and the record of both. A sheet's own page is where its code for staff leads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from channels.base import Prints
from content.items import UNPRINTABLE
from content.media import FileError, picture_type
from content.papers.pictures import PICTURE_LIMIT, clean_picture
from desk.access import Seat, serves
from desk.acting import refusal, then
from desk.roles import READERS, Role
from desk.sheets import by_stand, placed
from ledger import queries, services
from ledger.queries import SheetLine

ACTS = (Role.CLERK, Role.OPERATOR)
HOURS = 3600


@require_safe
def board(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Today's list, to be read and to be printed."""
    today = seat.at.astimezone(seat.hand.office.tz).date()
    everything = request.GET.get("all") == "1"
    lines = queries.sheets(office=seat.office, open_only=not everything)
    boards = {line.channel for line in lines}
    return render(request, "desk/board/list.html", {
        "groups": by_stand(lines, today), "today": today, "several": len(boards) > 1, "acts": seat.can(*ACTS), "everything": everything})


@require_safe
def sheet(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """One sheet: what it says, how it stands, and what is to be recorded."""
    return _page(request, seat, _line(seat, number))


def _page(request: HttpRequest, seat: Seat, line: SheetLine, *, wrong: str = "") -> HttpResponse:
    today = seat.at.astimezone(seat.hand.office.tz).date()
    pages = range(1, len(_pictures(seat, line)) + 1)
    return render(request, "desk/board/sheet.html", status=422 if wrong else 200, context={
        "line": line, "placed": placed(line, today), "pages": pages, "acts": seat.can(*ACTS), "wrong": wrong, "today": today})


def _line(seat: Seat, number: str) -> SheetLine:
    line = None if UNPRINTABLE.search(number) else queries.sheet(number=number)
    if line is None or line.office != seat.office:
        raise Http404
    return line


@require_POST
def record(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Write down that it went up or came down, with a photograph where one was taken."""
    line = _line(seat, number)
    services_by_deed = {"put_up": services.put_up, "take_down": services.take_down}
    service = services_by_deed.get(request.POST.get("do", ""))
    if service is None:
        raise Http404
    sent = request.FILES.get("photo")

    def work() -> None:
        photo = _photo(sent) if sent else ""
        service(office=seat.office, number=line.number, by=seat.person, at=seat.at, photo=photo)

    if wrong := refusal(work):
        return _page(request, seat, _line(seat, number), wrong=wrong)
    messages.success(request, f"{line.number} {_done(_line(seat, number))}")
    return then("sheet", seat, number=line.number)


def _done(line: SheetLine) -> str:
    if line.due_down is None or line.taken_down:
        return _("已登记撤下。")
    return _("已登记张贴：从现在起算作在公告栏公开，张贴至 %(day)s。") % {"day": f"{line.due_down}"}


def _photo(sent: UploadedFile[Any]) -> str:
    """The photograph, encoded anew: telephones write into a picture where it was taken.

    Raises:
        FileError: it is no picture, or too large.
    """
    if (sent.size or 0) > PICTURE_LIMIT:
        raise FileError("too-large", _("照片“%(name)s”太大，最多 %(limit)s MB；请换一张小些的。") % {
            "name": sent.name, "limit": PICTURE_LIMIT // 2**20})
    return services.keep_blob(clean_picture(sent.name or "photo", sent.read()).data)


@require_safe
@cache_control(private=True, max_age=HOURS)
def photo(_request: HttpRequest, seat: Seat, number: str, of: str) -> HttpResponse:
    """The photograph of a sheet going up or coming down."""
    line = _line(seat, number)
    sha256 = {"up": line.put_up_photo, "down": line.taken_down_photo}.get(of)
    data = queries.blob(sha256=sha256) if sha256 else None
    if data is None:
        raise Http404
    return HttpResponse(data, content_type=picture_type(data) or "application/octet-stream")


@require_safe
def paper(_request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """The very PDF that lies in the board's folder, to be printed."""
    data = _pdf(seat, _line(seat, number))
    if data is None:
        raise Http404
    name = content_disposition_header(as_attachment=False, filename=f"{number.replace('/', '-')}.pdf")
    return HttpResponse(data, content_type="application/pdf", headers={"Content-Disposition": name or "inline"})


@require_safe
@cache_control(private=True, max_age=HOURS)
def picture(_request: HttpRequest, seat: Seat, number: str, page: int) -> HttpResponse:
    """A page of it as a picture: telephones show no PDF within a page."""
    pictures = _pictures(seat, _line(seat, number))
    if not 1 <= page <= len(pictures):
        raise Http404
    return HttpResponse(pictures[page - 1], content_type="image/png")


def _press(seat: Seat, line: SheetLine) -> Prints | None:
    """The board that made the sheet; None where it is configured no more: the record stays."""
    if line.channel not in seat.hand.outlets:
        return None
    channel = seat.hand.outlets[line.channel]
    return channel if isinstance(channel, Prints) else None


def _pdf(seat: Seat, line: SheetLine) -> bytes | None:
    press = _press(seat, line)
    return press.sheet_pdf(line.number) if press else None


def _pictures(seat: Seat, line: SheetLine) -> list[bytes]:
    press, data = _press(seat, line), _pdf(seat, line)
    return press.pictures(data) if press and data else []


urlpatterns: list[URLPattern] = [
    path("<slug:office>/board/", serves(Role.CLERK, Role.OPERATOR, Role.DISTRICT)(board), name="board"),
    path("<slug:office>/board/sheet/<path:number>/", serves(*READERS)(sheet), name="sheet"),
    path("<slug:office>/board/record/<path:number>/", serves(*ACTS)(record), name="sheet-record"),
    path("<slug:office>/board/paper/<path:number>.pdf", serves(*READERS)(paper), name="sheet-pdf"),
    path("<slug:office>/board/picture/<path:number>/<int:page>.png", serves(*READERS)(picture), name="sheet-picture"),
    path("<slug:office>/board/photo/<path:number>/<slug:of>/", serves(*READERS)(photo), name="sheet-photo"),
]

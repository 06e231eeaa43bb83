"""投递: what did not arrive by itself, the evidence, and what a person can do about it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from content.deliveries import Action, Outcome, Posting, Status
from content.items import UNPRINTABLE
from content.sightings import Seen
from desk.access import Seat, serves
from desk.acting import refusal, then
from desk.at_channel import at_channel
from desk.roles import Role
from ledger import queries, services
from ledger.errors import LedgerError, StaleError
from ledger.queries import DeliveryLine, MissingLine

#: in the order in which they ask for somebody
GROUPS = (Status.UNCONFIRMED, Status.BY_HAND, Status.REFUSED)
#: what may be done about a delivery that stands so: have the system look, say that it is done, send it again, let it go
MAY = {Status.UNCONFIRMED: {"look", "done", "again"}, Status.BY_HAND: {"done", "let_go"}, Status.REFUSED: {"again", "let_go"}}
UNFIT = re.compile(rf"\s|{UNPRINTABLE.pattern}")  #: what stands in no address
LONGEST = 2000  #: characters of an address or a reason


@require_safe
def deliveries(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What needs a hand, by what is to be done; of one channel where asked."""
    troubled = queries.troubled(offices=[seat.office], at=seat.at)
    ailing = queries.ailing_channels(offices=[seat.office])
    missing = queries.missing_postings(offices=[seat.office])
    counts = Counter([*(line.channel for line in troubled), *(one.channel for one in missing)])
    counts.update({one.channel: one.waiting for one in ailing})
    channel = request.GET.get("channel", "")
    lines = [line for line in troubled if channel in ("", line.channel)]
    known = [*seat.hand.sections, *sorted(set(counts) - set(seat.hand.sections))]
    return render(request, "desk/deliveries/list.html", {
        "groups": [(status.value, rows) for status in GROUPS if (rows := [line for line in lines if line.status is status])],
        "missing": [one for one in missing if channel in ("", one.channel)],
        "ailing": [one for one in ailing if channel in ("", one.channel)],
        "channels": [(name, counts[name]) for name in known if counts[name]],
        "channel": channel, "total": counts.total()})


@require_safe
def delivery(request: HttpRequest, seat: Seat, delivery: int) -> HttpResponse:
    """One delivery: everything known about it, and what may be done."""
    return _page(request, seat, _line(seat, delivery))


def _page(request: HttpRequest, seat: Seat, line: DeliveryLine, *, wrong: str = "") -> HttpResponse:
    book = queries.history(index_number=line.index_number)
    record = next(one for one in book.deliveries if one.delivery.delivery_id == line.delivery_id) if book else None
    missing = next(iter(queries.missing_postings(offices=[seat.office], delivery_id=line.delivery_id)), None)
    sheet = _sheet_of(book, line)
    return render(request, "desk/deliveries/delivery.html", status=422 if wrong else 200, context={
        "line": line, "attempts": record.attempts if record else (), "sheet": sheet, "may": may(line, seat, book, missing),
        "missing": missing, "looks": () if line.surface else queries.sightings(index_number=line.index_number, channel=line.channel),
        "there": None if sheet else at_channel(seat.hand, line, book),
        "wrong": wrong, "did": request.POST.get("do", ""), "typed": request.POST})


def may(line: DeliveryLine, seat: Seat, book: queries.History | None, missing: MissingLine | None) -> set[str]:
    """What this person may do about a delivery, or about what it posted."""
    if not seat.can(Role.OPERATOR, Role.CLERK) or line.surface:
        return set()
    if missing:
        return {"removed", "repost"} if missing.seen is Seen.GONE else {"removed"}
    if line.closed_at:
        return set()
    if _sheet_of(book, line) and line.status is Status.BY_HAND:
        return set()  # it is put up or taken down, on the page of the sheet
    return MAY.get(line.status, set())


def _sheet_of(book: queries.History | None, line: DeliveryLine) -> str:
    """The sheet that a delivery to a board made, or that its withdrawal is about."""
    sheets = [sheet for sheet in book.sheets if sheet.channel == line.channel] if book else []
    return next((sheet.number for sheet in reversed(sheets) if sheet.delivery_id == line.delivery_id or line.action is Action.WITHDRAW), "")


def _line(seat: Seat, delivery: int) -> DeliveryLine:
    line = queries.delivery_line(delivery_id=delivery)
    if line is None or line.office != seat.office:
        raise Http404
    return line


@require_POST
def act(request: HttpRequest, seat: Seat, delivery: int) -> HttpResponse:
    """Do one of the things."""
    line = _line(seat, delivery)
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        raise Http404
    work, done = deed(request, seat, line)
    if wrong := refusal(work):
        return _page(request, seat, _line(seat, delivery), wrong=wrong)  # as it stands by now, with what was typed
    messages.success(request, done)
    return then("delivery", seat, delivery=line.delivery_id)


Deed = tuple[Callable[[], None], str]


def _look(_request: HttpRequest, seat: Seat, line: DeliveryLine) -> Deed:
    return (lambda: services.ask_to_look(delivery_id=line.delivery_id, by=seat.person, at=seat.at),
            _("已记下：系统下一次运行时会到渠道上核实，结果会显示在这里。"))


def _done(request: HttpRequest, seat: Seat, line: DeliveryLine) -> Deed:
    """It is there, or, of a withdrawal, gone: a person has seen it."""
    url = request.POST.get("url", "").strip()

    def work() -> None:
        posting = None
        if line.action is not Action.WITHDRAW and (url or line.posting is None):
            _check_address(url)
            posting = Posting(ref=url, url=url, told=True)
        services.settle_as(delivery_id=line.delivery_id, tries=_tries(request), by=seat.person, at=seat.at,
                           outcome=Outcome(status=Status.POSTED, posting=posting))

    return work, _("已登记为已撤下。") if line.action is Action.WITHDRAW else _("已登记为已发。")


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    whole = parts.scheme in ("http", "https") and parts.netloc and not UNFIT.search(url) and len(url) <= LONGEST
    if not whole:
        raise LedgerError(f"{url[:80]!r} is no address", code="no_address", address=url[:80])


def _again(request: HttpRequest, seat: Seat, line: DeliveryLine) -> Deed:
    return (lambda: services.send_again(delivery_id=line.delivery_id, tries=_tries(request), by=seat.person, at=seat.at,
                                        reason=_reason(request), looked=request.POST.get("looked") == "yes"),
            _("已重新排队：系统下一次运行时会再发一次。"))


def _let_go(request: HttpRequest, seat: Seat, line: DeliveryLine) -> Deed:
    return (lambda: services.let_go(delivery_id=line.delivery_id, by=seat.person, at=seat.at, reason=_reason(request)),
            _("已登记为不再处理。台账仍记着它没有发出。"))


def _removed(request: HttpRequest, seat: Seat, line: DeliveryLine) -> Deed:
    return (lambda: services.confirm_removed(posting_id=_posting(seat, line), by=seat.person, at=seat.at, reason=_reason(request),
                                             ours=request.POST.get("ours") == "yes"),
            _("已登记为已被移除。它公开过，渠道统计照旧计入，并注明后来被移除。"))


def _repost(request: HttpRequest, seat: Seat, line: DeliveryLine) -> Deed:
    return (lambda: services.post_again(posting_id=_posting(seat, line), by=seat.person, at=seat.at, reason=_reason(request)),
            _("已重新排队：系统下一次运行时会再发一次。"))


def _posting(seat: Seat, line: DeliveryLine) -> int:
    """The missing posting that a delivery made."""
    for one in queries.missing_postings(offices=[seat.office], delivery_id=line.delivery_id):
        return one.posting_id
    raise StaleError(f"nothing of {line.key} is missing any more", key=line.key, status=str(line.status))


def _tries(request: HttpRequest) -> int:
    """How many attempts the page showed that somebody decided on; -1, which no delivery has, where it showed none."""
    shown = re.fullmatch(r"[0-9]{1,6}", request.POST.get("tries", ""))
    return int(shown[0]) if shown else -1


def _reason(request: HttpRequest) -> str:
    return UNPRINTABLE.sub(" ", request.POST.get("reason", "")).strip()[:LONGEST]


DEEDS: dict[str, Callable[[HttpRequest, Seat, DeliveryLine], Deed]] = {"look": _look, "done": _done, "again": _again, "let_go": _let_go,
                                                                          "removed": _removed, "repost": _repost}

SEES = (Role.OPERATOR, Role.CLERK, Role.DISTRICT)
urlpatterns: list[URLPattern] = [
    path("<slug:office>/deliveries/", serves(*SEES)(deliveries), name="deliveries"),
    path("<slug:office>/deliveries/<int:delivery>/", serves(*SEES)(delivery), name="delivery"),
    path("<slug:office>/deliveries/<int:delivery>/act/", serves(Role.OPERATOR, Role.CLERK)(act), name="delivery-act"),
]

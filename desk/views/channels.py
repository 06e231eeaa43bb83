"""渠道: how each one does, and the switch that pauses everything, a channel or an item, and resumes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from content.items import UNPRINTABLE
from desk.access import Seat, serves
from desk.acting import refusal, then
from desk.roles import Role
from ledger import queries, services
from ledger.errors import LedgerError

LONGEST = 500  #: characters of a reason
EVERYTHING, ITEM = "all", "item"  #: what may be paused besides a channel, which is named `channel:NAME`
DEEDS: dict[str, Callable[..., None]] = {"pause": services.pause, "resume": services.resume}


@require_safe
def channels(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every channel of the office, and what is paused."""
    return _page(request, seat, typed={"what": ITEM if request.GET.get("item") else EVERYTHING, "item": request.GET.get("item", "")})


def _page(request: HttpRequest, seat: Seat, *, typed: dict[str, str], wrong: str = "") -> HttpResponse:
    return render(request, "desk/channels/list.html", status=422 if wrong else 200, context={
        "states": [(one, _left(one, seat.at)) for one in queries.channel_states(office=seat.office)],
        "pauses": queries.pauses(office=seat.office), "may": seat.can(Role.OPERATOR), "typed": typed, "wrong": wrong, "now": seat.at})


def _left(one: queries.ChannelState, at: datetime) -> int | None:
    return one.probe.days_left(at) if one.probe else None


@require_POST
def switch(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Pause or resume."""
    typed = {name: UNPRINTABLE.sub(" ", request.POST.get(name, "")).strip()[:LONGEST] for name in ("do", "what", "item", "reason")}
    deed = DEEDS.get(typed["do"])
    if deed is None:
        raise Http404

    def work() -> None:
        deed(office=seat.office, by=seat.person, at=seat.at, reason=typed["reason"], **_subject(typed))

    if wrong := refusal(work):
        return _page(request, seat, typed=typed, wrong=wrong)
    messages.success(request, _("已暂停：恢复之前，系统不会继续。") if typed["do"] == "pause" else _("已恢复：系统下一次运行时继续。"))
    return then("channels", seat)


def _subject(typed: dict[str, str]) -> dict[str, Any]:
    what, _colon, name = typed["what"].partition(":")
    if what == "channel":
        return {"channel": name}
    if what == ITEM:
        if not typed["item"]:
            raise LedgerError("which item? write its index number", code="which_item")
        return {"index_number": typed["item"]}
    if what != EVERYTHING:
        raise LedgerError("say what is to be paused", code="which_item")  # nothing chosen must never mean everything
    return {}


SEES = (Role.OPERATOR, Role.CLERK, Role.SIGNER, Role.DISTRICT)
urlpatterns: list[URLPattern] = [
    path("<slug:office>/channels/", serves(*SEES)(channels), name="channels"),
    path("<slug:office>/channels/switch/", serves(Role.OPERATOR)(switch), name="channels-switch"),
]

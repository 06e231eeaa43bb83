"""What has been made public already: a correction of it, drafted by a clerk; its withdrawal, by the leader who signs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from channels.base import Withdraws
from content.rules import OPEN_STATES, RuleError
from desk import scratch
from desk.access import Seat, serves
from desk.forms.reading import Faults
from desk.forms.saving import save_correction
from desk.forms.shown import labels
from desk.forms.typed import from_edition, from_post
from desk.forms.uploads import bring
from desk.report_items import fixed
from desk.roles import Role
from desk.views.writing_form import answer, form_page, kept_form, next_page, tell
from desk.words import said
from ledger import queries, services
from ledger.errors import LedgerError, UnknownError
from ledger.queries.public import ItemInHand, item_in_hand, standing_copies


def item_of(seat: Seat, item: int) -> ItemInHand:
    """An item of this office.

    Raises:
        Http404: there is none, or it is another office's.
    """
    try:
        found = item_in_hand(item_id=item)
    except UnknownError:
        raise Http404 from None
    if found.office != seat.office:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, seat: Seat, item: int) -> HttpResponse:
    """A correction: the form filled with what the public reads now. One that is open already is taken up instead."""
    found = item_of(seat, item)
    if found.newest_state in OPEN_STATES and request.method != "POST":
        messages.info(request, _("这条信息已有正在办理的版本，就在下面。"))
        return answer(reverse("edit", kwargs={"office": seat.office, "edition": found.newest_id}))
    if found.shown is None or found.withdrawn_at is not None:
        return _not_public(request, seat, found)
    shown, key = found.shown, f"new:correct-{item}"
    if request.method == "POST":
        brought = bring(request, from_post(request.POST))
        saved = save_correction(seat, fixed(brought.typed, shown.edition), shown.edition, Faults(fields=brought.faults))
        tell(request, [*brought.notes, *saved.notes])
        if saved.edition_id is None:
            return form_page(request, seat, saved.typed, faults=saved.faults, status=422, correcting=shown.edition)
        scratch.drop(seat.person, seat.office, key)
        return next_page(request, seat, saved, then=request.POST.get("do", "save"))
    before = from_edition(shown.edition, channels=shown.channels, routes=(), hand=seat.hand, seen="", key=key).with_texts(change_note="")
    kept, typed = kept_form(seat, before)
    return form_page(request, seat, typed, kept=kept, correcting=shown.edition)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, seat: Seat, item: int) -> HttpResponse:
    """A withdrawal: every copy is named before anybody says yes, and the reason is written for the public."""
    found = item_of(seat, item)
    if found.shown is None or found.withdrawn_at is not None:
        return _not_public(request, seat, found)
    context: dict[str, Any] = {"item": found, "copies": _copies(seat, item, found.shown.channels), "reason": request.POST.get("reason", "")}
    if request.method != "POST":
        return render(request, "desk/writing/withdraw.html", context)
    if not request.POST.get("sure"):
        return render(request, "desk/writing/withdraw.html", {**context, "unsure": _("请先勾选，确认要从所有渠道撤回。")}, status=422)
    try:
        channels = services.withdraw(index_number=found.index_number, by=seat.person, at=seat.at, reason=context["reason"])
    except (LedgerError, RuleError) as error:
        return render(request, "desk/writing/withdraw.html", {**context, "wrong": said(error, seat.hand)}, status=422)
    if channels is None:  # somebody was quicker
        return _not_public(request, seat, item_of(seat, item))
    named = labels(seat.hand)
    messages.success(request, _("已撤回，从现在起不再公开。将从这些渠道收回：%(channels)s。进展见“投递”和“张贴”。")
                     % {"channels": "、".join(named.get(name, name) for name in channels) or _("没有渠道留有内容")})
    return answer(reverse("today", kwargs={"office": seat.office}))


def _not_public(request: HttpRequest, seat: Seat, found: ItemInHand) -> HttpResponse:
    """Why an item can be neither corrected nor withdrawn; of one that was withdrawn, by whom and where its copies are told of."""
    gone = queries.events(office=seat.office, subject=found.index_number, verb="withdrawn", limit=1).rows
    return render(request, "desk/writing/not_public.html", {"item": found, "gone": gone[0] if gone else None}, status=409)


def _copies(seat: Seat, item: int, routed: Iterable[str]) -> list[dict[str, str]]:
    """Where the public can read it, and what will happen there; then the channels that have nothing, or nothing yet."""
    named, standing = labels(seat.hand), standing_copies(item_id=item)
    out = [{"label": named.get(copy.channel, copy.channel), "url": copy.url, "what": _fate(seat, copy.channel, copy.kind)}
           for copy in standing]
    rest = [name for name in routed if name not in {copy.channel for copy in standing}]
    return out + [{"label": named.get(name, name), "url": "", "what": _("现在没有留存；还没有发出的，不再发出。")} for name in rest]


def _fate(seat: Seat, name: str, kind: str) -> str:
    if name in seat.hand.surfaces:
        return _("自动撤下，原处只留“已撤回”的说明和理由。")
    if kind == "board":
        return _("需要有人把张贴的纸撤下并登记，“张贴”页会列出。")
    if name in seat.hand.outlets and isinstance(seat.hand.outlets[name], Withdraws):
        return _("自动请平台删除；平台没有答复时，“投递”页会请人核实。")
    return _("平台不能自动撤回，“投递”页会请人手工删除。")


urlpatterns: list[URLPattern] = [
    path("<slug:office>/write/correct/<int:item>/", serves(Role.CLERK)(correct), name="correct"),
    path("<slug:office>/write/withdraw/<int:item>/", serves(Role.SIGNER)(withdraw), name="withdraw"),
]

"""签发: what waits for a leader's signature, and the page on which every rendition is seen before it is sealed.

The form carries the seals of the renditions that were shown. Where configuration or templates have changed since, they differ
from those made now: nothing is signed, and the page is shown anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from content.rules import RuleError, State
from desk import approving, previewing
from desk.access import Seat, serves
from desk.acting import then
from desk.comparing import compare
from desk.reading import file_url
from desk.roles import Role
from desk.words import said
from ledger import queries, services
from ledger.errors import LedgerError, SealError
from ledger.queries import EditionInHand

SIGNED = (State.SIGNED, State.RELEASED, State.CORRECTED, State.WITHDRAWN)


@require_safe
def signatures(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What waits for this leader: signatures, and what is to be withdrawn after a review that came later."""
    office = [seat.office]
    return render(request, "desk/signing/list.html", {
        "waiting": queries.to_sign(offices=office, by=seat.person), "turned_down": queries.to_withdraw(offices=office)})


@require_http_methods(["GET", "HEAD", "POST"])
def edition(request: HttpRequest, seat: Seat, edition: int) -> HttpResponse:
    """One edition as every channel will show it; sign it or return it. Once signed, when it goes out."""
    found = approving.in_hand(seat, edition)
    if request.method != "POST":
        return _page(request, seat, found)
    step = request.POST.get("step", "")
    act = ACTS.get(step)
    if act is None:
        return _page(request, seat, found, Fault(wrong=_("没有说明要办理哪一步；请在下面选择。")))
    try:
        return act(request, seat, found)
    except (LedgerError, RuleError) as error:
        again = approving.in_hand(seat, edition)
        words = said(error, seat.hand)
        return _page(request, seat, again, Fault(step=step, reason=words) if error.code == "reason" else Fault(step=step, wrong=words))


def _sign(request: HttpRequest, seat: Seat, found: EditionInHand) -> HttpResponse:
    services.sign_off(edition_id=found.edition_id, by=seat.person, at=seat.at, seen=_seen(request),
                      renditions=_as_shown(request, seat, found))
    messages.success(request, _("《%(title)s》已签发。") % {"title": found.edition.title})
    return then("sign", seat, edition=found.edition_id)


def _sign_urgently(request: HttpRequest, seat: Seat, found: EditionInHand) -> HttpResponse:
    services.sign_urgently(edition_id=found.edition_id, by=seat.person, at=seat.at, seen=_seen(request),
                           renditions=_as_shown(request, seat, found))
    messages.success(request, _("《%(title)s》已按急件签发；保密审查须在一天内补上。") % {"title": found.edition.title})
    return then("sign", seat, edition=found.edition_id)


def _return(request: HttpRequest, seat: Seat, found: EditionInHand) -> HttpResponse:
    services.return_to_drafter(edition_id=found.edition_id, by=seat.person, at=seat.at, seen=_seen(request),
                               reason=request.POST.get("reason", "").strip())
    messages.success(request, _("《%(title)s》已退回%(drafter)s修改。") % {"title": found.edition.title, "drafter": found.drafter})
    return then("signatures", seat)


ACTS: dict[str, Callable[[HttpRequest, Seat, EditionInHand], HttpResponse]] = {
    "sign": _sign, "sign-urgently": _sign_urgently, "return": _return}


def _seen(request: HttpRequest) -> str:
    return request.POST.get("seen", "")


def _as_shown(request: HttpRequest, seat: Seat, found: EditionInHand) -> dict[str, str]:
    """The seals of what the person saw, if that is what would be said now.

    Raises:
        SealError: a rendition is no longer the one that was shown.
    """
    now = previewing.seals(previewing.on_channels(seat.hand, found))
    shown = dict(approving.given(request, "seal-"))
    if _seen(request) == found.seen and (shown != now or not all(now.values())):  # other words are the ledger's to refuse
        raise SealError(f"{found.edition.index_number}: the renditions are not those that were shown", code="renditions_changed",
                        index_number=found.edition.index_number)
    return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What was wrong with a form that was sent."""

    step: str = ""
    wrong: str = ""  #: with the step itself
    reason: str = ""  #: with the reason


def _page(request: HttpRequest, seat: Seat, found: EditionInHand, fault: Fault | None = None) -> HttpResponse:
    shown, told = previewing.on_channels(seat.hand, found), fault or Fault()
    history = queries.history(index_number=found.edition.index_number)
    failed = found.later_verdict == "fail" and found.state == State.RELEASED and not found.withdrawn
    known = queries.find_item(index_number=found.edition.index_number) if failed else None
    gate = queries.gate(edition_id=found.edition_id)
    urgent = found.state == State.IN_REVIEW and bool(found.urgent_reason) and seat.hand.office.urgent
    return render(request, "desk/signing/edition.html", status=422 if fault else 200, context={
        "found": found, "words": found.edition, "shown": shown, "unfit": [one for one in shown if one.problem],
        "signed": found.state in SIGNED, "urgent": urgent, "blocked": _blocked(seat, found, urgent=urgent),
        "files": [(file, file_url(seat.office, file)) for file in found.edition.attachments],
        "differences": compare(found.before, found.edition) if found.before else None, "answers": gate.findings,
        "routes": _routes(found, history), "to_withdraw": known.item_id if known else None, "story": approving.story(history),
        "step": told.step, "wrong": told.wrong, "fault": told.reason, "reason": request.POST.get("reason", "")})


def _routes(found: EditionInHand, history: queries.History | None) -> list[queries.RouteLine]:
    """Where it goes, when, and since when it is there."""
    records = history.editions if history else ()
    return [route for record in records if record.edition_id == found.edition_id for route in record.routes]


def _blocked(seat: Seat, found: EditionInHand, *, urgent: bool) -> str:
    """Why this person has no buttons here; empty where they do. The ledger refuses by itself."""
    if found.state in SIGNED:
        return ""
    if seat.person == found.drafter:
        return _("这条信息由您起草，不能由您签发；请另一位负责人签发。")
    if seat.person == found.reviewer:
        return _("这条信息由您作了保密审查，不能由您签发；请另一位负责人签发。")
    if found.state != State.REVIEWED and not urgent:
        return _("这条信息现在不在签发环节，无须办理。")
    return ""


urlpatterns: list[URLPattern] = [
    path("<slug:office>/signatures/", serves(Role.SIGNER)(signatures), name="signatures"),
    path("<slug:office>/signatures/<int:edition>/", serves(Role.SIGNER)(edition), name="sign"),
]

"""审查: what waits for the secrecy reviewer, and the page on which one edition is judged. What was signed first is judged here later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from content import metadata
from content.rules import RuleError, State
from content.screening import Finding, Severity
from desk import approving
from desk.access import Seat, serves
from desk.acting import then
from desk.comparing import compare
from desk.reading import file_url, shown_body, shown_text
from desk.roles import Role
from desk.words import said
from ledger import queries, services
from ledger.errors import GateError, LedgerError
from ledger.queries import EditionInHand, Gate

#: of what an edition says besides its body, in the order in which it is read
FACTS = ("document_number", "issuing_body", "category", "source", "summary", "short_title", "change_note")


@require_safe
def reviews(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What waits for this reviewer: before it goes out, and after where a leader signed first."""
    office = [seat.office]
    return render(request, "desk/reviewing/list.html", {
        "waiting": queries.to_review(offices=office, by=seat.person),
        "later": queries.to_review_afterwards(offices=office, by=seat.person), "now": seat.at})


@require_http_methods(["GET", "HEAD", "POST"])
def edition(request: HttpRequest, seat: Seat, edition: int) -> HttpResponse:
    """One edition: read it, see what was found in it, and pass it, return it, or ask above."""
    found = approving.in_hand(seat, edition)
    if request.method != "POST":
        return _page(request, seat, found)
    step = request.POST.get("step", "")
    act = ACTS.get(step)
    if act is None:
        return _page(request, seat, found, Fault(wrong=_("没有说明要办理哪一步；请在下面选择。")))
    try:
        told = act(request, seat, found)
    except GateError as error:
        return _page(request, seat, found, Fault(step=step, missing=frozenset(error.facts["keys"]), wrong=said(error, seat.hand)))
    except (LedgerError, RuleError) as error:
        again = approving.in_hand(seat, edition)  # as it stands now: what the person typed is kept beside it
        words = said(error, seat.hand)
        return _page(request, seat, again, Fault(step=step, reason=words) if error.code == "reason" else Fault(step=step, wrong=words))
    messages.success(request, told)
    return then("reviews", seat)


def _pass(request: HttpRequest, seat: Seat, found: EditionInHand) -> str:
    services.pass_review(edition_id=found.edition_id, by=seat.person, at=seat.at, seen=_seen(request), reason=_reason(request),
                         confirmations=approving.given(request, "confirm-"))
    return _("《%(title)s》审查通过，已转负责人签发。") % {"title": found.edition.title}


def _return(request: HttpRequest, seat: Seat, found: EditionInHand) -> str:
    services.return_to_drafter(edition_id=found.edition_id, by=seat.person, at=seat.at, seen=_seen(request), reason=_reason(request))
    return _("《%(title)s》已退回%(drafter)s修改。") % {"title": found.edition.title, "drafter": found.drafter}


def _refer(request: HttpRequest, seat: Seat, found: EditionInHand) -> str:
    services.refer_upward(edition_id=found.edition_id, by=seat.person, at=seat.at, seen=_seen(request), reason=_reason(request))
    return _("《%(title)s》已记为报请上级审定；有答复后仍在“审查”里办理。") % {"title": found.edition.title}


def _later(verdict: str) -> Callable[[HttpRequest, Seat, EditionInHand], str]:
    def act(request: HttpRequest, seat: Seat, found: EditionInHand) -> str:
        services.review_afterwards(edition_id=found.edition_id, by=seat.person, at=seat.at, seen=_seen(request), verdict=verdict,
                                   reason=_reason(request), confirmations=approving.given(request, "confirm-"))
        if verdict == "pass":
            return _("《%(title)s》事后审查通过。") % {"title": found.edition.title}
        if found.state == State.SIGNED:
            return _("《%(title)s》没有通过，尚未公开，已退回%(drafter)s修改。") % {"title": found.edition.title, "drafter": found.drafter}
        return _("《%(title)s》没有通过，已请负责人撤回。") % {"title": found.edition.title}

    return act


ACTS: dict[str, Callable[[HttpRequest, Seat, EditionInHand], str]] = {
    "pass": _pass, "return": _return, "refer": _refer, "pass-later": _later("pass"), "fail-later": _later("fail")}


def _seen(request: HttpRequest) -> str:
    return request.POST.get("seen", "")


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What was wrong with a form that was sent."""

    step: str = ""  #: which of the forms
    wrong: str = ""  #: with the step itself
    reason: str = ""  #: with the reason
    missing: frozenset[str] = frozenset()  #: marks of secrecy without the reviewer's own word


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """The reviewer's own word on a mark of secrecy, as the form asks for it."""

    key: str
    label: str
    place: str
    value: str
    fault: bool


def _page(request: HttpRequest, seat: Seat, found: EditionInHand, fault: Fault | None = None) -> HttpResponse:
    """The page, with what was wrong with the form and what was typed into it."""
    gate, words = queries.gate(edition_id=found.edition_id), found.edition
    findings = [one.finding for one in gate.findings]
    later = found.review_due_at is not None and not found.later_reviewer and found.state != State.DRAFT
    told = fault or Fault()
    return render(request, "desk/reviewing/edition.html", status=422 if fault else 200, context={
        "found": found, "words": words, "title": shown_text(words, "title", findings), "body": shown_body(words, seat.office, findings),
        "facts": [(name, shown_text(words, name, findings)) for name in FACTS if getattr(words, name)]
        + [(slug, shown_text(words, slug, findings)) for slug, _label, _value in metadata.lines(words.metadata)],
        "findings": [_finding(one) for one in gate.findings], "masked": [one for one in gate.records if one.kind == "masked"],
        "files": _files(seat, found, gate), "differences": compare(found.before, words) if found.before else None,
        "story": approving.story(queries.history(index_number=words.index_number)),
        "later": later, "overdue": later and found.review_due_at is not None and found.review_due_at < seat.at,
        "blocked": _blocked(seat, found, later=later), "secret": _to_confirm(request, findings, told),
        "step": told.step, "wrong": told.wrong, "fault": told.reason, "reason": request.POST.get("reason", "")})


def _to_confirm(request: HttpRequest, findings: Sequence[Finding], told: Fault) -> list[Confirm]:
    return [Confirm(key=one.key, label=one.label, place=one.place, value=request.POST.get(f"confirm-{one.key}", ""),
                    fault=one.key in told.missing) for one in findings if one.severity is Severity.SECRET]


def _finding(judged: queries.Judged) -> dict[str, Any]:
    found = judged.finding
    in_words = found.field in ("body", "title", *FACTS, *metadata.SLUGS)  # there the place itself can be shown
    return {"found": found, "justification": judged.justification, "confirmation": judged.confirmation, "in_words": in_words,
            "secret": found.severity is Severity.SECRET}


def _files(seat: Seat, found: EditionInHand, gate: Gate) -> list[dict[str, Any]]:
    """Attachments and pictures with what was found in each."""
    kinds = [("attachment", file) for file in found.edition.attachments] + [("image", file) for file in found.edition.images]
    return [{"kind": kind, "file": file, "url": file_url(seat.office, file), "alt": getattr(file, "alt", ""),
             "findings": [one.finding for one in gate.findings if one.finding.field in (f"{kind}:{file.name}", f"alt:{file.name}")]}
            for kind, file in kinds]


def _blocked(seat: Seat, found: EditionInHand, *, later: bool) -> str:
    """Why this person has no buttons here; empty where they do. The ledger refuses by itself."""
    if seat.person == found.drafter:
        return _("这条信息由您起草，不能由您审查；请另一位保密审查人办理。")
    if later and seat.person == found.signer:
        return _("这条信息由您签发，不能由您补作审查；请另一位保密审查人办理。")
    if found.state != State.IN_REVIEW and not later:
        return _("这条信息现在不在审查环节，无须办理。")
    return ""


urlpatterns: list[URLPattern] = [
    path("<slug:office>/reviews/", serves(Role.REVIEWER)(reviews), name="reviews"),
    path("<slug:office>/reviews/<int:edition>/", serves(Role.REVIEWER)(edition), name="review"),
]

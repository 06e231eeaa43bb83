"""定稿: freezing and restating a report, and handing it over as an item that goes through the same hands as every other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from content.figures import Counting
from content.html import text
from content.rules import RuleError
from desk import freezing
from desk.access import Seat, serves
from desk.acting import then
from desk.freezing import Sent, question
from desk.handing import UnmadeError, report_of
from desk.report_items import AsItem, body_of, hand_over, item_of, other_files
from desk.reporting import kept_of
from desk.roles import READERS, Role
from desk.standing import Question, asked_now, since, standing, wrongs
from desk.words import said
from ledger.errors import LedgerError
from ledger.queries import Frozen
from reports.making import Asked
from reports.report import Report

#: figures and the report are the reporter's. Whether the public reads it is decided afterwards, by review and signature
FREEZES = Role.REPORTER
WRITES = Role.CLERK  #: whoever drafts an item


@require_safe
def final(request: HttpRequest, seat: Seat, form: str, when: str) -> HttpResponse:
    """How a report stands: what does not hold, or, once it is frozen, what was kept and what differs since."""
    return _page(request, seat, question(request, seat, form, when))


def _page(request: HttpRequest, seat: Seat, asked: Asked, *, wrong: str = "", sent: Sent | None = None, status: int = 422) -> HttpResponse:
    found = standing(seat, asked)
    asked = asked_now(seat, found.kept) if found.kept else asked
    try:
        report = report_of(asked)
    except UnmadeError as error:
        return told(request, error)
    mend, questions = wrongs(report)
    today = seat.at.astimezone(seat.hand.office.tz).date()
    context = {
        "final": found, "title": found.kept.filing["title"] if found.kept else report.filing.title, "counting": asked.counting,
        "query": "" if found.kept or asked.counting is Counting.DISTINCT else f"?counting={asked.counting}",
        "mend": mend, "missing": len(report.missing()), "questions": _answered(questions, sent), "last_day": report.filing.last_day,
        "over": report.filing.last_day < today, "today": today, "seen": freezing.seen(report), "wrong": wrong,
        "reason": sent.reason if sent else "", "signed_on": sent.signed_on if sent else today.isoformat(),
        "columns": seat.hand.office.columns,
        "column": request.POST.get("column") or seat.hand.office.report_column, "freezes": seat.can(FREEZES),
        "writes": seat.can(WRITES), **(_kept(seat, found.kept, found.item, asked, report) if found.kept else {})}
    return render(request, "desk/reports/finalise.html", context, status=status if wrong else 200)


def told(request: HttpRequest, error: UnmadeError) -> HttpResponse:
    """Why there is no such page or paper."""
    return render(request, "desk/told.html", {"title": _("没有做成"), "words": str(error)}, status=409)


def _answered(questions: list[Question], sent: Sent | None) -> list[Question]:
    """With what was typed, and a word where nothing was."""
    if sent is None:
        return questions
    return [replace(one, given=sent.answers.get(one.name, ""), wrong=not sent.answers.get(one.name)) for one in questions]


def _kept(seat: Seat, kept: Frozen, item: AsItem | None, asked: Asked, report: Report) -> Mapping[str, object]:
    """Of a report that was frozen: what differs since, why it stands where something did not hold, whether its item still says it."""
    says = {check.id: check.says for check in report.form.checks}
    try:
        other = item is not None and item.says_it and (text(item.body) != text(body_of(seat, kept)) or other_files(item, kept))
    except UnmadeError:
        other = False  # nobody can tell: it does not come out any more as it was kept
    answers = [(says.get(name.split()[0], name), why) for name, why in kept.answers.items()]
    return {"other_words": other, "since": since(kept, asked, report), "answers": answers}


@require_POST
def freeze(request: HttpRequest, seat: Seat, form: str, when: str) -> HttpResponse:
    """Keep the report as it stands, with its papers; or another in the place of the one that was kept."""
    asked = question(request, seat, form, when)
    kept, sent = kept_of(asked), Sent.of(request)
    try:
        freezing.freeze(seat, asked_now(seat, kept) if kept else asked, kept, sent)
    except UnmadeError as error:
        return _page(request, seat, asked, wrong=str(error), sent=sent)
    except (LedgerError, RuleError) as error:
        return _page(request, seat, asked, wrong=said(error, seat.hand), sent=sent)
    messages.success(request, _("报告已更正，重新定稿。") if kept else _("报告已定稿。以后台账有变化也不会改动它，变化列在下面。"))
    return then("report_final", seat, form=form, when=when)


@require_POST
def item(request: HttpRequest, seat: Seat, form: str, when: str) -> HttpResponse:
    """Hand a frozen report over: a draft, which its clerk then takes to the review."""
    asked = question(request, seat, form, when)
    kept = kept_of(asked)
    column = request.POST.get("column") or seat.hand.office.report_column
    there = item_of(seat.office, asked, kept)
    new = there is None or there.withdrawn  # what is there already stays where it is
    if kept is None:
        return _page(request, seat, asked, wrong=_("报告还没有定稿；定稿以后才能转为信息。"), status=409)
    if new and column not in seat.hand.office.by_slug:
        return _page(request, seat, asked, wrong=_("请选择报告放在哪个栏目。"))
    try:
        saved = hand_over(seat, kept, column=column)
    except UnmadeError as error:
        return _page(request, seat, asked, wrong=str(error), status=409)
    if saved.edition_id is None:
        told = [*(one for some in saved.faults.fields.values() for one in some), *saved.faults.channels.values(),
                *([said(saved.conflict, seat.hand)] if saved.conflict else [])]
        return _page(request, seat, asked, wrong=" ".join([_("没有转为信息。"), *told]))
    for note in saved.notes:
        messages.warning(request, note)
    if saved.twin:
        messages.info(request, _("这份报告刚才已经转为信息，就是下面这一条。"))
    else:
        messages.success(request, _("报告已转为下面的草稿，附件已经带上。请核对栏目、渠道和检查结果，再送审。"))
    return then("edit", seat, edition=saved.edition_id)


AT = "<slug:office>/reports/<str:form>/<str:when>/final/"
urlpatterns: list[URLPattern] = [
    path(AT, serves(*READERS)(final), name="report_final"),
    path(f"{AT}freeze/", serves(FREEZES)(freeze), name="report_freeze"),
    path(f"{AT}item/", serves(WRITES)(item), name="report_item"),
]

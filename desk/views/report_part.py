"""Filling a part of a report: the numbers that no ledger knows, and the words, in one form. What is right is kept, what is not is told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from desk.access import Seat
from desk.acting import then
from desk.forms import facts, report_text
from desk.forms.comparison import compare
from desk.report_drawing import read
from desk.report_naming import names, speakable
from desk.reporting import asked_for, draft, kept_of
from reports.forms.values import Form, Part
from reports.making import Asked, period_word
from reports.report import Report


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, seat: Seat, form: str, when: str, part: str) -> HttpResponse:
    """One part to be filled in."""
    asked = asked_for(seat, form, when)
    made = draft(asked)
    here = next((one for one in made.report.form.parts if one.id == part), None)
    if here is None or not fillable(made.report.form, here):
        raise Http404
    if request.method != "POST":
        return _page(request, seat, asked, here)
    wanted = facts.places(made.report.form, here).cells(made.report.form)
    if request.POST.get("do") in ("look", "zeros"):
        return _looked(request, seat, asked, here, made.report)
    numbers = facts.record(seat, asked, made.report, wanted, request.POST)
    written = report_text.keep(seat, asked, made.report.form, here, request.POST)
    kept = [*([_("%(n)d 个数") % {"n": numbers.saved}] if numbers.saved else []), *([_("文字")] if written and written.saved else [])]
    if kept:
        messages.success(request, _("已保存：%(what)s。") % {"what": "、".join(kept)})
    if numbers.wrong or (written and (written.wrong or written.meanwhile)):
        status = 409 if numbers.meanwhile or (written and written.meanwhile) else 422
        return _page(request, seat, asked, here, numbers=numbers, written=written, status=status)
    if not kept:
        messages.info(request, _("内容没有变化。"))
    following = _after(made.report.form, here) if request.POST.get("do") == "next" else here
    if following is None:
        return then("report", seat, form=form, when=when)
    return then("report_part", seat, form=form, when=when, part=following.id)


def _looked(request: HttpRequest, seat: Seat, asked: Asked, here: Part, report: Report) -> HttpResponse:
    """The form as it was typed, nothing of it kept: to see how the words read, or zeros in what was left blank."""
    text = report_text.typed(request.POST)
    written = None if text is None else report_text.Written(
        text=text, wrong=report_text.refusal(text, report.form), seen=request.POST.get(report_text.SEEN))
    wanted = facts.places(report.form, here).cells(report.form)
    numbers = facts.looked_at(request.POST, wanted)
    if request.POST.get("do") == "zeros":
        numbers = facts.with_zeros(numbers, report, wanted)
        messages.info(request, _("空格已填上 0，还没有保存。请核对：确实没有发生的留着 0，还不知道的清空，再点“保存”。"))
    return _page(request, seat, asked, here, numbers=numbers, written=written)


def fillable(form: Form, one: Part) -> bool:
    """Whether anybody writes anything into a part: numbers, or words."""
    return bool(one.text.strip() or facts.places(form, one).cells(form))


def _after(form: Form, one: Part) -> Part | None:
    parts = [each for each in form.parts if fillable(form, each)]
    at = parts.index(one) + 1
    return parts[at] if at < len(parts) else None


def _page(request: HttpRequest, seat: Seat, asked: Asked, here: Part, *, numbers: facts.Typed | None = None,
          written: report_text.Written | None = None, status: int = 200) -> HttpResponse:
    """The form, with what was typed and not kept."""
    report = draft(asked).report  # again: what was right is in it by now
    numbers = numbers or facts.Typed()
    known, now = names(report), report_text.standing(asked, here)
    text = written.text if written else now.text
    refused = report_text.refusal(text, report.form)
    wrong = written.wrong if written else refused
    words: dict[str, Any] = {
        "form": asked.form, "when": period_word(asked), "part": here, "report": report,
        "sheets": facts.sheets(report, facts.places(report.form, here), known, numbers), "numbers": numbers, "standing": now, "text": text,
        "seen": now.seen if written is None or written.seen is None else written.seen,
        "wrong": wrong, "proposed": now.kept is None and now.last is not None, "written": written,
        "spoken": here.text.strip() or now.kept or now.last, "kept": kept_of(asked), "next": _after(report.form, here),
        "reads": "" if refused else read(text, report, seat.hand.office, lambda cell: _cell(asked, cell)),
        "words": speakable(report, asked, known)}
    if written and written.meanwhile:
        words |= {"theirs": written.meanwhile, "lines": compare(written.meanwhile.text, written.text)}
    return render(request, "desk/reports/part.html", words, status=status)


def _cell(asked: Asked, cell: str) -> str:
    return reverse("report_cell", kwargs={"office": asked.office.code, "form": asked.form, "when": period_word(asked), "cell": cell})

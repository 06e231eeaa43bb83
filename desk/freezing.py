"""Freezing a report at the desk: which one is asked for, the day printed under it, and everything that must hold before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.figures import Counting
from content.seals import seal
from desk.access import Seat
from desk.approving import given
from desk.forms.days import day_field
from desk.handing import UnmadeError, papers_of, report_of
from desk.reporting import MAKER, asked_for
from desk.standing import wrongs
from ledger import services
from ledger.queries import Frozen
from reports.keeping import unchanged
from reports.making import Asked
from reports.report import Report


def question(request: HttpRequest, seat: Seat, form: str, when: str) -> Asked:
    """The question of the address, with the counting that was chosen for it.

    Raises:
        Http404: there is no such form, year, period or way to count.
    """
    sent = request.POST if request.method == "POST" else request.GET
    try:
        counting = Counting(sent.get("counting") or Counting.DISTINCT)
    except ValueError:
        raise Http404 from None
    return asked_for(seat, form, when, counting=counting)


class SigningForm(forms.Form):
    """The day printed under a report."""

    signed_on = day_field(gettext_lazy("落款日期"))

    def __init__(self, data: Mapping[str, Any] | None, *, ended: date, today: date) -> None:
        super().__init__(data)
        self.ended, self.today = ended, today

    def clean_signed_on(self) -> date:
        """A day from the end of what is reported to today: nothing is signed before, and nothing ahead."""
        on: date | None = self.cleaned_data["signed_on"]
        if on is None:
            raise ValidationError(_("请填写落款日期：它印在报告末尾。"))
        if not self.ended < on <= self.today:
            raise ValidationError(_("落款日期应在 %(ended)s 之后、不晚于今天（%(today)s）。") % {"ended": self.ended, "today": self.today})
        return on


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was typed into the form."""

    seen: str  #: the seal of what was on the page
    signed_on: str
    reason: str  #: why it is restated
    restates: int | None
    answers: Mapping[str, str]  #: why a fault may stand, by its name

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """As it came."""
        restates = request.POST.get("restates", "")
        number = int(restates) if restates.isascii() and restates.isdigit() and len(restates) < 19 else None
        return cls(seen=request.POST.get("seen", ""), signed_on=request.POST.get("signed_on", ""),
                   reason=request.POST.get("reason", "").strip(), restates=number, answers=given(request, "answer:"))


def seen(report: Report) -> str:
    """The seal of all that a report says: what somebody has before their eyes."""
    return seal(report.filing.as_json())


def freeze(seat: Seat, asked: Asked, kept: Frozen | None, sent: Sent) -> None:
    """Keep a report with its papers, in the place of the one that was `kept`, if there is one.

    Raises:
        UnmadeError: it is not as it was seen, something in it does not hold, or nothing has changed since it was kept.
        LedgerError: as `services.freeze_report`.
    """
    report = report_of(asked)
    if sent.seen != seen(report):
        raise UnmadeError(_("报告在您打开页面之后有了变化，没有定稿。下面是现在的情况，请重新核对。"))
    signed_on = _signed_on(seat, report, sent)
    mend, questions = wrongs(report)
    if mend:
        raise UnmadeError(_("报告里还有不成立的地方，没有定稿；请先按下面所列逐处改正。"))
    answers = {one.name: sent.answers.get(one.name, "") for one in questions}
    if not all(answers.values()):
        raise UnmadeError(_("还有不成立的地方没有写明理由，没有定稿。"))
    counted = MAKER.rows(asked, report)
    if kept and unchanged(kept, report, counted, signed_on=signed_on):
        raise UnmadeError(_("定稿以后台账和文字都没有变化，没有什么可更正的。"))
    final = papers_of(seat.hand, asked, report, signed_on=signed_on, final=True)
    services.freeze_report(
        office=seat.office, form=asked.form, year=asked.year, period=asked.period, filing=report.filing.as_json(),
        rows=counted, as_of=asked.as_of, by=seat.person, at=seat.at, signed_on=signed_on, offices=asked.offices,
        papers=final, answers=answers, reason=sent.reason, restates=sent.restates)


def _signed_on(seat: Seat, report: Report, sent: Sent) -> date:
    today = seat.at.astimezone(seat.hand.office.tz).date()
    if report.filing.last_day >= today:
        raise UnmadeError(_("统计期限到 %(day)s 才结束，现在还不能定稿；可以先下载草稿。") % {"day": report.filing.last_day})
    form = SigningForm({"signed_on": sent.signed_on}, ended=report.filing.last_day, today=today)
    if not form.is_valid():
        raise UnmadeError(" ".join(str(one) for one in form.errors["signed_on"]))
    on: date = form.cleaned_data["signed_on"]
    return on

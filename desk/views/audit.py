"""日志: who did what to what, when; and whether all of it is as it was written."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from desk.access import Seat, serves
from desk.acting import then
from desk.forms.days import day_field
from desk.roles import Role
from desk.words import did
from ledger import queries
from ledger.queries import ChainFault, EventLine

SEES = (Role.OPERATOR, Role.REPORTER, Role.SIGNER, Role.DISTRICT)
SYSTEM = "gongkai"  #: the name by which the flows write


class LogForm(forms.Form):
    """Which events somebody wants to see. Every field may be left empty."""

    actor = forms.CharField(label=gettext_lazy("谁"), required=False, max_length=80)
    verb = forms.ChoiceField(label=gettext_lazy("做了什么"), required=False)
    subject = forms.CharField(label=gettext_lazy("对什么"), required=False, max_length=200)
    since = day_field(gettext_lazy("日期从"))
    until = day_field(gettext_lazy("到"))

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["verb"].choices = [("", _("不限")), *((verb, did(verb)) for verb in queries.VERBS)]  # type: ignore[attr-defined]

    def asked(self, seat: Seat) -> dict[str, Any] | None:
        """The arguments of the query; None where a field does not hold. Days are those of the office's zone, the last one included."""
        if not self.is_valid():
            return None
        found = self.cleaned_data
        zone, since, until = seat.hand.office.tz, found["since"], found["until"]
        return {"actor": found["actor"], "verb": found["verb"], "subject": found["subject"],
                "since": datetime.combine(since, time(), zone) if since else None,
                "until": datetime.combine(until + timedelta(days=1), time(), zone) if until else None}


@require_safe
def audit(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The log, newest first, and the hash of its last event: whoever noted it earlier can compare."""
    form = LogForm(request.GET)
    asked = form.asked(seat)
    before = request.GET.get("before", "")
    page = queries.events(office=seat.office, before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
                          **asked) if asked else None
    words = {name: value for name, value in request.GET.items() if name in form.fields and value}
    return render(request, "desk/audit/log.html", {
        "form": form, "page": page, "last": _last(seat), "narrowed": bool(words), "later": bool(before), "first": f"?{urlencode(words)}",
        "older": f"?{urlencode({**words, 'before': page.before})}" if page and page.before is not None else "", "system": SYSTEM})


def _last(seat: Seat) -> EventLine | None:
    rows = queries.events(office=seat.office, limit=1).rows
    return rows[0] if rows else None


@require_POST
def verify(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Reckon every hash anew, from the first event to the last. Changes nothing; a POST, so that no link sets that work going."""
    last = _last(seat)  # before: what is written meanwhile is not promised
    if fault := queries.verify_events(office=seat.office):
        messages.error(request, _("链不完整：第 %(seq)s 条%(problem)s。请保存这一页的截图并立即告诉上级；不要再修改数据库。") % {
            "seq": fault.seq, "problem": _problem(fault)})
    elif last is None:
        messages.success(request, _("日志里还没有记录。"))
    else:
        messages.success(request, _("链完整，共 %(count)s 条，最后一条的校验值是 %(hash)s。") % {"count": last.seq, "hash": last.hash})
    return then("audit", seat)


def _problem(fault: ChainFault) -> str:
    return {"missing": _("缺失"), "order": _("与前一条接不上"), "changed": _("不是当时写下的内容")}.get(fault.code, fault.problem)


urlpatterns: list[URLPattern] = [
    path("<slug:office>/audit/", serves(*SEES)(audit), name="audit"),
    path("<slug:office>/audit/verify/", serves(*SEES)(verify), name="audit-verify"),
]

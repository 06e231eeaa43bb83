"""今日: what waits for this person, a section for each thing that their roles may do something about. Calm where nothing waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from channels.house import OfficeHand
from desk import deadlines, returns
from desk.access import Seat, offices_of, roles_in, serves
from desk.mending import mending
from desk.models import Person
from desk.roles import READERS, Role
from desk.sheets import Stand, placed
from ledger import queries
from ledger.queries import Counts

SHOWN = 12  #: lines of a section; the others stand on the section's own page
SOON = timedelta(days=7)  #: how far ahead what goes out is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One thing that waits."""

    name: str  #: of its template, and its place on the page
    label: Promise
    lines: list[Any]
    work: bool = True  #: somebody has to do something
    hot: bool = False  #: and is late
    more: str = ""  #: the address's name where all of it stands
    count: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", len(self.lines))

    @property
    def shown(self) -> list[Any]:
        """As many as the page has room for."""
        return self.lines[:SHOWN]

    @property
    def left(self) -> int:
        """How many it has no room for."""
        return max(0, self.count - SHOWN)


Gather = Callable[[Seat, date], Section]


@require_safe
def today(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What waits for this person now."""
    day = seat.at.astimezone(seat.hand.office.tz).date()
    sections = [gather(seat, day) for roles, gather in SECTIONS if seat.can(*roles)]
    return render(request, "desk/today/today.html", {
        "sections": [one for one in sections if one.lines], "tally": [one for one in sections if one.work],
        "calm": not any(one.work and one.lines for one in sections), "day": day, "now": seat.at,
        "district": _district(request, seat.at, day) if seat.can(Role.DISTRICT) else []})


def _drafts(seat: Seat, day: date) -> Section:  # noqa: ARG001 - every gatherer is asked alike
    lines = queries.my_drafts(offices=[seat.office], by=seat.person)
    return Section(name="drafts", label=_("我的草稿"), lines=[one for one in lines if not one.return_reason], more="write")


def _returned(seat: Seat, day: date) -> Section:  # noqa: ARG001
    lines = queries.my_drafts(offices=[seat.office], by=seat.person)
    return Section(name="returned", label=_("退回给我"), lines=[one for one in lines if one.return_reason], hot=True, more="write")


def _afterwards(seat: Seat, day: date) -> Section:  # noqa: ARG001
    lines = queries.to_review_afterwards(offices=[seat.office], by=seat.person)
    return Section(name="afterwards", label=_("急件待补审"), lines=lines, hot=bool(lines), more="reviews")


def _to_review(seat: Seat, day: date) -> Section:  # noqa: ARG001
    return Section(name="to-review", label=_("待我审查"), lines=queries.to_review(offices=[seat.office], by=seat.person), more="reviews")


def _turned_down(seat: Seat, day: date) -> Section:  # noqa: ARG001
    return Section(name="turned-down", label=_("须撤回"), lines=queries.to_withdraw(offices=[seat.office]), hot=True, more="signatures")


def _to_sign(seat: Seat, day: date) -> Section:  # noqa: ARG001
    return Section(name="to-sign", label=_("待我签发"), lines=queries.to_sign(offices=[seat.office], by=seat.person), more="signatures")


def _due(seat: Seat, day: date) -> Section:
    lines = deadlines.terms(queries.near_due(offices=[seat.office], made_by=deadlines.made_by(day)), day)
    return Section(name="due", label=_("将到期和逾期"), lines=lines, hot=any(one.left < 0 for one in lines))


def _troubled(seat: Seat, day: date) -> Section:  # noqa: ARG001
    lines = queries.troubled(offices=[seat.office], at=seat.at)
    return Section(name="troubled", label=_("投递待处理"), lines=lines, hot=True, more="deliveries")


def _missing(seat: Seat, day: date) -> Section:  # noqa: ARG001
    lines = queries.missing_postings(offices=[seat.office])
    return Section(name="missing", label=_("已发的看不到了"), lines=lines, hot=True, more="deliveries")


def _sheets(seat: Seat, day: date) -> Section:
    lines = [placed(line, day) for line in queries.sheets(office=seat.office)]
    doing = [one for stand in (Stand.DOWN, Stand.UP) for one in lines if one.stand is stand]
    return Section(name="sheets", label=_("张贴和撤下"), lines=doing, hot=any(one.why == "late" for one in doing), more="board")


def _mending(seat: Seat, day: date) -> Section:  # noqa: ARG001
    lines = mending(office=seat.office, at=seat.at)
    return Section(name="mending", label=_("渠道待修复"), lines=lines, hot=any(one.hot for one in lines), more="channels")


def _ailing(seat: Seat, day: date) -> Section:  # noqa: ARG001
    return Section(name="ailing", label=_("投递待重试"), lines=queries.ailing_channels(offices=[seat.office]), hot=True, more="deliveries")


def _stale(seat: Seat, day: date) -> Section:  # noqa: ARG001
    lines = deadlines.stale(queries.nearly_stale(office=seat.office, before=deadlines.earliest(seat.at)), seat.hand.office, seat.at)
    return Section(name="stale", label=_("将停更"), lines=lines, hot=any(one.over and one.days is not None for one in lines))


def _reports(seat: Seat, day: date) -> Section:
    lines = returns.pressing(seat, day)
    return Section(name="reports", label=_("年度报告待定稿"), lines=lines, hot=any(one.late for one in lines), more="reports")


def _going_out(seat: Seat, day: date) -> Section:  # noqa: ARG001
    return Section(name="going-out", label=_("即将公开"), lines=queries.going_out(offices=[seat.office], until=seat.at + SOON), work=False)


#: who sees which section, in the order of the page
SECTIONS: tuple[tuple[tuple[Role, ...], Gather], ...] = (
    ((Role.CLERK,), _returned),
    ((Role.SIGNER,), _turned_down),
    ((Role.REVIEWER,), _afterwards),
    ((Role.REVIEWER,), _to_review),
    ((Role.SIGNER,), _to_sign),
    ((Role.CLERK, Role.OPERATOR, Role.DISTRICT), _missing),
    ((Role.CLERK, Role.OPERATOR, Role.DISTRICT), _troubled),
    ((Role.CLERK, Role.OPERATOR, Role.DISTRICT), _mending),
    ((Role.CLERK, Role.OPERATOR, Role.DISTRICT), _ailing),
    ((Role.CLERK, Role.OPERATOR, Role.DISTRICT), _sheets),
    ((Role.CLERK, Role.SIGNER, Role.REPORTER, Role.DISTRICT), _due),
    ((Role.CLERK, Role.REPORTER), _reports),
    ((Role.CLERK, Role.OPERATOR, Role.SIGNER, Role.REPORTER, Role.DISTRICT), _stale),
    ((Role.CLERK,), _drafts),
    (tuple(READERS), _going_out),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeLine:
    """How much waits in an office, for those who look at several."""

    hand: OfficeHand
    counts: Counts
    due: int
    late: int


def _district(request: HttpRequest, at: datetime, day: date) -> list[OfficeLine]:
    """The offices that this person watches, side by side."""
    person = request.user
    if not isinstance(person, Person):
        return []
    watched = [hand for hand in offices_of(person) if Role.DISTRICT in roles_in(person, hand.office.code)]
    return [_office(hand, at, day) for hand in watched if queries.is_open(office=hand.office.code)]


def _office(hand: OfficeHand, at: datetime, day: date) -> OfficeLine:
    office = [hand.office.code]
    lines = deadlines.terms(queries.near_due(offices=office, made_by=deadlines.made_by(day)), day)
    counts = queries.counts(offices=office, by="", at=at)
    return OfficeLine(hand=hand, counts=counts, due=len(lines), late=sum(one.left < 0 for one in lines))


urlpatterns: list[URLPattern] = [path("<slug:office>/today/", serves(*READERS)(today), name="today")]

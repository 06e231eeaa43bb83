"""What templates of the desk ask for: the menu, days and times of the office, states in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from content.deliveries import Status
from content.rules import State
from desk import offices
from desk.menu import menu

register = template.Library()
STATES = {
    State.DRAFT: "起草", State.IN_REVIEW: "审查中", State.REVIEWED: "待签发", State.SIGNED: "待发", State.RELEASED: "已公开",
    State.CORRECTED: "已更正", State.WITHDRAWN: "已撤回", State.SHELVED: "已搁置",
}
STATUSES = {
    Status.QUEUED: "待发", Status.POSTED: "已发", Status.DEFERRED: "待重试", Status.REFUSED: "被拒", Status.UNCONFIRMED: "待核实",
    Status.BY_HAND: "人工",
}


@register.simple_tag(takes_context=True)
def desk_menu(context: Context) -> list[dict[str, Any]]:
    """The menu of this request's seat: address, label, whether it is here."""
    seat = context.get("seat")
    if seat is None:
        return []
    here = context["request"].path
    out = []
    for entry in menu(seat.roles):
        try:
            url = reverse(entry.name, kwargs={"office": seat.office})
        except NoReverseMatch:
            continue
        out.append({"url": url, "label": entry.label, "here": here.startswith(url)})
    return out


@register.simple_tag(takes_context=True)
def at_office(context: Context, name: str, **words: Any) -> str:
    """An address of this seat's office: `{% at_office 'item' number=… %}`."""
    return reverse(name, kwargs={"office": context["seat"].office, **words})


@register.filter
def state_word(state: str) -> str:
    """An edition's state in words."""
    return _(STATES[State(state)])


@register.filter
def status_word(status: str) -> str:
    """A delivery's status in words."""
    return _(STATUSES[Status(status)])


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | None) -> str:
    """An instant in the office's zone, to the minute; a dash for none."""
    if at is None:
        return "—"
    seat = context.get("seat")
    zone = seat.hand.office.tz if seat else next((hand.office.tz for hand in offices.hands().values()), UTC)
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


@register.filter
def day(on: date | None) -> str:
    """A day; a dash for none."""
    return "—" if on is None else f"{on:%Y-%m-%d}"

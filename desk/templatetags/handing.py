"""What a page asks for to show a report's final state, or the report that an item is."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from desk import report_items
from desk.access import Seat
from desk.reporting import asked_for
from desk.standing import Standing, standing

register = template.Library()


@register.simple_tag(takes_context=True)
def report_standing(context: Context) -> Standing:
    """How the report of this page's address stands."""
    seat: Seat = context["seat"]
    words: dict[str, Any] = context["request"].resolver_match.kwargs
    return standing(seat, asked_for(seat, words["form"], words["when"]))


@register.simple_tag(takes_context=True)
def report_of_item(context: Context, index_number: str) -> str:
    """Where the report stands that an item is; empty where it is none."""
    found = report_items.report_of_item(index_number)
    return reverse("report_final", kwargs={"office": context["seat"].office, "form": found[0], "when": found[1]}) if found else ""

"""What the pages of reports ask for: states, terms and origins in words."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django import template
from django.template import Context
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from desk.report_drawing import shown
from desk.reporting import MAKER
from desk.returns import Return

register = template.Library()
ORIGINS: dict[str, Promise] = {"counted": _("台账数出来的"), "recorded": _("登记的"), "added": _("相加的"), "unknown": _("待登记")}


@register.filter
def origin_word(origin: str) -> str:
    """Where a number comes from, in words."""
    return str(ORIGINS[origin])


@register.filter
def kind_word(kind: str) -> str:
    """What staff call a kind of channel."""
    return gettext(MAKER.labels.get(kind, kind))


@register.filter
def plain_number(value: Decimal | None) -> str:
    """A number as a report writes it."""
    return shown(value)


@register.simple_tag
def left_words(left: int | None) -> str:
    """How long there still is."""
    if left is None:
        return ""
    if left == 0:
        return gettext("今天截止")
    return gettext("还有 %(n)d 天") % {"n": left} if left > 0 else gettext("已逾期 %(n)d 天") % {"n": -left}


@register.simple_tag
def return_tag(one: Return) -> SafeString:
    """How far a report has come, as a tag."""
    if one.handed is None:
        return format_html('<span class="tag">{}</span>', gettext("草稿"))
    return format_html('<span class="tag good">{}</span>', gettext("已更正定稿") if one.handed.restated else gettext("已定稿"))


@register.simple_tag(takes_context=True)
def short_day(context: Context, at: datetime) -> str:
    """The day of an instant in the office's zone, without its year."""
    return f"{at.astimezone(context['seat'].hand.office.tz):%m-%d}"

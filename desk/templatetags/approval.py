"""What the pages of today, review and signature ask for besides: fields and measures in words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from desk import words

register = template.Library()
MEASURES = {"title": _("标题"), "text": _("正文"), "images": _("图片")}


@register.filter
def field_word(name: str) -> str:
    """What staff call a field of an edition."""
    return str(words.FIELDS.get(name, name))


@register.filter
def measure_word(what: str) -> str:
    """What a limit counts."""
    return str(MEASURES[what])

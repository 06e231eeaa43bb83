"""What the pages of deliveries, board and book ask for: channels, columns, actions, verbs and facts in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from content.deliveries import Action
from content.metadata import Pairs
from content.sightings import Seen
from desk import answers, metadata, words
from desk.access import Seat

register = template.Library()
ACTIONS: dict[str, Promise] = {Action.PUBLISH: _("发布"), Action.CORRECT: _("更正"), Action.WITHDRAW: _("撤回"),
                              Action.REPOST: _("重发")}
SEEN: dict[str, Promise] = {Seen.STANDS: _("在"), Seen.GONE: _("已不在"), Seen.BANNED: _("被屏蔽"), Seen.TAKEN_BACK: _("自行撤下")}
#: what an event says besides who, what and when
FACTS: dict[str, Promise] = {
    "edition": _("版本"), "channels": _("渠道"), "index_number": _("索引号"), "attempt": _("第几次尝试"), "ref": _("渠道上的编号"),
    "reason": _("理由"), "photo": _("照片校验值"), "was": _("原状态"), "looked": _("已到渠道查看"), "ours": _("本单位自己撤下的"),
    "deliveries": _("投递数"), "keys": _("编号"),
    "name": _("名称"), "status": _("状态"), "found": _("核实结果"), "seal": _("封签"), "rules": _("规则"), "kind": _("渠道类别"),
    "sandbox": _("演练单位"), "urgent": _("急件"), "renditions": _("成稿封签"), "frame": _("版框"), "of": _("所属"),
    "failures": _("连续失败次数"), "value": _("数值"), "before": _("原数值"), "report": _("报告"), "restates": _("更正哪一份报告"),
    "as_of": _("统计截止"),
}


@register.filter
def channel_word(seat: Seat, name: str) -> str:
    """A channel as staff call it."""
    return words.channel_word(name, seat.hand)


@register.filter
def verb_word(verb: str) -> str:
    """What the log says somebody did, in words."""
    return words.did(verb)


@register.filter
def verdict_word(verdict: str) -> str:
    """How a review ended, in words."""
    return str(words.VERDICTS.get(verdict, verdict))


@register.filter
def column_word(seat: Seat, slug: str) -> str:
    """A column's name; its slug where it is configured no more."""
    column = seat.hand.office.by_slug.get(slug)
    return column.name if column else slug


@register.filter
def metadata_lines(said: Pairs) -> list[tuple[str, str]]:
    """The 更多著录项 of an edition, a pair a line."""
    return metadata.lines(said)


@register.filter
def action_word(action: str) -> str:
    """What a delivery is to do, in words."""
    return str(ACTIONS[Action(action)])


@register.filter
def seen_word(seen: str) -> str:
    """What a look at a posting found, in words."""
    return str(SEEN[Seen(seen)])


@register.filter
def fact_lines(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an event tells, a pair a line; a fact without a word of its own keeps its name."""
    return [(str(FACTS.get(name, name)), _value(value)) for name, value in facts.items() if value not in ("", None, [], {})]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list):
        return "、".join(_value(one) for one in value)
    if isinstance(value, dict):
        return "；".join(f"{name} {_value(one)}" for name, one in value.items())
    return str(value)


@register.filter
def answer(detail: str) -> str:
    """What is noted about an attempt, in words."""
    return answers.answer(detail)


@register.filter
def edition_word(number: int) -> str:
    """Which wording."""
    return gettext("第 %(n)s 版") % {"n": number}


@register.filter
def term_word(days: int) -> str:
    """How long a sheet hangs."""
    return gettext("自张贴之日起 %(n)s 日") % {"n": days}


@register.filter
def page_word(number: int) -> str:
    """Which page of a sheet."""
    return gettext("张贴单第 %(n)s 页") % {"n": number}


@register.filter
def tries_word(count: int) -> str:
    """How many attempts."""
    return gettext("%(n)s 次") % {"n": count}


@register.filter
def pieces_word(count: int) -> str:
    """How many deliveries."""
    return gettext("%(n)s 件") % {"n": count}

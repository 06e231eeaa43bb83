"""What the ledger and the flows wrote down about an attempt, in the reader's language. What a channel said itself stays as it said it.

Those notes are kept in the log's language; people at the desk read a sentence. `tests/desk/test_deliveries.py` finds notes without one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOTES: Mapping[re.Pattern[str], Promise] = {re.compile(pattern, re.DOTALL): said for pattern, said in {
    r"an attempt was begun and did not report back": _("已经开始投递，但没有回音；不知道是否已发出。"),
    r"a drawing was begun and did not report back": _("页面更新已经开始，但没有回音；下一次运行会重新更新。"),
    r"posted again": _("重发成功，渠道上又有了。"),
    r"withdrawn before it was (?:drawn|posted|public)": _("信息在发出之前已撤回，没有再发。"),
    r"overtaken by .*": _("已被新的版本代替，没有再发。"),
    r"nothing of it stands there any more": _("渠道上已经没有它了，不需要再撤。"),
    r"sent again by (?P<by>.+?): (?P<words>.*)": _("%(by)s要求重新投递：%(words)s"),
    r"let go by (?P<by>.+?): (?P<words>.*)": _("%(by)s登记为不再处理：%(words)s"),
    r"(?P<by>.+) looked: it is not there": _("%(by)s到渠道上看过，没有这一件。"),
    r"what would be posted is not what was signed; have it signed again": _("要发出的内容与签发时不同，没有发；请退回重新签发。"),
    r"the program failed while it looked \((?P<words>.+)\); look there yourself": _("程序在核实途中出错（%(words)s）；请到渠道上查看。"),
    r"the program failed in mid-attempt \((?P<words>.+)\); look there first": _(
        "程序在投递途中出错（%(words)s），不知道是否已发出；请先到渠道上查看。"),
}.items()}


def answer(detail: str) -> str:
    """A note as a person reads it."""
    for pattern, said in NOTES.items():
        if match := pattern.fullmatch(detail):
            return str(said) % match.groupdict()
    return detail

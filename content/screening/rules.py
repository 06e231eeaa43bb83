"""The rules that read text, in the order in which one wins over another where two claim the same digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from content.screening import addresses, cards, identity, lists, marks, numbers, process
from content.screening.findings import Severity
from content.screening.passages import Match, Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing looked for."""

    slug: str
    label: str  #: Chinese
    advice: str  #: Chinese: what to do
    find: Callable[[Passage], Iterator[Match]]
    severity: Severity = Severity.BLOCK
    secret: bool = True  #: whether the matched words must not be repeated in a record


_REFER = "对外公开前须经保密审查：确属误标的，写明理由并由保密审查人书面确认；不能确定的，报请上级审定。"
_MASK = "点“遮盖”，或写明必须公开的法律依据。"

RULES = (
    Rule(slug="classification-mark", label="国家秘密标志", severity=Severity.SECRET, secret=False, find=marks.classification,
         advice=f"载有密级标志的内容不得公开。{_REFER}"),
    Rule(slug="internal-mark", label="内部文件标志", severity=Severity.SECRET, secret=False, find=marks.internal,
         advice=f"标有内部字样的材料，未经批准不得公开。{_REFER}"),
    Rule(slug="not-public-mark", label="不公开标志", severity=Severity.SECRET, secret=False, find=marks.not_public,
         advice=f"原件标明不公开或者依申请公开。{_REFER}"),
    Rule(slug="process-document", label="过程性文件", secret=False, find=process.find,
         advice="请示、纪要、讨论稿、送审稿等过程性信息可以不公开（条例第十六条）。请换成定稿，或写明公开的理由。"),
    Rule(slug="internal-address", label="内部网络地址", secret=False, find=marks.inner_paths,
         advice="内部网络的路径或地址不应公开。请删去，或写明理由。"),
    Rule(slug="id-number", label="身份证号", find=identity.find, advice=f"公民身份号码只保留前两位和后三位。{_MASK}"),
    Rule(slug="bank-card", label="银行卡号", find=cards.find, advice=f"银行卡号只保留后四位。{_MASK}"),
    Rule(slug="mobile", label="手机号", find=numbers.mobiles, advice=f"手机号中间四位应遮盖；对外服务请改用单位座机。{_MASK}"),
    Rule(slug="home-address", label="家庭住址", find=addresses.find, advice=f"住址只写到乡镇、街道。{_MASK}"),
    Rule(slug="birth-date", label="出生日期", find=lists.births, advice=f"名单中的出生日期只保留年份。{_MASK}"),
    Rule(slug="email", label="个人邮箱", find=lists.mails, advice=f"名单中的个人邮箱应遮盖。{_MASK}"),
    Rule(slug="qq", label="个人QQ或微信号", find=lists.accounts, advice=f"个人QQ、微信号应遮盖。{_MASK}"),
    Rule(slug="plate", label="车牌号", find=lists.plates, advice=f"与车主姓名并列的车牌号应遮盖。{_MASK}"),
)

BY_SLUG = {rule.slug: rule for rule in RULES}


def matches(passage: Passage, *, consulting: bool = False) -> list[tuple[Rule, Match]]:
    """All that the rules find in a passage, in order of the text; no two of them overlap."""
    found: list[tuple[Rule, Match]] = []
    taken = bytearray(len(passage.text))
    for rule in RULES:
        got = process.find(passage, consulting=consulting) if rule.slug == "process-document" else rule.find(passage)
        for match in sorted(got, key=lambda one: (one.start, -one.end)):
            if match.end > match.start and not any(taken[match.start : match.end]):
                found.append((rule, match))
                taken[match.start : match.end] = b"\1" * (match.end - match.start)
    return sorted(found, key=lambda pair: pair[1].start)

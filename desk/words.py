"""The ledger's refusals and its log, said to people: a sentence for every code, a word for every verb.

A refusal carries `code` and `facts`; here stands what a person reads of it: what happened, to what, and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels.house import OfficeHand
from content.deliveries import Status
from content.rules import RuleError, State, Step
from desk import metadata
from ledger.errors import LedgerError

SENTENCES: dict[str, Promise] = {
    "refused": _("系统没有接受这次操作，什么也没有改动：%(message)s"),
    "unknown": _("台账里没有找到“%(name)s”，可能地址有误或已被他人处理；请从列表重新进入。"),
    "taken": _("索引号 %(index_number)s 已被使用；请换一个索引号，或者对原信息起草更正。"),
    "address_taken": _("索引号 %(index_number)s 的网页地址会与 %(other)s 相同；请换一个索引号。"),
    "imported": _("同样的内容已经导入过，索引号是 %(other)s；没有重复保存。"),
    "edited_meanwhile": _("%(index_number)s 在您打开页面之后有了变化：现在是%(by)s在 %(at)s 保存的稿子，状态为“%(state)s”。"
                          "这次操作没有执行，请核对最新内容后再办。"),
    "stale": _("这条信息在您打开页面之后有了变化，这次操作没有执行；请刷新页面，核对最新内容后再办。"),
    "gate": _("%(index_number)s 还有 %(count)s 处检查结果没有处理；每一处都要遮盖，或者写明可以公开的理由，才能送审。"),
    "unconfirmed_secret": _("%(index_number)s 有 %(count)s 处涉密或内部标志，审查人要逐处亲自写明确认意见才能通过；"
                            "拿不准时请报请上级审定。"),
    "no_such_finding": _("文中已经没有这一处检查结果，可能内容刚改过；请刷新页面重新检查。"),
    "reason": _("请写明理由：%(what)s；没有理由，这一步不能办理。"),
    "no_route": _("%(index_number)s 还没有选公开渠道；请至少选择一个。"),
    "route_twice": _("%(index_number)s 的渠道 %(channels)s 选了两次；请保留一个。"),
    "route_closed": _("本单位没有开通渠道 %(channels)s；请改选其他渠道，或请管理员开通。"),
    "route_times": _("网页和订阅源同时更新，%(channels)s 的公开时间必须相同；请改成同一时间。"),
    "route_late": _("更正要先在网页上公开，%(channels)s 的时间不能晚于其他渠道；请调整公开时间。"),
    "route_lost": _("%(index_number)s 现在刊登在 %(channels)s，更正不能把它从那里去掉；请保留这些渠道，或者改用撤回。"),
    "change_note": _("%(index_number)s 是更正，请填写更正说明：公众会读到改了什么。"),
    "files": _("%(index_number)s 的文件 %(names)s 没有上传成功；请重新上传后再保存。"),
    "too_long": _("“%(field)s”有 %(length)s 字，最多 %(limit)s 字；请缩短。"),
    "renditions": _("%(index_number)s 的公开渠道有变化，现在是 %(channels)s；请核对新的成稿后再签发。"),
    "renditions_changed": _("%(index_number)s 的成稿在您打开页面之后有了变化（例如调整了配置或模板），没有签发。"
                            "下面是现在的成稿，请重新核对后再签发。"),
    "name": _("“%(by)s”不能作为姓名记入台账；请管理员在人员管理中改正。"),
    "resealed": _("%(index_number)s 的文字或成稿与审查、签发时不同，这次操作没有执行；请重新送审。"),
    "clock": _("这台机器的时钟与台账不一致，没有记入任何内容；请管理员校准时间后再试。"),
    "guarded": _("数据库拒绝了这次改动，什么也没有保存；请刷新页面再试，仍然如此时请把时间和页面地址告诉管理员。"),
    "step": _("处于“%(state)s”的信息不能%(step)s，可能别人刚刚办理过；请刷新页面，看它现在到了哪一步。"),
    "not_drafter": _("%(index_number)s 由%(drafter)s起草，须由起草人本人送审。"),
    "reviews_own": _("%(did)s的人不能审查同一条信息；请另一位保密审查人办理。"),
    "signs_own": _("%(did)s的人不能签发同一条信息；请另一位负责人签发。"),
    "urgent_off": _("本单位没有开通急件办理；请先送保密审查，再行签发。"),
    "not_proactive": _("%(index_number)s 的公开属性是“%(disclosure)s”，只有主动公开的信息才能发布；请改正公开属性，或者搁置这份草稿。"),
    "not_urgent": _("%(index_number)s 的起草人没有申请急件办理；请等保密审查通过后再签发。"),
    "public": _("%(index_number)s 已经公开，不能直接修改；请起草更正。"),
    "withdrawn": _("%(index_number)s 已经撤回，不再公开，也不能再改动。"),
    "failed_later": _("%(index_number)s 的事后审查没有通过，不再继续公开；请负责人撤回，或者另行更正。"),
    "not_public": _("%(index_number)s 没有处于公开状态；只有已公开、未撤回的信息才能更正或撤回。"),
    "not_next": _("%(index_number)s 已有更新的版本在办理；请从列表打开那个版本。"),
    "not_first": _("%(index_number)s 是新信息，版本应从第 1 版开始；请对原信息起草更正。"),
    "sheet_withdrawn": _("张贴单 %(number)s 的信息已撤回，不能再张贴；请把这张纸销毁。"),
    "sheet_replaced": _("张贴单 %(number)s 已被新的张贴单 %(instead)s 代替；请张贴新的那张，旧的销毁。"),
    "never_up": _("张贴单 %(number)s 还没有登记张贴；请先登记张贴，再登记撤下。"),
    "is_sheet": _("这是一张张贴单；请在“张贴”页登记张贴或撤下。"),
    "say_where": _("请填写发布后的网址或编号；没有网址就无法核对。"),
    "not_looked": _("这次投递可能已经发出；请先到该渠道查看，确认没有以后写明在哪里查看过，再重新发送。"),
    "not_to_send": _("这次投递的状态是“%(status)s”，不需要重新发送；请刷新页面查看。"),
    "under_way": _("系统正在投递这一件，还没有收到回音，这次操作没有执行；请 %(minutes)s 分钟后再看结果，仍待核实时再到渠道上查看。"),
    "overtaken": _("这次投递已被后来的版本或撤回代替，不再发送。"),
    "no_address": _("“%(address)s”不是完整的网址；请打开已发出的那一条，从浏览器地址栏复制，以 https:// 开头。"),
    "held": _("已经有人暂停，这次操作没有执行；请到“渠道”页查看是谁、为什么暂停，恢复后再办。"),
    "resting": _("渠道 %(channel)s 连续失败太多次，正在歇息，%(until)s 以后自动再试；请先检查该渠道。"),
    "paused_already": _("%(by)s在 %(at)s 已经暂停，没有重复登记；请刷新页面查看。"),
    "not_paused": _("现在没有暂停，可能别人刚刚恢复；请刷新页面查看。"),
    "which_item": _("请选择暂停什么；暂停一条信息时，请填写它的索引号。"),
    "banned": _("平台屏蔽了这一条，原样再发仍会被屏蔽；请修改内容，起草更正后再发。"),
    "reposted": _("同一版本在这个渠道只能重发一次，已经重发过；请起草更正，或登记为已被移除。"),
    "not_there": _("%(index_number)s 现在公开的版本没有发到%(channels)s，无从重发；请等更正发出，或登记为已被移除。"),
    "period": _("%(first)s 至 %(last)s 不是 %(year)s 年里的一段时间；报告的起止日期要在同一年之内，请改正。"),
    "period_early": _("%(year)s 年的这段时间从 %(first)s 才开始，现在还不能填报；请到时再来。"),
    "fact_cell": _("没有说明这个数填在哪一格；请从报告的表格里打开那一格再填。"),
    "fact_number": _("“%(value)s”不是数字，没有保存；没有发生的请填 0，还不知道的请留着不填。"),
    "fact_negative": _("%(value)s 小于零，而数量不会小于零；没有保存，请核对后重填。"),
    "fact_fraction": _("%(value)s 的小数太多：这一格最多 %(decimals)s 位小数，数量要填整数；没有保存，请核对后重填。"),
    "fact_large": _("%(value)s 太大，不像是报告里的数；没有保存，请核对单位（例如万元）后重填。"),
    "fact_contradicts": _("这一格已由%(by)s登记为 %(before)s，与现在的 %(now)s 不一致；请在备注里写明为什么改，再保存。"),
    "unprintable": _("文字里有文档放不下的字符 %(character)s；请删去后再保存。"),
    "report_other": _("这份报告不是 %(year)s 年的这一种，没有定稿；请从该年的报告页重新打开。"),
    "report_early": _("统计截止时间还没有到，%(year)s 年的报告不能定稿；请把截止时间改到现在以前。"),
    "report_twice": _("%(year)s 年的这份报告已由%(by)s在 %(at)s 定稿；之后的变化请另作更正说明，注明更正的是哪一份。"),
    "report_stale": _("%(year)s 年的报告已由%(by)s在 %(at)s 更正过；请先看那一份，再决定是否还要更正。"),
    "not_to_let_go": _("这次投递的状态是“%(status)s”，只有被拒或转人工的投递才能了结。"),
}

#: what a reason in writing is asked for
REASONS: dict[str, Promise] = {
    "refer": _("哪里拿不准"), "return": _("为什么退回、要改什么"), "fail": _("为什么不通过"), "withdraw": _("为什么撤回（公众会读到）"),
    "shelve": _("为什么搁置"), "send_again": _("为什么重新发送、在哪里查看过"), "let_go": _("为什么不必再办"),
    "removed": _("谁移除的、怎么知道的"), "post_again": _("为什么重发、它是怎么没有的"),
    "urgent": _("为什么须先签发后审查"), "pause": _("为什么暂停"), "resume": _("为什么可以恢复"),
    "restate": _("为什么更正已定稿的报告"), "stands": _("这一处为什么可以不改"),
}
DID: dict[str, Promise] = {"wrote": _("起草"), "reviewed": _("审查"), "signed": _("签发")}
STEPS: dict[str, Promise] = {
    Step.SUBMIT: _("送审"), Step.PASS: _("审查通过"), Step.RETURN: _("退回"), Step.REFER: _("报请上级"), Step.SIGN_OFF: _("签发"),
    Step.URGENT: _("急件签发"), Step.SHELVE: _("搁置"), Step.EDIT: _("修改"), Step.RELEASE: _("公开"), Step.CORRECT: _("更正"),
    Step.WITHDRAW: _("撤回"), "justify": _("说明理由"), "review_afterwards": _("事后审查"),
}
STATES: dict[str, Promise] = {
    State.DRAFT: _("起草"), State.IN_REVIEW: _("审查中"), State.REVIEWED: _("待签发"), State.SIGNED: _("待发"), State.RELEASED: _("已公开"),
    State.CORRECTED: _("已更正"), State.WITHDRAWN: _("已撤回"), State.SHELVED: _("已搁置"),
}
STATUSES: dict[str, Promise] = {
    Status.QUEUED: _("待发"), Status.POSTED: _("已发"), Status.DEFERRED: _("待重试"), Status.REFUSED: _("被拒"),
    Status.UNCONFIRMED: _("待核实"), Status.BY_HAND: _("人工"),
}
FIELDS: dict[str, Promise] = {
    "index_number": _("索引号"), "title": _("标题"), "short_title": _("短标题"), "summary": _("内容概述"), "issuing_body": _("发布机构"),
    "column": _("栏目"), "category": _("主题分类"), "made_on": _("成文日期"), "document_number": _("文号"), "keywords": _("关键词"),
    "source": _("信息来源"), "change_note": _("更正说明"), "body": _("正文"), "images": _("图片"),
    "attachments": _("附件"), "link": _("网址"), **metadata.LABELS,
}
#: what the log calls what people and flows did
VERBS: dict[str, Promise] = {
    "drafted": _("起草"), "correction drafted": _("起草更正"), "edited": _("修改"), "shelved": _("搁置"), "submitted": _("送审"),
    "findings masked": _("遮盖检查结果"), "findings justified": _("说明检查结果"), "findings confirmed": _("确认涉密标志可以公开"),
    "review: pass": _("审查通过"), "review: return": _("退回"), "review: refer": _("报请上级审定"), "review: pass later": _("事后审查通过"),
    "review: fail later": _("事后审查不通过"), "signed off": _("签发"),
    "signed urgently": _("急件签发（先签发后审查）"), "released": _("公开"),
    "withdrawn": _("撤回"), "withdrawal needless": _("无需撤回"), "withdrawal reopened": _("迟到的一份，须撤回"),
    "put up": _("张贴"), "taken down": _("撤下"),
    "photograph kept": _("补存照片"),
    "asked to look": _("请求再次查看"), "sent again": _("重新发送"),
    "left to a person": _("系统不再自动核实，交人查看"), "posting gone": _("复查：已不在渠道上"),
    "posting banned": _("复查：已被平台屏蔽"), "posting back": _("复查：重新看到"), "removal confirmed": _("登记为已被移除"),
    "posted again": _("重新发布"),
    "let go": _("了结"), "late report": _("迟到的投递结果"), "drawn whole": _("全站重画"), "office opened": _("开通单位"),
    "office renamed": _("单位更名"), "channel opened": _("开通渠道"), "channel closed": _("关闭渠道"),
    "channel reopened": _("重新开通渠道"),
    "urgent path opened": _("开通急件办理"), "urgent path closed": _("停止急件办理"), "column renamed": _("栏目更名"),
    "drawing posted": _("页面更新完成"), "drawing deferred": _("页面更新未成，待重试"), "drawing refused": _("页面更新被拒"),
    "delivery posted": _("投递已发"), "delivery deferred": _("投递未成，待重试"), "delivery refused": _("投递被拒"),
    "delivery unconfirmed": _("投递待核实"), "delivery by_hand": _("投递转人工"),
    "paused": _("暂停"), "resumed": _("恢复"), "breaker opened": _("熔断：渠道连续失败，停歇"), "breaker closed": _("熔断解除：渠道恢复"),
    "probe failed": _("探测未通过"), "probe well": _("探测恢复正常"),
    "fact recorded": _("登记报告数据"), "report text kept": _("保存报告文字"), "report frozen": _("报告定稿"),
    "report restated": _("更正已定稿的报告"),
    "column opened": _("开设栏目"), "column closed": _("停用栏目"), "column reopened": _("重新启用栏目"),
}
VERDICTS: dict[str, Promise] = {
    "pass": _("审查通过"), "return": _("退回"), "refer": _("报请上级审定"), "pass later": _("事后审查通过"),
    "fail later": _("事后审查不通过"),
}
CHINA = ZoneInfo("Asia/Shanghai")  #: where no office is named


def said(error: LedgerError | RuleError, hand: OfficeHand | None = None) -> str:
    """A refusal as a person reads it. With the office's hand, channels are called by their kind and times stand in its zone."""
    sentence = SENTENCES.get(error.code, SENTENCES["refused"])
    return str(sentence) % _Facts(_in_words(error, hand), message=str(error))


def did(verb: str) -> str:
    """What the log says somebody did. A verb without a word comes back as it is."""
    return str(VERBS.get(verb, verb))


class _Facts(dict[str, str]):
    """Facts by name; a dash for what a refusal does not tell."""

    def __missing__(self, name: str) -> str:
        return "—"


def _in_words(error: LedgerError | RuleError, hand: OfficeHand | None) -> Mapping[str, str]:
    facts: Mapping[str, Any] = error.facts
    out = {name: _plain(value, hand) for name, value in facts.items()}
    told = {"what": REASONS, "did": DID, "step": STEPS, "state": STATES, "status": STATUSES, "field": FIELDS, "disclosure": metadata.WORDS}
    out |= {name: str(words.get(facts[name], facts[name])) for name, words in told.items() if name in facts}
    if "keys" in facts:
        out["count"] = str(len(facts["keys"]))
    if "channels" in facts:
        out["channels"] = gettext("、").join(channel_word(name, hand) for name in facts["channels"])
    if error.code == "reason" and facts.get("what") not in REASONS:  # the key of a finding
        out["what"] = gettext("这一处为什么可以公开")
    return out


def channel_word(name: str, hand: OfficeHand | None) -> str:
    """A channel as people call it: its kind, and its name where the office has several of the kind."""
    if hand is None or name not in hand.sections:
        return name
    label = _(hand.channel(name).label)
    several = sum(one.kind == hand.sections[name].kind for one in hand.sections.values()) > 1
    return f"{label}（{name}）" if several else str(label)


def _plain(value: Any, hand: OfficeHand | None) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(hand.office.tz if hand else CHINA):%Y-%m-%d %H:%M}"
    if isinstance(value, (list, tuple)):
        return gettext("、").join(map(str, value))
    return str(value) or "—"

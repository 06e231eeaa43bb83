"""A form as a template shows it: every field with its label, hint, value and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from channels.base import Limits
from channels.house import OfficeHand
from content.media import FILE_LIMIT
from content.metadata import BY_SLUG, SLUGS, Kind
from content.papers.pictures import PICTURE_LIMIT
from content.records import SUMMARY_LIMIT, TITLE_LIMIT
from desk import metadata
from desk.fitting import unit_word
from desk.forms.reading import FORM, Faults
from desk.forms.typed import Typed

SHORT_TITLE = 32  #: characters of a title on the platform that has the fewest
LABELS: Mapping[str, Promise] = {
    "title": lazy("标题"), "short_title": lazy("短标题"), "summary": lazy("内容概述"), "body": lazy("正文"), "column": lazy("栏目"),
    "category": lazy("主题分类"), "index_number": lazy("索引号"), "document_number": lazy("文号"), "issuing_body": lazy("发布机构"),
    "made_on": lazy("成文日期"), "keywords": lazy("关键词"), "source": lazy("信息来源"), "release_at": lazy("定时发布"),
    "change_note": lazy("更正说明"), "channels": lazy("公开渠道"), "images": lazy("图片"), "attachments": lazy("附件"), **metadata.LABELS,
}
HINTS: Mapping[str, Promise] = {
    "title": lazy("一行写全，不用简称；最多 200 字。"),
    "short_title": lazy("标题超过 32 字时，微信公众号等平台用它；最多 32 字。"),
    "summary": lazy("列表、订阅和目录里显示的一两句话，最多 500 字；不填则取正文开头。"),
    "body": lazy("可以从 Word 直接粘贴。没有编辑器时，请一行写一段；也可以写 Markdown 或 HTML。"),
    "index_number": lazy("系统按顺序给出，一般不用改；存定后不能再变。"),
    "document_number": lazy("没有文号就空着。例：清街办〔2024〕3号。"),
    "made_on": lazy("公文落款的日期，不能晚于今天。"),
    "keywords": lazy("几个词，用顿号或空格隔开。"),
    "source": lazy("转载时写明原发布单位；本单位的信息空着。"),
    "release_at": lazy("本地时间；空着就在签发后立即公开。"),
    "change_note": lazy("写给公众看：改了什么，为什么改。"),
    "category": lazy("年度报告按它统计。"),
    "column": lazy("选定后，分类和渠道会按栏目的惯例填好，仍可修改。"),
    "validity": lazy("失效、废止的，网页会在正文之前醒目注明。"),
    "originating_body": lazy("与发布机构不同时填写，例如转发上级文件。"),
    "disclosure": lazy("只有主动公开的信息才能送审和发布；不填视为主动公开。"),
}
LIMITED = {"title": TITLE_LIMIT, "short_title": SHORT_TITLE, "summary": SUMMARY_LIMIT}
NEEDED = frozenset({"title", "body", "column", "made_on", "index_number", "change_note"})
KINDS = {"made_on": "date", "release_at": "datetime-local", "summary": "text", "body": "text", "change_note": "text", "column": "choice",
         "category": "choice", **{one.slug: "line" if one.kind is Kind.TEXT else one.kind.value for one in BY_SLUG.values()}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field."""

    name: str
    label: str
    hint: str
    value: str
    kind: str  #: line, text, date, datetime-local, choice
    wrong: list[str]
    needed: bool
    choices: tuple[tuple[str, str], ...] = ()
    rows: int = 3
    limit: int | None = None

    @property
    def described_by(self) -> str:
        """The ids of what explains it, for those who hear the page."""
        return " ".join(f"{self.name}-{part}" for part, there in (("hint", self.hint), ("wrong", self.wrong)) if there)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One channel."""

    name: str
    label: str
    kind: str
    carries: str  #: what it takes of an item
    ticked: bool
    wrong: str
    followers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A form for a template."""

    typed: Typed
    fields: dict[str, Field]
    channels: list[Choice]
    more: list[Field]  #: the 更多著录项 that the office's form asks for, and those that are filled in all the same
    faults: Faults = field(default_factory=Faults)

    @property
    def more_open(self) -> bool:
        """Whether somebody should look at them: something is said there, wrong or needed."""
        return any(one.value or one.wrong or one.needed for one in self.more)

    @property
    def of_form(self) -> list[str]:
        """What belongs to no field."""
        return self.faults.fields.get(FORM, [])

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Every fault with the id of its field: the list above a refused form, which a keyboard reaches first."""
        out = [(name, f"{LABELS[name]}：{words}") for name, told in self.faults.fields.items() if name in LABELS for words in told]
        return out + [(f"channel-{one.name}", f"{one.label}：{one.wrong}") for one in self.channels if one.wrong]


def show(typed: Typed, *, hand: OfficeHand, faults: Faults | None = None) -> Shown:
    """A form as its page shows it."""
    faults = faults or Faults()
    fields = {name: _field(name, typed, hand, faults) for name in LABELS if name not in ("channels", "images", "attachments")}
    more = [fields.pop(slug) for slug in SLUGS]
    more = [one for one in more if one.name in hand.office.metadata_shown or one.value or one.wrong]
    return Shown(typed=typed, fields=fields, channels=choices(hand, typed.channels, faults), more=more, faults=faults)


def _field(name: str, typed: Typed, hand: OfficeHand, faults: Faults) -> Field:
    options: tuple[tuple[str, str], ...] = ()
    if name == "column":
        options = (("", _("请选择")), *((column.slug, column.name) for column in hand.office.columns))
    elif name == "category":
        options = (("", _("未归类")), *((one, one) for one in hand.office.categories))
    elif name in BY_SLUG and BY_SLUG[name].choices:
        options = (("", _("未注明")), *((one, metadata.word(one)) for one, _english in BY_SLUG[name].choices))
    return Field(name=name, label=str(LABELS[name]), hint=str(HINTS.get(name, "")), value=typed.texts.get(name, ""),
                 kind=KINDS.get(name, "line"), wrong=faults.fields.get(name, []), choices=options,
                 needed=name in NEEDED or name in hand.office.metadata_required, rows=18 if name == "body" else 3, limit=LIMITED.get(name))


def labels(hand: OfficeHand) -> dict[str, str]:
    """What staff call each channel: its kind, and its own name where there are two of a kind."""
    kinds = [section.kind for section in hand.sections.values()]
    return {name: hand.channel(name).label + (f"（{name}）" if kinds.count(section.kind) > 1 else "")
            for name, section in hand.sections.items()}


def choices(hand: OfficeHand, ticked: Iterable[str], faults: Faults) -> list[Choice]:
    """The channels that may be asked for; what follows one of them is told beside it."""
    named, chosen = labels(hand), set(ticked)
    out = []
    for name in hand.sections:
        if name in hand.follows:
            continue
        followers = [other for other, leader in hand.follows.items() if leader == name]
        wrong = [faults.channels[one] if one == name else f"{named[one]}：{faults.channels[one]}"
                 for one in (name, *followers) if one in faults.channels]
        out.append(Choice(name=name, label=named[name], kind=hand.sections[name].kind, carries=carries(hand.channel(name).limits),
                          ticked=name in chosen, wrong="；".join(wrong), followers=tuple(named[other] for other in followers)))
    return out


def carries(limits: Limits) -> str:
    """What a channel takes, in words."""
    parts = []
    if limits.title is not None:
        parts.append(_("标题最多 %(n)s 字") % {"n": limits.title})
    if limits.text is not None:
        parts.append(_("全文连格式最多 %(n)s %(unit)s") % {"n": f"{limits.text:,}", "unit": unit_word(limits)})
    if limits.max_images == 0:
        parts.append(_("不带图片"))
    elif limits.max_images is not None:
        parts.append(_("图片最多 %(n)s 张") % {"n": limits.max_images})
    return "，".join(parts) or _("全文，含图片和附件")


def upload_limits() -> dict[str, int]:
    """What one file may have, in MB."""
    return {"picture": PICTURE_LIMIT // 2**20, "file": FILE_LIMIT // 2**20}

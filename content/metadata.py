"""更多著录项: what catalogues say of an item besides what an edition has fields of its own for.

`FIELDS` is the one table of them: a row added there stands in the form, in batches, imports and comparisons, on the page and in its twin.
No national rule fixes them and local ones differ (政府信息公开条例 Art. 12 asks for four facts only), so they are data. Fields and words
are those of catalogues that offices publish: 武威市, 仙居县, 秀山县, 甘州区, 宁国市, 镇安县, 怒江州, and the metadata rules of 哈密市.

公开形式 is none of them: the ledger knows on which channels an item was made public, and what is typed would only contradict it.

The table judges what comes in. An edition keeps its pairs whatever becomes of the table, for what was signed stays readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

#: the one way to write a day: what else Python reads (20240530, 2024-W22-4) is a slip more often than meant
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
Pairs = tuple[tuple[str, str], ...]  #: (slug, value), in the order of their slugs, each once, none empty


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"  #: one line
    CHOICE = "choice"  #: one of some words
    DATE = "date"  #: a day, YYYY-MM-DD


class MetadataError(ValueError):
    """A value that its field does not take: in English for the command line, in Chinese for staff."""

    def __init__(self, problem: str, chinese: str) -> None:
        super().__init__(problem)
        self.problem, self.chinese = problem, chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One kind of fact."""

    slug: str  #: in imports, in gongkai.toml, in the JSON twin; never changes
    label: str  #: as the public and staff read it
    english: str  #: the label at an English desk
    kind: Kind = Kind.TEXT
    choices: tuple[tuple[str, str], ...] = ()  #: the words of a choice, each with its English
    limit: int = 100  #: characters of a text
    headings: tuple[str, ...] = ()  #: what people write above its column besides the label

    def read(self, value: str) -> str:
        """A value as it is kept.

        Raises:
            MetadataError: the field does not take it.
        """
        if self.kind is Kind.DATE:
            return _day(value)
        words = [word for word, _ in self.choices]
        if self.kind is Kind.CHOICE and value not in words:
            raise MetadataError(f"{value!r} is none of {', '.join(words)}", f"“{value}”不在可选范围，可选 {'、'.join(words)}")
        if len(value) > self.limit:
            raise MetadataError(f"has {len(value):,} characters; {self.limit:,} are allowed",
                                f"有 {len(value):,} 个字符，最多 {self.limit:,} 个")
        if re.search(r"[\n\r\t]", value):
            raise MetadataError("holds a line break or a tab; it is one line", "有换行或制表符，只能是一行")
        return value


DISCLOSURE, VALIDITY, VALID_UNTIL = "disclosure", "validity", "valid_until"  #: the fields that mean something to Gongkai itself
PROACTIVE = "主动公开"  #: the one 公开属性 with which anything is published
ENDED = ("失效", "废止")  #: 有效性 of what nobody may go by any more

FIELDS: tuple[Field, ...] = (
    Field(slug=VALIDITY, label="有效性", english="Validity", kind=Kind.CHOICE,
          choices=(("有效", "in force"), ("失效", "lapsed"), ("废止", "repealed")), headings=("是否有效", "时效性", "有效状态")),
    Field(slug=VALID_UNTIL, label="有效期至", english="Valid until", kind=Kind.DATE,
          headings=("有效期", "有效期限", "有限期限", "失效日期", "废止日期")),
    Field(slug="originating_body", label="发文机关", english="Originating body", headings=("发文机构", "发文单位", "制发机关")),
    Field(slug="catalogue_class", label="组配分类", english="Catalogue class", headings=("目录分类", "公开目录", "信息分类")),
    Field(slug="genre", label="体裁分类", english="Genre", limit=40, headings=("体裁", "公文种类", "文种")),
    Field(slug=DISCLOSURE, label="公开属性", english="Disclosure", kind=Kind.CHOICE,
          choices=((PROACTIVE, "proactive"), ("依申请公开", "on request"), ("不予公开", "withheld")),
          headings=("公开方式", "公开类型", "公开类别")),
    Field(slug="disclosure_term", label="公开时限", english="Disclosure term", kind=Kind.CHOICE,
          choices=(("及时", "promptly"), ("20个工作日", "20 working days"), ("常年", "all year"), ("限期", "for a time")),
          headings=("公开期限",)),
    Field(slug="disclosure_scope", label="公开范围", english="Disclosure scope", kind=Kind.CHOICE,
          choices=(("全社会", "everybody"), ("特定群众", "those concerned"), ("面向社区", "the community")), headings=("公开对象",)),
    Field(slug="responsible_unit", label="责任部门", english="Responsible unit", headings=("责任科室", "责任单位", "承办部门")),
    Field(slug="carrier", label="载体类型", english="Carrier", limit=40, headings=("载体", "信息载体")),
)
BY_SLUG: Mapping[str, Field] = {one.slug: one for one in FIELDS}
SLUGS: tuple[str, ...] = tuple(BY_SLUG)


def _day(value: str) -> str:
    try:
        day = date.fromisoformat(value if DAY.fullmatch(value) else "")
    except ValueError:
        raise MetadataError(f"{value!r} is no date; write it as 2017-03-01", f"“{value}”不是日期，请写成 2017-03-01 的样子") from None
    if day.year < 1949:
        raise MetadataError(f"{day} lies before 1949; check the year", f"{day} 早于 1949 年，请核对年份")
    return day.isoformat()


def pairs(values: Mapping[str, str]) -> Pairs:
    """What is said, as an edition keeps it: the same whatever the order, and whatever is left empty. So the seal is, too."""
    return tuple(sorted((slug, value) for slug, value in values.items() if value))


def value(said: Pairs, slug: str) -> str:
    """What is said under a slug; empty where nothing is."""
    return next((value for name, value in said if name == slug), "")


def lines(said: Pairs) -> Iterator[tuple[str, str, str]]:
    """Slug, label and value of all that is said, in the order of the table; what the table no longer knows comes last, by its slug."""
    if not said:  # as nearly all editions are: pages ask it of each
        return
    given = dict(said)
    for one in FIELDS:
        if one.slug in given:
            yield one.slug, one.label, given.pop(one.slug)
    yield from ((slug, slug, value) for slug, value in given.items())


def ended(said: Pairs) -> str:
    """What a reader has to be told before anything else of a document that is no longer in force; empty of any other."""
    if (validity := value(said, VALIDITY)) not in ENDED:
        return ""
    until = value(said, VALID_UNTIL)
    return f"本文件已{validity}{f'（有效期至 {until}）' if until else ''}，仅供查阅，不再作为办事依据。"

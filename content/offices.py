"""An office as its public knows it: name, contacts, site, columns. Read from gongkai.toml by the doors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from content.index_numbers import Composition
from content.metadata import SLUGS

SLUG = re.compile(r"[a-z][a-z0-9-]{0,39}")
#: names that the website keeps for itself
RESERVED = frozenset({"item", "month", "all", "about", "index", "map", "feed", "atom", "sitemap", "static", "404"})


class OfficeError(ValueError):
    """A description of an office that does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What 47号 (国办发〔2017〕47号) asks every page of a government website to say about itself."""

    name: str  #: 网站名称, SiteName
    home: str  #: https://…, without a slash at the end
    id_code: str = ""  #: 政府网站标识码, SiteIDCode
    type: str = ""  #: 网站类型, as the website's yearly return asks for it
    organiser: str = ""  #: 主办单位
    operator: str = ""  #: 承办单位
    icp: str = ""  #: ICP 备案号
    police: str = ""  #: 公安机关备案号
    about: str = ""  #: a few sentences on the site, plain text
    logo: str = ""  #: the office's own picture for the header of every page: a file in the home folder
    logo_alt: str = ""  #: the logo in words; empty where it says no more than the name beside it
    mark: str = ""  #: 党政机关网站标识: the picture file that the 机构编制部门 gave out to this site
    mark_link: str = ""  #: the address at which it confirms the mark, as given with it

    @property
    def domain(self) -> str:
        """SiteDomain: the home address without scheme and path."""
        return self.home.split("://", 1)[-1].split("/", 1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """栏目: where an item stands on the site."""

    slug: str
    name: str
    description: str = ""
    keywords: tuple[str, ...] = ()
    type: str = "工作动态"  #: ColumnType of the 网页设计规范
    category: str = ""  #: the category proposed for its items
    channels: tuple[str, ...] = ()  #: the channels proposed for its items, by name
    board_days: int = 10  #: natural days a sheet stays on the bulletin board


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One office.

    Raises:
        OfficeError: a slug is unusable, reserved or taken twice, a column names an unknown category, or there is no such zone.
    """

    code: str  #: its name in commands and addresses, `juzizhou`
    name: str  #: full name, 发布机构
    short_name: str
    site: Site
    index: Composition
    columns: tuple[Column, ...]
    categories: tuple[str, ...] = ()  #: the named 主题分类; what is in none counts as 未归类
    zone: str = "Asia/Shanghai"
    sandbox: bool = False  #: a practice office; only its clock may be set
    urgent: bool = False  #: whether an edition may be signed before its secrecy review, which then follows within a day
    desk_url: str = ""  #: where staff reach the desk, https://…; a printed sheet's code for staff leads there
    address: str = ""
    postcode: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    supervision_phone: str = ""  #: 监督电话
    hours: str = ""  #: 办公时间
    report_due: tuple[int, int] | None = None  #: month and day by which the yearly report is due here; None: the form's, by law
    report_column: str = ""  #: the slug of the column in which it is published
    metadata_shown: tuple[str, ...] = SLUGS  #: the 更多著录项 that its form and its sheet ask for, see content.metadata
    metadata_required: tuple[str, ...] = ()  #: those of them without which nothing goes to the review
    by_slug: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for column in self.columns:
            if not SLUG.fullmatch(column.slug) or column.slug in RESERVED:
                raise OfficeError(f"column {column.slug!r}: small letters, digits and -, and none of {', '.join(sorted(RESERVED))}")
            if column.category and column.category not in self.categories:
                raise OfficeError(f"column {column.slug!r}: category {column.category!r} is not among the office's categories")
        object.__setattr__(self, "by_slug", {column.slug: column for column in self.columns})
        if len(self.by_slug) != len(self.columns):
            raise OfficeError(f"office {self.code!r}: two columns share a slug")
        if self.report_column and self.report_column not in self.by_slug:
            raise OfficeError(f"office {self.code!r}: report.column {self.report_column!r} is none of its columns")
        try:
            date(2000, *(self.report_due or (1, 31)))  # the 29th of February is the 28th where there is none
        except ValueError:
            raise OfficeError(f"office {self.code!r}: report.due {self.report_due} is no day of the year") from None
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise OfficeError(f"office {self.code!r}: {self.zone!r} is no time zone; China's is Asia/Shanghai") from None

    @property
    def tz(self) -> ZoneInfo:
        """The office's time zone, in which its days and years are counted."""
        return ZoneInfo(self.zone)

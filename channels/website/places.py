"""Where the pages of a site stand, as paths below its root."""

from __future__ import annotations

from dataclasses import dataclass

from content.catalogue import ALL, column_list
from content.offices import Column, Office

MONTHS = "month"  #: folder of the months, and name of their index
SITEMAPS = "sitemap"  #: folder of the sitemap's shards


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of the catalogue with its place on the site: the front at `path`.html, page k at `path`/k.html."""

    name: str  #: the catalogue's name of it
    path: str
    title: str
    description: str
    keywords: tuple[str, ...]
    type: str  #: ColumnType
    column: Column | None = None

    @property
    def kind(self) -> str:
        """`all`, `column` or `month`."""
        return self.name.partition(":")[0]

    @property
    def front(self) -> str:
        """Path of the page with the newest."""
        return f"{self.path}.html"

    def page(self, number: int) -> str:
        """Path of a numbered page."""
        return f"{self.path}/{number}.html"


def everything(office: Office) -> Listing:
    """The list of all an office shows."""
    return Listing(name=ALL, path="all", title="全部信息", description=f"{office.name}主动公开的全部政府信息，按发布先后排列",
                   keywords=("政府信息公开目录",), type="信息公开目录")


def of_column(column: Column) -> Listing:
    """The list of a column."""
    return Listing(name=column_list(column.slug), path=column.slug, title=column.name, description=column.description or column.name,
                   keywords=column.keywords or (column.name,), type=column.type, column=column)


def of_month(office: Office, month: str) -> Listing:
    """The list of a month, `YYYY-MM`."""
    title = month_title(month)
    return Listing(name=f"month:{month}", path=f"{MONTHS}/{month}", title=title, description=f"{office.name}{title}发布的政府信息",
                   keywords=("政府信息公开目录", title), type="信息公开目录")


def listing(office: Office, name: str) -> Listing | None:
    """A list of the catalogue by name; None if the site does not show it, as a column the office no longer has."""
    kind, _, rest = name.partition(":")
    if kind == "column":
        column = office.by_slug.get(rest)
        return of_column(column) if column else None
    return of_month(office, rest) if kind == "month" else everything(office)


def month_title(month: str) -> str:
    """`2017-03` as people say it: 2017年3月."""
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月"


def up(path: str) -> str:
    """From the page at this path back to the root: `../` a folder."""
    return "../" * path.count("/")

"""Pages as bytes: templates filled with what the catalogue says. Header and footer are made once for each depth and column."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from channels.base import Rendition
from channels.website import article
from channels.website.frames import Frames
from channels.website.places import MONTHS, Listing, of_column, of_month, up
from content.catalogue import PAGE, Entry, Line, Tombstone
from content.index_numbers import address
from content.offices import Column, Office

TEMPLATES = Path(__file__).parent.parent / "templates" / "website"
FEED_TYPES = (("feed.xml", "application/rss+xml", "RSS"), ("atom.xml", "application/atom+xml", "Atom"),
              ("feed.json", "application/feed+json", "JSON Feed"))


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, auto_reload=False,
                       trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)


def _template(name: str) -> Template:
    return _environment().get_template(f"{name}.html")  # compiled when first asked for, once a process


@cache
def stylesheet() -> bytes:
    """The one style sheet of every page."""
    return (TEMPLATES / "style.css").read_bytes()


class Pages:
    """Every page of one office's site. Pure: the same arguments give the same bytes."""

    def __init__(self, office: Office, *, feeds: bool, insignia: Mapping[str, str] = MappingProxyType({})) -> None:
        """`insignia`: the addresses of the site's own pictures, `logo` and `mark`, where it has them."""
        self.office, self.feeds, self.insignia = office, feeds, dict(insignia)
        self._tz = office.tz
        self._style = hashlib.sha256(stylesheet()).hexdigest()[:10]
        self._prefix_404 = f"{urlsplit(office.site.home).path}/"
        self._chromes: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._items, self._lists, self._rows, self._summaries = (
            Frames(partial(_template, name)) for name in ("item", "list", "row", "summary"))

    def item(self, entry: Entry, rendition: Rendition, here: str) -> bytes:
        """The page of a live item: the frame around its article. `here` is the item's address."""
        edition, released, updated = entry.edition, self.minute(entry.released_at), ""
        if entry.updated_at != entry.released_at:
            updated = self.minute(entry.updated_at)
        column = self.office.by_slug.get(edition.column)
        image = f"{self.office.site.home}/{here}/{article.file_name(edition, rendition.images[0])}" if rendition.images else ""
        return self._items.fill((edition.column if column else "",), lambda: self._common(f"{here}.html", column), {
            "title": edition.title, "canonical": f"{self.office.site.home}/{here}.html", "image": image,
            "released": released, "released_day": released[:10], "updated": updated, "updated_day": updated[:10],
            "source": edition.source or edition.issuing_body, "author": edition.issuing_body, "summary": edition.summary,
            "keywords": ",".join(edition.keywords), "twin": f"{here.rpartition('/')[2]}.json",
        }, {"article": rendition.body}).encode()

    def withdrawn(self, stone: Tombstone) -> bytes:
        """What stands where a withdrawn item stood. None of its words."""
        return self._render("withdrawn", f"{address(stone.index_number)}.html", stone=stone, title="此信息已撤回",
                            released=self.minute(stone.released_at), gone=self.minute(stone.withdrawn_at))

    def front(self, listing: Listing, newest: Sequence[Line], size: int) -> bytes:
        """The newest of a list, newest first, and the way to the newest full page."""
        pages = size // PAGE
        # without a full page everything stands on the front
        older = f"{up(listing.front)}{listing.page(pages - 1)}" if pages and size > len(newest) else ""
        return self._list(listing, listing.front, newest, subtitle="", newer="", older=older)

    def numbered(self, listing: Listing, number: int, lines: Sequence[Line], *, newest: bool) -> bytes:
        """A full page of a list: the lines of its places, given in their order and shown newest first."""
        path = listing.page(number)
        return self._list(
            listing, path, lines[::-1], subtitle=f"第 {number * PAGE + 1}—{(number + 1) * PAGE} 条",
            newer=f"{up(path)}{listing.front if newest else listing.page(number + 1)}",
            older=f"{up(path)}{listing.page(number - 1)}" if number else "")

    def _list(self, listing: Listing, path: str, lines: Iterable[Line], *, subtitle: str, newer: str, older: str) -> bytes:
        column = listing.column
        return self._lists.fill(
            (column.slug if column else listing.kind, path.count("/")),
            lambda: {**self._common(path, column), "type": listing.type, "of_month": listing.kind == "month"}, {
                "title": listing.title, "description": listing.description, "keywords": ",".join(listing.keywords),
                "canonical": f"{self.office.site.home}/{path}", "front": f"{up(path)}{listing.front}",
                "lead": listing.description if column and not subtitle else "", "subtitle": subtitle, "newer": newer, "older": older,
            }, {"rows": self.rows(up(path), lines)}).encode()

    def rows(self, root: str, lines: Iterable[Line]) -> Markup:
        """Lines of a list as titles with their day."""
        return Markup("".join([self._rows.fill((), dict, self._line(root, line)) for line in lines]))  # noqa: S704 - escaped by fill

    def _line(self, root: str, line: Line) -> dict[str, str]:
        return {"href": f"{root}{address(line.index_number)}.html", "title": line.title, "day": self.day(line.released_at),
                "corrected": "已更正" if line.updated_at != line.released_at else ""}

    def home(self, newest: Sequence[Line], columns: Sequence[tuple[Column, Sequence[Line]]]) -> bytes:
        """The home page: what came last, and the newest of each column."""
        names = self.office.by_slug
        summaries = "".join(self._summaries.fill((), dict, {
            **self._line("", line), "summary": line.summary, "column": names[line.column].name if line.column in names else "",
        }) for line in newest)
        return self._render("home", "index.html", title="", summaries=Markup(summaries),  # noqa: S704 - escaped by fill
                            columns=[(of_column(column), self.rows("", lines)) for column, lines in columns])

    def months(self, months: Sequence[str]) -> bytes:
        """The months in which something was released, by year, newest first."""
        years = [(year, [(of_month(self.office, month).front, f"{int(month[5:])}月") for month in of_year])
                 for year, of_year in groupby(months[::-1], key=lambda month: month[:4])]
        return self._render("months", f"{MONTHS}.html", title="按月浏览", years=years)

    def about(self) -> bytes:
        """The site, its office, and every feed."""
        sources = [(self.office.site.name, "")] + [(column.name, f"{column.slug}/") for column in self.office.columns]
        return self._render("about", "about.html", title="关于本站", sources=sources, feed_types=FEED_TYPES,
                            paragraphs=[text for text in self.office.site.about.splitlines() if text.strip()])

    def map(self) -> bytes:
        """The map of the site for people."""
        return self._render("map", "map.html", title="站点地图", listings=[of_column(column) for column in self.office.columns])

    def not_found(self) -> bytes:
        """What a web server says of an address where nothing stands; served at any depth, so its links are absolute."""
        return self._render("404", "404.html", title="没有找到这个页面", prefix=self._prefix_404)

    def minute(self, at: datetime) -> str:
        """An instant as 网页设计规范 writes PubDate: YYYY-MM-DD HH:MM."""
        return at.astimezone(self._tz).isoformat(" ", "minutes")[:16]

    def day(self, at: datetime) -> str:
        """The day of an instant where the office stands."""
        return at.astimezone(self._tz).date().isoformat()

    def _render(self, template: str, path: str, *, prefix: str | None = None, **values: Any) -> bytes:
        canonical = f"{self.office.site.home}/{'' if path == 'index.html' else path}"
        return _template(template).render(**self._common(path, None, prefix), canonical=canonical, **values).encode()

    def _common(self, path: str, column: Column | None, prefix: str | None = None) -> dict[str, Any]:
        """What every template may ask for."""
        root = up(path) if prefix is None else prefix
        chrome = self._chrome(root, column.slug if column else path.partition("/")[0].removesuffix(".html"))
        return {"office": self.office, "root": root, "column": column, "feeds": self.feeds, **chrome}

    def _chrome(self, root: str, here: str) -> Mapping[str, Any]:
        """Head, header and footer, the same for all pages of a depth and place in the navigation."""
        if (root, here) not in self._chromes:
            column = self.office.by_slug.get(here)
            module = _template("chrome").make_module({
                "office": self.office, "root": root, "here": here, "column": column, "style": self._style,
                "logo": self.insignia.get("logo", ""), "mark": self.insignia.get("mark", ""),
                "feeds": FEED_TYPES if self.feeds else ()})
            self._chromes[root, here] = {name: getattr(module, name)() for name in ("head", "header", "footer")}
        return self._chromes[root, here]

"""Pages as bytes: templates filled with what the catalogue says. Header and footer are made once for each depth and column."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from channels.base import Rendition
from channels.website import article
from channels.website.places import MONTHS, Listing, of_column, of_month, up
from content.catalogue import PAGE, Entry, Line, Tombstone
from content.index_numbers import address
from content.items import Edition
from content.offices import Column, Office

TEMPLATES = Path(__file__).parent.parent / "templates" / "website"
FEED_TYPES = (("feed.xml", "application/rss+xml", "RSS"), ("atom.xml", "application/atom+xml", "Atom"),
              ("feed.json", "application/feed+json", "JSON Feed"))


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, auto_reload=False,
                       trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)


@cache
def stylesheet() -> bytes:
    """The one style sheet of every page."""
    return (TEMPLATES / "style.css").read_bytes()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list as a template needs it."""

    href: str
    title: str
    summary: str
    column: str
    day: str
    corrected: bool


class Pages:
    """Every page of one office's site. Pure: the same arguments give the same bytes."""

    def __init__(self, office: Office, *, feeds: bool) -> None:
        self.office, self.feeds = office, feeds
        self._style = hashlib.sha256(stylesheet()).hexdigest()[:10]
        self._prefix_404 = f"{urlsplit(office.site.home).path}/"
        self._chromes: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._templates = {name: _environment().get_template(f"{name}.html") for name in (
            "chrome", "item", "withdrawn", "list", "home", "months", "about", "map", "404")}

    def item(self, entry: Entry, rendition: Rendition) -> bytes:
        """The page of a live item: the frame around its article."""
        edition, path = entry.edition, f"{address(entry.edition.index_number)}.html"
        article_html = Markup(rendition.body)  # noqa: S704 - escaped or sanitised piece by piece where it is made, then sealed
        return self._render("item", path, self.office.by_slug.get(edition.column), article=article_html, edition=edition,
                            title=edition.title, image=self._first_image(edition, rendition), released=self.minute(entry.released_at),
                            updated=self.minute(entry.updated_at) if entry.updated_at != entry.released_at else "",
                            source=edition.source or edition.issuing_body, twin=f"{path.rpartition('/')[2][:-5]}.json")

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

    def _list(self, listing: Listing, path: str, lines: Iterable[Line], **more: Any) -> bytes:
        return self._render("list", path, listing.column, listing=listing, title=listing.title, rows=self._rows(path, lines),
                            front=f"{up(path)}{listing.front}", **more)

    def home(self, newest: Sequence[Line], columns: Sequence[tuple[Column, Sequence[Line]]]) -> bytes:
        """The home page: what came last, and the newest of each column."""
        return self._render("home", "index.html", title="", rows=self._rows("index.html", newest),
                            columns=[(of_column(column), self._rows("index.html", lines)) for column, lines in columns])

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
        return at.astimezone(self.office.tz).isoformat(" ", "minutes")[:16]

    def _first_image(self, edition: Edition, rendition: Rendition) -> str:
        if not rendition.images:
            return ""
        return f"{self.office.site.home}/{address(edition.index_number)}/{article.file_name(edition, rendition.images[0])}"

    def _rows(self, path: str, lines: Iterable[Line]) -> list[Row]:
        root, names = up(path), self.office.by_slug
        return [Row(f"{root}{address(line.index_number)}.html", line.title, line.summary,
                    names[line.column].name if line.column in names else "", self.minute(line.released_at)[:10],
                    line.updated_at != line.released_at) for line in lines]

    def _render(self, template: str, path: str, column: Column | None = None, *, prefix: str | None = None, **values: Any) -> bytes:
        root = up(path) if prefix is None else prefix
        canonical = f"{self.office.site.home}/{'' if path == 'index.html' else path}"
        chrome = self._chrome(root, column.slug if column else path.partition("/")[0].removesuffix(".html"))
        return self._templates[template].render(
            office=self.office, root=root, column=column, canonical=canonical, feeds=self.feeds, **chrome, **values).encode()

    def _chrome(self, root: str, here: str) -> Mapping[str, Any]:
        """Head, header and footer, the same for all pages of a depth and place in the navigation."""
        if (root, here) not in self._chromes:
            column = self.office.by_slug.get(here)
            module = self._templates["chrome"].make_module({
                "office": self.office, "root": root, "here": here, "column": column, "style": self._style,
                "feeds": [(name, kind, label) for name, kind, label in FEED_TYPES] if self.feeds else []})
            self._chromes[root, here] = {name: getattr(module, name)() for name in ("head", "header", "footer")}
        return self._chromes[root, here]

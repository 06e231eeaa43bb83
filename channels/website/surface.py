"""The website as a surface: everything drawn from the catalogue, or only what a few items touch."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar, Self

from channels.base import Limits, Rendition, Scene, Setting, Shown
from channels.errors import ConfigurationError
from channels.folders import checkup
from channels.shelf import Shelf
from channels.website import article, preview, sitemaps, twin
from channels.website.brush import Brush
from channels.website.hands import Alone, Hands
from channels.website.insignia import OURS, Insignia, InsigniaError, insignia
from channels.website.pages import TEMPLATES, Pages, stylesheet
from channels.website.places import MONTHS, SITEMAPS, Listing, everything, listing, of_column, of_month
from content.accounts import Checkup
from content.catalogue import ALL, PAGE, Catalogue, Entry, Tombstone, Touch, column_list
from content.index_numbers import address
from content.items import Edition
from content.offices import Office
from content.seals import seal

FORMAT = 1  #: raise it when something outside this folder and its templates changes the bytes
MANY = 1500  #: items from which on more hands draw sooner than they start
STRETCH = 200  #: places drawn at a time by whoever is free: some 100 ms of work
HOME_NEWEST, HOME_COLUMN = 8, 6  #: lines on the home page: of everything, of each column
OPTIONS = frozenset({"path", "feeds", "follows"})
NUMBERED = re.compile(r"\d+\.html")
FRONT = re.compile(r"[a-z0-9][a-z0-9-]*\.html")
FIXED = frozenset({"index.html", "all.html", "month.html", "about.html", "map.html", "404.html", "style.css", "robots.txt", "sitemap.xml"})


class Website:
    """A Surface. Writes pages before the lists that link to them, and lists before the home page and the sitemap."""

    kind: ClassVar[str] = "website"
    label: ClassVar[str] = "政府网站"
    limits: ClassVar[Limits] = Limits()

    def __init__(self, name: str, *, office: Office, root: Path, feeds: bool, hands: int | None = None,
                 pictures: Sequence[Insignia] = ()) -> None:
        """`hands`: how many processes help with a whole drawing; None: one for each processor, if the archive is worth it.

        `pictures`: the site's own, for every page.
        """
        self.name, self.office, self.root, self.feeds = name, office, root, feeds
        self._pictures, self._hands = tuple(pictures), hands
        self._pages = Pages(office, feeds=feeds, insignia={one.what: one.address for one in pictures})

    @classmethod
    def from_setting(cls, setting: Setting) -> Self:
        """Options: `path` (folder under the home folder, `site`), `feeds` (whether pages name the feeds, true), `follows`.

        Raises:
            ConfigurationError: a key is unknown or holds what it can't hold, or a picture of the site cannot be read.
        """
        options = setting.options
        for key in options:
            if key not in OPTIONS:
                raise ConfigurationError(f"channel {setting.name!r}: {key} is unknown; a website knows {', '.join(sorted(OPTIONS))}")
        path, feeds = options.get("path", "site"), options.get("feeds", True)
        if not isinstance(path, str) or not path:
            raise ConfigurationError(f"channel {setting.name!r}: path is {path!r}; name a folder")
        if not isinstance(feeds, bool):
            raise ConfigurationError(f"channel {setting.name!r}: feeds is {feeds!r}; say true or false")
        try:
            pictures = insignia(setting.office.site, setting.home)
        except InsigniaError as error:
            raise ConfigurationError(f"channel {setting.name!r}: {error}") from None
        return cls(setting.name, office=setting.office, root=setting.home / path, feeds=feeds, pictures=pictures)

    def render(self, edition: Edition) -> Rendition:
        """The article, from which the item's page is built.

        Raises:
            UnsuitableError: the body shows a picture that the edition does not have.
        """
        return article.render(edition)

    def preview_path(self, edition: Edition) -> str:
        """The item's page, at the path it will have: what it links to beside itself is found as on the site."""
        return f"{address(edition.index_number)}.html"

    def show(self, scene: Scene, path: str) -> Shown | None:
        """The page of the item, its files, the site's own pictures, and the style sheet."""
        return next((Shown(media_type=one.media_type, data=one.data) for one in self._pictures if one.path == path),
                    preview.show(self._pages, scene, path))

    def check(self, now: datetime) -> Checkup:
        """The folder takes files.

        Raises:
            TransientError: it takes none now.
        """
        return checkup(self.root)

    def frame(self) -> str:
        """Everything but the catalogue that shapes the bytes: this code, its templates, the office, the template engine."""
        files = sorted([*Path(__file__).parent.glob("*.py"), *TEMPLATES.iterdir()])
        return seal({"format": FORMAT, "office": self.office, "feeds": self.feeds, "insignia": self._pages.insignia,
                     "engine": [version("jinja2"), version("markupsafe")],
                     "files": [file.read_text(encoding="utf-8") for file in files if file.is_file()]})

    def draw(self, catalogue: Catalogue) -> None:
        """Everything, in constant memory; strangers are removed."""
        with Shelf(self.root) as shelf:
            brush = Brush(self._pages, shelf, catalogue)
            with self._hands_for(brush) as hands:
                shelf.put("style.css", stylesheet())
                for picture in self._pictures:
                    shelf.put(picture.path, picture.data)
                self._draw_items(brush, hands)
                self._draw_lists(brush, hands)
            self._draw_fixed(shelf, catalogue)
            self._put_home(shelf, catalogue)
            self._sweep(brush)

    def _hands_for(self, brush: Brush) -> Alone:
        count = self._hands
        if count is None:
            count = _processors() - 1 if brush.catalogue.size(ALL) >= MANY else 0
        return Hands(brush, count) if count else Alone(brush)

    def redraw(self, catalogue: Catalogue, touched: Sequence[Touch]) -> None:
        """The items touched, the pages of their spots, the fronts of their lists, home, and their shards of the sitemap."""
        if not touched:
            return
        with Shelf(self.root) as shelf:
            brush = Brush(self._pages, shelf, catalogue)
            for index_number in dict.fromkeys(touch.index_number for touch in touched):
                self._redraw_item(brush, index_number)
            places: dict[str, set[int]] = {}
            for touch in touched:
                for spot in touch.spots:
                    places.setdefault(spot.list, set()).add(spot.place)
            for name in sorted(places):
                if each := listing(self.office, name):
                    self._redraw_list(brush, each, places[name])
            if any(name.startswith("month:") and 0 in places[name] for name in places):
                self._put_months(shelf, catalogue)
            self._put_home(shelf, catalogue)
            self._redraw_sitemaps(brush, places.get(ALL, set()))

    # items

    def _draw_items(self, brush: Brush, hands: Alone) -> None:
        size = brush.catalogue.size(ALL)
        for first in range(0, size, STRETCH):
            hands.do("items", first, min(first + STRETCH, size))
        for stone in brush.catalogue.tombstones():
            self._put_tombstone(brush.shelf, stone)
            brush.tally.add(address(stone.index_number), files=False)
        hands.wait()

    def _redraw_item(self, brush: Brush, index_number: str) -> None:
        found = brush.catalogue.find(index_number)
        if isinstance(found, Entry):
            if not brush.item(found):
                brush.shelf.remove_folder(address(index_number))  # a correction may have dropped its last file
        elif isinstance(found, Tombstone):
            self._put_tombstone(brush.shelf, found)

    def _put_tombstone(self, shelf: Shelf, stone: Tombstone) -> None:
        here = address(stone.index_number)
        shelf.put(f"{here}.html", self._pages.withdrawn(stone))
        shelf.put(f"{here}.json", twin.of_tombstone(self.office, stone))
        shelf.remove_folder(here)

    # lists

    def _listings(self, catalogue: Catalogue) -> Iterator[Listing]:
        yield everything(self.office)
        yield from (of_column(column) for column in self.office.columns)
        yield from (of_month(self.office, month) for month in catalogue.months())

    def _draw_lists(self, brush: Brush, hands: Alone) -> None:
        """The numbered pages and the sitemap's shards, then the fronts that link to them."""
        shelf, catalogue = brush.shelf, brush.catalogue
        sizes = [(each, catalogue.size(each.name)) for each in self._listings(catalogue)]
        shards = -(-catalogue.size(ALL) // sitemaps.SHARD)
        for number in range(shards):
            hands.do("shard", number)
        for each, size in sizes:
            full = size // PAGE
            for first in range(0, full, STRETCH // PAGE):
                hands.do("numbered", each, first, min(first + STRETCH // PAGE, full), full)
        hands.wait()  # only now: what another process is still writing would look like what a crash left behind
        for each, size in sizes:
            shelf.sweep(each.path, {f"{number}.html" for number in range(size // PAGE)}, mine=_is_numbered)
            self._put_front(shelf, catalogue, each, size)
        shelf.put("sitemap.xml", sitemaps.index(self.office, shards))
        shelf.sweep(SITEMAPS, {"site.xml", *(f"{number}.xml" for number in range(shards))}, mine=lambda name: True)

    def _redraw_list(self, brush: Brush, each: Listing, places: Iterable[int]) -> None:
        """The full pages that hold these places, and the page before one that has just become full: it links onward now."""
        catalogue = brush.catalogue
        size = catalogue.size(each.name)
        full = size // PAGE
        numbers = {place // PAGE for place in places} | {place // PAGE - 1 for place in places if place % PAGE == PAGE - 1}
        for number in sorted(numbers):
            if 0 <= number < full:
                brush.page(each, number, catalogue.page(each.name, number), newest=number == full - 1)
        self._put_front(brush.shelf, catalogue, each, size)

    def _put_front(self, shelf: Shelf, catalogue: Catalogue, each: Listing, size: int) -> None:
        shelf.put(each.front, self._pages.front(each, catalogue.latest(each.name, PAGE), size))

    # the rest

    def _put_home(self, shelf: Shelf, catalogue: Catalogue) -> None:
        columns = [(column, catalogue.latest(column_list(column.slug), HOME_COLUMN)) for column in self.office.columns]
        shelf.put("index.html", self._pages.home(catalogue.latest(ALL, HOME_NEWEST), columns))

    def _put_months(self, shelf: Shelf, catalogue: Catalogue) -> None:
        """What a new month changes: their index, and the sitemap's fixed pages."""
        months = catalogue.months()
        shelf.put(f"{MONTHS}.html", self._pages.months(months))
        fronts = [each.front for each in self._listings(catalogue)]
        shelf.put(f"{SITEMAPS}/site.xml", sitemaps.fixed(self.office, ["", *fronts, f"{MONTHS}.html", "about.html", "map.html"]))

    def _draw_fixed(self, shelf: Shelf, catalogue: Catalogue) -> None:
        self._put_months(shelf, catalogue)
        shelf.put("about.html", self._pages.about())
        shelf.put("map.html", self._pages.map())
        shelf.put("404.html", self._pages.not_found())
        shelf.put("robots.txt", sitemaps.robots(self.office))

    def _redraw_sitemaps(self, brush: Brush, places: Iterable[int]) -> None:
        for number in sorted({place // sitemaps.SHARD for place in places}):
            brush.shard(number)
        if any(place % sitemaps.SHARD == 0 for place in places):
            brush.shelf.put("sitemap.xml", sitemaps.index(self.office, -(-brush.catalogue.size(ALL) // sitemaps.SHARD)))

    def _sweep(self, brush: Brush) -> None:
        """Remove what an earlier office file or catalogue left: items, months, columns. Feeds and strange names are not ours."""
        shelf, catalogue = brush.shelf, brush.catalogue
        brush.tally.sweep(shelf, catalogue)
        months = set(catalogue.months())
        shelf.sweep(MONTHS, {f"{month}.html" for month in months}, mine=lambda name: True)
        for folder in shelf.folders(MONTHS):
            if folder not in months:
                shelf.remove_folder(f"{MONTHS}/{folder}")
        fronts = {f"{column.slug}.html" for column in self.office.columns}
        known = FIXED | fronts | {picture.path for picture in self._pictures}
        shelf.sweep("", known, mine=lambda name: name in known or name in OURS or self._was_front(name))
        for folder in shelf.folders(""):
            if FRONT.fullmatch(f"{folder}.html") and folder not in self.office.by_slug and folder != "all":
                shelf.sweep(folder, (), mine=_is_numbered)


    def _was_front(self, name: str) -> bool:
        """Whether this is the front of a column that the office no longer has.

        A search engine's proof of ownership, put into the root by hand, is not.
        """
        if not FRONT.fullmatch(name):
            return False
        try:
            return b'<meta name="ColumnType"' in (self.root / name).read_bytes()
        except FileNotFoundError:
            return False


def _is_numbered(name: str) -> bool:
    return NUMBERED.fullmatch(name) is not None


def _processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

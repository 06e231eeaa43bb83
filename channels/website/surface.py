"""The website as a surface: everything drawn from the catalogue, or only what a few items touch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import ClassVar, Self

from channels.base import Limits, Rendition, Setting
from channels.errors import ConfigurationError, UnusableError
from channels.shelf import Shelf
from channels.website import article, sitemaps, twin
from channels.website.pages import TEMPLATES, Pages, stylesheet
from channels.website.places import MONTHS, SITEMAPS, Listing, everything, listing, of_column, of_month
from channels.website.strangers import Tally
from content.catalogue import ALL, PAGE, Catalogue, Entry, Line, Tombstone, Touch, column_list
from content.index_numbers import address
from content.items import Attachment, Edition, Image
from content.offices import Office
from content.seals import seal

FORMAT = 1  #: raise it when something outside this folder and its templates changes the bytes
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

    def __init__(self, name: str, *, office: Office, root: Path, feeds: bool) -> None:
        self.name, self.office, self.root, self.feeds = name, office, root, feeds
        self._pages = Pages(office, feeds=feeds)

    @classmethod
    def from_setting(cls, setting: Setting) -> Self:
        """Options: `path` (folder under the home folder, `site`), `feeds` (whether pages name the feeds, true), `follows`.

        Raises:
            ConfigurationError: a key is unknown or holds what it can't hold.
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
        return cls(setting.name, office=setting.office, root=setting.home / path, feeds=feeds)

    def render(self, edition: Edition) -> Rendition:
        """The article, from which the item's page is built.

        Raises:
            UnsuitableError: the body shows a picture that the edition does not have.
        """
        return article.render(edition)

    def frame(self) -> str:
        """Everything but the catalogue that shapes the bytes: this code, its templates, the office, the template engine."""
        files = sorted([*Path(__file__).parent.glob("*.py"), *TEMPLATES.iterdir()])
        return seal({"format": FORMAT, "office": self.office, "feeds": self.feeds, "engine": [version("jinja2"), version("markupsafe")],
                     "files": [file.read_text(encoding="utf-8") for file in files if file.is_file()]})

    def draw(self, catalogue: Catalogue) -> None:
        """Everything, in constant memory; strangers are removed."""
        with Shelf(self.root) as shelf:
            shelf.put("style.css", stylesheet())
            self._draw_items(shelf, catalogue)
            for each in self._listings(catalogue):
                self._draw_list(shelf, catalogue, each)
            self._draw_fixed(shelf, catalogue)
            self._put_home(shelf, catalogue)
            self._draw_sitemaps(shelf, catalogue)
            self._sweep(shelf, catalogue)

    def redraw(self, catalogue: Catalogue, touched: Sequence[Touch]) -> None:
        """The items touched, the pages of their spots, the fronts of their lists, home, and their shards of the sitemap."""
        if not touched:
            return
        with Shelf(self.root) as shelf:
            for index_number in dict.fromkeys(touch.index_number for touch in touched):
                self._redraw_item(shelf, catalogue, index_number)
            places: dict[str, set[int]] = {}
            for touch in touched:
                for spot in touch.spots:
                    places.setdefault(spot.list, set()).add(spot.place)
            for name in sorted(places):
                if each := listing(self.office, name):
                    self._redraw_list(shelf, catalogue, each, places[name])
            if any(name.startswith("month:") and 0 in places[name] for name in places):
                self._put_months(shelf, catalogue)
            self._put_home(shelf, catalogue)
            self._redraw_sitemaps(shelf, catalogue, places.get(ALL, set()))

    # items

    def _draw_items(self, shelf: Shelf, catalogue: Catalogue) -> None:
        tally = self._tally = Tally()
        for entry in catalogue.walk():
            tally.add(entry.edition.index_number, files=self._put_item(shelf, catalogue, entry))
        for stone in catalogue.tombstones():
            self._put_tombstone(shelf, stone)
            tally.add(stone.index_number, files=False)

    def _redraw_item(self, shelf: Shelf, catalogue: Catalogue, index_number: str) -> None:
        found = catalogue.find(index_number)
        if isinstance(found, Entry) and not self._put_item(shelf, catalogue, found):
            shelf.remove_folder(address(index_number))  # a correction may have dropped its last file
        elif isinstance(found, Tombstone):
            self._put_tombstone(shelf, found)

    def _put_item(self, shelf: Shelf, catalogue: Catalogue, entry: Entry) -> bool:
        """An item's files, then its page and twin; whether it has files."""
        edition = entry.edition
        here, rendition = address(edition.index_number), self.render(edition)
        names: set[str] = set()
        files: tuple[Image | Attachment, ...] = (*rendition.images, *rendition.attachments)
        for file in files:
            name = article.file_name(edition, file)
            names.add(name)
            try:
                content = catalogue.read(file.sha256)
            except KeyError:
                raise UnusableError(f"{edition.index_number}: the bytes of {file.name!r} ({file.sha256}) are not in the blob store; "
                                    "restore them from a backup, then draw again") from None
            shelf.put(f"{here}/{name}", content)
        shelf.put(f"{here}.html", self._pages.item(entry, rendition, here))
        shelf.put(f"{here}.json", twin.of_entry(self.office, entry, here))
        if names:
            shelf.sweep(here, names, mine=lambda name: True)
        return bool(names)

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

    def _draw_list(self, shelf: Shelf, catalogue: Catalogue, each: Listing) -> None:
        """Every full page, also of places that are all empty now; then the front."""
        size = catalogue.size(each.name)
        full = size // PAGE
        drawn = 0
        for number, lines in groupby(catalogue.lines(each.name), key=lambda line: line.place // PAGE):
            if number >= full:
                break
            for empty in range(drawn, number):
                self._put_page(shelf, each, empty, (), full)
            self._put_page(shelf, each, number, list(lines), full)
            drawn = number + 1
        for empty in range(drawn, full):
            self._put_page(shelf, each, empty, (), full)
        self._put_front(shelf, catalogue, each, size)
        shelf.sweep(each.path, {f"{number}.html" for number in range(full)}, mine=_is_numbered)

    def _redraw_list(self, shelf: Shelf, catalogue: Catalogue, each: Listing, places: Iterable[int]) -> None:
        """The full pages that hold these places, and the page before one that has just become full: it links onward now."""
        size = catalogue.size(each.name)
        full = size // PAGE
        numbers = {place // PAGE for place in places} | {place // PAGE - 1 for place in places if place % PAGE == PAGE - 1}
        for number in sorted(numbers):
            if 0 <= number < full:
                self._put_page(shelf, each, number, catalogue.page(each.name, number), full)
        self._put_front(shelf, catalogue, each, size)

    def _put_page(self, shelf: Shelf, each: Listing, number: int, lines: Sequence[Line], full: int) -> None:
        shelf.put(each.page(number), self._pages.numbered(each, number, lines, newest=number == full - 1))

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

    def _draw_sitemaps(self, shelf: Shelf, catalogue: Catalogue) -> None:
        shards = -(-catalogue.size(ALL) // sitemaps.SHARD)
        drawn = 0
        for number, lines in groupby(catalogue.lines(ALL), key=lambda line: line.place // sitemaps.SHARD):
            for empty in range(drawn, number):
                shelf.put(f"{SITEMAPS}/{empty}.xml", sitemaps.shard(self.office, ()))
            shelf.put(f"{SITEMAPS}/{number}.xml", sitemaps.shard(self.office, lines))
            drawn = number + 1
        for empty in range(drawn, shards):
            shelf.put(f"{SITEMAPS}/{empty}.xml", sitemaps.shard(self.office, ()))
        shelf.put("sitemap.xml", sitemaps.index(self.office, shards))
        shelf.sweep(SITEMAPS, {"site.xml", *(f"{number}.xml" for number in range(shards))}, mine=lambda name: True)

    def _redraw_sitemaps(self, shelf: Shelf, catalogue: Catalogue, places: Iterable[int]) -> None:
        size, pages = catalogue.size(ALL), sitemaps.SHARD // PAGE
        for number in sorted({place // sitemaps.SHARD for place in places}):
            numbers = range(number * pages, min((number + 1) * pages, -(-size // PAGE)))
            lines = (line for page in numbers for line in catalogue.page(ALL, page))
            shelf.put(f"{SITEMAPS}/{number}.xml", sitemaps.shard(self.office, lines))
        if any(place % sitemaps.SHARD == 0 for place in places):
            shelf.put("sitemap.xml", sitemaps.index(self.office, -(-size // sitemaps.SHARD)))

    def _sweep(self, shelf: Shelf, catalogue: Catalogue) -> None:
        """Remove what an earlier office file or catalogue left: items, months, columns. Feeds and strange names are not ours."""
        self._tally.sweep(shelf, catalogue)
        months = set(catalogue.months())
        shelf.sweep(MONTHS, {f"{month}.html" for month in months}, mine=lambda name: True)
        for folder in shelf.folders(MONTHS):
            if folder not in months:
                shelf.remove_folder(f"{MONTHS}/{folder}")
        fronts = {f"{column.slug}.html" for column in self.office.columns}
        known = FIXED | fronts
        shelf.sweep("", known, mine=lambda name: name in known or self._was_front(name))
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

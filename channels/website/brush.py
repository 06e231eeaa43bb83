"""Drawing a stretch of an office's site: what each stretch needs it reads itself, so that several may draw at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from channels.errors import UnusableError
from channels.shelf import Shelf
from channels.website import article, sitemaps, twin
from channels.website.pages import Pages
from channels.website.places import SITEMAPS, Listing
from channels.website.strangers import Tally
from content.catalogue import ALL, PAGE, Catalogue, Entry, Line
from content.index_numbers import address
from content.items import Attachment, Edition, Image


class Brush:
    """Puts pages of one office's site on a shelf. Several may work on the same folder at once, each at other pages."""

    def __init__(self, pages: Pages, shelf: Shelf, catalogue: Catalogue) -> None:
        self.pages, self.shelf, self.catalogue = pages, shelf, catalogue
        self.tally = Tally()  #: of the items drawn

    def items(self, first: int, end: int) -> None:
        """The live items in these places of everything.

        Raises:
            UnusableError: the blob store has lost a picture or attachment.
        """
        for entry in self.catalogue.walk(range(first, end)):
            self.tally.add(address(entry.edition.index_number), files=self.item(entry))

    def item(self, entry: Entry) -> bool:
        """A live item: its files, its page, its twin. Whether it has files.

        Raises:
            UnusableError: the blob store has lost one.
        """
        here = address(entry.edition.index_number)
        files = self._put_files(entry.edition, here)
        self.shelf.put(f"{here}.html", self.pages.item(entry, article.render(entry.edition), here))
        self.shelf.put(f"{here}.json", twin.of_entry(self.pages.office, entry, here))
        return files

    def numbered(self, listing: Listing, first: int, end: int, full: int) -> None:
        """These of the `full` pages of a list, also where all places are empty now."""
        lines = self.catalogue.lines(listing.name, range(first * PAGE, end * PAGE))
        of_pages = {number: list(of_page) for number, of_page in groupby(lines, key=lambda line: line.place // PAGE)}
        for number in range(first, end):
            self.page(listing, number, of_pages.get(number, ()), newest=number == full - 1)

    def page(self, listing: Listing, number: int, lines: Sequence[Line], *, newest: bool) -> None:
        """A full page of a list; `newest`: no full page follows it."""
        self.shelf.put(listing.page(number), self.pages.numbered(listing, number, lines, newest=newest))

    def shard(self, number: int) -> None:
        """A part of the sitemap."""
        lines = self.catalogue.lines(ALL, range(number * sitemaps.SHARD, (number + 1) * sitemaps.SHARD))
        self.shelf.put(f"{SITEMAPS}/{number}.xml", sitemaps.shard(self.pages.office, lines))

    def _put_files(self, edition: Edition, here: str) -> bool:
        files: tuple[Image | Attachment, ...] = (*edition.images, *edition.attachments)
        if not files:
            return False
        names = set[str]()
        for file in files:
            try:
                content = self.catalogue.read(file.sha256)
            except KeyError:
                raise UnusableError(f"{edition.index_number}: the bytes of {file.name!r} ({file.sha256}) are not in the blob store; "
                                    "restore them from a backup, then draw again") from None
            name = article.file_name(edition, file)
            names.add(name)
            self.shelf.put(f"{here}/{name}", content)
        self.shelf.sweep(here, names, mine=lambda name: True)
        return True

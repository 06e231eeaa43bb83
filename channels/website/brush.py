"""What can be drawn of a site without asking the catalogue: the pages whose words are already at hand."""

from __future__ import annotations

from collections.abc import Sequence

from channels.shelf import Shelf
from channels.website import article, twin
from channels.website.pages import Pages
from channels.website.places import Listing
from content.catalogue import Entry, Line
from content.index_numbers import address


class Brush:
    """Puts pages of one office's site on a shelf. Several may work on the same folder at once, each at other pages."""

    def __init__(self, pages: Pages, shelf: Shelf) -> None:
        self.pages, self.shelf = pages, shelf

    def item(self, entry: Entry) -> None:
        """The page and the twin of a live item. Its files must be there already."""
        here = address(entry.edition.index_number)
        self.shelf.put(f"{here}.html", self.pages.item(entry, article.render(entry.edition), here))
        self.shelf.put(f"{here}.json", twin.of_entry(self.pages.office, entry, here))

    def numbered(self, listing: Listing, number: int, lines: Sequence[Line], *, newest: bool) -> None:
        """A full page of a list; `newest`: no full page follows it."""
        self.shelf.put(listing.page(number), self.pages.numbered(listing, number, lines, newest=newest))

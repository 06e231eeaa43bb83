"""Finding what does not belong among the item pages, without remembering the whole archive.

While items are drawn, each folder is kept as two numbers: how many names it should hold and the sum of their hashes. A
folder whose listing gives the same two holds no stranger. Only where they differ is every name looked up.
"""

from __future__ import annotations

import json
from pathlib import Path

from channels.shelf import Shelf
from content.catalogue import Catalogue, Entry
from content.index_numbers import address

ITEMS = "item"  #: the folder that `content.index_numbers.address` gives to items
_MASK = (1 << 64) - 1


class Tally:
    """What each folder of items should hold. A folder takes a thousand items, so this is a few bytes for each hundred."""

    def __init__(self) -> None:
        self._folders: dict[str, tuple[int, int]] = {}

    def add(self, place: str, *, files: bool) -> None:
        """Expect the page and twin of the item at this address, and its folder if it has files."""
        folder, _, name = place.rpartition("/")
        count, total = self._folders.get(folder, (0, 0))
        names = (f"{name}.html", f"{name}.json", f"{name}/") if files else (f"{name}.html", f"{name}.json")
        self._folders[folder] = count + len(names), (total + sum(map(hash, names))) & _MASK

    def sweep(self, shelf: Shelf, catalogue: Catalogue) -> None:
        """Remove from the shelf whatever no item of the catalogue accounts for."""
        shelf.sweep(ITEMS, (), mine=lambda name: True)
        for name in shelf.folders(ITEMS):
            folder = f"{ITEMS}/{name}"
            if folder not in self._folders:
                shelf.remove_folder(folder)
                continue
            names = shelf.names(folder)
            if self._folders[folder] != (len(names), sum(map(hash, names)) & _MASK):
                _remove_strangers(shelf, catalogue, folder)


def _remove_strangers(shelf: Shelf, catalogue: Catalogue, folder: str) -> None:
    keep: set[str] = set()
    for name in shelf.files(folder):
        if name.endswith(".json"):
            stem = name.removesuffix(".json")
            found = _whose(shelf.root / folder / name, catalogue, f"{folder}/{stem}")
            if found:
                keep |= {name, f"{stem}.html"}
            if found == "files":
                keep.add(f"{stem}/")
    shelf.sweep(folder, keep, mine=lambda name: True)
    for name in shelf.folders(folder):
        if f"{name}/" not in keep:
            shelf.remove_folder(f"{folder}/{name}")


def _whose(twin: Path, catalogue: Catalogue, place: str) -> str:
    """Whether a twin is that of an item that stands at this place: `item`, `files` if it is live and has files, or empty."""
    try:
        said = json.loads(twin.read_bytes())
        index_number = said["index_number"]
        if not isinstance(index_number, str) or address(index_number) != place:
            return ""
    except (ValueError, KeyError, TypeError):
        return ""
    found = catalogue.find(index_number)
    if found is None:
        return ""
    return "files" if isinstance(found, Entry) and (found.edition.attachments or found.edition.images) else "item"

"""Finding what does not belong among the item pages, without remembering the whole archive.

While items are drawn, each folder is kept as two numbers: how many names it should hold and the sum of their hashes. A
folder whose listing gives the same two holds no stranger. Only where they differ is every name looked up.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path

from channels.shelf import Shelf
from content.catalogue import Catalogue, Entry
from content.index_numbers import address

ITEMS = "item"  #: the folder that `content.index_numbers.address` gives to items


class Tally:
    """What each folder of items should hold. A folder takes a thousand items, so this is a few bytes for each hundred."""

    def __init__(self) -> None:
        self.folders: dict[str, tuple[int, int]] = {}

    def add(self, place: str, *, files: bool) -> None:
        """Expect the page and twin of the item at this address, and its folder if it has files."""
        folder, _, name = place.rpartition("/")
        names = (f"{name}.html", f"{name}.json", f"{name}/") if files else (f"{name}.html", f"{name}.json")
        self.join({folder: _sum(names)})

    def join(self, folders: Mapping[str, tuple[int, int]]) -> None:
        """Expect also what somebody else has counted."""
        for folder, (more, sums) in folders.items():
            count, total = self.folders.get(folder, (0, 0))
            self.folders[folder] = count + more, total + sums

    def sweep(self, shelf: Shelf, catalogue: Catalogue) -> None:
        """Remove from the shelf whatever no item of the catalogue accounts for."""
        shelf.sweep(ITEMS, (), mine=lambda name: True)
        for name in shelf.folders(ITEMS):
            folder = f"{ITEMS}/{name}"
            if folder not in self.folders:
                shelf.remove_folder(folder)
                continue
            if self.folders[folder] != _sum(shelf.names(folder)):
                _remove_strangers(shelf, catalogue, folder)


def _sum(names: Collection[str]) -> tuple[int, int]:
    """How many, and a number that another set of as many names hardly has; the same in every process."""
    return len(names), sum(zlib.crc32(name.encode()) for name in names)


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

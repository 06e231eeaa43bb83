"""The catalogue's in-memory twin: for tests, previews and small tools. Says what the ledger's catalogue must say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from content.catalogue import ALL, PAGE, Entry, Line, Spot, Tombstone, Touch, column_list, month_list
from content.items import Edition


def item_urn(office: str, index_number: str) -> UUID:
    """The feed id of an item: given once, at first release, and stored; a function of identity so that rebuilds agree."""
    return uuid5(NAMESPACE_URL, f"gongkai:{office}:{index_number}")


class MemoryCatalogue:
    """Lists, places and tombstones in dicts. `release`, `correct` and `withdraw` tell what they touched."""

    def __init__(self, blobs: Mapping[str, bytes] | None = None) -> None:
        self._blobs = dict(blobs or {})
        self._places: dict[str, list[str]] = {}  # list → index numbers by place; a moved-away item leaves its spot behind
        self._spots: dict[str, dict[str, int]] = {}  # index number → list → place
        self._live: dict[str, Entry] = {}
        self._gone: dict[str, Tombstone] = {}

    # what happens

    def release(self, edition: Edition, at: datetime) -> Touch:
        """Show an item for the first time."""
        self._live[edition.index_number] = Entry(
            edition=edition, released_at=at, updated_at=at, urn=item_urn(edition.office, edition.index_number))
        self._spots[edition.index_number] = {}
        for name in (ALL, column_list(edition.column), month_list(at)):
            self._take_place(name, edition.index_number)
        return self._touch(edition.index_number)

    def correct(self, edition: Edition, at: datetime) -> Touch:
        """Put a newer edition in the place of the live one; another column means a new place there."""
        before = self._live[edition.index_number]
        self._live[edition.index_number] = replace(before, edition=edition, updated_at=at)
        old, new = column_list(before.edition.column), column_list(edition.column)
        touch = self._touch(edition.index_number)
        if old != new:
            self._spots[edition.index_number].pop(old)
            self._take_place(new, edition.index_number)
            touch = replace(touch, spots=(*touch.spots, Spot(list=new, place=self._spots[edition.index_number][new])))
        return touch

    def withdraw(self, index_number: str, at: datetime, reason: str) -> Touch:
        """Take an item from view; its places stay empty."""
        entry = self._live.pop(index_number)
        self._gone[index_number] = Tombstone(
            index_number=index_number, urn=entry.urn, released_at=entry.released_at, withdrawn_at=at, reason=reason)
        return self._touch(index_number)

    def _take_place(self, name: str, index_number: str) -> None:
        places = self._places.setdefault(name, [])
        self._spots[index_number][name] = len(places)
        places.append(index_number)

    def _touch(self, index_number: str) -> Touch:
        return Touch(index_number=index_number,
                     spots=tuple(Spot(list=name, place=place) for name, place in self._spots[index_number].items()))

    # what surfaces ask

    def read(self, sha256: str) -> bytes:
        return self._blobs[sha256]

    def size(self, name: str) -> int:
        return len(self._places.get(name, ()))

    def count(self, name: str) -> int:
        return sum(1 for _ in self.lines(name))

    def page(self, name: str, number: int) -> Sequence[Line]:
        return [line for line in self.lines(name) if number * PAGE <= line.place < (number + 1) * PAGE]

    def latest(self, name: str, limit: int) -> Sequence[Line]:
        return list(self.lines(name))[::-1][:limit]

    def latest_entries(self, name: str, limit: int) -> Sequence[Entry]:
        return [self._live[line.index_number] for line in self.latest(name, limit)]

    def lines(self, name: str, places: range | None = None) -> Iterator[Line]:
        listed = self._places.get(name, [])
        for place in range(len(listed))[_part(places)]:
            index_number = listed[place]
            entry = self._live.get(index_number)
            if entry and self._spots[index_number].get(name) == place:
                yield Line(index_number=index_number, title=entry.edition.title, column=entry.edition.column,
                           summary=entry.edition.summary, released_at=entry.released_at, updated_at=entry.updated_at, place=place)

    def months(self) -> Sequence[str]:
        return sorted(name.removeprefix("month:") for name in self._places if name.startswith("month:"))

    def find(self, index_number: str) -> Entry | Tombstone | None:
        return self._live.get(index_number) or self._gone.get(index_number)

    def walk(self, places: range | None = None) -> Iterator[Entry]:
        for line in self.lines(ALL, places):
            yield self._live[line.index_number]

    def tombstones(self) -> Iterator[Tombstone]:
        yield from sorted(self._gone.values(), key=lambda stone: (stone.withdrawn_at, stone.index_number))

    def withdrawn(self, limit: int) -> Sequence[Tombstone]:
        return list(self.tombstones())[::-1][:limit]


def _part(places: range | None) -> slice:
    return slice(None) if places is None else slice(places.start, places.stop)

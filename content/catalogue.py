"""What surfaces draw from: every live edition, each in a fixed place of each list.

A list is named by text: ALL for the whole office, `column:<slug>`, `month:<YYYY-MM>`. An item takes the next place of
its lists when it is first shown and keeps it for ever; page k of a list holds places k·PAGE … k·PAGE+PAGE-1. So a new
item changes only the newest page, and a withdrawal leaves a gap and moves nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from content.items import Edition

PAGE = 20  #: places a page
ALL = "all"  #: the list of everything the office shows


def column_list(slug: str) -> str:
    """The list of a column."""
    return f"column:{slug}"


def month_list(released_at: datetime) -> str:
    """The list of a month; `released_at` stands in the office's own zone."""
    return f"month:{released_at:%Y-%m}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A live edition as lists show it: no body, so that long lists cost little."""

    index_number: str
    title: str
    column: str
    summary: str
    released_at: datetime  #: aware, in the office's zone
    updated_at: datetime  #: release of the edition shown; equals released_at until a correction
    place: int  #: in the list asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A live edition with what the ledger knows of it."""

    edition: Edition
    released_at: datetime  #: first release; aware, in the office's zone
    updated_at: datetime  #: release of this edition
    urn: UUID  #: stored at first release, for feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What remains in public of a withdrawn item. Holds none of its words."""

    index_number: str
    urn: UUID
    released_at: datetime
    withdrawn_at: datetime
    reason: str  #: as the public may read it


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in a list."""

    list: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """An item that was released, corrected or withdrawn, and the spots where it stands or stood."""

    index_number: str
    spots: tuple[Spot, ...]


class Blobs(Protocol):
    """The bytes of images and attachments."""

    def read(self, sha256: str) -> bytes:
        """The bytes of that hash.

        Raises:
            KeyError: no such bytes are kept.
        """
        ...


class Catalogue(Blobs, Protocol):
    """The read interface of every surface. Answers agree with each other only within one draw or redraw."""

    def size(self, name: str) -> int:
        """Places given so far in a list, gaps included: the next newcomer's place. 0 for an unknown list."""
        ...

    def count(self, name: str) -> int:
        """Live editions in a list."""
        ...

    def page(self, name: str, number: int) -> Sequence[Line]:
        """The live editions in places number·PAGE … number·PAGE+PAGE-1, in order of place."""
        ...

    def latest(self, name: str, limit: int) -> Sequence[Line]:
        """The live editions in the highest places, newest first."""
        ...

    def latest_entries(self, name: str, limit: int) -> Sequence[Entry]:
        """The same with bodies, for feeds."""
        ...

    def lines(self, name: str, places: range | None = None) -> Iterator[Line]:
        """Every live edition of a list in order of place, or those in so many successive places, in constant memory."""
        ...

    def months(self) -> Sequence[str]:
        """The months in which something was first shown, `YYYY-MM`, oldest first."""
        ...

    def find(self, index_number: str) -> Entry | Tombstone | None:
        """The live edition of an item, or what is left of it; None if it was never shown."""
        ...

    def walk(self, places: range | None = None) -> Iterator[Entry]:
        """Every live edition in order of its place in ALL, or those in so many successive places, in constant memory."""
        ...

    def tombstones(self) -> Iterator[Tombstone]:
        """Every withdrawn item, in order of withdrawal, in constant memory."""
        ...

    def withdrawn(self, limit: int) -> Sequence[Tombstone]:
        """The items withdrawn last, newest first."""
        ...

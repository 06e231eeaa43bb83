"""What an office's book says of a year: what was counted, what somebody recorded, what the year before said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from content.measures import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A number that the ledger cannot know, as somebody of the office recorded it."""

    value: Decimal
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearBook:
    """Everything that a report of one office and year is filled from, as the ledger stood at one instant.

    Addresses are those of one form's cells: `t3.new.person`.
    """

    year: int
    as_of: datetime  #: aware, in the office's zone
    first_day: date  #: of what was counted: the year, or a month or quarter of it
    last_day: date
    counts: Mapping[Measure, int]
    facts: Mapping[str, Fact] = field(default_factory=dict)  #: by address
    last: Mapping[str, Decimal | None] = field(default_factory=dict)  #: cells of the report on the year before, as far as known
    texts: Mapping[str, str] = field(default_factory=dict)  #: by part: the words as the office edited them
    before: Mapping[str, str] = field(default_factory=dict)  #: by part: … for the last earlier report of this form with words of its own
    kinds: tuple[str, ...] = ()  #: of channels that were open at some time of the year, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One row behind a number: an item, or an edition of one, and what carried it."""

    index_number: str
    edition: int
    title: str
    column: str
    category: str
    released_on: date
    kinds: tuple[str, ...]  #: of the channels it reached
    deliveries: tuple[str, ...]  #: the keys of the deliveries that stand behind it
    withdrawn: bool = False  #: by the instant that was asked about
    evidence: tuple[str, ...] = ()  #: a line each: address or sheet, and when it came before the public

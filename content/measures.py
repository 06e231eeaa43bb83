"""What a figure counts, as a value: the same one counts the rows and opens them.

items                                every item released in the year
items kind=website                   … that reached a website
items kind=!website|wechat           … that reached some other kind
items kind=website text=full         … and whose words stand there in full
items column=zcwj|jgzn               … that stands in one of these columns
items category=工作信息 month=3      … of a category, released in March
corrections, withdrawn, urgent       editions, items and editions of the year
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_PART = re.compile(r"(kind|category|column|month|text)=(\S+)")


class MeasureError(ValueError):
    """A figure by a name that no ledger can count."""


class What(StrEnum):
    """What is counted."""

    ITEMS = "items"  #: released in the year and reached the public; a correction does not count again
    CORRECTIONS = "corrections"  #: editions after the first, released in the year
    WITHDRAWN = "withdrawn"  #: items withdrawn in the year
    URGENT = "urgent"  #: editions released in the year that were signed before their secrecy review


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is counted, and of which. Written as a line; `str` and `Measure.read` are each other's inverse."""

    what: What = What.ITEMS
    kinds: tuple[str, ...] = ()  #: reached any of these kinds; empty: any kind at all
    others: bool = False  #: any kind but these, instead
    category: str = ""  #: 未归类: in no named category; empty: in any
    column: str = ""  #: several as `a|b`
    month: int = 0  #: of the release, 1 to 12; 0: any
    full_text: bool = False  #: only items whose own words stand there, not a bare title with a file

    def __post_init__(self) -> None:
        narrowed = self.kinds or self.others or self.category or self.column or self.full_text
        if self.what is not What.ITEMS and narrowed:
            raise MeasureError(f"{self.what} are counted as a whole or by month; {self} cannot be")
        if self.others and not self.kinds:
            raise MeasureError("kind=! needs the kinds that are left out")
        if not 0 <= self.month <= 12:
            raise MeasureError(f"month={self.month} is no month")

    @classmethod
    def read(cls, text: str) -> Measure:
        """The measure that a line names.

        Raises:
            MeasureError: it names none.
        """
        words = text.split()
        if not words or words[0] not in {what.value for what in What}:
            raise MeasureError(f"{text!r} is no figure; a figure begins with {', '.join(what.value for what in What)}")
        said: dict[str, str] = {}
        for word in words[1:]:
            found = _PART.fullmatch(word)
            if not found or found[1] in said:
                raise MeasureError(f"{text!r}: {word!r} narrows nothing; what can: kind= category= column= month= text=full, each once")
            said[found[1]] = found[2]
        return cls(what=What(words[0]), **_narrowed(text, said))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it takes; none: any."""
        return tuple(filter(None, self.column.split("|")))

    def __str__(self) -> str:
        kinds = ("!" if self.others else "") + "|".join(self.kinds)
        parts = {"kind": kinds, "category": self.category, "column": self.column, "month": str(self.month or ""),
                 "text": "full" if self.full_text else ""}
        return " ".join([self.what.value, *(f"{name}={value}" for name, value in parts.items() if value)])


def _narrowed(text: str, said: Mapping[str, str]) -> dict[str, Any]:
    if said.get("text", "full") != "full":
        raise MeasureError(f"{text!r}: text= can only be full")
    if not said.get("month", "1").isdigit():
        raise MeasureError(f"{text!r}: month= takes a number")
    kinds = said.get("kind", "")
    return {"kinds": tuple(kind for kind in kinds.removeprefix("!").split("|") if kind), "others": kinds.startswith("!"),
            "category": said.get("category", ""), "column": said.get("column", ""), "month": int(said.get("month", 0)),
            "full_text": "text" in said}


"""What a report's papers need besides the report: whoever sets type, the day it is signed, a word above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Protocol

TEMPLATES = files("reports") / "templates"  #: what pages and papers are filled into


class Setter(Protocol):
    """Whoever sets type; `channels.typesetting.Typesetter` does. Given by the doors, because this room knows no fonts."""

    @property
    def faces(self) -> Mapping[str, Sequence[str]]:
        """The families of each role (song, fang, hei, kai), best first."""
        ...

    def missing(self, text: str, /) -> list[str]:
        """The characters that no font at hand can show."""
        ...

    def pdf(self, source: bytes, inputs: Mapping[str, Any], *, dated: date) -> bytes:
        """Typst as PDF/A-2a and PDF/UA-1; the same arguments give the same bytes."""
        ...

    def pictures(self, pdf: bytes, *, ppi: float) -> list[bytes]:
        """The pages of a PDF as PNG."""
        ...


class WritingError(ValueError):
    """A report that cannot be written in a format. Says which characters or places are the cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """What is not the report. The same report in the same dress is the same bytes."""

    setter: Setter
    signed_on: date | None = None  #: printed under the office's name; None: a space for it to be written in
    note: str = ""  #: stands under the title: 草稿, or that the office only practises

    @property
    def faces(self) -> dict[str, list[str]]:
        """The families of each role, as Typst is told them."""
        return {role: list(names) for role, names in self.setter.faces.items()}

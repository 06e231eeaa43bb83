"""索引号: an item's identity. No national rule fixes its form, so the composition is the office's own data.

The commonest form is `<organisation code>/<year>-<serial>`, as 000014349/2017-00110.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

PLACEHOLDER = re.compile(r"\{(?:(code|year)|(serial)(?::0([1-9])d)?)\}")
#: what no part of an index number may hold: separators of delivery keys, and what an address cannot carry
FORBIDDEN = re.compile(r"[\s#@?%&<>\"'\\]")

_NOT_IN_NAME = re.compile(r"[^0-9a-z]+")

#: suffixes of files that act in the name of the site when they are opened
ACTIVE = frozenset({".htm", ".html", ".xht", ".xhtml", ".shtml", ".mht", ".mhtml", ".svg", ".svgz", ".xml", ".xsl", ".js", ".mjs", ".css",
                    ".swf", ".php", ".jsp", ".asp", ".aspx", ".cgi"})


class IndexNumberError(ValueError):
    """An index number, or the composition of one, that does not hold."""


@dataclass(frozen=True, kw_only=True)
class Composition:
    """How an office composes its index numbers: `{code}`, `{year}` and `{serial:05d}` with separators between.

    Raises:
        IndexNumberError: a part is missing or repeated, or a separator is unusable in a key or an address.
    """

    code: str  #: organisation code, 9 or 18 characters as a rule
    pattern: str = "{code}/{year}-{serial:05d}"

    def __post_init__(self) -> None:
        parts = [match[1] or match[2] for match in PLACEHOLDER.finditer(self.pattern)]
        between = PLACEHOLDER.sub("", self.pattern)
        if sorted(parts) != ["code", "serial", "year"] or "{" in between or "}" in between:
            raise IndexNumberError(f"{self.pattern!r}: name {{code}}, {{year}} and {{serial:05d}} once each, and nothing else in braces")
        if FORBIDDEN.search(between + self.code) or not self.code:
            raise IndexNumberError(f"{self.code!r}, {self.pattern!r}: no blanks and none of # @ ? % & in an index number")

    @cached_property
    def _shape(self) -> re.Pattern[str]:
        def group(match: re.Match[str]) -> str:
            width = int(match[3] or 1)
            return {"code": f"(?P<code>{re.escape(self.code)})", "year": r"(?P<year>\d{4})",
                    "serial": rf"(?P<serial>\d{{{width},18}})"}[match[1] or match[2]]

        out, at = "", 0
        for match in PLACEHOLDER.finditer(self.pattern):
            out += re.escape(self.pattern[at : match.start()]) + group(match)
            at = match.end()
        return re.compile(out + re.escape(self.pattern[at:]), re.ASCII)

    def compose(self, year: int, serial: int) -> str:
        """The index number of the `serial`-th item of a year, counted from 1."""
        if not 1 <= serial < 10**18 or not 1949 <= year <= 9999:
            raise IndexNumberError(f"{year}-{serial}: a year of four digits from 1949, and a serial from 1")
        return self.pattern.format(code=self.code, year=year, serial=serial)

    def parse(self, index_number: str) -> tuple[int, int]:
        """(year, serial) of one of this office's index numbers.

        Raises:
            IndexNumberError: it is not of this composition.
        """
        match = self._shape.fullmatch(index_number)
        if not match or self.compose(int(match["year"]), max(int(match["serial"]), 1)) != index_number:
            raise IndexNumberError(f"{index_number!r} is not of the form {self.pattern} with code {self.code}")
        return int(match["year"]), int(match["serial"])


def mentions(text: str, index_number: str) -> bool:
    """Whether a text says this index number, and not one that only holds it: `…/2024-12` is no mention of `…/2024-1`.

    By this an outlet that is asked what became of a delivery knows its own posting; a wrong yes would lose an item.
    """
    return re.search(rf"(?<![\w/-]){re.escape(index_number)}(?![\w/-])", text) is not None


def slug(index_number: str) -> str:
    """The index number as a file name: `000014349/2017-00110` → `000014349-2017-00110`, in lower case."""
    return _NOT_IN_NAME.sub("-", index_number.lower()).strip("-")


@lru_cache(maxsize=256)  # asked for six times while one item is drawn
def address(index_number: str) -> str:
    """Where an item stands on a website, without its suffix: `item/<folder>/<slug>`.

    A function of the index number alone, so that the link is known (and can be printed and signed) before release.
    The folder holds a thousand serials at most, so that no folder grows with the archive.
    """
    name = slug(index_number)
    head, _, serial = name.rpartition("-")
    folder = f"{head}-{int(serial) // 1000}" if head and serial.isdigit() else name[:8]
    return f"item/{folder}/{name}"


def file_address(index_number: str, sha256: str, name: str) -> str:
    """Where a picture or attachment of an item stands on a website: `<address>/<first 12 of its hash><suffix>`.

    ASCII whatever the file is called, so that no server, feed reader or old browser stumbles; other bytes get another
    address, so that what a cache holds is never wrong. A suffix that is not short and plain is left out, and so is one
    that a browser would run as a page of the site.
    """
    suffix = re.search(r"\.[0-9a-z]{1,8}\Z", name.lower(), re.ASCII)
    return f"{address(index_number)}/{sha256[:12]}{suffix.group() if suffix and suffix.group() not in ACTIVE else ''}"

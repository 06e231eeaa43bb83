"""A body's text with the way back: which stretch of the HTML each character came from."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from html import unescape

from content.html import BLOCKS, VOID
from content.readers.fragments import Cell, Fragment, table_place

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*+)>')
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,31});")
_SPACES = re.compile(r"[\n\t]")
_SAID = re.compile(r'\s(?:alt|title|href)="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text and the stretch of the HTML behind it."""

    start: int
    end: int
    source: int
    source_end: int
    kind: str  #: text (character for character), entity, break (a <br>), edge (of a block or a cell: nothing to replace)


@dataclass(frozen=True, slots=True)
class Flat:
    """A body as one fragment; the words of alt, title and href stand behind it, a line each."""

    fragment: Fragment
    pieces: tuple[Piece, ...]
    said: int  #: where the body's own text ends and that of its attributes begins

    def over(self, start: int, end: int) -> list[Piece]:
        """The pieces that a stretch of the text touches."""
        at = max(0, bisect_right(self.pieces, start, key=lambda piece: piece.start) - 1)
        found = []
        while at < len(self.pieces) and self.pieces[at].start < end:
            if self.pieces[at].end > start:
                found.append(self.pieces[at])
            at += 1
        return found


class _Flattener:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.pieces: list[Piece] = []
        self.cells: list[Cell] = []
        self.said: list[tuple[int, str]] = []
        self.tables, self.row, self.column, self.opened = -1, -1, 0, -1
        self.last = "\n"

    def put(self, text: str, source: int, source_end: int, kind: str) -> None:
        if text:
            self.pieces.append(Piece(self.length, self.length + len(text), source, source_end, kind))
            self.parts.append(text)
            self.length += len(text)
            self.last = text[-1]

    def words(self, words: str, source: int) -> None:
        """Text with its entities."""
        at = 0
        words = words.replace("\n", " ").replace("\t", " ")
        if "&" in words:
            for match in _ENTITY.finditer(words):
                self.put(words[at : match.start()], source + at, source + match.start(), "text")
                self.put(_SPACES.sub(" ", unescape(match.group())), source + match.start(), source + match.end(), "entity")
                at = match.end()
        self.put(words[at:], source + at, source + len(words), "text")

    def edge(self, text: str, at: int) -> None:
        if not (text == "\n" and self.last == "\n"):
            self.put(text, at, at, "edge")

    def tag(self, tag: str, *, closes: bool, at: int, end: int) -> None:
        if tag == "br":
            self.put("\n", at, end, "break")
        elif tag in ("td", "th"):
            self._cell(at, closes=closes)
        elif tag in BLOCKS and self.opened < 0:
            self.edge("\n", at)
        elif tag in BLOCKS and tag not in VOID and self.length > self.opened:
            self.edge("\n", at)  # a paragraph within a cell
        if tag == "table" and not closes:
            self.tables, self.row, self.opened = self.tables + 1, -1, -1
        elif tag == "table":
            self.opened = -1
        elif tag == "tr" and not closes:
            self.row, self.column, self.opened = self.row + 1, 0, -1

    def _cell(self, at: int, *, closes: bool) -> None:
        if not closes:
            self.opened = self.length
        elif self.opened >= 0:
            if self.length > self.opened:
                self.cells.append(Cell(start=self.opened, end=self.length, row=self.row, column=self.column, table=self.tables,
                                       place=table_place(self.row, self.column)))
            self.opened = -1
            self.column += 1
            self.put("\t", at, at, "edge")


def flatten(body: str, place: str = "正文") -> Flat:
    """A sanitised body as text: a line a block, table cells divided by tabs, a line break for `<br>`."""
    build = _Flattener()
    at = 0
    for match in _TAG.finditer(body):
        start, end = match.span()
        if start > at:
            build.words(body[at:start], at)
        at = end
        build.tag(match[2], closes=bool(match[1]), at=start, end=end)
        if match[3]:
            build.said += [(match.start(3) + one.start(1), one[1]) for one in _SAID.finditer(match[3])]
    build.words(body[at:], at)
    build.edge("\n", len(body))
    said = build.length
    for offset, words in build.said:
        build.words(words, offset)
        build.edge("\n", offset + len(words))
    return Flat(Fragment(place=place, text="".join(build.parts), cells=tuple(build.cells)), tuple(build.pieces), said)

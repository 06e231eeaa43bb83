"""What reading a file yields: its words with their places, what is there without being seen, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A table's cell within a fragment's text."""

    start: int  #: offsets in the fragment's text
    end: int
    row: int  #: from 0, within its table
    column: int
    table: int = 0  #: which table of the fragment
    place: str = ""  #: Chinese: C12, 第3行第2列


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """A stretch of text that stands together. Cells are divided by tabs, rows and paragraphs by line breaks."""

    place: str  #: Chinese: 工作表“名单”
    text: str
    cells: tuple[Cell, ...] = ()  #: in order of the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Something that is in the file but not seen by who opens it in the ordinary way."""

    rule: str  #: hidden-sheet, comment, exif …
    place: str  #: Chinese
    words: str  #: what it is, Chinese, with as much of its content as tells it from others
    clean: bool = False  #: whether `content.readers.clean` takes it out


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a file, or a part of it, could not be looked into."""

    rule: str  #: unreadable, encrypted, bomb, malformed, wrong-type
    place: str
    words: str  #: what is wrong, Chinese
    advice: str  #: what to do, Chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was seen of one file."""

    kind: str  #: docx, xlsx, pptx, pdf, picture, text, zip; or what could not be looked into: ole, rar, video, unknown
    fragments: tuple[Fragment, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    faults: tuple[Fault, ...] = ()


class ReadingError(ValueError):
    """A file that cannot be looked into; carries the fault."""

    def __init__(self, rule: str, words: str, advice: str, place: str = "") -> None:
        super().__init__(words)
        self.fault = Fault(rule=rule, place=place, words=words, advice=advice)


def join(parts: Iterable[str], place: str) -> Fragment:
    """Paragraphs as one fragment."""
    return Fragment(place=place, text="\n".join(parts))


def spreadsheet_place(row: int, column: int) -> str:
    """C12, for row 11 and column 2, counted from 0."""
    letters, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row + 1}"


def table_place(row: int, column: int) -> str:
    """第12行第3列, for row 11 and column 2, counted from 0."""
    return f"第{row + 1}行第{column + 1}列"


class Writer:
    """Builds a fragment's text piece by piece, keeping where each cell came to stand."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._cells: list[Cell] = []
        self._tables = 0

    def add(self, text: str) -> tuple[int, int]:
        """Put text at the end; its offsets."""
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return start, self._length

    def paragraph(self, text: str) -> None:
        """One line of its own, however many it brings."""
        if text.strip():
            self.add(text)
            self.add("\n")

    def table(self, rows: Iterable[Sequence[str] | dict[int, str]], name: Callable[[int, int], str] = table_place) -> None:
        """A table, row by row; a row is its cells in order, or by their columns where many are empty."""
        number, self._tables = self._tables, self._tables + 1
        for row, values in enumerate(rows):
            for column, text in values.items() if isinstance(values, dict) else enumerate(values):
                if text.strip():
                    start, end = self.add(text)
                    self._cells.append(Cell(start=start, end=end, row=row, column=column, table=number, place=name(row, column)))
                self.add("\t")
            self.add("\n")

    def fragment(self, place: str) -> Fragment:
        """What was put together."""
        return Fragment(place=place, text="".join(self._parts), cells=tuple(self._cells))


def grid(place: str, rows: Iterable[Sequence[str]], name: Callable[[int, int], str] = table_place) -> Fragment:
    """A table as one fragment."""
    writer = Writer()
    writer.table(rows, name)
    return writer.fragment(place)

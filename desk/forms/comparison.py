"""Two wordings side by side: what differs, marked by more than colour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from content.html import text
from desk.forms.shown import LABELS
from desk.forms.typed import TEXTS, FileKept, Typed

#: characters of a field: longer ones are compared by paragraph alone, which is what a person can read anyway
FINE = 4000
_PIECE = re.compile(r"[0-9A-Za-z.]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some words of one side."""

    words: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph of both sides; empty where one side has none."""

    theirs: tuple[Piece, ...]
    mine: tuple[Piece, ...]
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that both wrote."""

    name: str
    label: str
    lines: tuple[Line, ...]


def differences(theirs: Typed, mine: Typed) -> list[Difference]:
    """The fields in which two forms differ."""
    out = []
    for name in TEXTS:
        one, other = (_plain(name, typed.texts.get(name, "")) for typed in (theirs, mine))
        if one != other:
            out.append(Difference(name=name, label=str(LABELS[name]), lines=compare(one, other)))
    for name in ("channels", "images", "attachments"):
        one, other = (_names(getattr(typed, name)) for typed in (theirs, mine))
        if one != other:
            out.append(Difference(name=name, label=str(LABELS[name]), lines=compare(one, other)))
    return out


def _names(files: Sequence[object]) -> str:
    return "\n".join(sorted(f"{one.name} {one.alt}".strip() if isinstance(one, FileKept) else str(one) for one in files))


def _plain(name: str, typed: str) -> str:
    return text(typed) if name == "body" and "<" in typed else typed.strip()


def compare(theirs: str, mine: str) -> tuple[Line, ...]:
    """Two texts by paragraph, and within those that differ by character."""
    left, right = theirs.split("\n"), mine.split("\n")
    fine = len(theirs) + len(mine) <= FINE * 2
    lines: list[Line] = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line(theirs=_whole(line), mine=_whole(line), differs=False) for line in left[a:b]]
            continue
        for n in range(max(b - a, d - c)):
            one, other = (left[a + n] if a + n < b else ""), (right[c + n] if c + n < d else "")
            lines.append(_line(one, other, fine=fine))
    return tuple(lines)


def _whole(line: str, *, differs: bool = False) -> tuple[Piece, ...]:
    return (Piece(words=line, differs=differs),) if line else ()


def _line(one: str, other: str, *, fine: bool) -> Line:
    if not fine or not one or not other:
        return Line(theirs=_whole(one, differs=True), mine=_whole(other, differs=True), differs=True)
    left, right = _PIECE.findall(one), _PIECE.findall(other)
    theirs: list[Piece] = []
    mine: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for pieces, words in ((theirs, left[a:b]), (mine, right[c:d])):
            if words:
                pieces.append(Piece(words="".join(words), differs=tag != "equal"))
    return Line(theirs=tuple(theirs), mine=tuple(mine), differs=True)

"""The parts of an official document by their form (GB/T 9704-2012): letterhead, number, title, date, list of attachments, headings.

Everything found here is a guess that a person confirms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

TITLE_LIMIT = 200  #: characters, as content.records.TITLE_LIMIT
HEADING_LIMIT = 40  #: characters: above, a paragraph that begins with 一、 is a paragraph
HEAD = 12  #: paragraphs at the top in which title and number are looked for

_NUMBER = re.compile(r"([\u4e00-\u9fff]{2,20})[〔\[［【（(]((?:19|20)\d{2})[〕\]］】）)](第?\d{1,5}号)")
_NUMBER_SHORT = re.compile(r"(?:(?:19|20)\d{2}年)?第\d{1,5}号")
_LETTERHEAD = re.compile(r"[\u4e00-\u9fff（）()、]{2,40}文件")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_DATE_WORDS = re.compile(r"([〇零○Ｏ０一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日")
_UNDER_TITLE = re.compile(r"[（(][^（）()]{2,60}[）)]")
_ATTACHMENTS = re.compile(r"附件\s*[:：]\s*(.*)")
_ORDINAL = re.compile(r"^\d{1,2}\s*[.．、]\s*")
_APPENDIX = re.compile(r"附件\s*\d{0,2}")
_MAJOR = re.compile(r"[一二三四五六七八九十]{1,3}、\s*\S")
_MINOR = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]\s*\S")
_DIGITS = {character: value for value, characters in enumerate(("〇零○Ｏ０", *"一二三四五六七八九")) for character in characters}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph as far as its form goes."""

    text: str
    centred: bool = False
    title: bool = False  #: of the style Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above the text; numbers are places in the lines."""

    title: str = ""
    document_number: str = ""
    lines: frozenset[int] = frozenset()  #: what the body does not repeat
    letterhead: str = ""


def head(lines: Sequence[Line]) -> Head:
    """Letterhead, number and title among the first paragraphs."""
    top = [(at, line) for at, line in enumerate(lines) if line.text][:HEAD]
    number = next(((at, found) for at, line in top if (found := document_number(line.text))), None)
    masthead = next(((at, line.text) for at, line in top[:3] if line.centred and _LETTERHEAD.fullmatch(squeezed(line.text))), None)
    taken = {one[0] for one in (number, masthead) if one}
    places = _title_places([(at, line) for at, line in top if at not in taken])
    title = "".join(lines[at].text for at in places)
    if not 0 < len(title) <= TITLE_LIMIT:
        title, places = "", []
    return Head(title=title, document_number=number[1] if number else "", letterhead=masthead[1] if masthead else "",
                lines=frozenset(taken | set(places)))


def _title_places(top: Sequence[tuple[int, Line]]) -> list[int]:
    """The paragraphs that make the title: those of the style Title, else the first centred ones on end, else a short first one."""
    for wanted in ("title", "centred"):
        places: list[int] = []
        for at, line in top:
            fits = getattr(line, wanted) and not (_UNDER_TITLE.fullmatch(line.text) or read_date(line.text))
            if fits and (not places or at == places[-1] + 1) and len(places) < 4:
                places.append(at)
            elif places:
                break
        if places:
            return places
    first = next(iter(top), None)
    short = first is not None and len(first[1].text) <= 60 and not re.search(r"[。；！？：:，,]$", first[1].text)
    return [first[0]] if first is not None and short and len(top) > 1 else []


def document_number(text: str) -> str:
    """The number that a line consists of, in its proper brackets; empty where the line says anything else."""
    line = squeezed(text)
    if found := _NUMBER.fullmatch(line):
        return f"{found[1]}〔{found[2]}〕{found[3]}"
    return line if _NUMBER_SHORT.fullmatch(line) else ""


def made_on(lines: Sequence[str]) -> date | None:
    """The date that stands alone at the foot, above what is appended; None where there is none."""
    end = next((at for at, line in enumerate(lines) if at > 2 and _APPENDIX.fullmatch(squeezed(line))), len(lines))
    found = [day for line in lines[:end] if (day := read_date(line))]
    return found[-1] if found else None


def read_date(text: str) -> date | None:
    """A line that is a date and nothing else: 2024年3月5日, 二〇二四年三月五日, with or without brackets."""
    line = squeezed(text).strip("（）()")
    if found := _DATE.fullmatch(line):
        parts = [int(part) for part in found.groups()]
    elif found := _DATE_WORDS.fullmatch(line):
        parts = [int("".join(str(_DIGITS[one]) for one in found[1])), _count(found[2]), _count(found[3])]
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def _count(words: str) -> int:
    tens, ten, ones = words.rpartition("十")
    return (_DIGITS[tens[-1]] * 10 if tens else 10 if ten else 0) + (_DIGITS[ones[-1]] if ones else 0)


def attachments_named(lines: Sequence[str]) -> tuple[str, ...]:
    """The names under 附件：, one a line or numbered."""
    for at, line in enumerate(lines):
        if found := _ATTACHMENTS.match(line.strip()):
            rest = [found[1], *lines[at + 1 :]] if _ORDINAL.match(found[1]) or not found[1] else [found[1]]
            names = []
            for one in rest:
                if len(rest) > 1 and not _ORDINAL.match(one.strip()) and one:
                    break
                names.append(_ORDINAL.sub("", one.strip()).strip("。；; "))
            if any(names):
                return tuple(name for name in names if name)[:50]
    return ()


def heading_level(text: str) -> int:
    """2 for 一、…, 3 for （一）…, where it stands alone on its line; 0 for a paragraph."""
    line = text.strip()
    if len(line) > HEADING_LIMIT or re.search(r"[。；;！？!?：:，,、]$", line) or "。" in line:
        return 0
    return 2 if _MAJOR.match(line) else 3 if _MINOR.match(line) else 0


def squeezed(text: str) -> str:
    """Without any blanks: letterheads and dates are often spread out."""
    return re.sub(r"\s+", "", text)

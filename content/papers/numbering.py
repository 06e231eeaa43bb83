"""Automatic numbers of a Word document (一、 （一） 1.) as text, since a web page would count them its own way, or not at all.

A plain 1. 2. 3. that begins at 1 and runs on without a break stays a list; every other number becomes a part of its paragraph's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise

from lxml import etree

from content.papers.wordml import Element, Styles, W, text_of, val

LEVELS = 9
_PLAIN = re.compile(r"%\d[.．、)）]?")
_CHINESE = frozenset({"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "ideographDigital",
                      "taiwaneseCountingThousand", "japaneseDigitalTenThousand"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A numbered paragraph."""

    paragraph: Element
    number: str  #: numId: the list it belongs to
    label: str  #: as Word shows it
    bullet: bool = False
    value: int
    plain: bool  #: 1. 2. 3. at the first level and of no heading: what <ol> shows

    @property
    def in_cell(self) -> bool:
        return next(self.paragraph.iterancestors(W + "tc"), None) is not None


def write_out(paragraphs: Iterable[Element], root: Element | None, styles: Styles) -> None:
    """Put the numbers that a list could not show into the text of their paragraphs.

    `paragraphs` stand in the order of the document; `root` is word/numbering.xml.
    """
    if root is None:
        return
    counters = _Counters(root, styles)
    counted = [found for paragraph in paragraphs if (found := counters.count(paragraph))]
    for _, group in groupby(counted, key=lambda one: one.number):
        _write_one(list(group))


def _write_one(items: list[Counted]) -> None:
    """One list as far as no other comes between; whole it stays, else each of its numbers is written."""
    numbered = [one for one in items if not one.bullet]
    whole = all(one.plain and one.value == at and not one.in_cell for at, one in enumerate(items, 1))
    unbroken = all(later.paragraph.getprevious() is earlier.paragraph for earlier, later in pairwise(items))
    for one in numbered if not (whole and unbroken) else ():
        _write(one.paragraph, one.label)


def _write(paragraph: Element, label: str) -> None:
    properties = paragraph.find(W + "pPr")
    if properties is None:
        properties = etree.Element(W + "pPr")
        paragraph.insert(0, properties)
    for old in properties.findall(W + "numPr"):
        properties.remove(old)
    none = etree.SubElement(properties, W + "numPr")  # number 0 is none, also where the style has one (§17.9.18)
    etree.SubElement(none, W + "ilvl").set(W + "val", "0")
    etree.SubElement(none, W + "numId").set(W + "val", "0")
    if not label:
        return
    run = etree.Element(W + "r")
    written = etree.SubElement(run, W + "t")
    written.text = label if label[-1] in "、．）" or not text_of(paragraph) else f"{label} "
    paragraph.insert(paragraph.index(properties) + 1, run)


class _Counters:
    """How far each list has counted."""

    def __init__(self, root: Element, styles: Styles) -> None:
        self._styles = styles
        kinds = {one.get(W + "abstractNumId"): one for one in root.iter(W + "abstractNum")}
        self._nums = {one.get(W + "numId"): (val(one, "abstractNumId") or "", one) for one in root.iter(W + "num")}
        self._levels = {
            kind: {level.get(W + "ilvl", "0"): level for level in element.iter(W + "lvl")} for kind, element in kinds.items()}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()

    def count(self, paragraph: Element) -> Counted | None:
        """Count on; None for a paragraph without number."""
        style = self._styles.of(paragraph)
        number = val(paragraph, "pPr/numPr/numId") or style.number
        name = val(paragraph, "pPr/numPr/ilvl") or style.level or "0"
        level = self._level(number, name) if number is not None and number in self._nums else None
        if number is None or level is None or name not in "012345678":
            return None
        form, at, pattern = val(level, "numFmt") or "decimal", int(name), val(level, "lvlText") or ""
        if form == "bullet":
            return Counted(paragraph=paragraph, number=number, label="", value=0, plain=False, bullet=True)
        kind, element = self._nums[number]
        counts = self._counts.setdefault(kind, [None] * LEVELS)
        if number not in self._begun and element.find(W + "lvlOverride") is not None:
            counts[:] = [None] * LEVELS  # a list that begins anew though it looks as the one before
        self._begun.add(number)
        value = self._start(number, name) if counts[at] is None else (counts[at] or 0) + 1
        counts[at:] = [value] + [None] * (LEVELS - at - 1)
        label = re.sub(r"%([1-9])", lambda found: self._written(number, int(found[1]) - 1, counts), pattern).strip()
        return Counted(paragraph=paragraph, number=number, label=label, value=value,
                       plain=form == "decimal" and at == 0 and bool(_PLAIN.fullmatch(pattern)) and not self._styles.heading(paragraph))

    def _level(self, number: str, level: str) -> Element | None:
        return self._levels.get(self._nums[number][0], {}).get(level)

    def _start(self, number: str, level: str) -> int:
        for override in self._nums[number][1].findall(W + "lvlOverride"):
            if override.get(W + "ilvl") == level and (said := val(override, "startOverride")):
                return _whole(said)
        element = self._level(number, level)
        return _whole(val(element, "start") or "1")

    def _written(self, number: str, level: int, counts: list[int | None]) -> str:
        element = self._level(number, str(level))
        value = counts[level]
        if value is None:
            value = self._start(number, str(level)) if element is not None else 1
        return written((val(element, "numFmt") if element is not None else None) or "decimal", value)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def written(form: str, value: int) -> str:
    """A number in one of Word's forms; in digits for forms that official documents do not use."""
    if form in _CHINESE:
        return chinese(value)
    if form == "decimalEnclosedCircle" and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    if form == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(value))
    if form in ("upperLetter", "lowerLetter") and 1 <= value <= 26:
        return chr(value - 1 + ord("A" if form == "upperLetter" else "a"))
    if form in ("upperRoman", "lowerRoman") and 1 <= value <= 12:
        roman = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")[value - 1]
        return roman if form == "upperRoman" else roman.lower()
    return "" if form == "none" else str(value)


def chinese(value: int) -> str:
    """1 to 99 as 一 to 九十九; digits beyond."""
    digits = "〇一二三四五六七八九"
    if not 1 <= value <= 99:
        return str(value)
    tens, ones = divmod(value, 10)
    return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (digits[ones] if ones else "")

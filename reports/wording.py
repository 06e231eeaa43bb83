"""What a report's words say of a number: a guess at language, clause by clause, silent where one speaks of a part of the whole."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from unicodedata import normalize

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SENTENCE = re.compile(r"[。;!?\n]")
_CLAUSE = re.compile(r"[,:()]|(?<=[件宗起个条份次篇项])、")  #: 复议0件、诉讼1件 are two clauses, 复议、诉讼共9件 is one
#: how a clause begins that speaks of a part, or holds another year against this one
_ASIDE = re.compile(r"其中|另|含|包括|通过(?!各|多|不同)|较|比|同比|与.{0,6}相比|去年|上(?:一)?年(?:度)?(?:同期|全年|共|收到|受理)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")


@dataclass(frozen=True, slots=True)
class Said:
    """A number as the text has it."""

    words: str  #: without blanks, in narrow digits
    number: Decimal


def said(text: str, pattern: str, *, unless: str = "", year: int) -> Iterator[Said]:
    """Every number that a text gives of one thing for a year.

    Args:
        text: paragraphs.
        pattern: of the number in a clause; of its groups the one that is found is the number.
        unless: clauses with this in them speak of something else.
        year: clauses that stand under another year are of that one.
    """
    found_before = False
    for sentence in _SENTENCE.split(plain(text)):
        parts, of_year = False, year
        for clause in _CLAUSE.split(sentence):
            parts = parts or clause.startswith("其中")
            of_year = next((int(found) for found in reversed(_YEAR.findall(clause))), of_year)
            if _ASIDE.match(clause) or of_year != year or (parts and found_before) or (unless and re.search(unless, clause)):
                continue
            if found := re.search(pattern, clause):
                found_before = True
                yield Said(found[0], Decimal(found[found.lastindex or 0]))


def plain(text: str) -> str:
    """A text in narrow digits and punctuation, without blanks and without commas between thousands.

    >>> plain("申请 １，３４０ 件")
    '申请1340件'
    """
    return _THOUSANDS.sub("", re.sub(r"[^\S\n]", "", normalize("NFKC", text)))


@cache
def wordings() -> Mapping[str, Mapping[str, str]]:
    """Of each thing that reports put a number to, the expressions `number` and `unless`. A data file: a new wording is no code."""
    found: Mapping[str, Mapping[str, str]] = tomllib.loads((files("reports") / "wordings.toml").read_text(encoding="utf-8"))
    return found

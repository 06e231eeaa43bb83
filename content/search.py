"""Finding items by words: what is kept of a text so that a database can find it, and what a search asks for.

Chinese has no blanks between words, and the commonest words have two characters: kept are the pairs of neighbours. What
a database finds by them holds every pair; `holds` then says whether it holds the words as they stand.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from html import unescape
from unicodedata import normalize

from content.rules import State

_RUN = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")
_INLINE = re.compile(r"</?(?:a|b|strong|i|em|u|s|sub|sup|span|code|small|mark)\b(?:[^>\"]|\"[^\"]*\")*>")
_TAG = re.compile(r"<(?:[^>\"]|\"[^\"]*\")*>")
ASKED_AT_MOST = 24  #: grams of one search: more make it no narrower
OPEN_END = 3  #: a number or Latin word of so many characters also finds what begins with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody looks for in the book; empty fields ask nothing."""

    words: str = ""  #: in title, body, index number, document number, keywords, names of attachments
    since: date | None = None  #: by the day of release; of what is not public yet by the day it was made
    until: date | None = None
    column: str = ""
    state: State | None = None  #: of the newest edition
    channel: str = ""
    drafter: str = ""


@dataclass(frozen=True, slots=True)
class Gram:
    """A word of the index that a search asks for; `open_end`: or any that begins with it."""

    text: str
    open_end: bool = False


def plain(body: str) -> str:
    """The words of a sanitised body: quick, and no text for people to read."""
    return unescape(_TAG.sub(" ", _INLINE.sub("", body)))


def _runs(text: str) -> list[str]:
    return _RUN.findall(normalize("NFKC", text).casefold())


def grams(text: str) -> list[str]:
    """What is kept of a text, each once, in order: numbers and Latin words whole, of Chinese each pair and each last character."""
    kept: dict[str, None] = {}
    for run in _runs(text):
        if run[0] < "\x80":
            kept[run] = None
        else:
            kept.update(dict.fromkeys(run[n : n + 2] for n in range(len(run))))  # the last slice is the last character alone
    return list(kept)


def asked(words: str) -> list[Gram]:
    """What a search for these words asks the index for: all of it must be there."""
    found: dict[Gram, None] = {}
    alone: dict[Gram, None] = {}
    for run in _runs(words):
        if run[0] < "\x80":
            found[Gram(run, open_end=len(run) >= OPEN_END)] = None
        elif len(run) == 1:
            alone[Gram(run, open_end=True)] = None
        else:
            found.update(dict.fromkeys(Gram(run[n : n + 2]) for n in range(len(run) - 1)))
    # one character stands in very many pairs: asked for only where nothing narrower is; `holds` sees to the rest
    return list(found or alone)[:ASKED_AT_MOST]


def holds(text: str, words: str) -> bool:
    """Whether a text holds each of these words, whatever stands between its characters besides letters."""
    squeezed = "".join(_runs(text))
    return all("".join(_runs(word)) in squeezed for word in words.split())


def told_by_grams(words: str) -> bool:
    """Whether a text that holds the grams of these words holds the words: so of one pair, one character, one number."""
    runs = _runs(words)
    return not runs or (len(runs) == 1 and (runs[0][0] < "\x80" or len(runs[0]) <= 2))


def facet(kind: str, value: str) -> str:
    """A fact (column, month, office) as a word of the index, which no text holds by chance."""
    return f"zz{kind}{hashlib.sha256(f'{kind}:{value}'.encode()).hexdigest()[:12]}"


def months(since: date | None, until: date | None) -> list[str]:
    """The facets of a span of days, whole years where they fit; empty where no day is named, or none lies between.

    `2024` stands for a year, `2024-06` for a month. A span that is open on a side ends with the People's Republic or the century.
    """
    if since is None and until is None:
        return []
    since, until = since or date(1949, 10, 1), until or date(2099, 12, 31)
    out: list[str] = []
    year, month = since.year, since.month
    while (year, month) <= (until.year, until.month):
        if month == 1 and (year, 12) <= (until.year, until.month):
            out.append(f"{year}")
            year += 1
        else:
            out.append(f"{year}-{month:02d}")
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return out

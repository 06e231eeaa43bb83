"""How a finding is spoken of without repeating the secret in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice, takewhile

from content.readers.fragments import Fragment
from content.screening.passages import Match, Passage
from content.screening.rules import Rule, matches

#: characters of context on either side of what was found
AROUND = 16


def name(passage: Passage, rule: Rule, match: Match) -> str:
    """How a match is told from others without telling the secret."""
    return match.masked if match.masked is not None else "" if rule.secret else passage.text[match.start : match.end]


def excerpt(passage: Passage, pairs: Sequence[tuple[Rule, Match]], match: Match) -> str:
    """The words around a match, every secret among them masked."""
    low, high = max(0, match.start - AROUND), min(len(passage.text), match.end + AROUND)
    return " ".join(covered(passage.fragment.text, pairs, low, high).split())


def covered(text: str, pairs: Sequence[tuple[Rule, Match]], low: int, high: int) -> str:
    """A stretch of a text, every secret in it masked. A match that reaches into it is masked whole."""
    parts, at = [], low
    first = max(0, bisect_right(pairs, low, key=lambda pair: pair[1].start) - 1)
    for rule, other in takewhile(lambda pair: pair[1].start < high, islice(pairs, first, None)):
        if other.end > low:
            own = "****" if rule.secret else text[other.start : other.end]
            parts += [text[at : other.start], own if other.masked is None else other.masked]
            at = other.end
    parts.append(text[at:high])
    return "".join(parts)


def harmless(words: str) -> str:
    """Words with every secret in them masked, on one line: fit for a record."""
    passage = Passage(Fragment(place="", text=words), head=False)
    whole = Match(start=0, end=len(words))
    return excerpt(passage, matches(passage), whole)

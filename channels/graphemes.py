"""What a reader takes for one character: Mastodon and Bluesky count so, after Unicode's UAX #29."""

from __future__ import annotations

from itertools import islice

import regex

_ONE = regex.compile(r"\X")
_FAR = 20_000  #: beyond what any platform takes; from there on a character of ours counts as one, which is never too few


def graphemes(text: str) -> int:
    """Length in graphemes. Of an enormous text an upper bound."""
    return sum(1 for _ in islice(_ONE.finditer(text[:_FAR]), _FAR)) + max(len(text) - _FAR, 0)

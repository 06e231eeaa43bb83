"""How a Mastodon server counts, dates and shows a post."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Any

from channels.graphemes import graphemes
from content.index_numbers import mentions

LINK_UNITS = 23  #: what every link counts, however long

#: what a server takes for a link: a host with letters at its end, then whatever an address may hold, but no mark that ends a sentence
_LINK = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d{1,5})?(?:/[!-~]*[0-9A-Za-z/=_#+-])?(?![!-~])", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>|</p>|<p>|</div>|\s+")
_TAG = re.compile(r"<[^>]*>")


def units(text: str) -> int:
    """Length as the server counts: graphemes, and 23 a link."""
    return graphemes(_LINK.sub("x" * LINK_UNITS, text))


def instant(said: object) -> datetime | None:
    """`2024-06-01T01:30:00.000Z` as an instant; None if it is none."""
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return at if at.tzinfo else None


def bears(status: dict[str, Any], number: str, link: str) -> bool:
    """Whether a status says this index number, and the link if there is one. Servers wrap both in markup of their own."""
    content = str(status.get("content") or status.get("text") or "")
    words = unescape(_TAG.sub("", _BREAK.sub(" ", content)))
    return mentions(words, number) and (not link or link in words or link in unescape(content))

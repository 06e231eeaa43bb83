"""How a Mastodon server counts, dates and shows a post."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Any

from channels.graphemes import graphemes
from content.index_numbers import mentions

LINK_UNITS = 23  #: what every link counts, however long

#: what every server takes for a link, and no less of it: its rules are those of twitter-text and its own `twitter_regex.rb`, narrowed to
#: what older versions take too, and of the ends of hosts, which it knows by name, to those that ours have. A link never ends in a mark
#: that ends a sentence, nor in a bracket that was opened before it
_IN_PATH = r"[a-z0-9!*';:=+,.$/%#\[\]_~@|&-]"
_LINK = re.compile(
    r"(?<![A-Za-z0-9@＠$#＃\ufeff\ufffe\uffff])https?://(?:[a-z0-9]+(?:-+[a-z0-9]+)*\.)+(?:cn|com|net|org|gov|edu|info|hk|mo|tw)(?![0-9a-z@+-])"
    rf"(?::[0-9]+)?(?:/(?:(?:{_IN_PATH}|\({_IN_PATH}+\))*(?:[a-z0-9_#/+-]|\({_IN_PATH}+\)))?)?"
    r"(?:\?[a-z0-9!?*'();:&=+$/%#\[\]_.,~|@-]*[a-z0-9_&=#/-])?", re.IGNORECASE)
#: what it may take for one, or for a shorter one: then that counts 23 where the shortest has 11
_PERHAPS = re.compile(r"(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://(?=[^\s/:]*\.[^\W\d])", re.IGNORECASE)
_MORE = "x" * (LINK_UNITS - len("http://a.cn"))
_BREAK = re.compile(r"<br\s*/?>|</p>|<p>|</div>|\s+")
_TAG = re.compile(r"<[^>]*>")


def units(text: str) -> int:
    """Length as the server counts: graphemes, and 23 a link. Never less: where its versions differ, what is the most."""
    return graphemes(_PERHAPS.sub(lambda found: found[0] + _MORE, _LINK.sub("x" * LINK_UNITS, text)))


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

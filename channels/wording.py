"""Fitting words into a channel's limits without losing the trace back to the item."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from channels.base import Limits
from channels.errors import UnsuitableError
from content import html
from content.items import Edition

ELLIPSIS = "…"
_SIZES = ("KB", "MB", "GB")


def units(text: str) -> int:
    """Length in UTF-16 units: what JavaScript, Java and most Chinese platforms mean by a character. Never below `len`."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, room: int, count: Callable[[str], int] = units) -> str:
    """The text, or as much of it as fits with an ellipsis. Never cuts within a character and its accents or joiners."""
    if count(text) <= room:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest start that still leaves room for the ellipsis
        middle = (low + high + 1) // 2
        if count(text[:middle] + ELLIPSIS) <= room:
            low = middle
        else:
            high = middle - 1
    while low and _clings(text, low):
        low -= 1
    return text[:low].rstrip() + ELLIPSIS if low or count(ELLIPSIS) <= room else ""


def _clings(text: str, at: int) -> bool:
    """Whether cutting before `at` would part a mark or joiner from its letter."""
    joined = text[at] in "\u200d\ufe0f" or unicodedata.combining(text[at]) or 0x1F3FB <= ord(text[at]) <= 0x1F3FF
    return bool(joined) or text[at - 1] == "\u200d"


def fit(edition: Edition, limits: Limits) -> str:
    """Title and summary as long as they fit, of a correction what was corrected; index number and link always. For one short text.

    Raises:
        UnsuitableError: index number and link alone are too long for the channel.
    """
    tail = f"\n{edition.index_number} {edition.link}".rstrip()
    note = f"【更正】{one_line(edition.change_note)}\n" if edition.change_note else ""
    head = f"{note}{one_line(edition.short_title or edition.title)}\n{gist(edition)}".strip()
    if limits.text is None:
        return head + tail
    words = clip(head, limits.text, lambda text: limits.count(text + tail))
    if not words or limits.count(words + tail) > limits.text:
        raise UnsuitableError(f"{edition.index_number}：索引号和链接本身已超过该渠道的{limits.text}字，无法发布；请取消该渠道")
    return words + tail


def gist(edition: Edition) -> str:
    """What an item says, in one line: its summary, or where it has none its text."""
    return one_line(edition.summary or html.text(edition.body))


def one_line(text: str) -> str:
    """The text without line breaks and repeated blanks."""
    return " ".join(text.split())


def octets(text: str) -> int:
    """Length in bytes of UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def file_size(size: int) -> str:
    """A size as people read it: 0.8 KB, 23 KB, 1.5 MB."""
    value, unit = size / 1024, 0
    while value >= 1000 and unit < len(_SIZES) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:.0f} {_SIZES[unit]}" if value >= 10 else f"{value:.1f} {_SIZES[unit]}"

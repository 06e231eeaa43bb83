"""How the platform counts, names and dates its posts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

LONGEST = 140  #: characters, as `units` counts


def units(text: str) -> int:
    """Length as the platform counts: a Chinese character one, an ASCII character half; rounded up."""
    return (sum(1 if ord(sign) < 128 else 2 for sign in text) + 1) // 2


def instant(said: object) -> datetime | None:
    """`Sat Jun 01 09:30:00 +0800 2024` as an instant; None if it is none."""
    try:
        return datetime.strptime(str(said), "%a %b %d %H:%M:%S %z %Y")
    except ValueError:
        return None


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def address(status: Mapping[str, Any]) -> str | None:
    """Where the public reads a post: its number in base 62, seven digits at a time from the end, behind its account's number."""
    account, number = (status.get("user") or {}).get("id"), str(status.get("idstr") or status.get("id") or "")
    if not account or not number.isdigit():
        return None
    parts = []
    while number:
        number, tail = number[:-7], number[-7:]
        short = _base62(int(tail))
        parts.append(short.rjust(4, "0") if number else short)
    return f"https://weibo.com/{account}/{''.join(reversed(parts))}"


def _base62(number: int) -> str:
    out = ""
    while number:
        number, digit = divmod(number, 62)
        out = _DIGITS[digit] + out
    return out or "0"

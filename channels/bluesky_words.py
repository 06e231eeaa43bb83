"""How a Bluesky server names, counts and marks up a post."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from json import loads
from typing import Any

from channels.graphemes import graphemes
from channels.hashtags import TAG
from channels.wording import octets

_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"  #: of a TID, by rising value
_BYTES = 10  #: a server takes this many times as many bytes as graphemes
_LINK = re.compile(r"https?://[!-~]++(?!…)")  #: one that had to be cut leads elsewhere
_AFTER = ".,;:!?'\")]}>"  #: ends a sentence, not an address


def tid(key: str) -> str:
    """The name of the record that a delivery makes: a TID of its key alone, the same at every attempt, in every process, with no memory.

    A TID is 53 bits of microseconds and 10 bits that part those of one instant. Ours are 59 bits of the key's hash within the years
    2005 to 2023: an instant that has passed whatever the clock says, and of a million posts of one account two share a name with a
    chance of one in a million. https://atproto.com/specs/tid
    """
    value = 1 << 60 | int.from_bytes(sha256(key.encode()).digest()[:8]) >> 5
    return "".join(_DIGITS[value >> shift & 31] for shift in range(60, -1, -5))


def units(text: str) -> int:
    """Length as the server limits it: graphemes, or a tenth of the bytes where that is more."""
    return max(graphemes(text), -(-octets(text) // _BYTES))


def stamp(at: datetime) -> str:
    """An instant as records bear it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def facets(text: str, link: str) -> list[dict[str, Any]]:
    """What of a text leads somewhere: addresses and topics, placed by bytes of UTF-8. `link` is the address at its end."""
    head = text.removesuffix(link)
    spans = [*_links(head), *([(len(head), len(text), _to(link))] if link and head != text else [])]
    taken = [(start, end) for start, end, _ in spans]
    spans += [(*found.span(), {"$type": "app.bsky.richtext.facet#tag", "tag": found[1]}) for found in TAG.finditer(head)
              if not any(start < found.end() and found.start() < end for start, end in taken)]
    return [{"index": {"byteStart": octets(text[:start]), "byteEnd": octets(text[:end])}, "features": [feature]}
            for start, end, feature in sorted(spans, key=lambda span: span[0])]


def _links(text: str) -> Iterator[tuple[int, int, dict[str, str]]]:
    for found in _LINK.finditer(text):
        uri = found[0].rstrip(_AFTER)
        yield found.start(), found.start() + len(uri), _to(uri)


def _to(uri: str) -> dict[str, str]:
    return {"$type": "app.bsky.richtext.facet#link", "uri": uri}


def until(token: str) -> datetime | None:
    """When a token ends, by what it says of itself; None if it says nothing. It is not verified: the server does that."""
    try:
        part = token.split(".")[1]
        return datetime.fromtimestamp(loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))["exp"], UTC)
    except (IndexError, KeyError, TypeError, ValueError, OverflowError, OSError, NotBase64):
        return None

"""Topics, as Mastodon and Bluesky know them: the keywords of an item, where there is room."""

from __future__ import annotations

import re

from channels.base import Limits
from channels.wording import ELLIPSIS, fit
from content.items import Edition

#: a sign that opens no word, then letters and digits of any script, not digits alone
TAG = re.compile(r"(?<![\w#/&])#(?!\d+(?!\w))(\w{1,64})")


def tagged(edition: Edition, limits: Limits) -> str:
    """What `fit` says of an item, and its keywords as topics before index number and link if nothing had to be cut.

    Raises:
        UnsuitableError: index number and link alone are too long.
    """
    said = fit(edition, limits)
    tail = f"\n{edition.index_number} {edition.link}".rstrip()
    head = said.removesuffix(tail)
    tags = " ".join(dict.fromkeys(f"#{word}" for word in edition.keywords if TAG.fullmatch(f"#{word}")))
    whole = f"{head}\n{tags}{tail}"
    room = limits.text is None or limits.count(whole) <= limits.text
    return whole if tags and room and not head.endswith(ELLIPSIS) else said

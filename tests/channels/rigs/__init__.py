"""The rigs of the channels, one file a kind. A rig that offers several servers for a far side is under every test with each of them."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def rig_of(kind: str) -> Any:
    """The class of a kind's rig."""
    return import_module(f"tests.channels.rigs.{kind}").Rig


def variants(kind: str) -> list[str]:
    """What `a_rig` may be asked for: the kind, once for each server that its rig offers: `mastodon`, `mastodon@snac`."""
    _first, *others = getattr(rig_of(kind), "servers", ("",))
    return [kind, *(f"{kind}@{server}" for server in others)]

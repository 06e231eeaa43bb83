"""The rigs of the channel tests: one a kind, at tests/channels/rigs/<kind>.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.channels.rigs import rig_of


@pytest.fixture
def a_rig(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """`a_rig(kind)`, or `a_rig("kind@server")`, builds a channel of that kind and its far side, which is put away afterwards."""
    built: list[Any] = []

    def build(variant: str, **options: Any) -> Any:
        kind, _, server = variant.partition("@")
        rig = rig_of(kind)(tmp_path / f"{kind}{len(built)}", **({"server": server} if server else {}), **options)
        built.append(rig)
        return rig

    yield build
    for rig in built:
        getattr(rig, "close", lambda: None)()

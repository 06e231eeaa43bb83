"""The rigs of the channel tests: one a kind, at tests/channels/rigs/<kind>.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def a_rig(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """`a_rig(kind)` builds a channel of that kind and its far side, which is put away afterwards."""
    built: list[Any] = []

    def build(kind: str, **options: Any) -> Any:
        rig = import_module(f"tests.channels.rigs.{kind}").Rig(tmp_path / f"{kind}{len(built)}", **options)
        built.append(rig)
        return rig

    yield build
    for rig in built:
        getattr(rig, "close", lambda: None)()

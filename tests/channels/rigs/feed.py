"""A feed that draws into a folder of its own."""

from __future__ import annotations

from pathlib import Path

from channels.feed import Feed
from tests.builders import an_office


class Rig:
    """`channel` draws; `shown()` is what a web server would hand out."""

    def __init__(self, tmp_path: Path) -> None:
        self.root = tmp_path / "site"
        self.channel = Feed("feed", office=an_office(), root=self.root, hub="https://hub.example.org/")

    def shown(self) -> dict[str, bytes]:
        """Every file under the root, half-written ones among them: path → bytes."""
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in sorted(self.root.rglob("*")) if path.is_file()}

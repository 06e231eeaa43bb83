"""A bulletin board: its far side is a folder on a disk, which may be there or not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from channels.base import Errand, Setting
from channels.board import Board
from content.catalogue import Blobs
from tests.builders import an_office

MORNING = datetime(2024, 6, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


class Kept:
    """What the ledger keeps of one delivery."""

    def __init__(self) -> None:
        self.steps: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.steps.get(name)

    def put(self, name: str, value: str) -> None:
        self.steps[name] = value


class Store:
    """A blob store in memory."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}

    def read(self, sha256: str) -> bytes:
        return self.blobs[sha256]


class Rig:
    """`channel` lays sheets into a folder; `shown()` is what lies there."""

    moods: ClassVar[frozenset[str]] = frozenset({"fine", "unreachable"})

    def __init__(self, tmp_path: Path, **options: str) -> None:
        self.home = tmp_path / "home"
        self.home.mkdir(parents=True)
        self.channel = Board.from_setting(Setting(name="board", office=an_office(), home=self.home, options=options))
        self.store: Blobs = Store()
        self._kept: dict[str, Kept] = {}

    def mood(self, word: str) -> None:
        """fine; unreachable: a file stands where the folder should be, as when a share is not mounted."""
        folder = self.channel.folder
        aside = folder.with_name(f"{folder.name}.aside")
        if word not in ("fine", "unreachable"):
            raise ValueError(f"a folder is never {word!r}")
        if folder.is_file():
            folder.unlink()
            if aside.exists():
                aside.rename(folder)
        if word == "unreachable":
            if folder.exists():
                folder.rename(aside)
            folder.write_bytes(b"")

    def shown(self) -> list[str]:
        """The sheets that lie in the folder, by file name."""
        return sorted(path.name for path in self.channel.folder.glob("*.pdf"))

    def errand(self, key: str, *, at: datetime = MORNING) -> Errand:
        """What the ledger would hand over for that delivery: the same memory at every attempt."""
        return Errand(key=key, at=at, steps=self._kept.setdefault(key, Kept()), blobs=self.store)

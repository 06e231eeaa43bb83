"""More hands draw the same site, and fail as loudly as one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from channels.errors import UnsuitableError, UnusableError
from channels.website import Website
from channels.website.brush import Brush
from channels.website.hands import Alone, HandError, Work
from content.catalogue import Tombstone
from content.items import Attachment
from content.memory import MemoryCatalogue
from tests.builders import an_edition, an_office
from tests.channels.sample_site import a_sample
from tests.channels.test_website import START, filled

ROOT = Path(__file__).parents[2]


def shown(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def website(root: Path, hands: int) -> Website:
    return Website("website", office=an_office(), root=root, feeds=True, hands=hands)


def test_many_hands_leave_the_bytes_that_one_leaves(tmp_path: Path) -> None:
    """Also over a site that stands, and with pictures, attachments and a withdrawal among it."""
    for name, catalogue in (("long", filled(450)), ("odd", a_sample()[1])):
        website(tmp_path / name / "one", 0).draw(catalogue)
        website(tmp_path / name / "many", 2).draw(catalogue)
        website(tmp_path / name / "over", 0).draw(filled(30))
        website(tmp_path / name / "over", 2).draw(catalogue)
        assert shown(tmp_path / name / "one") == shown(tmp_path / name / "many") == shown(tmp_path / name / "over")


class Slow(Alone):
    """Begins every page at once, and finishes none before somebody waits: half-written files lie about meanwhile."""

    def __init__(self, brush: Brush) -> None:
        super().__init__(brush)
        self._begun: list[tuple[Path, Work]] = []

    def do(self, what: str, *args: Any) -> None:
        if what != "numbered":
            super().do(what, *args)
            return
        path = self._brush.shelf.root / args[0].page(args[1])
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".{path.name}.tmp")
        half.write_bytes(b"<!doctype")
        self._begun.append((half, Work(what, args)))

    def wait(self) -> None:
        for half, work in self._begun:
            half.unlink()  # missing if somebody swept it away, as a crash's leaving
            super().do(work.what, *work.args)
        self._begun.clear()


def test_no_folder_is_swept_while_another_hand_still_writes_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole drawing of 100,000 items fell over this once: what a hand was writing looked like what a crash had left behind."""
    site = website(tmp_path / "slow", 0)
    monkeypatch.setattr(site, "_hands_for", Slow)
    site.draw(filled(450))
    website(tmp_path / "one", 0).draw(filled(450))
    assert shown(tmp_path / "slow") == shown(tmp_path / "one")


def test_what_one_item_refuses_is_told_as_if_there_were_no_other_hands(tmp_path: Path) -> None:
    catalogue = filled(450)
    catalogue.release(an_edition(index_number="006123456/2024-09000", body='<p><img src="图.png"></p>'), START)
    with pytest.raises(UnsuitableError, match=r"the picture '图\.png'"):
        website(tmp_path, 2).draw(catalogue)


def test_an_error_of_our_own_process_leaves_no_hand_behind(tmp_path: Path) -> None:
    catalogue = filled(450)
    catalogue.release(an_edition(index_number="006123456/2024-09000", attachments=(Attachment(name="x.pdf", media_type="", size=1, sha256="c" * 64),)), START)
    with pytest.raises(UnusableError, match="blob store"):
        website(tmp_path, 2).draw(catalogue)
    website(tmp_path, 2).draw(filled(10))  # would wait for ever on a lock that a hand still holds


def children() -> set[int]:
    """Our own processes now: those of the session's servers too."""
    return {int(child) for task in Path(f"/proc/{os.getpid()}/task").glob("*/children") for child in task.read_text().split()}


class Murderous(MemoryCatalogue):
    """Kills the hands of whoever asks for its tombstones, and spares what was there before."""

    def __init__(self) -> None:
        super().__init__()
        self.spared = children()

    def tombstones(self) -> Iterator[Tombstone]:
        for child in children() - self.spared:
            os.kill(child, signal.SIGKILL)
        return super().tombstones()


def test_a_hand_that_is_killed_stops_the_drawing_and_the_next_one_mends_it(tmp_path: Path) -> None:
    whole = filled(450)
    doomed = Murderous()
    doomed.__dict__.update(whole.__dict__)
    with pytest.raises(HandError, match="a drawing process is gone"):
        website(tmp_path / "site", 2).draw(doomed)
    website(tmp_path / "site", 2).draw(whole)
    website(tmp_path / "fresh", 0).draw(whole)
    assert shown(tmp_path / "site") == shown(tmp_path / "fresh")


@pytest.mark.crash
@pytest.mark.parametrize("after", [0.4, 0.8, 1.2])
def test_a_drawing_killed_at_any_moment_is_mended_by_the_next(tmp_path: Path, after: float) -> None:
    """Its orphaned hands may write on for a moment; the next drawing waits until they have stopped."""
    said = f"""
from pathlib import Path
from tests.channels.test_hands import website, filled
website(Path({str(tmp_path / "site")!r}), 2).draw(filled(900, body="<p>旧</p>"))
"""
    process = subprocess.Popen([sys.executable, "-c", said], cwd=ROOT)
    deadline = time.monotonic() + 30
    while not (tmp_path / "site/item").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(after - 0.4)
    process.kill()
    process.wait()
    catalogue = filled(900, body="<p>新</p>")
    website(tmp_path / "site", 0).draw(catalogue)
    website(tmp_path / "fresh", 0).draw(catalogue)
    time.sleep(0.3)
    assert shown(tmp_path / "site") == shown(tmp_path / "fresh")

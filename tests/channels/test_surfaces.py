"""The surface law: after any history, redraw leaves the same bytes as draw from nothing, or as draw over what is there.

Runs for every surface in the registry; each has a rig in tests/channels/rigs/ with `channel` and `shown()`.
"""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.base import Checks, Setting, Surface
from channels.errors import TransientError
from channels.registry import KINDS
from content.catalogue import ALL, PAGE, Touch
from content.items import Attachment, Edition, Image
from content.memory import MemoryCatalogue
from tests.builders import an_edition, an_office

SURFACES = sorted(kind for kind, channel in KINDS.items() if hasattr(channel, "redraw"))
OFFICE = an_office()
COLUMNS = [column.slug for column in OFFICE.columns]
START = datetime(2023, 10, 20, 9, 30, tzinfo=OFFICE.tz)
BLOBS = {sha256(data).hexdigest(): data for data in (b"a picture", b"another", b"a table")}
HASHES = list(BLOBS)


def a_rig(kind: str, folder: str | Path) -> Any:
    return import_module(f"tests.channels.rigs.{kind}").Rig(Path(folder))


class History:
    """Releases, corrections and withdrawals in an order that chance gives, with instants that go forward."""

    def __init__(self) -> None:
        self.catalogue = MemoryCatalogue(BLOBS)
        self.at, self.released = START, 0
        self.live: dict[str, Edition] = {}

    def happen(self, what: str, pick: int, hours: int) -> list[Touch]:
        """One thing happens; what it touches. Without a live item there is nothing to correct or withdraw."""
        self.at += timedelta(hours=hours)
        if what.startswith("release") or not self.live:
            return [self._release(pick) for _ in range(int(what.partition(" ")[2] or 1))]
        index_number = list(self.live)[pick % len(self.live)]
        if what == "withdraw":
            del self.live[index_number]
            return [self.catalogue.withdraw(index_number, self.at, "内容有误")]
        before = self.live[index_number]
        column = COLUMNS[pick % len(COLUMNS)] if what == "move" else before.column
        self.live[index_number] = self._edition(index_number, before.number + 1, column, pick)
        return [self.catalogue.correct(self.live[index_number], self.at)]

    def _release(self, pick: int) -> Touch:
        self.released += 1
        index_number = f"006123456/{self.at.year}-{self.released + 990:05d}"  # the folder of a thousand fills on the way
        self.live[index_number] = self._edition(index_number, 1, COLUMNS[pick % 2], pick)
        return self.catalogue.release(self.live[index_number], self.at)

    def _edition(self, index_number: str, number: int, column: str, pick: int) -> Edition:
        one = HASHES[pick % len(HASHES)]
        images = (Image(name="图.png", media_type="image/png", size=len(BLOBS[one]), sha256=one, alt="现场"),) if pick % 3 == 0 else ()
        return an_edition(
            index_number=index_number, number=number, column=column, title=f"关于清水路施工的通告（{index_number}，第{pick}号）",
            change_note="" if number == 1 else f"更正第{pick}处", images=images,
            body=f"<p>第{pick}号</p>" + ('<p><img src="图.png"></p>' if images else ""),
            attachments=(Attachment(name="附件.xlsx", media_type="", size=len(BLOBS[one]), sha256=one),) if pick % 4 == 0 else ())


EVENTS = st.tuples(st.sampled_from(["release", "release 7", "release 25", "correct", "move", "withdraw", "withdraw"]),
                   st.integers(0, 40), st.sampled_from([0, 1, 30, 500]))
HISTORIES = st.lists(st.lists(EVENTS, min_size=1, max_size=5), min_size=1, max_size=5)


@pytest.mark.parametrize("kind", SURFACES)
@given(batches=HISTORIES)
@settings(max_examples=40, deadline=None)
def test_redraw_leaves_what_a_fresh_draw_leaves(kind: str, batches: list[list[tuple[str, int, int]]]) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        rig, history = a_rig(kind, one), History()
        rig.channel.draw(history.catalogue)
        for batch in batches:
            rig.channel.redraw(history.catalogue, [touch for event in batch for touch in history.happen(*event)])
        redrawn = rig.shown()

        fresh = a_rig(kind, other)
        fresh.channel.draw(history.catalogue)
        assert redrawn == fresh.shown()

        rig.channel.draw(history.catalogue)
        assert rig.shown() == redrawn


@pytest.mark.parametrize("kind", SURFACES)
@given(batches=HISTORIES, spoil=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_draw_mends_whatever_was_there(kind: str, batches: list[list[tuple[str, int, int]]], spoil: Any) -> None:
    """Files lost, altered or half-written, items of a catalogue long restored from backup: none of it is left."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        rig, past = a_rig(kind, one), History()
        for event in (event for batch in batches for event in batch):
            past.happen(*event)
        rig.channel.draw(past.catalogue)
        for path in list(rig.shown()):
            file, fate = rig.root / path, spoil.random()
            if fate < 0.1:
                file.unlink()
            elif fate < 0.2:
                file.write_bytes(b"?" * file.stat().st_size)
            elif fate < 0.3:
                file.with_name(f".{file.name}.tmp").write_bytes(b"half")

        now = History()
        for event in batches[0]:
            now.happen(*event)
        rig.channel.draw(now.catalogue)
        fresh = a_rig(kind, other)
        fresh.channel.draw(now.catalogue)
        assert rig.shown() == fresh.shown()


@pytest.mark.parametrize("kind", SURFACES)
def test_touching_twice_is_touching_once(kind: str, tmp_path: Path) -> None:
    """A tick that died after drawing draws again; nothing is written the second time."""
    rig, history = a_rig(kind, tmp_path), History()
    touched = history.happen("release 25", 0, 1)
    rig.channel.draw(MemoryCatalogue())
    rig.channel.redraw(history.catalogue, touched)
    before = {path: (rig.root / path).stat().st_mtime_ns for path in rig.shown()}
    rig.channel.redraw(history.catalogue, touched)
    rig.channel.draw(history.catalogue)
    assert before == {path: (rig.root / path).stat().st_mtime_ns for path in rig.shown()}


class Counting:
    """A catalogue that refuses what costs more the longer the archive, and counts the lines it hands out."""

    def __init__(self, catalogue: MemoryCatalogue) -> None:
        self._catalogue, self.handed_out = catalogue, 0

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._catalogue, name)

        def answer(*args: Any) -> Any:
            found = asked(*args)
            if name in ("lines", "walk", "tombstones", "count"):
                if not (args and isinstance(args[-1], range)):
                    raise AssertionError(f"redraw asked for all of {name}(), which costs more the longer the archive")
                found = list(found)
            self.handed_out += len(found) if isinstance(found, list) and name != "months" else 1
            return found

        return answer


@pytest.mark.parametrize("kind", SURFACES)
def test_the_cost_of_redraw_does_not_grow_with_the_archive(kind: str, tmp_path: Path) -> None:
    cost = []
    for size in (600, 1600):
        rig, history = a_rig(kind, tmp_path / str(size)), History()
        for _ in range(size // PAGE):
            history.happen("release 20", 0, 0)
        rig.channel.draw(history.catalogue)
        assert history.catalogue.size(ALL) == size
        counting = Counting(history.catalogue)
        rig.channel.redraw(counting, history.happen("release", 0, 0))
        cost.append(counting.handed_out)
    assert cost[1] <= cost[0]


@pytest.mark.parametrize("kind", SURFACES)
def test_the_frame_tells_one_office_from_another_and_nothing_else(kind: str, tmp_path: Path) -> None:
    def frame(folder: str, **changes: Any) -> str:
        setting = Setting(name="it", office=an_office(**changes), home=tmp_path / folder)
        surface = KINDS[kind].from_setting(setting)
        assert isinstance(surface, Surface)
        return surface.frame()

    assert frame("here") == frame("there")
    assert frame("here") != frame("here", name="云州市清水区平安街道办事处")


@pytest.mark.parametrize("kind", SURFACES)
def test_a_surface_whose_folder_takes_nothing_says_so_before_anything_is_drawn(kind: str, tmp_path: Path) -> None:
    """Something that is no folder stands where the pages should go: the doctor and the daily probe hear of it."""
    (tmp_path / "site").write_text("here was a disk")
    surface = KINDS[kind].from_setting(Setting(name="it", office=OFFICE, home=tmp_path))
    assert isinstance(surface, Checks)
    with pytest.raises(TransientError, match="site 现在不能写"):
        surface.check(START)
    (tmp_path / "site").unlink()
    assert "site 可写" in surface.check(START).line
    assert list((tmp_path / "site").iterdir()) == []

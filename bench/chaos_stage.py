"""The stage of the chaos bench: a far side, a proxy before it, a nursery of workers, and a house with signed deliveries, as often as asked."""

from __future__ import annotations

import io
import json
import random
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections
from PIL import Image

from bench.chaos_station import Station
from bench.chaos_workers import Nursery
from channels.registry import KINDS
from flows import opening, tick
from flows.clock import still
from tests.flows.stage import CODE, OFFICE, sign
from tests.rigs.chaos import Chaos
from tests.rigs.database import point_at

MORNING = datetime(2024, 6, 3, 16, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TOML = OFFICE.format(sandbox="true") + """
[[office.column]]
slug = "dongtai"
name = "工作动态"
category = "工作信息"
channels = ["website", "far"]
[[office.channel]]
name = "website"
kind = "website"
[[office.channel]]
name = "far"
"""


class Stage:
    """A station, a proxy before it, a nursery of workers, and signed ledgers to copy. One a process: make it while that has one thread."""

    def __init__(self, station: type[Station], seed: int, given: Mapping[str, Any]) -> None:
        """`given`: switches that are not left to the lot."""
        KINDS.update(station.outlets)
        self._seed, self._given = seed, dict(given)
        self._folder = tempfile.TemporaryDirectory(prefix="gongkai-chaos-")
        self._home = Path(self._folder.name) / "home"
        self.now = MORNING
        self.nursery = Nursery()  # before anything here starts a thread
        self.station = station(lambda: self.now)
        self.far = Chaos(self.station.url, repeatable=self.station.may_repeat, ear=self.nursery)
        self._templates: dict[int, Path] = {}
        self._warm = False

    def close(self) -> None:
        """Put everything away."""
        self.nursery.close()
        self.far.stop()
        self.station.stop()
        connections.close_all()
        self._folder.cleanup()

    def lot(self, number: int) -> random.Random:
        """All that is left to chance in a round."""
        return random.Random(f"{self._seed} {number}")

    def open(self, count: int, lot: random.Random) -> dict[str, Any]:
        """A house with so many deliveries queued, and a far side that knows nothing of them yet. The choices of its switches that were drawn."""
        self.far.begin(None)
        switches = {name: lot.choice(choices) for name, choices in self.station.switches.items()} | self._given
        self.station.forget(switches)
        if not self._warm:
            self._warm = True
            warm = Path(self._folder.name) / "warm"
            self._furnish(count, warm)
            self.nursery.warm(warm, MORNING, self.station.environment)
            self.station.forget(switches)
        self._furnish(count, self._home)
        self.nursery.open(self._home, self.station.environment)
        return switches

    def _furnish(self, count: int, home: Path) -> None:
        if count not in self._templates:
            self._templates[count] = self._sign(count)
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self._templates[count], home)
        self._configure(home)
        self.now = MORNING
        point_at("", home, durable=False)

    def _sign(self, count: int) -> Path:
        home = Path(self._folder.name) / f"signed-{count}"
        home.mkdir()
        self._configure(home)
        (home / "map.png").write_bytes(_picture())
        point_at("", home, durable=False)
        opening.migrate()
        hand = opening.open_offices(home, at=MORNING - timedelta(days=30)).desk(CODE)
        sign(hand, home, *(_record(n) for n in range(count)), at=f"{MORNING - timedelta(hours=1):%Y-%m-%dT%H:%M}")
        released = tick.release_due(hand, clock=still(MORNING))
        if len(released.released) != count:
            raise RuntimeError(f"not released: {released.held}")
        connections["default"].cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
        return home

    def _configure(self, home: Path) -> None:
        options = {"kind": self.station.kind, "api": self.far.url, **self.station.options()}
        # TOML writes text, numbers, truth and lists of them as JSON does
        section = "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in options.items())
        (home / "gongkai.toml").write_text(TOML + section, encoding="utf-8")


def _record(n: int) -> dict[str, Any]:
    picture = {"images": [{"file": "map.png", "alt": "示意图"}], "body": '<p>见图：</p><p><img src="map.png" alt="示意图"></p>'} if n % 3 == 1 else {
        "body": f"<p>第{n + 1}号积水点已排除。</p>"}
    return {"title": f"汛期值守情况通报第{n + 1}期", "summary": "各社区值守情况。", "column": "dongtai", "made_on": "2024-06-02", **picture}


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#aa3333").save(out, "PNG")
    return out.getvalue()

"""Workers that die: each tick runs in a process of its own, ended by SIGKILL at a numbered point of what it writes down.

A nursery is forked while this process has one thread. It holds everything loaded, opens a house, and forks a worker a tick from there.
"""

from __future__ import annotations

import gc
import json
import mmap
import os
import re
import signal
import socket
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import requests
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper as Database

from flows import tick
from flows.workplace import at_work
from ledger import services
from tests.rigs.database import point_at

PATIENCE = (10.0, 30.0)  #: seconds to connect, to wait for an answer: a busy machine is not taken for a silent platform
HASTE = 0.2  #: seconds to wait for an answer that will not come
NEXT, DONE = 0, 1  #: bytes of the memory shared with the proxy: whether the next call meets silence; how many have met it, modulo 256
#: the ledger's services that a tick writes down with
STORED = ("begin_attempt", "keep_step", "end_attempt", "settle_as", "keep_token", "spend")


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """At which point to be killed: the so-manyth that is passed, of that name or of any."""

    nth: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What became of a worker."""

    passed: tuple[str, ...]  #: the points it came by, in order
    killed: bool  #: at the last of them


class Fuse:
    """Tells each point that is passed, and kills this process at one."""

    def __init__(self, out: int, death: Death | None) -> None:
        self._out, self._name, self._left = out, death.name if death else "", death.nth if death else 0
        self.at = ""  #: the service at work

    def passes(self, moment: str) -> None:
        point = f"{self.at}: {moment}"
        os.write(self._out, point.encode() + b"\n")
        if self._left and self._name in ("", point):
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


class Nursery:
    """The process that workers come from. What the proxy tells of silence reaches them through memory that they share."""

    def __init__(self) -> None:
        self._heard = mmap.mmap(-1, 2)
        ours, theirs = socket.socketpair()
        self._pid = os.fork()
        if self._pid == 0:
            ours.close()
            _nurse(theirs, self._heard)
        theirs.close()
        self._line = ours.makefile("rw", encoding="utf-8")
        ours.close()

    def expect(self, *, silence: bool) -> None:
        """See `tests.rigs.chaos.Ear`."""
        self._heard[NEXT] = int(silence)

    def silent(self) -> None:
        """See `tests.rigs.chaos.Ear`."""
        self._heard[DONE] = (self._heard[DONE] + 1) % 256

    def warm(self, home: Path, at: datetime, environment: Mapping[str, str]) -> None:
        """Load what work loads (modules, typefaces), so that each worker need not: a tick of its own in the house of a folder."""
        self._ask({"warm": str(home), "at": at.isoformat(), "environment": dict(environment)})

    def open(self, home: Path, environment: Mapping[str, str]) -> None:
        """From now on workers work in the house of a folder, with these variables."""
        self._ask({"open": str(home), "environment": dict(environment)})

    def tick(self, works: str, channel: str, at: datetime, death: Death | None = None) -> Life:
        """Have a worker `run` or `settle` an outlet, or one after the other.

        Raises:
            RuntimeError: the worker ended in another way than at the end of its work or at its point.
        """
        said = self._ask({"works": works, "channel": channel, "at": at.isoformat(), **({"nth": death.nth, "name": death.name} if death else {})})
        if said["exit"] not in (0, -signal.SIGKILL):
            raise RuntimeError(f"a worker ended with {said['exit']}: {said['why']}")
        return Life(passed=tuple(said["passed"]), killed=bool(said["exit"]))

    def close(self) -> None:
        """End it."""
        self._line.close()
        os.waitpid(self._pid, 0)
        self._heard.close()

    def _ask(self, said: Mapping[str, Any]) -> dict[str, Any]:
        self._line.write(json.dumps(said) + "\n")
        self._line.flush()
        answer: dict[str, Any] = json.loads(self._line.readline() or '{"why": "the nursery is gone"}')
        if "exit" not in answer:
            raise RuntimeError(str(answer["why"]))
        return answer


def _nurse(line: socket.socket, heard: mmap.mmap) -> None:
    """Until its line is closed: open houses, fork workers, tell how they ended."""
    home = Path()
    with line.makefile("rw", encoding="utf-8") as talk:
        for words in talk:
            said = json.loads(words)
            try:
                os.environ |= said.get("environment", {})
                answer: dict[str, Any] = {"exit": 0}
                if "warm" in said:
                    _warm(Path(said["warm"]), said["at"])
                elif "open" in said:
                    home = Path(said["open"])
                    point_at("", home, durable=False)
                else:
                    answer = _live(home, said, heard)
            except Exception:  # noqa: BLE001  # whoever asked is told
                answer = {"why": traceback.format_exc()}
            talk.write(json.dumps(answer) + "\n")
            talk.flush()
    os._exit(0)


def _warm(home: Path, at: str) -> None:
    point_at("", home, durable=False)
    hand, clock = at_work(str(home), None, at)
    for name in hand.outlets:
        tick.run_outlet(hand, name, clock=clock)
        tick.settle_outlet(hand, name, clock=clock)
    connections.close_all()
    gc.freeze()


def _live(home: Path, said: Mapping[str, Any], heard: mmap.mmap) -> dict[str, Any]:
    reader, writer = os.pipe()
    failed, fails = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.close(failed)
        try:
            _work(home, said, Fuse(writer, Death(nth=said["nth"], name=said["name"]) if "nth" in said else None), heard)
        except BaseException:  # noqa: BLE001  # the nursery's loop must not go on in here
            os.write(fails, traceback.format_exc()[-4000:].encode())
            os._exit(1)
        os._exit(0)
    os.close(writer)
    os.close(fails)
    with os.fdopen(reader) as points, os.fdopen(failed) as whys:
        passed, why = points.read().splitlines(), whys.read()
    _, status = os.waitpid(child, 0)
    return {"passed": passed, "exit": os.waitstatus_to_exitcode(status), "why": why}


def _work(home: Path, said: Mapping[str, Any], fuse: Fuse, heard: mmap.mmap) -> None:
    _fit(fuse)
    _listen(heard)
    hand, clock = at_work(str(home), None, said["at"])
    for work in said["works"].split():
        {"run": tick.run_outlet, "settle": tick.settle_outlet}[work](hand, said["channel"], clock=clock)


def _fit(fuse: Fuse) -> None:
    """Put the fuse before, within (written, not committed) and after everything that is stored."""
    commit = Database._commit  # type: ignore[attr-defined]  # noqa: SLF001  # Django shows no other way to stand before a commit

    def committing(database: Any) -> None:
        if fuse.at:
            fuse.passes("not committed")
        commit(database)

    Database._commit = committing  # type: ignore[attr-defined]  # noqa: SLF001
    for name in STORED:
        setattr(services, name, _fused(getattr(services, name), name, fuse))


def _fused(service: Callable[..., Any], name: str, fuse: Fuse) -> Callable[..., Any]:
    @wraps(service)
    def stored(**said: Any) -> Any:
        fuse.at = f"{name} {_plain(said['name'])}" if name == "keep_step" else name
        try:
            fuse.passes("before")
            done = service(**said)
            fuse.passes("after")
        finally:
            fuse.at = ""
        return done

    return stored


def _plain(step: str) -> str:
    """A step's name without the hash of a picture in it."""
    return re.sub(r"[:\s]*[0-9a-f]{32,}", "", step)


def _listen(heard: mmap.mmap) -> None:
    """Wait long for every answer, but for one that will not come; and there, until nothing more will come of the call."""
    send = requests.Session.send

    def patient(session: requests.Session, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        hasty, done = heard[NEXT], heard[DONE]
        try:
            return send(session, request, **{**how, "timeout": (PATIENCE[0], HASTE if hasty else PATIENCE[1])})
        except requests.ReadTimeout:
            until = time.monotonic() + PATIENCE[1]
            while hasty and heard[DONE] == done and time.monotonic() < until:
                time.sleep(0.005)
            raise

    requests.Session.send = patient  # type: ignore[assignment]

"""An account on a real WordPress of this machine, with a proxy between that fails on command."""

from __future__ import annotations

import json
import re
import threading
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from channels.base import Errand, Setting
from channels.portal import Portal
from tests.builders import an_office
from tests.channels.rigs.far import ALL_MOODS, MORNING, Ear, Kept, Store
from tests.rigs.between import Answer, Between, Call
from tests.rigs.wordpress import POSTS, shared

MAKE, PUBLISH = f"POST {POSTS}", f"POST {POSTS}/ID"
UPLOAD = "POST /wp-json/wp/v2/media"


def fault(status: int, code: str, said: str = "", **more: Any) -> Answer:
    """An answer of WordPress that it does not want to."""
    body = {"code": code, "message": said or code, "data": {"status": status, **more}}
    return Answer(status=status, body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


SAID = {"busy": Answer(status=429, headers={"Retry-After": "60"}), "bars": fault(401, "rest_cannot_create"),
        "refuses": fault(400, "empty_content", "Content, title, and excerpt are empty.")}


class Door(Between):
    """Knows calls by `METHOD /path` with ID for an article's number, and lets one in after the other: `idle` is when none is within."""

    def __init__(self, server: str) -> None:
        super().__init__(server)
        self.idle = threading.Lock()

    def how(self, call: Call) -> str | Answer:
        return self._moods.get(call_name(call), self._moods.get("*", "fine"))

    def forward(self, call: Call) -> Answer:
        with self.idle:
            return super().forward(call)

    def names(self) -> list[str]:
        """What was called, in order."""
        return [call_name(call) for call in self.calls]


def call_name(call: Call) -> str:
    return re.sub(r"/\d+$", "/ID", call.name)


class Rig:
    """`channel` posts through `far` to `server`; `shown()` is what the public sees there."""

    moods: ClassVar[frozenset[str]] = ALL_MOODS

    def __init__(self, tmp_path: Path, **options: Any) -> None:
        self.server = shared()
        self.server.forget()
        self.secrets = tuple(self.server.passwords.values())
        self.far = Door(self.server.url)
        self.far.start()
        self.ear, self.store = Ear(), Store()
        self._kept: dict[str, Kept] = {}
        self.channel = self.a_channel(**options)

    def a_channel(self, *, password: str | None = None, user: str = "publisher", **options: Any) -> Portal:
        """As a freshly started process would build it."""
        secret = self.server.passwords.get(user, "") if password is None else password
        setting = Setting(name="portal", office=an_office(), home=Path(), secret=lambda name: secret if name == "PORTAL" else "",
                          options={"api": self.far.url, "user": user, "password_env": "PORTAL", "category": "jiedao", **options})
        return Portal.from_setting(setting, session=self.ear)

    def mood(self, word: str) -> None:
        """Those that accept first are moods of the call that puts an article before the public; the others of every call."""
        self.far.clear()
        self.ear.hasty = word == "silent after accepting"
        if word == "unreachable":
            self.far.stop()
        elif word in SAID:
            self.far.play(SAID[word], PUBLISH if word == "refuses" else "*")
        elif word != "fine":
            self.far.play(word, PUBLISH)

    def commit(self) -> None:
        """What was accepted and left lying is done now."""
        self.far.commit()

    def shown(self) -> list[str]:
        """What the public sees, oldest first."""
        with self.far.idle:
            return [post["content"]["rendered"] for post in self.server.public()]

    def errand(self, key: str, *, at: datetime = MORNING) -> Errand:
        """What the ledger would hand over for that delivery: the same memory at every attempt."""
        return Errand(key=key, at=at, steps=self._kept.setdefault(key, Kept()), blobs=self.store)

    def close(self) -> None:
        self.far.stop()
        self.ear.close()

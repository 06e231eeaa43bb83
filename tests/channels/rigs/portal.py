"""An account on a real WordPress of this machine, with a proxy between that fails on command."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any

from channels.base import Setting
from channels.portal import Portal
from tests.builders import an_office
from tests.channels.rigs.far import ServerRig
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


class Rig(ServerRig):
    """`channel` posts through `far` to `server`; `shown()` is what the public sees there."""

    creates, said = (PUBLISH,), SAID

    def __init__(self, tmp_path: Path, **options: Any) -> None:
        super().__init__()
        self.server = shared()
        self.server.forget()
        self.secrets = tuple(self.server.passwords.values())
        self.far: Door = Door(self.server.url)
        self.far.start()
        self.channel = self.a_channel(**options)

    def a_channel(self, *, password: str | None = None, user: str = "publisher", **options: Any) -> Portal:
        """As a freshly started process would build it."""
        secret = self.server.passwords.get(user, "") if password is None else password
        setting = Setting(name="portal", office=an_office(), home=Path(), secret=lambda name: secret if name == "PORTAL" else "",
                          options={"api": self.far.url, "user": user, "password_env": "PORTAL", "category": "jiedao", **options})
        return Portal.from_setting(setting, session=self.ear)

    def shown(self) -> list[str]:
        """What the public sees, oldest first."""
        with self.far.idle:
            return [post["content"]["rendered"] for post in self.server.public()]

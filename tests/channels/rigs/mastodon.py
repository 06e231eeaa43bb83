"""A Mastodon account on a real server of this machine, with a proxy between that fails on command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from channels.base import Setting
from channels.mastodon import Mastodon
from tests.builders import an_office
from tests.channels.rigs.far import ServerRig
from tests.rigs import mastodon_mock, snac
from tests.rigs.between import Answer, Between

POST = "POST /api/v1/statuses"


def fault(status: int, said: str, **headers: str) -> Answer:
    """An answer of the server that it does not want to."""
    return Answer(status=status, body=json.dumps({"error": said}).encode(), headers={"Content-Type": "application/json", **headers})


SAID = {"busy": fault(429, "Too many requests"), "bars": fault(401, "The access token is invalid"),
        "refuses": fault(422, "Validation failed: Text character limit of 500 exceeded")}


class Rig(ServerRig):
    """`channel` posts through `far` to an account on `server`; `shown()` is what the public sees there."""

    creates, said = (POST,), SAID
    servers: ClassVar[dict[str, Callable[[], Any]]] = {"mastodon_mock": mastodon_mock.fresh, "snac": snac.fresh}

    def __init__(self, tmp_path: Path, *, server: str = "mastodon_mock", **options: Any) -> None:
        super().__init__()
        self.server = self.servers[server]()
        self.secrets = (self.server.token,)
        self.withdraws = server != "snac"  #: whether the server knows how
        self.far = Between(self.server.url).start()
        self.channel = self.a_channel(**options)

    def a_channel(self, *, token: str | None = None, **options: Any) -> Mastodon:
        """As a freshly started process would build it. Never sleeps."""
        token = self.server.token if token is None else token
        setting = Setting(name="mastodon", office=an_office(), home=Path(), secret=lambda name: token if name == "MASTODON" else "",
                          options={"api": self.far.url, "token_env": "MASTODON", "account": "@qingshui@social.example.gov.cn",
                                   "polls": [0, 0], **options})
        return Mastodon.from_setting(setting, session=self.ear, pause=lambda seconds: None)

    def shown(self) -> list[str]:
        """What the public sees, oldest first."""
        return [status["content"] for status in reversed(self.server.statuses())]

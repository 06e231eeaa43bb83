"""A Bluesky account on a real server of this machine, with a proxy between that fails on command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from channels.accounts import Keyring, Pocket
from channels.base import Setting
from channels.bluesky import Bluesky
from tests.builders import an_office
from tests.channels.rigs.far import ServerRig
from tests.rigs.between import Answer, Between
from tests.rigs.bluesky_pds import BlueskyPds, shared

XRPC = "/xrpc/com.atproto."
PUT, BOTH = f"POST {XRPC}repo.putRecord", f"POST {XRPC}repo.applyWrites"


def fault(status: int, name: str, message: str = "", **headers: str) -> Answer:
    """An answer of the server that it does not want to."""
    return Answer(status=status, body=json.dumps({"error": name, "message": message}).encode(),
                  headers={"Content-Type": "application/json", **headers})


SAID = {"busy": fault(429, "RateLimitExceeded", "Rate Limit Exceeded"), "bars": fault(401, "AuthenticationRequired", "Invalid identifier or password"),
        "refuses": fault(400, "InvalidRequest", "Invalid app.bsky.feed.post record: grapheme too big (maximum 300, got 301) at $.record.text")}


class Rig(ServerRig):
    """`channel` posts through `far` to `server`; `shown()` is what the public sees there."""

    creates, said = (PUT, BOTH), SAID

    def __init__(self, tmp_path: Path, *, server: BlueskyPds | None = None, **options: Any) -> None:
        super().__init__()
        self.server = server or shared()
        self.account = self.server.an_account()
        self.secrets = (self.account.password,)
        self.far = Between(self.server.url).start()
        self.keyring = Pocket()
        self.channel = self.a_channel(**options)

    def a_channel(self, *, password: str | None = None, keyring: Keyring | None = None, **options: Any) -> Bluesky:
        """As a freshly started process would build it; the keyring is the house's."""
        secret = self.account.password if password is None else password
        setting = Setting(name="bluesky", office=an_office(), home=Path(), secret=lambda name: secret if name == "BLUESKY" else "",
                          keyring=keyring or self.keyring,
                          options={"api": self.far.url, "account": self.account.handle, "password_env": "BLUESKY", **options})
        return Bluesky.from_setting(setting, session=self.ear)

    def shown(self) -> list[str]:
        """What the public sees, oldest first."""
        return [post["value"]["text"] for post in self.server.posts(self.account)]

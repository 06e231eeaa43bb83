"""An official account on the practice platform of this machine."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import requests

from channels.accounts import Pocket, Tempo
from channels.base import Call, Errand, Setting
from channels.sandbox.wechat import Sandbox
from channels.wechat import WeChat
from content.deliveries import HEARD
from tests.builders import an_office

MORNING = datetime(2024, 6, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SECRET = "s3cret-wechat-0123456789abcdef"
SUBMIT = "freepublish/submit"
PUSH_TOKEN, PUSH_KEY = "push-token-0123456789", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
SECRETS = {"WECHAT_SECRET": SECRET, "PUSH_TOKEN": PUSH_TOKEN, "PUSH_KEY": PUSH_KEY}


class Kept(dict[str, str]):
    """What the ledger keeps of one delivery."""

    def put(self, name: str, value: str) -> None:
        self[name] = value


class Store(dict[str, bytes]):
    """A blob store in memory."""

    def read(self, sha256: str) -> bytes:
        return self[sha256]


class Ear(requests.Session):
    """Waits long for every answer, so that a busy machine is not taken for a silent platform; but not where silence is played."""

    def __init__(self, far: Sandbox) -> None:
        super().__init__()
        self.far = far

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        call = (request.url or "").partition("/cgi-bin/")[2].partition("?")[0]
        how["timeout"] = (10, 1 if self.far.mood_of(call) == "silent after accepting" else 10)
        return super().send(request, **how)


class Rig:
    """`channel` posts to `far`, whose state is a file; `shown()` is what followers see."""

    moods: ClassVar[frozenset[str]] = frozenset({
        "fine", "unreachable", "busy", "refuses", "bars", "silent after accepting", "hangs up after accepting", "garbles",
        "fails after accepting", "half an answer", "empty answer", "late commit", "hangs up before accepting"})
    secrets: ClassVar[tuple[str, ...]] = (SECRET, "access_token=8")

    def __init__(self, tmp_path: Path, **options: Any) -> None:
        self.far = Sandbox(tmp_path / "wechat.db", now=lambda: MORNING, silence=3).start()
        self.far.switch(questions=0, secret=SECRET)
        self.store, self.keyring, self.pace = Store(), Pocket(), Tempo()
        self.waits: list[float] = []  #: seconds it would have slept
        self.channel = self.a_channel(**options)
        self._kept: dict[str, Kept] = {}

    def a_channel(self, **options: Any) -> WeChat:
        """As a freshly started process would build it, which shares token and quotas with the others. Never sleeps."""
        setting = Setting(name="wechat", office=an_office(), home=Path(), secret=lambda name: SECRETS.get(name, ""),
                          keyring=self.keyring, pace=self.pace, options={
                              "app_id": "wx0123456789abcdef", "secret_env": "WECHAT_SECRET", "api": self.far.url, "polls": [0, 0], **options})
        return WeChat.from_setting(setting, session=Ear(self.far), pause=self.waits.append)

    def mood(self, word: str) -> None:
        """Those that accept first are moods of the call that puts an article before the public; the others of every call."""
        if word == "unreachable":
            self.far.hang_up()
            return
        self.far.mood("fine")
        everywhere = word in ("fine", "busy", "bars")
        self.far.mood(word, "*" if everywhere else SUBMIT)

    def commit(self) -> None:
        """What was accepted and left lying is done now."""
        self.far.commit()

    def hear(self, key: str, *, at: datetime = MORNING) -> None:
        """What the platform has to say by now reaches the desk, and the ledger keeps it with that delivery."""
        for push in self.far.pushes():
            heard = self.channel.hear(Call(query=push.query, body=push.body), at=at)
            assert heard.answer == "success"
            if heard.news:
                self.keep_news(key, heard.news.word)

    def keep_news(self, key: str, word: str) -> None:
        """What the ledger does with news of that delivery."""
        kept = self._kept[key]
        kept[HEARD] = json.dumps([*dict.fromkeys([*json.loads(kept.get(HEARD) or "[]"), word])])

    def shown(self) -> list[str]:
        """The articles before the public, by title."""
        return [article["title"] for article in self.far.articles()]

    def errand(self, key: str, *, at: datetime = MORNING) -> Errand:
        """What the ledger would hand over for that delivery: the same memory at every attempt."""
        return Errand(key=key, at=at, steps=self._kept.setdefault(key, Kept()), blobs=self.store)

    def close(self) -> None:
        self.far.stop()

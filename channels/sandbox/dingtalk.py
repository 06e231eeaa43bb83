"""A practice 钉钉自定义机器人: one group, its messages in order; over the limit it is shut for ten minutes.

python -m channels.sandbox.dingtalk --port 8633
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from channels.sandbox.far_side import SILENCE, Call, FarSide, Reply

SEND = "/robot/send"
MOST_BYTES, A_MINUTE = 20_000, 20
SHUT, HOUR = timedelta(minutes=10), timedelta(hours=1)


def fault(code: int, said: str) -> Reply:
    """A fault, which is HTTP 200 too."""
    return Reply(said={"errcode": code, "errmsg": said})


class DingTalkGroup(FarSide):
    """A group with a robot of one token, and perhaps a signing secret."""

    MOODS_SAID: ClassVar[Mapping[str, Reply]] = {
        "busy": fault(130101, "send too fast, exceed 20 times per minute"),
        "refuses": fault(430102, "unsafe text"),
        "bars": fault(310000, "sign not match, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]"),
    }

    def __init__(self, port: int = 0, *, token: str = "", secret: str = "", now: Callable[[], datetime] | None = None,
                 silence: float = SILENCE) -> None:
        """`token`: that the robot has, empty: any will do; `secret`: by which calls must be signed, empty: they need not be."""
        super().__init__(port, now=now, silence=silence)
        self.token, self.secret = token, secret
        self.messages: list[str] = []  #: that the group reads
        self._said: list[datetime] = []
        self._shut: datetime | None = None

    def answer(self, call: Call) -> Reply:
        if call.name != SEND or (self.token and call.params.get("access_token") != self.token):
            return fault(300001, "token is not exist")
        if self.secret and not self._signed(call.params):
            return self.MOODS_SAID["bars"]
        if len(call.body) > MOST_BYTES:
            return fault(40035, "param error: body too large")
        text = _text(call.body)
        if not text:
            return fault(40035, "miss param : text-->content")
        if self._too_fast():
            return self.MOODS_SAID["busy"]
        self.messages.append(text)
        return fault(0, "ok")

    def _signed(self, params: Mapping[str, str]) -> bool:
        stamp = params.get("timestamp", "")
        if not stamp.isdigit() or abs(self.now().timestamp() - int(stamp) / 1000) > HOUR.total_seconds():
            return False
        code = hmac.new(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
        return hmac.compare_digest(base64.b64encode(code).decode(), params.get("sign", ""))

    def _too_fast(self) -> bool:
        at = self.now()
        if self._shut and at < self._shut:
            return True
        self._said = [said for said in self._said if said > at - timedelta(minutes=1)]
        if len(self._said) >= A_MINUTE:
            self._shut = at + SHUT
            return True
        self._said.append(at)
        return False


def _text(body: bytes) -> str | None:
    try:
        said: Any = json.loads(body.decode("utf-8"))
        text = said["text"]["content"] if said["msgtype"] == "text" else None
    except (ValueError, KeyError, TypeError):
        return None
    return text if isinstance(text, str) else None


def main(arguments: list[str] | None = None) -> None:
    """Run it for people to practise with."""
    parser = argparse.ArgumentParser(description="A practice DingTalk group robot on this machine")
    parser.add_argument("--port", type=int, default=8633)
    parser.add_argument("--secret", default="", help="ask for signatures by this secret")
    given = parser.parse_args(arguments)
    group = DingTalkGroup(given.port, secret=given.secret)
    print(f"practice group: {group.url}  (set api = \"{group.url}\" in gongkai.toml; Ctrl-C ends it)", flush=True)  # noqa: T201
    try:
        group.serve()
    except KeyboardInterrupt:
        group.stop()


if __name__ == "__main__":
    main()

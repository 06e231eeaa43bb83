"""A practice 企业微信群机器人: one group, its messages in order.

python -m channels.sandbox.wecom --port 8632
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from channels.sandbox.far_side import SILENCE, Call, FarSide, Reply

SEND = "/cgi-bin/webhook/send"
MOST_BYTES, A_MINUTE = 2048, 20


def fault(code: int, said: str) -> Reply:
    """A fault, which is HTTP 200 too."""
    return Reply(said={"errcode": code, "errmsg": said})


class WeComGroup(FarSide):
    """A group with a robot of one key."""

    MOODS_SAID: ClassVar[Mapping[str, Reply]] = {
        "busy": fault(45009, "api freq out of limit, hint: [1700000000], from ip: 203.0.113.7"),
        "refuses": fault(40058, "invalid Request Parameter, hint: [1700000000]"),
        "bars": fault(93000, "invalid webhook url, hint: [1700000000], from ip: 203.0.113.7"),
    }

    def __init__(self, port: int = 0, *, key: str = "", now: Callable[[], datetime] | None = None, silence: float = SILENCE) -> None:
        """`key`: that the robot has; empty: any will do."""
        super().__init__(port, now=now, silence=silence)
        self.key = key
        self.messages: list[str] = []  #: that the group reads
        self._said: list[datetime] = []

    def answer(self, call: Call) -> Reply:
        if call.name != SEND or (self.key and call.params.get("key") != self.key):
            return self.MOODS_SAID["bars"]
        text = _text(call.body)
        if text is None:
            return fault(47001, "data format error")
        if not text:
            return fault(44004, "empty content")
        if len(text.encode()) > MOST_BYTES:
            return fault(45002, "content size out of limit")
        self._said = [at for at in self._said if at > self.now() - timedelta(minutes=1)]
        if len(self._said) >= A_MINUTE:
            return self.MOODS_SAID["busy"]
        self._said.append(self.now())
        self.messages.append(text)
        return fault(0, "ok")


def _text(body: bytes) -> str | None:
    try:
        said: Any = json.loads(body.decode("utf-8"))
        text = said["text"]["content"] if said["msgtype"] == "text" else None
    except (ValueError, KeyError, TypeError):
        return None
    return text if isinstance(text, str) else None


def main(arguments: list[str] | None = None) -> None:
    """Run it for people to practise with."""
    parser = argparse.ArgumentParser(description="A practice WeCom group robot on this machine")
    parser.add_argument("--port", type=int, default=8632)
    given = parser.parse_args(arguments)
    group = WeComGroup(given.port)
    print(f"practice group: {group.url}  (set api = \"{group.url}\" in gongkai.toml; Ctrl-C ends it)", flush=True)  # noqa: T201
    try:
        group.serve()
    except KeyboardInterrupt:
        group.stop()


if __name__ == "__main__":
    main()

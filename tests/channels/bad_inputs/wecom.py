"""A WeCom robot: its whole account is the key in its address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from channels.sandbox.wecom import SEND, fault
from content.deliveries import Status
from tests.channels.bad_inputs import ANSWERS, NO_PICTURES, TOO_LONG, WRONG, Bad, shut
from tests.channels.rigs.wecom import KEY


def _key(rig: Any, *, key: str) -> None:
    rig.far.key = key


def _says(rig: Any, *, code: int, said: str) -> None:
    rig.far.play(fault(code, said), SEND)


CASES: Mapping[str, Bad | str] = {
    "the token is wrong": shut("更新环境变量", partial(_key, key=WRONG), partial(_key, key=KEY)),
    "the token has expired": "a robot's key has no end",
    "the token was revoked": shut("请在群里重新添加机器人", partial(_says, code=93008, said="robot not in group")),
    "the token lacks the right": "a robot has one right, to write into its group",
    "our IP is not on the list": "a robot's address is called from anywhere",
    "the account is banned": shut("请联系企业微信管理员", partial(_says, code=93004, said="robot is disabled")),
    "the title is too long by one": TOO_LONG,
    **NO_PICTURES,
    **ANSWERS,
    "a success has an error code in it": Bad(play=partial(_says, code=40058, said="invalid Request Parameter"), status=Status.REFUSED,
                                             says="请精简标题和摘要后重新签发"),
}

"""A DingTalk robot: a token in its address, and what its group asks for besides."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from channels.sandbox.dingtalk import SEND, fault
from content.deliveries import Status
from tests.channels.bad_inputs import ANSWERS, NO_PICTURES, TOO_LONG, WRONG, Bad, shut
from tests.channels.rigs.dingtalk import TOKEN


def _token(rig: Any, *, token: str) -> None:
    rig.far.token = token


def _says(rig: Any, *, code: int, said: str) -> None:
    rig.far.play(fault(code, said), SEND)


CASES: Mapping[str, Bad | str] = {
    "the token is wrong": shut("更新环境变量", partial(_token, token=WRONG), partial(_token, token=TOKEN)),
    "the token has expired": "a robot's token has no end; its signature is made anew at every call",
    "the token was revoked": shut("请重新添加", partial(_says, code=400106, said="robot not exist")),
    "the token lacks the right": shut("请在群的机器人设置里核对", partial(_says, code=310000, said="keywords not in content")),
    "our IP is not on the list": shut("IP）；请在群的机器人设置里核对", partial(_says, code=310000, said="ip 203.0.113.7 not in whitelist")),
    "the account is banned": shut("请在群的机器人设置里启用", partial(_says, code=400102, said="robot is stopped")),
    "the title is too long by one": TOO_LONG,
    **NO_PICTURES,
    **ANSWERS,
    "a success has an error code in it": Bad(play=partial(_says, code=430104, said="unsafe content"), status=Status.REFUSED,
                                             says="请修改后重新签发"),
}

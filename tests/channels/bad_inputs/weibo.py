"""A Weibo account: faults come under HTTP 400, 401 and 403, and now and then under 200."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from channels.sandbox.weibo import SHARE, fault
from content.deliveries import Status
from tests.channels.bad_inputs import ANSWERS, PICTURES, TOO_LONG, WRONG, Bad, shut
from tests.channels.rigs.weibo import TOKEN


def _token(rig: Any, *, token: str) -> None:
    rig.far.token = token


def _says(rig: Any, *, code: int, said: str, status: int = 403) -> None:
    rig.far.play(fault(code, said, status), SHARE)


def _banned(rig: Any, *, banned: bool) -> None:
    rig.far.banned = banned


CASES: Mapping[str, Bad | str] = {
    "the token is wrong": shut("请重新授权", partial(_token, token=WRONG), partial(_token, token=TOKEN)),
    "the token has expired": shut("请重新授权", partial(_says, code=21327, said="expired_token", status=401)),
    "the token was revoked": shut("已被账号主人撤销；请重新授权", partial(_says, code=21319, said="accessor was revoked")),
    "the token lacks the right": shut("请在微博开放平台申请", partial(_says, code=10014, said="Insufficient app permissions!")),
    "our IP is not on the list": shut("请在微博开放平台登记", partial(_says, code=10004, said="IP limit!")),
    "the account is banned": shut("请登录微博查看通知", partial(_banned, banned=True), partial(_banned, banned=False)),
    "the title is too long by one": TOO_LONG,
    **PICTURES,
    **ANSWERS,
    "a success has an error code in it": Bad(play=partial(_says, code=20021, said="content is illegal!", status=200), status=Status.REFUSED,
                                             says="请修改后重新签发"),
}

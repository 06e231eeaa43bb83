"""An official account: tokens are fetched for a secret, faults come under HTTP 200, and what is too long never gets signed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from content.deliveries import Status
from tests.channels.bad_inputs import ANSWERS, PICTURES, Bad, one_too_long, shut
from tests.channels.rigs.wechat import MORNING, SECRET, SUBMIT


def _secret(rig: Any, *, secret: str) -> None:
    rig.far.switch(secret=secret)


def _says(rig: Any, *, code: int, said: str, call: str) -> None:
    rig.far.play(code, said, call)


def _expires(rig: Any) -> None:
    rig.channel.check(MORNING)  # a token is held from now on
    rig.far.state.keep("token until", str(MORNING.timestamp() - 1))


def _revoked(rig: Any) -> None:
    rig.channel.check(MORNING)
    rig.far.forget_token()
    _secret(rig, secret="another, that somebody set in the console")


CASES: Mapping[str, Bad | str] = {
    "the token is wrong": shut("AppSecret 不正确；请", partial(_secret, secret="another"), partial(_secret, secret=SECRET)),
    "the token has expired": Bad(play=_expires, status=Status.POSTED, shown=1),
    "the token was revoked": shut("AppSecret 不正确；请", _revoked, partial(_secret, secret=SECRET)),
    # the draft is made all the same: a person presses the button
    "the token lacks the right": Bad(play=partial(_says, code=48001, said="api unauthorized", call=SUBMIT), mend=None, status=Status.BY_HAND,
                                     says="公众平台"),
    "our IP is not on the list": shut("请在微信开发者平台把提示中的 IP 加入白名单", lambda rig: rig.mood("bars")),
    "the account is banned": shut("请登录公众平台查看通知", partial(_says, code=50002, said="user limited", call=SUBMIT)),
    "the title is too long by one": Bad(edition=one_too_long, status=Status.REFUSED, at_desk=True, says="请填写更短的短标题"),
    **PICTURES,
    **ANSWERS,
    "a success has an error code in it": Bad(play=partial(_says, code=53503, said="draft fails pre-publish check", call=SUBMIT),
                                             status=Status.REFUSED, says="请到公众平台草稿箱查看原因"),
}

"""A Bluesky account: a session is got for an app password, faults have names, and what was accepted is never accepted twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from content.deliveries import Status
from tests.channels.bad_inputs import ANSWERS, PICTURES, TOO_LONG, WRONG, Bad, shut
from tests.channels.rigs.bluesky import PUT, fault
from tests.channels.rigs.far import MORNING
from tests.rigs.between import Answer


def _password(rig: Any, *, password: str | None) -> None:
    rig.channel = rig.a_channel(password=password)


def _says(rig: Any, *, answer: Answer) -> None:
    rig.far.play(answer, PUT)


def _stale(rig: Any) -> None:
    """A session is held whose token the server does not take any more."""
    rig.channel.check(MORNING)
    for credential, token in list(rig.keyring._tokens.items()):
        rig.keyring._tokens[credential] = replace(token, value=f"{token.value}x")


CASES: Mapping[str, Bad | str] = {
    "the token is wrong": shut("请在 Bluesky“设置→隐私与安全”里新建应用密码", partial(_password, password=WRONG), partial(_password, password=None)),
    "the token has expired": Bad(play=_stale, status=Status.POSTED, shown=1),
    "the token was revoked": shut("请检查应用密码是否已撤销", partial(_says, answer=fault(400, "ExpiredToken", "Token has been revoked"))),
    "the token lacks the right": shut("请登录 Bluesky 查看通知", partial(_says, answer=fault(403, "Forbidden", "Bad token scope"))),
    "our IP is not on the list": "a Bluesky server keeps no list of addresses from which an account may post",
    "the account is banned": shut("请登录 Bluesky 查看邮件通知并申诉", partial(_says, answer=fault(400, "AccountTakedown", "Account has been taken down"))),
    "the title is too long by one": TOO_LONG,
    **PICTURES,
    **ANSWERS,
    "a success has an error code in it": Bad(play=partial(_says, answer=Answer(status=200, body=b'{"error": "InvalidRequest"}')),
                                             status=Status.UNCONFIRMED, says="不能确定"),
}

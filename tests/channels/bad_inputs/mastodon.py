"""A Mastodon account: faults come as HTTP statuses, from real servers wherever those can be brought to it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from content.deliveries import Status
from tests.channels.bad_inputs import ANSWERS, PICTURES, WRONG, Bad, one_too_long, shut
from tests.channels.rigs.mastodon import POST, fault
from tests.rigs.between import Answer


def _token(rig: Any, *, token: str | None) -> None:
    rig.channel = rig.a_channel(token=token)


def _says(rig: Any, *, answer: Answer) -> None:
    rig.far.play(answer, POST)


def _revoked(rig: Any) -> None:
    if hasattr(rig.server, "revoke"):
        rig.server.revoke()
    else:
        _says(rig, answer=fault(401, "The access token was revoked"))


CASES: Mapping[str, Bad | str] = {
    "the token is wrong": shut("重新生成，并更新环境变量", partial(_token, token=WRONG), partial(_token, token=None)),
    "the token has expired": shut("重新生成，并更新环境变量", partial(_says, answer=fault(401, "The access token expired"))),
    "the token was revoked": shut("重新生成，并更新环境变量", _revoked, None),
    "the token lacks the right": shut("令牌没有此项权限（需有 read 和 write）", partial(_says, answer=fault(403, "This action is outside the authorized scopes"))),
    "our IP is not on the list": shut("本机 IP 被服务器封锁；请", partial(_says, answer=Answer(status=403, body=b"<html>Forbidden</html>"))),
    "the account is banned": shut("请登录 Mastodon 查看通知", partial(_says, answer=fault(403, "Your login is currently disabled"))),
    # mastodon_mock counts a link as it stands: without one the two count alike
    "the title is too long by one": Bad(edition=partial(one_too_long, link=""), status=Status.POSTED, shown=1),
    **PICTURES,
    **ANSWERS,
    "a success has an error code in it": Bad(play=partial(_says, answer=Answer(status=200, body=b'{"error": "Validation failed"}')),
                                             status=Status.UNCONFIRMED, says="不能确定"),
}

"""A WordPress portal: a user and an app password of it, faults with names of their own, and firewalls before it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from content.deliveries import Status
from tests.channels.bad_inputs import ANSWERS, PICTURES, WRONG, Bad, one_too_long, shut
from tests.channels.rigs.portal import MAKE, PUBLISH, fault
from tests.rigs.between import Answer


def _login(rig: Any, **who: str) -> None:
    rig.channel = rig.a_channel(**who)


def _says(rig: Any, *, answer: Answer, call: str = MAKE) -> None:
    rig.far.play(answer, call)


CASES: Mapping[str, Bad | str] = {
    "the token is wrong": shut("请在门户后台“个人资料→应用程序密码”里重新生成", partial(_login, password=WRONG), _login),
    "the token has expired": "an app password of WordPress has no end",
    "the token was revoked": shut("已被撤销；请", partial(_says, answer=fault(401, "incorrect_password", "The provided password is invalid."))),
    "the token lacks the right": shut("请门户网站管理员给该账号", partial(_login, user="contributor"), _login),
    "our IP is not on the list": shut("请门户网站管理员放行本机地址", partial(_says, answer=Answer(status=403, body=b"<html>Forbidden</html>"))),
    "the account is banned": shut("更新环境变量里的密码", partial(_says, answer=fault(401, "invalid_username", "Unknown username."))),
    "the title is too long by one": Bad(edition=one_too_long, status=Status.REFUSED, at_desk=True, says="请"),
    **PICTURES,
    **ANSWERS,
    "a success has an error code in it": Bad(play=partial(_says, answer=Answer(status=200, body=b'{"code": "rest_invalid_param"}'), call=PUBLISH),
                                             status=Status.UNCONFIRMED, says="不能确定"),
}

"""The platform's wire: one holder of the access token, codes sorted, answers as they are."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from channels.codes import Meaning
from channels.errors import UnusableError
from channels.remote import Remote
from channels.wechat_codes import TABLE

_MARGIN = timedelta(minutes=5)  #: a token is fetched anew this long before it ends; old and new live together as long


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    since: datetime
    until: datetime

    def good(self, at: datetime) -> bool:
        return self.since <= at < self.until


class Api:
    """Calls of one account."""

    def __init__(self, remote: Remote, *, app_id: str, secret: Callable[[], str], secret_name: str) -> None:
        self._remote, self._app_id, self._secret, self._secret_name = remote, app_id, secret, secret_name
        self._token: _Token | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Api({self._remote!r}, app_id={self._app_id!r})"

    def call(self, name: str, at: datetime, *, creates: bool = False, expect: Iterable[int] = (), json: Any = None,
             params: Mapping[str, str] | None = None, files: Mapping[str, tuple[str, bytes, str]] | None = None) -> dict[str, Any]:
        """One call, such as `draft/add`, at an instant.

        Args:
            name: of the call, beneath /cgi-bin/.
            at: by which the token's age is reckoned.
            creates: an answer that is lost leaves us in doubt.
            expect: codes that the caller reads itself, in the answer's `errcode`.
            json: what to say, as JSON.
            params: what to add to the address.
            files: what to upload.

        Raises:
            ChannelError: by what the answer, or its absence, tells.
        """
        token = self._hold(at)
        answer = self._say(name, token, creates=creates, json=json, params=params, files=files)
        if _means(answer, Meaning.STALE):
            # raised before the platform does anything, so saying it once more is safe even where it creates
            token = self._hold(at, instead_of=token)
            answer = self._say(name, token, creates=creates, json=json, params=params, files=files)
        if (code := _code(answer)) and code not in expect:
            raise TABLE.sort(code, self._said(answer), call=name, at=at, creates=creates)
        return answer

    def log_in(self, at: datetime) -> datetime:
        """Hold a token; until when it is good.

        Raises:
            ChannelError: the platform does not let us in.
        """
        self._hold(at)
        return self._token.until if self._token else at

    def _say(self, name: str, token: str, *, creates: bool, json: Any, params: Mapping[str, str] | None,
             files: Mapping[str, tuple[str, bytes, str]] | None) -> dict[str, Any]:
        return self._remote.call("POST", f"/cgi-bin/{name}", creates=creates, json=json, files=files,
                                 params={**(params or {}), "access_token": token})

    def _hold(self, at: datetime, *, instead_of: str = "") -> str:
        """The one token; another one if this has been turned down."""
        with self._lock:
            if self._token and self._token.good(at) and self._token.value != instead_of:
                return self._token.value
            fresh = self._fetch(at, force=False)
            if fresh.value == instead_of:  # the platform thinks it good, its gates do not: 20 times a day it may be forced
                fresh = self._fetch(at, force=True)
            self._token = fresh
            return fresh.value

    def _fetch(self, at: datetime, *, force: bool) -> _Token:
        secret = self._secret()
        if not secret:
            raise UnusableError(f"环境变量 {self._secret_name} 没有值，不能登录公众号；请设置 AppSecret 后再运行")
        self._remote.guard(secret)
        answer = self._remote.call("POST", "/cgi-bin/stable_token", creates=False, json={
            "grant_type": "client_credential", "appid": self._app_id, "secret": secret, "force_refresh": force})
        if code := _code(answer):
            raise TABLE.sort(code, self._said(answer), call="stable_token", at=at, creates=False)
        value, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(lasts, int):
            raise UnusableError("微信接口 stable_token 的应答里没有令牌；请检查该渠道的 api 地址")
        self._remote.guard(value)
        return _Token(value, at, at + max(timedelta(seconds=lasts) - _MARGIN, timedelta(minutes=1)))

    def _said(self, answer: Mapping[str, Any]) -> str:
        return self._remote.safe(str(answer.get("errmsg", "")))


def _code(answer: Mapping[str, Any]) -> int:
    """Success has no errcode, or 0, or "0"."""
    code = answer.get("errcode", 0)
    try:
        return int(code)
    except (TypeError, ValueError):
        return -1


def _means(answer: Mapping[str, Any], meaning: Meaning) -> bool:
    return TABLE.meaning(_code(answer)) is meaning

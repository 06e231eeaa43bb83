"""The platform's wire: one token for all processes, calls counted before they are made, codes sorted, answers as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from channels.accounts import Keyring, Meter
from channels.codes import Meaning
from channels.credentials import Credential
from channels.errors import ChannelError, UnusableError
from channels.remote import Remote
from channels.wechat_codes import TABLE, TOO_FAST, USED_UP, number
from channels.wechat_quotas import FORCE, FORCE_APART, TOKEN
from content.accounts import Token

_MARGIN = timedelta(minutes=5)  #: a token is fetched anew this long before it ends; old and new live together as long
_LEAST = timedelta(minutes=1)  #: however little of it is left, it serves so long: the platform hands out another only near the end
CLOSED = timedelta(days=1)  #: how long an account that may not publish is not asked to
_YES, _NO = "yes", "no"


class Api:
    """Calls of one account."""

    def __init__(self, remote: Remote, *, app_id: str, secret: Credential, keyring: Keyring, meter: Meter) -> None:
        self._remote, self._app_id, self._secret = remote, app_id, secret
        self._keyring, self._meter = keyring, meter
        self._credential = account(remote, app_id)
        self._right = f"{self._credential}/freepublish"

    def __repr__(self) -> str:
        return f"Api({self._remote!r}, app_id={self._app_id!r})"

    def call(self, name: str, at: datetime, *, creates: bool = False, expect: Iterable[int] = (), json: Any = None,
             params: Mapping[str, str] | None = None, files: Mapping[str, tuple[str, bytes, str]] | None = None) -> dict[str, Any]:
        """One call, such as `draft/add`, at an instant.

        Args:
            name: of the call, beneath /cgi-bin/.
            at: by which the token's age is reckoned and quotas are counted.
            creates: an answer that is lost leaves us in doubt.
            expect: codes that the caller reads itself, in the answer's `errcode`.
            json: what to say, as JSON.
            params: what to add to the address.
            files: what to upload.

        Raises:
            ChannelError: by what the answer, or its absence, tells.
        """
        token = self._hold(at)
        answer = self._say(name, token, at, creates=creates, json=json, params=params, files=files)
        if _means(answer, Meaning.STALE):
            # raised before the platform does anything, so saying it once more is safe even where it creates
            token = self._hold(at, turned_down=token)
            answer = self._say(name, token, at, creates=creates, json=json, params=params, files=files)
        if (code := _code(answer)) and code not in expect:
            raise self._sort(code, answer, name, at, creates=creates)
        return {**answer, "errcode": code}

    def log_in(self, at: datetime) -> datetime:
        """Hold a token; until when it is good.

        Raises:
            ChannelError: the platform does not let us in.
        """
        return self._hold(at).until or at

    def may_publish(self, at: datetime) -> bool:
        """Whether to try: not for a day after the platform said that this account has no right to."""
        said = self._keyring.get(self._right)
        closed = said and _refused(said) and (said.since or at) <= at < (said.until or at)
        return not closed

    def note_right(self, at: datetime, *, has: bool) -> None:
        """Keep, for all processes, whether the account has the right to publish: where its token is kept, under a name of its own."""
        said = self._keyring.get(self._right)
        if has and not (said and _refused(said)):
            return
        word = f"{_YES if has else _NO} {at.isoformat()}"
        self._keyring.renew(self._right, said, lambda _: Token(value=word, since=at, until=at + CLOSED))

    def _say(self, name: str, token: Token, at: datetime, *, creates: bool, json: Any, params: Mapping[str, str] | None,
             files: Mapping[str, tuple[str, bytes, str]] | None) -> dict[str, Any]:
        self._meter.spend(name, at)
        return self._remote.call("POST", f"/cgi-bin/{name}", creates=creates, json=json, files=files,
                                 params={**(params or {}), "access_token": token.value})

    def _hold(self, at: datetime, *, turned_down: Token | None = None) -> Token:
        """The one token of the account; another one if this has been turned down."""
        kept = self._keyring.get(self._credential)
        if not kept or not _good(kept, at) or (turned_down and kept.value == turned_down.value):
            # only one process at a time comes to `make`; the others get what it got
            kept = self._keyring.renew(self._credential, kept, lambda _: self._make(at, turned_down))
        self._remote.guard(kept.value)
        return kept

    def _make(self, at: datetime, turned_down: Token | None) -> Token:
        fresh = self._fetch(at, force=False)
        if turned_down and fresh.value == turned_down.value:  # the platform thinks it good, its gates do not
            fresh = self._fetch(at, force=True)
        return fresh

    def _fetch(self, at: datetime, *, force: bool) -> Token:
        secret = self._secret.value()
        self._remote.guard(secret)
        for quota in (TOKEN, FORCE_APART, FORCE) if force else (TOKEN,):
            self._meter.spend(quota, at)
        answer = self._remote.call("POST", "/cgi-bin/stable_token", creates=False, json={
            "grant_type": "client_credential", "appid": self._app_id, "secret": secret, "force_refresh": force})
        if code := _code(answer):
            raise self._sort(code, answer, TOKEN, at, creates=False)
        value, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(lasts, int):
            raise UnusableError("微信接口 stable_token 的应答里没有令牌；请检查该渠道的 api 地址")
        self._remote.guard(value)
        return Token(value=value, since=at, until=at + timedelta(seconds=lasts))

    def _sort(self, code: int, answer: Mapping[str, Any], name: str, at: datetime, *, creates: bool) -> ChannelError:
        error = TABLE.sort(code, self._remote.safe(str(answer.get("errmsg", ""))), call=name, at=at, creates=creates)
        wait = getattr(error, "retry_after", None)
        if code in (USED_UP, TOO_FAST) and wait:  # no process need ask before then
            self._meter.exhaust(name, at + wait)
        return error


def account(remote: Remote, app_id: str) -> str:
    """Under what name token and quotas of an account are kept. A practice platform's are not those of the real one."""
    return f"wechat/{remote.host}/{app_id}"


def _good(token: Token, at: datetime) -> bool:
    return (token.since or at) <= at < max((token.until or at) - _MARGIN, (token.since or at) + _LEAST)


def _refused(said: Token) -> bool:
    return said.value.startswith(_NO)


def _code(answer: Mapping[str, Any]) -> int:
    """Success has no errcode, or 0, or "0"."""
    code = number(answer.get("errcode", 0))
    return -1 if code is None else code


def _means(answer: Mapping[str, Any], meaning: Meaning) -> bool:
    return TABLE.meaning(_code(answer)) is meaning

"""The wire of a Bluesky server: the session with every call, quotas counted, errors sorted by their names."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from channels.accounts import Keyring, Meter
from channels.bluesky_codes import CODES, STALE
from channels.bluesky_words import until
from channels.codes import Meaning
from channels.credentials import Credential
from channels.errors import IN_DOUBT, ChannelError, QuotaError, SilenceError, TransientError, UnusableError
from channels.remote import Remote, Reply
from content.accounts import Quota, Token

CALLS, WRITES, PICTURES, SESSIONS = ("calls",), ("writes", "writes a day"), ("pictures",), ("sessions", "sessions a day")
QUOTAS = (
    Quota(name="calls", calls=3000, per=timedelta(minutes=5)),
    # 5000 and 35,000 points; the dearest of our writes, a correction, takes four, and each is counted as if it were one
    Quota(name="writes", calls=1250, per=timedelta(hours=1)),
    Quota(name="writes a day", calls=8750, per=timedelta(days=1)),
    Quota(name="pictures", calls=1000, per=timedelta(days=1)),
    Quota(name="sessions", calls=30, per=timedelta(minutes=5)),
    Quota(name="sessions a day", calls=300, per=timedelta(days=1)),
)
_MARGIN = timedelta(minutes=5)  #: a session is renewed this long before it ends
_LONGEST_WAIT = timedelta(days=1)  #: what a clock or a header that is wrong may cost us


class Wire:
    """Calls of one account, each with the token that it is given."""

    def __init__(self, remote: Remote, meter: Meter) -> None:
        self.remote, self._meter = remote, meter

    def call(self, method: str, name: str, at: datetime, *, token: str = "", creates: bool = False, quota: tuple[str, ...] = (),
             expect: Container[str] = (), headers: Mapping[str, str] | None = None, **said: Any) -> Reply:
        """One call, such as `com.atproto.repo.putRecord`, at an instant.

        Args:
            method: of HTTP.
            name: of the call.
            at: by which quotas are counted.
            token: none: as anybody.
            creates: an answer that is lost leaves us in doubt.
            quota: what it counts against, besides the account's calls in all.
            expect: names of errors that the caller reads itself.
            headers: besides the token.
            said: what else the call says: json, params, data.

        Raises:
            ChannelError: by what the answer, or its absence, tells.
        """
        for one in (*quota, *CALLS):
            self._meter.spend(one, at)
        allowed = {"Authorization": f"Bearer {token}"} if token else {}
        reply = self.remote.ask(method, f"/xrpc/{name}", creates=creates, headers={**(headers or {}), **allowed}, **said)
        if fault(reply) in expect or (reply.well and isinstance(reply.said, dict)):
            return reply
        if reply.well:
            raise self._unreadable(reply, creates=creates)
        raise self._sort(reply, name, at, creates=creates, quota=quota)

    def _unreadable(self, reply: Reply, *, creates: bool) -> ChannelError:
        words = f"{self.remote.host} 已受理，但应答无法解读（{reply.words[:60]!r}）"
        if creates:
            return SilenceError(f"{words}，{IN_DOUBT}")
        return TransientError(f"{words}，稍后会自动再试；如反复出现，请核对该渠道的 api 地址")

    def _sort(self, reply: Reply, call: str, at: datetime, *, creates: bool, quota: tuple[str, ...]) -> ChannelError:
        code = fault(reply) if CODES.meaning(fault(reply)) else reply.status
        error = CODES.sort(code, self._words(reply), call=call, at=at, creates=creates)
        if CODES.meaning(code) is Meaning.SPENT and isinstance(error, QuotaError):
            wait = _until_room(reply.headers) or error.retry_after or timedelta(minutes=5)
            for name in (*quota, *CALLS):
                self._meter.exhaust(name, at + wait)
            return QuotaError(f"{error}；{at + wait:%m-%d %H:%M} 后自动继续", retry_after=wait)
        return error

    def _words(self, reply: Reply) -> str:
        """What the server says is wrong."""
        said = reply.said if isinstance(reply.said, dict) else {}
        return self.remote.safe(str(said.get("message") or said.get("error") or "没有说明"))[:200]


class Api:
    """Calls of one account within its session. The session is renewed by its own token while it lasts, else opened with the password."""

    def __init__(self, wire: Wire, *, account: str, password: Credential, keyring: Keyring) -> None:
        self.account, self._wire, self._password, self._keyring = account, wire, password, keyring
        self._credential = f"bluesky/{wire.remote.host}/{account}"

    def __repr__(self) -> str:
        return f"Api({self._wire.remote!r}, account={self.account!r})"

    def call(self, method: str, name: str, at: datetime, *, expect: frozenset[str] = frozenset(), **said: Any) -> Reply:
        """One call, as `Wire.call`. A token that is turned down is renewed once, and the call said once more.

        It is turned down before the server does anything, so that is safe even where the call creates.
        """
        token = self.hold(at)
        reply = self._wire.call(method, name, at, token=token.value, expect=expect | STALE, **said)
        if fault(reply) in STALE:
            reply = self._wire.call(method, name, at, token=self.hold(at, spent=token).value, expect=expect, **said)
        return reply

    def ask(self, name: str, at: datetime, *, expect: Container[str] = (), **params: str) -> Reply:
        """What the server tells anybody."""
        return self._wire.call("GET", name, at, expect=expect, params=params)

    def hold(self, at: datetime, *, spent: Token | None = None) -> Token:
        """The session's token; another one if this has been turned down.

        Raises:
            ChannelError: the server does not let us in.
        """
        kept = self._keyring.get(self._credential)
        ended = kept is not None and kept.until is not None and at >= kept.until - _MARGIN
        if kept is None or spent is not None or ended:
            kept = self._keyring.renew(self._credential, spent or kept, lambda newest: self._next(newest, at))
        for secret in (kept.value, kept.refresh):
            self._wire.remote.guard(secret)
        return kept

    def _next(self, newest: Token | None, at: datetime) -> Token:
        if newest and newest.refresh:
            self._wire.remote.guard(newest.refresh)
            reply = self._wire.call("POST", "com.atproto.server.refreshSession", at, token=newest.refresh, expect=STALE)
            if reply.well:
                return self._token(reply, at)
        return self._open(at)

    def _open(self, at: datetime) -> Token:
        password = self._password.value()
        self._wire.remote.guard(password)
        said = {"identifier": self.account, "password": password}
        return self._token(self._wire.call("POST", "com.atproto.server.createSession", at, quota=SESSIONS, json=said), at)

    def _token(self, reply: Reply, at: datetime) -> Token:
        access, refresh = reply.said.get("accessJwt"), reply.said.get("refreshJwt")
        if not isinstance(access, str) or not access or not isinstance(refresh, str):
            raise UnusableError("Bluesky 登录的应答里没有令牌；请检查该渠道的 api 地址")
        return Token(value=access, refresh=refresh, until=until(access), since=at)


def fault(reply: Reply) -> str:
    """The name of the error that an answer is; empty of a success, and where it has none."""
    said = reply.said if isinstance(reply.said, dict) and not reply.well else {}
    return str(said.get("error") or "")


def _until_room(headers: Mapping[str, str]) -> timedelta | None:
    """How long until the far side has room again, by its own clock. It gives an instant alone, no Retry-After."""
    reset = headers.get("RateLimit-Reset", "")
    try:
        wait = datetime.fromtimestamp(int(reset), UTC) - parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return min(max(wait, timedelta(seconds=1)), _LONGEST_WAIT)

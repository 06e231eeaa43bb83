"""The wire of a Mastodon server: the token with every call, quotas counted, statuses sorted."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from channels.accounts import Meter
from channels.codes import Meaning
from channels.credentials import Credential
from channels.errors import IN_DOUBT, ChannelError, QuotaError, SilenceError, TransientError
from channels.mastodon_codes import CODES
from channels.mastodon_words import instant
from channels.remote import Remote, Reply

CALLS, STATUSES, MEDIA, DELETES = "calls", "statuses", "media", "deletes"
_LONGEST_WAIT = timedelta(days=1)  #: what a clock or a header that is wrong may cost us


class Api:
    """Calls of one account."""

    def __init__(self, remote: Remote, *, token: Credential, meter: Meter) -> None:
        self._remote, self._token, self._meter = remote, token, meter

    def __repr__(self) -> str:
        return f"Api({self._remote!r})"

    def call(self, method: str, path: str, at: datetime, *, creates: bool = False, quota: str = "", expect: Container[int] = (),
             headers: Mapping[str, str] | None = None, **said: Any) -> Reply:
        """One call, such as `/api/v1/statuses`, at an instant.

        Args:
            method: of HTTP.
            path: of the call.
            at: by which quotas are counted.
            creates: an answer that is lost leaves us in doubt.
            quota: what it counts against, besides the account's calls in all.
            expect: statuses besides success that the caller reads itself.
            headers: besides the token.
            said: what else the call says: json, params, data, files.

        Raises:
            ChannelError: by what the answer, or its absence, tells.
        """
        token = self._hold()
        for name in filter(None, (quota, CALLS)):
            self._meter.spend(name, at)
        reply = self._remote.ask(method, path, creates=creates, headers={**(headers or {}), "Authorization": f"Bearer {token}"}, **said)
        if reply.status in expect or (reply.well and reply.said is not None):
            return reply
        if reply.well:
            raise self._unreadable(reply, creates=creates)
        raise self._sort(reply, f"{method} {path}", at, creates=creates, quota=quota)

    def _hold(self) -> str:
        token = self._token.value()
        self._remote.guard(token)
        return token

    def _unreadable(self, reply: Reply, *, creates: bool) -> ChannelError:
        words = f"{self._remote.host} 已受理，但应答无法解读（{reply.words[:60]!r}）"
        if creates:
            return SilenceError(f"{words}，{IN_DOUBT}")
        return TransientError(f"{words}，稍后会自动再试；如反复出现，请核对该渠道的 api 地址")

    def _sort(self, reply: Reply, call: str, at: datetime, *, creates: bool, quota: str) -> ChannelError:
        words = self._words(reply)
        if reply.status == 422 and "processing" in words.lower():
            return TransientError(f"Mastodon 还在处理图片，未发布，稍后会自动再试〔{words}〕", retry_after=timedelta(minutes=1))
        error = CODES.sort(reply.status, words, call=call, at=at, creates=creates)
        if CODES.meaning(reply.status) is Meaning.SPENT and isinstance(error, QuotaError):
            wait = _until_room(reply.headers) or error.retry_after or timedelta(minutes=5)
            for name in filter(None, (quota, CALLS)):
                self._meter.exhaust(name, at + wait)
            return QuotaError(f"{error}；{at + wait:%m-%d %H:%M} 后自动继续", retry_after=wait)
        return error

    def _words(self, reply: Reply) -> str:
        """What the server says is wrong; some say nothing at all."""
        said = reply.said.get("error") if isinstance(reply.said, dict) else None
        return self._remote.safe(str(said))[:200] if said else "没有说明"


def _until_room(headers: Mapping[str, str]) -> timedelta | None:
    """How long until the far side has room again, by its own clock."""
    try:
        now = parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    if (reset := instant(headers.get("X-RateLimit-Reset"))) and now.tzinfo:
        return min(max(reset - now, timedelta(seconds=1)), _LONGEST_WAIT)
    wait = headers.get("Retry-After", "")
    return min(timedelta(seconds=int(wait)), _LONGEST_WAIT) if wait.isdigit() and len(wait) < 9 else None

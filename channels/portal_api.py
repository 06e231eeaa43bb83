"""The wire of a WordPress site: user and application password with every call but those a reader could make, errors sorted."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Container, Mapping
from datetime import datetime, timedelta
from typing import Any

from channels.accounts import Meter
from channels.asking import listed
from channels.credentials import Credential
from channels.errors import IN_DOUBT, ChannelError, QuotaError, SilenceError, TransientError, UnusableError
from channels.portal_codes import CODES
from channels.remote import Remote, Reply
from content.accounts import Quota

ROOT = "/wp-json/wp/v2"
CALLS = Quota(name="calls", calls=3000, per=timedelta(minutes=5))  #: what we grant ourselves; a site says only when it has had enough


class Api:
    """Calls of one account."""

    def __init__(self, remote: Remote, *, user: str, password: Credential, meter: Meter) -> None:
        self._remote, self._user, self._password, self._meter = remote, user, password, meter
        self._categories: dict[str, int] = {}

    def __repr__(self) -> str:
        return f"Api({self._remote!r}, user={self._user!r})"

    def call(self, method: str, path: str, at: datetime, *, creates: bool = False, expect: Container[int | str] = (),
             anonymous: bool = False, headers: Mapping[str, str] | None = None, **said: Any) -> Reply:
        """One call, such as `/posts`, at an instant.

        Args:
            method: of HTTP.
            path: of the call, beneath the interface's own.
            at: by which calls are counted.
            creates: an answer that is lost leaves us in doubt.
            expect: statuses and error codes that the caller reads itself.
            anonymous: as a reader who has not logged in.
            headers: besides the password.
            said: what else the call says: json, params, data.

        Raises:
            ChannelError: by what the answer, or its absence, tells.
        """
        who = {} if anonymous else {"Authorization": self._hold()}
        self._meter.spend(CALLS.name, at)
        reply = self._remote.ask(method, ROOT + path, creates=creates, headers={**(headers or {}), **who}, **said)
        if reply.status in expect or code(reply) in expect or (reply.well and reply.said is not None):
            return reply
        if reply.well:
            raise self._unreadable(reply, creates=creates)
        raise self._sort(reply, f"{method} {path}", at, creates=creates)

    def category(self, named: str, at: datetime) -> int:
        """The number of a category, by its number or slug. Looked up, because WordPress takes a post into one that is not there.

        Raises:
            UnusableError: there is none.
        """
        if named not in self._categories:
            by = "include" if named.isdigit() else "slug"
            found = self.call("GET", "/categories", at, params={by: named, "_fields": "id"}).said
            numbers = [one["id"] for one in listed(found, "门户网站") if "id" in one]
            if not numbers:
                raise UnusableError(f"门户网站上没有分类“{named}”，未发布；请到门户后台“文章→分类”核对，并改正 gongkai.toml 中的 category")
            self._categories[named] = numbers[0]
        return self._categories[named]

    def _hold(self) -> str:
        password = self._password.value()
        basic = b64encode(f"{self._user}:{password}".encode()).decode()
        for secret in (password, basic):
            self._remote.guard(secret)
        return f"Basic {basic}"

    def _unreadable(self, reply: Reply, *, creates: bool) -> ChannelError:
        words = f"{self._remote.host} 已受理，但应答无法解读（{reply.words[:60]!r}）"
        if creates:
            return SilenceError(f"{words}，{IN_DOUBT}")
        return TransientError(f"{words}，稍后会自动再试；如反复出现，请核对该渠道的 api 地址，并请门户网站管理员查看接口")

    def _sort(self, reply: Reply, call: str, at: datetime, *, creates: bool) -> ChannelError:
        words = self._words(reply)
        which: int | str = code(reply)
        if which == "rest_invalid_param" and _about_status(reply):
            which = "rest_forbidden_status"  # whoever is not logged in may not ask for drafts, and hears of a wrong parameter
        if CODES.meaning(which) is None:
            which = reply.status
        error = CODES.sort(which, words, call=call, at=at, creates=creates)
        wait = reply.wait if isinstance(error, QuotaError) or reply.status == 503 else None
        if wait is None and isinstance(error, QuotaError):
            wait = error.retry_after
        if wait is None:
            return error
        # it says when to come again: nothing was taken, and nobody need ask before then
        self._meter.exhaust(CALLS.name, at + wait)
        return QuotaError(f"{error}；{at + wait:%m-%d %H:%M} 后自动继续", retry_after=wait)

    def _words(self, reply: Reply) -> str:
        """What the site says is wrong, with its own code; firewalls before it say it in a page."""
        if isinstance(reply.said, dict) and (which := code(reply)):
            return self._remote.safe(f"{which}: {reply.said.get('message')}")[:200]
        return "没有说明"


def code(reply: Reply) -> str:
    """The error code of an answer; empty where it has none."""
    said = reply.said.get("code") if isinstance(reply.said, dict) and not reply.well else None
    return said if isinstance(said, str) else ""


def _about_status(reply: Reply) -> bool:
    data = reply.said.get("data") if isinstance(reply.said, dict) else None
    return isinstance(data, dict) and isinstance(data.get("params"), dict) and "status" in data["params"]

"""The far sides that `bench/chaos.py` plays on: how each is started and emptied, what the public sees there, what may be said twice.

A new one is a class here and a line in STATIONS. Nothing of it knows of faults: those are the proxy's.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from channels.base import Outlet
from channels.once import SENDING, SENT
from channels.sandbox.dingtalk import DingTalkGroup
from channels.sandbox.wechat import Sandbox
from channels.sandbox.wecom import WeComGroup
from channels.sandbox.weibo import WeiboAccount
from content.deliveries import Status
from ledger import boot  # noqa: F401 - boot comes first: Django is started before any model is imported
from ledger.queries import DeliveryLine
from tests.rigs.between import Call
from tests.rigs.mastodon_mock import TOKEN, MastodonMock

Clock = Callable[[], datetime]


class Station:
    """One platform with one account. `now` is the office's clock, for far sides that can be told the time."""

    kind: ClassVar[str]
    #: what the platform's papers leave open, or what differs between accounts: each run takes one choice of each by lot
    switches: ClassVar[Mapping[str, Sequence[Any]]] = {}
    outlets: ClassVar[Mapping[str, type[Outlet]]] = {}  #: kinds that the registry does not know: for tests of the bench itself
    environment: Mapping[str, str] = {}  #: the channel's secrets, by variable
    repeatable: ClassVar[frozenset[str]] = frozenset()  #: calls besides GET, PUT and DELETE that the platform takes for one when said twice
    #: of a far side's lists: how often they must be asked, at most, until they show what is there
    lag: ClassVar[int] = 0
    url: str  #: where it listens

    def options(self) -> Mapping[str, Any]:
        """The channel's section of gongkai.toml, without its address. Of the account there is since it was last made to forget."""
        raise NotImplementedError

    def forget(self, switches: Mapping[str, Any]) -> None:
        """As it was at first, with these choices; where nothing can be removed, with another account."""
        raise NotImplementedError

    def shown(self) -> list[str]:
        """What the public sees: a text each, with its index number somewhere in it."""
        raise NotImplementedError

    def doubtful(self, line: DeliveryLine, shown: int) -> bool:
        """Whether a delivery that waits for a person, and of which so many are before the public, is one that only a person can tell."""
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def may_repeat(self, call: Call) -> bool:
        """Whether a network may deliver a call twice without it being the network's fault alone."""
        return call.method in ("GET", "PUT", "DELETE") or call.name in self.repeatable


def _sent_off(line: DeliveryLine) -> bool:
    """A request is written down as made, and no answer to it."""
    steps = dict(line.steps)
    return line.status is Status.UNCONFIRMED and bool(steps.get(SENDING)) and not steps.get(SENT)


class WeChat(Station):
    """The practice platform. What `channels.sandbox.wechat_state.Switches` leaves open is drawn; the office asks when in doubt.

    Twice: everything but the submit, of which nobody knows what a second one does. A second draft is before nobody's eyes but the staff's.
    """

    kind = "wechat"
    switches: ClassVar[Mapping[str, Sequence[Any]]] = {
        "draft_removed": ("submit", "finish"), "second_submit": ("ok", "error", "again"), "questions": (0, 1, 3), "lag": (0, 1, 2),
        "quotas": (True, False)}
    lag = 5
    environment: ClassVar[Mapping[str, str]] = {"CHAOS_WECHAT": "s3cret-wechat-0123456789abcdef"}
    repeatable = frozenset(f"POST /cgi-bin/{name}" for name in (
        "stable_token", "media/uploadimg", "material/add_material", "draft/add", "draft/get", "draft/batchget", "freepublish/get",
        "freepublish/batchget", "freepublish/getarticle"))

    def __init__(self, now: Clock) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gongkai-chaos-wechat-")
        self._far = Sandbox(Path(self._folder.name) / "wechat.db", now=now).start()
        self.url = self._far.url

    def options(self) -> Mapping[str, Any]:
        return {"app_id": "wx0123456789abcdef", "secret_env": "CHAOS_WECHAT", "polls": [0, 0]}

    def forget(self, switches: Mapping[str, Any]) -> None:
        with self._far.state.transaction():
            for table in ("drafts", "jobs", "articles", "calls", "pictures"):
                self._far.state.do(f"DELETE FROM {table}")  # noqa: S608  # the names are ours
        self._far.switch(**switches, secret=self.environment["CHAOS_WECHAT"])

    def shown(self) -> list[str]:
        return [article["content"] for article in self._far.articles()]

    def doubtful(self, line: DeliveryLine, shown: int) -> bool:
        """A submit whose answer was lost, and no article: what is there is found by its mark."""
        steps = dict(line.steps)
        return line.status is Status.UNCONFIRMED and bool(steps.get("submitting")) and not steps.get("publish_id") and not shown

    def stop(self) -> None:
        self._far.stop()
        self._folder.cleanup()


class Weibo(Station):
    """The practice account. Twice: questions only; its filter of what was just said is a hint, and may be off."""

    kind = "weibo"
    switches: ClassVar[Mapping[str, Sequence[Any]]] = {
        "may_read": (True, True, False), "filter": (True, False), "lags": (False, False, True), "shows": (True, True, False)}
    environment: ClassVar[Mapping[str, str]] = {"CHAOS_WEIBO": "2.00s3cret-weibo-0123456789"}

    def __init__(self, now: Clock) -> None:
        self._far = WeiboAccount(token=self.environment["CHAOS_WEIBO"], domain="qingshui.example.gov.cn", now=now)
        self._far.start()
        self.url = self._far.url

    def options(self) -> Mapping[str, Any]:
        return {"token_env": "CHAOS_WEIBO", "account": "清水街道发布"}

    def forget(self, switches: Mapping[str, Any]) -> None:
        self._far.posts.clear()
        for name, value in switches.items():
            setattr(self._far, name, value)

    def shown(self) -> list[str]:
        return [post["text"] for post in self._far.posts]

    def doubtful(self, line: DeliveryLine, shown: int) -> bool:
        """What the timeline shows is found; what it does not show may be under the platform's review."""
        return _sent_off(line) and not (shown and self._far.may_read and self._far.shows)

    def stop(self) -> None:
        self._far.stop()


class Robot(Station):
    """A practice group. Twice: nothing; a robot has one call, and the platform does not know a repeated one."""

    _far: Any

    def forget(self, switches: Mapping[str, Any]) -> None:
        vars(self._far).update(messages=[], _said=[], _shut=None)

    def shown(self) -> list[str]:
        return list(self._far.messages)

    def doubtful(self, line: DeliveryLine, shown: int) -> bool:
        """Nothing can be read back: whatever was sent without an answer."""
        return _sent_off(line)

    def stop(self) -> None:
        self._far.stop()


class WeCom(Robot):
    """企业微信."""

    kind = "wecom"
    environment: ClassVar[Mapping[str, str]] = {"CHAOS_WECOM": "b1c5f6a0-0123-4567-89ab-secretwecom1"}

    def __init__(self, now: Clock) -> None:
        self._far = WeComGroup(key=self.environment["CHAOS_WECOM"], now=now)
        self._far.start()
        self.url = self._far.url

    def options(self) -> Mapping[str, Any]:
        return {"key_env": "CHAOS_WECOM"}


class DingTalk(Robot):
    """钉钉."""

    kind = "dingtalk"
    environment: ClassVar[Mapping[str, str]] = {"CHAOS_DINGTALK": "t0ken-dingtalk-0123456789abcdef SECdingtalk0123456789abcdef0123456789"}

    def __init__(self, now: Clock) -> None:
        token, secret = self.environment["CHAOS_DINGTALK"].split()
        self._far = DingTalkGroup(token=token, secret=secret, now=now)
        self._far.start()
        self.url = self._far.url

    def options(self) -> Mapping[str, Any]:
        return {"token_env": "CHAOS_DINGTALK"}


class Mastodon(Station):
    """`mastodon_mock`, a real server of this API that keeps the Idempotency-Key. Twice: everything; pictures leave an orphan."""

    kind = "mastodon"
    environment: ClassVar[Mapping[str, str]] = {"CHAOS_MASTODON": TOKEN}
    repeatable = frozenset({"POST /api/v1/statuses", "POST /api/v2/media"})

    def __init__(self, now: Clock) -> None:
        self._far = MastodonMock()
        self.url = self._far.url

    def options(self) -> Mapping[str, Any]:
        return {"token_env": "CHAOS_MASTODON", "account": "@qingshui@social.example.gov.cn", "polls": [0, 0]}

    def forget(self, switches: Mapping[str, Any]) -> None:
        self._far.forget()

    def shown(self) -> list[str]:
        return [status["content"] for status in self._far.statuses()]

    def doubtful(self, line: DeliveryLine, shown: int) -> bool:
        """Never: the account's own timeline tells, sooner or later."""
        return False

    def stop(self) -> None:
        self._far.stop()


#: by what `--platform` and, after a stroke, `--server` name
STATIONS: Mapping[str, type[Station]] = {
    "wechat": WeChat,
    "weibo": Weibo,
    "wecom": WeCom,
    "dingtalk": DingTalk,
    "mastodon": Mastodon,
}

"""The practice platforms that `bench/chaos.py` plays on, and the table of all its far sides. A new one is a class and a line in STATIONS."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from bench.chaos_servers import Bluesky, Mastodon, Portal, Snac
from bench.chaos_station import Clock, Station, sent_off
from channels.sandbox.dingtalk import DingTalkGroup
from channels.sandbox.wechat import Sandbox
from channels.sandbox.wecom import WeComGroup
from channels.sandbox.weibo import WeiboAccount
from content.deliveries import Status
from ledger.queries import DeliveryLine


class WeChat(Station):
    """The practice platform. What `channels.sandbox.wechat_state.Switches` leaves open is drawn; the office asks when in doubt.

    So is for how many calls another program voids our token (`voided`), by fetching one of its own. Twice: everything but the submit, of which nobody knows what a second one does. A second draft is before nobody's eyes but the staff's.
    """

    kind = "wechat"
    switches: ClassVar[Mapping[str, Sequence[Any]]] = {
        "draft_removed": ("submit", "finish"), "second_submit": ("ok", "error", "again"), "questions": (0, 1, 3), "lag": (0, 1, 2),
        "quotas": (True, False), "voided": (0, 0, 3)}
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
            for table in ("drafts", "jobs", "articles", "calls", "events", "pictures"):
                self._far.state.do(f"DELETE FROM {table}")  # noqa: S608  # the names are ours
        own = {name: value for name, value in switches.items() if name != "voided"}
        self._far.switch(**own, secret=self.environment["CHAOS_WECHAT"])
        self._far.mood("fine")
        self._far.mood("forgets its token", times=switches["voided"])

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
        return sent_off(line) and not (shown and self._far.may_read and self._far.shows)

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
        return sent_off(line)

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


#: by what `--platform` and, after a stroke, `--server` name
STATIONS: Mapping[str, type[Station]] = {
    "wechat": WeChat,
    "weibo": Weibo,
    "wecom": WeCom,
    "dingtalk": DingTalk,
    "mastodon": Mastodon,
    "bluesky": Bluesky,
    "mastodon/snac": Snac,
    "portal": Portal,
}

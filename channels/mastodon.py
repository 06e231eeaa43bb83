"""Mastodon 长毛象: a status a delivery, on any server that speaks its API. What is promised stands in docs/channels/mastodon.md."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self

import requests

from channels.accounts import Meter
from channels.base import Errand, Limits, Rendition, Scene, Setting, Shown
from channels.credentials import Credential
from channels.errors import ConfigurationError, UnusableError
from channels.hashtags import tagged
from channels.mastodon_api import CALLS, DELETES, MEDIA, STATUSES, Api
from channels.mastodon_way import FRAME, Plan, Way
from channels.mastodon_words import units
from channels.options import Options
from channels.pictures import first
from channels.post_preview import PAGE, show
from channels.remote import TIMEOUT, Remote
from content.accounts import Checkup, Quota
from content.deliveries import Posting
from content.items import Edition
from content.sightings import Sighting

LONGEST = 500  #: characters, where the office has not said otherwise
PICTURES = 4
QUOTAS = (
    Quota(name=CALLS, calls=300, per=timedelta(minutes=5)),
    Quota(name=STATUSES, calls=300, per=timedelta(hours=3)),
    Quota(name=MEDIA, calls=30, per=timedelta(minutes=30)),
    Quota(name=DELETES, calls=30, per=timedelta(minutes=30)),
)
POLLS = (1.0, 3.0, 8.0)  #: seconds; a picture that is not ready by then waits for the next try
SETTLE_MINUTES = 10
OPTIONS = frozenset({"api", "token_env", "account", "visibility", "language", "max_characters", "polls", "doubt_minutes", "follows"})


class Visibility(StrEnum):
    """Who is shown a status. The other two of the platform are not for the public."""

    PUBLIC = "public"
    UNLISTED = "unlisted"  #: readable by everybody, but in no public timeline


class Mastodon:
    """One account."""

    kind: ClassVar[str] = "mastodon"
    label: ClassVar[str] = "Mastodon（长毛象）"
    limits = Limits(text=LONGEST, count=units, max_images=PICTURES)  #: of one account: its server's

    def __init__(self, name: str, *, api: Api, plan: Plan, account: str, longest: int = LONGEST) -> None:
        self.name, self.account = name, account
        self.limits = Limits(text=longest, count=units, max_images=PICTURES)
        self._api, self._plan = api, plan

    @classmethod
    def from_setting(cls, setting: Setting, *, session: requests.Session | None = None, timeout: tuple[float, float] = TIMEOUT,
                     pause: Callable[[float], None] = time.sleep) -> Self:
        """Build from configuration; the token itself is asked for at the first call, so that previews need none."""
        options = Options(setting)
        options.only(OPTIONS)
        token = Credential(setting, options.text("token_env"), wanted_for="登录 Mastodon", called="访问令牌")
        account = options.text("account")
        longest = options.number("max_characters", LONGEST)
        if longest != int(longest) or longest < 1:
            raise options.wrong("max_characters", f"is {longest!r}, not a whole number of characters")
        try:
            remote = Remote(options.text("api"), session=session, timeout=timeout)
        except ConfigurationError as error:
            raise options.wrong("api", str(error)) from None
        meter = Meter(setting.pace, f"mastodon/{remote.host}/{account}", QUOTAS)
        plan = Plan(visibility=options.choice("visibility", Visibility, Visibility.PUBLIC), language=options.text("language", "zh"),
                    settle=timedelta(minutes=options.number("doubt_minutes", SETTLE_MINUTES)), polls=options.numbers("polls", POLLS),
                    pause=pause)
        api = Api(remote, token=token, meter=meter)
        return cls(setting.name, api=api, plan=plan, account=account, longest=int(longest))

    def render(self, edition: Edition) -> Rendition:
        """Title, summary and topics, index number and link, and the first four pictures.

        Raises:
            UnsuitableError: index number and link alone are too long, or a picture is of a type that no server takes.
        """
        return Rendition(body=tagged(edition, self.limits), images=first(edition, PICTURES, "Mastodon"), fields=(("link", edition.link),))

    def post(self, rendition: Rendition, *, errand: Errand) -> Posting:
        """Post once. What an earlier try may have posted is looked for first."""
        return self._way(errand).post(rendition)

    def amend(self, posting: Posting, rendition: Rendition, *, errand: Errand) -> Posting:
        """Give the status its new words and pictures; readers see that it was edited.

        Raises:
            PermanentError: it is not there any more.
        """
        return self._way(errand).amend(posting, rendition)

    def withdraw(self, posting: Posting, *, errand: Errand) -> None:
        """Delete the status. It does not come back.

        Raises:
            HandworkError: the server has no way to delete; a person does.
        """
        self._way(errand).withdraw(posting)

    def find(self, *, errand: Errand) -> Posting | None:
        """Look through the account's own statuses for index number and link.

        Raises:
            AmbiguousError: it is not there yet, and could still appear.
        """
        return self._way(errand).find()

    def observe(self, posting: Posting, *, errand: Errand) -> Sighting:
        """Ask for the status itself."""
        return self._way(errand).observe(posting)

    def check(self, now: datetime) -> Checkup:
        """Log in, and ask the server what it takes.

        Raises:
            UnusableError: it takes less than the office was told it does, or does not let us in.
        """
        reply = self._api.call("GET", "/api/v1/accounts/verify_credentials", now, expect=(422,))
        if not reply.well or not isinstance(reply.said, dict) or not reply.said.get("id"):
            raise UnusableError("Mastodon 不认这个访问令牌（422）；请在“首选项→开发”里重新生成，并更新环境变量里的令牌")
        if reply.said.get("suspended") or reply.said.get("moved"):
            raise UnusableError("该 Mastodon 账号已被冻结或已迁走；请登录查看通知，或改用新账号")
        takes, own = self._server_takes(now), self.limits.text or LONGEST
        if takes is not None and takes < own:
            raise UnusableError(f"该服务器一条至多 {takes} 字，而该渠道按 {own} 字排版；请在 gongkai.toml 中设 max_characters = {takes}")
        says = "says nothing of its limit" if takes is None else f"takes {takes} characters, {own} used"
        who = reply.said.get("acct") or reply.said.get("username")
        return Checkup(line=f"logged in as @{who}; the token has no end; the server {says}")

    def _server_takes(self, now: datetime) -> int | None:
        for version in ("v2", "v1"):  # some servers of the family know only the older call, and answer the newer with a page
            reply = self._api.call("GET", f"/api/{version}/instance", now, expect=(404, 405, 410))
            if reply.well and isinstance(reply.said, dict):
                said = (reply.said.get("configuration") or {}).get("statuses") or {}
                most = said.get("max_characters") or reply.said.get("max_toot_chars")
                return most if isinstance(most, int) else None
        return None

    def preview_path(self, edition: Edition) -> str:
        """Where the preview begins."""
        return PAGE

    def show(self, scene: Scene, path: str) -> Shown | None:
        """The status as a card on a phone."""
        return show(scene, path, account=self.account, label=self.label, frame=FRAME,
                    count=f"{units(scene.rendition.body)} / {self.limits.text} 字（每个链接算 23 字）")

    def _way(self, errand: Errand) -> Way:
        return Way(self._api, self._plan, errand)

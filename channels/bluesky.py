"""Bluesky 蓝天: a post a delivery, on any server of its protocol. What is promised stands in docs/channels/bluesky.md."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

import requests

from channels.accounts import Meter
from channels.base import Errand, Limits, Rendition, Scene, Setting, Shown
from channels.bluesky_api import QUOTAS, Api, Wire
from channels.bluesky_codes import BAD_REQUEST
from channels.bluesky_way import FRAME, WHY, Plan, Way
from channels.bluesky_words import units
from channels.credentials import A_LINE, Credential
from channels.errors import ConfigurationError, UnusableError
from channels.hashtags import tagged
from channels.options import Options
from channels.pictures import first
from channels.post_preview import PAGE, show
from channels.remote import TIMEOUT, Remote
from channels.wording import clip, gist, one_line
from content.accounts import Checkup
from content.deliveries import Posting
from content.items import Edition
from content.sightings import Sighting

LONGEST, PICTURES, CARD = 300, 4, 200
SETTLE_MINUTES = 10
OPTIONS = frozenset({"api", "account", "password_env", "languages", "app", "doubt_minutes", "follows"})


class Bluesky:
    """One account."""

    kind: ClassVar[str] = "bluesky"
    label: ClassVar[str] = "Bluesky（蓝天）"
    limits = Limits(text=LONGEST, count=units, max_images=PICTURES)

    def __init__(self, name: str, *, api: Api, plan: Plan) -> None:
        self.name, self._api, self._plan = name, api, plan

    @classmethod
    def from_setting(cls, setting: Setting, *, session: requests.Session | None = None, timeout: tuple[float, float] = TIMEOUT) -> Self:
        """Build from configuration; the password itself is asked for at the first call, so that previews need none."""
        options = Options(setting)
        options.only(OPTIONS)
        account = options.text("account")
        password = Credential(setting, options.text("password_env"), wanted_for="登录 Bluesky", called="应用密码", form=A_LINE)
        if not account.startswith("did:") and ("." not in account or set(account) & set("@/: ")):
            raise options.wrong("account", f"is {account!r}; write the handle, such as office.example.gov.cn, without @")
        app = options.text("app", "https://bsky.app").rstrip("/")
        if not app.startswith("https://"):
            raise options.wrong("app", f"is {app!r}; write https://…")
        try:
            remote = Remote(options.text("api", "https://bsky.social"), session=session, timeout=timeout)
        except ConfigurationError as error:
            raise options.wrong("api", str(error)) from None
        wire = Wire(remote, Meter(setting.pace, f"bluesky/{remote.host}/{account}", QUOTAS))
        api = Api(wire, account=account, password=password, keyring=setting.keyring)
        plan = Plan(languages=options.text("languages", "zh-CN").split(), app=app,
                    settle=timedelta(minutes=options.number("doubt_minutes", SETTLE_MINUTES)))
        return cls(setting.name, api=api, plan=plan)

    def render(self, edition: Edition) -> Rendition:
        """Title, summary and topics, index number and link, and the first four pictures; without any, a card of the link.

        Raises:
            UnsuitableError: index number and link alone are too long, or a picture is of a type that no app shows.
        """
        images = first(edition, PICTURES, "Bluesky")
        card = (("card_title", one_line(edition.title)), ("card_text", clip(gist(edition), CARD))) if edition.link and not images else ()
        return Rendition(body=tagged(edition, self.limits), images=images, fields=(("link", edition.link), *card))

    def post(self, rendition: Rendition, *, errand: Errand) -> Posting:
        """Post once: under the name that follows from the delivery's key."""
        return self._way(errand).post(rendition)

    def amend(self, posting: Posting, rendition: Rendition, *, errand: Errand) -> Posting:
        """Put up a new post in place of the old one, both at once: apps do not show that a post was edited.

        Raises:
            PermanentError: it is not there any more.
        """
        return self._way(errand).amend(posting, rendition)

    def withdraw(self, posting: Posting, *, errand: Errand) -> None:
        """Take the post down."""
        self._way(errand).withdraw(posting)

    def find(self, *, errand: Errand) -> Posting | None:
        """Ask for the record of the delivery's name.

        Raises:
            AmbiguousError: it is not there yet, and could still appear.
        """
        return self._way(errand).find()

    def observe(self, posting: Posting, *, errand: Errand) -> Sighting:
        """Ask for the record as anybody may."""
        return self._way(errand).observe(posting)

    def check(self, now: datetime) -> Checkup:
        """Log in, and ask whether the account is at work and still goes by its handle.

        Raises:
            UnusableError: it is not, or does not.
        """
        reply, account = self._api.call("GET", "com.atproto.server.getSession", now, expect=frozenset({BAD_REQUEST})), self._api.account
        said, did = reply.said, str(reply.said.get("did") or "")
        if not reply.well or said.get("active") is False:
            why = WHY.get(str(said.get("status") or ""), "下架、停用或注销")
            raise UnusableError(f"Bluesky 账号 {account} 已被{why}；请登录并查看邮件通知")
        if not account.startswith("did:"):
            named = self._api.ask("com.atproto.identity.resolveHandle", now, expect={BAD_REQUEST}, handle=account).said.get("did")
            if not did or named != did:
                raise UnusableError(f"账号名 {account} 现在不指向登录的账号（{did}）；请核对域名解析记录，或改 gongkai.toml 中的 account")
        until = self._api.hold(now).until
        end = f"the session is good until {until.astimezone(now.tzinfo):%Y-%m-%d %H:%M}" if until else "nobody says when the session ends"
        return Checkup(line=f"logged in as @{said.get('handle')} ({did}); {end}, and renews itself")

    def preview_path(self, edition: Edition) -> str:
        """Where the preview begins."""
        return PAGE

    def show(self, scene: Scene, path: str) -> Shown | None:
        """The post as a card on a phone."""
        fields = dict(scene.rendition.fields)
        card = (fields["card_title"], fields["card_text"], fields["link"]) if "card_title" in fields else ()
        return show(scene, path, account=f"@{self._api.account}", label=self.label, frame=FRAME, card=card,
                    count=f"{units(scene.rendition.body)} / {LONGEST} 字")

    def _way(self, errand: Errand) -> Way:
        return Way(self._api, self._plan, errand)

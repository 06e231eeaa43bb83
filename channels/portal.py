"""上级门户网站: an article a delivery, in a column of a WordPress site. What is promised stands in docs/channels/portal.md."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self

import requests

from channels import portal_preview
from channels.accounts import Meter
from channels.base import Errand, Limits, Rendition, Scene, Setting, Shown
from channels.credentials import WORDS, Credential
from channels.errors import ConfigurationError, UnsuitableError, UnusableError
from channels.options import Options
from channels.portal_api import CALLS, Api
from channels.portal_way import Plan, Way
from channels.portal_words import article, mark
from channels.remote import TIMEOUT, Remote
from channels.wording import clip, gist, octets
from content.accounts import Checkup
from content.deliveries import Action, Posting, delivery_key
from content.items import Edition
from content.sightings import Sighting

TITLE, TEXT = 5000, 4_000_000  #: characters; bytes: half of what a server of PHP takes in one call, where nobody has told it otherwise
EXCERPT = 200
SETTLE_MINUTES = 10
OPTIONS = frozenset({"api", "user", "password_env", "category", "status", "account", "doubt_minutes", "follows"})
#: what the account must be allowed, by WordPress' own name, and for what
RIGHTS = {"edit_posts": "撰写", "publish_posts": "发布", "edit_published_posts": "更正", "delete_published_posts": "撤回",
          "upload_files": "上传文件"}


class Ends(StrEnum):
    """Who puts an article before the public."""

    PUBLISH = "publish"  #: we do
    PENDING = "pending"  #: the portal's editors, when they have read it


class Portal:
    """One column of one portal."""

    kind: ClassVar[str] = "portal"
    label: ClassVar[str] = "上级门户网站"
    limits: ClassVar[Limits] = Limits(title=TITLE, text=TEXT, count=octets, unit="字节")

    def __init__(self, name: str, *, api: Api, plan: Plan, account: str) -> None:
        self.name, self.account = name, account
        self._api, self._plan = api, plan

    @classmethod
    def from_setting(cls, setting: Setting, *, session: requests.Session | None = None, timeout: tuple[float, float] = TIMEOUT) -> Self:
        """Build from configuration; the password itself is asked for at the first call, so that previews need none."""
        options = Options(setting)
        options.only(OPTIONS)
        user = options.text("user")
        password = Credential(setting, options.text("password_env"), wanted_for="登录门户网站", called="应用程序密码", form=WORDS)
        try:
            remote = Remote(options.text("api"), session=session, timeout=timeout)
        except ConfigurationError as error:
            raise options.wrong("api", str(error)) from None
        plan = Plan(office=setting.office.code, category=_category(setting, options), status=options.choice("status", Ends, Ends.PUBLISH),
                    settle=timedelta(minutes=options.number("doubt_minutes", SETTLE_MINUTES)))
        api = Api(remote, user=user, password=password, meter=Meter(setting.pace, f"portal/{remote.host}/{user}", [CALLS]))
        return cls(setting.name, api=api, plan=plan, account=options.text("account", remote.host))

    def render(self, edition: Edition) -> Rendition:
        """The whole text, its pictures and files, and at its end index number, sources and the link to the original.

        Raises:
            UnsuitableError: too long, or a picture is missing or of a type that no portal takes.
        """
        for image in edition.images:
            if not image.media_type.startswith("image/") or image.media_type == "image/svg+xml":
                raise UnsuitableError(f"{edition.index_number}：图片“{image.name}”是 {image.media_type}，门户网站不收；请换成 JPEG")
        key = delivery_key(edition.index_number, edition.number, Action.PUBLISH, self.name)
        body = article(edition, mark(self._plan.office, key))
        if octets(body) > TEXT or len(edition.title) > TITLE:
            raise UnsuitableError(f"{edition.index_number}：标题超过{TITLE}字，或正文连同格式超过 {TEXT // 1_000_000} MB，门户网站放不下；"
                                  "请精简正文，把长表格改为附件，或取消该渠道")
        return Rendition(body=body, media_type="text/html", title=edition.title, images=edition.images, attachments=edition.attachments,
                         fields=(("excerpt", clip(gist(edition), EXCERPT)), ("link", edition.link)))

    def post(self, rendition: Rendition, *, errand: Errand) -> Posting:
        """Publish once, or hand it to the portal's editors. What is there of the item already is looked for first."""
        return self._way(errand).post(rendition)

    def amend(self, posting: Posting, rendition: Rendition, *, errand: Errand) -> Posting:
        """Give the article its new words, pictures and files; its address stays.

        Raises:
            PermanentError: it is not there any more.
        """
        return self._way(errand).amend(posting, rendition)

    def withdraw(self, posting: Posting, *, errand: Errand) -> None:
        """Move the article to the portal's trash; its pictures and files are deleted."""
        self._way(errand).withdraw(posting)

    def find(self, *, errand: Errand) -> Posting | None:
        """Look for the article by its number and name.

        Raises:
            AmbiguousError: it is not before the public yet, and could still come.
            PermanentError: a person at the portal threw it away.
        """
        return self._way(errand).find()

    def observe(self, posting: Posting, *, errand: Errand) -> Sighting:
        """Ask for the article as a reader would."""
        return self._way(errand).observe(posting)

    def check(self, now: datetime) -> Checkup:
        """Log in, ask what the account may do, and whether the category is there.

        Raises:
            UnusableError: it does not let us in, the account lacks a right, or there is no such category.
        """
        me = self._api.call("GET", "/users/me", now, params={"context": "edit", "_fields": "username,capabilities"}).said
        may = me.get("capabilities") if isinstance(me, dict) else None
        publishes = self._plan.status == Ends.PUBLISH
        rights = {right: what for right, what in RIGHTS.items() if publishes or right != "publish_posts"}
        if missing := [f"{what}（{right}）" for right, what in rights.items() if not (isinstance(may, dict) and may.get(right))]:
            raise UnusableError(f"门户网站账号没有这些权限：{'、'.join(missing)}；请门户网站管理员给该账号“作者”或“编辑”角色")
        number = self._api.category(self._plan.category, now)
        return Checkup(line=f"logged in as {me.get('username')}; may {'publish' if publishes else 'hand in'}; category {number} is there")

    def preview_path(self, edition: Edition) -> str:
        """Where the preview begins."""
        return portal_preview.PAGE

    def show(self, scene: Scene, path: str) -> Shown | None:
        """The article as in the portal's column."""
        return portal_preview.show(scene, path, account=self.account)

    def _way(self, errand: Errand) -> Way:
        return Way(self._api, self._plan, errand)


def _category(setting: Setting, options: Options) -> str:
    """A number may be written as one."""
    number = setting.options.get("category")
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else options.text("category")

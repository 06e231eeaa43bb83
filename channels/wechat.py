"""微信公众号: an article a delivery, as draft and publishing job. What is promised stands in docs/channels/wechat.md."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar, Self
from urllib.parse import quote

import requests

from channels import wechat_observe, wechat_preview
from channels.accounts import Meter
from channels.base import Call, Errand, Heard, Limits, Rendition, Scene, Setting, Shown
from channels.credentials import Credential
from channels.errors import ConfigurationError, UnsignedError, UnsuitableError, UnusableError
from channels.options import Corrections, Options
from channels.remote import TIMEOUT, Remote
from channels.wechat_api import Api, account
from channels.wechat_article import article
from channels.wechat_codes import CODES, NO_RIGHT
from channels.wechat_look import mark
from channels.wechat_plan import Doubt, Mode, Plan
from channels.wechat_push import Ear
from channels.wechat_quotas import QUOTAS
from channels.wechat_way import Way
from channels.wording import clip, units
from content.accounts import Checkup
from content.deliveries import Action, Posting, delivery_key
from content.html import image_names, text
from content.items import Edition
from content.offices import Office
from content.sightings import Sighting

API = "https://api.weixin.qq.com"
TITLE, AUTHOR, DIGEST = 32, 16, 128  #: characters
CONTENT = 19_999  #: characters of the article's HTML, addresses of pictures included
CONTENT_BYTES = 1_000_000 - 1
SOURCE_URL_BYTES = 1000
PICTURE_ROOM = 256  #: characters that a picture's address on the platform may take; its name in the rendition is shorter
POLLS = (10.0, 30.0, 120.0, 600.0, 1800.0, 7200.0)  #: seconds after the submit: when to ask whether it is done
SETTLE_MINUTES = 30


class WeChat:
    """One official account."""

    kind: ClassVar[str] = "wechat"
    label: ClassVar[str] = "微信公众号"
    limits: ClassVar[Limits] = Limits(title=TITLE, text=CONTENT, count=units)

    def __init__(self, name: str, *, office: Office, api: Api, plan: Plan, ear: Ear | None = None, account: str = "",
                 author: str = "", replaces: bool = False) -> None:
        self.name, self.office, self.account, self.author = name, office, account, author or office.short_name
        self._api, self._plan, self._ear, self.replaces = api, plan, ear, replaces
        if units(self.author) > AUTHOR:
            raise ConfigurationError(f"channel {name!r}: author {self.author!r} has more than {AUTHOR} characters; set a shorter author")

    @classmethod
    def from_setting(cls, setting: Setting, *, session: requests.Session | None = None, timeout: tuple[float, float] = TIMEOUT,
                     pause: Callable[[float], None] = time.sleep) -> Self:
        """Build from configuration; the secret itself is asked for at the first call, so that previews need none."""
        options = Options(setting)
        secret = Credential(setting, options.text("secret_env"), wanted_for="登录公众号", called=" AppSecret ")
        plan = Plan(mode=Mode(options.choice("mode", Mode, Mode.PUBLISH)), doubt=Doubt(options.choice("on_doubt", Doubt, Doubt.ASK)),
                    settle=timedelta(minutes=options.number("doubt_minutes", SETTLE_MINUTES)),
                    polls=tuple(sorted(options.numbers("polls", POLLS))), pause=pause)
        try:
            remote = Remote(options.text("api", API), session=session, timeout=timeout)
        except ConfigurationError as error:
            raise ConfigurationError(f"channel {setting.name!r}: api: {error}") from None
        app_id = options.text("app_id")
        api = Api(remote, app_id=app_id, secret=secret, keyring=setting.keyring,
                  meter=Meter(setting.pace, account(remote, app_id), QUOTAS))
        token_name, key_name = options.text("push_token_env", ""), options.text("push_key_env", "")
        if key_name and not token_name:
            raise options.wrong("push_key_env", "is set, but push_token_env is not; secure mode needs both")
        ear = Ear(app_id, token=lambda: setting.secret(token_name), key=(lambda: setting.secret(key_name)) if key_name else None)
        return cls(setting.name, office=setting.office, api=api, plan=plan, ear=ear if token_name else None,
                   account=options.text("account", ""), author=options.text("author", ""),
                   replaces=options.choice("corrections", Corrections, Corrections.BY_HAND) == Corrections.REPLACE)

    def render(self, edition: Edition) -> Rendition:
        """The article. Its cover is the first picture, or one drawn from the office's name and the title."""
        title = " ".join((edition.short_title or edition.title).split())
        if units(title) > TITLE:
            field = "短标题" if edition.short_title else "标题"
            raise UnsuitableError(f"{edition.index_number}：{field}有{units(title)}字，微信公众号至多{TITLE}字；请填写更短的短标题")
        told = {"full_title": bool(edition.short_title), "has_page": bool(edition.link)}
        body = article(edition, **told)
        if _room(body) > CONTENT:  # wide tables as tables then: cramped is better than not at all
            body = article(edition, **told, blocks=False)
        self._check(edition, body)
        digest = clip(" ".join((edition.summary or text(edition.body)).split()), DIGEST)
        cover = next((image.name for image in edition.images), "")
        return Rendition(title=title, body=body, media_type="text/html", images=edition.images, attachments=edition.attachments,
                         fields=(("author", self.author), ("digest", digest), ("content_source_url", self._source_url(edition)),
                                 ("cover", cover)))

    def _source_url(self, edition: Edition) -> str:
        """阅读原文, bearing the mark by which a lost article is found again."""
        key = delivery_key(edition.index_number, edition.number, Action.PUBLISH, self.name)
        base = edition.link or f"{self.office.site.home}/?item={quote(edition.index_number, safe='')}"
        page, hash_sign, fragment = base.partition("#")
        url = f"{page}{'&' if '?' in page else '?'}{mark(key)}{hash_sign}{fragment}"
        if len(url.encode()) > SOURCE_URL_BYTES:
            raise UnsuitableError(f"{edition.index_number}：网页地址超过{SOURCE_URL_BYTES}字节，微信公众号放不下；请缩短地址")
        return url

    def _check(self, edition: Edition, body: str) -> None:
        shown = image_names(body)
        known = {image.name for image in edition.images}
        if missing := [name for name in shown if name not in known]:
            raise UnsuitableError(f"{edition.index_number}：正文里的图片“{missing[0]}”没有随信息提供；请上传该图片或从正文删去")
        for image in edition.images:
            if not image.media_type.startswith("image/") or image.media_type == "image/svg+xml":
                raise UnsuitableError(f"{edition.index_number}：图片“{image.name}”是 {image.media_type}，微信公众号不收；请换成 JPEG")
        if _room(body) > CONTENT:
            raise UnsuitableError(f"{edition.index_number}：正文连同格式共{_room(body)}个字符，微信公众号至多{CONTENT}个；"
                                  "请精简正文，把长表格改为附件，或取消微信渠道")
        if len(body.encode()) + len(shown) * PICTURE_ROOM > CONTENT_BYTES:
            raise UnsuitableError(f"{edition.index_number}：正文连同格式超过 1 MB，微信公众号放不下；请精简正文")

    def post(self, rendition: Rendition, *, errand: Errand) -> Posting:
        """Make the draft and publish it; in draft_only mode, or where the account may not publish, a person does the rest."""
        return self._way(errand).post(rendition)

    def withdraw(self, posting: Posting, *, errand: Errand) -> None:
        """Delete the article, or the draft that nobody published yet. Neither comes back."""
        self._way(errand).withdraw(posting)

    def find(self, *, errand: Errand) -> Posting | None:
        """Look by what was learnt, else by the mark.

        Raises:
            PermanentError: it was taken, and then refused for good.
        """
        return self._way(errand).find()

    def observe(self, posting: Posting, *, errand: Errand) -> Sighting:
        """Ask what became of the article."""
        return wechat_observe.observe(self._api, posting, errand)

    @property
    def listens(self) -> bool:
        """Whether the platform was given an address to call: `push_token_env`."""
        return self._ear is not None

    def hear(self, call: Call, *, at: datetime) -> Heard:
        """The end of a publishing job, told by the platform.

        Raises:
            UnsignedError: it does not bear the platform's signature, is out of date, or cannot be read; or nobody listens.
        """
        if self._ear is None:
            raise UnsignedError("push_token_env is not set")
        return self._ear.hear(call, at=at)

    def check(self, now: datetime) -> Checkup:
        """Log in, and ask for the one list that only an account with the right to publish may read.

        What it finds of that right holds for the deliveries to come.

        Raises:
            UnusableError: the account may not publish, or does not let us in.
        """
        until = self._api.log_in(now)
        if self._plan.mode is Mode.PUBLISH:
            answer = self._api.call("freepublish/batchget", now, json={"offset": 0, "count": 1, "no_content": 1}, expect=(NO_RIGHT,))
            has = answer.get("errcode") != NO_RIGHT
            self._api.note_right(now, has=has)
            if not has:
                raise UnusableError(f"微信接口 freepublish 返回 {NO_RIGHT}：{CODES[NO_RIGHT].advice}；"
                                    "在此之前文章只建草稿，由人工在公众平台发布。若本来如此，请在 gongkai.toml 中设 mode = \"draft_only\"")
        heard = "events heard" if self.listens else "no events heard: push_token_env is not set"
        return Checkup(line=f"token good until {until:%Y-%m-%d %H:%M}; mode {self._plan.mode}; {heard}")

    def text_units(self, rendition: Rendition) -> int:
        """How much of the platform's room for the text it takes: with the addresses that its pictures will get there."""
        return _room(rendition.body)

    def preview_path(self, edition: Edition) -> str:
        """Where the preview begins."""
        return wechat_preview.ARTICLE

    def show(self, scene: Scene, path: str) -> Shown | None:
        """The article as on a phone, its line in the account's list, its pictures.

        Raises:
            PermanentError: a picture cannot be opened.
        """
        return wechat_preview.show(scene, path, account=self.account or self.office.short_name, office=self.office.short_name)

    def _way(self, errand: Errand) -> Way:
        return Way(self._api, self._plan, errand, office=self.office.short_name)


def _room(body: str) -> int:
    """How many characters it takes, with the addresses that its pictures will get."""
    return units(body) + len(image_names(body)) * PICTURE_ROOM

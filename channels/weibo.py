"""微博: a short post with one picture. What is promised stands in docs/channels/weibo.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

import requests

from channels.accounts import Meter
from channels.asking import asking, listed
from channels.base import Errand, Limits, Rendition, Scene, Setting, Shown
from channels.codes import Meaning
from channels.credentials import Credential
from channels.errors import (
    IN_DOUBT,
    AmbiguousError,
    ConfigurationError,
    HandworkError,
    PermanentError,
    QuotaError,
    TransientError,
    UnsuitableError,
    UnusableError,
)
from channels.once import SENDING, at_most_once, in_doubt, keep, sent
from channels.options import Corrections, Options
from channels.pictures import Frame, fitted
from channels.post_preview import PAGE, show
from channels.remote import TIMEOUT, Remote
from channels.weibo_codes import CODES, LAGS, NO_RIGHT, NOT_THERE, SAME
from channels.weibo_words import LONGEST, address, instant, units
from channels.wording import fit
from content.accounts import Checkup, Quota
from content.deliveries import REPLACING, Posting
from content.index_numbers import mentions
from content.items import Edition, Image
from content.sightings import Seen, Sighting

API = "https://api.weibo.com"
FRAME = Frame(largest=5_000_000 - 1, widest=2048)
FAULTS = frozenset({400, 401, 403, 500, 503})  #: statuses under which a JSON object with an error_code may come
SHARE = Quota(name="statuses/share", calls=30, per=timedelta(hours=1))  #: of a user in an ordinary app
CLOCKS = timedelta(days=1)  #: further than this the platform's clock and ours are not apart


class Weibo:
    """One account."""

    kind: ClassVar[str] = "weibo"
    label: ClassVar[str] = "微博"
    limits: ClassVar[Limits] = Limits(text=LONGEST, count=units, max_images=1)

    def __init__(self, setting: Setting, remote: Remote, *, token: Credential, account: str, domains: tuple[str, ...], ip: str,
                 replaces: bool = False) -> None:
        self.name, self.replaces = setting.name, replaces
        self._remote, self._credential = remote, token
        self._account, self._domains, self._ip = account, domains, ip
        self._meter = Meter(setting.pace, f"weibo/{remote.host}/{account}", [SHARE])

    def __repr__(self) -> str:
        return f"Weibo({self.name!r}, {self._remote!r})"

    @classmethod
    def from_setting(cls, setting: Setting, *, session: requests.Session | None = None, timeout: tuple[float, float] = TIMEOUT) -> Self:
        """Build from configuration; the token itself is asked for at the first call, so that previews need none."""
        options = Options(setting)
        options.only({"token_env", "account", "domains", "ip", "api", "follows", "corrections"})
        try:
            remote = Remote(options.text("api", API), session=session, timeout=timeout)
        except ConfigurationError as error:
            raise options.wrong("api", str(error)) from None
        token = Credential(setting, options.text("token_env"), wanted_for="登录微博", called=" access_token ")
        home = urlsplit(setting.office.site.home).hostname or ""
        return cls(setting, remote, token=token, account=options.text("account"),
                   domains=tuple(options.text("domains", home).split()), ip=options.text("ip", ""),
                   replaces=options.choice("corrections", Corrections, Corrections.BY_HAND) == Corrections.REPLACE)

    def render(self, edition: Edition) -> Rendition:
        """Title and summary, index number and link, and the first picture.

        Raises:
            UnsuitableError: there is no link of a domain that the platform has approved for the app; it takes no other post.
        """
        host = urlsplit(edition.link).hostname or ""
        if not any(host == domain or host.endswith(f".{domain}") for domain in self._domains):
            raise UnsuitableError(f"{edition.index_number}：微博只收带有安全域名（{'、'.join(self._domains)}）链接的内容；"
                                  "请同时在网站发布，或取消微博渠道")
        for image in edition.images[:1]:
            if not image.media_type.startswith("image/") or image.media_type == "image/svg+xml":
                raise UnsuitableError(f"{edition.index_number}：图片“{image.name}”是 {image.media_type}，微博不收；请换成 JPEG")
        return Rendition(body=fit(edition, self.limits), images=edition.images[:1])

    def post(self, rendition: Rendition, *, errand: Errand) -> Posting:
        """Post once. What an earlier try may have posted is looked for first; where the app may not look, a person does."""
        if not sent(errand) and in_doubt(errand) and (found := self.find(errand=errand)):
            return found
        return at_most_once(errand, lambda: self._share(rendition, errand))

    def _share(self, rendition: Rendition, errand: Errand) -> Posting:
        files = {"pic": self._picture(rendition.images[0], errand)} if rendition.images else None
        token = self._token()
        self._meter.spend(SHARE.name, errand.at)
        said = {"access_token": token, "status": rendition.body, **({"rip": self._ip} if self._ip else {})}
        answer = self._remote.call("POST", "/2/statuses/share.json", creates=True, reads=FAULTS, data=said, files=files)
        code = _code(answer)
        if code == LAGS:
            raise AmbiguousError(f"微博说已发出、稍后才能看到（{LAGS}）；系统会自动核实，请勿手工重发")
        if code:
            self._refuse(code, answer, "statuses/share", errand.at, creates=True)
        return self._posting(answer, sure=False)

    def _picture(self, image: Image, errand: Errand) -> tuple[str, bytes, str]:
        try:
            data, suffix = fitted(errand.blobs.read(image.sha256), image.name, FRAME)
        except KeyError:
            raise PermanentError(f"图片“{image.name}”的文件不在库中（{image.sha256[:12]}），未发布；请重新导入后签发") from None
        return f"picture.{suffix}", data, "image/jpeg" if suffix == "jpg" else "image/png"

    def withdraw(self, posting: Posting, *, errand: Errand) -> None:
        """Remove the post. It does not come back.

        Raises:
            HandworkError: the app may not remove posts; a person does.
        """
        answer = self._remote.call("POST", "/2/statuses/destroy.json", creates=False, reads=FAULTS,
                                   data={"access_token": self._token(), "id": posting.ref})
        code = _code(answer)
        if code == NO_RIGHT:
            raise HandworkError("该应用没有删除微博的权限；请登录微博手工删除，再登记结果")
        if code and code not in NOT_THERE:
            self._refuse(code, answer, "statuses/destroy", errand.at, creates=False)

    def find(self, *, errand: Errand) -> Posting | None:
        """Look through the account's own posts for the index number.

        Raises:
            AmbiguousError: the app may not look, or the list does not tell yet.
        """
        if known := sent(errand):
            return known
        began = errand.steps.get(SENDING)
        if not began:
            return None
        number, since = errand.key.partition("#")[0], datetime.fromisoformat(began)
        for status in asking(lambda: self._timeline(errand.at)):
            made = instant(status.get("created_at"))
            older = status.get("idstr") == errand.steps.get(REPLACING)  # what this one takes the place of bears the same number
            if not older and mentions(str(status.get("text", "")), number) and (made is None or made > since - CLOCKS):
                posting = self._posting(status, sure=True)
                keep(errand, posting)
                return posting
        if errand.at - since < timedelta(minutes=10):
            raise AmbiguousError("微博的时间线上还没有这一条，可能稍后才出现；系统会继续核实，请勿手工重发")
        raise AmbiguousError(f"微博的时间线上没有找到“{number}”；平台可能仍在审核，请登录微博查看后登记结果")

    def _timeline(self, at: datetime) -> list[dict[str, Any]]:
        answer = self._remote.call("GET", "/2/statuses/user_timeline.json", creates=False, reads=FAULTS,
                                   params={"access_token": self._token(), "count": "50", "trim_user": "0"})
        code = _code(answer)
        if code == NO_RIGHT:
            raise AmbiguousError("该应用没有读取时间线的权限，无法自动核实；请登录微博查看后登记结果")
        if code:
            self._refuse(code, answer, "statuses/user_timeline", at, creates=False)
        return listed(answer.get("statuses"), "微博")

    def observe(self, posting: Posting, *, errand: Errand) -> Sighting:
        """Ask for the post itself."""
        answer = self._remote.call("GET", "/2/statuses/show.json", creates=False, reads=FAULTS,
                                   params={"access_token": self._token(), "id": posting.ref})
        code = _code(answer)
        if code in NOT_THERE or str(answer.get("deleted", "")) == "1":
            return Sighting(seen=Seen.GONE, detail=f"微博上已找不到这一条（{posting.ref}）；请核实是谁删的、为何删除")
        if code:
            self._refuse(code, answer, "statuses/show", errand.at, creates=False)
        if not (answer.get("idstr") or answer.get("id")):
            raise TransientError("微博的应答里没有这一条，这次没有看成；稍后会自动再看")
        if (answer.get("visible") or {}).get("type", 0) not in (0, "0"):
            return Sighting(seen=Seen.BANNED, detail=f"微博已把这一条设为公众不可见（{posting.ref}）；请登录微博查看通知")
        return Sighting(seen=Seen.STANDS)

    def check(self, now: datetime) -> Checkup:
        """Ask how long the token is good: nobody but a person can get the next one."""
        answer = self._remote.call("POST", "/oauth2/get_token_info", creates=False, reads=FAULTS, data={"access_token": self._token()})
        if code := _code(answer):
            self._refuse(code, answer, "get_token_info", now, creates=False)
        left = answer.get("expire_in")
        if not isinstance(left, int) or left <= 0:
            raise UnusableError("微博授权已到期；请重新授权，并更新环境变量里的 access_token")
        until = now + timedelta(seconds=left)
        return Checkup(line=f"token good until {until:%Y-%m-%d %H:%M}", until=until)

    def preview_path(self, edition: Edition) -> str:
        """Where the preview begins."""
        return PAGE

    def show(self, scene: Scene, path: str) -> Shown | None:
        """The post as a card on a phone."""
        return show(scene, path, account=self._account, label=self.label, frame=FRAME,
                    count=f"{units(scene.rendition.body)} / {LONGEST} 字（两个英文字符算一字）")

    def _token(self) -> str:
        token = self._credential.value()
        self._remote.guard(token)
        return token

    def _refuse(self, code: int, answer: Mapping[str, Any], call: str, at: datetime, *, creates: bool) -> None:
        if creates and code in SAME:
            raise AmbiguousError(f"微博说刚发过相同或相似的内容（{code}）：可能就是这一条；请登录微博查看后登记结果，系统不会自动重发")
        error = CODES.sort(code, self._remote.safe(str(answer.get("error", ""))), call=call, at=at, creates=creates)
        if isinstance(error, QuotaError) and error.retry_after and CODES.meaning(code) is Meaning.SPENT:
            self._meter.exhaust(SHARE.name, at + error.retry_after)
        raise error

    def _posting(self, status: Mapping[str, Any], *, sure: bool) -> Posting:
        ref = status.get("idstr") or status.get("id")
        if not ref:
            if sure:
                raise AmbiguousError("微博的应答里没有编号；请登录微博查看后登记结果")
            raise AmbiguousError(f"微博已受理，但应答里没有编号，{IN_DOUBT}")
        return Posting(ref=str(ref), url=address(status), posted_at=instant(status.get("created_at")))


def _code(answer: Mapping[str, Any]) -> int:
    """0 where nothing is wrong."""
    code = answer.get("error_code", 0)
    return int(code) if str(code).lstrip("-").isdigit() else -1

"""The way of one delivery: pictures, status, what is learnt kept step by step, and the look back before a second try."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from channels.asking import asking, listed
from channels.base import Errand, Rendition
from channels.errors import IN_DOUBT, AmbiguousError, HandworkError, PermanentError, TransientError
from channels.mastodon_api import DELETES, MEDIA, STATUSES, Api
from channels.mastodon_codes import DONE, GONE, NO_SUCH_CALL
from channels.mastodon_words import bears, instant
from channels.once import SENDING, in_doubt, keep, sent
from channels.pictures import Frame, fitted
from channels.remote import Reply
from channels.wording import clip
from content.deliveries import REPLACING, Posting
from content.items import Image
from content.sightings import Seen, Sighting

FRAME = Frame(largest=8_000_000, widest=4096)
ALT = 1500  #: characters of a picture's description
LINK, PICTURE = "link", "picture "  #: steps: the link that the status bears; the server's name for a picture, by the picture's hash
PAGE, PAGES = 40, 10  #: statuses a page of the own timeline (the platform's most), pages we read at most
CLOCKS = timedelta(days=1)  #: further than this the server's clock and ours are not apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How an office wants its statuses."""

    visibility: str
    language: str
    settle: timedelta  #: how long what is not there yet may still appear
    polls: tuple[float, ...]  #: seconds before each question whether a picture is ready
    pause: Callable[[float], None]


class Way:
    """One delivery's."""

    def __init__(self, api: Api, plan: Plan, errand: Errand) -> None:
        self._api, self._plan, self._errand, self._steps = api, plan, errand, errand.steps

    # ------------------------------------------------------------------------------------------------------- post

    def post(self, rendition: Rendition) -> Posting:
        """What this delivery has posted, or posts now."""
        if known := sent(self._errand):
            return known
        before = self._steps.get(SENDING) or ""
        if before and (found := self._after_doubt()):
            return found
        link = dict(rendition.fields).get("link", "")
        media = self._pictures(rendition)
        self._steps.put(LINK, link)
        self._steps.put(SENDING, self._errand.at.isoformat())
        try:
            reply = self._call("POST", "/api/v1/statuses", creates=True, quota=STATUSES, headers={"Idempotency-Key": self._key()},
                               json=self._said(rendition, media, visibility=self._plan.visibility))
        except (TransientError, PermanentError):
            self._steps.put(SENDING, before)  # surely not taken; of an earlier one that was lost we know no more than we did
            raise
        posting = _posting(reply.said)
        if posting is None:
            raise AmbiguousError(f"Mastodon 已受理，但应答里没有编号，{IN_DOUBT}")
        keep(self._errand, posting)
        return posting

    def _after_doubt(self) -> Posting | None:
        """What an earlier try posted; None if it may be said again: nothing is there, and it is late or a person has looked."""
        doubt = in_doubt(self._errand)
        return self.find() if doubt else self._look()

    def _key(self) -> str:
        """The same at every attempt, and for no other delivery. Servers keep it an hour at most, some not at all."""
        return hashlib.sha256(self._errand.key.encode()).hexdigest()

    def _said(self, rendition: Rendition, media: list[str], **more: str) -> dict[str, Any]:
        return {"status": rendition.body, "language": self._plan.language, **more, **({"media_ids": media} if media else {})}

    # --------------------------------------------------------------------------------------------------- pictures

    def _pictures(self, rendition: Rendition) -> list[str]:
        return [self._picture(image) for image in rendition.images]

    def _picture(self, image: Image) -> str:
        step = PICTURE + image.sha256
        if (known := self._steps.get(step)) and self._still_there(known):
            return known
        try:
            data, suffix = fitted(self._errand.blobs.read(image.sha256), image.name, FRAME)
        except KeyError:
            raise PermanentError(f"图片“{image.name}”的文件不在库中（{image.sha256[:12]}），未发布；请重新导入后签发") from None
        media_type = "image/jpeg" if suffix == "jpg" else "image/png"
        reply = self._call("POST", "/api/v2/media", quota=MEDIA, files={"file": (f"picture.{suffix}", data, media_type)},
                           data={"description": clip(image.alt, ALT)})
        name = str(reply.said.get("id") or "") if isinstance(reply.said, dict) else ""
        if not name:
            raise TransientError("Mastodon 收下了图片，但应答里没有编号，未发布；稍后会自动再试")
        self._steps.put(step, name)
        if reply.status == 202:
            self._wait_for(name, image.name)
        return name

    def _still_there(self, name: str) -> bool:
        """Whether a picture sent up earlier is there and ready. A server forgets one that no status took within a day."""
        reply = self._call("GET", f"/api/v1/media/{name}", expect=GONE)
        if reply.status == 206:
            raise TransientError("Mastodon 还在处理图片，未发布，稍后会自动再试", retry_after=timedelta(minutes=1))
        return reply.status not in GONE

    def _wait_for(self, name: str, shown: str) -> None:
        for seconds in self._plan.polls:
            if seconds:
                self._plan.pause(seconds)
            if self._call("GET", f"/api/v1/media/{name}").status != 206:
                return
        raise TransientError(f"Mastodon 还在处理图片“{shown}”，未发布，稍后会自动再试", retry_after=timedelta(minutes=1))

    # ------------------------------------------------------------------------------------------------------- look

    def find(self) -> Posting | None:
        """What is there of this delivery; None if it is surely not there."""
        if known := sent(self._errand):
            return known
        began = self._steps.get(SENDING)
        if not began:
            return None
        if found := self._look():
            return found
        if self._errand.at - datetime.fromisoformat(began) < self._plan.settle:
            raise AmbiguousError("Mastodon 的时间线上还没有这一条，可能稍后才出现；系统会继续核实，请勿手工重发")
        return None

    def _look(self) -> Posting | None:
        """The own status that bears index number and link, if there is one."""
        number, link = self._errand.key.partition("#")[0], self._steps.get(LINK) or ""
        since = datetime.fromisoformat(self._steps.get(SENDING) or self._errand.at.isoformat()) - CLOCKS
        older = self._steps.get(REPLACING)  # what this one takes the place of bears the same number and link
        path, seen, last = f"/api/v1/accounts/{asking(self._me)}/statuses", set[str](), ""
        for _ in range(PAGES):
            params = {"limit": str(PAGE), "exclude_reblogs": "true", **({"max_id": last} if last else {})}
            said = asking(partial(self._call, "GET", path, params=params)).said
            page = [one for one in listed(said, "Mastodon ") if str(one.get("id")) not in seen]
            for status in page:
                made = instant(status.get("created_at"))
                ours = str(status.get("id")) != older and bears(status, number, link)
                if ours and (made is None or made > since) and (posting := _posting(status)):
                    keep(self._errand, posting)
                    return posting
            oldest = instant(page[-1].get("created_at")) if page else None
            if not page or (oldest and oldest < since):
                return None
            seen |= {str(one.get("id")) for one in page}
            last = str(page[-1].get("id"))
        raise AmbiguousError(f"这一天里发布的超过{PAGE * PAGES}条，无法全部查看；请登录 Mastodon 搜索“{number}”后登记结果")

    def _me(self) -> str:
        """Our own name on the server.

        Raises:
            TransientError: it does not say.
        """
        said = self._call("GET", "/api/v1/accounts/verify_credentials").said
        if not isinstance(said, dict) or not said.get("id"):
            raise TransientError("Mastodon 没有说出登录的是哪个账号，这次没有看成；稍后会自动再看，如反复出现，请核对该渠道的 api 地址")
        return quote(str(said["id"]), safe="")

    def _gone(self, reply: Reply) -> bool:
        """Whether a status is not there. Gateways and servers that have moved know nothing at all: one that knows us is believed.

        Raises:
            TransientError: the server does not know us, or cannot be asked.
        """
        return reply.status in GONE and bool(asking(self._me, TransientError))

    def observe(self, posting: Posting) -> Sighting:
        """What the public finds there now."""
        reply = self._call("GET", _path(posting), expect=GONE)
        if self._gone(reply):
            return Sighting(seen=Seen.GONE, detail=f"Mastodon 上已找不到这一条（{posting.url or posting.ref}）；请核实是谁删的、为何删除")
        said = reply.said if isinstance(reply.said, dict) else {}
        if (said.get("account") or {}).get("suspended"):
            return Sighting(seen=Seen.BANNED, detail="该 Mastodon 账号已被冻结，公众看不到这一条；请登录查看通知")
        if said.get("visibility", "public") not in ("public", "unlisted"):
            return Sighting(seen=Seen.BANNED, detail=f"Mastodon 上这一条已不对公众显示（{said['visibility']}）；请登录查看")
        if not said.get("id"):
            raise TransientError("Mastodon 的应答里没有这一条，这次没有看成；稍后会自动再看")
        return Sighting(seen=Seen.STANDS)

    # ---------------------------------------------------------------------------------------------- amend, withdraw

    def amend(self, posting: Posting, rendition: Rendition) -> Posting:
        """Give it new words. Said again, nothing changes."""
        reply = self._call("PUT", _path(posting), quota=STATUSES, expect=GONE, json=self._said(rendition, self._pictures(rendition)))
        if self._gone(reply):
            raise PermanentError(f"要更正的那一条已不在 Mastodon 上（{posting.url or posting.ref}），没有更正；"
                                 "请核实是谁删的，需要时人工发布更正")
        now = _posting(reply.said)
        return Posting(ref=posting.ref, url=(now.url if now else None) or posting.url, posted_at=posting.posted_at)

    def withdraw(self, posting: Posting) -> None:
        """Delete it. A refusal to know it is believed only if it is gone: some servers know no deleting."""
        reply = self._call("DELETE", _path(posting), quota=DELETES, expect=DONE | NO_SUCH_CALL | GONE)
        if reply.well or self._gone(asking(lambda: self._call("GET", _path(posting), expect=GONE), TransientError)):
            return
        raise HandworkError("这台 Mastodon 服务器不支持由程序删除，该条仍在；"
                            f"请登录后手工删除（{posting.url or posting.ref}），再登记结果")

    def _call(self, method: str, path: str, **said: Any) -> Reply:
        return self._api.call(method, path, self._errand.at, **said)


def _path(posting: Posting) -> str:
    return f"/api/v1/statuses/{quote(posting.ref, safe='')}"


def _posting(status: object) -> Posting | None:
    """A status as we keep it; None if it has no name."""
    if not isinstance(status, dict) or not status.get("id"):
        return None
    url = str(status.get("url") or "")
    return Posting(ref=str(status["id"]), url=url if url.startswith(("https://", "http://")) else None,
                   posted_at=instant(status.get("created_at")))

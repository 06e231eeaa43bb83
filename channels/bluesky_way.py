"""The way of one delivery: a record whose name follows from the delivery's key, so that saying it again changes nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from channels.asking import asking
from channels.base import Errand, Rendition
from channels.bluesky_api import PICTURES, WRITES, Api, fault
from channels.bluesky_codes import BAD_REQUEST, NO_RECORD, NO_REPO, SWAPPED
from channels.bluesky_words import facets, stamp, tid
from channels.errors import IN_DOUBT, AmbiguousError, PermanentError, TransientError, UnusableError
from channels.once import SENDING, keep, sent
from channels.pictures import Frame, fitted, size
from channels.remote import Reply
from channels.wording import clip
from content.deliveries import Posting
from content.index_numbers import mentions
from content.items import Image
from content.sightings import Seen, Sighting

POSTS = "app.bsky.feed.post"  #: the collection that posts are records of
FRAME = Frame(largest=1_000_000, widest=2000)
ALT = 2000  #: characters of a picture's description that apps show
MADE = "made"  #: step: the instant that the record bears

_PLACES = (re.compile(rf"^at://([^/]+)/{re.escape(POSTS)}/([^/?#]+)$"), re.compile(r"^https://[^/]+/profile/([^/]+)/post/([^/?#]+)"))
#: how the platform calls what became of an account, and we
WHY = {"takendown": "下架", "suspended": "暂停", "deactivated": "停用"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How an office wants its posts."""

    languages: Sequence[str]
    app: str  #: where the public reads posts
    settle: timedelta  #: how long what is not there yet may still appear


class Way:
    """One delivery's."""

    def __init__(self, api: Api, plan: Plan, errand: Errand) -> None:
        self._api, self._plan, self._errand, self._steps = api, plan, errand, errand.steps
        self._name = tid(errand.key)

    # ------------------------------------------------------------------------------------------------------- post

    def post(self, rendition: Rendition) -> Posting:
        """What this delivery has posted, or posts now."""
        if known := self._known():
            return known
        put = {"repo": self._api.account, "collection": POSTS, "rkey": self._name, "record": self._record(rendition),
               "validate": True, "swapRecord": None}  # only where nothing is: what was posted is never overwritten
        return self._write("com.atproto.repo.putRecord", put)

    def amend(self, posting: Posting, rendition: Rendition) -> Posting:
        """Put up the correction and take down what it corrects, in one commit: readers never see both, and never neither.

        Said again it fails as a whole, since the record is there; then it is found.
        """
        if known := sent(self._errand):
            return known
        if found := self._look():
            self.withdraw(posting)  # gone with it, unless a ledger that came back from a copy has put it up again
            keep(self._errand, found)
            return found
        repo, old = _place(posting)
        if fault(self._get(repo, old)) == NO_RECORD:
            raise PermanentError(f"要更正的那一条已不在 Bluesky 上（{posting.url or posting.ref}），没有更正；"
                                 "请核实是谁删的，需要时人工发布更正")
        step = "com.atproto.repo.applyWrites"
        both = [{"$type": f"{step}#create", "collection": POSTS, "rkey": self._name, "value": self._record(rendition)},
                {"$type": f"{step}#delete", "collection": POSTS, "rkey": old}]
        return self._write(step, {"repo": repo, "validate": True, "writes": both})

    def _write(self, call: str, said: dict[str, Any]) -> Posting:
        before = self._steps.get(SENDING) or ""
        self._steps.put(SENDING, self._errand.at.isoformat())
        try:
            reply = self._call("POST", call, creates=True, quota=WRITES, expect=frozenset({SWAPPED}), json=said)
        except (TransientError, PermanentError):
            self._steps.put(SENDING, before)  # surely not taken; of an earlier one that was lost we know no more than we did
            raise
        quicker = self._look() if fault(reply) == SWAPPED else None  # another process was
        posting = quicker or self._posting(_uri(reply.said))
        if posting is None:
            raise AmbiguousError(f"Bluesky 已受理，但应答里没有编号，{IN_DOUBT}")
        keep(self._errand, posting)
        return posting

    # ----------------------------------------------------------------------------------------------------- record

    def _record(self, rendition: Rendition) -> dict[str, Any]:
        """The post itself: the same at every attempt, since its instant is kept and pictures are named by what they hold."""
        fields = dict(rendition.fields)
        links = facets(rendition.body, fields.get("link", ""))
        embed = self._embed(rendition, fields)
        return {"$type": POSTS, "text": rendition.body, "createdAt": self._made(), "langs": list(self._plan.languages),
                **({"facets": links} if links else {}), **({"embed": embed} if embed else {})}

    def _made(self) -> str:
        """Of the first attempt that may have been taken. One that surely was not must not date the post back, past its readers."""
        made = self._steps.get(MADE) if self._steps.get(SENDING) else None
        if not made:
            made = stamp(self._errand.at)
            self._steps.put(MADE, made)
        return made

    def _embed(self, rendition: Rendition, fields: dict[str, str]) -> dict[str, Any] | None:
        if rendition.images:
            return {"$type": "app.bsky.embed.images", "images": [self._picture(image) for image in rendition.images]}
        if link := fields.get("link"):
            return {"$type": "app.bsky.embed.external",
                    "external": {"uri": link, "title": fields.get("card_title", ""), "description": fields.get("card_text", "")}}
        return None

    def _picture(self, image: Image) -> dict[str, Any]:
        """Send one up. The server names it by its bytes, and forgets it if no post takes it: so it is simply sent at every attempt."""
        try:
            data, suffix = fitted(self._errand.blobs.read(image.sha256), image.name, FRAME)
        except KeyError:
            raise PermanentError(f"图片“{image.name}”的文件不在库中（{image.sha256[:12]}），未发布；请重新导入后签发") from None
        media_type = "image/jpeg" if suffix == "jpg" else "image/png"
        reply = self._call("POST", "com.atproto.repo.uploadBlob", quota=PICTURES, data=data, headers={"Content-Type": media_type})
        blob = reply.said.get("blob")
        if not isinstance(blob, dict) or not blob.get("ref"):
            raise TransientError("Bluesky 收下了图片，但应答里没有编号，未发布；稍后会自动再试")
        width, height = size(data)
        return {"image": blob, "alt": clip(image.alt, ALT), "aspectRatio": {"width": width, "height": height}}

    # ------------------------------------------------------------------------------------------------------- look

    def find(self) -> Posting | None:
        """What is there of this delivery; None if it is surely not there."""
        if known := self._known():
            return known
        began = self._steps.get(SENDING)
        if began and self._errand.at - datetime.fromisoformat(began) < self._plan.settle:
            raise AmbiguousError("Bluesky 上还没有这一条，可能稍后才出现；系统会继续核实，请勿手工重发")
        return None

    def _known(self) -> Posting | None:
        """What this delivery has posted, as we remember or as it stands there."""
        if known := sent(self._errand):
            return known
        if found := self._look():
            keep(self._errand, found)
        return found

    def _look(self) -> Posting | None:
        """The record of that name, if there is one. It is asked for whatever we remember: a ledger may come from yesterday's copy."""
        reply = asking(lambda: self._get(self._api.account, self._name))
        if fault(reply) == NO_RECORD:
            return None
        value, posting = reply.said.get("value"), self._posting(_uri(reply.said))
        if posting is None or not isinstance(value, dict):
            raise TransientError("Bluesky 的应答里没有这一条的内容，不能核实；稍后会自动再试")
        number = self._errand.key.partition("#")[0]
        if not mentions(str(value.get("text")), number):
            raise PermanentError(f"Bluesky 上本条该用的编号已被别的内容占用（{posting.url}），未发布；请到该处核对后人工处理")
        return posting

    def observe(self, posting: Posting) -> Sighting:
        """What the public finds there now."""
        repo, name = _place(posting)
        at, where = self._errand.at, posting.url or posting.ref
        reply = self._api.ask("com.atproto.repo.getRecord", at, expect={NO_RECORD, BAD_REQUEST}, repo=repo, collection=POSTS, rkey=name)
        if reply.well and isinstance(reply.said.get("value"), dict):
            return Sighting(seen=Seen.STANDS)
        if fault(reply) == NO_RECORD:
            return Sighting(seen=Seen.GONE, detail=f"Bluesky 上已找不到这一条（{where}）；请核实是谁删的、为何删除")
        account = self._api.ask("com.atproto.sync.getRepoStatus", at, expect={NO_REPO}, did=repo)
        if fault(account) == NO_REPO:
            return Sighting(seen=Seen.GONE, detail=f"Bluesky 上已没有发布这一条的账号（{where}）；请核实账号是否已注销或迁走")
        if account.said.get("active") is False:
            why = WHY.get(str(account.said.get("status")), "停止公开")
            return Sighting(seen=Seen.BANNED, detail=f"该 Bluesky 账号已被{why}，公众看不到这一条；请登录并查看邮件通知")
        raise TransientError("Bluesky 没有说清这一条是否还在，稍后会自动再看")

    # --------------------------------------------------------------------------------------------------- withdraw

    def withdraw(self, posting: Posting) -> None:
        """Take it down. Said again, nothing changes."""
        repo, name = _place(posting)
        self._call("POST", "com.atproto.repo.deleteRecord", quota=WRITES, json={"repo": repo, "collection": POSTS, "rkey": name})

    # ------------------------------------------------------------------------------------------------------- wire

    def _get(self, repo: str, name: str) -> Reply:
        """A record as its account sees it, or that there is none. No account is not: no record."""
        reply = self._call("GET", "com.atproto.repo.getRecord", expect=frozenset({NO_RECORD, BAD_REQUEST}),
                           params={"repo": repo, "collection": POSTS, "rkey": name})
        if fault(reply) == BAD_REQUEST:
            raise UnusableError(f"Bluesky 服务器上查不到账号 {self._api.account} 的内容，未发送；"
                                "请登录查看账号是否被停用或下架，并核对 gongkai.toml 中的 api 和 account")
        return reply

    def _call(self, method: str, name: str, **said: Any) -> Reply:
        return self._api.call(method, name, self._errand.at, **said)

    def _posting(self, uri: str) -> Posting | None:
        place = _PLACES[0].match(uri)
        return Posting(ref=uri, url=f"{self._plan.app}/profile/{place[1]}/post/{place[2]}") if place else None


def _uri(said: dict[str, Any]) -> str:
    """The name of a record in an answer: its own, or that of the first of several writes."""
    results = said.get("results")
    first = results[0] if isinstance(results, list) and results and isinstance(results[0], dict) else said
    return str(first.get("uri") or "")


def _place(posting: Posting) -> tuple[str, str]:
    """Account and name of a posting, from its reference, or from the address that a person wrote down."""
    for said in (posting.ref, posting.url or ""):
        for pattern in _PLACES:
            if place := pattern.match(said):
                return place[1], place[2]
    raise PermanentError(f"登记的发布件不是 Bluesky 上的一条（{posting.url or posting.ref}）；请人工处理")

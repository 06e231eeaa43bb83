"""What the portal holds of one item, and keeping it to one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from channels.asking import listed
from channels.errors import AmbiguousError, TransientError
from channels.portal_api import Api
from channels.portal_codes import GONE, NO_TRASH
from channels.portal_words import block
from channels.remote import Reply
from content.deliveries import Posting
from content.sightings import Seen, Sighting

log = logging.getLogger("gongkai.portal")
PUBLISH, TRASH = "publish", "trash"
EVERY = "publish,future,draft,pending,private"
FIELDS = "id,slug,status,link,date_gmt,title,content"
NAMESAKES = 6  #: WordPress gives a name that is taken `-2`, `-3`, …


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An article as the portal keeps it."""

    number: int
    slug: str
    status: str
    link: str
    at: datetime | None
    title: str  #: both as they were sent
    content: str

    @property
    def public(self) -> bool:
        return self.status == PUBLISH

    def posting(self) -> Posting:
        """As we keep it: live once the public sees it."""
        url = self.link if self.public and self.link.startswith(("https://", "http://")) else None
        return Posting(ref=str(self.number), url=url, posted_at=self.at if self.public else None, live=self.public)


def read(said: object) -> Post | None:
    """An article as it was answered; None if it is none."""
    if not isinstance(said, dict) or not isinstance(said.get("id"), int):
        return None
    try:
        at = datetime.fromisoformat(str(said.get("date_gmt"))).replace(tzinfo=UTC)
    except ValueError:
        at = None
    return Post(number=said["id"], slug=str(said.get("slug")), status=str(said.get("status")), link=str(said.get("link") or ""), at=at,
                title=_raw(said.get("title")), content=_raw(said.get("content")))


def _raw(said: object) -> str:
    return str(said.get("raw") or "").strip() if isinstance(said, Mapping) else ""


class Look:
    """At the articles of one item, by its name there."""

    def __init__(self, api: Api, at: datetime, name: str) -> None:
        self._api, self._at, self._name = api, at, name
        self.stub = block(f"<p>{name}</p>")  #: what a draft says before it has its pictures: enough for an editor to see whose it is

    def article(self, number: str) -> Post | None:
        """An article by its number; None if it is gone, or in the trash."""
        reply = self._call("GET", f"/posts/{quote(number, safe='')}", expect=GONE, params={"context": "edit", "_fields": FIELDS})
        if not reply.well:
            return None
        post = read(reply.said)
        if post is None:
            raise TransientError("门户网站的应答里没有编号；稍后会自动再试")
        return None if post.status == TRASH else post

    def namesakes(self) -> list[Post]:
        """All there is of the item, oldest first: two processes at once, or a call that was carried out twice, leave more than one."""
        names = [self._name, *(f"{self._name}-{n}" for n in range(2, NAMESAKES))]
        said = self._call("GET", "/posts", params={"slug": ",".join(names), "status": EVERY, "context": "edit", "orderby": "id",
                                                   "order": "asc", "per_page": "100", "_fields": FIELDS}).said
        posts = [post for one in listed(said, "门户网站") if (post := read(one))]
        return [post for post in posts if post.slug == self._name or (post.slug in names and self._name in post.content)]

    def first(self) -> Post | None:
        """The one to go on with: the oldest before the public, else the oldest."""
        there = self.namesakes()
        return next((post for post in there if post.public), there[0] if there else None)

    def only(self, post: Post) -> Post:
        """The oldest of those that say the same as this one. Younger ones go to the trash, and so do younger drafts that say nothing yet.

        Nothing older is ever put away: whoever looks, and whenever, the oldest stays.

        Raises:
            AmbiguousError: others before the public say something else.
        """
        there = self.namesakes()
        twins = [one for one in there if (one.status, one.title, one.content) == (post.status, post.title, post.content)]
        kept = min([post, *twins], key=lambda one: one.number)
        for one in {one.number: one for one in (post, *there) if one.number != kept.number}.values():
            if one.number > kept.number and (one is post or one in twins or one.content == self.stub):
                log.warning("the portal holds %s twice: article %s is kept, %s goes to its trash", self._name, kept.number, one.number)
                self.trash(str(one.number))
            elif one.public:
                raise AmbiguousError(f"门户网站上这条信息有内容不同的两篇：{kept.link}（编号 {kept.number}）和 {one.link}"
                                     f"（编号 {one.number}）；请与门户编辑核对，留下正确的一篇，再登记结果")
        return kept

    def trash(self, number: str) -> None:
        """What is gone already counts as gone; where the portal has no trash, it goes for good."""
        reply = self._call("DELETE", f"/posts/{quote(number, safe='')}", expect={*GONE, NO_TRASH})
        if reply.status == 501:
            self._call("DELETE", f"/posts/{quote(number, safe='')}", expect=GONE, params={"force": "true"})

    def sighting(self, posting: Posting) -> Sighting:
        """What the public finds there now: asked without a password, as a reader."""
        where = posting.url or posting.ref
        reply = self._call("GET", f"/posts/{quote(posting.ref, safe='')}", anonymous=True, expect={*GONE, 401, 403},
                           params={"_fields": "id,status,content.protected"})
        if reply.well and isinstance(reply.said, dict) and reply.said.get("id"):
            if (reply.said.get("content") or {}).get("protected"):
                return Sighting(seen=Seen.BANNED, detail=f"门户网站上这一篇被加了密码，公众看不到（{where}）；请与门户编辑核实")
            return Sighting(seen=Seen.STANDS)
        post = self.article(posting.ref)  # some portals answer nobody who has not logged in
        if post is None:
            return Sighting(seen=Seen.GONE, detail=f"门户网站上已找不到这一篇（{where}）；请核实是谁删的、为何删除")
        if not post.public:
            return Sighting(seen=Seen.BANNED, detail=f"门户网站上这一篇已不对公众显示（{post.status}，{where}）；请与门户编辑核实")
        return Sighting(seen=Seen.STANDS)

    def _call(self, method: str, path: str, **said: Any) -> Reply:
        return self._api.call(method, path, self._at, **said)

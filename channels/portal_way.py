"""The way of one delivery: a draft nobody sees, its files, then the one call that puts it before the public, which may be repeated.

Making an article is the only call that WordPress would do twice, so it makes a draft; publishing names the draft by its number. So a
lost answer, a call done twice or a process that ended leaves at most a draft too many, and what is before the public is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from html import escape
from typing import Any

from channels.asking import asking
from channels.base import Errand, Rendition
from channels.errors import IN_DOUBT, AmbiguousError, ChannelError, PermanentError, TransientError
from channels.once import SENDING, in_doubt, keep, sent
from channels.portal_api import Api
from channels.portal_files import Files, Load, Placed, load
from channels.portal_look import Look, Post, read
from channels.portal_words import block, linked, mark, name, shielded
from channels.remote import Reply
from content.deliveries import Posting
from content.html import map_images
from content.items import Attachment, Image
from content.sightings import Sighting

ARTICLE = "article"  #: the step that keeps the article's number


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How an office wants its articles."""

    office: str
    category: str
    status: str  #: publish; or pending: the portal's editors publish
    settle: timedelta  #: how long a call that was lost may still be carried out


class Way:
    """One delivery's."""

    def __init__(self, api: Api, plan: Plan, errand: Errand) -> None:
        self._api, self._plan, self._errand, self._steps = api, plan, errand, errand.steps
        self._name, self._mark = name(plan.office, errand.key), mark(plan.office, errand.key)
        self._look = Look(api, errand.at, self._name)

    # ------------------------------------------------------------------------------------------------------- post

    def post(self, rendition: Rendition) -> Posting:
        """What this delivery has posted, or posts now."""
        if known := sent(self._errand):
            return known
        before = self._steps.get(SENDING) or ""
        loads = self._loads(rendition)
        article = self._article(rendition)
        if before and self._shows(article):
            return self._only(article)
        said, _ = self._said(rendition, loads, article.number)
        status = article.status if article.public else self._plan.status  # whatever the editors let out stays out
        self._steps.put(SENDING, self._errand.at.isoformat())
        try:
            reply = self._call("POST", f"/posts/{article.number}", creates=True, json={**said, "status": status})
        except (TransientError, PermanentError):
            self._steps.put(SENDING, before)  # surely not taken; of an earlier one that was lost we know no more than we did
            raise
        post = read(reply.said)
        if post is None:
            raise AmbiguousError(f"门户网站已受理，但应答里没有编号，{IN_DOUBT}")
        return self._only(post)

    def _article(self, rendition: Rendition) -> Post:
        """The article that is there of this item, else a draft made now."""
        post = self._known() or self._look.first() or self._draft(rendition)
        self._steps.put(ARTICLE, str(post.number))
        return post

    def _known(self) -> Post | None:
        """The article that this delivery has made or found; None if there is none, or not any more.

        Raises:
            PermanentError: it may have been before the public, and a person at the portal threw it away.
        """
        number = self._steps.get(ARTICLE)
        post = asking(partial(self._look.article, number)) if number else None
        if number and post is None and in_doubt(self._errand):
            raise PermanentError(f"这一篇（编号 {number}）已被人移入门户网站的回收站或删除，系统不会重发；"
                                 "请与门户编辑核实，需要时再重新投递")
        return post

    def _draft(self, rendition: Rendition) -> Post:
        category = self._api.category(self._plan.category, self._errand.at)
        made = read(self._call("POST", "/posts", json={"title": _plain(rendition.title), "slug": self._name, "status": "draft",
                                                       "content": self._look.stub, "categories": [category]}).said)
        if made is None:
            raise TransientError("门户网站收下了草稿，但应答里没有编号，未发布；稍后会自动再试")
        return made

    def _only(self, post: Post) -> Posting:
        """What was posted, once it is the only one of its name.

        Raises:
            AmbiguousError: that could not be made sure.
        """
        try:
            posting = self._look.only(post).posting()
        except AmbiguousError:
            raise
        except ChannelError as error:  # would say that nothing was posted
            problem = AmbiguousError(f"门户网站已受理，但没能核对是否有重复（{error}）；系统会再核对，请勿手工重发")
        else:
            if posting.live:  # one that waits for the editors is looked at again each time
                keep(self._errand, posting)
            return posting
        raise problem

    # --------------------------------------------------------------------------------------------- what is sent

    def _loads(self, rendition: Rendition) -> list[Load]:
        files: list[Image | Attachment] = [*rendition.images, *rendition.attachments]
        return [load(file, self._errand.blobs) for file in files]

    def _said(self, rendition: Rendition, loads: list[Load], article: int) -> tuple[dict[str, Any], set[int]]:
        """The article as it is sent, and the numbers of the files that belong to it: these are there when this returns."""
        files, fields = self._files(article), dict(rendition.fields)
        placed = {one.file.sha256: files.place(one) for one in loads}
        site = fields.get("link", "")
        needed: list[Image | Attachment] = [*rendition.images, *(() if site else rendition.attachments)]
        for file in needed:
            if placed[file.sha256] is None:
                raise PermanentError(f"门户网站不收“{file.name}”，未发布；图片请换成 JPEG，附件请换成 PDF 或取消，然后重新签发")
        there = {sha256: one for sha256, one in placed.items() if one}
        first = there[rendition.images[0].sha256].number if rendition.images else 0
        return {"title": _plain(rendition.title), "content": block(shielded(_addressed(rendition, there, site))),
                "excerpt": _plain(fields.get("excerpt", "")), "featured_media": first}, {one.number for one in there.values()}

    def _files(self, article: int) -> Files:
        return Files(self._api, self._errand, home=article, name=self._name)

    # ------------------------------------------------------------------------------------------------------- look

    def find(self) -> Posting | None:
        """What is there of this delivery; None if it is surely not there."""
        if known := sent(self._errand):
            return known
        began = self._steps.get(SENDING)
        if not began:
            return None  # at most a draft, which the next try goes on with
        if (post := self._known()) and self._shows(post):
            return self._only(post)
        if in_doubt(self._errand) and self._errand.at - datetime.fromisoformat(began) < self._plan.settle:
            raise AmbiguousError("门户网站上这一篇还没有发布，可能稍后才发布；系统会继续核实，请勿手工发布")
        return None

    def _shows(self, post: Post) -> bool:
        """Whether it says this very edition, to the public or to the editors who shall publish it."""
        return (post.public or post.status == self._plan.status) and f'id="{self._mark}"' in post.content

    def observe(self, posting: Posting) -> Sighting:
        """What the public finds there now."""
        return self._look.sighting(posting)

    # ---------------------------------------------------------------------------------------------- amend, withdraw

    def amend(self, posting: Posting, rendition: Rendition) -> Posting:
        """Give it new words, pictures and files. Said again, nothing changes. Where and whether it shows stays as the editors have it."""
        loads = self._loads(rendition)
        if self._look.article(posting.ref) is None:
            raise PermanentError(f"要更正的那一篇已不在门户网站上（{posting.url or posting.ref}），没有更正；"
                                 "请核实是谁删的，需要时人工发布更正")
        said, numbers = self._said(rendition, loads, int(posting.ref))
        post = read(self._call("POST", f"/posts/{posting.ref}", json=said).said)
        if post is None:
            raise TransientError("门户网站已受理更正，但应答里没有编号；稍后会自动再更正一次")
        files = self._files(post.number)
        files.remove(files.numbers() - numbers)  # what a correction dropped must not stay at its address
        return Posting(ref=posting.ref, url=post.posting().url or posting.url, posted_at=posting.posted_at, live=post.public)

    def withdraw(self, posting: Posting) -> None:
        """Move it, and whatever else is there of the item, to the trash, and take its files away."""
        articles = {posting.ref, *(str(post.number) for post in self._look.namesakes())}
        left = [(files, files.numbers()) for files in map(self._files, map(int, articles))]
        for number in sorted(articles):
            self._look.trash(number)
        for files, numbers in left:
            files.remove(numbers)

    def _call(self, method: str, path: str, **said: Any) -> Reply:
        return self._api.call(method, path, self._errand.at, **said)


def _addressed(rendition: Rendition, there: dict[str, Placed], site: str) -> str:
    """The body with every picture and file at its address; of a file that the portal does not take, the office's own page."""
    pictures = {image.name: there[image.sha256].url for image in rendition.images}
    files = {sha256[:12]: one.url for sha256, one in there.items()}
    return linked(map_images(rendition.body, lambda name: pictures.get(name, name)), lambda start: files.get(start, site))


def _plain(text: str) -> str:
    """Plain words for a field that WordPress reads as HTML."""
    return shielded(escape(text, quote=False))

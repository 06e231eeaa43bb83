"""The way of one delivery through the platform: every step written down as it is learnt, and before what cannot be taken back.

A second call, by whichever process, goes on from the last step known. Where an answer was lost it looks first: drafts and
articles bear a mark in 阅读原文's address that is a function of the delivery's key.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any

from channels.base import Errand, Rendition
from channels.errors import IN_DOUBT, AmbiguousError, ChannelError, PermanentError, TransientError
from channels.wechat_api import Api
from channels.wechat_codes import NO_RIGHT, NO_SUCH_ARTICLE, NO_SUCH_MEDIA
from channels.wechat_job import Job
from channels.wechat_look import Look, mark
from channels.wechat_pictures import acceptable, cover
from channels.wechat_plan import ARTICLE, COVER, DRAFT, DRAFTING, HANDED, IMAGE, JOB, MOST_SUBMITS, STRAY, SUBMITTING, Doubt, Mode, Plan
from content.deliveries import REPLACING, Posting
from content.html import map_images
from content.items import Image

log = logging.getLogger("gongkai.wechat")
NO_RIGHT_SAID = ("草稿已备好，请在公众平台发布后登记：该账号没有发布权限（48001）；"
                 "认证或恢复权限后请运行 gongkai doctor，之后的文章恢复自动发布")


class Way:
    """One delivery on its way."""

    def __init__(self, api: Api, plan: Plan, errand: Errand, *, office: str) -> None:
        self._api, self._plan, self._errand, self._office = api, plan, errand, office
        self._steps, self._look = errand.steps, Look(api, errand.at, mark(errand.key), older=errand.steps.get(REPLACING) or "")
        self._publishing = Job(plan, errand, self._look)

    # ------------------------------------------------------------------------------------------------------- post

    def post(self, rendition: Rendition) -> Posting:
        """Go on from the last step known, to the end."""
        if known := self._article():
            return known
        if handed := self._steps.get(HANDED):
            return self._ready(handed)
        if job := self._steps.get(JOB):
            return self._keep(self._publishing.wait(job))
        if self._in_doubt() and (found := self._before_another_submit()):
            return found
        draft = self._steps.get(DRAFT) or self._make_draft(rendition)
        if self._plan.mode is Mode.DRAFT_ONLY or not self._api.may_publish(self._errand.at):
            return self._hand_over(draft)
        return self._submit(draft)

    def _before_another_submit(self) -> Posting | None:
        """Whoever has it tried again has looked; look once more all the same."""
        try:
            return self._after_lost_submit(decided=True)
        except TransientError as error:  # would say that nothing was posted, which is just what nobody knows
            message = f"上次提交没有收到应答，现在又查不到结果（{error}）；系统会继续核实，请勿手工重发"
        raise AmbiguousError(message)

    def _hand_over(self, draft: str) -> Posting:
        self._steps.put(HANDED, draft)
        self._sweep(draft)
        return self._ready(draft)

    def _ready(self, draft: str) -> Posting:
        return Posting(ref=draft, live=False, note="" if self._plan.mode is Mode.DRAFT_ONLY else NO_RIGHT_SAID)

    def _make_draft(self, rendition: Rendition) -> str:
        fields = dict(rendition.fields)
        by_name = {image.name: image for image in rendition.images}
        content = map_images(rendition.body, lambda name: self._picture(by_name[name]))
        thumb = self._cover(rendition, by_name.get(fields.get("cover", "")))
        if self._steps.get(DRAFTING):
            if found := self._draft_after_lost_answer():
                return found
            self._steps.put(STRAY, self._errand.at.isoformat())
        self._steps.put(DRAFTING, self._errand.at.isoformat())
        # a second draft is before nobody's eyes but the staff's: only where the draft is all there is does it leave us in doubt
        answer = self._call("draft/add", creates=self._plan.mode is Mode.DRAFT_ONLY, json={"articles": [{
            "article_type": "news", "title": rendition.title, "author": fields["author"], "digest": fields["digest"],
            "content": content, "content_source_url": fields["content_source_url"], "thumb_media_id": thumb,
            "need_open_comment": 0, "only_fans_can_comment": 0}]})
        return self._learn(DRAFT, answer, "media_id", doubt=self._plan.mode is Mode.DRAFT_ONLY)

    def _picture(self, image: Image) -> str:
        if known := self._steps.get(IMAGE + image.sha256):
            return known
        data, suffix = acceptable(self._bytes(image), image.name)
        answer = self._call("media/uploadimg", files=_form(data, suffix))
        return self._learn(IMAGE + image.sha256, answer, "url")

    def _cover(self, rendition: Rendition, image: Image | None) -> str:
        if known := self._steps.get(COVER):
            return known
        data, suffix = acceptable(self._bytes(image), image.name) if image else (cover(self._office, rendition.title), "jpg")
        answer = self._call("material/add_material", files=_form(data, suffix), params={"type": "image"})
        return self._learn(COVER, answer, "media_id")

    def _bytes(self, image: Image) -> bytes:
        try:
            return self._errand.blobs.read(image.sha256)
        except KeyError:
            raise PermanentError(f"图片“{image.name}”的文件不在库中（{image.sha256[:12]}），未发布；请重新导入后签发") from None

    def _submit(self, draft: str) -> Posting:
        before = (self._steps.get(SUBMITTING) or "") if self._in_doubt() else ""
        self._steps.put(SUBMITTING, f"{_times(before) + 1} {self._errand.at.isoformat()}")
        try:
            answer = self._call("freepublish/submit", creates=True, expect=(NO_RIGHT, NO_SUCH_MEDIA), json={"media_id": draft})
        except (TransientError, PermanentError) as error:
            self._not_taken(before, error)
            raise
        if answer.get("errcode") == NO_RIGHT:
            self._api.note_right(self._errand.at, has=False)
            self._steps.put(SUBMITTING, "")
            return self._hand_over(draft)
        if answer.get("errcode") == NO_SUCH_MEDIA:
            return self._without_draft(in_doubt=bool(before))
        return self._keep(self._publishing.wait(self._learn(JOB, answer, "publish_id", doubt=True)))

    def _not_taken(self, before: str, error: ChannelError) -> None:
        """The submit was surely not taken; of an earlier one that was lost we know no more than we did."""
        self._steps.put(SUBMITTING, before)
        if before and isinstance(error, PermanentError):
            raise AmbiguousError(f"前一次提交没有收到应答，再次提交又被拒绝（{error}）；请到公众平台核实") from None

    def _without_draft(self, *, in_doubt: bool) -> Posting:
        """The draft we were about to submit is gone: someone published it in the console, or threw it away."""
        if not in_doubt:
            self._steps.put(SUBMITTING, "")
        if found := self._look.article(since=self._begun()):
            return self._keep(found)
        if in_doubt:
            raise AmbiguousError("草稿已被取走，文章还没有出现在已发布列表；系统会继续核实，请勿手工重发")
        for step in (DRAFT, DRAFTING):
            self._steps.put(step, "")
        raise TransientError("草稿已不在公众号草稿箱（可能被人删除），未发布；下次会重新建立草稿")

    # ------------------------------------------------------------------------------------------------------- look

    def find(self) -> Posting | None:
        """What is there of this delivery; None if it is surely not there."""
        if known := self._article():
            return known
        if job := self._steps.get(JOB):
            return self._keep(self._publishing.end(job))
        if self._in_doubt():
            return self._after_lost_submit(decided=False)
        if found := self._look.article(since=self._begun(), surely=self._begun() is None):
            return self._keep(found)
        return self._draft_for_a_person()  # in publish mode none: nothing was submitted, that is written down before it is done

    def _draft_for_a_person(self) -> Posting | None:
        if handed := self._steps.get(HANDED):
            return self._handed(handed)
        if self._plan.mode is Mode.DRAFT_ONLY and self._steps.get(DRAFTING):
            draft = self._steps.get(DRAFT) or self._draft_after_lost_answer()
            return self._hand_over(draft) if draft else None
        return None

    def _handed(self, draft: str) -> Posting:
        if self._look.has_draft(draft):
            return self._ready(draft)
        raise AmbiguousError("草稿已不在草稿箱，已发布列表里也没有：可能已由人工发布或删除；请到公众平台查看后登记结果")

    def _begun(self) -> datetime | None:
        """When the draft was begun; nothing of this delivery is older. None if we know of nothing."""
        begun = self._steps.get(DRAFTING)
        return datetime.fromisoformat(begun) if begun else None

    def _in_doubt(self) -> bool:
        return bool(self._steps.get(SUBMITTING)) and not self._steps.get(JOB)

    def _after_lost_submit(self, *, decided: bool) -> Posting | None:
        """What became of a submit without an answer; None if the draft may be submitted again.

        `decided`: someone has looked since, and has it tried again.
        """
        if found := self._publishing.found_by_news() or self._look.article(since=self._begun()):
            return self._keep(found)
        draft = self._steps.get(DRAFT) or ""
        if not self._look.has_draft(draft):
            raise AmbiguousError("草稿已被取走，文章还没有出现在已发布列表；系统会继续核实，请勿手工重发")
        lost = self._steps.get(SUBMITTING) or ""
        passed = self._errand.at - datetime.fromisoformat(lost.partition(" ")[2])
        if passed < self._plan.settle:
            minutes = int(self._plan.settle.total_seconds() // 60)
            raise AmbiguousError(f"提交发布后没有收到应答，草稿仍在草稿箱；提交满{minutes}分钟后再作判断")
        if _times(lost) >= MOST_SUBMITS:
            raise AmbiguousError("两次提交都没有收到应答；请到公众平台核实，需要时在草稿箱手工发布，然后登记结果")
        if decided or self._plan.doubt is Doubt.RESUBMIT:
            return None
        raise AmbiguousError("提交发布后没有收到应答，草稿仍在草稿箱；请到公众平台核实：已发布就登记为已发，"
                             "没有发布就登记为未发，系统会再试一次")

    def _draft_after_lost_answer(self) -> str | None:
        """The draft whose making was not answered, if it was made."""
        if found := self._look.draft():
            self._steps.put(DRAFT, found)
            return found
        begun = self._begun()
        if self._plan.mode is Mode.DRAFT_ONLY and begun and self._errand.at - begun < self._plan.settle:
            raise AmbiguousError("建立草稿后没有收到应答，草稿箱里还没有；稍后再核实")
        return None

    # --------------------------------------------------------------------------------------------------- withdraw

    def withdraw(self, posting: Posting) -> None:
        """Take it back: the draft that nobody published yet, or the article. What is gone already counts as taken back."""
        if posting.live:
            gone = self._delete(posting.ref)
        else:
            answer = self._call("draft/delete", expect=(NO_SUCH_MEDIA,), json={"media_id": posting.ref})
            gone = answer.get("errcode") == NO_SUCH_MEDIA
        # gone, or never an article's name (a person published the draft in the console): what bears our mark must go
        if gone and (found := self._article_to_withdraw()):
            self._delete(found.ref)

    def _article_to_withdraw(self) -> Posting | None:
        try:
            return self._look.article()
        except AmbiguousError as error:  # deleting may be repeated, so there is nothing to settle
            message = f"撤回尚未完成：{error}；稍后会自动再试"
        raise TransientError(message)

    def _delete(self, article: str) -> bool:
        """True if there was no such article."""
        answer = self._call("freepublish/delete", expect=(NO_SUCH_ARTICLE, NO_SUCH_MEDIA), json={"article_id": article, "index": 0})
        return answer.get("errcode") in (NO_SUCH_ARTICLE, NO_SUCH_MEDIA)

    # ------------------------------------------------------------------------------------------------------ little

    def _call(self, name: str, **said: Any) -> dict[str, Any]:
        return self._api.call(name, self._errand.at, **said)

    def _learn(self, step: str, answer: dict[str, Any], name: str, *, doubt: bool = False) -> str:
        value = str(answer.get(name) or "")
        if not value:
            words = f"微信已受理，但应答里没有 {name}"
            raise AmbiguousError(f"{words}，{IN_DOUBT}") if doubt else TransientError(f"{words}，稍后会自动再试")
        self._steps.put(step, value)
        return value

    def _article(self) -> Posting | None:
        if not (known := self._steps.get(ARTICLE)):
            return None
        article = json.loads(known)
        when = article.get("at")
        return Posting(ref=article["id"], url=article["url"], posted_at=datetime.fromisoformat(when) if when else None)

    def _keep(self, posting: Posting) -> Posting:
        at = posting.posted_at.isoformat() if posting.posted_at else None
        self._steps.put(ARTICLE, json.dumps({"id": posting.ref, "url": posting.url, "at": at}))
        self._sweep()
        return posting

    def _sweep(self, kept: str = "") -> None:
        """Delete the drafts that came of lost answers, lest somebody publish one by hand."""
        if not self._steps.get(STRAY):
            return
        try:
            for draft in [draft for draft in self._look.drafts() if draft != kept]:
                self._call("draft/delete", expect=(NO_SUCH_MEDIA,), json={"media_id": draft})
            self._steps.put(STRAY, "")
        except ChannelError as error:  # what was posted is posted; a draft is before nobody's eyes but the staff's
            log.warning("%s: a second draft may still lie in its box: %s", self._errand.key, error)


def _times(submitting: str) -> int:
    return int(submitting.partition(" ")[0] or 0)


def _form(data: bytes, suffix: str) -> dict[str, tuple[str, bytes, str]]:
    """A name in ASCII with a suffix: many endpoints do not read others."""
    return {"media": (f"picture.{suffix}", data, "image/png" if suffix == "png" else "image/jpeg")}

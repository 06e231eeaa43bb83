"""Finding again on the platform what bears our mark."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.asking import asking, listed
from channels.errors import AmbiguousError
from channels.wechat_api import Api
from channels.wechat_codes import NO_RIGHT, NO_SUCH_ARTICLE, NO_SUCH_MEDIA
from content.deliveries import Posting

PAGE, PAGES = 20, 25  #: articles a page of a list (the platform's most), pages we read at most of 100 calls a day
CLOCKS = timedelta(days=1)  #: further than this the platform's clock and ours are not apart


def mark(key: str) -> str:
    """What a draft and an article bear to be found again: the same for every action on one edition on one channel."""
    subject = re.sub(r":[a-z]+(?=@[^@]*\Z)", "", key)
    return f"wx={hashlib.sha256(subject.encode()).hexdigest()[:16]}"


class Look:
    """Questions about one delivery. They change nothing and may be asked again.

    Raises, in every method:
        TransientError: the platform cannot be asked now.
        AmbiguousError: it does not answer the question.
    """

    def __init__(self, api: Api, at: datetime, mark_: str, *, older: str = "") -> None:
        """`older`: the article that this delivery takes the place of; it may bear the same mark."""
        self._api, self._at, self._mark, self._older = api, at, mark_, older

    def ask(self, name: str, said: dict[str, Any], *, expect: tuple[int, ...] = ()) -> dict[str, Any]:
        """A call that only asks. A refusal to answer says nothing of what was asked about."""
        return asking(lambda: self._api.call(name, self._at, json=said, expect=expect))

    def article(self, *, since: datetime | None = None, surely: bool = False) -> Posting | None:
        """The article before the public.

        Args:
            since: it cannot be older than this, so a page that is need not be followed by another.
            surely: None must mean that it is nowhere; a list too long to read then leaves us in doubt.
        """
        for item in self._list("freepublish/batchget", since=since, surely=surely):
            if str(item.get("article_id")) != self._older and (article := self._marked(item)):
                when = item.get("update_time")
                return Posting(ref=str(item["article_id"]), url=article.get("url"),
                               posted_at=datetime.fromtimestamp(when, UTC) if isinstance(when, int) else None)
        return None

    def named(self, article_id: str) -> Posting | None:
        """The article of that name, if it is this delivery's and before the public."""
        answer = self.ask("freepublish/getarticle", {"article_id": article_id}, expect=(NO_SUCH_ARTICLE,))
        if answer.get("errcode") == NO_SUCH_ARTICLE:
            return None
        if article := self._marked({"content": {"news_item": listed(answer.get("news_item"), "微信")}}):
            return Posting(ref=article_id, url=article.get("url"))
        return None

    def draft(self) -> str | None:
        """The draft in its box."""
        return next(self.drafts(), None)

    def drafts(self) -> Iterator[str]:
        """All of them, where an answer was lost and another was made."""
        return (str(item["media_id"]) for item in self._list("draft/batchget") if self._marked(item))

    def has_draft(self, media_id: str) -> bool:
        """Whether that draft is still in the box."""
        answer = self.ask("draft/get", {"media_id": media_id}, expect=(NO_SUCH_MEDIA,))
        return answer.get("errcode") != NO_SUCH_MEDIA and bool(listed(answer.get("news_item"), "微信"))

    def _list(self, name: str, *, since: datetime | None = None, surely: bool = False) -> Iterator[dict[str, Any]]:
        """A list of the platform's, as far as we may read; empty for an account without the right to it."""
        oldest = (since - CLOCKS).timestamp() if since else 0
        for page in range(PAGES):
            answer = self.ask(name, {"offset": page * PAGE, "count": PAGE, "no_content": 1}, expect=(NO_RIGHT,))
            if answer.get("errcode") == NO_RIGHT:
                return
            items = listed(answer.get("item"), "微信")
            yield from items
            if len(items) < PAGE or max(item.get("update_time", 0) for item in items) < oldest:
                return
        if surely:
            raise AmbiguousError(f"已发布文章超过{PAGES * PAGE}篇，无法全部查看；请到公众平台搜索标题后登记结果")

    def _marked(self, item: dict[str, Any]) -> dict[str, Any] | None:
        for article in (item.get("content") or {}).get("news_item") or []:
            if self._mark in str(article.get("content_source_url", "")) and not article.get("is_deleted"):
                return dict(article)
        return None

"""Finding again on the platform what bears our mark."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from channels.errors import AmbiguousError, PermanentError
from channels.wechat_api import Api
from channels.wechat_codes import NO_RIGHT, NO_SUCH_MEDIA
from content.deliveries import Posting

PAGE, PAGES = 20, 25  #: articles a page of a list (the platform's most), pages we read at most of 100 calls a day


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

    def __init__(self, api: Api, at: datetime, mark_: str) -> None:
        self._api, self._at, self._mark = api, at, mark_

    def ask(self, name: str, said: dict[str, Any], *, expect: tuple[int, ...] = ()) -> dict[str, Any]:
        """A call that only asks. A refusal to answer says nothing of what was asked about."""
        try:
            return self._api.call(name, self._at, json=said, expect=expect)
        except PermanentError as error:
            message = f"无法核实：{error}"
        raise AmbiguousError(message)

    def article(self) -> Posting | None:
        """The article before the public."""
        for item in self._list("freepublish/batchget"):
            if article := self._marked(item):
                when = item.get("update_time")
                return Posting(ref=str(item["article_id"]), url=article.get("url"),
                               posted_at=datetime.fromtimestamp(when, UTC) if isinstance(when, int) else None)
        return None

    def draft(self) -> str | None:
        """The draft in its box."""
        return next((str(item["media_id"]) for item in self._list("draft/batchget") if self._marked(item)), None)

    def has_draft(self, media_id: str) -> bool:
        """Whether that draft is still in the box."""
        return self.ask("draft/get", {"media_id": media_id}, expect=(NO_SUCH_MEDIA,)).get("errcode") != NO_SUCH_MEDIA

    def _list(self, name: str) -> Iterator[dict[str, Any]]:
        """A list of the platform's, as far as we may read; empty for an account without the right to it."""
        for page in range(PAGES):
            answer = self.ask(name, {"offset": page * PAGE, "count": PAGE, "no_content": 1}, expect=(NO_RIGHT,))
            items = answer.get("item") or []
            yield from items
            if len(items) < PAGE:
                return

    def _marked(self, item: dict[str, Any]) -> dict[str, Any] | None:
        for article in (item.get("content") or {}).get("news_item") or []:
            if self._mark in str(article.get("content_source_url", "")) and not article.get("is_deleted"):
                return dict(article)
        return None

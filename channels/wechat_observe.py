"""复查 of an article: what the publishing job says became of it, then the article itself. A hundred such questions a day, each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels.base import Errand
from channels.errors import TransientError
from channels.wechat_api import Api
from channels.wechat_codes import FAILED_JOBS, NO_SUCH_ARTICLE, NO_SUCH_MEDIA, number
from channels.wechat_plan import JOB
from content.deliveries import Posting
from content.sightings import Seen, Sighting

AFTERWARDS = {5: Seen.GONE, 6: Seen.BANNED}  #: `publish_status` of a job whose article was before the public and is not any more
NO_SUCH_JOB = 53601  #: the platform forgets jobs; the article is asked for then


def observe(api: Api, posting: Posting, errand: Errand) -> Sighting:
    """What the public finds there now.

    Raises:
        ChannelError: the platform cannot be asked now, or gave no clear answer.
    """
    job = errand.steps.get(JOB)
    if job and (lost := _lost(api.call("freepublish/get", errand.at, json={"publish_id": job}, expect=(NO_SUCH_JOB,)))):
        return lost
    return _article(api, posting, errand.at)


def _lost(answer: dict[str, Any]) -> Sighting | None:
    status = number(answer.get("publish_status"))
    return Sighting(seen=AFTERWARDS[status], detail=f"微信：{FAILED_JOBS[status]}") if status in AFTERWARDS else None


def _article(api: Api, posting: Posting, at: datetime) -> Sighting:
    answer = api.call("freepublish/getarticle", at, json={"article_id": posting.ref}, expect=(NO_SUCH_ARTICLE, NO_SUCH_MEDIA))
    if answer.get("errcode") in (NO_SUCH_ARTICLE, NO_SUCH_MEDIA):
        return Sighting(seen=Seen.GONE, detail=f"公众号里已没有这篇文章（{posting.url or posting.ref}）；请核实是谁删的、为何删除")
    articles = answer.get("news_item")
    if not isinstance(articles, list) or not articles:
        raise TransientError("微信的应答里没有文章，这次没有看成；稍后会自动再看")
    if any(isinstance(one, dict) and one.get("is_deleted") for one in articles):
        return Sighting(seen=Seen.GONE, detail=f"公众号里这篇文章已被删除（{posting.url or posting.ref}）；请核实是谁删的、为何删除")
    return Sighting(seen=Seen.STANDS)

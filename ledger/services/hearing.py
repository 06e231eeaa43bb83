"""推送: what platforms say of their own accord, kept with the delivery it is about."""

from __future__ import annotations

import json
from datetime import datetime

from content.deliveries import HEARD, Action, News, Status
from ledger.limits import printable
from ledger.models import Delivery, Step
from ledger.services.book import book

_MOST = 20  #: words kept of one delivery; a platform repeats itself a few times, not for ever


def hear(*, office: str, channel: str, news: News, at: datetime) -> int:
    """Keep the news with the delivery in doubt that is meant, and have the next tick look for it; how many that were.

    Which is meant is told by a name that the platform once gave. Where none knows that name, every posting in doubt that was
    given none may be meant, and their looks will tell. The same news twice changes nothing; news of what is in doubt no
    more are dropped.
    """
    with book(office=office, by="gongkai", at=at) as opened:
        doubtful = (Delivery.objects.filter(office=opened.office, channel=channel, surface=False, status=Status.UNCONFIRMED)
                    .exclude(action=Action.WITHDRAW).order_by("pk"))
        learnt = dict(Step.objects.filter(delivery__in=doubtful, name=news.step).exclude(value="").values_list("delivery_id", "value"))
        meant = [one for one in doubtful if learnt.get(one.pk) == news.value] or [one for one in doubtful if one.pk not in learnt]
        for one in meant:
            if _kept(one, news.word) and one.look_asked_at is None:
                Delivery.objects.filter(pk=one.pk).update(look_asked_at=at)
                opened.write("asked to look", one.key)
    return len(meant)


def _kept(delivery: Delivery, word: str) -> bool:
    """Whether it was news."""
    row, _ = Step.objects.get_or_create(delivery=delivery, name=HEARD, defaults={"value": "[]"})
    words: list[str] = json.loads(row.value)
    if printable(word) in words or len(words) >= _MOST:
        return False
    row.value = json.dumps([*words, printable(word)], ensure_ascii=False)
    row.save(update_fields=["value"])
    return True

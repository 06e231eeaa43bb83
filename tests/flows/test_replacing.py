"""更正 where nothing can be changed, end to end: the older article goes, the new one comes, and the book says which stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.house import OfficeHand, open_house
from content.deliveries import Status
from content.sightings import Seen
from flows import observing, tick
from flows.clock import still
from ledger import queries
from ledger.models import Posting, Watch
from tests.flows.stage import CODE, SECRET, far_side, furnish, instant, record, sign

pytestmark = pytest.mark.ledger
NUMBER = "006123456/2024-00005"


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    """The account's secret, as an office would set it."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", SECRET)


def replacing(home: Path, api: str) -> OfficeHand:
    """The stage's office, which wants corrections to take the place of what was posted."""
    furnish(home, api=api)
    words = (home / "gongkai.toml").read_text(encoding="utf-8").replace('mode = "publish"', 'mode = "publish"\ncorrections = "replace"')
    (home / "gongkai.toml").write_text(words, encoding="utf-8")
    return open_house(home).desk(CODE)


def run(hand: OfficeHand, at: str) -> dict[Status, int]:
    clock = still(instant(hand, at))
    tick.release_due(hand, clock=clock)
    return tick.run_outlet(hand, "wechat", clock=clock).counts


def to_be_corrected(hand: OfficeHand, home: Path) -> str:
    """An article that stands, and its correction, signed; the article's name."""
    sign(hand, home, record(index_number=NUMBER, column="dongtai"))
    run(hand, "2024-06-03T16:00")
    sign(hand, home, record(index_number=NUMBER, column="dongtai", title="关于做好汛期安全工作的通知（更正）", change_note="值守电话有误。"),
         at="2024-06-04T09:00")
    return str(Posting.objects.get().ref)


def test_one_article_stands_and_it_is_the_corrected_one(database):
    with far_side(database) as wechat:
        hand = replacing(database, wechat.url)
        older = to_be_corrected(hand, database)
        assert run(hand, "2024-06-04T16:00") == {Status.POSTED: 1}
        assert [article["title"] for article in wechat.articles()] == ["关于做好汛期安全工作的通知（更正）"]
        posting = Posting.objects.get()
        assert (posting.ref != older, posting.removed_at) == (True, None)
        assert Watch.objects.get().since == instant(hand, "2024-06-04T16:00")
        assert observing.observe_outlet(hand, "wechat", clock=still(instant(hand, "2024-06-04T17:00"))).counts == {Seen.STANDS: 1}
        figures = queries.figures(office=CODE, year=2024, categories=hand.office.categories, as_of=instant(hand, "2025-01-01T09:00"))
        assert (figures.channels["wechat"], figures.corrections, dict(figures.removed)) == (1, 1, {})


def test_refused_after_the_older_one_went_the_book_says_that_nothing_stands(sqlite):
    """And it stands in a person's list."""
    with far_side(sqlite) as wechat:
        hand = replacing(sqlite, wechat.url)
        to_be_corrected(hand, sqlite)
        wechat.mood("refuses", call="draft/add")
        assert run(hand, "2024-06-04T16:00") == {Status.REFUSED: 1}
        assert wechat.articles() == []
        assert Posting.objects.get().removed_at == instant(hand, "2024-06-04T16:00")
        assert [line.status for line in queries.troubled(offices=[CODE], at=instant(hand, "2024-06-04T16:00"))] == [Status.REFUSED]
        assert queries.due_looks(office=CODE, channel="wechat", at=instant(hand, "2025-01-01T09:00")) == []


def test_one_whose_answer_was_lost_is_found_and_nothing_is_posted_twice(sqlite):
    with far_side(sqlite) as wechat:
        hand = replacing(sqlite, wechat.url)
        to_be_corrected(hand, sqlite)
        wechat.mood("fails after accepting", call="freepublish/submit")
        assert run(hand, "2024-06-04T16:00") == {Status.UNCONFIRMED: 1}
        wechat.mood("fine")
        assert run(hand, "2024-06-04T16:05") == {}
        assert tick.settle_outlet(hand, "wechat", clock=still(instant(hand, "2024-06-04T16:10"))).counts == {Status.POSTED: 1}
        assert [article["title"] for article in wechat.articles()] == ["关于做好汛期安全工作的通知（更正）"]

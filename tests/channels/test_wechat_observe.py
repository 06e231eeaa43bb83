"""Looking again at an article: what stands, what somebody deleted, what the platform banned."""

from __future__ import annotations

import pytest

from channels.base import Observes, may_replace
from channels.errors import ChannelError, ConfigurationError, QuotaError, TransientError
from content.deliveries import Posting
from content.sightings import Seen
from tests.builders import an_edition
from tests.channels.rigs.wechat import MORNING, Rig

KEY = "006123456/2024-00017#1:publish@wechat"


@pytest.fixture
def rig(a_rig) -> Rig:
    made: Rig = a_rig("wechat")
    return made


def post(rig: Rig) -> Posting:
    return rig.channel.post(rig.channel.render(an_edition()), errand=rig.errand(KEY))


def seen(rig: Rig, posting: Posting, key: str = KEY) -> Seen:
    return rig.channel.observe(posting, errand=rig.errand(key)).seen


def test_it_tells_what_stands_what_was_deleted_and_what_was_banned(rig):
    posting = post(rig)
    assert isinstance(rig.channel, Observes)
    assert seen(rig, posting) is Seen.STANDS
    rig.far.take_off(posting.ref)
    look = rig.channel.observe(posting, errand=rig.errand(KEY))
    assert (look.seen, "请核实是谁删的" in look.detail) == (Seen.GONE, True)
    rig.far.take_off(posting.ref, banned=True)
    look = rig.channel.observe(posting, errand=rig.errand(KEY))
    assert (look.seen, "封禁" in look.detail) == (Seen.BANNED, True)


@pytest.mark.parametrize(("status", "found"), [(6, Seen.BANNED), ("6", Seen.BANNED), ("5", Seen.GONE), ("0", Seen.STANDS), ("", Seen.STANDS)])
def test_a_status_is_read_as_a_number_and_as_a_text(rig, status, found, monkeypatch):
    """The vendor's own tables say both."""
    posting = post(rig)
    monkeypatch.setattr(rig.far.platform, "_calls", {**rig.far.platform._calls, "freepublish/get": lambda request: {"publish_status": status}})
    assert seen(rig, posting) is found


def test_a_code_is_read_as_a_text_too(rig, monkeypatch):
    posting = post(rig)
    gone = {"errcode": "53600", "errmsg": "Article ID is not exist"}
    monkeypatch.setattr(rig.far.platform, "_calls", {**rig.far.platform._calls, "freepublish/getarticle": lambda request: gone})
    assert seen(rig, posting) is Seen.GONE


def test_without_the_job_the_article_itself_is_asked_for(rig):
    """A ledger that lost its steps, or an article whose job the platform forgot."""
    posting, other = post(rig), "006123456/2024-00099#1:publish@wechat"
    assert seen(rig, posting, other) is Seen.STANDS
    rig.errand(other).steps.put("publish_id", "1")  # no such job
    assert seen(rig, posting, other) is Seen.STANDS
    rig.far.take_off(posting.ref)
    assert seen(rig, posting, other) is Seen.GONE
    assert seen(rig, Posting(ref="never there"), other) is Seen.GONE


@pytest.mark.parametrize("mood", ["busy", "out of quota", "bars", "garbles", "half an answer", "empty answer", "fails after accepting"])
def test_a_platform_that_gives_no_clear_answer_was_not_looked_at(rig, mood):
    """Nothing that goes wrong on the way is taken for an article that is gone."""
    posting = post(rig)
    rig.far.mood(mood)
    with pytest.raises(ChannelError):
        rig.channel.observe(posting, errand=rig.errand(KEY))


def test_an_answer_without_an_article_is_no_sighting(rig, monkeypatch):
    posting = post(rig)
    monkeypatch.setattr(rig.far.platform, "_calls", {**rig.far.platform._calls, "freepublish/getarticle": lambda request: {"news_item": []}})
    with pytest.raises(TransientError, match="没有看成"):
        rig.channel.observe(posting, errand=rig.errand(KEY))


def test_a_look_asks_the_job_once_and_the_article_once(rig):
    """A hundred of each a day: an office may look at as many."""
    posting = post(rig)
    before = rig.far.calls()
    seen(rig, posting)
    assert rig.far.calls() - before == 2


def test_the_days_quota_stops_the_channels_run(rig):
    posting = post(rig)
    rig.far.mood("out of quota")
    with pytest.raises(QuotaError):
        rig.channel.observe(posting, errand=rig.errand(KEY, at=MORNING))


def test_a_correction_takes_the_articles_place_only_where_the_office_says_so(rig):
    assert not may_replace(rig.channel)
    assert may_replace(rig.a_channel(corrections="replace"))
    with pytest.raises(ConfigurationError, match="corrections"):
        rig.a_channel(corrections="perhaps")

"""探测 and the house that is opened for work: what channels say is kept; tokens and quotas are one with every other process's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels import house, registry
from channels.errors import QuotaError, TransientError
from channels.wechat import WeChat
from content.accounts import Checkup, Quota, Token
from content.rules import BREAKS_AFTER
from flows import accounts, probing
from flows.clock import still, wall
from flows.commands.channel_findings import probe_beat
from ledger import queries
from tests.flows.stage import CODE, SECRET, far_side, furnish, instant, record, sign
from tests.flows.test_cli import run
from tests.flows.test_tick import whole_tick

pytestmark = pytest.mark.ledger


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    """The account's secret, as an office would set it."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", SECRET)
    monkeypatch.setenv("COLUMNS", "300")  # so wide that no line of a table is broken


def probe(hand, at: str = "2024-06-03T07:30") -> probing.Answer:
    return probing.probe_channel(hand, "wechat", clock=still(instant(hand, at)))


def kept() -> queries.ProbeLine | None:
    return next(one.probe for one in queries.channel_states(office=CODE) if one.channel == "wechat")


def test_what_can_be_asked_is_asked_and_what_it_said_is_kept(database):
    with far_side(database) as wechat:
        hand = furnish(database, api=wechat.url)
        assert probing.askable(hand) == ["website", "feed", "board", "wechat"]
        answer = probe(hand)
        assert (answer.well, "mode publish" in answer.line, kept().line, kept().well) == (True, True, answer.line, True)
        wechat.mood("bars")
        ill = probe(hand, "2024-06-04T07:30")
        assert (ill.well, kept().well, kept().line, kept().ill_since) == (False, False, ill.line, instant(hand, "2024-06-04T07:30"))


def test_an_unreachable_platform_is_ill_and_a_used_up_quota_says_nothing(sqlite, monkeypatch):
    hand = furnish(sqlite)
    monkeypatch.setattr(WeChat, "check", _raises(QuotaError("额度已用完")))
    assert (probe(hand).well, kept()) == (None, None)
    monkeypatch.setattr(WeChat, "check", _raises(TransientError("连接不上")))
    assert (probe(hand).well, kept().line) == (False, "连接不上")


def _raises(error: Exception):
    def check(self, now):
        raise error
    return check


def test_a_probe_that_is_well_ends_a_rest(sqlite):
    hand = furnish(sqlite, api="http://127.0.0.1:9")
    sign(hand, sqlite, *[record(column="dongtai", title=f"第{serial}件") for serial in range(BREAKS_AFTER)])
    whole_tick(hand)
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        probe(hand, "2024-06-03T16:02")
        whole_tick(hand, "2024-06-03T16:03")
        assert len(wechat.articles()) == BREAKS_AFTER


def test_doctor_counts_the_days_and_names_who_refused_and_who_rests(sqlite, monkeypatch):
    hand = furnish(sqlite, api="http://127.0.0.1:9")
    monkeypatch.setattr(WeChat, "check", lambda self, now: Checkup(line="token good", until=wall() + timedelta(days=9, hours=1)))
    said = run(sqlite, "doctor").stdout
    assert "token good, 9 days left" in said
    assert "get the next authorisation now" in said
    assert "4 open, none rests, none is paused, none refused its last probe" in said
    monkeypatch.setattr(WeChat, "check", _raises(TransientError("连接不上微信")))
    probe(hand)
    sign(hand, sqlite, *[record(column="dongtai", title=f"第{serial}件") for serial in range(BREAKS_AFTER)])
    whole_tick(hand)
    said = " ".join(run(sqlite, "doctor").stdout.split())
    assert "wechat refused since 2024-06-02 23:30 UTC: 连接不上微信" in said
    assert "wechat rests 5 failures in a row, the next trial after 2024-06-03 08:05 UTC" in said


def test_a_daily_probe_that_stopped_is_noticed():
    at = datetime(2024, 6, 3, 9, tzinfo=UTC)
    assert not probe_beat("qingshui", at - timedelta(days=3), at).well
    assert all(probe_beat("qingshui", last, now).well for last, now in ((at - timedelta(days=1), at), (None, at), (at - timedelta(days=900), None)))


def test_every_house_that_is_opened_for_work_shares_tokens_and_quotas(database, monkeypatch):
    furnish(database)
    settings = []

    def spied(setting, kind):
        settings.append(setting)
        return registry.build(setting, kind)

    monkeypatch.setattr(house, "build", spied)
    accounts.open_house(database)
    accounts.open_house(database)
    house.open_house(database)
    one, other, alone = settings[0], settings[4], settings[8]
    assert settings[0].keyring is settings[3].keyring
    token, quota = Token(value="v", until=None), Quota(name="send", calls=1, per=timedelta(minutes=1))
    assert one.keyring.renew("wechat/wx", None, lambda kept: token) == other.keyring.get("wechat/wx") == token
    at = datetime(2024, 6, 3, 9, tzinfo=one.office.tz)
    assert one.pace.spend("wechat/wx", quota, at) is None
    assert other.pace.spend("wechat/wx", quota, at) == at + timedelta(minutes=1)
    assert (alone.keyring.get("wechat/wx"), alone.pace.spend("wechat/wx", quota, at)) == (None, None)

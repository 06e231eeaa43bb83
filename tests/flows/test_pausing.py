"""A tick before what is paused and what rests: nothing gets out, nothing is lost, and it goes on by itself."""

from __future__ import annotations

import pytest

from content.deliveries import Status
from content.rules import BREAKS_AFTER
from flows import tick
from flows.dispatch import carry
from ledger import queries, services
from tests.flows.stage import CODE, SECRET, far_side, furnish, instant, record, sign
from tests.flows.test_cli import run
from tests.flows.test_tick import tree, whole_tick

pytestmark = pytest.mark.ledger
BY = "吴运维"


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    """The account's secret, as an office would set it."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", SECRET)
    monkeypatch.setenv("COLUMNS", "300")  # so wide that no line of a table is broken


def some(count: int) -> list[dict]:
    return [record(column="dongtai", title=f"第{serial}件") for serial in range(count)]


def test_a_dead_channel_is_tried_a_few_times_then_rests_and_goes_on_by_itself(database):
    """Of seven deliveries five meet the dead platform; a while later one tries it, and all stand there once."""
    hand = furnish(database, api="http://127.0.0.1:9")
    sign(hand, database, *some(BREAKS_AFTER + 2))
    _, reports = whole_tick(hand)
    assert reports["wechat"].counts == {Status.DEFERRED: BREAKS_AFTER}
    assert "rests until 2024-06-03 08:05 UTC" in reports["wechat"].details[-1]
    with far_side(database) as wechat:
        hand = furnish(database, api=wechat.url)
        assert whole_tick(hand, "2024-06-03T16:04")[1]["wechat"].counts == {}
        assert wechat.articles() == []
        assert not tick.to_post(hand, "wechat", clock=lambda: instant(hand, "2024-06-03T16:04"))
        assert whole_tick(hand, "2024-06-03T16:10")[1]["wechat"].counts == {Status.POSTED: BREAKS_AFTER + 2}
        assert len({article["title"] for article in wechat.articles()}) == len(wechat.articles()) == BREAKS_AFTER + 2


def test_while_everything_is_paused_a_tick_does_nothing_and_afterwards_all_of_it(database):
    with far_side(database) as wechat:
        hand = furnish(database, api=wechat.url)
        sign(hand, database, record(column="dongtai"))
        whole_tick(hand, "2024-06-03T10:00")
        sign(hand, database, record(column="dongtai", title="后来的"))
        before = tree(database)
        services.pause(office=CODE, by=BY, at=instant(hand, "2024-06-03T11:00"), reason="等上级通知")
        released, reports = whole_tick(hand, "2024-06-03T12:00")
        assert (released.released, released.held, [one.counts for one in reports.values()]) == ([], [], [{}] * 4)
        assert (tree(database), len(wechat.articles())) == (before, 1)
        services.resume(office=CODE, by=BY, at=instant(hand, "2024-06-03T13:00"), reason="可以发")
        whole_tick(hand, "2024-06-03T14:00")
        assert len(wechat.articles()) == 2
        assert tree(database) != before


def test_a_paused_surface_is_not_drawn_whole_either(sqlite):
    hand = furnish(sqlite)
    sign(hand, sqlite, record())
    services.pause(office=CODE, by=BY, at=instant(hand), reason="网站检修", channel="website")
    assert not tick.to_draw(hand, "website", clock=lambda: instant(hand, "2024-06-03T16:00"))
    clock = lambda: instant(hand, "2024-06-03T16:00")  # noqa: E731
    tick.release_due(hand, clock=clock)
    assert tick.run_surface(hand, "website", clock=clock, whole=True).counts == {}
    assert not (sqlite / "site").exists()
    assert tick.to_draw(hand, "feed", clock=clock)


def test_a_pause_in_the_middle_of_a_run_ends_it_after_the_delivery_at_hand(database, monkeypatch):
    with far_side(database) as wechat:
        hand = furnish(database, api=wechat.url)
        sign(hand, database, *some(4))

        def stopped(*what):
            outcome = carry(*what)
            services.pause(office=CODE, by=BY, at=instant(hand, "2024-06-03T16:00"), reason="标题写错", channel="wechat")
            return outcome

        monkeypatch.setattr(tick, "carry", stopped)
        assert whole_tick(hand)[1]["wechat"].counts == {Status.POSTED: 1}
        assert len(wechat.articles()) == 1


def test_a_pause_of_one_item_in_the_middle_lets_the_others_go_on(sqlite, monkeypatch):
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        numbers = sign(hand, sqlite, *some(4))
        held: list[str] = []

        def stopped(channel, delivery, *rest):
            if not held:
                held.append(next(one for one in numbers if one != delivery.edition.index_number))
                services.pause(office=CODE, by=BY, at=instant(hand, "2024-06-03T16:00"), reason="标题写错", index_number=held[0])
            return carry(channel, delivery, *rest)

        monkeypatch.setattr(tick, "carry", stopped)
        assert whole_tick(hand)[1]["wechat"].counts == {Status.POSTED: 3}
        assert [one.delivery.edition.index_number for one in _queued(hand, held[0])] == held


def _queued(hand, number: str) -> list[queries.Due]:
    services.resume(office=CODE, by=BY, at=instant(hand, "2024-06-03T17:00"), reason="改好了", index_number=number)
    return queries.due_deliveries(office=CODE, channel="wechat", at=instant(hand, "2024-06-03T17:00"))


def test_the_command_pauses_resumes_and_says_what_stands_paused(sqlite):
    furnish(sqlite)
    at = ["--by", BY, "--at", "2024-06-03T16:00"]
    said = run(sqlite, "pause", "--channel", "wechat", "--reason", "公众号迁移", *at)
    assert (said.exit_code, said.stdout) == (0, "paused: channel wechat, since 2024-06-03 08:00 UTC by 吴运维: 公众号迁移\n")
    again = run(sqlite, "pause", "--channel", "wechat", "--reason", "公众号迁移", *at)
    assert (again.exit_code, "paused already, by 吴运维: 公众号迁移" in again.stderr) == (1, True)
    assert "paused: everything" in run(sqlite, "pause", "--reason", "等通知", *at).stdout
    assert "no item '1/2'" in run(sqlite, "pause", "--item", "1/2", "--reason", "错", *at).stderr
    assert "gongkai resume --channel wechat --reason" in run(sqlite, "doctor").stdout
    run(sqlite, "resume", "--reason", "可以发", *at)
    assert "nothing is paused" in run(sqlite, "resume", "--channel", "wechat", "--reason", "迁移完成", *at).stdout
    assert queries.pauses(office=CODE) == []

"""One tick: what is due is released, drawn and posted; what fails is written down as what is known."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from channels import signing
from channels.house import OfficeHand
from channels.once import at_most_once
from content.deliveries import Outcome, Posting, Status
from flows import tick
from flows.clock import still
from ledger import queries, services
from ledger.models import Attempt, Delivery, Event
from ledger.models import Posting as PostingRow
from tests.flows.stage import CODE, SECRET, far_side, furnish, instant, record, sign
from tests.rigs import mastodon_mock

pytestmark = pytest.mark.ledger


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    """The account's secret, as an office would set it."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", SECRET)


def whole_tick(hand: OfficeHand, at: str = "2024-06-03T16:00") -> tuple[tick.Released, dict[str, tick.Report]]:
    """What the publish flow does, without Prefect."""
    clock = still(instant(hand, at))
    released = tick.release_due(hand, clock=clock)
    reports = {name: tick.run_surface(hand, name, clock=clock) for name in hand.surfaces}
    return released, reports | {name: tick.run_outlet(hand, name, clock=clock) for name in hand.outlets}


def figures(hand: OfficeHand):
    """The year's figures, as they stand."""
    return queries.figures(office=CODE, year=2024, categories=hand.office.categories, as_of=instant(hand, "2025-01-01T09:00"))


def tree(home: Path) -> dict[str, bytes]:
    """Every public file."""
    return {str(path.relative_to(home)): path.read_bytes() for path in sorted((home / "site").rglob("*")) if path.is_file()}


def test_takes_an_item_to_every_channel(database):
    """Website, feed, sheet and article in one tick; the sheet counts only once it hangs."""
    with far_side(database) as wechat:
        hand = furnish(database, api=wechat.url)
        [number] = sign(hand, database, record(column="dongtai", channels=["website", "board", "wechat"]))
        released, reports = whole_tick(hand)
        assert released.released == [number]
        assert {name: report.counts for name, report in reports.items()} == {
            "website": {Status.POSTED: 1}, "feed": {Status.POSTED: 1}, "board": {Status.BY_HAND: 1}, "wechat": {Status.POSTED: 1}}
        assert [article["title"] for article in wechat.articles()] == ["关于做好汛期安全工作的通知"]
        assert dict(figures(hand).channels) == {"website": 1, "board": 0, "wechat": 1}
        [sheet] = queries.sheets(office=CODE)
        services.put_up(office=CODE, number=sheet.number, by="文书", at=instant(hand, "2024-06-03T17:00"))
        assert dict(figures(hand).channels) == {"website": 1, "board": 1, "wechat": 1}
        assert figures(hand).distinct_items == 1


def test_a_second_tick_does_nothing_again(sqlite):
    """Not one call, not one event, not one byte."""
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        sign(hand, sqlite, record(column="dongtai"))
        whole_tick(hand)
        before = (Attempt.objects.count(), Event.objects.count(), tree(sqlite), len(wechat.articles()))
        whole_tick(hand, "2024-06-03T16:10")
        assert (Attempt.objects.count(), Event.objects.count(), tree(sqlite), len(wechat.articles())) == before


def test_nothing_unreleased_lies_under_the_web_root(sqlite):
    """An embargo holds in bytes: neither page nor picture nor feed knows of a signed item before its time (OBR, November 2025)."""
    hand = furnish(sqlite)
    sign(hand, sqlite, record(title="尚未公开的预算", release_at="2024-06-04T09:00"), record(title="今日公开"))
    whole_tick(hand)
    public = tree(sqlite)
    assert any("今日公开".encode() in data for data in public.values())
    assert not any("尚未公开的预算".encode() in data for data in public.values())
    whole_tick(hand, "2024-06-04T09:00")
    assert any("尚未公开的预算".encode() in data for data in tree(sqlite).values())


def test_holds_back_what_is_not_what_was_signed(sqlite, monkeypatch):
    """Other bytes are refused at the channel's door (here: the program renders one of them differently by now), the rest goes out."""
    hand = furnish(sqlite)
    first, second = sign(hand, sqlite, record(), record(title="另一条"))
    website = type(hand.surfaces["website"])
    render = website.render

    def otherwise(self, edition):
        made = render(self, edition)
        return replace(made, title="改了一个字") if edition.index_number == first else made

    monkeypatch.setattr(website, "render", otherwise)
    signing._rendered.cache_clear()
    released, _ = whole_tick(hand)
    assert released.released == [second]
    assert first in released.held[0]
    assert "have it signed again" in released.held[0]
    assert not any(first in name for name in tree(sqlite))


@pytest.mark.parametrize("deed", ["taken back", "withdrawn"])
def test_what_somebody_took_back_since_it_was_read_is_not_held_back(sqlite, monkeypatch, deed):
    """Whoever did knows: the tick has nothing to report, and the others go."""
    hand = furnish(sqlite)
    [number] = sign(hand, sqlite, record())
    whole_tick(hand)
    correction = record(index_number=number, change_note="时间有误，现予更正。")
    sign(hand, sqlite, correction if deed == "withdrawn" else record(title="又改回去的"), record(title="照常的"), at="2024-06-04T09:00")
    first, *_ = queries.editions_due(office=CODE, at=instant(hand, "2024-06-04T09:10"))
    at = instant(hand, "2024-06-04T09:11")

    def meanwhile(hand, edition, channels):
        if edition == first.edition and deed == "withdrawn":
            services.withdraw(index_number=number, by="周主任", at=at, reason="内容有误")
        elif edition == first.edition:
            services.edit(edition_id=first.edition_id, edition=edition, routes=hand.routes(channels, release_at=None), by="文书", at=at)
        return signing.seals(hand, edition, channels)

    monkeypatch.setattr(tick, "seals", meanwhile)
    done = tick.release_due(hand, clock=still(instant(hand, "2024-06-04T09:12")))
    assert (len(done.released), done.held) == (1, [])


def test_one_failing_channel_stops_no_other(sqlite):
    """WeChat is unreachable: the website stands, the delivery waits, nothing is lost."""
    hand = furnish(sqlite, api="http://127.0.0.1:9")
    sign(hand, sqlite, record(column="dongtai"))
    _, reports = whole_tick(hand)
    assert reports["website"].counts == {Status.POSTED: 1}
    assert reports["wechat"].counts == {Status.DEFERRED: 1}
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        whole_tick(hand, "2024-06-03T16:30")
        assert len(wechat.articles()) == 1


def test_what_may_have_been_posted_is_looked_for_before_it_is_sent_again(sqlite):
    """The far side accepted and then said nothing: one article, found by settle."""
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        sign(hand, sqlite, record(column="dongtai"))
        wechat.mood("fails after accepting", call="freepublish/submit")
        _, reports = whole_tick(hand)
        assert reports["wechat"].counts == {Status.UNCONFIRMED: 1}
        wechat.mood("fine")
        whole_tick(hand, "2024-06-03T17:00")
        assert tick.settle_outlet(hand, "wechat", clock=still(instant(hand, "2024-06-03T18:00"))).counts == {Status.POSTED: 1}
        assert len(wechat.articles()) == 1
        assert figures(hand).channels["wechat"] == 1


def test_an_answer_that_comes_after_somebody_had_it_sent_again_is_kept_and_nothing_is_sent_twice(sqlite, monkeypatch):
    """A platform that can tell nothing, and a machine that slept in mid-call for longer than its lease: a person looked meanwhile."""
    hand, sent = furnish(sqlite), []
    sign(hand, sqlite, record(column="dongtai"))

    def send() -> Posting:
        (delivery,) = Delivery.objects.filter(channel="wechat")
        services.send_again(delivery_id=delivery.pk, tries=delivery.tries, by="陈文书", at=instant(hand, "2024-06-03T16:11"), reason="群里没有",
                            looked=True)
        sent.append(delivery.key)
        return Posting(ref=delivery.key)

    monkeypatch.setattr(type(hand.outlets["wechat"]), "post", lambda self, rendition, *, errand: at_most_once(errand, send))
    assert whole_tick(hand)[1]["wechat"].counts == {Status.POSTED: 1}
    assert whole_tick(hand, "2024-06-03T16:20")[1]["wechat"].counts == {}
    assert len(sent) == 1
    assert figures(hand).channels["wechat"] == 1


def test_a_look_that_a_person_asked_for_is_the_next_ticks_first_work(sqlite):
    """Asked for at the desk, done by the tick: the article is found, and not sent a second time."""
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        sign(hand, sqlite, record(column="dongtai"))
        wechat.mood("fails after accepting", call="freepublish/submit")
        whole_tick(hand)
        wechat.mood("fine")
        (doubtful,) = queries.troubled(offices=[CODE], at=instant(hand, "2024-06-03T16:00"))
        services.ask_to_look(delivery_id=doubtful.delivery_id, by="陈文书", at=instant(hand, "2024-06-03T16:30"))
        assert tick.to_post(hand, "wechat", clock=still(instant(hand, "2024-06-03T17:00")))
        _, reports = whole_tick(hand, "2024-06-03T17:00")
        assert reports["wechat"].counts == {Status.POSTED: 1}
        assert len(wechat.articles()) == 1
        assert queries.troubled(offices=[CODE], at=instant(hand, "2024-06-03T17:00")) == []
        assert not tick.to_post(hand, "wechat", clock=still(instant(hand, "2024-06-03T18:00")))


@pytest.mark.timeout(120)
def test_a_correction_that_found_nothing_to_correct_does_not_keep_a_tick_whose_account_is_used_up(sqlite):
    """It is stored as a correction and carried as a first posting: what has no room left is told by what is stored, or the tick never ends."""
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        [number] = sign(hand, sqlite, record(column="dongtai"))
        wechat.mood("hangs up before accepting", call="freepublish/submit")
        whole_tick(hand)
        sign(hand, sqlite, record(column="dongtai", title="另一条动态"), at="2024-06-04T08:00")
        tick.release_due(hand, clock=still(instant(hand, "2024-06-04T08:10")))
        sign(hand, sqlite, record(index_number=number, column="dongtai", change_note="时间有误，现予更正。"), at="2024-06-04T09:00")
        tick.release_due(hand, clock=still(instant(hand, "2024-06-04T09:10")))
        (doubtful,) = queries.troubled(offices=[CODE], at=instant(hand, "2024-06-04T09:20"))
        services.settle_as(delivery_id=doubtful.delivery_id, tries=doubtful.tries, outcome=Outcome(status=Status.DEFERRED), by="陈文书",
                           at=instant(hand, "2024-06-04T09:20"))
        wechat.mood("out of quota")
        _, reports = whole_tick(hand, "2024-06-04T10:00")
        assert reports["wechat"].counts == {Status.DEFERRED: 2}
        assert wechat.articles() == []


def test_a_correction_and_a_withdrawal_reach_every_copy(sqlite):
    """更正: the page moves on, the sheet is printed anew, the article waits for a person. 撤回: page and article go."""
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        [number] = sign(hand, sqlite, record(index_number="006123456/2024-00005", column="dongtai", channels=["website", "board", "wechat"]))
        whole_tick(hand)
        sign(hand, sqlite, record(index_number=number, column="dongtai", channels=["website", "board", "wechat"], title="关于做好汛期安全工作的通知（更正）",
                                  change_note="值守电话有误，现予更正。"), at="2024-06-04T09:00")
        _, reports = whole_tick(hand, "2024-06-04T16:00")
        assert reports["wechat"].counts == {Status.BY_HAND: 1}
        assert any("值守电话有误".encode() in data for data in tree(sqlite).values())
        services.withdraw(index_number=number, by="周主任", at=instant(hand, "2024-06-05T09:00"), reason="内容有误")
        whole_tick(hand, "2024-06-05T16:00")
        assert not any("汛期".encode() in data for data in tree(sqlite).values())
        assert wechat.articles() == []
        assert (figures(hand).distinct_items, figures(hand).corrections, figures(hand).withdrawn) == (1, 1, 1)


def test_a_long_tick_asks_the_clock_again_for_each_thing_it_writes_down(sqlite):
    """Twelve minutes at a slow far side: what is written at the end bears the end's time, which the database would else refuse."""
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        sign(hand, sqlite, record(column="dongtai", channels=["wechat"]))
        readings = itertools.count()
        began = instant(hand, "2024-06-03T16:00")

        def clock() -> datetime:
            return began + timedelta(minutes=12 * next(readings))

        tick.release_due(hand, clock=clock)
        assert tick.run_outlet(hand, "wechat", clock=clock).counts == {Status.POSTED: 1}
        [attempt] = Attempt.objects.all()
        assert attempt.finished_at - attempt.started_at >= timedelta(minutes=12)
        assert PostingRow.objects.get().disclosed_at == attempt.finished_at


def whole(name: str, data: bytes) -> bool:
    """Whether a public file reads to its end. What the shelf was still writing has a name that no address can have."""
    if name.rpartition("/")[2].startswith("."):
        return True
    ends = {".html": b"</html>", ".json": b"}", ".xml": b">"}
    return data.rstrip().endswith(ends.get(Path(name).suffix, b""))


TICK = """
import sys, json
from pathlib import Path
from flows.workplace import at_work
from channels import signing
from flows import tick
from flows.clock import still
home, at = sys.argv[1:3]
hand, clock = at_work(home, None, at)
released = tick.release_due(hand, clock=clock)
for name in hand.surfaces: tick.run_surface(hand, name, clock=clock)
for name in hand.outlets:
    tick.settle_outlet(hand, name, clock=clock)
    tick.run_outlet(hand, name, clock=clock)
print(json.dumps(released.released))
"""


def start(home: Path, at: str = "2024-06-03T16:00") -> subprocess.Popen[str]:
    """A tick in a process of its own."""
    root = Path(__file__).parents[2]
    return subprocess.Popen([sys.executable, "-c", TICK, str(home), at], cwd=root, env=os.environ | {"PYTHONPATH": str(root)},
                            stdout=subprocess.PIPE, text=True)


@pytest.mark.crash
def test_two_ticks_at_the_same_moment_are_as_one(database):
    """Two processes, one office: every item released once, drawn once, posted once."""
    with far_side(database) as wechat:
        hand = furnish(database, api=wechat.url)
        sign(hand, database, *(record(title=f"第{n}条动态", column="dongtai") for n in range(8)))
        both = [start(database), start(database)]
        said = [process.communicate(timeout=120)[0] for process in both]
        assert [process.returncode for process in both] == [0, 0]
        assert len(wechat.articles()) == 8
        assert sorted(sum((json.loads(one) for one in said), [])) == [f"006123456/2024-0000{n}" for n in range(1, 9)]
        whole_tick(hand, "2024-06-03T16:10")  # what one left to the other
        assert dict(figures(hand).channels) == {"website": 8, "board": 0, "wechat": 8}
        assert queries.verify_events(office=CODE) is None
        drawn = tree(database)
        (database / "site").rename(database / "before")
        tick.run_surface(hand, "website", clock=still(instant(hand, "2024-06-03T16:20")), whole=True)
        tick.run_surface(hand, "feed", clock=still(instant(hand, "2024-06-03T16:20")), whole=True)
        assert tree(database) == drawn


@pytest.mark.crash
def test_a_tick_killed_anywhere_is_finished_by_the_next(sqlite):
    """kill -9 a little later each time: in the end the same figures, no second article, no half page."""
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        sign(hand, sqlite, *(record(title=f"第{n}条动态", column="dongtai", channels=["website", "board", "wechat"]) for n in range(6)))
        for n in range(9):
            process = start(sqlite, f"2024-06-03T{10 + n}:00")
            time.sleep(0.6 + 0.25 * n)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            assert [name for name, data in tree(sqlite).items() if not whole(name, data)] == []
        for at in ("03T20:00", "03T21:00", "04T02:00", "04T08:00"):  # what was killed often waits for hours
            process = start(sqlite, f"2024-06-{at}")
            process.communicate(timeout=120)
            assert process.returncode == 0
        assert sorted(article["title"] for article in wechat.articles()) == [f"第{n}条动态" for n in range(6)]
        for sheet in queries.sheets(office=CODE):
            services.put_up(office=CODE, number=sheet.number, by="文书", at=instant(hand, "2024-06-04T09:00"))
        assert dict(figures(hand).channels) == {"website": 6, "board": 6, "wechat": 6}
        assert not Delivery.objects.exclude(status=Status.POSTED).exists()
        assert queries.verify_events(office=CODE) is None


# ---------------------------------------------------------------------------------------------------------- credentials


MASTODON = """
[[office.channel]]
name = "mastodon"
kind = "mastodon"
api = "{api}"
token_env = "GONGKAI_TEST_TOKEN"
account = "@qingshui@social.example.gov.cn"
polls = [0]
"""


@pytest.mark.parametrize("value", ["令牌待填", "abc\ndef", " "])
def test_a_token_that_cannot_be_one_keeps_the_queue_and_says_what_to_mend(value, database, monkeypatch):
    """Nobody is sent to look for what was never sent; once the variable is set right, all of it goes out."""
    server = mastodon_mock.fresh()
    hand = furnish(database, more=MASTODON.format(api=server.url))
    sign(hand, database, record(channels=["mastodon"]), record(channels=["mastodon"], title="关于防汛值班的通知"))
    monkeypatch.setenv("GONGKAI_TEST_TOKEN", value)
    for hour in range(5):
        whole_tick(hand, f"2024-06-03T{10 + hour}:00")
    assert set(Delivery.objects.filter(channel="mastodon").values_list("status", flat=True)) <= {Status.QUEUED, Status.DEFERRED}
    [state] = [one for one in queries.channel_states(office=CODE) if one.channel == "mastodon"]
    assert state.needs_mending(instant(hand, "2024-06-03T14:00"))
    assert state.breaker is not None
    assert re.search("环境变量 GONGKAI_TEST_TOKEN .*请", state.breaker.detail)
    assert not value.strip() or value not in state.breaker.detail
    monkeypatch.setenv("GONGKAI_TEST_TOKEN", f"{server.token}\n")  # as `echo` into a file leaves it
    whole_tick(hand, "2024-06-04T09:00")
    whole_tick(hand, "2024-06-04T09:10")
    assert len(server.statuses()) == 2

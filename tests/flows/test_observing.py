"""Looking again at what was posted: through a real far side, by the clock of the ledger."""

from __future__ import annotations

import io
import subprocess

import pytest
from rich.console import Console

from channels.house import OfficeHand
from content.sightings import Seen
from flows import observing, tick
from flows.clock import still, wall
from flows.commands import watching
from flows.exits import Exit
from flows.observing import Looked
from ledger import queries, services
from ledger.models import Sighting
from tests.flows.stage import CODE, SECRET, far_side, furnish, instant, record, sign
from tests.flows.test_prefect import GONGKAI, clean

pytestmark = pytest.mark.ledger
POSTED, AN_HOUR_LATER, A_DAY_LATER = "2024-06-03T16:00", "2024-06-03T17:00", "2024-06-04T16:00"


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    """The account's secret, as an office would set it."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", SECRET)


def publish(hand: OfficeHand, at: str = POSTED) -> None:
    clock = still(instant(hand, at))
    tick.release_due(hand, clock=clock)
    tick.run_outlet(hand, "wechat", clock=clock)


def looked(hand: OfficeHand, at: str) -> Looked:
    return observing.observe_outlet(hand, "wechat", clock=still(instant(hand, at)))


def wanted(hand: OfficeHand, at: str, name: str = "wechat") -> bool:
    return observing.to_observe(hand, name, clock=still(instant(hand, at)))


def test_an_article_that_was_deleted_is_found_missing_and_the_figures_say_so(database):
    with far_side(database) as wechat:
        hand = furnish(database, api=wechat.url)
        sign(hand, database, record(column="dongtai"), record(column="dongtai", title="另一条动态"))
        publish(hand)
        assert not wanted(hand, POSTED)
        assert wanted(hand, AN_HOUR_LATER)
        assert not wanted(hand, AN_HOUR_LATER, "board")  # paper cannot be asked
        assert looked(hand, AN_HOUR_LATER).counts == {Seen.STANDS: 2}
        assert not wanted(hand, AN_HOUR_LATER)
        wechat.take_off(wechat.articles()[0]["article_id"])
        found = looked(hand, A_DAY_LATER)
        assert (found.counts, found.lost) == ({Seen.GONE: 1, Seen.STANDS: 1}, 1)
        (line,) = queries.missing_postings(offices=[CODE])
        assert "请核实是谁删的" in line.detail
        figures = queries.figures(office=CODE, year=2024, categories=hand.office.categories, as_of=instant(hand, A_DAY_LATER))
        assert (figures.channels["wechat"], dict(figures.removed)) == (2, {"wechat": 1})


def test_one_that_is_posted_again_is_another_article_and_looked_at_anew(sqlite):
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        sign(hand, sqlite, record(column="dongtai"))
        publish(hand)
        wechat.take_off(wechat.articles()[0]["article_id"])
        looked(hand, AN_HOUR_LATER)
        (line,) = queries.missing_postings(offices=[CODE])
        services.post_again(posting_id=line.posting_id, by="陈文书", at=instant(hand, "2024-06-03T18:00"), reason="误删")
        publish(hand, "2024-06-03T18:00")
        assert len(wechat.articles()) == 1
        assert looked(hand, "2024-06-03T19:00").counts == {Seen.STANDS: 1}


def test_a_platform_that_cannot_be_asked_is_asked_again_later_and_nothing_is_called_gone(sqlite):
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        sign(hand, sqlite, *(record(column="dongtai", title=f"第{n}条动态") for n in range(3)))
        publish(hand)
        wechat.mood("overloaded")
        found = looked(hand, AN_HOUR_LATER)
        assert (found.counts, found.put_off, Sighting.objects.count()) == ({}, 3, 0)
        wechat.mood("out of quota")
        assert looked(hand, "2024-06-03T17:10").put_off == 1  # the day is used up: the others are not even tried
        wechat.mood("fine")
        assert looked(hand, "2024-06-03T17:10").counts == {}  # whatever it would say now: the account is left alone until midnight
        assert looked(hand, "2024-06-04T07:25").counts == {Seen.STANDS: 3}
        assert looked(hand, A_DAY_LATER).counts == {Seen.STANDS: 3}


def test_a_fault_of_ours_keeps_nobody_from_looking_at_the_next(sqlite, monkeypatch):
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        sign(hand, sqlite, record(column="dongtai"), record(column="dongtai", title="另一条动态"))
        publish(hand)
        outlet = hand.outlets["wechat"]
        assert observing.observes(outlet)
        observe, (first, _) = outlet.observe, wechat.articles()

        def faulty(posting, *, errand):
            if posting.ref == first["article_id"]:
                raise ZeroDivisionError
            return observe(posting, errand=errand)

        monkeypatch.setattr(outlet, "observe", faulty, raising=False)
        found = looked(hand, AN_HOUR_LATER)
        assert (found.counts, found.put_off) == ({Seen.STANDS: 1}, 1)
        assert "ZeroDivisionError" in found.details[0]


def test_a_channel_that_somebody_is_at_work_on_is_left_alone(sqlite):
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        sign(hand, sqlite, record(column="dongtai"))
        publish(hand)
        services.take_lease(name=f"{CODE}/wechat", holder="elsewhere:1:1:1", now=wall(), until=wall() + tick.LEASE)
        assert looked(hand, AN_HOUR_LATER).busy
        assert not Sighting.objects.exists()


def test_settle_asks_only_when_a_look_is_due(sqlite):
    """Platforms answer a hundred questions a day; ten ticks an hour would use them up for one article."""
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        sign(hand, sqlite, record(column="dongtai"))
        wechat.mood("hangs up before accepting", call="freepublish/submit")
        publish(hand)
        wechat.mood("fine")
        asked = []
        for minute in range(0, 60, 5):
            at = f"2024-06-03T16:{minute:02d}"
            if tick.to_settle(hand, "wechat", clock=still(instant(hand, at))):
                tick.settle_outlet(hand, "wechat", clock=still(instant(hand, at)))
                asked.append(minute)
        assert asked == [10, 30]


@pytest.mark.flow
@pytest.mark.timeout(300)
def test_the_command_goes_through_prefect_and_calls_for_a_person(sqlite):
    """The real flow on an ephemeral server: what is missing is named, and the exit code says that somebody is wanted."""
    with far_side(sqlite) as wechat:
        hand = furnish(sqlite, api=wechat.url)
        sign(hand, sqlite, record(column="dongtai"))
        publish(hand)
        wechat.take_off(wechat.articles()[0]["article_id"])
        done = subprocess.run([GONGKAI, "observe", "--office", CODE, "--at", AN_HOUR_LATER], env=clean(sqlite), capture_output=True, text=True,
                              cwd=sqlite, check=False)
    assert done.returncode == Exit.PERSON, done.stderr
    assert "wechat" in done.stdout
    assert "请核实是谁删的" in done.stderr
    assert queries.how_many_missing(offices=[CODE]) == 1
    assert queries.last_beat(office=CODE, flow="observe") == instant(hand, AN_HOUR_LATER)


def test_the_exit_code_says_whether_anybody_is_wanted():
    said = io.StringIO()
    out = Console(file=said)
    assert watching.tell([], out, out) is Exit.DONE
    assert "nothing to look at now" in said.getvalue()
    assert watching.tell([Looked(channel="wechat", kind="wechat", counts={Seen.TAKEN_BACK: 1})], out, out) is Exit.DONE
    assert watching.tell([Looked(channel="wechat", kind="wechat", put_off=1)], out, out) is Exit.LATER
    assert watching.tell([Looked(channel="wechat", kind="wechat", counts={Seen.BANNED: 1})], out, out) is Exit.PERSON

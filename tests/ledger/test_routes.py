"""Routes: each at its time, corrections that overtake what waits, withdrawals that reach every copy."""

from __future__ import annotations

import pytest

from content.catalogue import ALL, Tombstone
from content.deliveries import Outcome, Status
from content.rules import RuleError
from ledger import queries, services
from ledger.catalogue import LedgerCatalogue
from ledger.errors import LedgerError
from ledger.models import Delivery, Item, Posting, Route
from tests.builders import OFFICE_CODE, an_edition
from tests.ledger.race import raced
from tests.ledger.stage import (
    CLERK,
    LEADER,
    NOON,
    REVIEWER,
    carried,
    drafted,
    draw,
    minutes,
    opened,
    posted,
    printed,
    release,
    released,
    renditions,
    routes,
    signed,
    statuses,
)

pytestmark = pytest.mark.ledger
NUMBER = "006123456/2024-00017"
LATER = minutes(60)


def signed_to(*asked: services.RouteAsked, **words: object) -> int:
    """Signed, with routes at times of their own."""
    edition = an_edition(**words)
    write = services.draft if edition.number == 1 else services.correct
    edition_id = write(edition=edition, routes=asked, by=CLERK, at=NOON).pk
    services.submit(edition_id=edition_id, by=CLERK, at=NOON)
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON)
    services.sign_off(edition_id=edition_id, by=LEADER, at=NOON, renditions=renditions([one.channel for one in asked], edition))
    return edition_id


def withdraw(at=NOON):
    return services.withdraw(index_number=NUMBER, by=LEADER, at=at, reason="内容有误")


def test_each_route_is_released_at_its_own_time(database):
    opened()
    edition_id = signed_to(*routes("website", "feed"), *routes("wechat", release_at=LATER))
    assert [due.edition_id for due in queries.editions_due(office=OFFICE_CODE, at=NOON)] == [edition_id]
    assert release(edition_id) == ["website", "feed"]
    assert queries.editions_due(office=OFFICE_CODE, at=minutes(59)) == []
    assert release(edition_id, minutes(59)) == []
    assert [due.edition_id for due in queries.editions_due(office=OFFICE_CODE, at=LATER)] == [edition_id]
    assert release(edition_id, LATER) == ["wechat"]


def test_a_later_route_takes_nothing_back_from_the_earlier_ones(database):
    """Released an hour later on one channel, the item stays on the others."""
    opened()
    edition_id = signed_to(*routes("website", "board"), *routes("wechat", release_at=LATER))
    release(edition_id)
    draw("website")
    carried("board", printed("张贴单-1"))
    release(edition_id, LATER)
    assert statuses() == {"1:publish@website": "posted", "1:publish@board": "by_hand", "1:publish@wechat": "queued"}
    assert Item.objects.get().released_at == NOON


def test_an_item_stands_in_no_list_before_its_page_is_due(database):
    opened()
    edition_id = signed_to(*routes("website", release_at=LATER), *routes("wechat"))
    release(edition_id)
    catalogue = LedgerCatalogue(OFFICE_CODE)
    assert (catalogue.count(ALL), catalogue.find(NUMBER), list(catalogue.walk())) == (0, None, [])
    release(edition_id, LATER)
    entry = catalogue.find(NUMBER)
    assert not isinstance(entry, Tombstone)
    assert (entry.released_at, entry.updated_at) == (LATER, LATER)


def test_two_ticks_at_once_release_once(database):
    opened()
    edition_id = signed("website", "wechat")
    hand = queries.edition_in_hand(edition_id=edition_id)
    seals = renditions(hand.channels, hand.edition)
    answers = raced(4, lambda _: services.release(edition_id=edition_id, by="tick", at=NOON, renditions=seals))
    assert sorted(answers, key=len) == [[], [], [], ["website", "wechat"]]
    assert Delivery.objects.count() == 2
    assert queries.verify_events(office=OFFICE_CODE) is None


def test_two_items_released_at_once_take_two_places(database):
    opened()
    ids = [signed("website", index_number=f"006123456/2024-{n:05d}") for n in range(1, 5)]
    assert raced(4, lambda n: release(ids[n])) == [["website"]] * 4
    catalogue = LedgerCatalogue(OFFICE_CODE)
    assert [line.place for line in catalogue.lines(ALL)] == [0, 1, 2, 3]
    assert (catalogue.size(ALL), catalogue.count(ALL)) == (4, 4)
    assert queries.verify_events(office=OFFICE_CODE) is None


def test_a_correction_overtakes_what_waits_and_amends_what_went_out(database):
    opened()
    released("website", "wechat", "board")
    carried("board", Outcome(status=Status.DEFERRED))
    carried("wechat", posted())
    released("website", "wechat", "board", at=minutes(1), number=2, change_note="更正")
    assert statuses() == {
        "1:publish@website": "refused", "1:publish@wechat": "posted", "1:publish@board": "refused",
        "2:publish@website": "queued", "2:correct@wechat": "queued", "2:publish@board": "queued"}
    assert Delivery.objects.get(key__endswith="1:publish@board").detail == "overtaken by edition 2"


def test_a_correction_takes_back_what_it_is_no_longer_routed_to(database):
    opened()
    released("website", "wechat")
    carried("wechat", posted())
    released("website", at=minutes(1), number=2, change_note="更正")
    assert statuses()["2:withdraw@wechat"] == "queued"
    (due,) = queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=minutes(1))
    assert (due.delivery.action, due.delivery.posting.ref) == ("withdraw", "a1")


def test_what_one_correction_takes_back_the_next_does_not_forget(database):
    """The second correction comes before the first one's withdrawal was done."""
    opened()
    released("website", "wechat")
    carried("wechat", posted())
    released("website", at=minutes(1), number=2, change_note="更正")
    released("website", at=minutes(2), number=3, change_note="再更正")
    assert carried("wechat", posted(), at=minutes(2)) == [f"{NUMBER}#2:withdraw@wechat"]
    assert Posting.objects.get(channel="wechat").removed_at == minutes(2)


def test_what_was_to_be_taken_back_is_amended_where_the_next_edition_goes_there_again(database):
    opened()
    released("website", "wechat")
    carried("wechat", posted())
    released("website", at=minutes(1), number=2, change_note="更正")
    released("website", "wechat", at=minutes(2), number=3, change_note="再更正")
    assert (statuses()["2:withdraw@wechat"], statuses()["3:correct@wechat"]) == ("refused", "queued")


def test_what_was_taken_back_is_posted_anew_where_the_next_edition_goes_there_again(database):
    opened()
    released("website", "wechat")
    carried("wechat", posted())
    released("website", at=minutes(1), number=2, change_note="更正")
    carried("wechat", posted(), at=minutes(1))
    released("website", "wechat", at=minutes(2), number=3, change_note="再更正")
    assert statuses()["3:publish@wechat"] == "queued"
    carried("wechat", posted("a3"), at=minutes(2))
    posting = Posting.objects.get(channel="wechat")
    assert (posting.ref, posting.disclosed_at, posting.removed_at) == ("a3", NOON, None)


def test_a_correction_whose_outlet_comes_later_leaves_the_old_copy_until_then(database):
    opened()
    released("website", "wechat")
    carried("wechat", posted())
    second = signed_to(*routes("website"), *routes("wechat", release_at=LATER), number=2, change_note="更正")
    release(second, minutes(1))
    assert [key for key in statuses() if "wechat" in key] == ["1:publish@wechat"]
    release(second, LATER)
    assert statuses()["2:correct@wechat"] == "queued"


def test_a_correction_keeps_every_page_on_which_the_item_stands(database):
    opened()
    released("website", "feed", "wechat")
    with pytest.raises(LedgerError, match=r"stands on feed, website, .* withdraw the item instead"):
        drafted("wechat", number=2, change_note="更正")
    edition_id = drafted("website", "feed", number=2, change_note="更正")
    with pytest.raises(LedgerError, match="stands on feed"):
        services.edit(edition_id=edition_id, edition=an_edition(number=2, change_note="更正"), routes=routes("website"), by=CLERK, at=NOON)
    assert set(Route.objects.filter(edition=edition_id).values_list("channel", flat=True)) == {"website", "feed"}


def test_a_correction_need_not_keep_a_page_that_the_office_has_closed(database):
    office = opened()
    released("website", "feed")
    services.open_office(office=office, channels=[services.ChannelOpened(name="website", kind="website", surface=True)], at=NOON)
    drafted("website", number=2, change_note="更正")


@pytest.mark.parametrize(("asked", "why"), [
    ([], "goes to no channel"), ([*routes("website"), *routes("website")], "twice"),
    ([services.RouteAsked(channel="weibo", kind="weibo", surface=False)], "which this office has not opened"),
    ([*routes("website"), *routes("feed", release_at=LATER)], "give them one release time"),
])
def test_refuses_routes_that_lead_nowhere_sensible(sqlite, asked, why):
    opened()
    with pytest.raises(LedgerError, match=why):
        services.draft(edition=an_edition(), routes=asked, by=CLERK, at=NOON)
    assert not Item.objects.exists()


def test_a_correction_stands_on_the_pages_first(sqlite):
    """Else the old words would stand there beside the new ones elsewhere."""
    opened()
    released("website", "wechat")
    with pytest.raises(LedgerError, match="no later than elsewhere"):
        signed_to(*routes("website", release_at=LATER), *routes("wechat"), number=2, change_note="更正")


def test_a_withdrawal_reaches_every_copy_and_empties_the_queue(database):
    opened()
    released("website", "feed", "wechat", "board")
    draw("website")
    carried("wechat", posted())
    assert withdraw(minutes(5)) == ["feed", "website", "wechat"]
    assert statuses() == {
        "1:publish@website": "posted", "1:publish@feed": "refused", "1:publish@wechat": "posted", "1:publish@board": "refused",
        "1:withdraw@website": "queued", "1:withdraw@feed": "queued", "1:withdraw@wechat": "queued"}
    stone = LedgerCatalogue(OFFICE_CODE).find(NUMBER)
    assert isinstance(stone, Tombstone)
    assert (stone.reason, stone.withdrawn_at, stone.released_at) == ("内容有误", minutes(5), NOON)
    draw("website", minutes(6))
    assert Posting.objects.get(channel="website").removed_at == minutes(6)


def test_a_withdrawal_asked_for_twice_changes_nothing(database):
    opened()
    released("website")
    assert withdraw() == ["website"]
    before = statuses()
    assert (withdraw(minutes(1)), statuses(), Item.objects.get().withdrawn_at) == (None, before, NOON)


def test_a_withdrawal_needs_a_reason_and_something_public(database):
    opened()
    signed("website")
    with pytest.raises(LedgerError, match="say why"):
        services.withdraw(index_number=NUMBER, by=LEADER, at=NOON, reason=" ")
    with pytest.raises(RuleError, match="never released"):
        withdraw()


def test_a_withdrawal_after_a_correction_that_already_takes_back_asks_once(database):
    opened()
    released("website", "wechat")
    carried("wechat", posted())
    released("website", at=minutes(1), number=2, change_note="更正")
    assert withdraw(minutes(2)) == ["website", "wechat"]
    assert carried("wechat", posted(), at=minutes(2)) == [f"{NUMBER}#2:withdraw@wechat"]


def test_a_withdrawal_that_was_refused_is_asked_for_again(database):
    """The far side refused to take back for a correction; the withdrawal of the item asks once more."""
    opened()
    released("website", "wechat")
    carried("wechat", posted())
    released("website", at=minutes(1), number=2, change_note="更正")
    carried("wechat", Outcome(status=Status.REFUSED, detail="48001"), at=minutes(1))
    withdraw(minutes(2))
    assert statuses()["2:withdraw@wechat"] == "queued"


def test_a_draft_at_the_far_side_is_taken_back_too(database):
    """Nobody has published it, but one click would."""
    opened()
    released("wechat")
    carried("wechat", posted(live=False))
    assert withdraw() == ["wechat"]
    assert statuses() == {"1:publish@wechat": "refused", "1:withdraw@wechat": "queued"}
    (due,) = queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=NOON)
    assert (due.delivery.posting.ref, due.delivery.posting.live) == ("a1", False)


def test_withdrawals_go_before_everything_else_that_waits(database):
    opened()
    released("wechat")
    carried("wechat", posted())
    released("wechat", index_number="006123456/2024-00018")
    withdraw(minutes(1))
    due = queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=minutes(1))
    assert [one.delivery.action for one in due] == ["withdraw", "publish"]

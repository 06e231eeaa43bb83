"""复查 in the book: when a posting is looked at again, what the looks found, what a person makes of one that is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from content.deliveries import REPLACING, Outcome, Status
from content.deliveries import Posting as Value
from content.rules import RuleError
from content.sightings import AFTER, Seen
from content.sightings import Sighting as Look
from ledger import queries, services
from ledger.errors import ClockError, LedgerError, StaleError, UnknownError
from ledger.models import Delivery, Posting, Sighting, Watch
from tests.builders import OFFICE_CODE
from tests.ledger.race import behind
from tests.ledger.stage import LEADER, NOON, STRANGER, carried, minutes, opened, posted, printed, released, statuses

pytestmark = pytest.mark.ledger
NUMBER = "006123456/2024-00017"
STANDS, GONE, BANNED = (Look(seen=seen, detail=f"说明：{seen}") for seen in (Seen.STANDS, Seen.GONE, Seen.BANNED))
HOUR, DAY = 60, 24 * 60


def due(at: float) -> list[str]:
    """The references of what is to be looked at by so many minutes after noon."""
    return [one.posting.ref for one in queries.due_looks(office=OFFICE_CODE, channel="wechat", at=minutes(at))]


def look(found: Look, at: float, ref: str = "a1") -> Seen | None:
    return services.keep_sighting(posting_id=Posting.objects.order_by("pk")[0].pk, ref=ref, look=found, at=minutes(at))


def an_article(**words) -> int:
    """An article before the public since noon; the posting's number."""
    opened()
    released("wechat", **words)
    carried("wechat", posted())
    return Posting.objects.get().pk


def missing() -> list[queries.MissingLine]:
    return queries.missing_postings(offices=[OFFICE_CODE])


def verbs() -> list[str]:
    return [event.verb for event in reversed(queries.events(office=OFFICE_CODE).rows)]


def removed(at: float = 400 * DAY) -> dict[str, int]:
    return dict(queries.figures(office=OFFICE_CODE, year=2024, categories=(), as_of=minutes(at)).removed)


def test_it_is_looked_at_after_an_hour_a_day_a_week_and_a_month_and_then_no_more(database):
    an_article()
    for mark in (HOUR, DAY, 7 * DAY, 30 * DAY):
        assert due(mark - 1) == []
        assert due(mark) == ["a1"]
        assert look(STANDS, mark) is Seen.STANDS
    assert due(4000 * DAY) == []
    assert [one.seen for one in queries.sightings(index_number=NUMBER, channel="wechat")] == [Seen.STANDS] * 4
    assert not {verb for verb in verbs() if verb.startswith("posting")}  # what stands is no news for the log
    assert (timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30)) == AFTER


def test_a_look_that_comes_late_makes_up_for_all_that_were_missed(database):
    """A machine that was off for a fortnight looks once, and goes on with the month's."""
    an_article()
    assert due(14 * DAY) == ["a1"]
    look(STANDS, 14 * DAY)
    assert due(30 * DAY - 1) == []
    assert due(30 * DAY) == ["a1"]
    look(STANDS, 900 * DAY)
    assert due(901 * DAY) == []


def test_what_is_gone_is_a_case_looked_at_every_day_until_it_is_found_back(database):
    an_article()
    assert look(GONE, HOUR) is Seen.GONE
    (line,) = missing()
    assert (line.title, line.channel, line.seen, line.detail, line.missing_since) == (
        Delivery.objects.get().edition.title, "wechat", Seen.GONE, "说明：gone", minutes(HOUR))
    assert queries.how_many_missing(offices=[OFFICE_CODE]) == 1
    assert due(DAY + HOUR - 1) == []
    assert due(DAY + HOUR) == ["a1"]
    look(GONE, DAY + HOUR)
    assert verbs().count("posting gone") == 1  # still gone is no news
    look(BANNED, 2 * DAY + HOUR)
    assert verbs()[-1] == "posting banned"
    assert missing()[0].missing_since == minutes(HOUR)
    look(STANDS, 3 * DAY + HOUR)
    assert missing() == []
    assert verbs()[-1] == "posting back"
    assert due(7 * DAY) == ["a1"]  # and its looks go on
    assert queries.verify_events(office=OFFICE_CODE) is None


def test_what_is_found_back_while_somebody_looks_at_the_list_is_not_on_it(database):
    """Between the list and what its last look found: never missing and standing at once."""
    an_article()
    look(GONE, HOUR)
    with behind('FROM "ledger_watch"', lambda: look(STANDS, DAY + HOUR)):
        assert missing() == []


def test_that_nobody_could_be_asked_is_no_sighting_and_tried_again_later_and_later(database):
    posting = an_article()
    at = HOUR
    for wait in (1, 5, 15, 60, 240, 240):
        services.put_off_look(posting_id=posting, at=minutes(at))
        assert due(at + wait - 1) == []
        at += wait
        assert due(at) == ["a1"]
    services.put_off_look(posting_id=posting, at=minutes(at), retry_after=timedelta(hours=9))
    assert due(at + 9 * HOUR - 1) == []
    assert Sighting.objects.count() == 0
    look(STANDS, at + 9 * HOUR)
    assert Watch.objects.get().tries == 0


def test_sheets_drafts_pages_and_what_a_person_told_us_of_are_not_looked_at(database):
    """Nobody can be asked about them by the name that we know."""
    opened()
    released("website", "board", "wechat")
    carried("board", printed("张贴单-1"))
    services.put_up(office=OFFICE_CODE, number="张贴单-1", by=STRANGER, at=NOON)
    carried("wechat", posted("draft", None, live=False))
    assert not Watch.objects.exists()
    services.settle_as(delivery_id=Delivery.objects.get(channel="wechat").pk, tries=1, by=STRANGER, at=minutes(2),
                       outcome=Outcome(status=Status.POSTED))
    assert not Watch.objects.exists()


def test_an_address_in_place_of_the_name_ends_the_looks(database):
    """A person made the correction by hand, and says where it stands now."""
    an_article()
    released("wechat", number=2, change_note="更正", at=minutes(1))
    carried("wechat", Outcome(status=Status.BY_HAND, posting=Value(ref="a1")), at=minutes(2))
    services.settle_as(delivery_id=Delivery.objects.order_by("-pk")[0].pk, tries=1, by=STRANGER, at=minutes(3), outcome=Outcome(
        status=Status.POSTED, posting=Value(ref="https://mp.example.com/b", url="https://mp.example.com/b", told=True)))
    assert due(4000 * DAY) == []
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(4), reason="误")
    (due_now,) = queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=minutes(4))
    assert due_now.delivery.posting is not None
    assert due_now.delivery.posting.told


def test_a_look_at_what_is_another_posting_by_now_is_not_kept(database):
    posting = an_article()
    assert look(GONE, HOUR, ref="older") is None
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(61), reason="误")
    carried("wechat", Outcome(status=Status.POSTED), at=minutes(62))
    assert look(GONE, 63) is None
    services.put_off_look(posting_id=posting, at=minutes(64))
    assert due(4000 * DAY) == []
    assert not Sighting.objects.exists()


def test_what_is_being_withdrawn_by_ourselves_is_nobodys_case(database):
    """A person removed it by hand and has not said so yet."""
    an_article()
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(30), reason="误")
    carried("wechat", Outcome(status=Status.BY_HAND, detail="请人工撤回"), at=minutes(31))
    assert look(GONE, HOUR) is Seen.TAKEN_BACK
    assert missing() == []
    assert removed() == {}


def test_a_correction_begins_the_looks_anew(database):
    an_article()
    look(STANDS, HOUR)
    released("wechat", number=2, change_note="更正", at=minutes(90))
    carried("wechat", posted("a2"), at=minutes(90))
    assert due(90 + HOUR - 1) == []
    assert due(90 + HOUR) == ["a2"]


# ------------------------------------------------------------------------------------------------- what people do


def test_a_person_who_found_out_confirms_it_with_a_reason(database):
    posting = an_article()
    look(GONE, HOUR)
    with pytest.raises(LedgerError, match="what became of it"):
        services.confirm_removed(posting_id=posting, by=STRANGER, at=minutes(90), reason="  ")
    services.confirm_removed(posting_id=posting, by=STRANGER, at=minutes(90), reason="平台通知：被投诉")
    assert missing() == []
    assert due(4000 * DAY) == []
    assert Posting.objects.get().removed_at == minutes(90)
    event = queries.events(office=OFFICE_CODE, verb="removal confirmed").rows[0]
    assert (event.actor, event.facts["reason"], event.facts["ours"]) == (STRANGER, "平台通知：被投诉", False)
    with pytest.raises(StaleError):
        services.confirm_removed(posting_id=posting, by=STRANGER, at=minutes(91), reason="再一次")
    released("wechat", number=2, change_note="更正", at=minutes(95))  # a correction is a first copy again
    assert statuses()["2:publish@wechat"] == "queued"


def test_it_is_posted_again_once_as_a_delivery_of_its_own(database):
    posting = an_article()
    look(GONE, HOUR)
    services.post_again(posting_id=posting, by=STRANGER, at=minutes(90), reason="账号管理员误删")
    assert missing() == []
    (again,) = queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=minutes(90))
    assert again.key == again.delivery.key == f"{NUMBER}#1:repost@wechat"
    assert again.sealed == Delivery.objects.order_by("pk")[0].sealed
    assert queries.step_value(delivery_id=again.delivery_id, name=REPLACING) == "a1"
    carried("wechat", posted("a2"), at=minutes(91))
    assert due(91 + HOUR) == ["a2"]
    assert Posting.objects.get().removed_at is None
    assert queries.figures(office=OFFICE_CODE, year=2024, categories=(), as_of=minutes(DAY)).channels["wechat"] == 1
    look(GONE, 91 + HOUR, ref="a2")
    with pytest.raises(RuleError, match="once already"):
        services.post_again(posting_id=posting, by=STRANGER, at=minutes(200), reason="又没了")


def test_what_was_banned_is_not_said_again_in_the_same_words(database):
    posting = an_article()
    look(BANNED, HOUR)
    with pytest.raises(RuleError, match="correct it"):
        services.post_again(posting_id=posting, by=STRANGER, at=minutes(90), reason="再试一次")


def test_what_is_not_missing_or_not_public_is_not_posted_again(database):
    posting = an_article()
    with pytest.raises(UnknownError):
        services.post_again(posting_id=99, by=STRANGER, at=NOON, reason="?")
    with pytest.raises(StaleError):
        services.post_again(posting_id=posting, by=STRANGER, at=NOON, reason="?")
    look(GONE, HOUR)
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(70), reason="误")
    with pytest.raises(RuleError, match="not public"):
        services.post_again(posting_id=posting, by=STRANGER, at=minutes(71), reason="?")


def test_words_that_never_went_to_the_channel_are_not_posted_there(database):
    """The correction is on its way there: it says what there is to say."""
    posting = an_article()
    look(GONE, HOUR)
    released("wechat", number=2, change_note="更正", at=minutes(90))
    with pytest.raises(RuleError, match="did not go to wechat"):
        services.post_again(posting_id=posting, by=STRANGER, at=minutes(91), reason="?")


# ----------------------------------------------------------------------------------------------------- the figures


def test_the_figures_note_what_others_removed_and_count_it_all_the_same(database):
    posting = an_article()
    look(STANDS, HOUR)
    look(GONE, DAY)
    found = queries.figures(office=OFFICE_CODE, year=2024, categories=(), as_of=minutes(DAY))
    assert (found.channels["wechat"], dict(found.removed), found.as_json()["removed"]) == (1, {"wechat": 1}, {"wechat": 1})
    assert removed(HOUR) == {}  # of an earlier instant they stay what they were
    services.confirm_removed(posting_id=posting, by=STRANGER, at=minutes(2 * DAY), reason="被投诉")
    assert removed() == {"wechat": 1}


def test_what_we_took_down_ourselves_or_is_back_is_not_noted(database):
    posting = an_article()
    look(GONE, HOUR)
    services.confirm_removed(posting_id=posting, by=STRANGER, at=minutes(90), reason="本单位清理账号时误删", ours=True)
    assert removed() == {}
    assert [one.by for one in queries.sightings(index_number=NUMBER, channel="wechat")] == ["gongkai", STRANGER]


def test_posted_again_it_is_noted_no_more(database):
    posting = an_article()
    look(GONE, HOUR)
    services.post_again(posting_id=posting, by=STRANGER, at=minutes(90), reason="误删")
    assert removed() == {"wechat": 1}
    carried("wechat", posted("a2"), at=minutes(91))
    assert removed() == {}


# ------------------------------------------------------------------------------------------------------ the book


def test_what_was_seen_stays_as_it_was_written_down(database):
    an_article()
    look(GONE, HOUR)
    for change in ("UPDATE ledger_sighting SET seen = 'stands'", "DELETE FROM ledger_sighting"):
        with pytest.raises(IntegrityError, match="ledger: "), connection.cursor() as cursor:
            cursor.execute(change)
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError, match="the ledger forgets nothing"), connection.cursor() as cursor:
            cursor.execute("TRUNCATE ledger_sighting CASCADE")


def test_no_look_without_a_zone(database):
    posting = an_article()
    with pytest.raises(ClockError):
        services.keep_sighting(posting_id=posting, ref="a1", look=GONE, at=NOON.replace(tzinfo=None))


def test_a_book_from_before_is_looked_after_from_then_on(database):
    """What stands, and what is in doubt, when the tables come; what a person told us of stays out of it."""
    an_article()
    for serial, outcome in ((18, Outcome(status=Status.UNCONFIRMED)), (19, posted("https://mp.example.com/b", "https://mp.example.com/b"))):
        released("wechat", index_number=f"006123456/2024-000{serial}")
        carried("wechat", outcome)
    call_command("migrate", "ledger", "0005", verbosity=0)
    call_command("migrate", "ledger", verbosity=0)
    assert due(HOUR - 1) == []
    assert due(HOUR) == ["a1"]
    (doubt,) = queries.in_doubt(office=OFFICE_CODE, channel="wechat", at=NOON)
    assert doubt.key == "006123456/2024-00018#1:publish@wechat"
    with pytest.raises(IntegrityError, match="never changed"):
        look(GONE, HOUR)
        Sighting.objects.update(seen="stands")

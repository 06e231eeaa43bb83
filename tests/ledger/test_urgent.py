"""急件: signed before the review, which follows within a day; and still nobody takes two of the steps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from content.rules import LATER_REVIEW, RuleError, State
from ledger import queries, services
from ledger.errors import LedgerError
from ledger.models import Edition, Office
from tests.builders import OFFICE_CODE, an_office
from tests.ledger.stage import CHANNELS, CLERK, LEADER, NOON, REVIEWER, drafted, minutes, opened, release, renditions, signed

pytestmark = pytest.mark.ledger
NUMBER = "006123456/2024-00017"
WHY = "防汛Ⅲ级应急响应，须即刻告知居民"


def asked_for(**office: bool) -> int:
    """An edition in review whose drafter asks for haste."""
    opened(**{"urgent": True, **office})
    edition_id = drafted("website", "wechat")
    services.submit(edition_id=edition_id, by=CLERK, at=NOON, urgent=WHY)
    return edition_id


def sign(edition_id: int, by: str = LEADER) -> None:
    hand = queries.edition_in_hand(edition_id=edition_id)
    services.sign_urgently(edition_id=edition_id, by=by, at=NOON, renditions=renditions(hand.channels, hand.edition))


def test_it_is_published_first_and_reviewed_within_a_day(database):
    edition_id = asked_for()
    sign(edition_id)
    assert release(edition_id) == ["website", "wechat"]
    hand = queries.edition_in_hand(edition_id=edition_id)
    assert (hand.state, hand.urgent, hand.reviewer, hand.urgent_reason) == (State.RELEASED, True, "", WHY)
    (later,) = queries.to_review_afterwards(offices=[OFFICE_CODE], by=REVIEWER)
    assert (later.edition.index_number, later.due_at) == (NUMBER, NOON + LATER_REVIEW)
    services.review_afterwards(edition_id=edition_id, by=REVIEWER, at=minutes(90), verdict="pass")
    assert queries.to_review_afterwards(offices=[OFFICE_CODE], by=REVIEWER) == []
    after = queries.edition_in_hand(edition_id=edition_id)
    assert (after.later_reviewer, after.later_verdict, after.review_due_at) == (REVIEWER, "pass", NOON + timedelta(days=1))


def test_what_fails_later_is_withdrawn_by_a_leader(database):
    edition_id = asked_for()
    sign(edition_id)
    release(edition_id)
    with pytest.raises(LedgerError, match="say what is wrong"):
        services.review_afterwards(edition_id=edition_id, by=REVIEWER, at=minutes(90), verdict="fail")
    services.review_afterwards(edition_id=edition_id, by=REVIEWER, at=minutes(90), verdict="fail", reason="泄露居民住址")
    (waiting,) = queries.to_withdraw(offices=[OFFICE_CODE])
    assert waiting.index_number == NUMBER
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(95), reason="内容有误")
    assert queries.to_withdraw(offices=[OFFICE_CODE]) == []


def test_what_fails_before_it_was_public_goes_back_to_its_drafter(database):
    edition_id = asked_for()
    sign(edition_id)
    services.review_afterwards(edition_id=edition_id, by=REVIEWER, at=minutes(5), verdict="fail", reason="泄露居民住址")
    hand = queries.edition_in_hand(edition_id=edition_id)
    assert (hand.state, hand.urgent, hand.signer, hand.return_reason, hand.returned_by) == (State.DRAFT, False, "", "泄露居民住址", REVIEWER)
    assert queries.to_review_afterwards(offices=[OFFICE_CODE], by=REVIEWER) == []


def test_of_what_failed_nothing_more_is_released(database):
    opened(urgent=True)
    edition_id = drafted("website", "wechat")
    Edition.objects.get(pk=edition_id).routes.filter(channel="wechat").update(release_at=minutes(60))
    services.submit(edition_id=edition_id, by=CLERK, at=NOON, urgent=WHY)
    sign(edition_id)
    assert release(edition_id) == ["website"]
    services.review_afterwards(edition_id=edition_id, by=REVIEWER, at=minutes(5), verdict="fail", reason="泄露居民住址")
    with pytest.raises(RuleError, match="turned it down") as refusal:
        release(edition_id, minutes(61))
    assert refusal.value.code == "failed_later"


@pytest.mark.parametrize(("signer", "reviewer"), [(CLERK, REVIEWER), (LEADER, CLERK), (LEADER, LEADER)])
def test_nobody_takes_two_steps(database, signer, reviewer):
    edition_id = asked_for()
    with pytest.raises(RuleError):
        sign(edition_id, by=signer)
        services.review_afterwards(edition_id=edition_id, by=reviewer, at=minutes(5), verdict="pass")


@pytest.mark.parametrize("people", [
    {"signer": CLERK}, {"later_reviewer": CLERK}, {"later_reviewer": LEADER}, {"urgent_reason": ""}, {"reviewer": REVIEWER},
    {"review_due_at": None}, {"later_verdict": ""}, {"later_reviewed_at": None}, {"seal": ""}, {"urgent": False}])
def test_the_database_itself_refuses_a_second_step_or_a_silent_one(database, people):
    edition_id = asked_for()
    given = {"state": State.SIGNED, "signer": LEADER, "seal": "0" * 64, "urgent": True, "review_due_at": NOON, "later_reviewer": REVIEWER,
             "later_reviewed_at": NOON, "later_verdict": "pass"}
    with pytest.raises(IntegrityError):
        Edition.objects.filter(pk=edition_id).update(**{**given, **people})
    Edition.objects.filter(pk=edition_id).update(**given)


@pytest.mark.parametrize("change", [
    {"urgent": False, "reviewer": REVIEWER}, {"urgent_reason": "别的"}, {"review_due_at": minutes(9000)}, {"later_reviewer": "别人"}, {"later_verdict": "fail"}])
def test_what_was_done_urgently_is_not_rewritten(database, change):
    edition_id = asked_for()
    sign(edition_id)
    release(edition_id)
    services.review_afterwards(edition_id=edition_id, by=REVIEWER, at=minutes(5), verdict="pass")
    with pytest.raises(IntegrityError):
        Edition.objects.filter(pk=edition_id).update(**change)


def test_an_office_without_the_path_has_none_even_at_the_databases_prompt(database):
    opened()
    edition_id = drafted("website")
    with pytest.raises(RuleError) as refusal:
        services.submit(edition_id=edition_id, by=CLERK, at=NOON, urgent=WHY)
    assert refusal.value.code == "urgent_off"
    with pytest.raises(IntegrityError, match="no urgent path"):
        Edition.objects.filter(pk=edition_id).update(state=State.SIGNED, signer=LEADER, seal="0" * 64, urgent=True, urgent_reason=WHY,
                                                     review_due_at=NOON)


def test_nobody_signs_urgently_what_nobody_asked_for(database):
    opened(urgent=True)
    edition_id = drafted("website")
    services.submit(edition_id=edition_id, by=CLERK, at=NOON)
    with pytest.raises(RuleError) as refusal:
        sign(edition_id)
    assert refusal.value.code == "not_urgent"


def test_a_reviewer_who_is_quicker_makes_it_an_ordinary_one(database):
    edition_id = asked_for()
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=minutes(1))
    hand = queries.edition_in_hand(edition_id=edition_id)
    services.sign_off(edition_id=edition_id, by=LEADER, at=minutes(2), renditions=renditions(hand.channels, hand.edition))
    release(edition_id, minutes(3))
    assert not queries.edition_in_hand(edition_id=edition_id).urgent
    assert queries.figures(office=OFFICE_CODE, year=2024, categories=[], as_of=minutes(9)).urgent == 0


def test_it_is_counted_and_figures_without_any_stay_as_they_were(database):
    edition_id = asked_for()
    before = queries.figures(office=OFFICE_CODE, year=2024, categories=[], as_of=NOON)
    assert "urgent" not in before.as_json()
    sign(edition_id)
    release(edition_id)
    after = queries.figures(office=OFFICE_CODE, year=2024, categories=[], as_of=minutes(1))
    assert (after.urgent, after.as_json()["urgent"]) == (1, 1)


def test_a_later_review_is_made_once_and_only_of_what_had_none(database):
    edition_id = asked_for()
    with pytest.raises(RuleError, match="waits for no later review"):
        services.review_afterwards(edition_id=edition_id, by=REVIEWER, at=NOON, verdict="pass")
    sign(edition_id)
    services.review_afterwards(edition_id=edition_id, by=REVIEWER, at=NOON, verdict="pass")
    with pytest.raises(RuleError, match="waits for no later review"):
        services.review_afterwards(edition_id=edition_id, by="何副主任", at=NOON, verdict="pass")
    ordinary = signed("website", index_number="006123456/2024-00018")
    with pytest.raises(RuleError, match="waits for no later review"):
        services.review_afterwards(edition_id=ordinary, by="何副主任", at=NOON, verdict="pass")
    with pytest.raises(LedgerError, match="no verdict"):
        services.review_afterwards(edition_id=ordinary, by="何副主任", at=NOON, verdict="maybe")


def test_switching_the_path_on_and_off_is_written_down(database):
    opened()
    for urgent in (True, True, False):
        services.open_office(office=an_office(urgent=urgent), channels=CHANNELS, at=minutes(1))
    assert not Office.objects.get().urgent
    verbs = [event.verb for event in reversed(queries.events(office=OFFICE_CODE).rows)]
    assert verbs[-2:] == ["urgent path opened", "urgent path closed"]

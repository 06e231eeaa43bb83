"""The tables that decide: an item's life, its people, its channels, its waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.deliveries import Action, Delivery, Outcome, Status, delivery_key
from content.rules import (
    BREAKS_AFTER,
    LIFE,
    OPEN_STATES,
    RESTS,
    TRIABLE,
    WAITS,
    Breaker,
    RuleError,
    State,
    Step,
    after,
    after_attempt,
    may_review,
    may_sign,
    on_trial,
    owed,
    rest,
    routed,
    wait,
)
from tests.builders import an_edition

NAMES = st.lists(st.sampled_from(["website", "feed", "board", "wechat", "weibo"]), unique=True)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_every_step_is_either_in_the_table_or_refused_with_what_is_open(state, step):
    if (state, step) in LIFE:
        assert after(state, step) is LIFE[state, step]
    else:
        with pytest.raises(RuleError, match=f"cannot {step} an edition that is {state}; open from here: "):
            after(state, step)


def test_nothing_becomes_public_without_a_signature_and_nothing_public_becomes_a_draft_again():
    assert {start for (start, step), end in LIFE.items() if end is State.RELEASED} == {State.SIGNED}
    assert {(start, step) for (start, step), end in LIFE.items() if end is State.SIGNED} == {
        (State.REVIEWED, Step.SIGN_OFF), (State.IN_REVIEW, Step.URGENT)}
    public = {State.RELEASED, State.CORRECTED, State.WITHDRAWN}
    assert all(end in public for (start, _), end in LIFE.items() if start in public)
    assert not public & set(OPEN_STATES)


@pytest.mark.parametrize(("drafter", "reviewer", "by", "may"), [
    ("甲", "乙", "丙", True), ("甲", "乙", "甲", False), ("甲", "乙", "乙", False)])
def test_the_signer_is_a_third_person(drafter, reviewer, by, may):
    if may:
        may_sign(drafter=drafter, reviewer=reviewer, by=by)
    else:
        with pytest.raises(RuleError, match=f"{by} already (wrote|reviewed)"):
            may_sign(drafter=drafter, reviewer=reviewer, by=by)


def test_nobody_reviews_their_own_words():
    may_review(drafter="甲", by="乙")
    with pytest.raises(RuleError, match="甲 wrote this edition"):
        may_review(drafter="甲", by="甲")


def test_a_feed_follows_the_website_and_nothing_is_routed_twice():
    follows = {"feed": "website"}
    assert routed(["website", "wechat", "website"], follows) == ("website", "wechat", "feed")
    assert routed(["feed", "website"], follows) == ("feed", "website")
    assert routed(["board"], follows) == ("board",)


@given(before=NAMES, now=NAMES, reached=NAMES)
def test_a_correction_owes_every_channel_what_it_needs_and_no_more(before, now, reached):
    actions = owed(before=before, now=now, reached=reached)
    assert {c for c, a in actions.items() if a is Action.PUBLISH} == set(now) - set(reached)
    assert {c for c, a in actions.items() if a is Action.CORRECT} == set(now) & set(reached)
    assert {c for c, a in actions.items() if a is Action.WITHDRAW} == (set(before) & set(reached)) - set(now)


def test_waits_grow_to_four_hours_and_never_undercut_the_far_side():
    assert [wait(n) for n in (0, 1, 2, 5, 6, 1000)] == [WAITS[0], WAITS[0], WAITS[1], WAITS[-1], WAITS[-1], timedelta(hours=4)]
    assert wait(1, timedelta(hours=9)) == timedelta(hours=9)
    assert wait(5, timedelta(0)) == timedelta(hours=4)


WAITS_FOR = st.none() | st.timedeltas(timedelta(), timedelta(days=1))
SHOWN = st.builds(Outcome, status=st.just(Status.DEFERRED), well=st.booleans(), retry_after=WAITS_FOR) | st.builds(
    Outcome, status=st.just(Status.UNCONFIRMED), retry_after=WAITS_FOR)


@given(st.lists(SHOWN, max_size=25))
def test_a_channel_rests_exactly_while_its_last_answers_were_enough_failures_in_a_row(outcomes):
    at, breaker = datetime(2024, 6, 3, tzinfo=UTC), Breaker()
    for outcome in outcomes:
        breaker = after_attempt(breaker, outcome, at)
    answers = [outcome.well for outcome in outcomes if outcome.well is not None]
    row = len(answers) - next((place + 1 for place in reversed(range(len(answers))) if answers[place]), 0)
    assert breaker.failures == row
    assert (breaker.rests_until is not None) == (row >= BREAKS_AFTER)
    if breaker.rests_until:
        last = next(outcome for outcome in reversed(outcomes) if outcome.well is False)
        assert breaker.rests_until - at == rest(row, last.retry_after) >= (last.retry_after or RESTS[0])
        assert on_trial(breaker, at).rests_until > at


@pytest.mark.parametrize(("status", "given_back"), [(Status.DEFERRED, True), (Status.REFUSED, True), (Status.UNCONFIRMED, False)])
def test_a_trial_that_told_nothing_is_given_back_unless_it_left_a_doubt(status, given_back):
    """No room left in the account, or an item that does not fit, says nothing of the channel; it need not rest two hours for that."""
    at = datetime(2024, 6, 3, tzinfo=UTC)
    tried = on_trial(Breaker(failures=BREAKS_AFTER, rests_until=at), at)
    then = after_attempt(tried, Outcome(status=status), at)
    assert then == (Breaker(failures=BREAKS_AFTER, rests_until=at) if given_back else tried)


def test_rests_grow_to_two_hours():
    assert [rest(BREAKS_AFTER + n) for n in range(6)] == [*RESTS, timedelta(hours=2)]


def test_a_tick_tries_only_what_surely_posted_nothing():
    assert {Status.QUEUED, Status.DEFERRED} == TRIABLE


def test_a_delivery_key_says_which_edition_does_what_where():
    delivery = Delivery(channel="wechat", action=Action.CORRECT, edition=an_edition(number=2, change_note="改一字"))
    assert delivery.key == "006123456/2024-00017#2:correct@wechat"


@given(st.tuples(st.sampled_from(["a/1", "a/11"]), st.integers(1, 12), st.sampled_from(Action), st.sampled_from(["w", "w1"])),
       st.tuples(st.sampled_from(["a/1", "a/11"]), st.integers(1, 12), st.sampled_from(Action), st.sampled_from(["w", "w1"])))
def test_no_two_deliveries_share_a_key(one, other):
    assert (delivery_key(*one) == delivery_key(*other)) == (one == other)

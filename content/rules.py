"""What may happen next, and to whom. Decides and touches nothing; the ledger asks here before it writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from content.deliveries import Action, Outcome, Status
from content.metadata import DISCLOSURE, PROACTIVE, Pairs, value


class State(StrEnum):
    """Where an edition stands in its life."""

    DRAFT = "draft"  #: 起草
    IN_REVIEW = "in_review"  #: 保密审查中
    REVIEWED = "reviewed"  #: 已审查, waits for the signature
    SIGNED = "signed"  #: 已签发, queued for release
    RELEASED = "released"  #: 已公开, the live edition
    CORRECTED = "corrected"  #: 已更正, a newer edition took its place
    WITHDRAWN = "withdrawn"  #: 已撤回
    SHELVED = "shelved"  #: 搁置: a draft laid aside; it may be taken up again


class Step(StrEnum):
    """What a person or the pipeline does to an edition."""

    SUBMIT = "submit"  #: 送审, by the drafter
    PASS = "pass"  # noqa: S105  #: 审查通过, by the secrecy reviewer
    RETURN = "return"  #: 退回, with a reason, from either check
    REFER = "refer"  #: 报请上级审定: the reviewer is not sure (条例 Art. 17)
    SIGN_OFF = "sign_off"  #: 签发, by the leader
    URGENT = "urgent"  #: 急件签发: signed before the review, which follows within a day
    SHELVE = "shelve"  #: 搁置, with a reason
    EDIT = "edit"  #: an edit voids what was given
    RELEASE = "release"  #: 公开, by a tick
    CORRECT = "correct"  #: a newer edition was released
    WITHDRAW = "withdraw"  #: 撤回


#: every legal step: where it starts, where it ends
LIFE: Mapping[tuple[State, Step], State] = {
    (State.DRAFT, Step.EDIT): State.DRAFT,
    (State.DRAFT, Step.SUBMIT): State.IN_REVIEW,
    (State.DRAFT, Step.SHELVE): State.SHELVED,
    (State.SHELVED, Step.EDIT): State.DRAFT,
    (State.IN_REVIEW, Step.PASS): State.REVIEWED,
    (State.IN_REVIEW, Step.REFER): State.IN_REVIEW,
    (State.IN_REVIEW, Step.RETURN): State.DRAFT,
    (State.IN_REVIEW, Step.URGENT): State.SIGNED,
    (State.REVIEWED, Step.SIGN_OFF): State.SIGNED,
    (State.REVIEWED, Step.RETURN): State.DRAFT,
    (State.IN_REVIEW, Step.EDIT): State.DRAFT,
    (State.REVIEWED, Step.EDIT): State.DRAFT,
    (State.SIGNED, Step.EDIT): State.DRAFT,
    (State.SIGNED, Step.RELEASE): State.RELEASED,
    (State.RELEASED, Step.CORRECT): State.CORRECTED,
    (State.RELEASED, Step.WITHDRAW): State.WITHDRAWN,
}

#: states in which an edition is being worked on; an item has at most one such edition
OPEN_STATES = (State.DRAFT, State.IN_REVIEW, State.REVIEWED, State.SIGNED)


#: within which the review of an edition that was signed without one is to follow
LATER_REVIEW = timedelta(days=1)


class RuleError(ValueError):
    """A step that the rules do not allow. Its text is for the log; `code` and `facts` let a door say it in the reader's language."""

    def __init__(self, message: str, *, code: str = "step", **facts: Any) -> None:
        super().__init__(message)
        self.code, self.facts = code, facts


def after(state: State, step: Step) -> State:
    """The state that a step leads to.

    Raises:
        RuleError: the step is not open from here.
    """
    try:
        return LIFE[state, step]
    except KeyError:
        open_steps = sorted({s.value for (start, s) in LIFE if start is state})
        raise RuleError(f"cannot {step} an edition that is {state}; open from here: {', '.join(open_steps) or 'nothing'}",
                        code="step", step=step.value, state=state.value, open=open_steps) from None


def may_review(*, drafter: str, by: str) -> None:
    """The reviewer is not the drafter (保密法实施条例 Art. 42: 先审后发; the last editor counts as drafter).

    Raises:
        RuleError: the same person.
    """
    if by == drafter:
        raise RuleError(f"{by} wrote this edition and may not review it; ask another reviewer", code="reviews_own", by=by, did="wrote")


def may_sign(*, drafter: str, reviewer: str, by: str) -> None:
    """The signer is neither drafter nor reviewer.

    Raises:
        RuleError: the same person.
    """
    if by in (drafter, reviewer):
        did = "wrote" if by == drafter else "reviewed"
        raise RuleError(f"{by} already {did} this edition and may not sign it; ask another leader", code="signs_own", by=by, did=did)


def may_review_afterwards(*, drafter: str, signer: str, by: str) -> None:
    """Whoever reviews what was signed without a review is neither its drafter nor its signer.

    Raises:
        RuleError: the same person.
    """
    if by in (drafter, signer):
        did = "wrote" if by == drafter else "signed"
        raise RuleError(f"{by} {did} this edition and may not review it; ask another reviewer", code="reviews_own", by=by, did=did)


def may_be_public(*, index_number: str, said: Pairs) -> None:
    """Only what is to be disclosed proactively is published (政府信息公开条例 Art. 19, 20); what says nothing of it counts as that.

    Raises:
        RuleError: its 公开属性 is another.
    """
    if (disclosure := value(said, DISCLOSURE)) not in ("", PROACTIVE):
        raise RuleError(f"{index_number}: its disclosure is {disclosure}, and only {PROACTIVE} may be published; mend that field, "
                        "or lay the draft aside", code="not_proactive", index_number=index_number, disclosure=disclosure)


def routed(asked: Iterable[str], follows: Mapping[str, str]) -> tuple[str, ...]:
    """The channels of an edition: those asked for, and those that carry whatever goes to one of them.

    `follows` maps a channel to the one it follows: a feed follows the website. Order is kept, nothing twice.
    """
    names = list(dict.fromkeys(asked))
    return tuple(names + [channel for channel, leader in follows.items() if leader in names and channel not in names])


def owed(*, before: Iterable[str], now: Iterable[str], reached: Iterable[str]) -> dict[str, Action]:
    """What a correction owes each channel.

    An amended copy where one went out, a first copy where none did, and a withdrawal where the new edition is no longer routed but an
    older copy still stands.

    `before`: channels of earlier editions; `now`: of the new one; `reached`: those that have or may have a copy.
    """
    reached, now = set(reached), tuple(now)
    actions = {channel: Action.CORRECT if channel in reached else Action.PUBLISH for channel in now}
    actions |= {channel: Action.WITHDRAW for channel in before if channel in reached and channel not in actions}
    return actions


#: how long to wait after the n-th attempt in a row that surely posted nothing
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))


def wait(attempts: int, retry_after: timedelta | None = None) -> timedelta:
    """How long until the next try: the far side's word where it gave one, else longer each time, four hours at most."""
    ours = WAITS[min(max(attempts, 1), len(WAITS)) - 1]
    return max(ours, retry_after) if retry_after is not None else ours


#: so many attempts in a row that failed for the channel's own reasons, and it rests
BREAKS_AFTER = 5
#: how long it rests before one delivery tries it again, longer each time that fails too
RESTS = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """熔断: how a channel has been doing. Open while it rests; after that one delivery tries it, and what that shows decides."""

    failures: int = 0  #: in a row, for the channel's own reasons
    rests_until: datetime | None = None  #: None: it does not rest


def after_attempt(breaker: Breaker, outcome: Outcome, at: datetime) -> Breaker:
    """How a channel stands after an attempt: one that got through closes it, one that showed nothing leaves it as it was before."""
    if outcome.well is None:
        # a trial that told nothing, and left nothing in doubt, is given back: the next delivery tries
        told_nothing = breaker.rests_until is not None and outcome.status is not Status.UNCONFIRMED
        return Breaker(failures=breaker.failures, rests_until=at) if told_nothing else breaker
    if outcome.well:
        return Breaker()
    failures = breaker.failures + 1
    return Breaker(failures=failures, rests_until=at + rest(failures, outcome.retry_after) if failures >= BREAKS_AFTER else None)


def on_trial(breaker: Breaker, at: datetime) -> Breaker:
    """How a rested channel stands while one delivery tries it: it rests again, so that a second one waits for what the first shows."""
    return Breaker(failures=breaker.failures, rests_until=at + rest(breaker.failures))


def rest(failures: int, retry_after: timedelta | None = None) -> timedelta:
    """How long a channel rests after so many failures in a row: longer each time; the far side's word where it asks for more."""
    ours = RESTS[min(max(failures - BREAKS_AFTER, 0), len(RESTS) - 1)]
    return ours if retry_after is None else max(ours, retry_after)


#: 核实: how long after its last attempt a delivery in doubt is looked for; platforms answer few questions a day. Then a person looks
LOOKS = (timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2), *(timedelta(days=days) for days in range(1, 8)))


#: how often it is looked for at least, while a correction or a withdrawal waits behind it
HURRIED = timedelta(minutes=30)


def upcoming(since: datetime, at: datetime, marks: Iterable[timedelta]) -> datetime | None:
    """The first of these marks that is still to come; None where all have passed. Of those missed, one look makes up for all."""
    return next((since + mark for mark in marks if since + mark > at), None)


#: what a tick may try by itself; the rest waits for `settle` or for a person
TRIABLE = frozenset({Status.QUEUED, Status.DEFERRED})

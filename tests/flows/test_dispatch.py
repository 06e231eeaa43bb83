"""What a channel raised, as an outcome. The channels' own contract (tests/channels/test_contract.py) shows the same end to end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import pytest

from channels.base import Errand, Limits, Rendition
from channels.errors import (
    AmbiguousError,
    ConfigurationError,
    HandworkError,
    PermanentError,
    QuotaError,
    SilenceError,
    TransientError,
    UnsuitableError,
    UnusableError,
)
from content.deliveries import REPLACED, Action, Delivery, Posting, Status
from flows.dispatch import carry, look
from tests.builders import an_edition
from tests.channels.rigs.wechat import MORNING, Kept, Store

POSTING = Posting(ref="1", url="https://hall.example/1")


class Hall:
    """An outlet that does as it is told, and can nothing but post."""

    kind: ClassVar[str] = "hall"
    label: ClassVar[str] = "大厅屏"
    limits: ClassVar[Limits] = Limits()
    name = "hall"

    def __init__(self, says: Any = POSTING) -> None:
        self.says = says

    @classmethod
    def from_setting(cls, setting: Any) -> Any:
        return cls(setting)

    def render(self, edition: Any) -> Rendition:
        return Rendition(body=edition.index_number)

    def post(self, rendition: Rendition, *, errand: Errand) -> Posting:
        return self._say()

    def _say(self) -> Any:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


class AbleHall(Hall):
    """Can do everything."""

    def amend(self, posting: Posting, rendition: Rendition, *, errand: Errand) -> Posting:
        return self._say()

    def withdraw(self, posting: Posting, *, errand: Errand) -> None:
        self._say()

    def find(self, *, errand: Errand) -> Posting | None:
        return self._say()


def given(action: Action = Action.PUBLISH, posting: Posting | None = None) -> tuple[Delivery, Errand]:
    delivery = Delivery(channel="hall", action=action, edition=an_edition(), posting=posting)
    return delivery, Errand(key=delivery.key, at=MORNING, steps=Kept(), blobs=Store())


def carried(hall: Hall, action: Action = Action.PUBLISH, posting: Posting | None = None):
    delivery, errand = given(action, posting)
    return carry(hall, delivery, hall.render(delivery.edition), errand)


def looked(hall: Hall, action: Action = Action.PUBLISH):
    return look(hall, *given(action, POSTING))


@pytest.mark.parametrize(("error", "status", "stops"), [
    (TransientError("忙", retry_after=timedelta(minutes=3)), Status.DEFERRED, False),
    (UnusableError("钥匙"), Status.DEFERRED, True),
    (PermanentError("不收"), Status.REFUSED, False),
    (UnsuitableError("太长"), Status.REFUSED, False),
    (AmbiguousError("断线"), Status.UNCONFIRMED, False),
])
def test_every_error_has_its_outcome(error, status, stops):
    outcome = carried(Hall(error))
    assert (outcome.status, outcome.stops_channel, outcome.detail) == (status, stops, str(error))
    assert outcome.retry_after == getattr(error, "retry_after", None)


@pytest.mark.parametrize(("says", "well"), [
    (POSTING, True), (PermanentError("不收"), True), (TransientError("忙"), False), (UnusableError("钥匙"), False), (QuotaError("额度"), None),
    (UnsuitableError("太长"), None), (AmbiguousError("还在发布"), None), (SilenceError("断线"), False),
])
def test_an_attempt_tells_of_its_channel_only_what_it_showed(says, well):
    """A clear no is an answer, and no answer at all tells as much; a used-up quota, a slow job, and what was never sent say nothing."""
    assert carried(AbleHall(says)).well is well
    assert carried(AbleHall(says), Action.WITHDRAW, POSTING).well is well
    assert carried(Hall(says), Action.WITHDRAW, POSTING).well is None


@pytest.mark.parametrize("error", [ConfigurationError("gongkai.toml"), ZeroDivisionError()])
def test_what_is_no_fault_of_the_delivery_is_not_held_against_it(error):
    with pytest.raises(type(error)):
        carried(Hall(error))


def test_what_is_made_ready_waits_for_a_person():
    ready = Posting(ref="draft", live=False)
    outcome = carried(Hall(ready))
    assert (outcome.status, outcome.posting) == (Status.BY_HAND, ready)
    assert carried(Hall()).status is Status.POSTED


@pytest.mark.parametrize("action", [Action.CORRECT, Action.WITHDRAW])
def test_what_the_channel_cannot_do_a_person_does_and_is_told_where(action):
    outcome = carried(Hall(), action, POSTING)
    assert outcome.status is Status.BY_HAND
    assert "https://hall.example/1" in outcome.detail


@pytest.mark.parametrize("action", [Action.CORRECT, Action.WITHDRAW])
def test_what_was_never_posted_cannot_be_changed_by_a_machine(action):
    assert carried(AbleHall(), action, None).status is Status.BY_HAND
    assert carried(AbleHall(), action, POSTING).status is Status.POSTED


def test_what_the_far_side_lets_no_program_do_is_left_to_a_person_who_may_say_that_it_is_done():
    """Not refused: that is what a person can only send again or let go."""
    outcome = carried(AbleHall(HandworkError("请登录后手工删除")), Action.WITHDRAW, POSTING)
    assert (outcome.status, outcome.posting, outcome.detail) == (Status.BY_HAND, POSTING, "请登录后手工删除")


@pytest.mark.parametrize("action", [Action.CORRECT, Action.WITHDRAW])
def test_what_a_person_recorded_by_its_address_a_person_changes(action):
    """Asked for by an address, a channel would say that there is nothing: what stands there would pass for withdrawn."""
    outcome = carried(AbleHall(), action, Posting(ref="https://hall.example/9", url="https://hall.example/9", told=True))
    assert outcome.status is Status.BY_HAND
    assert "人工登记" in outcome.detail


def test_a_draft_that_was_withdrawn_waits_for_nobody():
    assert carried(AbleHall(None), Action.WITHDRAW, Posting(ref="draft", live=False)).status is Status.POSTED


@pytest.mark.parametrize(("found", "status"), [
    (POSTING, Status.POSTED), (Posting(ref="draft", live=False), Status.BY_HAND), (None, Status.DEFERRED),
    (AmbiguousError("还不知道"), Status.UNCONFIRMED), (TransientError("忙"), Status.UNCONFIRMED), (UnusableError("钥匙"), Status.UNCONFIRMED),
    (PermanentError("审核未通过"), Status.REFUSED),
])
def test_looking_settles_only_what_is_known(found, status):
    outcome = looked(AbleHall(found))
    assert outcome.status is status
    assert outcome.stops_channel == isinstance(found, UnusableError)


def test_what_is_used_up_stops_its_own_action_and_no_other():
    """Ten deletions a day are no reason to hold back what is to be published."""
    outcome = carried(Hall(QuotaError("今天的次数用完了")))
    assert (outcome.status, outcome.stops_action, outcome.stops_channel) == (Status.DEFERRED, True, False)


def test_a_look_knows_that_the_older_posting_was_taken_back():
    """Turned down in the end, a correction that took the old posting's place leaves nothing there."""
    delivery, errand = given(Action.CORRECT, POSTING)
    errand.steps.put(REPLACED, POSTING.ref)
    outcome = look(AbleHall(PermanentError("审核未通过")), delivery, errand)
    assert (outcome.status, outcome.removed) == (Status.REFUSED, True)


def test_a_withdrawal_in_doubt_is_simply_repeated():
    """What stands there still is no proof that it was withdrawn: looking would call it done."""
    assert looked(AbleHall(POSTING), Action.WITHDRAW).status is Status.DEFERRED


def test_where_a_machine_cannot_look_a_person_must():
    outcome = looked(Hall())
    assert outcome.status is Status.UNCONFIRMED
    assert "人工" in outcome.detail


def test_an_errand_of_another_delivery_is_refused():
    _, errand = given(Action.WITHDRAW)
    with pytest.raises(ValueError, match="came with the delivery"):
        look(AbleHall(), given()[0], errand)

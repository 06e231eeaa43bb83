"""A correction where nothing can be changed: the older post goes, the corrected one comes, once, however it ends in between."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from channels.base import may_replace
from channels.errors import ConfigurationError
from content.deliveries import REPLACED, REPLACING, Action, Delivery, Posting, Status
from flows.dispatch import carry, look
from tests.builders import an_edition
from tests.channels.crashes import Killed, Mortal
from tests.channels.rigs.far import MORNING
from tests.channels.rigs.weibo import Rig

AGAIN = MORNING + timedelta(minutes=30)


@pytest.fixture
def rig(a_rig) -> Rig:
    made: Rig = a_rig("weibo", corrections="replace")
    return made


def posted(rig: Rig) -> Posting:
    """The first edition, before the public."""
    edition = an_edition()
    return rig.channel.post(rig.channel.render(edition), errand=rig.errand(f"{edition.index_number}#1:publish@robot"))


def correction(old: Posting | None) -> Delivery:
    edition = an_edition(number=2, title="关于做好汛期安全工作的通知（更正）", change_note="值守电话有误，现予更正。")
    return Delivery(channel="robot", action=Action.CORRECT, edition=edition, posting=old)


def corrected(rig: Rig, delivery: Delivery, at=MORNING):
    return carry(rig.channel, delivery, rig.channel.render(delivery.edition), rig.errand(delivery.key, at=at))


def test_the_older_post_goes_and_the_new_one_says_what_was_corrected(rig):
    old = posted(rig)
    outcome = corrected(rig, correction(old))
    assert (outcome.status, outcome.removed) == (Status.POSTED, True)
    (shown,) = rig.shown()
    assert "更正" in shown
    assert outcome.posting is not None
    assert outcome.posting.ref != old.ref


def test_asked_for_again_nothing_changes(rig):
    delivery = correction(posted(rig))
    first, second = corrected(rig, delivery).posting, corrected(rig, delivery).posting
    assert first is not None
    assert second is not None
    assert first.ref == second.ref
    assert len(rig.shown()) == 1


def test_where_the_office_has_not_said_so_a_person_corrects(a_rig):
    rig = a_rig("weibo")
    old = posted(rig)
    outcome = corrected(rig, correction(old))
    assert outcome.status is Status.BY_HAND
    assert len(rig.shown()) == 1
    assert not may_replace(rig.channel)
    with pytest.raises(ConfigurationError, match="corrections"):
        a_rig("weibo", corrections="sometimes")


def test_what_may_not_be_removed_stays_and_a_person_corrects(rig):
    """Two posts that contradict each other would be worse than one that is wrong."""
    old = posted(rig)
    rig.far.may_remove = False
    outcome = corrected(rig, correction(old))
    assert (outcome.status, outcome.posting, outcome.removed) == (Status.BY_HAND, old, False)
    assert "没有撤下" in outcome.detail
    assert len(rig.shown()) == 1


def test_what_is_gone_already_needs_no_removing(rig):
    old = posted(rig)
    rig.far.posts.clear()
    assert corrected(rig, correction(old)).status is Status.POSTED
    assert len(rig.shown()) == 1


def test_a_draft_that_a_person_has_to_publish_is_left_to_the_person(rig):
    assert corrected(rig, correction(Posting(ref="draft", live=False))).status is Status.BY_HAND


@pytest.mark.parametrize(("mood", "status"), [("refuses", Status.REFUSED), ("busy", Status.DEFERRED), ("fails after accepting", Status.UNCONFIRMED)])
def test_what_fails_between_says_that_the_older_one_is_gone(rig, mood, status):
    """And the next attempt posts without removing anything a second time."""
    old = posted(rig)
    withdraw, delivery = rig.channel.withdraw, correction(old)

    def then(posting, *, errand):
        withdraw(posting, errand=errand)
        rig.mood(mood)

    rig.channel.withdraw = then
    outcome = corrected(rig, delivery)
    assert (outcome.status, outcome.removed) == (status, True)
    rig.mood("fine")
    if status is Status.UNCONFIRMED:
        found = look(rig.channel, delivery, rig.errand(delivery.key, at=AGAIN))
        assert (found.status, found.posting is not None and found.posting.ref != old.ref) == (Status.POSTED, True)
    else:
        assert corrected(rig, delivery, at=AGAIN + timedelta(hours=1)).status is Status.POSTED
    assert len(rig.shown()) == 1


def test_a_look_never_takes_the_older_post_for_the_new_one(rig):
    """A timeline that still shows what was removed, after the new one's answer was lost: both bear the same index number."""
    old = posted(rig)
    lingering = dict(rig.far.posts[0])
    delivery = correction(old)
    steps = rig.errand(delivery.key).steps
    for step, value in ((REPLACING, old.ref), (REPLACED, old.ref), ("sending", MORNING.isoformat())):
        steps.put(step, value)
    rig.far.posts[:] = [lingering]
    assert look(rig.channel, delivery, rig.errand(delivery.key, at=AGAIN)).status is Status.UNCONFIRMED


@pytest.mark.parametrize(("n", "after"), list(product(range(1, 7), (False, True))))
def test_killed_at_any_step_one_post_stands_in_the_end(rig, n, after):
    """The ledger's way: look, and try again only where it says that nothing is there."""
    old = posted(rig)
    delivery = correction(old)
    rig._kept[delivery.key] = Mortal(n, after=after)
    try:
        outcome = corrected(rig, delivery)
    except Killed:
        outcome = look(rig.channel, delivery, rig.errand(delivery.key, at=AGAIN))
        if outcome.status is Status.DEFERRED:
            outcome = corrected(rig, delivery, at=AGAIN)
    texts = rig.shown()
    if outcome.status is Status.POSTED:
        assert len(texts) == 1
        assert "更正" in texts[0]
    else:  # killed with the request said to be under way: a person looks. It may be there, once, or not be there
        assert outcome.status is Status.UNCONFIRMED
        assert sum("更正" in text for text in texts) <= 1
    assert old.ref not in {post["idstr"] for post in rig.far.posts}

"""Bad input of every kind ends in the right state, with a line in the desk's language that says what to do.

Every outlet whose far side can bar us is under these tests by being in the registry; its table stands in tests/channels/bad_inputs/.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from channels.errors import UnsuitableError
from channels.registry import KINDS
from content.deliveries import Action, Delivery, Outcome, Status
from content.items import Edition
from flows.dispatch import carry
from tests.channels.bad_inputs import NAMES, WRONG, Bad, cases, one_too_long
from tests.channels.rigs import rig_of, variants

FAR = [kind for kind, cls in sorted(KINDS.items()) if hasattr(cls, "post") and "bars" in rig_of(kind).moods]
PLAYED = [pytest.param(variant, name, bad, id=f"{variant}-{name}") for kind in FAR for variant in variants(kind)
          for name, bad in cases(kind).items() if isinstance(bad, Bad)]
WHAT_TO_DO = re.compile("请|自动|工作人员")


def attempt(rig: Any, edition: Edition) -> tuple[Outcome, bool]:
    """How an attempt ends, and whether the desk found it before anybody signed."""
    channel = rig.channel
    delivery = Delivery(channel=channel.name, action=Action.PUBLISH, edition=edition)
    try:
        rendition = channel.render(edition)
    except UnsuitableError as error:
        return Outcome(status=Status.REFUSED, detail=str(error)), True
    return carry(channel, delivery, rendition, rig.errand(delivery.key)), False


@pytest.mark.parametrize("kind", FAR)
def test_every_case_is_played_or_said_to_be_impossible_and_why(kind):
    table = cases(kind)
    assert list(table) == list(NAMES), f"tests/channels/bad_inputs/{kind}.py: CASES says of each case how it is played, or why it cannot be"
    assert not [name for name, bad in table.items() if isinstance(bad, str) and len(bad) < 10]


@pytest.mark.parametrize(("variant", "name", "bad"), PLAYED)
def test_ends_in_the_right_state_and_says_what_to_do(variant, name, bad, a_rig):
    rig = a_rig(variant)
    edition = bad.edition(rig)
    bad.play(rig)
    outcome, at_desk = attempt(rig, edition)
    assert (outcome.status, outcome.stops_channel, at_desk) == (bad.status, bad.stops, bad.at_desk), outcome.detail
    assert len(rig.shown()) == bad.shown
    assert bad.says in outcome.detail
    if bad.says:
        assert WHAT_TO_DO.search(outcome.detail), outcome.detail
    assert not [secret for secret in (*rig.secrets, WRONG) if secret in outcome.detail]


@pytest.mark.parametrize(("variant", "name", "bad"), [
    case for case in PLAYED if case.values[2].status is Status.DEFERRED and case.values[2].mend])
def test_once_mended_it_goes_out_once(variant, name, bad, a_rig):
    """Nothing is lost by it, and nothing doubled."""
    rig = a_rig(variant)
    edition = bad.edition(rig)
    bad.play(rig)
    attempt(rig, edition)
    bad.mend(rig)
    assert attempt(rig, edition)[0].status is Status.POSTED
    assert len(rig.shown()) == 1


@pytest.mark.parametrize("kind", FAR)
def test_a_title_is_too_long_by_one_and_not_before(kind, a_rig):
    """One sign less stands there whole; one more is cut, or refused at the desk: never left to the platform."""
    channel = a_rig(kind).channel
    long = one_too_long(a_rig(kind))
    fits = channel.render(replace(long, title=long.title[:-1]))
    assert long.title[:-1] in fits.title + fits.body
    try:
        cut = channel.render(long).body
    except UnsuitableError:
        return
    assert long.title not in cut
    assert "…" in cut
    assert channel.limits.count(cut) <= channel.limits.text

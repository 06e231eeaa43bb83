"""Every kind of outlet under a real tick on a ledger, at its own far side. A kind in the registry is tested here by being there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from channels.house import OfficeHand
from content.configuration import ChannelSection
from content.deliveries import Status
from flows import tick
from flows.clock import still
from ledger import services
from ledger.models import Attempt, Delivery, Event, Posting
from tests.channels.conftest import a_rig  # noqa: F401 - a fixture of the room next door
from tests.channels.test_contract import OUTLETS
from tests.flows.stage import furnish, instant, record, sign

pytestmark = pytest.mark.ledger
NIGHT, MORNING, LATER = "2024-06-01T08:00", "2024-06-01T09:30", "2024-06-01T09:40"  #: the far sides' clocks stand at MORNING
every_outlet = pytest.mark.parametrize("kind", OUTLETS)


def beside_a_website(home: Path, rig: Any, kind: str) -> OfficeHand:
    """An open office with the rig's channel as its one outlet, and a signed item that waits for both."""
    hand, name = furnish(home), rig.channel.name
    hand = replace(hand, sections={**hand.sections, name: ChannelSection(name=name, kind=kind)}, outlets={name: rig.channel})
    services.open_office(office=hand.office, at=instant(hand, NIGHT), channels=[
        services.ChannelOpened(name=name, kind=section.kind, surface=name in hand.surfaces) for name, section in hand.sections.items()])
    sign(hand, home, record(channels=["website", name]), at=NIGHT)
    return hand


def tick_at(hand: OfficeHand, at: str) -> tick.Report:
    """What the publish flow does; the outlet's part of it."""
    clock = still(instant(hand, at))
    tick.release_due(hand, clock=clock)
    for name in hand.surfaces:
        tick.run_surface(hand, name, clock=clock)
    (name,) = hand.outlets
    return tick.run_outlet(hand, name, clock=clock)


@every_outlet
def test_a_tick_takes_a_signed_item_there_and_the_next_one_adds_nothing(kind: str, sqlite: Path, a_rig: Callable[..., Any]) -> None:  # noqa: F811
    """Before the public, or ready for the person who shows it; and its reference is in the book."""
    rig = a_rig(kind)
    hand = beside_a_website(sqlite, rig, kind)
    report = tick_at(hand, MORNING)
    assert report.counts in ({Status.POSTED: 1}, {Status.BY_HAND: 1}), report.details
    assert len(rig.shown()) == 1
    assert Posting.objects.get(channel=rig.channel.name).ref
    before = (Attempt.objects.count(), Event.objects.count())
    assert tick_at(hand, LATER).counts == {}
    assert (Attempt.objects.count(), Event.objects.count(), len(rig.shown())) == (*before, 1)


@every_outlet
def test_what_could_not_be_sent_waits_in_the_book(kind: str, sqlite: Path, a_rig: Callable[..., Any]) -> None:  # noqa: F811
    """Nothing is lost and nobody is bothered: a later tick will try again."""
    rig = a_rig(kind)
    hand = beside_a_website(sqlite, rig, kind)
    rig.mood("unreachable")
    report = tick_at(hand, MORNING)
    assert (report.counts, len(report.details)) == ({Status.DEFERRED: 1}, 1)
    waiting = Delivery.objects.get(channel=rig.channel.name)
    assert (waiting.status, waiting.tries) == (Status.DEFERRED, 1)
    assert rig.shown() == []

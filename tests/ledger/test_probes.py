"""探测: the newest word of a channel is kept, the log knows the turns, and what needs mending is told in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from content.accounts import SOON
from ledger import queries, services
from ledger.errors import UnknownError
from ledger.models import Event, Probe
from tests.builders import OFFICE_CODE
from tests.ledger.stage import NOON, minutes, opened

pytestmark = pytest.mark.ledger


@pytest.fixture(autouse=True)
def _office(database):
    opened()


def probed(at=NOON, *, well=True, line="token good", until=None) -> None:
    services.keep_probe(office=OFFICE_CODE, channel="wechat", at=at, well=well, line=line, until=until)


def state() -> queries.ChannelState:
    return next(one for one in queries.channel_states(office=OFFICE_CODE) if one.channel == "wechat")


def test_a_channel_that_was_never_asked_needs_no_mending():
    assert state().probe is None
    assert not state().needs_mending(NOON)


def test_the_newest_word_stands_and_an_illness_keeps_its_first_day():
    probed()
    probed(minutes(1), well=False, line="凭证已失效，请重新授权")
    probed(minutes(2), well=False, line="凭证已失效，请重新授权")
    found = state().probe
    assert (found.well, found.line, found.at, found.ill_since) == (False, "凭证已失效，请重新授权", minutes(2), minutes(1))
    assert state().needs_mending(minutes(2))
    probed(minutes(3))
    assert (state().probe.ill_since, state().needs_mending(minutes(3))) == (None, False)
    assert Probe.objects.count() == 1


def test_the_log_knows_the_turns_alone():
    for minute, well in enumerate([True, True, False, False, True, True]):
        probed(minutes(minute), well=well)
    assert list(Event.objects.filter(subject="wechat", verb__startswith="probe").order_by("seq").values_list("verb", flat=True)) == [
        "probe failed", "probe well"]


def test_an_authorisation_that_ends_within_two_weeks_needs_mending_and_a_later_one_does_not():
    probed(until=NOON + SOON + timedelta(days=1))
    assert (state().needs_mending(NOON), state().probe.days_left(NOON)) == (False, 15)
    at = NOON + timedelta(days=1, minutes=1)
    assert (state().needs_mending(at), state().probe.days_left(at)) == (True, 13)
    assert state().probe.days_left(NOON + timedelta(days=30)) == 0


def test_one_that_is_ill_keeps_the_end_it_knew():
    probed(until=NOON + timedelta(days=3))
    probed(minutes(1), well=False, line="连接不上")
    assert state().probe.until == NOON + timedelta(days=3)


def test_an_office_that_is_not_there_is_refused():
    with pytest.raises(UnknownError):
        services.keep_probe(office="nowhere", channel="wechat", at=NOON, well=True, line="")

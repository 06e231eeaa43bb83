"""One account, several processes: one token, one count of calls, and one answer to the question whether it may publish."""

from __future__ import annotations

import re
import threading
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from channels.errors import QuotaError, TransientError, UnusableError
from channels.sandbox.wechat import MOODS
from channels.sandbox.wechat_state import Switches
from channels.wechat_quotas import DAILY
from content.deliveries import Action, Delivery, Status
from flows.dispatch import carry
from tests.builders import an_edition
from tests.channels.rigs.wechat import MORNING, Rig

TOMORROW = timedelta(hours=14, minutes=35)  #: the platform's midnight, and a little


@pytest.fixture
def rig(a_rig) -> Rig:
    made: Rig = a_rig("wechat")
    return made


def item(n: int) -> str:
    return f"006123456/2024-{n:05d}"


def post(rig: Rig, n: int = 17, *, at=MORNING, channel=None):
    channel = channel or rig.channel
    return channel.post(channel.render(an_edition(index_number=item(n))), errand=rig.errand(f"{item(n)}#1:publish@wechat", at=at))


def outcome(rig: Rig, n: int, *, at=MORNING):
    delivery = Delivery(channel="wechat", action=Action.PUBLISH, edition=an_edition(index_number=item(n)))
    return carry(rig.channel, delivery, rig.channel.render(delivery.edition), rig.errand(delivery.key, at=at))


# --------------------------------------------------------------------------------------------------------------- tokens


def test_processes_share_one_token(rig):
    for n in range(3):
        post(rig, n, channel=rig.a_channel())
    assert rig.far.calls("stable_token") == 1


def test_a_token_that_another_program_voided_is_renewed_by_one_of_many(rig):
    """Eight processes find out at the same time; two fetches: the one that says "it is good", and the one that insists."""
    post(rig)
    rig.far.forget_token()
    channels = [rig.a_channel() for _ in range(8)]
    threads = [threading.Thread(target=channel.check, args=(MORNING,)) for channel in channels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rig.far.calls("stable_token") == 2
    assert len(rig.shown()) == 1


def test_insists_on_another_token_only_so_often(rig):
    """By force 20 times a day and 30 seconds apart: more is refused here, before the platform refuses it."""
    post(rig)
    rig.far.mood("turns the token down")
    for seconds, most in ((range(0, 60, 10), 2), (range(60, 3600, 60), 20)):
        for second in seconds:
            rig.far.set_clock(MORNING + timedelta(seconds=second))
            with pytest.raises(TransientError):
                rig.channel.check(MORNING + timedelta(seconds=second))
        assert forced(rig) == most
    with pytest.raises(QuotaError, match="stable_token/force"):
        rig.channel.check(MORNING + timedelta(hours=1))


def forced(rig: Rig) -> int:
    """How many tokens were made by force."""
    return int(rig.far.state.note(f"forced {MORNING:%Y-%m-%d}"))


def test_a_refusal_to_give_a_token_leaves_what_is_kept(rig):
    post(rig)
    kept = rig.keyring.get("wechat/127.0.0.1/wx0123456789abcdef")
    rig.far.mood("busy", "stable_token")
    with pytest.raises(TransientError):
        post(rig, 18, at=MORNING + timedelta(hours=3))
    assert rig.keyring.get("wechat/127.0.0.1/wx0123456789abcdef") is kept


def test_a_token_is_never_printed(rig):
    post(rig)
    token = rig.keyring.get("wechat/127.0.0.1/wx0123456789abcdef")
    assert token.value not in repr(token) + repr(rig.channel) + repr(vars(rig.channel))


# --------------------------------------------------------------------------------------------------------------- quotas


@pytest.mark.parametrize("call", ["draft/add", "freepublish/submit"])
def test_what_the_platform_says_is_used_up_is_not_asked_for_before_its_midnight(rig, call):
    rig.far.switch(allowed={call: 1})
    post(rig, 1)
    with pytest.raises(QuotaError, match="45009"):
        post(rig, 2)
    asked = rig.far.calls(call)
    with pytest.raises(QuotaError) as caught:
        post(rig, 3, channel=rig.a_channel())
    assert rig.far.calls(call) == asked
    assert caught.value.retry_after == TOMORROW
    rig.far.set_clock(MORNING + TOMORROW)
    assert post(rig, 2, at=MORNING + TOMORROW).live
    assert len(rig.shown()) == 2


def test_a_platform_that_is_busy_is_left_alone_for_a_minute(rig):
    rig.far.mood("busy", "draft/add", times=1)
    with pytest.raises(TransientError, match="45011"):
        post(rig)
    with pytest.raises(QuotaError, match="09:31 后自动继续"):
        post(rig, at=MORNING + timedelta(seconds=59))
    assert post(rig, at=MORNING + timedelta(seconds=60)).live


@pytest.mark.parametrize(("code", "wait"), [(45009, TOMORROW), (45011, timedelta(minutes=1))])
def test_a_token_that_the_platform_does_not_give_now_is_not_asked_for_again_by_the_next_delivery(rig, code, wait):
    rig.far.play(code, "reach max api quota limit", "stable_token")
    with pytest.raises(TransientError, match=str(code)):
        post(rig, 1)
    asked = rig.far.calls("stable_token")
    with pytest.raises(QuotaError) as caught:
        post(rig, 2, channel=rig.a_channel())
    assert (rig.far.calls("stable_token"), caught.value.retry_after) == (asked, wait)


def test_counts_its_own_questions_so_that_the_platform_need_not(rig):
    for _ in range(DAILY["freepublish/batchget"]):
        rig.channel.check(MORNING)
    with pytest.raises(QuotaError, match=r"freepublish/batchget.*06-02 00:00"):
        rig.channel.check(MORNING)
    assert rig.far.calls("freepublish/batchget") == DAILY["freepublish/batchget"]


def test_two_accounts_do_not_use_up_each_other_s_calls(a_rig):
    one: Rig = a_rig("wechat", app_id="wx1")
    one.far.switch(allowed={"draft/add": 0})
    with pytest.raises(QuotaError):
        post(one)
    one.far.switch(allowed={})
    assert post(one, channel=one.a_channel(app_id="wx2")).live


# ------------------------------------------------------------------------------------------------- whether it may publish


def test_an_account_that_may_not_publish_makes_drafts_and_is_not_asked_again_for_a_day(rig):
    """48001 is kept for all processes: the second delivery spends no submit."""
    rig.far.switch(personal=True)
    for n in range(3):
        ended = outcome(rig, n)
        assert ended.status is Status.BY_HAND
        assert "48001" in ended.detail
        assert "gongkai doctor" in ended.detail
        rig.channel = rig.a_channel()
    assert (rig.far.calls("freepublish/submit"), len(rig.far.drafts()), rig.shown()) == (1, 3, [])
    assert outcome(rig, 4, at=MORNING + timedelta(hours=25)).status is Status.BY_HAND
    assert rig.far.calls("freepublish/submit") == 2


def test_doctor_says_that_it_may_not_publish_and_notices_when_it_may(rig):
    rig.far.switch(personal=True)
    with pytest.raises(UnusableError, match=r"48001.*只建草稿"):
        rig.channel.check(MORNING)
    assert outcome(rig, 1).status is Status.BY_HAND
    assert rig.far.calls("freepublish/submit") == 0
    rig.far.switch(personal=False)
    assert "mode publish" in rig.channel.check(MORNING).line
    assert outcome(rig, 2).status is Status.POSTED


def test_it_may_publish_again_a_day_later_without_anybody_s_doing(rig):
    rig.far.switch(personal=True)
    outcome(rig, 1)
    rig.far.switch(personal=False)
    assert outcome(rig, 2, at=MORNING + timedelta(hours=23)).status is Status.BY_HAND
    assert outcome(rig, 3, at=MORNING + timedelta(hours=25)).status is Status.POSTED




# ---------------------------------------------------------------------------------------------------------- what is written

PAGE = (Path(__file__).parents[2] / "docs" / "channels" / "wechat.md").read_text(encoding="utf-8")


def test_the_page_shows_the_quotas_that_are_kept():
    assert {name: int(calls) for name, calls in re.findall(r"^\| ([a-z_]+/[a-z_]+) \| (\d+) \|$", PAGE, re.MULTILINE)} == DAILY


def test_the_page_names_every_mood_and_switch_of_the_practice_platform():
    assert [word for word, said in MOODS.items() if f"| {word} | {said} |" not in PAGE] == []
    assert [field.name for field in fields(Switches) if f"`{field.name}`" not in PAGE] == []

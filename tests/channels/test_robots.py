"""The robots of WeCom and DingTalk groups: at most once, within their limits, and a person for the doubtful case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels.base import Setting
from channels.dingtalk import signed
from channels.errors import AmbiguousError, ConfigurationError, QuotaError, UnusableError
from channels.sandbox.far_side import Call, Reply
from channels.wecom import WeCom
from content.deliveries import AGAIN
from tests.builders import an_edition, an_office
from tests.channels.crashes import Killed, Mortal
from tests.channels.rigs.dingtalk import SECRET, TOKEN
from tests.channels.rigs.far import MORNING

ROBOTS = ("dingtalk", "wecom")
every_robot = pytest.mark.parametrize("kind", ROBOTS)


def say(rig, number=1, *, at=MORNING):
    edition = an_edition(index_number=f"006123456/2024-{number:05d}")
    return rig.channel.post(rig.channel.render(edition), errand=rig.errand(f"{edition.index_number}#1:publish@robot", at=at))


@every_robot
def test_the_group_reads_title_summary_index_number_and_link(kind, a_rig):
    rig = a_rig(kind)
    say(rig)
    (said,) = rig.shown()
    assert said.splitlines() == [
        "关于2024年清水路道路施工的通告", "自6月1日起封闭清水路东段施工，预计工期三十天。",
        "006123456/2024-00001 https://qingshui.example.gov.cn/item/006123456-2024-0/006123456-2024-00017.html"]


@every_robot
def test_a_correction_begins_with_what_was_corrected(kind, a_rig):
    body = a_rig(kind).channel.render(an_edition(number=2, change_note="结束时间更正为\n6月30日。")).body
    assert body.startswith("【更正】结束时间更正为 6月30日。\n关于2024年清水路道路施工的通告\n")


@every_robot
def test_more_than_twenty_a_minute_are_not_even_tried(kind, a_rig):
    """The platform would shut the robot out; the rest waits until there is room, and then goes."""
    rig = a_rig(kind)
    for number in range(1, 21):
        say(rig, number)
    with pytest.raises(QuotaError, match="每分钟 20 次") as caught:
        say(rig, 21, at=MORNING + timedelta(seconds=20))
    assert caught.value.retry_after == timedelta(seconds=40)
    assert len(rig.far.calls) == 20
    rig.far.now = lambda: MORNING + timedelta(seconds=61)
    say(rig, 21, at=MORNING + timedelta(seconds=61))
    assert len(rig.shown()) == 21


def test_a_robot_that_was_shut_out_is_left_alone_for_ten_minutes(a_rig):
    """Also for the other items of its queue: nothing is sent that would be refused."""
    rig = a_rig("dingtalk")
    rig.mood("busy")
    with pytest.raises(QuotaError, match="被停10分钟"):
        say(rig, 1)
    with pytest.raises(QuotaError):
        say(rig, 2, at=MORNING + timedelta(minutes=9))
    assert len(rig.far.calls) == 0
    rig.mood("fine")
    rig.far.now = lambda: MORNING + timedelta(minutes=10)
    say(rig, 2, at=MORNING + timedelta(minutes=10))
    assert len(rig.shown()) == 1


@every_robot
def test_only_a_person_who_looked_has_it_said_again(kind, a_rig):
    """Until then it stays in doubt, however often a tick comes by."""
    rig = a_rig(kind)
    rig.mood("hangs up before accepting")
    with pytest.raises(AmbiguousError):
        say(rig)
    rig.mood("fine")
    rig.far.now = lambda: MORNING + timedelta(hours=2)
    for _ in range(3):
        with pytest.raises(AmbiguousError, match="请到该渠道查看后登记结果"):
            say(rig, at=MORNING + timedelta(hours=1))
    assert not rig.shown()
    rig.errand("006123456/2024-00001#1:publish@robot").steps.put(AGAIN, (MORNING + timedelta(hours=2)).isoformat())
    assert say(rig, at=MORNING + timedelta(hours=2)).ref == "006123456/2024-00001#1:publish@robot"
    assert len(rig.shown()) == 1


@every_robot
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", [1, 2])
def test_killed_at_any_step_it_never_says_it_twice(kind, step, after, a_rig):
    """And where nothing was sent yet, it still goes out: only the doubtful case is a person's."""
    rig = a_rig(kind)
    steps = Mortal(step, after=after)
    rig._kept["006123456/2024-00001#1:publish@robot"] = steps
    with pytest.raises(Killed):
        say(rig)
    try:
        say(rig)
    except AmbiguousError:
        assert (step, after) in ((1, True), (2, False))
    assert len(rig.shown()) == (0 if (step, after) == (1, True) else 1)


@every_robot
def test_what_was_never_sent_troubles_nobody(kind, a_rig):
    """Killed before the intent was written down, or once the answer was: a look at what is written down tells, without a person."""
    rig = a_rig(kind)
    errand = rig.errand("006123456/2024-00001#1:publish@robot")
    assert rig.channel.find(errand=errand) is None
    posted = say(rig)
    assert rig.channel.find(errand=errand) == posted
    other = rig.errand("006123456/2024-00002#1:publish@robot")
    rig.mood("fails after accepting")
    with pytest.raises(AmbiguousError):
        say(rig, 2)
    with pytest.raises(AmbiguousError, match="请到该渠道查看后登记结果"):
        rig.channel.find(errand=other)


@every_robot
@pytest.mark.parametrize(("said", "error"), [
    ({"errcode": 99999, "errmsg": "who knows"}, AmbiguousError), ({"errmsg": "ok"}, AmbiguousError), ({"errcode": "0"}, None),
    ({"errcode": -1, "errmsg": "system busy"}, AmbiguousError), ([], AmbiguousError)])
def test_an_answer_that_does_not_tell_leaves_it_in_doubt(kind, said, error, a_rig, monkeypatch):
    rig = a_rig(kind)
    monkeypatch.setattr(rig.far, "answer", lambda call: Reply(said=said))
    if error is None:
        say(rig)
    else:
        with pytest.raises(error):
            say(rig)


@every_robot
@pytest.mark.parametrize("mark", ['"', "\\", "字", "a"])
def test_a_text_of_marks_that_take_two_bytes_on_the_wire_still_fits(kind, mark, a_rig, monkeypatch):
    """What the platform counts is what it is sent."""
    rig, bodies = a_rig(kind), []
    answer = rig.far.answer

    def heard(call: Call) -> Reply:
        bodies.append(call.body)
        return answer(call)

    monkeypatch.setattr(rig.far, "answer", heard)
    edition = an_edition(summary=mark * 30_000)
    rig.channel.post(rig.channel.render(edition), errand=rig.errand(f"{edition.index_number}#1:publish@robot"))
    [body] = bodies
    most, least = {"dingtalk": (20_000, 17_990), "wecom": (2048 + 50, 2030)}[kind]  # 50: what stands around the text
    assert least <= len(body) <= most
    assert len(rig.shown()) == 1


def test_signs_as_the_platform_checks():
    assert signed(TOKEN, MORNING) == {"access_token": TOKEN}
    assert signed(f"{TOKEN} {SECRET}", MORNING) == {
        "access_token": TOKEN, "timestamp": "1717205400000", "sign": "IVQIUlIk3zOoMlwAjeH62bkUUng85NnJMAA/b4+zZt0="}


def test_a_clock_that_is_far_off_is_told_as_such(a_rig):
    rig = a_rig("dingtalk")
    with pytest.raises(UnusableError, match="核对本机时间"):
        say(rig, at=MORNING + timedelta(hours=2))


@every_robot
def test_without_its_secret_it_says_which_one(kind, a_rig, monkeypatch):
    rig = a_rig(kind)
    monkeypatch.setattr(type(rig), "secret", lambda self, name: "")
    rig.channel = rig.a_channel()
    with pytest.raises(UnusableError, match=r"WECOM_KEY|DINGTALK"):
        say(rig)
    assert rig.far.calls == []


@pytest.mark.parametrize(("options", "told"), [({}, "key_env is missing"), ({"key_env": "K", "api": "ftp://x"}, "api"), ({"key_env": "K", "kye": 1}, "kye is unknown")])
def test_a_section_that_does_not_hold_is_told_by_channel_and_key(options, told, tmp_path):
    with pytest.raises(ConfigurationError, match=f"'group'.*{told}"):
        WeCom.from_setting(Setting(name="group", office=an_office(), home=tmp_path, options=options))

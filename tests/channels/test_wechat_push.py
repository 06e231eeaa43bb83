"""What the platform says of its own accord: whose word is taken, what is believed of it, and what becomes of an article without it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from channels.base import Call
from channels.errors import AmbiguousError, ConfigurationError, PermanentError, UnsignedError
from channels.sandbox.wechat_events import signed
from channels.wechat_job import PATIENCE
from channels.wechat_push import FRESH, LARGEST, Event, events, signature
from tests.builders import an_edition
from tests.channels.rigs.wechat import MORNING, PUSH_KEY, PUSH_TOKEN, Rig

KEY = "006123456/2024-00017#1:publish@wechat"
MODES = {"plain": {"push_token_env": "PUSH_TOKEN"}, "secure": {"push_token_env": "PUSH_TOKEN", "push_key_env": "PUSH_KEY"}}
LONG = [10, 30, 120, 600, 1800, 7200]
ENDED = b"<xml><Event>PUBLISHJOBFINISH</Event><PublishEventInfo><publish_id>1</publish_id><publish_status>0</publish_status></PublishEventInfo></xml>"


@pytest.fixture(params=MODES)
def rig(request, a_rig) -> Rig:
    made: Rig = a_rig("wechat", **MODES[request.param])
    made.far.switch(callback_token=PUSH_TOKEN, callback_key=PUSH_KEY if request.param == "secure" else "")
    return made


@pytest.fixture
def plain(a_rig) -> Rig:
    made: Rig = a_rig("wechat", **MODES["plain"])
    made.far.switch(callback_token=PUSH_TOKEN)
    return made


def post(rig: Rig, *, key=KEY, at=MORNING, **changes):
    return rig.channel.post(rig.channel.render(an_edition(**changes)), errand=rig.errand(key, at=at))


def submitted(rig: Rig, *, questions=50, **switches) -> None:
    """An article is submitted, and the platform takes its time."""
    rig.far.switch(questions=questions, **switches)
    with pytest.raises(AmbiguousError):
        post(rig)


def finish(rig: Rig) -> None:
    """The platform is done with its jobs."""
    rig.far.state.do("UPDATE jobs SET questions = 0")
    rig.far.state.do("UPDATE articles SET questions = 0")
    rig.far.platform.finish()


def query(at=MORNING, token=PUSH_TOKEN, **more: str) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    return {"timestamp": stamp, "nonce": "17", "signature": signature(token, stamp, "17"), **more}


# ------------------------------------------------------------------------------------------------------- whose word is taken


def test_answers_the_console_s_question_whether_anybody_is_there(rig):
    asked = Call(query={**signed(rig.far.state, MORNING, "17"), "echostr": "5837397576500011341"})
    assert rig.channel.hear(asked, at=MORNING).answer == "5837397576500011341"


@pytest.mark.parametrize("call", [
    pytest.param(Call(query=query(token="guessed"), body=ENDED), id="another token"),
    pytest.param(Call(query={**query(), "nonce": "18"}, body=ENDED), id="another number"),
    pytest.param(Call(query={}, body=ENDED), id="no signature"),
    pytest.param(Call(query={**query(), "signature": "é"}, body=ENDED), id="a signature of odd signs"),
    pytest.param(Call(query=query(MORNING - FRESH - timedelta(seconds=1)), body=ENDED), id="overheard earlier"),
    pytest.param(Call(query=query(MORNING + FRESH + timedelta(seconds=1)), body=ENDED), id="from the future"),
    pytest.param(Call(query=query(token="guessed", echostr="x")), id="a question with another token"),
    pytest.param(Call(query=query(), body=b""), id="empty"),
    pytest.param(Call(query=query(), body=b"<xml>" + b" " * LARGEST + b"</xml>"), id="endless"),
    pytest.param(Call(query=query(), body=b"{}"), id="no XML"),
    pytest.param(Call(query=query(), body=b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><xml><Event>&e;</Event></xml>'), id="entities"),
    pytest.param(Call(query=query(), body=ENDED.replace(b"<publish_id>1</publish_id>", b"")), id="without the job's number"),
    pytest.param(Call(query=query(), body=ENDED.replace(b"status>0<", b"status>done<")), id="without a status"),
])
def test_refuses_what_the_platform_did_not_say(plain, call):
    with pytest.raises(UnsignedError):
        plain.channel.hear(call, at=MORNING)


@pytest.mark.parametrize("change", [
    pytest.param(lambda query, body: (query, ENDED), id="plain words in secure mode"),
    pytest.param(lambda query, body: ({**query, "msg_signature": query["signature"]}, body), id="another signature"),
    pytest.param(lambda query, body: (query, body.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[AAAA")), id="words changed on the way"),
])
def test_in_secure_mode_the_words_are_signed_too(a_rig, change):
    rig: Rig = a_rig("wechat", **MODES["secure"])
    submitted(rig, callback_token=PUSH_TOKEN, callback_key=PUSH_KEY)
    finish(rig)
    [push] = rig.far.pushes()
    changed, body = change(push.query, push.body)
    with pytest.raises(UnsignedError):
        rig.channel.hear(Call(query=changed, body=body), at=MORNING)
    assert rig.channel.hear(Call(query=push.query, body=push.body), at=MORNING).news


def test_what_is_sealed_for_another_account_or_with_another_key_is_refused(a_rig):
    rig: Rig = a_rig("wechat", **MODES["secure"])
    submitted(rig, callback_token=PUSH_TOKEN, callback_key=PUSH_KEY)
    finish(rig)
    rig.far.state.keep("app id", "wx_of_somebody_else")
    rig.far.switch(events="twice")
    first, _ = rig.far.pushes()
    with pytest.raises(UnsignedError, match="another account"):
        rig.channel.hear(Call(query=first.query, body=first.body), at=MORNING)
    rig.far.switch(callback_key="A" * 43)
    rig.far.state.do("UPDATE events SET told = 0")
    other, _ = rig.far.pushes()
    with pytest.raises(UnsignedError):
        rig.channel.hear(Call(query=other.query, body=other.body), at=MORNING)


def test_nobody_listens_where_nothing_was_set_up(a_rig):
    deaf: Rig = a_rig("wechat")
    assert not deaf.channel.listens
    with pytest.raises(UnsignedError, match="push_token_env"):
        deaf.channel.hear(Call(query=query(), body=ENDED), at=MORNING)
    unset: Rig = a_rig("wechat", push_token_env="NOT_SET", push_key_env="NOT_SET")
    with pytest.raises(UnsignedError, match="no token is set"):
        unset.channel.hear(Call(query=query(token=""), body=ENDED), at=MORNING)


def test_a_key_that_is_named_and_not_set_does_not_open_the_door(a_rig):
    """Secure mode never falls back to plain words."""
    rig: Rig = a_rig("wechat", push_token_env="PUSH_TOKEN", push_key_env="NOT_SET")
    with pytest.raises(UnsignedError):
        rig.channel.hear(Call(query=query(), body=ENDED), at=MORNING)


def test_a_key_without_a_token_is_a_wrong_setting(a_rig):
    with pytest.raises(ConfigurationError, match=r"'wechat'.*push_key_env.*push_token_env"):
        a_rig("wechat", push_key_env="PUSH_KEY")


def test_other_events_are_acknowledged_and_dropped(plain):
    heard = plain.channel.hear(Call(query=query(), body=b"<xml><MsgType>event</MsgType><Event>subscribe</Event></xml>"), at=MORNING)
    assert (heard.answer, heard.news) == ("success", None)


# -------------------------------------------------------------------------------------------------------- what is believed


def test_a_job_that_the_platform_says_is_done_is_settled_without_another_question(rig):
    submitted(rig)
    finish(rig)
    asked = rig.far.calls("freepublish/get")
    rig.hear(KEY)
    found = rig.channel.find(errand=rig.errand(KEY))
    assert found.live
    assert found.url == f"{rig.far.url}/s/{found.ref}"
    assert (rig.far.calls("freepublish/get"), rig.far.calls("freepublish/getarticle")) == (asked, 1)
    assert rig.channel.find(errand=rig.errand(KEY)) == found
    assert rig.far.calls("freepublish/getarticle") == 1


def test_an_article_whose_job_was_never_learnt_is_found_by_its_mark(plain):
    """The process ended before the number was written down, and the list of articles is late."""
    plain.far.switch(lag=1000, questions=50)
    plain.far.mood("hangs up after accepting", "freepublish/submit", times=1)
    with pytest.raises(AmbiguousError):
        post(plain)
    plain.far.state.do("UPDATE jobs SET questions = 0")
    plain.far.platform.finish()
    plain.hear(KEY)
    assert plain.channel.find(errand=plain.errand(KEY)).live
    assert (plain.far.calls("freepublish/batchget"), len(plain.shown())) == (0, 1)


@pytest.mark.parametrize("status", [2, 3, 4])
def test_a_failure_that_is_told_is_confirmed_by_one_question(plain, status):
    submitted(plain, verdict=status)
    finish(plain)
    asked = plain.far.calls("freepublish/get")
    plain.hear(KEY)
    with pytest.raises(PermanentError, match="微信没有发布这篇文章"):
        plain.channel.find(errand=plain.errand(KEY))
    assert plain.far.calls("freepublish/get") == asked + 1


@pytest.mark.parametrize("lie", [
    Event(publish_id="JOB", status=0, article_id="no such article"), Event(publish_id="JOB", status=0, article_id="ANOTHER"),
    Event(publish_id="JOB", status=0), Event(publish_id="JOB", status=4)], ids=["nothing", "another article", "no article", "failed"])
def test_news_are_looked_into_once_and_not_believed(a_rig, lie):
    """In plain mode whoever overhears one call can say anything for five minutes."""
    rig: Rig = a_rig("wechat", push_token_env="PUSH_TOKEN", polls=LONG)
    other = "006123456/2024-00018#1:publish@wechat"
    another = post(rig, key=other, index_number="006123456/2024-00018")
    submitted(rig, questions=1000)
    job = rig.errand(KEY).steps.get("publish_id")
    rig.keep_news(KEY, json.dumps({"publish_id": job, "status": lie.status, "article_id": lie.article_id.replace("ANOTHER", another.ref)}))
    asked = rig.far.calls()
    for _ in range(3):
        with pytest.raises(AmbiguousError, match="仍在发布"):
            rig.channel.find(errand=rig.errand(KEY))
    assert rig.far.calls() == asked + 1
    assert len(rig.shown()) == 1


@pytest.mark.parametrize("how", ["once", "lost", "twice", "reversed"])
@pytest.mark.parametrize("removed", ["submit", "finish"])
@pytest.mark.parametrize("second", ["ok", "error", "again"])
@pytest.mark.parametrize("learnt", [True, False], ids=["job known", "answer lost"])
def test_however_events_come_each_article_appears_once(a_rig, how, removed, second, learnt):
    rig: Rig = a_rig("wechat", push_token_env="PUSH_TOKEN")
    rig.far.switch(events=how, draft_removed=removed, second_submit=second, questions=3, callback_token=PUSH_TOKEN)
    keys = [f"006123456/2024-0001{n}#1:publish@wechat" for n in (7, 8)]
    for key in keys:
        if not learnt:
            rig.far.mood("hangs up after accepting", "freepublish/submit", times=1)
        with pytest.raises(AmbiguousError):
            post(rig, key=key, index_number=key.partition("#")[0])
    finish(rig)
    for push in rig.far.pushes():
        heard = rig.channel.hear(Call(query=push.query, body=push.body), at=MORNING)
        assert heard.news
        for key in keys:  # as the ledger does where nobody knows the job's number; more than is meant must do no harm
            rig.keep_news(key, heard.news.word)
    found = [rig.channel.find(errand=rig.errand(key, at=MORNING + timedelta(minutes=5))) for key in keys]
    assert all(one and one.live for one in found)
    assert len({one.ref for one in found if one}) == len(rig.shown()) == 2
    assert rig.far.calls("freepublish/submit") == 2


def test_keeps_news_in_the_order_in_which_they_came(plain):
    assert events(json.dumps([json.dumps({"publish_id": "2", "status": 1, "article_id": ""})])) == [Event(publish_id="2", status=1)]
    assert events("") == []


# ------------------------------------------------------------------------------------------------------------ without news


def test_asks_six_times_at_growing_distances_and_then_reads_the_list(a_rig):
    """A hundred questions a day for the whole account; a settle every half hour, and one by a person in between, spend none too many."""
    rig: Rig = a_rig("wechat", polls=LONG)
    rig.far.switch(questions=1000)
    with pytest.raises(AmbiguousError, match="仍在发布"):
        post(rig)
    assert rig.far.calls("freepublish/get") == len([second for second in LONG if second <= PATIENCE])
    asked = []
    for minute in range(1, 12 * 60):
        before = rig.far.calls("freepublish/get")
        with pytest.raises(AmbiguousError):
            rig.channel.find(errand=rig.errand(KEY, at=MORNING + timedelta(minutes=minute)))
        if rig.far.calls("freepublish/get") > before:
            asked.append(minute)
    assert asked == [2, 10, 30, 120]
    assert (rig.far.calls("freepublish/get"), rig.far.calls("freepublish/batchget")) == (6, 5)
    finish(rig)
    with pytest.raises(AmbiguousError, match="以后再询问"):
        rig.channel.find(errand=rig.errand(KEY, at=MORNING + timedelta(hours=12)))
    assert rig.channel.find(errand=rig.errand(KEY, at=MORNING + timedelta(hours=13))).live


def test_a_tick_does_not_wait_for_later_questions(a_rig):
    rig: Rig = a_rig("wechat", polls=LONG)
    rig.far.switch(questions=1000)
    for _ in range(2):  # called again, it asks no question twice
        with pytest.raises(AmbiguousError):
            post(rig)
    assert rig.waits == [10, 20]

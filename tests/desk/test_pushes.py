"""A platform tells the desk how an article fared: it is kept, and the next tick looks. Whoever cannot sign is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from channels.house import open_house
from channels.sandbox.wechat import Sandbox
from channels.sandbox.wechat_events import Push, signed
from flows import tick
from ledger import queries
from ledger.models import Delivery, Event, Step
from tests.desk.spread import out, wall
from tests.desk.stage import Stage, stranger
from tests.desk.test_serve import desk_command, served
from tests.flows.stage import CODE, far_side

pytestmark = pytest.mark.ledger
TOKEN = "push-token-of-the-stage"
DOOR = f"/push/{CODE}/wechat/"


@contextmanager
def with_platform(desk: Stage, **switches: Any) -> Iterator[tuple[Stage, Sandbox]]:
    """The desk with its account on a practice platform that is slow to publish and says when it is done."""
    with far_side(desk.home) as far:
        far.switch(questions=1000, callback_token=TOKEN, **switches)
        toml = desk.home / "gongkai.toml"
        told = f'api = "{far.url}"\npush_token_env = "GONGKAI_TEST_PUSH"'
        toml.write_text(toml.read_text(encoding="utf-8").replace('api = "http://127.0.0.1:9"', told), encoding="utf-8")
        yield replace(desk, hand=open_house(desk.home).desk(CODE)), far


@pytest.fixture
def stage(desk: Stage, monkeypatch) -> Iterator[tuple[Stage, Sandbox]]:
    monkeypatch.setenv("GONGKAI_TEST_PUSH", TOKEN)
    with with_platform(desk) as made:
        yield made


@pytest.fixture
def stage_sqlite(desk_sqlite: Stage, monkeypatch) -> Iterator[tuple[Stage, Sandbox]]:
    monkeypatch.setenv("GONGKAI_TEST_PUSH", TOKEN)
    with with_platform(desk_sqlite) as made:
        yield made


def submitted(desk: Stage, far: Sandbox, serial: int = 1) -> int:
    """An article that the platform has taken and not published yet; its delivery."""
    out(desk, channels=("wechat",), serial=serial)
    tick.run_outlet(desk.hand, "wechat", clock=wall)
    pk: int = Delivery.objects.latest("pk").pk
    assert status(pk) == "unconfirmed"
    assert far.calls("freepublish/submit")
    return pk


def finish(far: Sandbox) -> None:
    far.state.do("UPDATE jobs SET questions = 0")
    far.platform.finish()


def status(delivery: int) -> str:
    return str(Delivery.objects.values_list("status", flat=True).get(pk=delivery))


def call(push: Push, door: str = DOOR) -> tuple[int, str]:
    """The platform calls; its own browser has no cookie and no mark of ours."""
    answer = stranger(enforce_csrf_checks=True).post(f"{door}?{urlencode(push.query)}", push.body, content_type="text/xml")
    return answer.status_code, answer.content.decode()


def test_the_next_tick_settles_what_the_platform_says_is_done(stage) -> None:
    """Not one question more is spent on it, and nobody waits for the settle flow."""
    desk, far = stage
    delivery = submitted(desk, far)
    asked = far.calls("freepublish/get")
    finish(far)
    [push] = far.pushes()
    assert call(push) == (200, "success")
    assert tick.to_post(desk.hand, "wechat", clock=wall)
    tick.run_outlet(desk.hand, "wechat", clock=wall)
    assert status(delivery) == "posted"
    assert (far.calls("freepublish/get"), len(far.articles())) == (asked, 1)
    line = queries.delivery_line(delivery_id=delivery)
    assert line is not None
    assert line.posting is not None
    assert line.posting.url == f"{far.url}/s/{far.articles()[0]['article_id']}"


def test_what_is_said_again_changes_nothing(stage) -> None:
    desk, far = stage
    delivery = submitted(desk, far)
    finish(far)
    far.switch(events="twice")
    for push in far.pushes():
        assert call(push) == (200, "success")
    assert Event.objects.filter(verb="asked to look").count() == 1
    assert Step.objects.get(delivery=delivery, name="heard").value.count("publish_id") == 1
    tick.run_outlet(desk.hand, "wechat", clock=wall)
    assert call(push) == (200, "success"), "news of what is settled are acknowledged, or the platform would repeat them"
    assert Event.objects.filter(verb="asked to look").count() == 1
    assert status(delivery) == "posted"


def test_an_article_whose_job_nobody_wrote_down_is_found_by_what_the_platform_says(stage) -> None:
    """The answer to the submit was lost; of two articles in doubt each finds its own."""
    desk, far = stage
    deliveries = []
    for serial in (1, 2):
        far.mood("hangs up after accepting", "freepublish/submit", times=1)
        deliveries.append(submitted(desk, far, serial))
    far.switch(lag=1000)
    finish(far)
    for push in far.pushes():
        assert call(push) == (200, "success")
    tick.run_outlet(desk.hand, "wechat", clock=wall)
    assert [status(one) for one in deliveries] == ["posted", "posted"]
    assert (len(far.articles()), far.calls("freepublish/submit"), far.calls("freepublish/batchget")) == (2, 2, 0)


def test_news_go_to_the_delivery_they_are_about_and_to_no_other(stage) -> None:
    desk, far = stage
    first = submitted(desk, far, 1)
    second = submitted(desk, far, 2)
    far.state.do("UPDATE jobs SET questions = 0 WHERE n = 2")
    far.platform.finish()
    [push] = far.pushes()
    assert call(push) == (200, "success")
    assert [Step.objects.filter(delivery=one, name="heard").exists() for one in (first, second)] == [False, True]


def test_the_console_s_question_is_answered(stage_sqlite) -> None:
    _, far = stage_sqlite
    query = {**signed(far.state, wall(), "17"), "echostr": "2871620"}
    answer = stranger().get(f"{DOOR}?{urlencode(query)}")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"2871620", "text/plain; charset=utf-8")


@pytest.mark.parametrize("change", [{"signature": "0" * 40}, {"timestamp": "1717205400"}, {"nonce": "another"}])
def test_a_call_that_is_not_the_platform_s_is_refused_and_nothing_is_kept(stage_sqlite, change, caplog) -> None:
    desk, far = stage_sqlite
    submitted(desk, far)
    finish(far)
    [push] = far.pushes()
    assert call(Push(query={**push.query, **change}, body=push.body)) == (403, "")
    assert call(push, f"/push/{CODE}/website/") == call(push, "/push/elsewhere/wechat/") == (403, "")
    assert not Step.objects.filter(name="heard").exists()
    assert not tick.to_post(desk.hand, "wechat", clock=wall)
    assert "refused a call to /push/qingshui/wechat/" in caplog.text
    assert TOKEN not in caplog.text
    assert "signature=" not in caplog.text


@pytest.mark.server
def test_the_platform_tells_an_open_desk_by_itself(stage_sqlite) -> None:
    """Over the line: the platform calls as soon as the job is done, and reads `success`."""
    desk, far = stage_sqlite
    assert desk_command(desk.home, "prepare").returncode == 0
    delivery = submitted(desk, far)
    with served(desk.home, GONGKAI_TEST_PUSH=TOKEN) as (address, _):
        far.switch(callback=f"{address.rstrip('/')}{DOOR}")
        finish(far)
        assert far.tell() == 1
        assert requests.post(f"{address.rstrip('/')}{DOOR}", data=b"<xml/>", timeout=30).status_code == 403
    tick.run_outlet(desk.hand, "wechat", clock=wall)
    assert status(delivery) == "posted"

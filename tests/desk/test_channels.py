"""The page of channels: how each does, and the switch; and what today says of what needs mending."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from desk.roles import Role
from ledger import queries, services
from ledger.models import Breaker, Office
from tests.desk.approvals import drafted, words
from tests.desk.stage import NAMES, Stage
from tests.flows.stage import CODE

pytestmark = pytest.mark.ledger
PAGE, SWITCH, TODAY = "/qingshui/channels/", "/qingshui/channels/switch/", "/qingshui/today/"
OPERATOR = NAMES[Role.OPERATOR]


def now() -> datetime:
    return datetime.now(UTC)


def page(desk: Stage, role: Role = Role.OPERATOR, path: str = PAGE) -> str:
    answer = desk.browser(role).get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def switch(desk: Stage, role: Role = Role.OPERATOR, **typed: str):
    """Press a button; the answer after it."""
    return desk.browser(role).post(SWITCH, typed, follow=True)


def paused() -> list[tuple[str, str, str, str]]:
    return [(one.channel, one.index_number, one.by, one.reason) for one in queries.pauses(office=CODE)]


def test_an_operator_pauses_and_resumes_and_everybody_reads_who_and_why(desk: Stage) -> None:
    said = switch(desk, do="pause", what="channel:wechat", reason="公众号迁移").content.decode()
    assert "已暂停：恢复之前，系统不会继续。" in said
    assert paused() == [("wechat", "", OPERATOR, "公众号迁移")]
    read = page(desk, Role.DISTRICT)
    assert "公众号迁移" in read
    assert OPERATOR in read
    assert 'value="resume"' not in read
    assert "已恢复" in switch(desk, do="resume", what="channel:wechat", reason="迁移完成").content.decode()
    assert paused() == []


def test_everything_and_an_item_are_paused_by_their_own_choice(desk_sqlite: Stage) -> None:
    edition = drafted(desk_sqlite, words(desk_sqlite, title="值班安排"))
    number = queries.edition_in_hand(edition_id=edition).edition.index_number
    switch(desk_sqlite, do="pause", what="all", item=number, reason="等通知")
    switch(desk_sqlite, do="pause", what="item", item=number, reason="表格有误")
    assert paused() == [("", "", OPERATOR, "等通知"), ("", number, OPERATOR, "表格有误")]
    text = page(desk_sqlite)
    assert "全部渠道和全部信息" in text
    assert "值班安排" in text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_nobody_but_an_operator_presses_the_switch(desk_sqlite: Stage, role: Role) -> None:
    assert switch(desk_sqlite, role, do="pause", what="all", reason="试试").status_code == 403
    assert paused() == []


@pytest.mark.parametrize(("typed", "said"), [
    ({"what": "all", "reason": "  "}, "请写明理由：为什么暂停"),
    ({"what": "item", "item": "", "reason": "错"}, "请选择暂停什么"),
    ({"what": "", "reason": "错"}, "请选择暂停什么"),
    ({"what": "item", "item": "1/2", "reason": "错"}, "没有找到“1/2”"),
    ({"what": "channel:fax", "reason": "错"}, "没有找到“fax”"),
])
def test_what_cannot_be_done_is_said_and_what_was_typed_stays(desk_sqlite: Stage, typed: dict[str, str], said: str) -> None:
    """Nothing chosen never means everything."""
    answer = desk_sqlite.browser(Role.OPERATOR).post(SWITCH, {"do": "pause", **typed})
    assert (answer.status_code, said in answer.content.decode(), paused()) == (422, True, [])
    assert f">{typed['reason'].strip()}</textarea>" in answer.content.decode()


def test_who_comes_second_reads_who_was_first(desk_sqlite: Stage) -> None:
    services.pause(office=CODE, by="钱运维", at=now(), reason="迁移", channel="wechat")
    assert "钱运维在" in switch(desk_sqlite, do="pause", what="channel:wechat", reason="迁移").content.decode()
    switch(desk_sqlite, do="resume", what="channel:wechat", reason="好了")
    assert "现在没有暂停" in switch(desk_sqlite, do="resume", what="channel:wechat", reason="好了").content.decode()


def test_an_unknown_deed_is_no_address(desk_sqlite: Stage) -> None:
    assert switch(desk_sqlite, do="explode", what="all", reason="?").status_code == 404


def ill() -> None:
    """WeChat: refused this morning, nine days left, and at rest."""
    services.keep_probe(office=CODE, channel="wechat", at=now(), well=True, line="good", until=now() + timedelta(days=9, hours=1))
    services.keep_probe(office=CODE, channel="wechat", at=now(), well=False, line="出口地址不在白名单（40164）")
    Breaker.objects.create(office=Office.objects.get(code=CODE), channel="wechat", failures=6, opened_at=now(),
                           rests_until=now() + timedelta(minutes=9), detail="连接不上 api.weixin.qq.com")


@pytest.mark.parametrize("path", [PAGE, TODAY])
def test_what_needs_mending_stands_on_the_page_of_channels_and_on_today(desk: Stage, path: str) -> None:
    ill()
    services.pause(office=CODE, by=OPERATOR, at=now(), reason="打印机缺墨", channel="board")
    text = " ".join(page(desk, path=path).split())
    for said in ("熔断", "连接不上 api.weixin.qq.com", "探测未通过", "出口地址不在白名单（40164）", "9 天", "已暂停", "打印机缺墨"):
        assert said in text, said


def test_where_all_is_well_today_says_nothing_of_it(desk_sqlite: Stage) -> None:
    services.keep_probe(office=CODE, channel="wechat", at=now(), well=True, line="good", until=now() + timedelta(days=15))
    text = page(desk_sqlite, path=TODAY)
    assert "<strong>0</strong> 渠道待修复" in text
    assert 'id="mending"' not in text
    assert "正常" in page(desk_sqlite)


def test_the_page_reads_in_english_too(desk_sqlite: Stage) -> None:
    """All but what the channel itself said, and the names of kinds, which are the public's."""
    ill()
    browser = desk_sqlite.browser(Role.OPERATOR)
    browser.post("/language/", {"language": "en", "next": PAGE})
    text = browser.get(PAGE).content.decode()
    theirs = ("出口地址不在白名单", "连接不上", *(desk_sqlite.hand.channel(name).label for name in desk_sqlite.hand.sections))
    main = re.sub("|".join([r"<[^>]+>", *theirs]), " ", text.partition("<main")[2].partition("</main>")[0])
    assert "How the channels are doing" in main
    assert not re.findall("[\u4e00-\u9fff]+", main)

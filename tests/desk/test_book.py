"""The book: what a search finds, what an item's page tells of its life, and what a file of it holds."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from django.http import StreamingHttpResponse
from hypothesis import given
from hypothesis import strategies as st

from desk.exporting import FORMULA, harmless
from desk.roles import Role
from ledger import queries, services
from tests.desk.approvals import drafted, reviewed, words
from tests.desk.spread import DOUBT, corrected, hang, out, printed, tried, wall
from tests.desk.stage import NAMES, Stage

pytestmark = pytest.mark.ledger


def page(desk: Stage, path: str = "", role: Role = Role.REPORTER, *, live: bool = False) -> str:
    answer = desk.browser(role).get(f"/qingshui/book/{path}", headers={"hx-request": "true"} if live else {})
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def item_of(index_number: str) -> int:
    known = queries.find_item(index_number=index_number)
    assert known is not None
    return known.item_id


def test_two_characters_of_a_body_find_the_item(desk: Stage) -> None:
    """Chinese has no blanks, and its commonest words are that short."""
    out(desk, serial=1, title="关于停水的通知", body="<p>因管网检修，清水路停水。</p>")
    drafted(desk, words(desk, 2, title="关于停电的通知", body="<p>因线路检修，平安路停电。</p>"))
    assert "关于停水的通知" in page(desk, "?words=管网")
    assert "关于停电的通知" not in page(desk, "?words=管网")
    both = page(desk, "?words=检修")
    assert both.index("关于停电的通知") < both.index("关于停水的通知"), "the newest first"
    assert "没有找到" in page(desk, "?words=检修+绿化")


def test_facts_narrow_a_search(desk_sqlite: Stage) -> None:
    out(desk_sqlite, serial=1, title="关于停水的通知")
    drafted(desk_sqlite, words(desk_sqlite, 2, title="关于停电的通知", column="dongtai"), channels=("website", "wechat"))
    for asked, found, lost in (("state=draft", "停电", "停水"), ("state=released", "停水", "停电"), ("column=dongtai", "停电", "停水"),
                               ("channel=wechat", "停电", "停水"), ("since=2024-05-01&until=2024-05-31", "停电", "停水"),
                               ("words=2024-00001", "停水", "停电")):
        text = page(desk_sqlite, f"?{asked}")
        assert found in text, asked
        assert lost not in text, asked


def test_a_search_that_cannot_be_made_says_why(desk_sqlite: Stage) -> None:
    assert "“到”不能早于“从”" in page(desk_sqlite, "?since=2024-06-02&until=2024-06-01")
    assert "输入一个有效的日期" in page(desk_sqlite, "?since=2024-13-45")
    assert "全部信息" in page(desk_sqlite, "?after=%EF%BC%91&words=")


@pytest.mark.parametrize("path", ["?words=%00", "?since=0001-01-01", "?until=9999-12-31", "?state=nosuch", "?after=" + "9" * 40, "?words=" + "长" * 300])
def test_a_search_that_nobody_types_is_answered_all_the_same(desk: Stage, path: str) -> None:
    """What a program tries: a page, and no fault of ours."""
    assert "<h1>台账</h1>" in page(desk, path)


@pytest.mark.parametrize("path", ["book/item/" + "9" * 30 + "/", "book/number/%00/", "board/sheet/%00/", "book/item/1/" + "9" * 30 + "/"])
def test_an_address_that_nobody_types_leads_nowhere(desk: Stage, path: str) -> None:
    assert desk.browser(Role.CLERK).get(f"/qingshui/{path}").status_code == 404


def test_older_ones_are_a_page_further(desk_sqlite: Stage) -> None:
    for serial in range(1, 23):
        drafted(desk_sqlite, words(desk_sqlite, serial, title=f"第{serial:02d}号通知"))
    text = page(desk_sqlite, "?words=通知")
    assert "第22号通知" in text
    assert "第03号通知" in text
    assert "第02号通知" not in text
    older = text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert older.startswith("?words=")
    rest = page(desk_sqlite, older)
    assert "第02号通知" in rest
    assert "第03号通知" not in rest
    assert "回到最新" in rest


def test_while_somebody_types_only_the_list_comes(desk_sqlite: Stage) -> None:
    drafted(desk_sqlite)
    part = page(desk_sqlite, "?words=汛期", live=True)
    assert part.lstrip().startswith('<section id="found"')
    assert "关于做好汛期安全工作的通知" in part
    assert "<html" not in part


def test_the_page_of_an_item_tells_its_whole_life(desk: Stage) -> None:
    number = printed(desk)
    hang(desk, number)
    corrected(desk, number)
    index_number = number.rpartition("-")[0]
    text = page(desk, f"item/{item_of(index_number)}/")
    for fact in (NAMES[Role.CLERK], NAMES[Role.REVIEWER], NAMES[Role.SIGNER], "审查通过", "签发", "起草更正", "更正值守时间。", number, "已更正",
                 "已公开", "封签", "张贴", "每一次尝试", "公众看到的"):
        assert fact in text, fact
    assert text.index("第 2 版") < text.index("第 1 版")


def test_an_old_wording_can_be_read_and_compared(desk_sqlite: Stage) -> None:
    number = printed(desk_sqlite)
    corrected(desk_sqlite, number)
    item = item_of(number.rpartition("-")[0])
    first, second = page(desk_sqlite, f"item/{item}/1/"), page(desk_sqlite, f"item/{item}/2/")
    assert "请各社区加强值守" in first
    assert "比较" not in first
    assert "请各社区切实加强值守" in second
    assert "与上一版比较" in second
    assert "<ins>" in second
    assert desk_sqlite.browser(Role.CLERK).get(f"/qingshui/book/item/{item}/3/").status_code == 404


def test_what_is_in_doubt_and_what_was_withdrawn_stand_there(desk_sqlite: Stage) -> None:
    delivery = tried(desk_sqlite, DOUBT)
    line = queries.delivery_line(delivery_id=delivery)
    assert line is not None
    services.withdraw(index_number=line.index_number, by=NAMES[Role.SIGNER], at=wall(), reason="数据有误，另行公布")
    text = page(desk_sqlite, f"item/{item_of(line.index_number)}/", Role.OPERATOR)
    for fact in ("已撤回", "数据有误，另行公布", "待核实", "连接中断", f"/qingshui/deliveries/{delivery}/"):
        assert fact in text, fact


def test_an_index_number_leads_to_its_item(desk_sqlite: Stage) -> None:
    drafted(desk_sqlite)
    clerk = desk_sqlite.browser(Role.CLERK)
    answer = clerk.get("/qingshui/book/number/006123456/2024-00001/")
    assert answer["Location"] == f"/qingshui/book/item/{item_of('006123456/2024-00001')}/"
    assert clerk.get("/qingshui/book/number/006123456/2024-00099/").status_code == 404


def exported(desk: Stage, path: str) -> tuple[Any, str]:
    answer = desk.browser(Role.REPORTER).get(f"/qingshui/book/export/{path}")
    assert answer.status_code == 200
    parts = cast("Iterator[bytes]", cast("StreamingHttpResponse", answer).streaming_content)
    return answer, b"".join(parts).decode()


def test_a_spreadsheet_reads_the_export_and_reckons_with_nothing_in_it(desk: Stage) -> None:
    out(desk, serial=1, title="关于停水的通知")
    drafted(desk, words(desk, 2, title='=HYPERLINK("https://evil.example","点我")'))
    answer, text = exported(desk, "?form=csv")
    assert text.startswith("\ufeff索引号,标题,")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row[1] for row in rows[1:]] == ['\'=HYPERLINK("https://evil.example","点我")', "关于停水的通知"]
    assert rows[2][3:6] == ["通知公告", "工作信息", "已公开"]
    assert rows[2][8] == "门户网站、订阅源" or "、" in rows[2][8]


def test_a_program_reads_the_other_one(desk_sqlite: Stage) -> None:
    """As wide as the search: an export holds what was found."""
    reviewed(desk_sqlite, words(desk_sqlite, 1, title="关于停水的通知"))
    drafted(desk_sqlite, words(desk_sqlite, 2, title="关于停电的通知"))
    _, text = exported(desk_sqlite, "?form=jsonl&words=停水")
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["title"] for line in lines] == ["关于停水的通知"]
    assert lines[0]["state"] == "reviewed"
    assert desk_sqlite.browser(Role.REPORTER).get("/qingshui/book/export/?form=exe").status_code == 404


@given(st.text())
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(FORMULA)
    assert cell.endswith(text)


def test_nobody_reads_another_offices_item(desk_sqlite: Stage) -> None:
    """An item is found by its number in the ledger, and numbers can be guessed."""
    drafted(desk_sqlite)
    assert desk_sqlite.browser(Role.CLERK).get("/qingshui/book/item/999999/").status_code == 404


def test_only_who_may_is_offered_correction_and_withdrawal(desk_sqlite: Stage) -> None:
    item = item_of(out(desk_sqlite))
    assert "起草更正" in page(desk_sqlite, f"item/{item}/", Role.CLERK)
    assert f"/qingshui/write/withdraw/{item}/" in page(desk_sqlite, f"item/{item}/", Role.SIGNER)
    assert f"/qingshui/write/correct/{item}/" not in page(desk_sqlite, f"item/{item}/", Role.REPORTER)

"""How far a report has come, as the overview tells it: a draft, final, and the item that it goes out as."""

from __future__ import annotations

import pytest

from desk.roles import Role
from tests.desk import annual
from tests.desk.approvals import page
from tests.desk.stage import Stage
from tests.flows.stage import CODE

pytestmark = pytest.mark.ledger


def told(desk: Stage) -> str:
    """What the overview says of the year's report."""
    html = page(desk.browser(Role.CLERK), f"/{CODE}/reports/?year={annual.year()}")
    return html.partition('id="yearly"')[2].partition("</section>")[0]


def test_a_report_is_a_draft_then_final_then_an_item(desk):
    annual.a_year(desk)
    assert ">草稿<" in told(desk)
    annual.freeze(desk.browser(Role.REPORTER))
    final = told(desk)
    assert ">已定稿<" in final
    assert "郑统计" in final
    assert "还没有转为信息" in final
    annual.hand_over(desk.browser(Role.CLERK))
    handed = told(desk)
    assert "还没有转为信息" not in handed
    assert '<span class="tag draft">起草</span>' in handed
    assert f'href="/{CODE}/book/item/' in handed


def test_the_report_is_shown_as_its_total_was_asked_to_be_counted(desk_sqlite):
    """The plain sum is said to be one, on the report and on each number that it leads to."""
    annual.a_year(desk_sqlite)
    client = desk_sqlite.browser(Role.REPORTER)
    html = page(client, f"{annual.address()}?counting=sum")
    assert "各渠道公开数相加" in html
    assert f'href="{annual.address("cell", "items", "")}?counting=sum"' in html
    assert "各渠道公开数相加" in page(client, f"{annual.address('cell', 'items', '')}?counting=sum")
    assert client.get(f"{annual.address()}?counting=nosuch").status_code == 404


def test_what_was_handed_in_stands_though_somebody_wrote_into_its_days_since(desk):
    """An item released with an earlier date after the freeze: the number stays, and the row says that it was not there."""
    annual.a_year(desk)
    client = desk.browser(Role.REPORTER)
    annual.freeze(client)
    annual.publish(desk, "补登的通知", month=12)
    cell = annual.address("cell", "items", "")
    assert f'href="{cell}">3</a>' in page(client, annual.address())
    html = page(client, cell)
    assert "<strong>3</strong>" in html
    assert html.count("定稿时没有") == 1
    assert "定稿时没有" in html.partition("补登的通知</a>")[2][:80]
    now = page(client, f"{cell}?now=1")
    assert "<strong>4</strong>" in now
    assert "定稿时没有" not in now

"""Today: what waits, a section a role, and calm where nothing does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.deliveries import Status
from content.workdays import cutoff
from desk import clock
from desk.models import Membership
from desk.roles import Role
from ledger import services
from ledger.models import Delivery
from tests.desk.approvals import MORNING, REVIEWER, TITLE, drafted, page, released, reviewed, signed, submitted, words

pytestmark = pytest.mark.ledger
TODAY = "/qingshui/today/"
NOW = datetime(2024, 6, 28, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _june(monkeypatch):
    """A Friday at the end of June: the stage's items are of its beginning."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_nothing_waits_and_the_page_is_calm(desk_sqlite):
    """A new office: nothing to do, and the page says so."""
    html = page(desk_sqlite.browser(Role.REVIEWER), TODAY)
    assert "现在没有等您办理的事" in html
    assert "<strong>0</strong> 待我审查" in html


def test_a_returned_draft_stands_first_with_its_reason(desk):
    """What came back is to be mended: by whom it was returned, and why."""
    number = submitted(desk)
    services.return_to_drafter(edition_id=number, by=REVIEWER, at=MORNING, reason="电话请核对")
    drafted(desk, words(desk, 2, title="另一件草稿"))
    html = page(desk.browser(Role.CLERK), TODAY)
    assert html.index("退回给我 <span") < html.index("我的草稿 <span")
    assert "林审查 退回</span> 电话请核对" in html
    assert f'href="/qingshui/write/{number}/"' in html
    assert "另一件草稿" in html


def test_each_role_sees_its_own_work(desk):
    """One item in review, one reviewed: the reviewer sees the one, the signer the other."""
    one = submitted(desk, words(desk, 1, title="在审查的"))
    other = reviewed(desk, words(desk, 2, title="待签发的"))
    review, sign = page(desk.browser(Role.REVIEWER), TODAY), page(desk.browser(Role.SIGNER), TODAY)
    assert f'href="/qingshui/reviews/{one}/"' in review
    assert "待签发的" not in review
    assert f'href="/qingshui/signatures/{other}/"' in sign


def test_a_person_with_two_roles_sees_both_sections(desk_sqlite):
    """One under another, on one page."""
    submitted(desk_sqlite, words(desk_sqlite, 1, title="在审查的"))
    drafted(desk_sqlite, words(desk_sqlite, 2, title="自己的草稿"), by=REVIEWER)
    Membership.objects.create(person=desk_sqlite.person(Role.REVIEWER), office="qingshui", role=Role.CLERK)
    html = page(desk_sqlite.browser(Role.REVIEWER), TODAY)
    assert "在审查的" in html
    assert "自己的草稿" in html


def test_what_is_due_counts_in_working_days(desk):
    """Twenty working days: overdue, due within five, and not spoken of before."""
    today = NOW.date()
    drafted(desk, words(desk, 1, title="今天到期的", made_on=cutoff(today)))
    drafted(desk, words(desk, 2, title="逾期的", made_on=cutoff(today - timedelta(days=7))))
    drafted(desk, words(desk, 3, title="刚写的", made_on=today))
    html = page(desk.browser(Role.REPORTER), TODAY)
    assert "今天到期" in html
    assert "逾期 5 个工作日" in html
    assert html.index("逾期的") < html.index("今天到期的")
    assert "刚写的" not in html


def test_deliveries_say_what_to_do_about_them(desk):
    """Unconfirmed, refused, by hand: each with the next step and a link to the delivery."""
    for serial, status in enumerate((Status.UNCONFIRMED, Status.REFUSED, Status.BY_HAND), 1):
        released(desk, words(desk, serial, title=f"第{serial}件"), channels=("website", "wechat"))
        Delivery.objects.filter(channel="wechat", edition__title=f"第{serial}件").update(status=status)
    html = page(desk.browser(Role.OPERATOR), TODAY)
    for said in ("请到渠道上看一眼", "改好原因后重新发送", "请在渠道后台办好"):
        assert said in html
    assert html.count("/qingshui/deliveries/") >= 3


def test_what_goes_out_tells_when_and_where(desk_sqlite):
    """Signed for a time to come: the channels and the time, in the office's zone."""
    signed(desk_sqlite, release_at=NOW + timedelta(hours=3))
    html = page(desk_sqlite.browser(Role.REPORTER), TODAY)
    assert "2024-06-28 12:00" in html
    assert "政府网站、订阅源" in html


def test_columns_and_accounts_that_grow_stale_are_named(desk_sqlite):
    """News in two weeks, notices in half a year: the one is spoken of, the other not yet."""
    released(desk_sqlite, words(desk_sqlite, 1, column="dongtai"))
    released(desk_sqlite, words(desk_sqlite, 2, column="tongzhi"))
    html = page(desk_sqlite.browser(Role.REPORTER), TODAY)
    stale = html.partition('id="stale"')[2].partition("</section>")[0]
    assert "工作动态" in stale
    assert "25 天没有更新" in stale
    assert "通知公告</span>" not in stale


def test_a_district_person_sees_its_offices_side_by_side(desk_sqlite):
    """Counts, and the way to each office; nothing there is a button."""
    submitted(desk_sqlite)
    html = page(desk_sqlite.browser(Role.DISTRICT), TODAY)
    assert "各单位待办" in html
    assert 'href="/qingshui/today/">清水街道</a>' in html
    assert TITLE not in html.partition("各单位待办")[2].partition("</section>")[0]


def test_the_page_asks_a_bounded_number_of_questions(desk_sqlite):
    """As many for thirty drafts as for three."""
    browser = desk_sqlite.browser(Role.CLERK)
    for serial in range(1, 4):
        drafted(desk_sqlite, words(desk_sqlite, serial))
    with CaptureQueriesContext(connection) as few:
        page(browser, TODAY)
    for serial in range(4, 31):
        drafted(desk_sqlite, words(desk_sqlite, serial, title=f"第{serial}件草稿"))
    with CaptureQueriesContext(connection) as many:
        html = page(browser, TODAY)
    assert len(many) == len(few)
    assert len(many) < 60
    assert "还有 18 件" in html

"""Terms in working days, and what grows stale."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from content.workdays import due
from desk import deadlines
from ledger.queries import Freshness
from tests.builders import an_office

NOW = datetime(2024, 6, 28, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("today", [date(2024, 6, 28), date(2024, 9, 30), date(2024, 2, 9), date(2024, 5, 11)])
def test_five_working_days_ahead_are_looked_at_and_no_more(today):
    """What was made on the last day asked for is due within five working days; what was made a day later is not."""
    from content.workdays import workdays_between

    last = deadlines.made_by(today)
    assert workdays_between(today, due(last).on) <= deadlines.AHEAD
    assert workdays_between(today, due(last + timedelta(days=1)).on) > deadlines.AHEAD or due(last + timedelta(days=1)).on == due(last).on


def line(kind: str, label: str, days: float | None, *, channel_kind: str = "", name: str = "x") -> Freshness:
    return Freshness(kind=kind, name=name, label=label, channel_kind=channel_kind, last=None if days is None else NOW - timedelta(days=days))


@pytest.mark.parametrize(("one", "told", "over"), [
    (line("column", "工作动态", 9), False, False), (line("column", "工作动态", 10), True, False), (line("column", "工作动态", 14), True, True),
    (line("column", "通知公告", 100), False, False), (line("column", "通知公告", 170), True, False), (line("column", "政策文件", 183), True, True),
    *[(line("channel", kind, days, channel_kind=kind), True, days >= 14)
      for kind in ("website", "wechat", "weibo", "mastodon", "bluesky") for days in (11, 14)],
    (line("channel", "group", 400, channel_kind="wecom"), False, False), (line("channel", "board", 400, channel_kind="board"), False, False),
    (line("channel", "feed", 400, channel_kind="feed"), False, False), (line("column", "机构职能", None), True, True),
])
def test_news_and_accounts_have_two_weeks_and_notices_half_a_year(one, told, over):
    """Spoken of some days before; a board and a feed have no term of their own."""
    found = deadlines.stale([one], an_office(), NOW)
    assert bool(found) is told
    if told:
        assert found[0].over is over

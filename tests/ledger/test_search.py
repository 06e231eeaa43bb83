"""The book, searched: whatever a person remembers of an item finds it, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from content.rules import State
from content.search import Search
from ledger import queries, services, upkeep
from ledger.models import Edition, Item
from tests.builders import OFFICE_CODE, an_edition
from tests.ledger.archive import archive
from tests.ledger.stage import CLERK, LEADER, NOON, STRANGER, drafted, minutes, opened, release, released, routes, signed

pytestmark = pytest.mark.ledger
OFFICES = [OFFICE_CODE]


def number(serial: int) -> str:
    return f"006123456/2024-{serial:05d}"


def hits(words: str = "", **asked: Any) -> list[int]:
    """Serials, in the order found."""
    page = queries.search(offices=OFFICES, search=Search(words=words, **asked))
    assert page.after is None
    return [int(row.index_number[-5:]) for row in page.rows]


def three() -> None:
    opened()
    released("website", "board", index_number=number(1), title="关于清水路施工的通告", document_number="清街发〔2024〕3号")
    drafted("website", index_number=number(2), title="社区体检通知", column="dongtai", summary="", body="<p>请辖区六十五岁以上居民<b>免</b>费体检。</p>")
    released("website", "wechat", index_number=number(3), title="清水河河长公示", column="jigou", made_on=date(2023, 12, 29), summary="",
             body="<p>略</p>")


@pytest.mark.parametrize(("words", "serials"), [
    ("清水", [3, 1]), ("封闭", [1]), ("免费体检", [2]), ("体检 居民", [2]), ("河长公示", [3]), ("00002", [2]), ("2024-00003", [3]), (number(1), [1]),
    ("清街发〔2024〕3号", [1]), ("清街发[2024]3号", [1]), ("公施", []), ("绕行路线", [1]), ("strong", []), ("", [3, 2, 1]), ("！", [3, 2, 1]), ("河", [3]),
    ("路水清", []), ("检居", []), ("水路施工", [1]), ("水河长", []), ("水河河长", [3])])
def test_an_item_is_found_by_what_it_says(database, words, serials):
    three()
    assert hits(words) == serials


def test_an_item_is_found_by_what_is_known_of_it(database):
    three()
    assert hits(column="dongtai") == [2]
    assert hits(channel="wechat") == [3]
    assert hits(state=State.DRAFT) == [2]
    assert hits(state=State.RELEASED) == [3, 1]
    assert hits(state=State.CORRECTED) == []
    assert hits("清水", channel="board") == [1]
    assert hits(drafter=CLERK) == [3, 2, 1]
    assert hits(drafter=STRANGER) == []
    assert hits("体检", state=State.DRAFT) == [2]
    assert hits("封闭", state=State.DRAFT) == []
    day = NOON.date()
    assert hits(since=day, until=day) == [3, 1]  # by the day of release; the draft was made in May
    assert hits(since=an_edition().made_on, until=an_edition().made_on) == [2]
    assert hits(since=day + timedelta(days=1)) == []
    assert hits(until=day - timedelta(days=1)) == [2]
    assert queries.search(offices=["elsewhere"], search=Search()).rows == ()
    assert queries.search(offices=[], search=Search()).rows == ()


def test_a_row_says_how_an_item_stands(database):
    three()
    (row,) = queries.search(offices=OFFICES, search=Search(words="河长")).rows
    assert (row.title, row.state, row.public, row.withdrawn, row.channels, row.released_on) == (
        "清水河河长公示", State.RELEASED, True, False, ("website", "wechat"), NOON.date())
    (row,) = queries.search(offices=OFFICES, search=Search(words="体检")).rows
    assert (row.state, row.public, row.released_on, row.drafter) == (State.DRAFT, False, None, CLERK)


def test_the_newest_wording_is_what_is_found(database):
    opened()
    edition_id = drafted("website", title="初稿名称")
    assert (hits("初稿"), hits("定稿")) == ([17], [])
    services.edit(edition_id=edition_id, edition=an_edition(title="定稿名称", column="jigou"), routes=routes("website", "wechat"), by=STRANGER, at=NOON)
    assert (hits("初稿"), hits("定稿"), hits(column="tongzhi"), hits(column="jigou"), hits(channel="wechat"), hits(drafter=STRANGER)) == (
        [], [17], [], [17], [17], [17])


def test_a_correction_is_found_by_its_own_words_and_a_withdrawn_item_still(database):
    opened()
    released("website", title="原有名称")
    released("website", number=2, title="更正名称", change_note="更正", at=minutes(1))
    assert (hits("原有"), hits("更正名称")) == ([], [17])
    services.withdraw(index_number=number(17), by=LEADER, at=minutes(2), reason="误")
    (row,) = queries.search(offices=OFFICES, search=Search(state=State.WITHDRAWN)).rows
    assert (row.withdrawn, row.public, row.state) == (True, False, State.WITHDRAWN)
    assert hits("更正名称", state=State.WITHDRAWN) == [17]
    assert hits(state=State.RELEASED) == []


def test_a_release_in_another_month_is_found_there(database):
    opened()
    edition_id = signed("website", made_on=date(2024, 2, 1))
    assert hits("施工", since=date(2024, 2, 1), until=date(2024, 2, 29)) == [17]
    release(edition_id)
    assert hits("施工", since=date(2024, 2, 1), until=date(2024, 2, 29)) == []
    assert hits("施工", since=date(2024, 6, 1), until=date(2024, 6, 30)) == [17]


def test_pages_follow_each_other_without_gap_or_repetition(database):
    opened()
    archive(70)
    seen: list[str] = []
    after: int | None = None
    while True:
        page = queries.search(offices=OFFICES, search=Search(words="通告"), after=after)
        seen += [row.index_number for row in page.rows]
        assert len(page.rows) <= 20
        if page.after is None:
            break
        after = page.after
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 70
    assert [row.index_number for row in queries.found(offices=OFFICES, search=Search(words="通告"))] == seen


def test_a_page_of_few_among_many_says_that_there_is_more(sqlite, monkeypatch):
    """One page looks through a bounded number of candidates."""
    from ledger.queries.search import search

    opened()
    archive(60)
    monkeypatch.setitem(search.__globals__, "READ_THROUGH", 1)
    pages, after = [], None
    while True:
        page = search(offices=OFFICES, search=Search(words="平安路绕行路线"), after=after)  # every pair is there, the words are not
        pages.append(page)
        if page.after is None:
            break
        after = page.after
    assert len(pages) > 1
    assert not any(page.rows for page in pages)


def test_the_index_is_made_anew_at_any_time(database):
    three()
    before = hits("清水")
    assert upkeep.index_words() == 3
    assert (hits("清水"), hits("免费体检"), hits(channel="wechat")) == (before, [2], [3])


def test_a_book_from_before_the_desk_is_brought_up_to_it(database):
    """Addresses, newest editions, what is over, and the index: a migration forth and back loses nothing."""
    three()
    released("website", "wechat", index_number=number(3), number=2, title="更正后的河长公示", change_note="更正", column="jigou", at=minutes(1))
    call_command("migrate", "ledger", "0002", verbosity=0)
    call_command("migrate", "ledger", verbosity=0)
    assert list(Item.objects.order_by("pk").values_list("slug", flat=True)) == [f"006123456-2024-0000{n}" for n in (1, 2, 3)]
    assert list(Item.objects.order_by("pk").values_list("newest__number", flat=True)) == [1, 1, 2]
    assert (hits("河长"), hits("免费体检"), hits(channel="wechat")) == ([3], [2], [3])
    assert queries.troubled(offices=OFFICES, at=NOON) == []
    assert queries.verify_events(office=OFFICE_CODE) is None
    assert Edition.objects.count() == 4


def test_an_export_holds_a_chunk_and_not_the_archive(sqlite, monkeypatch):
    from ledger.queries.search import found, search

    opened()
    archive(50)
    monkeypatch.setitem(found.__globals__, "CHUNK", 20)
    rows = found(offices=OFFICES, search=Search(drafter=CLERK))
    assert next(rows).index_number.endswith("01049")
    assert len(list(rows)) == 49
    assert search(offices=OFFICES, search=replace(Search(), column="nowhere")).rows == ()

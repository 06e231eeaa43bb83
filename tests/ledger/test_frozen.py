"""A report that was handed in stays as it was; what the book says differently afterwards is a list, and never silent."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection

from content.measures import Measure
from content.restating import restated
from ledger import queries, services
from ledger.errors import ClockError, DuplicateError, LedgerError, StaleError, UnknownError
from ledger.models import Blob, Event, Frozen
from tests.builders import OFFICE_CODE
from tests.ledger.stage import CLERK, LEADER, NOON, asking, carried, draw, minutes, opened, posted, released

pytestmark = pytest.mark.ledger
MEASURES = {"items": Measure.read("items"), "channels.website": Measure.read("items kind=website"), "channels.wechat": Measure.read("items kind=wechat"),
            "categories.未归类": Measure.read("items category=未归类"), "corrections": Measure.read("corrections"), "withdrawn": Measure.read("withdrawn")}
AS_OF = minutes(30)


def filing(cells: dict[str, int | str | None], **asked) -> dict:
    return {"gongkai_filing": 1, "form": "2021", "year": 2024, "cells": cells, **asked}


def freeze(**asked) -> Frozen:
    """The report of what the book says at AS_OF."""
    as_of = asked.get("as_of", AS_OF)
    year = asked.get("year", 2024)
    rows = queries.rows_behind(office=OFFICE_CODE, year=year, measures=MEASURES, as_of=as_of if as_of.tzinfo else AS_OF)
    cells = {cell: len(keys) for cell, keys in rows.items()} | {"t3.new.person": 5, "t2d.fees": "0.092", "t3.next.person": None}
    return services.freeze_report(**asking(asked, office=OFFICE_CODE, form="2021", year=year, filing=filing(cells, year=year), rows=rows, as_of=as_of,
                                             by=LEADER, at=minutes(40)))


def fact(value, at, **asked) -> None:
    services.record_fact(**asking(asked, office=OFFICE_CODE, form="2021", year=2024, cell="t3.new.person", value=value, by=CLERK, at=at))


def a_year() -> None:
    opened()
    for serial in (1, 2):
        released("website", "wechat", index_number=f"006123456/2024-{serial:05d}")
    draw("website")
    carried("wechat", posted())
    fact(5, NOON)
    fact("0.092", NOON, cell="t2d.fees", decimals=3)


def report(**asked):
    return queries.frozen_report(**asking(asked, office=OFFICE_CODE, form="2021", year=2024))


def changes(as_of=datetime(2030, 1, 1, tzinfo=UTC)) -> dict:
    kept = report()
    rows = queries.rows_behind(office=OFFICE_CODE, year=2024, measures=MEASURES, as_of=as_of)
    recorded = {line.cell: line.value for line in queries.facts(office=OFFICE_CODE, form="2021", year=2024) if line.at <= as_of}
    now = {cell: Decimal(len(keys)) for cell, keys in rows.items()} | {"t3.next.person": None} | recorded
    return {one.cell: one for one in restated(kept.cells, now, rows_then=kept.rows, rows_now=rows)}


def test_a_report_is_kept_with_its_instant_and_the_rows_behind_each_cell(database):
    a_year()
    assert report() is None
    freeze()
    kept = report()
    assert (kept.as_of, kept.by, kept.restates, kept.period) == (AS_OF, LEADER, None, (date(2024, 1, 1), date(2024, 12, 31)))
    assert kept.rows["items"] == ["006123456/2024-00001", "006123456/2024-00002"]
    assert (kept.cells["items"], kept.cells["t2d.fees"], kept.cells["t3.next.person"]) == (2, Decimal("0.092"), None)
    assert [event.verb for event in Event.objects.order_by("-seq")[:1]] == ["report frozen"]
    assert queries.verify_events(office=OFFICE_CODE) is None


def test_a_report_that_still_holds_has_no_restatement(database):
    a_year()
    freeze()
    assert changes() == {}


def test_every_later_change_is_named_with_the_rows_that_came_and_went(database):
    """A third item, a correction that takes one out of its category, a withdrawal, and a fact."""
    a_year()
    freeze()
    released("website", index_number="006123456/2024-00003", at=minutes(50))
    draw("website", minutes(51))
    released("website", "wechat", index_number="006123456/2024-00001", number=2, change_note="改类", category="", at=minutes(52))
    draw("website", minutes(53))
    services.withdraw(index_number="006123456/2024-00002", by=LEADER, at=minutes(54), reason="误")
    fact(6, minutes(55), note="补登一件")
    found = changes()
    assert {cell: (one.then, one.now, one.added, one.gone) for cell, one in found.items()} == {
        "items": (2, 3, ("006123456/2024-00003",), ()),
        "channels.website": (2, 3, ("006123456/2024-00003",), ()),
        "categories.未归类": (0, 1, ("006123456/2024-00001",), ()),
        "corrections": (0, 1, ("006123456/2024-00001#2",), ()),
        "withdrawn": (0, 1, ("006123456/2024-00002",), ()),
        "t3.new.person": (5, 6, (), ()),
    }
    assert changes(as_of=AS_OF) == {}


def test_rows_that_change_places_are_named_even_when_the_number_stays(database):
    a_year()
    released("website", index_number="006123456/2024-00004", category="", at=minutes(20))
    draw("website", minutes(21))
    freeze()
    for serial, category in ((1, ""), (4, "工作信息")):
        released("website", *(("wechat",) if serial == 1 else ()), index_number=f"006123456/2024-{serial:05d}", number=2, change_note="改类", category=category,
                 at=minutes(50))
        draw("website", minutes(51))
    one = changes()["categories.未归类"]
    assert (one.then, one.now, one.added, one.gone) == (1, 1, ("006123456/2024-00001",), ("006123456/2024-00004",))


def test_papers_are_kept_with_their_report_and_of_one_that_is_refused_none_stays(database):
    a_year()
    freeze(papers={"report.pdf": b"%PDF-1"})
    with pytest.raises(DuplicateError):
        freeze(papers={"report.pdf": b"%PDF-2"}, at=minutes(60))
    [sha256] = report().seals.values()
    assert (queries.blob(sha256=sha256), [bytes(one) for one in Blob.objects.values_list("data", flat=True)]) == (b"%PDF-1", [b"%PDF-1"])


def test_there_is_one_report_a_year_and_another_restates_it_by_name(database):
    a_year()
    first = freeze()
    with pytest.raises(DuplicateError, match="2021 of 2024 was handed in already") as refused:
        freeze(by=CLERK, at=minutes(60))
    assert refused.value.code == "report_twice"
    with pytest.raises(LedgerError, match="say why"):
        freeze(restates=first.pk, at=minutes(60))
    second = freeze(restates=first.pk, reason="漏报一件", at=minutes(60))
    with pytest.raises(StaleError, match="restated meanwhile by 周主任"):
        freeze(restates=first.pk, reason="又漏", at=minutes(61))
    with pytest.raises(UnknownError, match="no report 7 of 2021 2023 to restate"):
        freeze(restates=7, reason="无", year=2023)
    assert (report().id, report(at=minutes(59)).id) == (second.pk, first.pk)
    assert [one.reason for one in queries.frozen_reports(office=OFFICE_CODE, form="2021", year=2024)] == ["", "漏报一件"]
    assert Frozen.objects.count() == 2


def test_why_a_report_stands_is_kept_with_it(database):
    """Where a check does not hold and nothing in this report could mend it, the reason is as frozen as the number."""
    a_year()
    with pytest.raises(LedgerError, match="say why 2021 of 2024 stands although carry does not hold") as refused:
        freeze(answers={"carry": " "})
    assert (refused.value.code, refused.value.facts) == ("reason", {"what": "stands"})
    freeze(answers={"carry": " 上年报告漏计一件，已在上年更正。 "})
    assert report().answers == {"carry": "上年报告漏计一件，已在上年更正。"}
    with pytest.raises(IntegrityError, match="never changed"):
        Frozen.objects.update(answers={})


def test_two_forms_and_two_months_are_frozen_side_by_side(database):
    a_year()
    freeze()
    freeze(form="2008", filing=filing({}, form="2008"))
    for month, last in ((1, 31), (2, 29)):
        services.freeze_report(office=OFFICE_CODE, form="monthly", year=2024, filing=filing({}, form="monthly"), rows={}, as_of=AS_OF, by=LEADER,
                               at=minutes(40), period=(date(2024, month, 1), date(2024, month, last)))
    assert Frozen.objects.count() == 4
    assert report(form="monthly") is None
    assert report(form="monthly", period=(date(2024, 2, 1), date(2024, 2, 29))) is not None


@pytest.mark.parametrize(("asked", "kind", "match"), [
    ({"filing": {"form": "2019", "year": 2024}}, LedgerError, "the report is 2019 of 2024, not 2021 of 2024"),
    ({"filing": {"form": "2021", "year": 2023}}, LedgerError, "the report is 2021 of 2023"),
    ({"as_of": minutes(41)}, LedgerError, "cannot be frozen at"),
    ({"as_of": datetime(2024, 6, 3, 12, 0)}, ClockError, "has no time zone"),
    ({"office": "nowhere"}, UnknownError, "no office 'nowhere'"),
])
def test_a_report_that_cannot_be_is_refused_and_nothing_is_kept(sqlite, asked, kind, match):
    a_year()
    with pytest.raises(kind, match=match):
        freeze(**asked)
    assert not Frozen.objects.exists()


def test_the_year_after_begins_from_what_was_handed_in(database):
    """Not from what was recorded since: the carry-over is checked against the report that the public read."""
    a_year()
    freeze()
    fact(6, minutes(50), note="补登")
    after = datetime(2025, 2, 1, tzinfo=UTC)
    said = queries.yearbook(office=OFFICE_CODE, form="2021", year=2025, measures=[], as_of=after).last
    assert [said[cell] for cell in ("items", "t3.new.person", "t3.next.person")] == [Decimal(2), Decimal(5), None]


@pytest.mark.parametrize("statement", ["UPDATE ledger_frozen SET filing = '{}'", "UPDATE ledger_frozen SET restates_id = NULL", "DELETE FROM ledger_frozen"])
def test_no_hand_changes_a_report_that_was_handed_in(database, statement):
    a_year()
    freeze()
    with pytest.raises(IntegrityError, match="ledger: "), connection.cursor() as cursor:
        cursor.execute(statement)


# ------------------------------------------------------------------------------------------------------------ a district


def a_district() -> None:
    """Two streets: each its own items, one notice with a document number in both, one that the second took over from the first by name."""
    opened(name="清水街道办事处")
    opened(code="beicheng", name="北城街道办事处")
    own = {"made_on": date(2024, 5, 1)}
    for office, serial, words in (
            (OFFICE_CODE, 1, {"title": "停水通告"}), ("beicheng", 2, {"title": "停水通告"}),
            (OFFICE_CODE, 3, {"title": "防汛预案", "document_number": "云防〔2024〕5号"}), ("beicheng", 4, {"title": "防汛预案", "document_number": "云防〔2024〕5号"}),
            (OFFICE_CODE, 5, {"title": "道路封闭", **own}), ("beicheng", 6, {"title": "道路封闭", "source": "清水街道办事处", **own}),
            ("beicheng", 7, {"title": "招聘启事", "document_number": "北城〔2024〕1号"}), ("beicheng", 8, {"title": "招聘启事", "document_number": "北城〔2024〕1号"})):
        released("wechat" if office == "beicheng" else "website", office=office, index_number=f"006123456/2024-{serial:05d}", at=minutes(serial), **words)
    draw("website", minutes(20))
    for due in queries.due_deliveries(office="beicheng", channel="wechat", at=minutes(20)):
        work = services.begin_attempt(delivery_id=due.delivery_id, tries=due.tries, holder="test", at=minutes(20))
        services.end_attempt(work=work, outcome=posted(), at=minutes(20))


def test_a_district_counts_an_item_of_two_offices_once_and_on_every_channel(database):
    """Same title alone is not the same item; two of one office are never one."""
    a_district()
    offices, lines = [OFFICE_CODE, "beicheng"], ("items", "items kind=website", "items kind=wechat", "items kind=!website", "items text=full", "items month=6")
    measures = [Measure.read(line) for line in lines]
    asked: dict[str, Any] = {"form": "2021", "year": 2024, "measures": measures, "as_of": AS_OF}
    parts = [queries.yearbook(office=office, **asked) for office in offices]
    whole = queries.district_yearbook(office=OFFICE_CODE, offices=offices, **asked)
    assert [part.counts[measures[0]] for part in parts] == [3, 5]
    assert dict(zip(lines, whole.counts.values(), strict=True)) == {
        "items": 6, "items kind=website": 3, "items kind=wechat": 5, "items kind=!website": 5, "items text=full": 6, "items month=6": 6}
    for measure in measures:
        rows = queries.district_opened(offices=offices, year=2024, measure=measure, as_of=AS_OF)
        assert len({row.index_number for row in rows}) == len(rows) == whole.counts[measure], str(measure)
        assert rows[1:3] == queries.district_opened(offices=offices, year=2024, measure=measure, as_of=AS_OF, offset=1, limit=2)
    shared = queries.shared_items(offices=offices, year=2024, as_of=AS_OF)
    assert {copies[0].title: [(copy.office, copy.index_number[-1]) for copy in copies] for copies in shared} == {
        "防汛预案": [("beicheng", "4"), (OFFICE_CODE, "3")], "道路封闭": [("beicheng", "6"), (OFFICE_CODE, "5")]}


def test_a_district_of_one_office_is_that_office(database):
    a_year()
    asked: dict[str, Any] = {"form": "2021", "year": 2024, "measures": list(MEASURES.values()), "as_of": AS_OF}
    assert queries.district_yearbook(office=OFFICE_CODE, offices=[OFFICE_CODE, OFFICE_CODE], **asked) == queries.yearbook(office=OFFICE_CODE, **asked)


def test_what_was_handed_in_is_told_without_what_it_says(database):
    """One a form and period: the last restatement."""
    a_year()
    assert queries.handed_in(office=OFFICE_CODE, year=2024) == []
    first = freeze()
    freeze(restates=first.pk, reason="漏报一件", at=minutes(50))
    told = queries.handed_in(office=OFFICE_CODE, year=2024)
    assert [(one.form, one.period, one.by, one.at, one.restated) for one in told] == [
        ("2021", (date(2024, 1, 1), date(2024, 12, 31)), LEADER, minutes(50), True)]
    assert queries.handed_in(office=OFFICE_CODE, year=2023) == []


def test_the_book_begins_with_the_first_release(database):
    opened()
    assert queries.first_release(office=OFFICE_CODE) is None
    released("website", index_number="006123456/2024-00001")
    assert queries.first_release(office=OFFICE_CODE) == NOON.date()

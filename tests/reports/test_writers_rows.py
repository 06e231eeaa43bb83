"""Open data: whoever counts the rows again finds the report's numbers, and nobody of the office in them."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.figures import Counting
from content.measures import Measure, What
from content.tallies import Group, Tally
from content.yearbook import Fact, Opened
from reports.filing import number
from reports.report import Counted, Recorded, Report, fill, measures
from reports.writers.rows import Rows, behind, write
from tests.builders import an_office
from tests.reports.stage import AT, SCOPE, a_book, a_form, a_report

KINDS, COLUMNS = dict(SCOPE.channels), dict(SCOPE.columns)


def a_row(serial: int = 1, **changes: Any) -> Opened:
    facts: dict[str, Any] = {
        "index_number": f"006123456/2025-{serial:05}", "edition": 1, "title": f"关于{serial}号路停水的通知", "column": "tongzhi", "category": "工作信息",
        "released_on": date(2025, 3, 1 + serial), "kinds": ("website", "board"), "deliveries": (f"D{serial:08}",),
        "evidence": (f"https://qingshui.example.gov.cn/item/{serial}.html 2025-03-02 09:00", f"张贴单 {serial} 2025-03-02 10:30")}
    return Opened(**{**facts, **changes})


def some(*items: Opened, report: Report | None = None, **more: Any) -> Rows:
    return behind(report or a_report("2021"), items=items, kinds=KINDS, columns=COLUMNS, **more)


def as_csv(rows: Rows) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(write(rows)["rows.csv"].decode("utf-8-sig"), newline="")))


def as_json(rows: Rows) -> Any:
    return json.loads(write(rows)["rows.json"])


@st.composite
def years(draw: st.DrawFn) -> list[tuple[Opened, bool]]:
    """A year's items, each with whether its words stand in full."""
    kinds = st.lists(st.sampled_from([*KINDS]), min_size=1, unique=True).map(tuple)
    found = draw(st.lists(st.tuples(kinds, st.sampled_from([name for name, _ in SCOPE.categories]), st.sampled_from([*COLUMNS]),
                                    st.dates(date(2025, 1, 1), date(2025, 12, 31)), st.booleans()), max_size=12))
    return [(a_row(serial, kinds=reached, category=category, column=column, released_on=day), full)
            for serial, (reached, category, column, day, full) in enumerate(found, start=1)]


def reported(name: str, year: list[tuple[Opened, bool]], counting: Counting, corrections: int = 0, withdrawn: int = 0) -> Report:
    """A report of these items, counted as the ledger counts them: in groups."""
    groups = Counter(Group(kinds=frozenset(row.kinds), category=row.category, column=row.column, month=row.released_on.month, full_text=full)
                     for row, full in year)
    tally = Tally(items=groups, corrections={3: corrections}, withdrawn={3: withdrawn})
    counts = {measure: tally.count(measure) for measure in measures(a_form(name), counting=counting)}
    return fill(a_form(name), an_office(), a_book(name, counts=counts), counting=counting)


def recounted(measure: Measure, found: Any) -> int:
    """What a reader of rows.json counts, one row after the other."""
    if measure.what is not What.ITEMS:
        return len(found[measure.what.value])
    reached = [row for row in found["items"] if not measure.kinds or any((kind in measure.kinds) != measure.others for kind in row["channels"])]
    return sum(measure.category in ("", row["category"]) and measure.column in ("", row["column"])
               and measure.month in (0, int(row["released_on"][5:7])) for row in reached)


@settings(max_examples=40, deadline=None)
@given(year=years(), name=st.sampled_from(["2008", "2021", "monthly"]), counting=st.sampled_from(Counting))
def test_the_rows_counted_again_give_every_number_that_the_report_counted(year, name, counting):
    corrections, withdrawn = ([row for row, _ in year][start:][:4] for start in (0, 2))
    report = reported(name, year, counting, len(corrections), len(withdrawn))
    rows = some(*(row for row, _ in year), report=report, corrections=[replace(row, edition=2) for row in corrections], withdrawn=withdrawn)
    found = as_json(rows)
    counted = {address: cell for address, cell in report.cells.items() if isinstance(cell.origin, Counted) and not cell.origin.measure.full_text}
    assert len(counted) >= 6
    assert {address: recounted(cell.origin.measure, found) for address, cell in counted.items()} == {
        address: cell.value for address, cell in counted.items()}
    total = report.filing.cells["stat.items" if name == "2008" else "items"]
    assert total == {Counting.DISTINCT: len(found["items"]), Counting.SUM: sum(len(row["channels"]) for row in found["items"]),
                     Counting.WEBSITE: sum("website" in row["channels"] for row in found["items"])}[Counting(found["counting"])]


@settings(max_examples=40, deadline=None)
@given(year=years())
def test_both_files_hold_the_same_rows(year):
    rows = some(*(row for row, _ in year), corrections=[row for row, _ in year[:3]], withdrawn=[row for row, _ in year[2:3]])
    lines, found = as_csv(rows), as_json(rows)
    assert [(line["list"], line["index_number"], line["title"], line["released_on"], line["channels"], line["evidence"]) for line in lines] == [
        (name, row["index_number"], row["title"] or "", row["released_on"], " | ".join(row["channels"]), " | ".join(row["evidence"]))
        for name in ("items", "corrections", "withdrawn") for row in found[name]]


RARE = st.text("龘靐齉爩麤", min_size=2, max_size=4)  #: characters of which nothing else here is written


@settings(max_examples=25, deadline=None)
@given(by=RARE, note=RARE, year=years())
def test_no_name_of_a_person_and_no_note_is_in_them(by, note, year):
    facts = {address: Fact(value=fact.value, by=by, at=AT, note=note) for address, fact in a_book("2021").facts.items()}
    files = write(some(*(row for row, _ in year), report=a_report("2021", facts=facts)))
    for data in files.values():
        said = data.decode("utf-8-sig")
        assert by not in said
        assert note not in said
        assert not any(key in said for row, _ in year for key in row.deliveries)


def test_what_was_recorded_is_published_with_label_and_unit_and_nothing_else():
    report = a_report("2021")
    facts = {fact["cell"]: fact for fact in as_json(some(report=report))["facts"]}
    assert facts["t3.new.person"] == {"cell": "t3.new.person", "label": "收到和处理政府信息公开申请情况 / 一、本年新收政府信息公开申请数量 / 自然人",
                                      "value": 5, "unit": "件"}
    assert facts["t2d.fees"]["value"] == "0.092"
    assert {address: fact["value"] for address, fact in facts.items()} == {
        address: number(cell.value) for address, cell in report.cells.items() if isinstance(cell.origin, Recorded)}


def test_the_json_says_whose_rows_they_are_and_how_they_were_counted():
    found = as_json(some(a_row(), report=a_report("2021", counting=Counting.SUM)))
    facts = ("gongkai_rows", "office", "year", "period", "as_of", "counting", "counting_says")
    assert [found[fact] for fact in facts] == [1, "云州市清水区清水街道办事处", 2025, ["2025-01-01", "2025-12-31"], "2026-01-10T09:00:00+00:00", "sum",
                                               "各渠道公开数相加，相同信息在几个渠道公开计几条"]
    assert (found["channels"], found["columns"]) == (KINDS, COLUMNS)
    assert found["items"] == [{
        "index_number": "006123456/2025-00001", "edition": 1, "title": "关于1号路停水的通知", "column": "tongzhi", "category": "工作信息",
        "released_on": "2025-03-02", "channels": ["website", "board"],
        "evidence": ["https://qingshui.example.gov.cn/item/1.html 2025-03-02 09:00", "张贴单 1 2025-03-02 10:30"], "withdrawn": False}]


def test_a_reader_of_the_csv_sees_channels_and_columns_by_name():
    line, = as_csv(some(a_row()))
    assert (line["list"], line["column_label"], line["channels"], line["channel_labels"]) == ("items", "通知公告", "website | board", "政府网站 | 公告栏")


def test_the_words_of_a_withdrawn_item_do_not_come_back():
    """The website keeps none of them; its open data must not either, in no list, also when it went after the year."""
    rows = some(a_row(1, title="残疾人名单"), a_row(2), a_row(3, title="低保户名单"), corrections=[a_row(1, title="残疾人名单（更正）", edition=2)],
                withdrawn=[a_row(1, title="残疾人名单")], gone=["006123456/2025-00003"])
    files = {name: data.decode() for name, data in write(rows).items()}
    assert not [name for name, said in files.items() if "名单" in said]
    assert [(line["list"], line["index_number"][-1], line["title"], line["withdrawn"]) for line in as_csv(rows)] == [
        ("items", "1", "", "yes"), ("items", "2", "关于2号路停水的通知", ""), ("items", "3", "", "yes"), ("corrections", "1", "", "yes"),
        ("withdrawn", "1", "", "yes")]
    assert [row["title"] for row in as_json(rows)["items"]] == [None, "关于2号路停水的通知", None]


@pytest.mark.parametrize("title", ["=HYPERLINK(\"https://example.com\")", "+86", "-1", "@SUM(A1)", "\t=1+1", "＝1+1", "\r=1", "\n=1"])
def test_no_cell_is_a_formula_and_the_json_keeps_the_words(title):
    rows = some(a_row(title=title))
    assert [line["title"] for line in as_csv(rows)] == [f"'{title}"]
    assert as_json(rows)["items"][0]["title"] == title
    for line in as_csv(some(a_row(evidence=(title,), category=title))):
        assert {line["evidence"], line["category"]} == {f"'{title}"}


def test_the_same_rows_are_the_same_bytes_in_whatever_order_they_come():
    three = [a_row(3), a_row(1), a_row(2, released_on=date(2025, 3, 2))]
    assert write(some(*three)) == write(some(*reversed(three)))
    assert [line["index_number"][-1] for line in as_csv(some(*three))] == ["1", "2", "3"]


def test_a_spreadsheet_reads_the_csv_as_chinese():
    data = write(some(a_row(title="含“引号\"和，逗号\n的标题")))["rows.csv"]
    assert data.startswith(b"\xef\xbb\xbflist,index_number,")
    assert data.endswith(b"\r\n")
    assert as_csv(some(a_row(title="含“引号\"和，逗号\n的标题")))[0]["title"] == "含“引号\"和，逗号\n的标题"


def test_a_year_of_nothing_has_its_head_and_its_facts():
    assert as_csv(some()) == []
    assert as_json(some())["items"] == []
    assert Decimal(str(next(fact["value"] for fact in as_json(some())["facts"] if fact["cell"] == "fee"))) == 0

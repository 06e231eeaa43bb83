"""What has to be mended before a report is frozen and what somebody may answer for; what of it the public gets."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from content.yearbook import Fact
from reports.filing import Section
from reports.freezing import Judged, judged
from reports.publishing import called, keywords, public, summary
from reports.report import Report
from reports.writers import WRITERS
from tests.reports.papers import a_dress, excel_text, with_gaps
from tests.reports.stage import AT, a_book, a_report


def changed(report: Report, **cells: int) -> Report:
    """With other numbers in some cells."""
    return replace(report, filing=replace(report.filing, cells={**report.filing.cells, **{cell.replace("__", "."): Decimal(value)
                                                                                           for cell, value in cells.items()}}))


def texts(report: Report, said: str) -> Report:
    """With these words in the place of the first part's."""
    first, *others = report.filing.sections
    return replace(report, filing=replace(report.filing, sections=(Section(heading=first.heading, text=said), *others)))


def by_check(found: list[Judged]) -> dict[str, bool]:
    return {one.fault.check: one.answerable for one in found}


def test_a_report_that_holds_has_nothing_to_mend_and_nothing_to_answer():
    assert judged(a_report("2021")) == []


def test_blanks_and_sums_are_mended():
    blank = by_check(judged(with_gaps()))
    assert (blank["filled"], "T3-a" in blank) == (False, False)
    found = by_check(judged(changed(a_report("2021"), t3__granted__person=9)))
    assert found
    assert not any(found.values())


@pytest.mark.parametrize(("cell", "check"), [("t3.next.person", "carry"), ("t2a.norms.force", "stock-norms")])
def test_what_contradicts_the_year_before_may_stand_with_a_reason(cell, check):
    """That report was handed in: nothing in this one mends it."""
    last = {**a_book("2021").last, cell: Decimal(55)}
    found = judged(a_report("2021", last=last))
    assert by_check(found) == {check: True}
    assert found[0].name.startswith(f"{check} ")


def test_what_a_text_should_say_may_be_answered_for():
    report = a_report("2021")
    silent = replace(report, filing=replace(report.filing, sections=tuple(
        replace(one, text="") if one.heading.startswith("六") else one for one in report.filing.sections)))
    assert by_check(judged(silent)) == {"fee": True}


def test_another_years_days_in_the_text_may_be_meant_and_in_the_title_may_not():
    report = a_report("2021")
    said = report.filing.sections[0].text
    assert by_check(judged(texts(report, f"{said}\n五年规划期为2021年1月1日至2026年12月31日。"))) == {"year": True}
    assert by_check(judged(replace(report, filing=replace(report.filing, title="某某年度报告")))) == {"year": False}


def test_the_same_fault_has_the_same_name_and_another_place_another():
    found = [one.name for one in judged(changed(a_report("2021"), t3__granted__person=9))]
    assert found == [one.name for one in judged(changed(a_report("2021"), t3__granted__person=9))]
    assert len(found) == len(set(found))


def test_open_data_name_nobody():
    """Who recorded a fact and what they noted stays in the house; the number goes out."""
    facts = {**a_book("2021").facts, "t3.new.person": Fact(value=Decimal(5), by="郑统计", at=AT, note="张三来信")}
    report = a_report("2021", facts=facts)
    inside, outside = (excel_text(WRITERS["xlsx"](one, a_dress())) for one in (report, public(report)))
    assert "张三来信" in inside
    for name in ("郑统计", "陈文书", "张三来信"):
        assert name not in outside
    assert public(report).filing == report.filing


def test_a_paper_is_called_by_the_report_and_no_two_alike():
    title = a_report("2021").filing.title
    names = [called(title, name) for name in ("report.pdf", "report.docx", "report.xlsx", "report.csv", "report.json", "rows.csv", "rows.json", "report.html")]
    assert len(set(names)) == len(names)
    assert names[0] == f"{title}.pdf"
    assert called("一/二:三\x00", "report.xlsx", note="（草稿）") == "一_二_三_（数据表）（草稿）.xlsx"


def test_a_report_is_found_by_what_it_is():
    assert keywords(a_report("2021")) == ("政府信息公开", "年度报告", "2025年")
    assert keywords(a_report("monthly"))[1] == "统计"
    assert "统计期限：2025年1月1日至2025年12月31日" in summary(a_report("2021"))
    assert len(summary(a_report("2021"))) < 500

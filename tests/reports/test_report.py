"""A form filled: every number has its origin, sums are made, what nobody recorded stays blank, and text follows the cells."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from content.measures import Measure
from reports.prose import UNKNOWN, ProseError
from reports.report import Added, Counted, Recorded, Unknown, recordable
from tests.reports.stage import a_book, a_form, a_report


def test_every_number_says_where_it_comes_from():
    cells = a_report("2021").cells
    assert cells["items"].origin == Counted(measure=Measure())
    assert cells["channels.board"].origin == Counted(measure=Measure(kinds=("board",)))
    assert isinstance(cells["t3.new.person"].origin, Recorded)
    assert cells["t4.cases.r_total"].origin == Added(of=("t4.cases.r_upheld", "t4.cases.r_corrected", "t4.cases.r_other", "t4.cases.r_open"))


def test_sums_of_rows_and_columns_are_made_also_where_they_cross():
    values = a_report("2021").filing.cells
    assert [values[f"t3.{row}.total"] for row in ("new", "carried", "granted", "petition", "done", "next")] == [7, 1, 4, 2, 6, 2]


def test_a_sum_of_sums_is_made_whatever_their_order():
    assert a_report("2008").filing.cells["stat.replied"] == 3


def test_what_nobody_recorded_is_blank_in_the_cell_and_in_the_text():
    book = a_book("2021")
    report = a_report("2021", facts={address: fact for address, fact in book.facts.items() if address != "t3.new.person"})
    assert report.missing() == ["t3.new.person"]
    assert report.filing.cells["t3.new.total"] is None
    assert report.cells["t3.new.person"].origin == Unknown()
    assert f"新收政府信息公开申请{UNKNOWN}件" in report.text(report.form.parts[0])


def test_a_number_in_the_text_is_the_cells_and_cannot_drift():
    text = a_report("2021").text(a_form("2021").parts[0])
    assert "主动公开政府信息346条" in text
    assert "其中政府网站320条、公告栏70条、微信公众号84条" in text
    edited = a_report("2021", texts={"overview": "全年公开{items}条。"})
    assert edited.text(edited.form.parts[0]) == "全年公开346条。"


def test_the_report_of_2017_names_what_is_in_no_category_and_the_share_in_full_text():
    text = a_report("2008").text(a_form("2008").parts[2])
    assert "机构职能类28条、工作信息263条、未归类55条" in text
    assert "全文电子化达100%" in text


@pytest.mark.parametrize("text", ["公开{itmes}条。", "公开{items条。"])
def test_a_text_that_speaks_of_what_is_not_there_is_refused(text):
    with pytest.raises(ProseError):
        a_report("2021", texts={"overview": text})


def test_money_is_written_without_needless_zeros():
    report = a_report("2021")
    facts = {**a_book("2021").facts, "fee": replace(a_book("2021").facts["fee"], value=Decimal("12.50"))}
    assert "信息处理费12.5元" in a_report("2021", facts=facts).text(report.form.parts[5])


def test_facts_may_be_recorded_for_what_is_neither_counted_nor_added():
    facts = recordable(a_form("2021"))
    assert "t3.new.person" in facts
    assert facts["t2d.fees"] == 6
    assert not {"t3.new.total", "t3.done.person", "items", "channels.website"} & set(facts)

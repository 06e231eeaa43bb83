"""Excel: numbers are numbers, sums are sums, a chart over the cells, and every number's origin in one list."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from reports.prose import UNKNOWN
from reports.writers import excel
from tests.reports import papers
from tests.reports.papers import a_dress, with_gaps, written
from tests.reports.stage import a_report


def test_there_is_a_sheet_a_table_one_in_front_and_one_of_origins() -> None:
    names = papers.excel(written("2008")["xlsx"]).sheetnames
    assert names == ["说明", "主要类别", "公开渠道", "政府信息公开情况统计表", "数据来源"]


def test_numbers_are_numbers() -> None:
    sheet = papers.excel(written("2008")["xlsx"])["公开渠道"]
    assert [[cell.value for cell in row] for row in sheet["A5:B7"]] == [["政府网站", 320], ["公告栏", 70], ["微信公众号", 84]]
    money = papers.excel(written("2021")["xlsx"])["第二十条第（八）项"]
    assert money["B5"].value == 0.092


def test_sums_are_sums_and_show_what_the_report_says() -> None:
    shown, counts = (papers.excel(written("2021")["xlsx"], formulas=formulas)["收到和处理政府信息公开申请情况"] for formulas in (False, True))
    assert (shown["H7"].value, counts["H7"].value) == (7, "=SUM(B7,C7,D7,E7,F7,G7)")
    done = next(row for row in shown.iter_rows() if row[0].value == "（七）总计")
    assert [cell.value for cell in done[1:]] == [4, 0, 0, 0, 2, 0, 6]
    assert counts[done[1].coordinate].value.startswith("=SUM(B10,B11,B13")


def test_a_gap_is_no_zero_and_no_sum_is_made_over_it() -> None:
    sheet = papers.excel(excel.write(with_gaps(), a_dress()), formulas=True)["收到和处理政府信息公开申请情况"]
    assert (sheet["B7"].value, sheet["H7"].value) == (UNKNOWN, UNKNOWN)


def test_the_channels_have_a_native_chart_over_their_own_cells_that_is_told_in_words() -> None:
    with zipfile.ZipFile(io.BytesIO(written("2008")["xlsx"])) as package:
        charts = [etree.fromstring(package.read(name)) for name in sorted(package.namelist()) if name.startswith("xl/charts/chart")]
        drawings = "".join(package.read(name).decode() for name in package.namelist() if name.startswith("xl/drawings/drawing"))
    space = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
    over = [[formula.text for formula in one.iterfind(".//c:ser//c:f", space)] for one in charts]
    assert over == [["主要类别!$A$5:$A$7", "主要类别!$B$5:$B$7"], ["公开渠道!$A$5:$A$7", "公开渠道!$B$5:$B$7"]]
    assert "条形图，公开渠道：政府网站320条、公告栏70条、微信公众号84条。" in drawings


def test_every_number_has_its_origin_in_the_list() -> None:
    sheet = papers.excel(written("2021")["xlsx"])["数据来源"]
    found = {row[0]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert set(found) == set(a_report("2021").cells)
    assert found["items"][4:8] == (346, "条", "台账统计", "items")
    assert found["t3.new.person"][6:10] == ("登记", None, "陈文书", "2026-01-10 09:00")
    assert found["t3.new.person"][2:4] == ("一、本年新收政府信息公开申请数量", "自然人")
    assert found["t3.new.total"][6] == "合计"


def test_its_heads_stay_in_sight_and_repeat_on_paper() -> None:
    sheet = papers.excel(written("2021")["xlsx"])["收到和处理政府信息公开申请情况"]
    assert sheet.freeze_panes == "B7"
    assert sheet.print_title_rows == "$4:$6"
    assert {"B4:H4", "C5:G5"} <= {str(span) for span in sheet.merged_cells.ranges}


def test_two_tables_of_one_title_have_two_sheets() -> None:
    names = papers.excel(written("2019")["xlsx"]).sheetnames
    assert len(names) == len(set(names)) == len(a_report("2019").form.tables) + 2


def test_every_row_is_as_tall_as_its_words() -> None:
    """Not every program finds that by itself; words that run over those below cannot be read."""
    book = papers.excel(written("2008")["xlsx"])
    table, origins, front = book["政府信息公开情况统计表"], book["数据来源"], book["说明"]
    tall = {row[0].value: table.row_dimensions[row[0].row].height for row in table.iter_rows(min_row=4)}
    assert tall["（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）"] == 36
    assert tall["4.危及国家安全、公共安全、经济安全和社会稳定"] == 36
    assert tall["5.其他方式公开政府信息数"] == tall["统计指标"] == 18
    assert max(origins.row_dimensions[row].height for row in range(2, origins.max_row + 1)) >= 54
    assert next(front.row_dimensions[row[0].row].height for row in front.iter_rows() if row[0].value == "统计") == 36

"""A report in six formats: the same numbers in each, the same bytes always, and what nobody recorded is seen in all of them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from reports.filing import read
from reports.forms import known
from reports.forms.reading import read as read_form
from reports.prose import UNKNOWN
from reports.report import fill, measures
from reports.writers import WRITERS, write
from tests.builders import an_office
from tests.reports.papers import SEED, a_dress, excel, excel_text, figures, pdf_text, rows, said, with_gaps, word_text, written
from tests.reports.stage import SCOPE, a_book, a_form, a_report

GOLDENS = Path(__file__).parent / "goldens"
ROOT = Path(__file__).parents[2]
ELSEWHERE = """
import hashlib, json, sys
from tests.reports.papers import written
print(json.dumps({name: {ending: hashlib.sha256(data).hexdigest() for ending, data in written(name).items()} for name in sys.argv[1:]}))
"""


def test_there_is_one_file_a_format() -> None:
    assert {f"report.{ending}" for ending in WRITERS} == set(write(a_report("2008"), a_dress()))
    assert set(WRITERS) == {"docx", "pdf", "html", "xlsx", "csv", "json"}


@pytest.mark.parametrize("ending", sorted(WRITERS))
def test_every_number_of_the_report_of_2017_is_in_every_format(ending: str) -> None:
    report, text = a_report("2008"), said("2008", ending)
    assert set(map(Decimal, SEED)) <= figures(text)
    assert {value for value in report.filing.cells.values() if value is not None} <= figures(text)
    assert "未归类" in text


@pytest.mark.parametrize("name", known())
@pytest.mark.parametrize("ending", ["docx", "pdf", "html"])
def test_each_form_is_written_with_every_part_and_every_row(name: str, ending: str) -> None:
    report, text = a_report(name), "".join(said(name, ending).split())
    for section in report.filing.sections:
        assert section.heading in text
    for part in report.form.parts:
        for table in (report.form.tables[one] for one in part.tables):
            for row in table.rows:
                assert row.label in text
            for column in table.columns:
                assert column.label in text


def test_the_same_report_is_the_same_bytes_in_another_process_and_zone() -> None:
    around = {**os.environ, "TZ": "America/New_York", "PYTHONHASHSEED": "7", "LC_ALL": "C.UTF-8"}
    there = subprocess.run([sys.executable, "-c", ELSEWHERE, "2008", "2021"], cwd=ROOT, env=around, capture_output=True, text=True, check=True)
    here = {name: {ending: hashlib.sha256(data).hexdigest() for ending, data in written(name).items()} for name in ("2008", "2021")}
    assert json.loads(there.stdout) == here


def test_the_same_report_twice_is_the_same_bytes() -> None:
    again = write(a_report("2019"), a_dress())
    assert {name.removeprefix("report."): data for name, data in again.items()} == written("2019")


def test_another_number_is_another_file_in_every_format() -> None:
    book = a_book("2008")
    facts = {**book.facts, "stat.trained": replace(book.facts["stat.trained"], value=Decimal(41))}
    again = write(a_report("2008", facts=facts), a_dress())
    assert [ending for ending in WRITERS if again[f"report.{ending}"] == written("2008")[ending]] == []


@pytest.mark.parametrize(("name", "ending"), [("2008", "docx"), ("2008", "xlsx"), ("2021", "docx"), ("2021", "xlsx"), ("2021", "csv"), ("2008", "json")])
def test_what_stands_in_a_file_is_what_was_accepted(name: str, ending: str, golden) -> None:
    text = said(name, ending) if ending != "json" else written(name)[ending].decode()
    golden.check(GOLDENS / f"{name}.{ending}.txt", text.removeprefix("\ufeff").replace("\r\n", "\n").encode())


def test_what_nobody_recorded_stands_in_each_file_as_a_gap() -> None:
    files = write(with_gaps(), a_dress())
    assert word_text(files["report.docx"]).count(UNKNOWN) == 4  # twice in the text, in the cell and in its sum
    assert pdf_text(files["report.pdf"]).count(UNKNOWN) == 4
    assert files["report.html"].decode().count(f"<mark>{UNKNOWN}</mark>") == 4
    assert UNKNOWN in excel_text(files["report.xlsx"])
    blank = [row["address"] for row in rows(files["report.csv"]) if not row["value"]]
    assert blank == ["t3.new.person", "t3.new.total", "fee"]
    assert [address for address, value in json.loads(files["report.json"])["cells"].items() if value is None] == ["fee", "t3.new.person", "t3.new.total"]


def test_a_report_that_says_zero_has_no_gap() -> None:
    assert not [ending for ending in WRITERS if UNKNOWN in said("2021", ending)]


@pytest.mark.parametrize("name", known())
def test_the_json_is_read_back_as_what_the_report_says(name: str) -> None:
    assert read(json.loads(written(name)["json"]), a_form(name)) == a_report(name).filing


def test_the_json_says_where_each_number_comes_from() -> None:
    found = json.loads(written("2021")["json"])
    origins = found["origins"]
    assert set(origins) == set(found["cells"])
    assert origins["items"] == {"origin": "counted", "label": "主动公开条数", "unit": "条", "measure": "items"}
    assert origins["t3.new.person"]["by"] == "陈文书"
    assert origins["t4.cases.r_total"]["of"] == ["t4.cases.r_upheld", "t4.cases.r_corrected", "t4.cases.r_other", "t4.cases.r_open"]
    assert found["as_of"] == "2026-01-10T09:00:00+00:00"


def test_the_csv_has_a_row_for_every_number_with_its_origin() -> None:
    found = {row["address"]: row for row in rows(written("2008")["csv"])}
    assert set(found) == set(a_report("2008").cells)
    assert (found["channels.website"]["value"], found["channels.website"]["measure"]) == ("320", "items kind=website")
    assert found["full_text"]["label"] == "主动公开条数（政府网站，全文）"
    assert (found["stat.trained"]["origin"], found["stat.trained"]["by"], found["stat.trained"]["unit"]) == ("recorded", "陈文书", "人次")
    assert (found["stat.received"]["origin"], found["stat.received"]["measure"]) == (
        "added", "stat.in_person + stat.by_fax + stat.online + stat.by_letter")
    assert found["stat.press_head"]["label"].endswith("1.参加或举办新闻发布会总次数 / 其中：主要负责同志参加新闻发布会次数")
    assert (found["boards"]["label"], found["boards"]["unit"]) == ("政府信息公开栏", "个")


def test_a_note_that_a_spreadsheet_would_calculate_is_words_and_a_change_below_zero_a_number() -> None:
    book = a_book("2019")
    facts = {**book.facts, "t2c.penalties.change": replace(book.facts["t2c.penalties.change"], note='=HYPERLINK("https://example.com")')}
    files = write(a_report("2019", facts=facts), a_dress())
    row = next(row for row in rows(files["report.csv"]) if row["address"] == "t2c.penalties.change")
    assert (row["value"], row["note"]) == ("-3", '\'=HYPERLINK("https://example.com")')


def test_what_was_recorded_abroad_stands_by_the_offices_clocks() -> None:
    zone, book = timezone(timedelta(hours=8)), a_book("2021")
    assert book.facts["fee"].at == datetime(2026, 1, 10, 9, tzinfo=UTC)
    files = write(a_report("2021", as_of=book.as_of.astimezone(zone)), a_dress())
    assert next(row["at"] for row in rows(files["report.csv"]) if row["address"] == "fee") == "2026-01-10T17:00:00+08:00"


def test_the_months_of_a_form_that_lists_them_are_bars_on_the_page_and_in_excel() -> None:
    form = read_form("months", {
        "form": {"name": "逐月", "title": "{office}{year}年逐月公开情况"}, "part": [{"id": "one", "heading": "一、逐月", "tables": ["months"]}],
        "table": [{"id": "months", "title": "各月公开数", "unit": "条", "rows_from": "months"}]}, SCOPE)
    book = replace(a_book("2021"), counts={measure: measure.month * 3 for measure in measures(form)})
    report = fill(form, an_office(), book)
    assert "条形图，各月公开数：1月3条、2月6条、3月9条" in WRITERS["html"](report, a_dress()).decode()
    assert len(excel(WRITERS["xlsx"](report, a_dress()))["各月公开数"]._charts) == 1
    assert "12月 | 36" in word_text(WRITERS["docx"](report, a_dress()))


@pytest.mark.parametrize("ending", ["docx", "pdf", "html", "xlsx"])
def test_the_rule_of_counting_and_the_instant_stand_beside_the_numbers(ending: str) -> None:
    text = "".join(said("2008", ending).split())
    assert "统计口径：不同渠道和方式公开相同信息计1条。" in text
    assert "统计期限：2017年1月1日至2017年12月31日。" in text
    assert "数据截至2026年1月10日9时00分的台账。" in text


@pytest.mark.parametrize("ending", ["docx", "pdf", "html", "xlsx"])
def test_a_note_and_the_day_of_signing_are_on_the_paper(ending: str) -> None:
    data = WRITERS[ending](a_report("2008"), a_dress(note="（草稿，尚未冻结）"))
    read_back = {"docx": word_text, "pdf": pdf_text, "xlsx": excel_text, "html": lambda data: data.decode()}[ending]
    assert "（草稿，尚未冻结）" in read_back(data)
    assert "2018年2月5日" in read_back(data)

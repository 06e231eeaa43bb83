"""`gongkai report check`: a report that holds, one that does not, and what is no report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from tests.reports.stage import a_report


def check(file: Path, *words: str) -> Result:
    """`gongkai report check FILE words`, in this process and without a house."""
    return CliRunner().invoke(app, ["report", "check", str(file), *words])


def a_file(tmp_path: Path, name: str = "2021", **changes: object) -> Path:
    said = a_report(name).filing.as_json()
    cells = {**said["cells"], **changes.pop("cells", {})}  # type: ignore[dict-item]  # a test's own
    file = tmp_path / "report.json"
    file.write_text(json.dumps({**said, "cells": cells, **changes}, ensure_ascii=False), encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["2008", "2019", "2021", "website", "monthly"])
def test_a_report_that_holds_passes(tmp_path, name):
    done = check(a_file(tmp_path, name))
    assert (done.exit_code, done.stdout[:6]) == (0, "ok all")


def test_a_report_made_elsewhere_is_told_what_does_not_hold(tmp_path):
    """With the check, the cells and both values; the exit code says that a person has to look."""
    done = check(a_file(tmp_path, cells={"t4.cases.r_total": 3}))
    assert done.exit_code == 1
    assert "✗ T4-r  行政复议总计等于各类结果之和" in done.stdout
    assert "t4.cases.r_total = 3 → t4.cases.r_upheld + t4.cases.r_corrected + t4.cases.r_other + t4.cases.r_open = 1" in done.stdout
    assert "1 of what the form asks for does not hold" in done.stderr


def test_other_programs_read_json_and_csv(tmp_path):
    file = a_file(tmp_path, cells={"t4.cases.r_total": 3})
    [fault] = json.loads(check(file, "--format", "json").stdout)
    assert (fault["check"], fault["cells"], fault["found"]) == ("T4-r", ["t4.cases.r_total"], "t4.cases.r_total = 3")
    assert check(file, "--format", "csv").stdout.splitlines()[1].startswith("T4-r,equal,t4.cases.r_total,t4.cases.r_total = 3,")


def test_a_report_that_names_no_form_is_held_to_that_of_its_year(tmp_path):
    said = a_report("2021").filing.as_json()
    file = tmp_path / "report.json"
    file.write_text(json.dumps({name: value for name, value in said.items() if name != "form"}), encoding="utf-8")
    assert check(file).exit_code == 0


def test_channels_and_categories_of_any_office_are_rows(tmp_path):
    """One that we have no name for is called as the file calls it."""
    done = check(a_file(tmp_path, cells={"channels.gazette": 12}))
    assert done.exit_code == 0


@pytest.mark.parametrize(("content", "told"), [
    (b"{", "is no JSON in UTF-8"),
    ("清".encode("gb18030"), "is no JSON in UTF-8"),
    (b"[]", "name the form"),
    (b'{"form": "1999"}', "there is no form '1999'"),
    (b'{"form": "2021"}', 'it needs "gongkai_filing": 1 at its top'),
    ((b'{"form": "2021", "gongkai_filing": 1, "office": "x", "title": "y", "year": 2024, "period": ["2024-01-01", "2024-12-31"],'
     b' "cells": {"t3.nwe.total": 1}}'), "'t3.nwe.total' is an unknown figure in the form 2021"),
])
def test_what_is_no_report_is_a_clear_line_and_exit_code_2(tmp_path, content, told):
    file = tmp_path / "report.json"
    file.write_bytes(content)
    done = check(file)
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_file_that_is_not_there_is_a_clear_line(tmp_path):
    done = check(tmp_path / "nowhere.json")
    assert done.exit_code == 2
    assert "cannot be read: No such file or directory" in done.stderr


def test_of_a_published_report_exactly_what_is_wrong_is_named():
    """It names 28 and 263 items of two classes, which leave 55 unexplained, and came without the statistics table. All else holds."""
    done = check(Path(__file__).parents[2] / "examples" / "juzizhou-2017" / "published.json", "--format", "json")
    assert [(fault["check"], fault["cells"], fault["found"], fault["expected"]) for fault in json.loads(done.stdout)] == [
        ("categories", ["stat.items"], "stat.items = 346", "categories.机构职能类 + categories.各类工作信息 = 291"),
        ("filled", ["附表：政府信息公开情况统计表"], "没有给出这里的表（52格）", "附上表格，没有的填0")]


def test_a_table_that_is_not_there_is_one_line_and_a_blank_in_one_that_is_there_its_own(tmp_path):
    said = a_report("2021").filing.as_json()["cells"]
    cells = {address: value for address, value in said.items() if not address.startswith("t4.")} | {"t3.new.person": None}
    file = tmp_path / "report.json"
    file.write_text(json.dumps({**a_report("2021").filing.as_json(), "cells": cells}), encoding="utf-8")
    found = [(fault["cells"], fault["found"]) for fault in json.loads(check(file, "--format", "json").stdout)]
    assert found == [(["四、政府信息公开行政复议、行政诉讼情况"], "没有给出这里的表（15格）"), (["t3.new.person"], "空白")]

"""Forms are data, and a form that does not hold is refused with the place in it."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from reports.forms import Scope, form, known
from reports.forms.reading import read
from reports.forms.values import FormError
from tests.reports.stage import a_form

LITTLE = """
[form]
name = "小表"
title = "{office}{year}年"

[[part]]
id = "all"
heading = "一、情况"
text = "公开{items}条，{t.sum}件。"
tables = ["t"]

[measures]
items = "items"

[[table]]
id = "t"
rows = [{ id = "a", label = "甲" }, { id = "b", label = "乙" }, { id = "sum", label = "合计", adds = ["a", "b"] }]

[[check]]
id = "sum"
rule = "equal"
left = ["t.sum"]
right = ["t.a", "t.b"]
says = "合计等于甲加乙"
"""


def reading(text: str, scope: Scope | None = None) -> Any:
    return read("little", tomllib.loads(text), scope or Scope())


def test_table_3_has_25_rows_of_numbers_by_7_columns_and_table_4_three_by_five():
    tables = a_form("2021").tables
    assert (len([row for row in tables["t3"].rows if not row.group]), len(tables["t3"].columns)) == (25, 7)
    assert [sum(column.under == name for column in tables["t4"].columns) for name in dict.fromkeys(c.under for c in tables["t4"].columns)] == [5, 5, 5]


def test_the_trial_format_has_one_row_for_what_is_handled_otherwise():
    assert len([row for row in a_form("2019").tables["t3"].rows if not row.group]) == 23


def test_the_statistics_table_has_its_nine_groups_in_order():
    labels = [row.label for row in a_form("2008").tables["stat"].rows if row.level == 0]
    assert [label[0] for label in labels] == list("一二三四五六七八九")


@pytest.mark.parametrize("name", known())
def test_each_form_has_a_title_and_headings_that_a_reader_can_tell_apart(name):
    made = a_form(name)
    assert "{year}" in made.title
    assert len({part.heading for part in made.parts}) == len(made.parts)


def test_a_new_form_is_a_new_file():
    assert sorted(reading(LITTLE).addresses()) == ["items", "t.a", "t.b", "t.sum"]


@pytest.mark.parametrize(("old", "new", "told"), [
    ("{items}条", "{itmes}条", "form little: part 'all': its text speaks of {itmes}, an unknown figure"),
    ('items = "items"', 'items = "item"', "'item' is no figure; a figure begins with items, corrections, withdrawn, urgent"),
    ('items = "items"', 'items = "items kind"', "'kind' narrows nothing"),
    ('rule = "equal"', 'rule = "prose"\nwording = "itmes"', "check 'sum' has the wording 'itmes'; known are items, requests"),
    ('right = ["t.a", "t.b"]', 'right = ["t.a", "t.c"]', "check 'sum' speaks of 't.c', an unknown figure"),
    ('adds = ["a", "b"]', 'adds = ["a", "c"]', "table t: row 'sum' adds ['c'], which are not there"),
    ('id = "b"', 'id = "a"', "two row of table ts are called 'a'"),
    ('id = "t"\n', 'id = "t"\nbelow = ["联系人：{contact}"]\n', "table t: {contact} in the lines around it says nothing"),
    ('title = "{office}{year}年"', 'title = "{office}{year}年"\ndue = "31-01"', "month must be in 1..12"),
    ('rule = "equal"', 'rule = "equals"', "'equals' is not a valid Rule"),
    ('tables = ["t"]', 'tables = ["u"]', "part 'all' shows the table 'u', which is not there"),
    ('id = "sum"\nrule', 'each = "rows:u"\nid = "sum"\nrule', "repeated over 'rows:u'; say rows:TABLE or columns:TABLE"),
    ('title = "{office}{year}年"', "", "'title' is missing"),
    ('tables = ["t"]', 'tables = ["t"]\nannex = true\n[[part]]\nid = "more"\nheading = "二、其他"', "annexes come last"),
    ('rule = "equal"', 'rule = "equal"\ncounting = ["distnct"]', "'distnct' is not a valid Counting"),
    ('tables = ["t"]', 'tables = ["t"]\n[[part]]\nid = "more"\nheading = "一、情况"', "two headings are called '一、情况'"),
])
def test_a_form_that_does_not_hold_is_refused_with_the_place_in_it(old, new, told):
    assert old in LITTLE
    with pytest.raises(FormError) as refused:
        reading(LITTLE.replace(old, new))
    assert told in str(refused.value)


def test_a_form_nobody_wrote_is_refused_with_those_there_are():
    with pytest.raises(FormError, match="there is no form '1999'; known are 2008, 2019, 2021"):
        form("1999")


def test_an_office_with_another_channel_has_another_row():
    rows = form("2021", Scope(channels=(("website", "政府网站"), ("screen", "电子信息屏")))).tables["channels"].rows
    assert [(row.label, str(row.measure)) for row in rows] == [("政府网站", "items kind=website"), ("电子信息屏", "items kind=screen")]

"""A part is known by what its heading says: offices number, date and word it in their own ways."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.checks import faults
from reports.filing import Filing, Section
from reports.headings import parts_of
from tests.reports.stage import a_form, a_report


@pytest.mark.parametrize(("heading", "part"), [
    ("一、2017年主要工作总结", "work"), ("一、概述", "work"), ("二、主动公开情况", "disclosed"), ("（二）政府信息主动公开情况", "disclosed"),
    ("三、依申请公开和不予公开情况", "requests"), ("三、政府信息依申请公开办理情况", "requests"), ("四、收费及减免情况", "fees"),
    ("四、依申请公开政府信息收费情况", "fees"), ("五、复议、诉讼情况", "disputes"), ("五、依申请公开引起的行政复议、行政诉讼情况", "disputes"),
    ("六、存在的主要问题及改进情况", "problems"), ("附表:政府信息公开情况统计表", "statistics"), ("", "preamble"), ("七、会议和培训", None)])
def test_a_heading_of_the_years_before_2019_is_known_however_it_is_worded(heading, part):
    [found] = parts_of([Section(heading=heading)], a_form("2008"))
    assert (found and found.id) == part


@pytest.mark.parametrize(("heading", "part"), [
    ("一、总体情况", "overview"), ("总体情况", "overview"), ("1. 总体情况", "overview"), ("三、2025年度收到和处理政府信息公开申请情况", "requests"),
    ("三、依申请公开情况", None), ("五、问题", None)])
def test_the_headings_of_a_national_format_are_its_own_but_for_number_and_year(heading, part):
    [found] = parts_of([Section(heading=heading)], a_form("2021"))
    assert (found and found.id) == part


def headed(filing: Filing, *headings: tuple[str, str]) -> Filing:
    """With some headings in other words."""
    changed = dict(headings)
    return replace(filing, sections=tuple(replace(one, heading=changed.get(one.heading, one.heading)) for one in filing.sections))


def test_words_under_a_heading_of_the_offices_own_are_held_to_the_table():
    filing = headed(a_report("2008").filing, ("三、依申请公开政府信息办理情况", "三、依申请公开情况"))
    sections = tuple(replace(one, text=one.text.replace("申请3件", "申请4件")) for one in filing.sections)
    assert [one.check for one in faults(replace(filing, sections=sections), a_form("2008"))] == ["prose-requests"]


def test_parts_in_another_order_are_still_found():
    filing = a_report("2008").filing
    one, two = filing.sections[3:5]
    swapped = replace(filing, sections=(*filing.sections[:3], two, one, *filing.sections[5:]))
    assert {fault.check for fault in faults(swapped, a_form("2008"))} == {"headings"}

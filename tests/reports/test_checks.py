"""A report that holds passes; each planted error is found by the check that is there for it, and by no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from content.figures import Counting
from reports.checks import faults
from reports.filing import Filing, Section
from reports.forms import Scope, form, in_force, known
from reports.forms.values import Rule
from tests.reports.stage import WEAK, a_form, a_report

Change = Callable[[Filing], Filing]


def cells(**more: int | str | None) -> Change:
    """Some cells changed: `t3__new__person=6`; a number behind `+` or `-` is added."""
    def change(filing: Filing) -> Filing:
        new = dict(filing.cells)
        for name, value in more.items():
            address = name.replace("__", ".")
            old = new[address]
            if isinstance(value, str) and value[0] in "+-" and old is not None:
                new[address] = old + Decimal(value)
            else:
                new[address] = None if value is None else Decimal(value)
        return replace(filing, cells=new)
    return change


def words(part: int, old: str, new: str) -> Change:
    """Some words of a part changed."""
    def change(filing: Filing) -> Filing:
        section = filing.sections[part]
        assert old in section.heading + section.text
        changed = Section(heading=section.heading.replace(old, new), text=section.text.replace(old, new))
        return replace(filing, sections=(*filing.sections[:part], changed, *filing.sections[part + 1:]))
    return change


def also(*changes: Change) -> Change:
    """One after the other."""
    def change(filing: Filing) -> Filing:
        for one in changes:
            filing = one(filing)
        return filing
    return change


PLANTED: dict[tuple[str, str], Change] = {
    ("2021", "channels"): also(cells(items=310), words(0, "346条", "310条")),
    ("2021", "T3-a"): also(cells(t3__next__person="+1", t3__next__total="+1"), words(0, "继续办理2件", "继续办理3件")),
    ("2021", "T3-b"): cells(t3__granted__person="+1", t3__granted__total="+1"),
    ("2021", "T3-c"): also(cells(t3__new__total="+1", t3__next__total="+1"), words(0, "申请7件", "申请8件"),
                            words(0, "继续办理2件", "继续办理3件")),
    ("2021", "T4-r"): cells(t4__cases__r_total="+1"),
    ("2021", "T4-d"): cells(t4__cases__d_other="+1"),
    ("2021", "T4-a"): cells(t4__cases__a_open="+1"),
    ("2021", "carry"): lambda filing: replace(filing, last={**filing.last, "t3.next.legal": Decimal(1)}),
    ("2021", "stock-rules"): cells(t2a__rules__made="+1"),
    ("2021", "stock-norms"): cells(t2a__norms__force="+1"),
    ("2021", "prose-new"): words(0, "申请7件", "申请134件"),
    ("2021", "prose-carried"): words(0, "上年结转1件", "上年结转3件"),
    ("2021", "prose-next"): words(0, "继续办理2件", "继续办理5件"),
    ("2021", "prose-review"): words(0, "（五）", "行政复议案件3件。\n（五）"),
    ("2021", "prose-suits"): words(0, "（五）", "行政诉讼案件3件。\n（五）"),
    ("2021", "prose-disputes"): words(0, "（五）", "行政复议、行政诉讼共3件。\n（五）"),
    ("2021", "prose-items"): words(0, "信息346条", "信息364条"),
    ("2021", "fee"): words(5, "信息处理费", "费用"),
    ("2021", "headings"): lambda filing: replace(filing, sections=(*filing.sections[:4], filing.sections[5])),
    ("2021", "filled"): cells(t2b__licences=None),
    ("2021", "counts"): cells(t2c__coercion="1.5"),
    ("2021", "year"): lambda filing: replace(filing, title=filing.title.replace("2025", "2024")),
    ("2021", "in-force"): lambda filing: replace(filing, cites="国办公开办函〔2019〕60号"),
    ("2021", "units"): lambda filing: replace(filing, units={"channels.wechat": "期"}),
    ("2021", "taken-over"): lambda filing: replace(filing, taken_over=("problems",)),
    ("2008", "total"): cells(channels__wechat=20, channels__board=5),
    ("2008", "total-stat"): cells(stat__website="+40"),
    ("2008", "categories"): cells(categories__未归类=0),
    ("2008", "norms"): cells(stat__norms_public=3),
    ("2008", "press-head"): cells(stat__press_head=1),
    ("2008", "talks-head"): cells(stat__talks_head=1),
    ("2008", "received"): cells(stat__online=1),
    ("2008", "closed"): cells(stat__extended=2),
    ("2008", "replied"): cells(stat__not_ours=1),
    ("2008", "refused"): cells(stat__privacy=1),
    ("2008", "reviews"): cells(stat__r_other=1),
    ("2008", "suits"): cells(stat__s_upheld=1),
    ("2008", "staff"): cells(stat__part_time=1),
    ("2008", "prose-items"): words(2, "信息共346条", "信息共474条"),
    ("2008", "prose-requests"): words(3, "申请3件", "申请4件"),
    ("2008", "prose-reviews"): words(5, "行政复议1件", "行政复议2件"),
    ("2008", "prose-suits"): words(5, "行政诉讼0件", "行政诉讼1件"),
    ("2008", "headings"): lambda filing: replace(filing, sections=(*filing.sections[:4], *filing.sections[5:])),
    ("2008", "year"): lambda filing: replace(filing, first_day=date(2016, 1, 1), last_day=date(2016, 12, 31)),
    ("website", "answered"): cells(services__answered=1),
    ("website", "full-text"): cells(full_text="+1"),
    ("website", "explanations"): cells(explained__papers=1),
    ("monthly", "columns"): cells(columns__tongzhi="+1"),
}


@pytest.mark.parametrize("name", known())
def test_a_report_whose_numbers_hold_passes(name):
    assert [str(fault) for fault in faults(a_report(name).filing, a_form(name))] == []


@pytest.mark.parametrize(("name", "check"), PLANTED, ids=[f"{name}-{check}" for name, check in PLANTED])
def test_a_planted_error_is_found_by_exactly_its_check(name, check):
    filing = PLANTED[name, check](a_report(name).filing)
    found = faults(filing, a_form(name))
    assert {fault.check for fault in found} == {check}, "\n".join(map(str, found))


@pytest.mark.parametrize("name", ["2008", "2021"])
def test_every_check_of_the_statutory_forms_has_its_planted_error(name):
    """Those that all forms share are planted once."""
    planted = {check for form, check in PLANTED if form in (name, "2021")}
    assert {check.id for check in a_form(name).checks} <= planted


def test_a_fault_names_check_cells_and_both_values():
    filing = PLANTED["2021", "T3-a"](a_report("2021").filing)
    fault = faults(filing, a_form("2021"))[0]
    assert str(fault) == ("T3-a  t3.new.person t3.carried.person: t3.new.person + t3.carried.person = 6 ≠ "
                          "t3.done.person + t3.next.person = 7  本年新收加上年结转，等于本年办理结果总计加结转下年度")


@pytest.mark.parametrize(("counting", "items", "holds"), [
    (Counting.DISTINCT, 346, True), (Counting.DISTINCT, 475, False), (Counting.DISTINCT, 319, False), (Counting.SUM, 474, True),
    (Counting.SUM, 346, False), (Counting.WEBSITE, 320, True), (Counting.WEBSITE, 346, False)])
def test_the_total_is_held_to_the_counting_rule_that_is_printed(counting, items, holds):
    filing = also(cells(items=items), words(0, "346条", f"{items}条"))(a_report("2021").filing)
    found = {fault.check for fault in faults(replace(filing, counting=counting), a_form("2021"))}
    assert found == (set() if holds else {"channels"})


def test_the_websites_own_total_is_held_to_the_site_and_to_the_column_on_the_upstream_portal():
    scope = Scope(channels=(("board", "公告栏"), ("website", "政府网站"), ("portal", "区政府门户")))
    cells = {"items": 5, "channels.board": 9, "channels.website": 4, "channels.portal": 3}

    def found(items: int) -> set[str]:
        said = replace(a_report("monthly").filing, counting=Counting.WEBSITE, cells={**dict.fromkeys(cells, Decimal()), **{
            name: Decimal(value) for name, value in {**cells, "items": items}.items()}})
        return {fault.check for fault in faults(said, form("monthly", scope))}

    assert [found(items) for items in (3, 4, 7, 8)] == [{"channels"}, set(), set(), {"channels"}]


def test_a_preamble_stands_without_a_heading_and_nobody_misses_it():
    filing = a_report("2008").filing
    assert filing.sections[0].heading == ""
    assert faults(replace(filing, sections=filing.sections[1:]), a_form("2008")) == []
    headed = replace(filing.sections[0], heading="概述")
    assert faults(replace(filing, sections=(headed, *filing.sections[1:])), a_form("2008")) == []


def test_blank_is_not_zero():
    """A sum with a blank in it says nothing; the blank itself is found."""
    found = faults(cells(t3__secret__person=None, t3__secret__total=None)(a_report("2021").filing), a_form("2021"))
    assert {(fault.check, *fault.cells) for fault in found} == {("filled", "t3.secret.person"), ("filled", "t3.secret.total")}


def test_a_gap_that_the_form_left_in_a_text_is_found_once_the_numbers_are_there():
    """An office that writes nothing of its problems would publish 〔待填〕; where a number is blank the gap may be its own."""
    filing = words(4, WEAK, "〔待填〕")(a_report("2021").filing)
    assert {(fault.check, *fault.cells, fault.left) for fault in faults(filing, a_form("2021"))} == {
        ("filled", "五、存在的主要问题及改进情况", "正文还留着〔待填〕")}
    blank = cells(t2b__licences=None)(filing)
    assert {(fault.check, *fault.cells) for fault in faults(blank, a_form("2021"))} == {("filled", "t2b.licences")}


def test_a_form_that_was_withdrawn_is_found():
    """One town filed for 2022 with the tables of 2019."""
    filing = replace(a_report("2019").filing, year=2022, title="2022年", first_day=date(2022, 1, 1), last_day=date(2022, 12, 31), sections=())
    assert "in-force" in {fault.check for fault in faults(filing, a_form("2019"))}


def test_a_misprinted_document_number_in_the_text_is_found():
    """One street office printed 公开办涵."""
    filing = words(0, "（五）", "依据国办公开办涵〔2021〕30号编制。\n（五）")(a_report("2021").filing)
    assert [fault.left for fault in faults(filing, a_form("2021"))] == ["国办公开办涵〔2021〕30号"]


@pytest.mark.parametrize(("year", "name"), [(2017, "2008"), (2018, "2008"), (2019, "2019"), (2020, "2019"), (2021, "2021"), (2026, "2021")])
def test_each_year_has_its_form(year, name):
    found = in_force(year)
    assert found is not None
    assert found.id == name


def test_every_rule_is_of_use():
    """A rule that no form uses would be code without a caller."""
    assert {check.rule for name in known() for check in a_form(name).checks} == set(Rule)

"""A number in the text is found however an office words it, and what speaks of a part or of another year is left alone."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reports.checks import faults
from reports.filing import Section
from reports.forms.values import Rule
from reports.freezing import judged
from reports.wording import plain, wordings
from tests.reports.stage import a_form, a_report

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("wordings.toml").read_text(encoding="utf-8"))["case"]
FORM = a_form("2021")
PROSE = {check.id: check for check in FORM.checks if check.rule is Rule.PROSE}
#: whatever a sentence says, no check of it may take this for the table's number
ELSE = 31_000


def found(text: str, numbers: dict[str, int]) -> dict[str, str]:
    """By check, what is found wrong in a sentence, where the tables hold these numbers and ELSE everywhere besides."""
    report = a_report("2021").filing
    cells = {**report.cells, **{address: Decimal(ELSE) for check in PROSE.values() for address in check.left}}
    for name, number in numbers.items():
        first, *others = PROSE[name].left
        cells |= {first: Decimal(number), **dict.fromkeys(others, Decimal())}
    said = replace(report, cells=cells, sections=(Section(heading=report.sections[0].heading, text=text), *report.sections[1:]))
    return {one.check: one.left for one in faults(said, FORM) if one.rule is Rule.PROSE}


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:40] for case in CASES])
def test_a_sentence_is_held_to_the_table_for_what_it_says_and_for_nothing_else(case):
    reads = case.get("reads", {})
    assert found(case["text"], {}).keys() == reads.keys()
    assert found(case["text"], reads) == {}


def test_every_wording_stands_in_some_sentence_and_in_some_form():
    assert {check.pattern for name in ("2008", "2021") for check in a_form(name).checks if check.rule is Rule.PROSE} == {
        one["number"] for one in wordings().values()}
    assert {name for case in CASES for name in case.get("reads", {})} == PROSE.keys()


def test_a_text_is_read_without_blanks_and_in_narrow_digits():
    assert plain("申请 １，３４０ 件，\n答复　2,5 件") == "申请1340件,\n答复2,5件"


def test_a_number_that_the_check_took_wrongly_may_stand_with_a_reason():
    """It guesses at language, so somebody may know better."""
    report = a_report("2021")
    first, *others = report.filing.sections
    said = replace(first, text=first.text + "\n五年来街道主动公开政府信息1800条。")
    judgement = judged(replace(report, filing=replace(report.filing, sections=(said, *others))))
    assert [(one.fault.check, one.answerable) for one in judgement] == [("prose-items", True)]

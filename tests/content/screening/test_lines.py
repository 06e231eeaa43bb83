"""Screening held to lines of real-looking government text: what must be found, and what must be left alone."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from content.screening import Severity, mask_words, screen_words
from content.screening.rules import RULES
from tests.content.screening.corpus import harmless_lines, true_lines, words

EXAMPLES = Path(__file__).parents[3] / "examples" / "juzizhou-2017"


def test_nothing_is_missed_and_nothing_harmless_is_stopped(capsys):
    """Counted by rule and printed: a clerk who is stopped without cause stops reading."""
    found: Counter[str] = Counter()
    missed, alarms = [], []
    for rule, line in true_lines():
        rules = {one.rule for one in screen_words(words(line))}
        found[rule] += 1
        if rule not in rules:
            missed.append(f"{rule}: {line}")
    for line in harmless_lines():
        alarms += [f"{one.rule}: {line} ({one.excerpt})" for one in screen_words(words(line))]
    with capsys.disabled():
        lost, false = (Counter(one.partition(":")[0] for one in many) for many in (missed, alarms))
        print(f"\nscreening: {sum(found.values())} true lines, {len(missed)} missed; {len(harmless_lines())} harmless lines, {len(alarms)} false alarms")  # noqa: T201
        for one in RULES:
            print(f"  {one.slug:20} {found[one.slug]:4} true, {lost[one.slug]} missed, {false[one.slug]} false alarms")  # noqa: T201
    assert not missed, "\n".join(missed)
    assert not alarms, "\n".join(alarms)


def test_there_are_lines_enough_and_some_for_every_rule():
    assert len(true_lines()) >= 200
    assert len(harmless_lines()) >= 200
    assert {rule for rule, _ in true_lines()} == {rule.slug for rule in RULES}


def test_no_line_is_found_to_hold_what_it_does_not():
    """A finding of another rule beside the right one would send a clerk looking for nothing."""
    assert {(rule, one.rule) for rule, line in true_lines() for one in screen_words(words(line)) if one.rule != rule} == set()


def test_what_was_masked_is_not_found_again():
    for _, line in true_lines():
        fields = words(line)
        masked = mask_words(fields, screen_words(fields))
        assert [one for one in screen_words(masked) if one.masked is not None] == [], masked


def test_a_finding_repeats_no_secret():
    """Findings are stored, logged and shown to all."""
    for rule, line in true_lines():
        for one in screen_words(words(line)):
            if one.masked is not None:
                text = words(line)[one.field] if one.field != "body" else line
                digits = "".join(filter(str.isdigit, one.excerpt))
                assert not any(number in digits for number in _numbers(text)), (rule, one.excerpt)


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d{11,}", text)


@pytest.mark.parametrize(("line", "masked"), [
    ("身份证号：350481198808080004。", "身份证号：35*************004。"),
    ("身份证号：350481 19880808 0004。", "身份证号：35*************004。"),
    ("身份证号：350481880808001。", "身份证号：35**********001。"),
    ("手机：138 0000 1234", "手机：138****1234"),
    ("电话：+86 13800001234", "电话：138****1234"),
    ("银行卡：6217 8500 0100 0000 3", "银行卡：*************0003"),
    ("家庭住址：岳麓区桔子洲街道望江社区3栋2单元501室。", "家庭住址：岳麓区桔子洲街道（详址略）。"),
    ("家庭住址：清水镇李家村5组23号", "家庭住址：清水镇（详址略）"),
    ("家庭住址：岳麓区桔子洲街道麓山社区阳光花园", "家庭住址：岳麓区桔子洲街道（详址略）"),
    ("家庭住址：清水镇李家村，享受低保。", "家庭住址：清水镇（详址略），享受低保。"),
    ("王某家住桔园小区3栋2单元501室。", "王某家住（详址略）。"),
    ("李某，出生日期：1982年11月3日。", "李某，出生日期：1982年**月**日。"),
])
def test_masks_are_of_one_form(line, masked):
    """永安 2022: first two and last three of the identity number; never first six and last four, which leave little to guess."""
    assert mask_words({"summary": line}, screen_words({"summary": line}))["summary"] == masked


@pytest.mark.parametrize(("line", "severity"), [("机密★10年", Severity.SECRET), ("内部资料　注意保存", Severity.SECRET), ("（此件不公开）", Severity.SECRET),
                                                ("特此请示。", Severity.BLOCK), ("手机13800001234", Severity.BLOCK)])
def test_a_mark_of_secrecy_is_for_two_people_to_let_pass(line, severity):
    assert [one.severity for one in screen_words({"body": f"<p>{line}</p>"})] == [severity]


def test_a_draft_belongs_to_an_item_that_asks_for_opinions():
    draft = "<p>停车管理办法（征求意见稿）</p>"
    assert [one.rule for one in screen_words({"title": "停车管理办法", "body": draft})] == ["process-document"]
    assert screen_words({"title": "关于停车管理办法公开征求意见的公告", "body": draft}) == ()


def test_a_place_is_told_as_a_person_would():
    body = "<p>名单如下。</p><table><tbody><tr><td>姓名</td><td>手机</td></tr><tr><td>张某</td><td>13800001234</td></tr></tbody></table><p>电话13900001234张某</p>"
    assert [one.place for one in screen_words({"body": body})] == ["正文 › 第2行第2列", "正文 › 第4段"]


def test_the_sample_years_words_pass():
    """What the rehearsal publishes goes through this gate: 346 items and four corrections without a finding."""
    wrong = []
    for name in ("items.jsonl", "corrections.jsonl"):
        for line in (EXAMPLES / name).read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            fields = {field: item.get(field) or "" for field in ("title", "short_title", "summary", "body", "source", "change_note", "document_number")}
            wrong += [f"{item['index_number']}: {one.place}: {one.label}: {one.excerpt}" for one in screen_words(fields)]
    assert not wrong, "\n".join(wrong)

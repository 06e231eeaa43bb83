"""Every refusal of the ledger and every verb of its log has words that people read."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

from content.rules import RuleError
from desk.words import SENTENCES, VERBS, did, said
from ledger.errors import LedgerError, StaleError
from ledger.queries import VERBS as VERBS_WRITTEN

ROOT = Path(__file__).parents[2]
CODES: set[str] = set()
WRITTEN: set[str] = set()
for path in [*(ROOT / "ledger").rglob("*.py"), ROOT / "content" / "rules.py"]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call):
            if ast.unparse(node.func).endswith("Error"):
                CODES |= {str(word.value.value) for word in node.keywords if word.arg == "code" and isinstance(word.value, ast.Constant)}
            if isinstance(node.func, ast.Attribute) and node.func.attr == "write" and node.args and isinstance(node.args[0], ast.Constant):
                WRITTEN.add(str(node.args[0].value))
        if isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Constant) and path.name == "errors.py":
            CODES |= {node.value.value} if isinstance(node.value.value, str) else set()
CODES.discard("")
WRITTEN |= set(VERBS_WRITTEN)


def test_enough_codes_were_found_for_this_test_to_mean_something():
    """The search above sees the ledger as it is written."""
    assert {"gate", "stale", "step", "signs_own", "route_lost", "guarded"} <= CODES
    assert "released" in WRITTEN


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_refusal_has_a_sentence_that_holds_without_any_fact(code):
    """A code that the ledger raises is said in Chinese, ends as a sentence does, and needs no fact to be said."""
    assert code in SENTENCES
    with translation.override("zh-hans"):
        words = said(LedgerError("english", code=code))
    assert words.endswith(("。", "english"))
    assert "%(" not in words


@pytest.mark.parametrize("verb", sorted(WRITTEN))
def test_every_verb_of_the_log_has_a_word(verb):
    """The log reads in the reader's language."""
    assert verb in VERBS
    with translation.override("zh-hans"):
        assert did(verb) != verb


def test_a_refusal_says_who_when_and_what_state_in_the_office_s_time():
    """Two people at one draft: the second learns who was first."""
    error = StaleError("", code="edited_meanwhile", index_number="006123456/2024-00017", by="陈文书", at=datetime(2024, 6, 3, 1, 5, tzinfo=UTC),
                       state="in_review")
    with translation.override("zh-hans"):
        assert said(error) == ("006123456/2024-00017 在您打开页面之后有了变化：现在是陈文书在 2024-06-03 09:05 保存的稿子，状态为“审查中”。"
                               "这次操作没有执行，请核对最新内容后再办。")


def test_channels_are_called_by_what_they_are(desk_sqlite):
    """Staff know 微信公众号; they do not know `wechat`."""
    with translation.override("zh-hans"):
        words = said(LedgerError("", code="route_lost", index_number="X-1", channels=["website", "wechat", "closed"]), desk_sqlite.hand)
    assert "政府网站、微信公众号、closed" in words


def test_findings_are_counted_and_a_rule_names_the_step():
    """Facts become words: how many, which step, from which state."""
    with translation.override("zh-hans"):
        assert "还有 2 处" in said(LedgerError(
            "", code="gate", index_number="X-1", keys=["a", "b"]))
        assert said(RuleError("", step="sign_off", state="draft", open=[])).startswith("处于“起草”的信息不能签发")

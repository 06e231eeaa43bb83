"""The log on screen: who did what, and whether it is as it was written."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.db import connection

from desk.roles import Role
from desk.templatetags.book import FACTS
from desk.words import VERBS, did
from ledger import queries
from tests.desk.approvals import drafted, signed, words
from tests.desk.spread import hang, printed
from tests.desk.stage import NAMES, Stage

pytestmark = pytest.mark.ledger
SERVICES = Path(__file__).parents[2] / "ledger" / "services"


def page(desk: Stage, path: str = "", role: Role = Role.SIGNER) -> str:
    answer = desk.browser(role).get(f"/qingshui/audit/{path}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def rows(text: str) -> str:
    """The table alone: the filter names every verb there is."""
    return text.partition('<section class="card log"')[2]


def test_the_log_is_read_backwards_and_in_words(desk: Stage) -> None:
    signed(desk)
    text = rows(page(desk))
    assert text.index("签发") < text.index("审查通过") < text.index("送审") < text.index("起草")
    assert NAMES[Role.SIGNER] in text
    assert "signed off" not in text


def test_it_is_narrowed_by_person_deed_thing_and_day(desk_sqlite: Stage) -> None:
    signed(desk_sqlite)  # on 3 June 2024
    for asked, found, lost in ((f"actor={NAMES[Role.REVIEWER]}", "审查通过", "送审"), ("verb=submitted", "送审", "审查通过"),
                               ("subject=006123456/2024-00001", "送审", "开通单位"), ("since=2024-06-03&until=2024-06-03", "送审", "开通单位"),
                               ("until=2024-06-02", "开通单位", "送审")):
        text = rows(page(desk_sqlite, f"?{asked}"))
        assert found in text, asked
        assert lost not in text, asked
    assert "没有这样的记录" in page(desk_sqlite, "?actor=没有这个人")


@pytest.mark.parametrize("path", ["?actor=%00", "?since=0001-01-01", "?until=9999-12-31", "?verb=nosuch", "?before=" + "9" * 40])
def test_what_nobody_types_is_answered_all_the_same(desk: Stage, path: str) -> None:
    assert "<h1>日志</h1>" in page(desk, path)


def test_older_ones_are_a_page_further(desk_sqlite: Stage) -> None:
    for serial in range(1, 60):
        drafted(desk_sqlite, words(desk_sqlite, serial))
    text = page(desk_sqlite, "?verb=drafted")
    assert "2024-00059" in text
    assert "2024-00009" not in text
    older = text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    rest = page(desk_sqlite, older)
    assert "2024-00009" in rest
    assert "2024-00059" not in rest


def test_a_chain_that_holds_says_so_with_its_last_hash(desk: Stage) -> None:
    signed(desk)
    last = queries.events(office="qingshui", limit=1).rows[0]
    assert last.hash in page(desk)
    text = desk.browser(Role.SIGNER).post("/qingshui/audit/verify/", follow=True).content.decode()
    assert f"链完整，共 {last.seq} 条，最后一条的校验值是 {last.hash}" in text


def test_a_log_that_somebody_altered_is_found_out(desk_sqlite: Stage) -> None:
    """Even where somebody took the database's own guards away first."""
    signed(desk_sqlite)
    tamper("UPDATE ledger_event SET actor = '别人' WHERE seq = 3")
    text = desk_sqlite.browser(Role.SIGNER).post("/qingshui/audit/verify/", follow=True).content.decode()
    assert "链不完整：第 3 条不是当时写下的内容" in text


def tamper(statement: str) -> None:
    """As somebody with the database's password could."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_event'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(statement)


def test_every_verb_has_a_word() -> None:
    """In the ledger's list and in every call that writes one."""
    written = {verb for path in SERVICES.glob("*.py") for verb in _verbs(ast.parse(path.read_text(encoding="utf-8")))}
    assert written, "no verb found; has `write` another name now?"
    assert not {verb for verb in written | set(queries.VERBS) if verb not in VERBS}
    assert not [verb for verb in queries.VERBS if re.search("[a-z]", did(verb))]


def test_every_fact_of_an_event_has_a_word() -> None:
    told = {name for path in SERVICES.glob("*.py") for name in _facts(ast.parse(path.read_text(encoding="utf-8")))}
    assert told
    assert not told - set(FACTS), told - set(FACTS)


def _writes(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            and node.func.attr == "write" and len(node.args) >= 2]


def _verbs(tree: ast.AST) -> set[str]:
    return {part.value for call in _writes(tree) for part in ast.walk(call.args[0]) if isinstance(part, ast.Constant) and isinstance(part.value, str)
            and not isinstance(call.args[0], ast.JoinedStr)}


def _facts(tree: ast.AST) -> set[str]:
    return {word.arg for call in _writes(tree) for word in call.keywords if word.arg}


def test_what_happened_to_a_sheet_is_told_with_its_facts(desk_sqlite: Stage) -> None:
    number = printed(desk_sqlite)
    hang(desk_sqlite, number)
    text = rows(page(desk_sqlite, "?verb=put+up"))
    assert number in text
    assert f"索引号：{number.rpartition('-')[0]}" in text


def test_who_has_nothing_to_do_with_it_is_refused(desk_sqlite: Stage) -> None:
    assert desk_sqlite.browser(Role.CLERK).get("/qingshui/audit/").status_code == 403
    assert desk_sqlite.browser(Role.SIGNER).get("/qingshui/audit/verify/").status_code == 405

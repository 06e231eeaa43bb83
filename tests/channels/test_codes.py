"""What a platform's codes mean: one table in the code, and the same in its page."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from channels.codes import Codes

TABLES = {"wechat": "channels.wechat_codes:TABLE", "weibo": "channels.weibo_codes:CODES", "wecom": "channels.wecom:CODES", "dingtalk": "channels.dingtalk:CODES",
          "mastodon": "channels.mastodon_codes:CODES", "portal": "channels.portal_codes:CODES", "bluesky": "channels.bluesky_codes:CODES"}
ROW = re.compile(r"^\| (-?\d{1,6}|[a-z]+_[a-z_]+|[A-Z][A-Za-z]+) \| (\w+) \| (.+) \|$", re.MULTILINE)
PAGES = Path(__file__).parents[2] / "docs" / "channels"


@pytest.mark.parametrize("kind", TABLES)
def test_the_page_shows_the_table_that_is_at_work(kind: str) -> None:
    """Staff look a code up there; a line changed in one place alone is found here."""
    module, _, name = TABLES[kind].partition(":")
    table: Codes = getattr(import_module(module), name)
    page = (PAGES / f"{kind}.md").read_text(encoding="utf-8")
    shown = {(int(code) if re.fullmatch(r"-?\d+", code) else code, meaning, advice) for code, meaning, advice in ROW.findall(page)}
    assert shown >= {(code, row.meaning.value, row.advice) for code, row in table.rows.items()}
    assert {code for code, _, _ in shown} == set(table.rows)


@pytest.mark.parametrize("kind", TABLES)
def test_every_line_says_what_to_do(kind: str) -> None:
    """What shuts an account out or refuses a post is a person's to mend: the line tells how."""
    module, _, name = TABLES[kind].partition(":")
    table: Codes = getattr(import_module(module), name)
    for code, row in table.rows.items():
        if row.meaning in ("shut", "refused"):
            assert "请" in row.advice or "需要" in row.advice, code

"""Plain text: whatever the encoding, and as it was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.html import dangers, sanitise, text
from content.media import FileError
from content.papers import plain
from content.papers.plain import decode, paragraphs

WORDS = "标题,栏目\r\n关于𠮷村的通告①"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_reads_what_windows_writes(encoding):
    assert decode(WORDS.encode(encoding)) == WORDS


@pytest.mark.parametrize("data", [b"\x00\x01\x02", "一\x07二".encode(), b"\xff\xfe\x00\xd8", b"\xff\xff\xff", b"\x89PNG\r\n\x1a\n"])
def test_refuses_what_is_no_text(data):
    with pytest.raises(FileError, match=r"“说明\.txt”不是纯文本，或编码无法识别。请用记事本打开"):
        decode(data, name="说明.txt")


def test_refuses_what_is_too_much(monkeypatch):
    monkeypatch.setattr(plain, "TEXT_LIMIT", 10)
    with pytest.raises(FileError, match="空文件"):
        decode(b"")
    with pytest.raises(FileError, match="上限"):
        decode(b"x" * 11)


def test_a_line_is_a_paragraph_and_blanks_are_no_indent():
    assert paragraphs("\u3000\u3000一\r\n\r\n  二 三\r四\x0b五\u2028六\t\n\n") == "<p>一</p><p>二 三</p><p>四</p><p>五</p><p>六</p>"
    assert paragraphs(" \n\u3000") == ""


@given(st.text())
def test_text_is_shown_as_it_was_typed(words):
    body = paragraphs(words)
    assert sanitise(body) == body
    assert dangers(body) == []


@given(st.text(alphabet="<>&\"'清水script/onload= \n", max_size=80))
def test_nothing_typed_is_lost(words):
    assert "".join(text(paragraphs(words)).split()) == "".join(words.split())

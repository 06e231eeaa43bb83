"""Two editions compared: nothing of either is lost, and what changed is told by more than colour."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import assume, example, given
from hypothesis import strategies as st

from content.items import Attachment
from desk.comparing import _marked, compare
from tests.builders import an_edition

PARAGRAPHS = st.lists(st.text(alphabet="一二三四五六七八九十甲乙丙丁<&>\"0123456789:", min_size=1, max_size=12), min_size=1, max_size=3)


def side(html: str, *, without: str) -> list[str]:
    """The paragraphs of one side: the other side's words taken out, and the signs for people."""
    html = re.sub(r'<span class="(?:hidden|sign)">[^<]*</span>', "", html)
    gone = "added" if without == "ins" else "gone"
    html = re.sub(rf'<p class="{gone}">.*?</p>\n?', "", html, flags=re.DOTALL)
    html = re.sub(rf"<{without}>.*?</{without}>", "", html, flags=re.DOTALL)
    return [unescape(re.sub(r"</?(?:ins|del)>", "", words)) for words in re.findall(r"<p[^>]*>(.*?)</p>", html, re.DOTALL)]


@example(before=["一", "一", "一"], now=["一", "一"])  # what goes at the end has a neighbour too
@given(before=PARAGRAPHS, now=PARAGRAPHS)
def test_either_edition_can_be_read_back_from_the_comparison(before, now):
    """Without what was added it is the one before, without what was struck out the one now; markup in words stays words."""
    assume(before != now)  # what stayed as it was is only counted
    html = str(_marked(before, now))
    assert side(html, without="ins") == before
    assert side(html, without="del") == now


def test_an_edition_compared_with_itself_differs_in_nothing():
    """And so says the page."""
    assert compare(an_edition(), an_edition()) == ()


def test_a_time_that_changed_changes_as_a_whole():
    """8:30 becomes 9:00, not a stroke here and a digit there."""
    one = compare(an_edition(body="<p>办公时间8:30至12:00，节假日除外。</p>"), an_edition(body="<p>办公时间9:00至12:00，节假日除外。</p>"))
    assert "［删去］</span>8:30</del>" in one[0].html
    assert "［新增］</span>9:00</ins>" in one[0].html


def test_long_stretches_that_stayed_are_counted():
    """A reader sees a paragraph on either side of a change, and how many were left out."""
    same = [f"<p>第{n}段没有动。</p>" for n in range(20)]
    (body,) = compare(an_edition(body="".join(same)), an_edition(body="".join([*same[:10], "<p>插入。</p>", *same[10:]])))
    assert "（9 段没有改动）" in body.html
    assert "第9段没有动" in body.html
    assert "第3段没有动" not in body.html


def test_a_file_whose_bytes_changed_under_its_name_is_told():
    """The same name, another file."""
    one, other = (Attachment(name="名单.xlsx", media_type="application/x", size=1, sha256=letter * 64) for letter in "ab")
    (files,) = compare(an_edition(attachments=(one,)), an_edition(attachments=(other,)))
    assert files.label == "附件"
    assert "文件内容已更换" in files.html

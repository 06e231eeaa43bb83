"""Bodies: what is refused, what is dropped, what stays, and the tree that channels read."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content import html
from content.html import BLOCKS, INLINES, VOID, Node, dangers, image_names, in_one_line, map_images, parse, sanitise, text

TAGS = sorted(BLOCKS | INLINES | {"div", "span", "h1", "font", "marquee", "center", "address", "section"})
WORDS = st.text(alphabet="清水路 施工<>&\"'\n\t\u00a0a1", max_size=8)


@st.composite
def markup(draw: st.DrawFn, depth: int = 4) -> str:
    """Well and badly nested markup of the kind that office programs leave behind."""
    pieces = []
    for _ in range(draw(st.integers(0, 4))):
        tag = draw(st.sampled_from(TAGS))
        match draw(st.integers(0, 5)):
            case 0:
                pieces.append(escape(draw(WORDS)))
            case 1:
                pieces.append(f"</{tag}>")
            case 2:
                pieces.append(f'<{tag} href="{escape(draw(WORDS))}" alt="{escape(draw(WORDS))}" src="图{draw(st.integers(1, 3))}.png" style="x">')
            case _:
                pieces.append(f"<{tag}>{draw(markup(depth=depth - 1)) if depth else draw(WORDS)}</{tag}>")
    return "".join(pieces)


@settings(max_examples=150)
@given(markup() | st.text())
@example("<pre>\n\n\n一</pre>")
@example("<p><marquee><p>一</p></marquee></p>")
@example("<h2><div><h2>一</h2></div></h2>")
def test_a_sanitised_body_stays_the_same_when_sanitised_again(body):
    once = sanitise(body)
    assert sanitise(once) == once
    assert dangers(once) == []


@settings(max_examples=100)
@given(markup())
def test_the_tree_of_a_sanitised_body_holds_all_of_it_and_nothing_else(body):
    """Written out again, the tree says what the body says."""
    clean = sanitise(body)
    tree = parse(clean)
    assert sanitise(_written(tree)) == clean
    assert {node.tag for node in tree.find_all(*TAGS)} <= BLOCKS | INLINES


def _written(node: Node) -> str:
    out = []
    for child in node.children:
        if isinstance(child, str):
            out.append(escape(child, quote=False).replace("\u00a0", "&nbsp;"))
        else:
            attrs = "".join(f' {name}="{escape(value)}"' for name, value in child.attrs.items())
            out.append(f"<{child.tag}{attrs}>" + ("" if child.tag in VOID else f"{_written(child)}</{child.tag}>"))
    return "".join(out)


@pytest.mark.parametrize(("body", "named"), [
    ("<p>一<script>alert(1)</script></p>", ["<script>"]),
    ("<img src='a.png' onerror='x()'>", ["<img onerror=…>"]),
    ("<a href=' JavaScript:x()'>一</a>", ["<a href=' JavaScript:x()'>"]),
    ("<a href='java\nscript:x()'>一</a>", ["<a href='java\\nscript:x()'>"]),
    ("<img src='data:image/png;base64,AAAA'>", ["<img src='data:image/png;base6'>"]),
    ("<svg/onload=x()><IFRAME src='file:///etc/passwd'></IFRAME>", ["<svg>", "<svg onload=…>", "<iframe>", "<iframe src='file:///etc/passwd'>"]),
    ("<form action='https://例.cn'><input></form>", ["<form>", "<input>"]),
])
def test_names_the_markup_for_which_a_body_is_refused(body, named):
    assert dangers(body) == named


def test_an_honest_body_holds_no_danger():
    assert dangers("<p style='x' class='MsoNormal'>见<a href='https://www.gov.cn/' title='中国政府网'>全文</a></p><img src='图.png' alt='图'>") == []


def test_drops_what_office_programs_paste_along_and_keeps_the_words():
    assert sanitise("<h1 style='x'>标题</h1><div class='MsoNormal'><font face='仿宋'>正文</font></div><!-- 批注 --><style>p{}</style>") == (
        "<h2>标题</h2>正文")
    assert sanitise('<a href="ftp://例.cn/一">一</a>') == '<a rel="noopener">一</a>'
    assert sanitise("<p onclick='x()'>一<script>alert(1)</script></p>") == "<p>一</p>"


def test_a_body_that_never_rests_is_refused(monkeypatch):
    class Restless:
        def clean(self, body: str) -> str:
            return body + "<p></p>"

    monkeypatch.setattr(html, "_cleaner", Restless())
    with pytest.raises(ValueError, match="paste it as plain text"):
        sanitise("<p>一</p>")


def test_plain_text_has_a_line_a_block_and_tabs_between_cells():
    body = ("<p>一<strong>二</strong>\n  三<br>四</p><ul><li>五</li><li>六</li></ul><table><tbody><tr><th>七</th><td>八</td></tr></tbody></table>"
            "<hr>九")
    assert text(body) == "一二 三\n四\n五\n六\n七\t八\n九"
    assert text("") == ""


def test_in_one_line_a_table_can_be_read_aloud():
    """A short post has neither paragraphs nor tables: rows become clauses, and what follows the table stands apart."""
    body = ("<p>绕行安排</p><table><caption>表1</caption><tr><th>路段</th><th>时间</th></tr><tr><td>东段</td><td><p>6月1日</p><p>起</p></td></tr>"
            "<tr><td>西段</td><td></td></tr></table><p>请 相互\n转告。</p><table><tr><td></td></tr></table>")
    assert in_one_line(body) == "绕行安排 表1 路段，时间；东段，6月1日 起；西段。 请 相互 转告。"
    assert in_one_line("") == ""


def test_a_node_reads_aloud_with_its_line_breaks():
    assert parse("<p>一<br><em>二</em></p>").text() == "一\n二"


def test_the_tree_bears_a_stray_end_tag():
    assert parse("<p>一</em></p>二").text() == "一二"


def test_pictures_get_the_address_that_a_channel_gives_them():
    body = sanitise('<p><img alt="甲>乙" src="图 1&amp;2.png"><img src="图&nbsp;3.png" alt=""></p>')
    assert image_names(body) == ["图 1&2.png", "图\u00a03.png"]
    seen: list[str] = []

    def address(name: str) -> str:
        seen.append(name)
        return f"https://例.cn/?n={len(seen)}&x=\"y\""

    mapped = map_images(body, address)
    assert seen == ["图 1&2.png", "图\u00a03.png"]
    assert image_names(mapped) == ['https://例.cn/?n=1&x="y"', 'https://例.cn/?n=2&x="y"']
    assert parse(mapped).text() == parse(body).text()


def test_a_picture_whose_words_hold_a_bracket_is_still_found():
    """HTML lets a > stand unescaped within quotes."""
    assert map_images('<img alt="甲>乙" src="a.png">', str.upper) == '<img alt="甲>乙" src="A.PNG">'

"""The board: what a passer-by can read on the sheet, and what the office is told when there can be none."""

from __future__ import annotations

import hashlib
import io
import json
import re
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pixels
from pylopdf_fonts_zh_cn import sans_path

from channels.base import Amends, Checks, Finds, Setting, Withdraws
from channels.board import Board
from channels.board import press as printing
from channels.board.press import SIZES, TIGHT, Printing
from channels.board.titles import break_lines, set_title
from channels.errors import ConfigurationError, PermanentError, TransientError, UnsuitableError
from channels.typesetting import Typesetter, TypesettingError, typesetter
from content.deliveries import Action, delivery_key
from content.html import sanitise
from content.items import Attachment, Edition, Image
from content.seals import canonical
from tests.builders import an_edition, an_office
from tests.channels.rigs.board import MORNING, Rig, Store
from tests.rigs.goldens import Golden

GOLDENS = Path(__file__).parent / "goldens" / "board"
DAY = MORNING.date()


def a_picture(store: Store, name: str = "map.png", *, size: tuple[int, int] = (600, 400), kind: str = "PNG", **how: Any) -> Image:
    out = io.BytesIO()
    Pixels.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **how)
    return keep(store, name, out.getvalue(), f"image/{kind.lower()}")


def keep(store: Store, name: str, data: bytes, media_type: str) -> Image:
    sha256 = hashlib.sha256(data).hexdigest()
    store.blobs[sha256] = data
    return Image(name=name, media_type=media_type, size=len(data), sha256=sha256, alt="绕行路线示意图")


def a_file(name: str) -> Attachment:
    return Attachment(name=name, media_type="application/pdf", size=3, sha256="a" * 64)


def rows(count: int) -> str:
    return "".join(f"<tr><td>{n}</td><td>清水社区第{n}网格</td><td>{n * 7}.50</td></tr>" for n in range(1, count + 1))


TABLE = ("<p>现将惠民项目资金使用情况公示如下。</p><table><caption>表1　惠民项目资金（单位：元）</caption><thead><tr><th rowspan='2'>序号</th>"
         "<th colspan='2'>项目</th></tr><tr><th>网格</th><th>金额</th></tr></thead><tbody>{rows}</tbody></table>")
NOTICE = """<p>各社区居民委员会：</p><p>为做好防汛工作，<strong>请立即开展检查</strong>，<em>不漏一户</em>；水位高于10<sup>3</sup>毫米时报告。<br>联系人：李某某</p>
<h2>一、检查范围</h2><h3>（一）老旧小区</h3><h4>1. 地下车库</h4><ol start="3"><li>每日自查<ul><li>早</li><li>晚</li></ul></li><li>每周抽查</li></ol>
<blockquote><p>人民至上、生命至上。</p></blockquote><hr><pre>值班电话：
  0731-00000000</pre><p>详见<a href="https://qingshui.example.gov.cn/fx.html">防汛专栏</a>。</p>"""


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board:
    return Rig(tmp_path_factory.mktemp("board")).channel


def key(edition: Edition, action: Action = Action.PUBLISH) -> str:
    return delivery_key(edition.index_number, edition.number, action, "board")


def printed(board: Board, *, store: Store | None = None, replaces: str = "", on: date = DAY, **changes: Any) -> pypdf.PdfReader:
    rendition = board.render(an_edition(**changes))
    return pypdf.PdfReader(io.BytesIO(board.preview(rendition, on=on, blobs=store or Store(), replaces=replaces)))


def said(pdf: pypdf.PdfReader) -> str:
    """What stands on the pages, without the blanks that lines and columns bring."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pdf.pages))


# ---------------------------------------------------------------------------------------------------------- what it says


CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "notice": {"body": sanitise(NOTICE), "document_number": "云清街发〔2024〕7号", "source": "云州市防汛办"},
    "table": {"body": sanitise(TABLE.format(rows=rows(2))), "attachments": (a_file("附件1：资金明细.xlsx"), a_file("验收单.pdf"))},
    "picture": {"body": '<p>按图绕行。</p><figure><img src="map.png" alt="图"><figcaption>图1</figcaption></figure>', "link": "",
                "images": (Image(name="map.png", media_type="image/png", size=9, sha256="b" * 64, alt="图"),)},
    "correction": {"number": 2, "change_note": "工期更正为四十天。"},
}


@pytest.mark.parametrize("case", CASES)
def test_says_what_it_said(case: str, board: Board, golden: Golden) -> None:
    """The words that are sealed, laid out for review; the sealed bytes are their one canonical form."""
    rendition = board.render(an_edition(**CASES[case]))
    words = json.loads(rendition.body)
    golden.check(GOLDENS / f"{case}.json", (json.dumps(words, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
    assert rendition.body.encode() == canonical(words)
    assert rendition.media_type == "application/json"


def test_a_sheet_bears_every_fact_the_board_must_show(board: Board) -> None:
    text = said(printed(board, document_number="云清街发〔2024〕7号", attachments=(a_file("附件1：明细.xlsx"), a_file("附件2：验收单.pdf"))))
    for fact in ("政府信息公开", "云州市清水区清水街道办事处", "关于2024年清水路道路施工的通告", "云清街发〔2024〕7号", "经平安路绕行", "清水路东段",
                 "2024年5月28日", "索引号006123456/2024-00017", "张贴单号006123456/2024-00017-1", "张贴期限自张贴之日起10日",
                 "监督电话0731-00000001", "第1页，共1页", "张贴人签字", "撤下人签字", "附件：1.明细.xlsx2.验收单.pdf",
                 "https://qingshui.example.gov.cn/item/006123456-2024-0/006123456-2024-00017.html"):
        assert fact in text, fact


def test_every_page_bears_the_numbers_by_which_it_is_found_again(board: Board) -> None:
    """Pages on a board get separated."""
    pdf = printed(board, body=TABLE.format(rows=rows(80)))
    pages = [re.sub(r"\s", "", page.extract_text()) for page in pdf.pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert "006123456/2024-00017-1" in page
        assert f"第{number}页，共{len(pages)}页" in page
        assert "张贴期限自张贴之日起10日" in page
        assert ("张贴日期年月日张贴人签字撤下日期年月日撤下人签字" in page) == (number == len(pages))


@given(on=st.dates(), late=st.dates())
@settings(max_examples=10, deadline=None)
def test_the_paper_states_no_day_that_could_turn_out_false(on: date, late: date, board: Board) -> None:
    """Printed on Friday, hung on Monday: whoever hangs it writes both days in, and a print of any day is the same paper."""
    friday, monday = (printed(board, body="<p>公示。</p>", link="", on=day) for day in (on, late))
    assert [page.get_contents().get_data() for page in friday.pages] == [page.get_contents().get_data() for page in monday.pages]
    assert re.findall(r"\d+年\d+月\d+日", said(friday)) == ["2024年5月28日"], "成文日期 alone"


def test_what_is_only_on_the_board_says_so_and_has_no_code_to_scan(board: Board) -> None:
    text = said(printed(board, link=""))
    assert "本信息仅在公告栏公开" in text
    assert "扫码" not in text


def test_staff_find_the_desk_by_a_code_of_their_own(tmp_path: Path, board: Board) -> None:
    """Beside the signatures, on the page that has them; an office without a desk prints what it always did."""
    desked = Board.from_setting(Setting(name="board", office=an_office(desk_url="https://desk.example.gov.cn"), home=tmp_path))
    long = TABLE.format(rows=rows(40))
    pages = [re.sub(r"\s", "", page.extract_text()) for page in printed(desked, body=long).pages]
    assert ["张贴登记" in page for page in pages] == [False] * (len(pages) - 1) + [True]
    assert "张贴登记" not in said(printed(board, body=long))
    assert desked.staff_address("006123456/2024-00017-1") == "https://desk.example.gov.cn/qingshui/board/sheet/006123456/2024-00017-1/"
    assert desked.render(an_edition()).body == board.render(an_edition()).body, "what is signed does not depend on it"


def test_every_page_can_be_shown_as_a_picture(board: Board) -> None:
    """Of the very file; where a telephone shows no PDF."""
    pdf = board.preview(board.render(an_edition(body=TABLE.format(rows=rows(80)))), on=DAY, blobs=Store())
    pictures = board.setter.pictures(pdf, ppi=72)
    assert len(pictures) == len(pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert {Pixels.open(io.BytesIO(picture)).size for picture in pictures} == {(595, 842)}
    with pytest.raises(TypesettingError):
        board.setter.pictures(pdf[:400])


def test_the_column_says_how_long_a_sheet_hangs(tmp_path: Path) -> None:
    """In natural days, from the one on which it is put up."""
    office = an_office()
    column = office.by_slug["tongzhi"]
    office = an_office(columns=(type(column)(slug="tongzhi", name="通知公告", board_days=30),))
    board = Board.from_setting(Setting(name="board", office=office, home=tmp_path))
    assert "自张贴之日起30日" in said(printed(board))


def test_paper_cannot_be_clicked(board: Board) -> None:
    """A link is followed by its address, unless its words are the address."""
    text = said(printed(board, body='<p>见<a href="https://a.example/x">公告</a>，或<a href="https://b.example/">b.example</a>，'
                                    '或写信到<a href="mailto:a@b.example">邮箱</a>。</p>'))
    assert "见公告（https://a.example/x），或b.example，或写信到邮箱（a@b.example）。" in text


def test_nothing_in_a_text_is_taken_for_markup_of_the_typesetter(board: Board) -> None:
    code = "#sys.inputs #import $x^2$ *a* _b_ `c` @ref <label> = head // gone /* gone */ \\ \\u{41} ~ -- ... [x] \"q\" 'q' #{1+1}"
    body = "<p>" + code.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "</p>"
    text = said(printed(board, body=body, title=f"标题{code}", change_note=code, number=2, attachments=(a_file(code),)))
    assert text.count(code.replace(" ", "")) == 4


#: what government texts are written with; ideographs that share a glyph with a radical are left out, they read the same
LETTERS = st.sampled_from([chr(c) for c in range(0x20, 0x7F)] + list("一丁七万丈三上下不与专世业东丝两严个中为主举久义之乌乐乡买了二于云互五亚些亡交产享京人什仁"
                          "、。，；：？！“”‘’（）《》〔〕【】—…·￥％‰℃㎡①⑳Ⅱ→★√×÷±≤"))


@settings(max_examples=40, deadline=None)
@given(title=st.text(LETTERS, min_size=1, max_size=60).filter(str.strip), text=st.text(LETTERS, max_size=200))
def test_any_text_is_printed_as_it_was_written(board: Board, title: str, text: str) -> None:
    """Nothing is lost, added or taken for a command, whatever stands side by side."""
    body = "<p>始" + text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "终</p>"
    found = said(printed(board, title=title, body=body))
    assert re.sub(r"\s", "", f"始{text}终") in found
    assert re.sub(r"\s", "", title) in found


# ---------------------------------------------------------------------------------------------------------- characters


@pytest.mark.parametrize(("field", "character", "change"), [
    ("标题", "\U0001f6a7", {"title": "施工\U0001f6a7"}),
    ("正文", "\ue123", {"body": "<table><tr><td>张\ue123</td></tr></table>"}),
    ("正文", "\u0f40", {"body": "<ul><li>\u0f40</li></ul>"}),
    ("附件名称", "\U00030000", {"attachments": (a_file("\U00030000.pdf"),)}),
    ("更正说明", "\u202e", {"change_note": "\u202eabc", "number": 2}),
    ("发布机构", "\U0001f600", {"issuing_body": "\U0001f600局"}),
])
def test_a_character_without_a_glyph_is_refused_by_name(field: str, character: str, change: dict[str, Any], board: Board) -> None:
    """Never a box: the writer learns which character, and where."""
    with pytest.raises(UnsuitableError) as refusal:
        board.render(an_edition(**change))
    message = str(refusal.value)
    assert f"{field}：“{character}”（U+{ord(character):04X}）" in message
    assert "006123456/2024-00017" in message


def test_characters_without_ink_do_no_harm(board: Board) -> None:
    """Joiners, soft hyphens and byte order marks come along when text is pasted."""
    assert "清水路东段封闭" in said(printed(board, body="<p>清水\u200b路\ufeff东\u00ad段\u200d封\u2060闭</p>"))


def test_rare_names_and_official_marks_are_printed(board: Board) -> None:
    marks = "䶮喆堃犇彧昇𬴊〔2024〕㎡℃①⑳Ⅳ"
    assert marks in said(printed(board, body=f"<p>{marks}</p>"))


# -------------------------------------------------------------------------------------------------------------- layout


@pytest.mark.parametrize(("paper", "size"), [("a4", (210, 297)), ("a3", (297, 420))])
def test_the_page_is_of_the_paper_that_was_asked_for(paper: str, size: tuple[int, int], tmp_path: Path) -> None:
    pdf = printed(Rig(tmp_path, paper=paper).channel)
    box = pdf.pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx([mm / 25.4 * 72 for mm in size], abs=0.7)


def test_a3_is_the_same_sheet_enlarged(tmp_path: Path) -> None:
    """So that a preview on A4 shows where lines and pages end."""
    body = TABLE.format(rows=rows(40))
    small, large = (printed(Rig(tmp_path / paper, paper=paper).channel, body=body) for paper in ("a4", "a3"))
    assert [page.extract_text() for page in small.pages] == [page.extract_text() for page in large.pages]


def fit_of(board: Board, **changes: Any) -> tuple[Any, Any]:
    words = json.loads(board.render(an_edition(**changes)).body)
    sheet = printing._Sheet(words, Printing(paper="a4", dated=DAY), {}, board.setter)
    return sheet, sheet._largest()


@pytest.mark.parametrize("length", [1, 6, 12, 20, 40])
def test_type_is_as_large_as_the_pages_allow(length: int, board: Board) -> None:
    """The largest size with which the text takes no more pages than at 3号."""
    sheet, fit = fit_of(board, body="<p>因雨污分流改造，自2024年6月1日起封闭清水路东段，过往车辆请绕行，施工期间给您带来不便，敬请谅解。</p>" * length)
    fewest = sheet.pages(TIGHT)
    assert sheet.pages(fit) == fewest
    assert all(sheet.pages(printing._Fit(size=size)) > fewest for size in SIZES if size > fit.size)


def test_a_short_notice_can_be_read_from_two_steps_away(board: Board) -> None:
    assert fit_of(board)[1].size == 22


@pytest.mark.parametrize("lines", range(20, 44))
def test_the_signature_never_stands_alone_on_a_page(lines: int, board: Board) -> None:
    """GB/T 9704-2012, 7.3.5.6: no page that says nothing but who signed."""
    pdf = printed(board, body="".join(f"<p>第{n}条，照此办理。</p>" for n in range(1, lines + 1)))
    last = re.sub(r"\s", "", pdf.pages[-1].extract_text())
    assert f"第{lines}条，照此办理。云州市清水区清水街道办事处2024年5月28日" in last


def test_a_table_goes_on_over_pages_with_its_head(board: Board) -> None:
    pdf = printed(board, body=TABLE.format(rows=rows(90)))
    pages = [re.sub(r"\s", "", page.extract_text()) for page in pdf.pages]
    assert len(pages) >= 3
    assert all("序号" in page and "网格" in page and "金额" in page for page in pages)
    found = re.findall(r"清水社区第(\d+)网格", "".join(pages))
    assert found == [str(n) for n in range(1, 91)]


def test_a_row_taller_than_a_page_is_printed_whole(board: Board) -> None:
    """Rows stay together only as long as they can."""
    text = "".join(f"<p>第{n}项工作已经完成。</p>" for n in range(200))
    found = said(printed(board, body=f"<table><tr><th>事项</th></tr><tr><td>{text}</td></tr></table>"))
    assert re.findall(r"第(\d+)项工作已经完成。", found) == [str(n) for n in range(200)]


def test_long_words_do_not_run_out_of_their_cells(board: Board) -> None:
    """Addresses and numbers break; nothing is cut off at the edge of the paper."""
    address = "https://qingshui.example.gov.cn/" + "a1b2c3" * 30
    pdf = printed(board, body=f"<p>{address}</p><table><tr><th>名称</th><th>网址</th><th>代码</th></tr><tr><td>甲</td><td>{address}</td>"
                              "<td>91430100MA4L000000</td></tr></table>")
    assert said(pdf).count(address) == 2
    places = [(x, text) for page in pdf.pages for x, text in _ends(page)]
    assert max(places)[0] <= (210 - 26) / 25.4 * 72 + 2, max(places)


def _ends(page: pypdf.PageObject) -> list[tuple[float, str]]:
    """Where each piece of text ends, in points from the left, estimated by its letters."""
    found: list[tuple[float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text.strip():
            found.append((tm[4] * cm[0] + cm[4] + size * abs(cm[0] * tm[0]) * sum(0.45 if c.isascii() else 1.0 for c in text.strip()), text))

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("body", [
    "<table><tr><td rowspan='9'>甲</td><td colspan='0'>乙</td></tr><tr><td>丙</td></tr></table>",
    "<table><tr><td colspan='3'>甲</td></tr><tr><td>乙</td></tr><tr></tr></table>丙",
    "<table><thead><tr><th rowspan='4'>甲</th><th>乙</th></tr></thead><tbody><tr><td>丙</td></tr></tbody></table>",
    "<table><tr><td>甲<table><tr><td>乙</td><td>丙</td></tr></table></td></tr></table>",
    "<table></table><p>甲乙丙</p>", "<ul></ul><ol><li></li><li>甲乙丙</li></ol>", "甲<br><br>乙<p>丙</p>",
])
def test_careless_markup_is_printed_all_the_same(body: str, board: Board) -> None:
    text = said(printed(board, body=sanitise(body)))
    assert all(word in text for word in "甲乙丙")


CELLS = st.tuples(st.sampled_from(["td", "th"]), st.integers(0, 4), st.integers(0, 4))
SIGNS = "天地玄黄宇宙洪荒盈昃辰宿列寒暑往秋收冬藏闰余成岁律吕调阳腾致雨露"  # none of which stands elsewhere on the sheet


@settings(max_examples=25, deadline=None)
@given(table=st.lists(st.lists(CELLS, max_size=4), min_size=1, max_size=5), head=st.integers(0, 2))
def test_a_table_with_any_spans_is_printed_with_every_cell(board: Board, table: list[list[tuple[str, int, int]]], head: int) -> None:
    """Spans that overlap, run out of the table or say nothing."""
    signs = iter(SIGNS)
    lines = ["<tr>" + "".join(f"<{tag} colspan='{across}' rowspan='{down}'>{next(signs)}</{tag}>" for tag, across, down in row) + "</tr>"
             for row in table]
    body = f"<table><thead>{''.join(lines[:head])}</thead><tbody>{''.join(lines[head:])}</tbody></table>"
    try:
        text = said(printed(board, title="告示", body=body))
    except UnsuitableError as refusal:
        assert re.search(r"第 1 个表格有 \d\d 列", str(refusal)), "too many columns for the paper, and nothing else"  # noqa: PT017
        return
    assert sorted(sign for sign in text if sign in SIGNS) == sorted(SIGNS[: sum(map(len, table))])


@pytest.mark.parametrize(("title", "room", "lines"), [
    ("关于2024年第一季度社区惠民项目资金使用情况的公示", 20, ("关于2024年第一季度社区", "惠民项目资金使用情况的公示")),
    ("关于公开征求《清水街道老旧小区加装电梯补贴办法（征求意见稿）》意见的公告", 20, ("关于公开征求《清水街道老旧小区加装", "电梯补贴办法（征求意见稿）》意见的公告")),
])
def test_lines_of_a_title_end_between_words(title: str, room: float, lines: tuple[str, ...]) -> None:
    assert break_lines(title, room) == lines


@given(title=st.text(LETTERS, min_size=1, max_size=120).filter(str.strip))
def test_a_title_in_lines_is_the_same_title(title: str) -> None:
    lines = set_title(title, width=442, body=16).lines
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", title)


def test_the_longest_title_is_printed_whole(board: Board) -> None:
    title = "关于" + "进一步加强" * 23 + "的通知"
    assert title in said(printed(board, title=title))


# ------------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(("change", "problem"), [
    ({"title": "长" * 121}, "标题 121 字，.*最多 120 字"),
    ({"body": "<p>" + "文" * 12_001 + "</p>"}, r"1\d{4} 字.*最多 12000 字"),
    ({"body": "<p>一句话。</p>" * 400}, "页，公告栏一份最多 12 页"),
    ({"body": "<table><tr>" + "<td>00000.00</td>" * 24 + "</tr></table>"}, "第 1 个表格有 24 列"),
    ({"body": '<p><img src="no.png"></p>'}, r"'no\.png' 没有随信息上传"),
    ({"body": '<p><img src="a.svg"></p>', "images": (Image(name="a.svg", media_type="image/svg+xml", size=1, sha256="c" * 64, alt=""),)},
     r"'a\.svg' 的格式 image/svg\+xml 不能印"),
    ({"column": "nowhere"}, "栏目 nowhere 不在"),
])
def test_what_no_sheet_can_carry_is_refused_before_it_is_signed(change: dict[str, Any], problem: str, board: Board) -> None:
    with pytest.raises(UnsuitableError, match=problem):
        board.render(an_edition(**change))


@pytest.mark.parametrize(("options", "problem"), [
    ({"papper": "a3"}, "unknown option papper"), ({"paper": "letter"}, "use a4 or a3"), ({"path": ""}, "path"), ({"font_dir": "none"}, "is no folder"),
])
def test_a_wrong_option_is_named(options: dict[str, Any], problem: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        Board.from_setting(Setting(name="board", office=an_office(), home=tmp_path, options=options))


def test_a_folder_without_fonts_is_named(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    with pytest.raises(ConfigurationError, match="holds no font"):
        Board.from_setting(Setting(name="board", office=an_office(), home=tmp_path, options={"font_dir": "fonts"}))


# ------------------------------------------------------------------------------------------------------------- pictures


def picture_body(name: str = "map.png") -> str:
    return f'<p>按图绕行。</p><figure><img src="{name}" alt="图"><figcaption>图1　绕行路线</figcaption></figure>'


def test_a_picture_is_printed_with_its_caption(board: Board) -> None:
    store = Store()
    pdf = printed(board, store=store, body=picture_body(), images=(a_picture(store),))
    assert len(pdf.pages[0].images) == 1
    assert "图1绕行路线" in said(pdf)


def test_a_picture_leaves_the_place_and_the_camera_behind(board: Board) -> None:
    """Photographs know where they were taken; what hangs on a wall need not."""
    store, exif = Store(), Pixels.Exif()
    exif[0x010F], exif[0x0112] = "SecretCamera", 6  # maker; orientation: turned
    image = a_picture(store, "p.jpg", size=(4000, 3000), kind="JPEG", exif=exif.tobytes())
    pdf = printed(board, store=store, body=picture_body("p.jpg"), images=(image,))
    shown = pdf.pages[0].images[0].image
    assert shown is not None
    assert shown.size == (1800, 2400), "upright, and no finer than paper shows"
    assert b"SecretCamera" not in b"".join(picture.data for picture in pdf.pages[0].images)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_mode_are_printed(mode: str, board: Board) -> None:
    store, out = Store(), io.BytesIO()
    Pixels.new(mode, (40, 30)).save(out, "TIFF" if mode == "CMYK" else "PNG")
    image = keep(store, "m.png", out.getvalue(), "image/tiff" if mode == "CMYK" else "image/png")
    assert len(printed(board, store=store, body=picture_body("m.png"), images=(image,)).pages[0].images) == 1


@pytest.mark.parametrize(("break_it", "problem"), [
    (lambda store, image: store.blobs.clear(), "找不到"),
    (lambda store, image: store.blobs.update({image.sha256: b"other"}), "与签发时不同"),
])
def test_a_picture_that_is_not_what_was_signed_is_not_printed(break_it: Any, problem: str, board: Board) -> None:
    store = Store()
    image = a_picture(store)
    break_it(store, image)
    with pytest.raises(PermanentError, match=problem):
        printed(board, store=store, body=picture_body(), images=(image,))


def test_a_file_that_is_no_picture_is_named(board: Board) -> None:
    store = Store()
    with pytest.raises(PermanentError, match=r"'map\.png' 打不开"):
        printed(board, store=store, body=picture_body(), images=(keep(store, "map.png", b"no picture", "image/png"),))


# ------------------------------------------------------------------------------------------------------------- the file


def test_the_same_sheet_has_the_same_bytes_on_every_machine() -> None:
    """A new compiler, as another process would have; the day of printing is the only date in the file, and not on the paper."""
    first, second = (_printed_by(Typesetter()) for _ in range(2))
    assert first == second
    assert b"D:20240601000000Z" in first


def _printed_by(setter: Typesetter) -> bytes:
    board = Board(name="board", office=an_office(), folder=Path("/nowhere"), own_folder=False, paper="a4", setter=setter)
    return board.preview(board.render(an_edition()), on=DAY, blobs=Store())


def test_two_boards_printing_at_once_do_not_mix_their_sheets(board: Board) -> None:
    texts: dict[int, str] = {}

    def work(number: int) -> None:
        texts[number] = said(printed(board, title=f"第{number}号通告", index_number=f"006123456/2024-{number:05d}"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"第{n}号通告" in texts[n] and f"张贴单号006123456/2024-{n:05d}-1" in texts[n] for n in range(1, 5))


def test_a_sheet_waits_for_a_person(rig: Rig) -> None:
    """Printing is not disclosing: the posting is not live until somebody says the sheet hangs."""
    edition = an_edition()
    posting = rig.channel.post(rig.channel.render(edition), errand=rig.errand(key(edition)))
    assert (posting.ref, posting.live, posting.url) == ("006123456/2024-00017-1", False, None)
    assert posting.days == 10, "the ledger counts from the day on which it is put up as many as the paper says"
    assert rig.shown() == ["006123456-2024-00017-1.pdf"]
    assert rig.channel.sheet_path(posting.ref).read_bytes().startswith(b"%PDF-")


def test_a_sheet_laid_again_says_the_same(rig: Rig) -> None:
    """It may already hang: what a second try lays over it a week later is no other paper."""
    edition = an_edition()
    rendition = rig.channel.render(edition)
    path = rig.channel.sheet_path(rig.channel.post(rendition, errand=rig.errand(key(edition))).ref)
    first = said(pypdf.PdfReader(path))
    rig.channel.post(rendition, errand=rig.errand(key(edition), at=MORNING + timedelta(days=7)))
    assert said(pypdf.PdfReader(path)) == first
    assert rig.shown() == [path.name]


def test_a_correction_is_a_new_sheet_that_names_the_old_one(rig: Rig) -> None:
    first, second = an_edition(), an_edition(number=2, change_note="工期更正为四十天。")
    old = rig.channel.post(rig.channel.render(first), errand=rig.errand(key(first)))
    new = rig.channel.amend(old, rig.channel.render(second), errand=rig.errand(key(second, Action.CORRECT)))
    assert (new.ref, new.live) == ("006123456/2024-00017-2", False)
    assert rig.shown() == ["006123456-2024-00017-1.pdf", "006123456-2024-00017-2.pdf"]
    text = said(pypdf.PdfReader(rig.channel.sheet_path(new.ref)))
    assert "更正关于2024年清水路道路施工的通告" in text
    assert "更正说明：工期更正为四十天。" in text
    assert "本单代替006123456/2024-00017-1号张贴单" in text


def test_taking_down_is_left_to_people(rig: Rig) -> None:
    assert not isinstance(rig.channel, Withdraws)
    assert isinstance(rig.channel, Amends)
    assert isinstance(rig.channel, Finds)


def test_finds_a_sheet_that_lies_whole_in_the_folder(rig: Rig) -> None:
    """Even when all that was written down on the way is lost."""
    edition = an_edition()
    assert rig.channel.find(errand=rig.errand(key(edition))) is None
    posting = rig.channel.post(rig.channel.render(edition), errand=rig.errand(key(edition)))
    rig._kept.clear()
    assert rig.channel.find(errand=rig.errand(key(edition))) == posting
    path = rig.channel.sheet_path(posting.ref)
    path.write_bytes(path.read_bytes()[:-100])
    assert rig.channel.find(errand=rig.errand(key(edition))) is None


def test_a_folder_that_is_not_there_is_named(rig: Rig) -> None:
    edition = an_edition()
    rendition = rig.channel.render(edition)
    rig.mood("unreachable")
    for ask in (lambda: rig.channel.post(rendition, errand=rig.errand(key(edition))), lambda: rig.channel.find(errand=rig.errand(key(edition))),
                lambda: rig.channel.check(MORNING)):
        with pytest.raises(TransientError, match=re.escape(str(rig.channel.folder))):
            ask()
    assert list(rig.home.iterdir()) == [rig.channel.folder], "nothing half-written, no folder of its own making"


def test_a_disk_that_is_not_mounted_is_not_written_in_its_place(tmp_path: Path) -> None:
    """An absolute path is somebody's share: to make the folder would hide the sheets beneath the mount."""
    rig = Rig(tmp_path, path=str(tmp_path / "share" / "board"))
    edition = an_edition()
    with pytest.raises(TransientError, match="不存在"):
        rig.channel.post(rig.channel.render(edition), errand=rig.errand(key(edition)))
    with pytest.raises(TransientError):
        rig.channel.find(errand=rig.errand(key(edition)))
    assert not (tmp_path / "share").exists()


def test_tells_the_doctor_where_sheets_lie_and_with_which_faces(rig: Rig) -> None:
    assert isinstance(rig.channel, Checks)
    told = rig.channel.check(MORNING).line
    assert str(rig.channel.folder) in told
    assert "Noto Serif SC" in told
    assert rig.shown() == []


def own_face(path: Path, family: str) -> None:
    """A font under a name that an office's own would have."""
    with TTFont(sans_path(), lazy=True) as font:
        for record in font["name"].names:
            if record.nameID in (1, 16):
                record.string = family
        font.save(path)


def test_the_offices_own_faces_are_used(tmp_path: Path) -> None:
    """A folder with 仿宋_GB2312 turns the body into 仿宋; what it lacks still comes from the packaged faces."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    own_face(folder / "own.otf", "FandolFang")
    rig = Rig(tmp_path / "rig", font_dir=str(folder))
    assert rig.channel.setter.faces["fang"] == ["FandolFang", "Noto Serif SC", "Noto Sans SC"]
    assert rig.channel.setter is typesetter(folder)
    assert "经平安路绕行" in said(printed(rig.channel))


def faces_of(board: Board, *words: str) -> list[str]:
    """The faces in which words are set, by the name of the font within the file."""
    faces: dict[str, str] = {}

    def visit(text: str, _cm: list[float], _tm: list[float], font: Any, _size: float) -> None:
        for word in words:
            if word in text:
                faces[word] = str(font["/BaseFont"]).partition("+")[2]

    for page in printed(board, body="<h2>一、检查范围</h2><h3>（一）老旧小区</h3><p>逐户检查。</p>").pages:
        page.extract_text(visitor_text=visit)
    return [faces[word] for word in words]


def test_headings_of_the_second_level_differ_from_those_of_the_first(tmp_path: Path, board: Board) -> None:
    """GB/T 9704-2012: 黑体, then 楷体. Without a 楷体, the packaged 宋体 outlined, and never 黑体 again; with one, that."""
    first, second, body = faces_of(board, "检查范围", "老旧小区", "逐户检查")
    assert first != second
    assert second == body
    folder = tmp_path / "fonts"
    folder.mkdir()
    own_face(folder / "kai.otf", "FandolKai")
    own = Rig(tmp_path / "rig", font_dir=str(folder)).channel
    assert (board.setter.has("kai"), own.setter.has("kai")) == (False, True)
    assert own.setter.faces["kai"][0] == "FandolKai"

"""Word and PDF as paper: the measures of GB/T 9704, styles an editor finds, tables that are tables, a PDF that can be kept and read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn

from channels.typesetting import typesetter
from reports.prose import UNKNOWN
from reports.writers import WritingError, pdf, word
from tests.reports import papers
from tests.reports.papers import a_dress, said, with_gaps, written
from tests.reports.stage import a_book, a_report


def opened(name: str):
    return papers.word(written(name)["docx"])


def test_the_page_and_the_type_are_those_of_the_standard() -> None:
    paper = opened("2008")
    page = paper.sections[0]
    assert [round(side.mm) for side in (page.page_width, page.page_height, page.top_margin, page.bottom_margin, page.left_margin,
                                        page.right_margin)] == [210, 297, 37, 35, 28, 26]
    faces = {name: (paper.styles[name].element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")), paper.styles[name].font.size.pt)
             for name in ("Normal", "Title", "Heading 1", "Heading 2")}
    assert faces == {"Normal": ("仿宋_GB2312", 16), "Title": ("方正小标宋简体", 22), "Heading 1": ("黑体", 16), "Heading 2": ("楷体_GB2312", 16)}
    body = paper.styles["Normal"].paragraph_format
    assert (body.line_spacing_rule, body.line_spacing.pt, body.first_line_indent.pt) == (WD_LINE_SPACING.EXACTLY, 28, 32)


def test_the_pages_are_numbered_outside() -> None:
    paper = opened("2008")
    section = paper.sections[0]
    assert paper.settings.odd_and_even_pages_header_footer
    for foot, side in ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
        assert (foot.paragraphs[0].text, foot.paragraphs[0].alignment) == ("—  —", side)
        assert [code.text for code in foot._element.iter(qn("w:instrText"))] == ["PAGE"]


def test_headings_are_headings() -> None:
    found = [(line.style.name, line.text) for line in opened("2021").paragraphs if line.style.name.startswith("Heading")]
    assert found[:3] == [("Heading 1", "一、总体情况"), ("Heading 2", "（一）主动公开"), ("Heading 2", "（二）依申请公开")]
    assert [text for style, text in found if style == "Heading 1"] == [part.heading for part in a_report("2021").form.parts]


@pytest.mark.parametrize(("name", "lines"), [
    ("2021", ["云州市清水区清水街道办事处2025年", "政府信息公开工作年度报告"]), ("monthly", ["云州市清水区清水街道办事处", "2025年12月政府信息公开情况统计"]),
    ("website", ["云州市清水区清水街道办事处", "政府网站工作年度报表（2025年度）"])])
def test_a_long_title_breaks_after_the_office_or_the_year(name: str, lines: list[str]) -> None:
    assert opened(name).paragraphs[0].text.split("\n") == lines


def test_the_table_of_applications_has_merged_heads_that_repeat_and_rows_that_do_not_break() -> None:
    table = opened("2021").tables[1]
    assert len(table.rows) == 33
    heads = [[cell.text for cell in row.cells] for row in table.rows[:3]]
    sums = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    assert heads == [[sums, *["申请人情况"] * 7], [sums, "自然人", *["法人或其他组织"] * 5, "总计"],
                     [sums, "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]]
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert repeated == [True] * 3 + [False] * 30
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    new = table.rows[3].cells
    assert [cell.text for cell in new] == ["一、本年新收政府信息公开申请数量", "5", "0", "0", "0", "2", "0", "7"]
    assert new[1].paragraphs[0].style.name == "表格数字"
    assert new[1].paragraphs[0].style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.RIGHT


def test_a_group_spans_the_table_and_its_rows_are_set_in() -> None:
    table = opened("2021").tables[1]
    group = next(row for row in table.rows if row.cells[0].text == "（三）不予公开")
    assert len({id(cell._tc) for cell in group.cells}) == 1
    secret = next(row for row in table.rows if row.cells[0].text == "1.属于国家秘密")
    assert secret.cells[0].paragraphs[0].paragraph_format.left_indent.pt == 18


def test_tables_that_the_form_joins_are_one() -> None:
    table = opened("2021").tables[0]
    assert [row.cells[0].text for row in table.rows if len({id(cell._tc) for cell in row.cells}) == 1] == [
        "第二十条第（一）项", "第二十条第（五）项", "第二十条第（六）项", "第二十条第（八）项"]


def test_fifteen_columns_stand_under_three_rows_of_heads() -> None:
    table = opened("2021").tables[2]
    assert len(table.columns) == 15
    assert [row.cells[5].text for row in table.rows] == ["行政诉讼", "未经复议直接起诉", "结果维持", "0"]
    assert [row.cells[0].text for row in table.rows] == ["行政复议", "结果维持", "结果维持", "1"]


def kept(row: Any) -> bool:
    """Whether a row stands on the page of the next one."""
    return all(line.paragraph_format.keep_with_next for cell in row.cells for line in cell.paragraphs)


def test_a_short_table_is_not_broken_between_pages_and_a_long_one_is() -> None:
    disclosed, requests, _ = opened("2021").tables
    assert [kept(row) for row in disclosed.rows] == [True] * (len(disclosed.rows) - 1) + [False]
    assert [kept(row) for row in requests.rows[3:]].count(False) == 25


def test_the_signature_never_has_a_page_to_itself() -> None:
    """It goes with the last rows of the table, or with the last words."""
    table, note, gap = [*opened("website").iter_inner_content()][-6:-3]
    assert [kept(row) for row in table.rows[-2:]] == [True, True]
    assert note.paragraph_format.keep_with_next
    assert gap.paragraph_format.keep_with_next
    words, gap = [*opened("2021").iter_inner_content()][-5:-3]
    assert words.text == "2025年收取政府信息公开信息处理费0元。"
    assert words.paragraph_format.keep_with_next
    assert gap.paragraph_format.keep_with_next


def test_the_signature_of_the_pdf_goes_with_the_last_words_onto_a_new_page() -> None:
    for lines in range(12, 26):  # somewhere among these the page is full
        pages = papers.pdf(pdf.write(a_report("monthly", texts={"figures": "", "notes": "本月工作有序。\n" * lines}), a_dress())).pages
        assert "本月工作有序" in pages[-1].extract_text(), lines


def test_a_gap_is_marked() -> None:
    paper = papers.word(word.write(with_gaps(), a_dress()))
    marked = [run.text for line in paper.paragraphs for run in line.runs if run.font.highlight_color]
    assert marked == [UNKNOWN, UNKNOWN]


def test_the_files_properties_are_the_reports_and_not_the_clocks() -> None:
    about = opened("2008").core_properties
    assert (about.title, about.author) == ("云州市清水区清水街道办事处2017年政府信息公开年度报告", "云州市清水区清水街道办事处")
    assert about.created.replace(tzinfo=None) == about.modified.replace(tzinfo=None) == datetime(2026, 1, 10, 9)
    told = papers.pdf(written("2008")["pdf"]).metadata
    assert (told.title, told.author) == (about.title, about.author)
    assert told.creation_date.date() == datetime(2026, 1, 10).date()


def test_office_and_day_stand_at_the_end_or_a_space_for_the_day() -> None:
    lines = [line.text for line in opened("2008").paragraphs if line.style.name == "落款"]
    assert lines == ["云州市清水区清水街道办事处", "2018年2月5日"]
    unsigned = papers.word(word.write(a_report("2021"), a_dress(signed_on=None)))
    assert unsigned.paragraphs[-2].text.split() == ["年", "月", "日"]


def test_an_annex_stands_behind_the_signature_on_a_page_of_its_own() -> None:
    blocks = [getattr(block, "text", "table") for block in opened("2008").iter_inner_content()]
    assert blocks[-6:-2] == ["2018年2月5日", blocks[-5], "附表：政府信息公开情况统计表", "填报单位（盖章）：云州市清水区清水街道办事处"]
    assert blocks[-5].startswith("统计口径：")
    annex = next(line for line in opened("2008").paragraphs if line.text.startswith("附表："))
    assert annex.paragraph_format.page_break_before
    pages = papers.pdf(written("2008")["pdf"]).pages
    first = next(number for number, page in enumerate(pages) if "附表：" in page.extract_text())
    assert pages[first].extract_text().startswith("附表：")
    assert "2018年2月5日" in pages[first - 1].extract_text()


def test_the_pdf_is_tagged_and_says_which_standards_it_keeps() -> None:
    found = papers.pdf(written("2021")["pdf"])
    root: Any = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("zh")
    told = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in told
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in told
    assert "<pdfuaid:part>1</pdfuaid:part>" in told


def tagged(node) -> Iterator[Any]:
    """The elements of a PDF's structure, in order."""
    node = node.get_object()
    if isinstance(node, dict):
        yield node
        below = node.get("/K", [])
        below = below.get_object() if hasattr(below, "get_object") else below
        for child in below if isinstance(below, list) else [below]:
            if hasattr(child, "get_object"):
                yield from tagged(child)


def test_the_pdfs_tables_and_headings_are_told_to_whoever_listens() -> None:
    root: Any = papers.pdf(written("2021")["pdf"]).trailer["/Root"]
    found = [str(one.get("/S", "")) for one in tagged(root["/StructTreeRoot"])]
    assert found.count("/Table") == 3
    assert found.count("/H2") == 6
    assert found.count("/TH") >= 8
    assert found.count("/TD") >= 25 * 8


CHARTS = ["条形图，主要类别：机构职能类28条、工作信息263条、未归类55条。", "条形图，公开渠道：政府网站320条、公告栏70条、微信公众号84条。"]


def test_the_pdf_draws_its_charts_and_reads_them_aloud() -> None:
    found = papers.pdf(written("2008")["pdf"])
    root: Any = found.trailer["/Root"]
    assert [str(one["/Alt"]) for one in tagged(root["/StructTreeRoot"]) if "/Alt" in one] == CHARTS
    page = next(page for page in found.pages if "主要类别（条）" in page.extract_text())
    assert [said for said in ("28条", "263条", "55条") if said not in page.extract_text()] == []


def test_words_charts_are_pictures_that_are_read_aloud() -> None:
    shapes = opened("2008").inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in shapes] == CHARTS
    assert all(115 < shape.width.mm < 156 for shape in shapes)


def test_every_font_of_the_pdf_is_in_it() -> None:
    pages: list[Any] = list(papers.pdf(written("2008")["pdf"]).pages)
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        within = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & within.keys()


def test_a_character_that_no_font_can_show_is_an_error_by_its_name() -> None:
    text = a_book("2008").texts | {"work": "街道办事处\ue000成立。"}
    with pytest.raises(WritingError, match="\ue000"):
        pdf.write(a_report("2008", texts=text), a_dress())


def test_words_of_a_report_are_never_markup() -> None:
    nasty = '#panic("x") $a$ *粗* <b>黑</b> &amp; 【】'
    report = a_report("2008", texts={"work": nasty})
    assert "".join(nasty.split()) in papers.pdf_text(pdf.write(report, a_dress()))
    assert nasty in papers.word_text(word.write(report, a_dress()))


def test_the_setter_of_the_channels_is_one() -> None:
    assert {"song", "fang", "hei", "kai"} <= set(typesetter().faces)
    assert said("2008", "pdf").startswith("云州市清水区清水街道办事处2017年政府信息公开年度报告2017年，")

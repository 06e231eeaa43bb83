"""The styles of a report in Word, after GB/T 9704-2012: A4, 版心 156 × 225 mm, title 2号小标宋, body 3号仿宋 at a pitch of 28 pt.

They are Word's own styles (Title, Heading 1, Normal …), so that whoever edits finds them by name, in Chinese too, and the
navigation pane and a table of contents work.
"""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.run import Run

SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
LATIN = "Times New Roman"
BODY, TITLE, PITCH = 16.0, 22.0, 28.0  #: 3号, 2号, and 22 lines a page
CELL, NUMBER, SMALL, SIGNED = "表格文字", "表格数字", "表注", "落款"


def prepare(document: Document) -> None:
    """Give a new document these styles and this page."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(26)  # the number stands 7 mm below the text
    _defaults(document)
    body = _style(document, "Normal", FANG, BODY)
    _spaced(body, first=2)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    title = _style(document, "Title", SONG, TITLE)
    _spaced(title, pitch=34)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(PITCH)
    _no_border(title)
    subtitle = _style(document, "Subtitle", KAI, BODY)
    _spaced(subtitle)
    subtitle.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    subtitle.paragraph_format.space_after = Pt(PITCH)
    for name, chinese in (("Heading 1", HEI), ("Heading 2", KAI), ("Heading 3", FANG)):
        heading = _style(document, name, chinese, BODY)
        _spaced(heading, first=2)
        heading.paragraph_format.keep_with_next = True
    _small(document)


def _small(document: Document) -> None:
    """The styles of tables: their caption, cells and note."""
    caption = _style(document, "Caption", HEI, 14.0)
    _spaced(caption)
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.keep_with_next = True
    for name, size in ((CELL, 10.5), (NUMBER, 10.5), (SMALL, 10.5)):
        style = _new(document, name)
        _face(style, FANG, size)
        style.paragraph_format.line_spacing = 1.15
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT if name == NUMBER else WD_ALIGN_PARAGRAPH.LEFT
        _indent(style, 0)
    document.styles[SMALL].paragraph_format.space_after = Pt(6)
    signed = _new(document, SIGNED)
    _face(signed, FANG, BODY)
    _spaced(signed)
    signed.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _defaults(document: Document) -> None:
    """The language, and no theme's faces."""
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for child in list(defaults):
        defaults.remove(child)
    defaults.append(_fonts(FANG))
    language = OxmlElement("w:lang")
    for name, value in (("val", "en-US"), ("eastAsia", "zh-CN"), ("bidi", "ar-SA")):
        language.set(qn(f"w:{name}"), value)
    defaults.append(language)


def _new(document: Document, name: str) -> ParagraphStyle:
    style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.quick_style = document.styles["Normal"], True
    return style  # type: ignore[no-any-return]  # as asked for


def _style(document: Document, name: str, chinese: str, size: float) -> ParagraphStyle:
    style: Any = document.styles[name]
    _face(style, chinese, size)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    return style  # type: ignore[no-any-return]  # these names are paragraph styles


def _face(style: ParagraphStyle, chinese: str, size: float) -> None:
    properties = style.element.get_or_add_rPr()
    for name in ("w:rFonts", "w:spacing", "w:kern"):
        for child in properties.findall(qn(name)):
            properties.remove(child)
    properties.insert(0, _fonts(chinese))
    font = style.font
    font.size, font.bold, font.italic, font.color.rgb = Pt(size), False, False, RGBColor(0, 0, 0)


def face(run: Run, name: str) -> None:
    """Set a run in a Chinese face."""
    properties = run._r.get_or_add_rPr()  # noqa: SLF001 - no other way to it
    properties.insert(0, _fonts(name))


def _fonts(name: str) -> Any:
    fonts = OxmlElement("w:rFonts")
    for place, value in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", name)):
        fonts.set(qn(f"w:{place}"), value)
    return fonts


def _spaced(style: ParagraphStyle, *, pitch: float = PITCH, first: int = 0) -> None:
    spacing = style.paragraph_format
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch)
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.widow_control = True
    _indent(style, first)


def _indent(style: ParagraphStyle, characters: int) -> None:
    """The first line set in by so many characters, as Word counts them."""
    properties = style.element.get_or_add_pPr()
    for child in properties.findall(qn("w:ind")):
        properties.remove(child)
    style.paragraph_format.first_line_indent = Pt(BODY * characters)
    properties.find(qn("w:ind")).set(qn("w:firstLineChars"), str(100 * characters))


def _no_border(style: ParagraphStyle) -> None:
    properties = style.element.get_or_add_pPr()
    for child in properties.findall(qn("w:pBdr")):
        properties.remove(child)


def number_pages(document: Document) -> None:
    """— 1 — outside at the foot, in 4号: a character in from the right on odd pages, from the left on even ones (GB/T 9704-2012, 7.5)."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for foot, side, indent in ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right_indent"),
                               (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left_indent")):
        line = foot.paragraphs[0]
        line.alignment, line.paragraph_format.first_line_indent = side, Pt(0)
        setattr(line.paragraph_format, indent, Pt(14))
        for text in ("— ", None, " —"):
            run = line.add_run(text or "")
            run.font.size = Pt(14)
            face(run, "宋体")
            if text is None:
                _field(run, "PAGE")


def _field(run: Any, instruction: str) -> None:
    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = instruction
            run._r.append(code)  # noqa: SLF001
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)  # noqa: SLF001


"""PDF: the text of every page, and what lies under boxes, in notes, in attachments, in properties."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTContainer, LTRect
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text

from content.readers.fragments import Fault, Fragment, Hidden, Reading, ReadingError
from content.readers.office import names_somebody

PAGES = 300
CHARACTERS = 400_000
INFLATED = 256 * 2**20  #: bytes of all streams
#: notes that people leave; links and form fields are part of the page
NOTES = {
    "Text": "便笺", "FreeText": "文本框", "Highlight": "高亮批注", "Underline": "下划线批注", "StrikeOut": "删除线批注",
    "Squiggly": "波浪线批注", "Caret": "插入批注", "Popup": "", "Ink": "手写批注", "Stamp": "图章", "Square": "方框", "Circle": "圆框",
    "Polygon": "多边形", "Line": "线条", "Redact": "未完成的涂抹", "FileAttachment": "附件",
}
_ADVICE = "请重新导出PDF后上传。"

_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A character and where it stands."""

    text: str
    box: _Box


def read(data: bytes) -> Reading:
    """All of a PDF.

    Raises:
        ReadingError: it is encrypted, or would be too large when inflated.
    """
    _bounded(data)
    try:
        document = PDFDocument(PDFParser(io.BytesIO(data)))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise ReadingError("encrypted", "PDF已加密，无法检查", "请取消密码后重新上传。") from error
    manager = PDFResourceManager()
    device = PDFPageAggregator(manager)  # no analysis of its layout: lines are enough
    interpreter = PDFPageInterpreter(manager, device)
    fragments: list[Fragment] = []
    hidden = [*_properties(document), *_attachments(document)]
    faults, seen = [], 0
    for number, page in enumerate(PDFPage.create_pages(document), 1):
        if number > PAGES or seen > CHARACTERS:
            faults.append(Fault(rule="unreadable", place=f"第{number}页起", words=f"篇幅太长，只检查了前{number - 1}页",
                                advice="请拆成几个文件，或写明其余各页已人工检查。"))
            break
        interpreter.process_page(page)
        place = f"第{number}页"
        boxes, notes = _notes(page, place)
        marks, covered = _walk(device.get_result(), boxes)
        seen += len(marks)
        if words := _lines(marks):
            fragments.append(Fragment(place=place, text=words))
        hidden += notes
        if under := _lines(covered).replace("\n", " ").strip():
            hidden.append(Hidden(rule="text-under-box", place=place, words=f"“{under[:60]}”"))
    if not fragments:
        faults.append(Fault(rule="unreadable", place="", words="没有可以检查的文字，可能是扫描件",
                            advice="请人工检查每一页，写明已检查；有原文的请从Word直接导出PDF。"))
    return Reading(kind="pdf", fragments=tuple(fragments), hidden=tuple(hidden), faults=tuple(faults))


def _bounded(data: bytes) -> None:
    """Inflates every stream once, a piece at a time, before a library does it whole."""
    left = INFLATED
    for match in re.finditer(rb"stream\r?\n", data):
        if data[match.start() - 3 : match.start()] == b"end":
            continue
        end = data.find(b"endstream", match.end())
        layer = data[match.end() : end if end >= 0 else len(data)]
        for _ in range(3):  # streams within streams
            if layer[:1] != b"\x78":
                break
            try:
                layer = zlib.decompressobj().decompress(layer, left + 1)
            except zlib.error:
                break
            left -= len(layer)
            if left < 0:
                raise ReadingError("bomb", f"解开后超过{INFLATED // 2**20}MB，未予解开", _ADVICE)


def _said(value: Any) -> str:
    """A PDF string's words; empty for anything else."""
    return decode_text(value).strip() if isinstance(value, bytes) else ""


def _properties(document: PDFDocument) -> Iterator[Hidden]:
    for info in document.info:
        named = resolve1(info.get("Author", b""))
        words = _said(named)
        if words and names_somebody(words):
            yield Hidden(rule="properties", place="文档属性", words=f"作者：{words[:60]}", clean=True)


def _attachments(document: PDFDocument) -> Iterator[Hidden]:
    names = resolve1(document.catalog.get("Names")) or {}
    for name, rule, what in (("EmbeddedFiles", "pdf-attachment", "PDF里另带着文件"), ("JavaScript", "script", "PDF里带着脚本")):
        if isinstance(names, dict) and (tree := resolve1(names.get(name))):
            listed = resolve1(tree.get("Names")) if isinstance(tree, dict) else None
            told = [_said(one) for one in listed[::2]] if isinstance(listed, list) else []
            yield Hidden(rule=rule, place="", words=f"{what}{'：' if told else ''}{'、'.join(told)[:80]}")
    action = resolve1(document.catalog.get("OpenAction"))
    if isinstance(action, dict) and str(resolve1(action.get("S"))).strip("/'") in ("JavaScript", "Launch"):
        yield Hidden(rule="script", place="", words="打开时运行脚本")


def _notes(page: PDFPage, place: str) -> tuple[list[_Box], list[Hidden]]:
    """Boxes that cover something, and notes that say something."""
    boxes: list[_Box] = []
    hidden = []
    for reference in resolve1(page.annots) or []:
        note = resolve1(reference)
        kind = str(resolve1(note.get("Subtype"))).strip("/'") if isinstance(note, dict) else ""
        if kind not in NOTES:
            continue
        said = _said(resolve1(note.get("Contents"))) if isinstance(note, dict) else ""
        if kind == "Redact" or (kind in ("Square", "FreeText", "Polygon") and note.get("IC") is not None and not said):
            rect = resolve1(note.get("Rect"))
            if isinstance(rect, list) and len(rect) == 4:
                x, y, right, top = (float(resolve1(one)) for one in rect)
                boxes.append((x, y, right, top))
        elif kind == "FileAttachment":
            hidden.append(Hidden(rule="pdf-attachment", place=place, words=f"页面上附有文件{said[:40]}"))
        elif said and kind != "Popup":
            hidden.append(Hidden(rule="annotation", place=place, words=f"{NOTES[kind]}：{said[:60]}"))
    return boxes, hidden


def _walk(page: LTContainer[Any], boxes: list[_Box]) -> tuple[list[_Mark], list[_Mark]]:
    """All characters, and those that something painted later (or a note) hides."""
    order: list[_Mark | _Box] = []
    _collect(page, order)
    marks = [one for one in order if isinstance(one, _Mark)]
    covers: list[_Box] = list(boxes)
    covered = []
    for one in reversed(order):
        if not isinstance(one, _Mark):
            covers.append(one)
        elif one.text.strip() and covers:
            x, y = (one.box[0] + one.box[2]) / 2, (one.box[1] + one.box[3]) / 2
            if any(left <= x <= right and low <= y <= top for left, low, right, top in covers):
                covered.append(one)
    return marks, covered[::-1]


def _collect(node: LTContainer[Any], order: list[_Mark | _Box]) -> None:
    for one in node:
        if isinstance(one, LTChar):
            order.append(_Mark(one.get_text(), one.bbox))
        elif isinstance(one, LTRect):
            if one.fill and _opaque(one.non_stroking_color) and one.width > 4 and one.height > 4:
                order.append(one.bbox)
        elif isinstance(one, LTContainer):
            _collect(one, order)


def _opaque(colour: Any) -> bool:
    """Nearly black or nearly white: what people cover words with. A marker's yellow lets them through."""
    parts = [float(one) for one in (colour if isinstance(colour, (tuple, list)) else [colour]) if isinstance(one, (int, float))]
    if not parts:
        return colour is None  # nothing was said: black
    if len(parts) == 4:
        parts = [1 - min(1.0, one + parts[3]) for one in parts[:3]]
    return max(parts) <= 0.4 or min(parts) >= 0.98


def _lines(marks: list[_Mark]) -> str:
    """Characters put into lines by their height on the page, as one reads them; wide gaps become blanks."""
    rows: list[list[_Mark]] = []
    for mark in sorted(marks, key=lambda one: (-round(one.box[1], 1), one.box[0])):
        middle = (mark.box[1] + mark.box[3]) / 2
        if rows and rows[-1][0].box[1] <= middle <= rows[-1][0].box[3]:
            rows[-1].append(mark)
        else:
            rows.append([mark])
    lines = []
    for row in rows:
        row.sort(key=lambda one: one.box[0])
        words, edge = [], row[0].box[0]
        for mark in row:
            if mark.box[0] - edge > 0.3 * (mark.box[3] - mark.box[1]):
                words.append(" ")
            words.append(mark.text)
            edge = mark.box[2]
        lines.append("".join(words).rstrip())
    return "\n".join(lines)

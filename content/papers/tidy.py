"""The converter's HTML as a body wants it: links that lead somewhere, cells without needless paragraphs, no indents by blanks."""

from __future__ import annotations

import re
from html import escape

from lxml import etree, html

from content.html import BLOCKS, VOID

_WEB = re.compile(r"(?:https?://|mailto:|tel:)\S+", re.IGNORECASE)
_BACK = "↑"  #: the converter's way back from a footnote
_INDENT = re.compile(r"^[ \t\u3000\xa0]+")

Element = etree._Element  # noqa: SLF001  # lxml has no other name for the type of its elements


def tidy(converted: str) -> tuple[str, tuple[str, ...]]:
    """The HTML, still to be sanitised, and notes in Chinese."""
    root = html.fragment_fromstring(converted, create_parent="div")
    for box in list(root.iter("input")):
        _becomes(box, "☑" if box.get("checked") is not None else "☐")
    lost = _links(root)
    for heading in root.iter("h1", "h2", "h3", "h4"):
        for inner in list(heading.iter("strong", "em", "u", "b", "i")):
            inner.drop_tag()
    for cell in root.iter("td", "th"):
        inside = list(cell)
        if len(inside) == 1 and inside[0].tag == "p" and not (cell.text or "").strip() and not (inside[0].tail or "").strip():
            inside[0].drop_tag()
    for paragraph in root.iter("p", "li", "td", "th", "h2", "h3", "h4"):
        _unindent(paragraph)
    _close_up(root)
    for paragraph in list(root.iter("p", "li")):
        if not paragraph.text_content().strip() and next(paragraph.iter("img", "table"), None) is None:
            paragraph.drop_tree()
    return _written(root), ((f"{lost} 个链接不是网址（如本机文件），只保留了文字。",) if lost else ())


def _close_up(element: Element) -> None:
    """Blanks between blocks mean nothing, and a line break needs none after it; those of a <pre> stand."""
    if element.tag == "pre":
        return
    if len(element) and element[0].tag in BLOCKS and not (element.text or "").strip():
        element.text = ""
    for child in element:
        if child.tag == "br":
            child.tail = (child.tail or "").lstrip("\n")
        elif child.tag in BLOCKS and not (child.tail or "").strip():
            child.tail = ""
        _close_up(child)


def _written(element: Element) -> str:
    """What an element holds, with addresses as they are: lxml would write 图1.png as %E5%9B%BE1.png."""
    out = [escape(element.text or "", quote=False)]
    for child in element:
        tag = str(child.tag)
        attributes = "".join(f' {name!s}="{escape(str(value))}"' for name, value in child.attrib.items())
        out.append(f"<{tag}{attributes}>" + ("" if tag in VOID else f"{_written(child)}</{tag}>") + escape(child.tail or "", quote=False))
    return "".join(out)


def _links(root: html.HtmlElement) -> int:
    """Unwrap links within the document and to anything but the web; how many of the latter there were."""
    lost = 0
    for link in list(root.iter("a")):
        target = (link.get("href") or "").strip()
        if _WEB.fullmatch(target):
            continue
        if target.startswith("#") and (link.text or "") == _BACK:
            link.drop_tree()
            continue
        lost += bool(target) and not target.startswith("#")
        link.drop_tag()
    return lost


def _becomes(element: html.HtmlElement, text: str) -> None:
    element.tail = text + (element.tail or "")
    element.drop_tree()


def _unindent(element: Element) -> None:
    """Blanks at the beginning of a paragraph, also within the emphasis it begins with."""
    at: Element | None = element
    while at is not None:
        if at.text:
            at.text = _INDENT.sub("", at.text)
            if at.text:
                return
        at = at[0] if len(at) and at[0].tag in ("strong", "em", "u", "span", "b", "i") else None

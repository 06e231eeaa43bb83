"""A WordprocessingML tree as far as we need it: paragraphs, styles, what is hidden. ECMA-376 Part 1, §17."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
VML = "{urn:schemas-microsoft-com:vml}"
#: ISO 29500 Strict has other names for the same things
STRICT = (("http://purl.oclc.org/ooxml/wordprocessingml/main", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
          ("http://purl.oclc.org/ooxml/officeDocument/relationships", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
          ("http://purl.oclc.org/ooxml/drawingml/", "http://schemas.openxmlformats.org/drawingml/2006/"),
          ("http://purl.oclc.org/ooxml/officeDocument/math", "http://schemas.openxmlformats.org/officeDocument/2006/math"))

Element = etree._Element  # noqa: SLF001  # lxml has no other name for the type of its elements
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_OFF = ("0", "false", "off", "none")


def val(parent: Element | None, path: str) -> str | None:
    """The w:val of a descendant, `pPr/jc`; None where there is no such element or value."""
    found = None if parent is None else parent.find("/".join(W + step for step in path.split("/")))
    return None if found is None else found.get(W + "val")


def is_on(parent: Element | None, path: str) -> bool:
    """Whether a switch such as `rPr/vanish` is there and not turned off."""
    found = None if parent is None else parent.find("/".join(W + step for step in path.split("/")))
    return found is not None and found.get(W + "val", "1") not in _OFF


def text_of(paragraph: Element) -> str:
    """What a paragraph reads, without deleted text and without what text boxes hold."""
    out: list[str] = []

    def visit(element: Element) -> None:
        for child in element:
            if child.tag == W + "t":
                out.append(child.text or "")
            elif child.tag in (W + "tab", W + "br", W + "cr"):
                out.append(" ")
            elif child.tag not in (W + "del", W + "moveFrom", W + "pPr", W + "rPr", W + "pict", W + "drawing", W + "txbxContent"):
                visit(child)

    visit(paragraph)
    return re.sub(r"[ \t\r\n\u3000\xa0]+", " ", "".join(out)).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A paragraph or character style, with what it inherits."""

    name: str
    alignment: str | None
    outline: str | None
    number: str | None  #: numId
    level: str | None  #: ilvl
    hidden: bool


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: Element | None) -> None:
        self._raw = {} if root is None else {one.get(W + "styleId", ""): one for one in root.iter(W + "style")}
        self._known: dict[str, Style] = {}

    def of(self, paragraph: Element, path: str = "pPr/pStyle") -> Style:
        """The style of a paragraph, or of a run with `rPr/rStyle`."""
        name = val(paragraph, path) or ""
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def _read(self, name: str) -> Style:
        chain: list[Element] = []
        at: str | None = name
        while at in self._raw and self._raw[at] not in chain:
            chain.append(self._raw[at])
            at = val(chain[-1], "basedOn")

        def first(path: str) -> str | None:
            return next((value for one in chain if (value := val(one, path)) is not None), None)

        return Style(name=val(chain[0], "name") or name if chain else name, alignment=first("pPr/jc"), outline=first("pPr/outlineLvl"),
                     number=first("pPr/numPr/numId"), level=first("pPr/numPr/ilvl"), hidden=any(is_on(one, "rPr/vanish") for one in chain))

    def heading(self, paragraph: Element) -> int:
        """1 to 9 for a heading, by its style's name or its outline level; 0 for a paragraph."""
        style = self.of(paragraph)
        if found := _HEADING.fullmatch(style.name):
            return int(found[1])
        outline = val(paragraph, "pPr/outlineLvl") or style.outline
        return int(outline) + 1 if outline is not None and outline.isdigit() and int(outline) < 9 else 0

    def is_title(self, paragraph: Element) -> bool:
        """Of the style Title, 标题 in some programs."""
        return self.of(paragraph).name.casefold() in ("title", "标题", "公文标题")

    def is_centred(self, paragraph: Element) -> bool:
        return (val(paragraph, "pPr/jc") or self.of(paragraph).alignment) == "center"

    def is_contents(self, paragraph: Element) -> bool:
        """A line of a table of contents."""
        return re.fullmatch(r"(?:toc|目录)\s*(?:[1-9]|heading)", self.of(paragraph).name.casefold()) is not None


def paragraphs(body: Element) -> Iterator[Element]:
    """The paragraphs that stand in the body itself, also within content controls, but not those of tables and text boxes."""
    for child in body:
        if child.tag == W + "p":
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins", W + "moveTo", W + "smartTag"):
            yield from paragraphs(child)

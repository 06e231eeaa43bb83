"""A Word document made ready for conversion: what must not come along is taken out, what a page cannot show is put into words.

Each step changes the tree and says in Chinese what its owner should look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from content.papers import letter
from content.papers.wordml import MATH, MC, VML, Element, Styles, W, is_on, paragraphs, text_of

MARKS = {2: "GongkaiH2", 3: "GongkaiH3", 4: "GongkaiH4"}  #: names that no document has for its styles

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_SMART = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_OBJECT = "{urn:schemas-microsoft-com:office:office}OLEObject"


def prepare(root: Element, styles: Styles) -> Iterator[str]:
    """Everything of a document that is no matter of its wording."""
    yield from _changes(root)
    yield from _hidden(root, styles)
    yield from _contents(root, styles)
    yield from _boxes(root)
    yield from _formulas(root)
    for tag, called in ((_CHART, "图表"), (_SMART, "SmartArt 图示"), (_OBJECT, "嵌入的对象")):
        if count := sum(1 for _ in root.iter(tag)):
            yield f"文档里有 {count} 个{called}，网页不能显示，未带入；请截图后作为图片插入。"


def _changes(root: Element) -> Iterator[str]:
    comments = {one.get(W + "id") for one in root.iter(W + "commentReference")}
    if comments:
        yield f"文档里有 {len(comments)} 条批注，未带入。"
    put = sum(1 for one in root.iter(W + "ins", W + "moveTo") if one.getparent() is not None)
    taken = sum(1 for _ in root.iter(W + "del", W + "moveFrom"))
    if put or taken:
        yield f"文档里有未处理的修订（插入 {put} 处，删除 {taken} 处），已按“接受全部修订”带入，请核对。"


def _hidden(root: Element, styles: Styles) -> Iterator[str]:
    gone = 0
    for paragraph in list(root.iter(W + "p")):
        whole = styles.of(paragraph).hidden
        for run in list(paragraph.iter(W + "r")):
            if whole or is_on(run, "rPr/vanish") or styles.of(run, "rPr/rStyle").hidden:
                gone += any((one.text or "").strip() for one in run.iter(W + "t"))
                _remove(run)
    if gone:
        yield f"文档里有 {gone} 处隐藏文字，未带入。"


def _contents(root: Element, styles: Styles) -> Iterator[str]:
    lines = [one for one in root.iter(W + "p") if styles.is_contents(one)]
    for line in lines:
        _remove(line)
    if lines:
        yield "文档的目录未带入，网页上不需要页码。"


def _boxes(root: Element) -> Iterator[str]:
    """Word writes a text box twice, old and new; what has the new form alone is given the old one, which the converter reads."""
    found = 0
    for choice in list(root.iter(MC + "AlternateContent")):
        boxes = [box for box in choice.iter(W + "txbxContent") if next(box.iterancestors(MC + "Fallback"), None) is None]
        found += any(one.text for box in boxes for one in box.iter(W + "t"))
        if boxes and choice.find(MC + "Fallback") is None:
            text_box = etree.SubElement(etree.SubElement(etree.SubElement(etree.SubElement(
                choice, MC + "Fallback"), W + "pict"), VML + "shape"), VML + "textbox")
            for box in boxes:
                text_box.append(deepcopy(box))
    if found:
        yield f"文档里有 {found} 个文本框，文字已移到所在段落之后，请核对位置。"


def _formulas(root: Element) -> Iterator[str]:
    found = list(root.iter(MATH + "oMath"))
    for formula in found:
        parent = formula.getparent()
        if parent is None:
            continue
        run = etree.Element(W + "r")
        etree.SubElement(run, W + "t").text = "".join(one.text or "" for one in formula.iter(MATH + "t"))
        if parent.tag == MATH + "oMathPara":
            grand = parent.getparent()
            if grand is not None:
                grand.insert(grand.index(parent), run)
        else:
            parent.insert(parent.index(formula), run)
    if found:
        yield f"文档里有 {len(found)} 个公式，已按一行文字带入，请核对，必要时截图插入。"


def take_head(body: Element, styles: Styles) -> letter.Head:
    """Title, number and letterhead, taken out of the text."""
    lines = list(paragraphs(body))
    texts = [text_of(one) for one in lines]
    first = next((at for at, text in enumerate(texts) if text), None)
    alone = sum(1 for one, text in zip(lines, texts, strict=True) if text and styles.heading(one) == 1) == 1
    found = letter.head([
        letter.Line(text=text, centred=styles.is_centred(one),
                    title=styles.is_title(one) or (alone and at == first and styles.heading(one) == 1))
        for at, (one, text) in enumerate(zip(lines, texts, strict=True))])
    for at in found.lines:
        for run in lines[at].iter(W + "t"):
            if next(run.iterancestors(W + "txbxContent"), None) is None:
                run.text = ""
    return found


def mark_headings(body: Element, styles: Styles) -> None:
    """Give every heading, by style or by form, one of three marks: the page's own title is the first level."""
    lines = [(one, text, styles.heading(one)) for one in paragraphs(body) if (text := text_of(one))]
    levels = sorted({level for _, _, level in lines if level})
    for paragraph, text, level in lines:
        shown = letter.heading_level(text) or (min(levels.index(level) + 2, 4) if level else 0)
        if shown and not letter.read_date(text):
            _restyle(paragraph, MARKS[shown])
        elif level:
            _restyle(paragraph, "")


def _restyle(paragraph: Element, name: str) -> None:
    properties = paragraph.find(W + "pPr")
    if properties is None:
        properties = etree.Element(W + "pPr")
        paragraph.insert(0, properties)
    for old in properties.findall(W + "pStyle"):
        properties.remove(old)
    if name:
        etree.SubElement(properties, W + "pStyle").set(W + "val", name)


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def running_heads(roots: list[Element]) -> bool:
    """Whether headers or footers say anything but page numbers."""
    said = "".join(text_of(one) for root in roots for one in root.iter(W + "p"))
    return any(character.isalpha() and character not in "第页共" for character in said)

"""docx: body, tables, headers, notes; comments, tracked changes, hidden text."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from content.readers.fragments import Fragment, Hidden, Reading, Writer
from content.readers.office import common
from content.readers.packages import Package, local, value

_SKIP = {"Fallback", "del", "moveFrom", "pPr", "rPr", "instrText", "delText"}
SHOWN = 40  #: characters of something hidden that are told
OFF = {"0", "false", "off", "none"}


def read(package: Package) -> Reading:
    """All of a Word document."""
    parts = [("", "word/document.xml"), *(("页眉", name) for name in package.like("word/header")),
             *(("页脚", name) for name in package.like("word/footer")),
             *((place, name) for place, name in (("脚注", "word/footnotes.xml"), ("尾注", "word/endnotes.xml")) if name in package.names)]
    fragments: list[Fragment] = []
    hidden: list[Hidden] = []
    for place, name in parts:
        root = package.xml(name)
        writer = Writer()
        _write(root, writer)
        fragment = writer.fragment(place)
        if fragment.text.strip():
            fragments.append(fragment)
        hidden += [*_changes(root, place), *_vanished(root, place)]
    hidden += _comments(package)
    return Reading(kind="docx", fragments=tuple(fragments), hidden=(*hidden, *common(package, "word")))


def _write(node: etree._Element, writer: Writer) -> None:
    for child in node:
        match local(child):
            case "p":
                writer.paragraph(words(child))
                for box in child.iter("{*}txbxContent"):
                    if not any(local(above) == "Fallback" for above in box.iterancestors()):
                        _write(box, writer)
            case "tbl":
                writer.table([[" ".join(filter(None, map(words, cell.iter("{*}p")))) for cell in row.iterchildren("{*}tc")]
                              for row in child.iter("{*}tr")])
            case name if name not in _SKIP:
                _write(child, writer)


def words(node: etree._Element) -> str:
    """What stands in a paragraph, as it is seen when all changes are accepted; text boxes apart."""
    return "".join(_pieces(node))


def _pieces(node: etree._Element) -> Iterator[str]:
    for child in node:
        match local(child):
            case "t":
                yield child.text or ""
            case "tab":
                yield " "
            case "br" | "cr":
                yield "\n"
            case "noBreakHyphen":
                yield "-"
            case name if name not in _SKIP and name != "txbxContent":
                yield from _pieces(child)


def _changes(root: etree._Element, place: str) -> Iterator[Hidden]:
    """Deleted words are still in the file; inserted ones tell who wrote them. Changes of form alone are counted together."""
    kinds = {"ins": "插入", "del": "删除", "moveFrom": "移走", "moveTo": "移入"}
    said, formed = [], 0
    for one in root.iter():
        kind = local(one)
        if kind in kinds:
            text = "".join(part.text or "" for part in one.iter("{*}t", "{*}delText"))
            if text.strip():
                said.append(f"{kinds[kind]}“{text.strip()[:SHOWN]}”（{value(one, 'author') or '未署名'}）")
        elif kind in ("rPrChange", "pPrChange", "tblPrChange", "sectPrChange"):
            formed += 1
    yield from (Hidden(rule="tracked-change", place=place, words=words) for words in _bounded(said))
    if formed and not said:
        yield Hidden(rule="tracked-change", place=place, words=f"{formed}处格式修订")


def _vanished(root: etree._Element, place: str) -> Iterator[Hidden]:
    for run in root.iter("{*}r"):
        mark = run.find("{*}rPr/{*}vanish")
        if mark is not None and (value(mark, "val") or "1") not in OFF:
            text = "".join(part.text or "" for part in run.iter("{*}t"))
            if text.strip():
                yield Hidden(rule="hidden-text", place=place, words=f"“{text.strip()[:SHOWN]}”")


def _comments(package: Package) -> Iterator[Hidden]:
    if "word/comments.xml" not in package.names:
        return
    said = [f"{value(one, 'author') or '未署名'}：{' '.join(map(words, one.iter('{*}p')))[:SHOWN]}"
            for one in package.xml("word/comments.xml").iter("{*}comment")]
    yield from (Hidden(rule="comment", place="", words=words) for words in _bounded(said))


def _bounded(said: list[str], most: int = 20) -> Iterator[str]:
    """Each by itself, as long as a person would read them."""
    yield from said[:most]
    if len(said) > most:
        yield f"另有{len(said) - most}处"

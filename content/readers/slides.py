"""pptx: slides; notes, hidden slides, comments."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from content.readers.fragments import Fragment, Hidden, Reading, Writer
from content.readers.office import common
from content.readers.packages import Package, local, value


def read(package: Package) -> Reading:
    """All of a presentation."""
    fragments: list[Fragment] = []
    hidden: list[Hidden] = []
    for number, name in enumerate(_order(package), 1):
        root = package.xml(name)
        unseen = root.get("show") in ("0", "false")
        place = f"第{number}张幻灯片" + ("（隐藏）" if unseen else "")
        writer = Writer()
        _write(root, writer)
        fragments.append(writer.fragment(place))
        if unseen:
            hidden.append(Hidden(rule="hidden-slide", place=place, words=" ".join(fragments[-1].text.split())[:40]))
        for _, target, outside in package.relations(name):
            if not outside and target in package.names:
                hidden += _beside(package, target, place)
    return Reading(kind="pptx", fragments=tuple(one for one in fragments if one.text.strip()), hidden=(*hidden, *common(package, "ppt")))


def _order(package: Package) -> list[str]:
    targets = {name: target for name, target, _ in package.relations("ppt/presentation.xml")}
    listed = [targets.get(value(one, "id") or "", "") for one in package.xml("ppt/presentation.xml").iter("{*}sldId")]
    named = [name for name in listed if name in package.names]
    return named + [name for name in package.like("ppt/slides/slide") if name not in named]


def _write(node: etree._Element, writer: Writer) -> None:
    for child in node:
        match local(child):
            case "p":
                writer.paragraph(_words(child))
            case "tbl":
                writer.table([[" ".join(map(_words, cell.iter("{*}p"))) for cell in row.iterchildren("{*}tc")]
                              for row in child.iterchildren("{*}tr")])
            case _:
                _write(child, writer)


def _words(paragraph: etree._Element) -> str:
    """A paragraph's words; fields (the slide's number, the day) apart."""
    return "".join("\n" if local(one) == "br" else one.text or "" for one in paragraph.iter("{*}t", "{*}br")
                   if not any(local(above) == "fld" for above in one.iterancestors()))


def _beside(package: Package, name: str, place: str) -> Iterator[Hidden]:
    if "/notesSlides/" in name:
        text = " ".join(filter(None, (_words(one).strip() for one in package.xml(name).iter("{*}p"))))
        if text:
            yield Hidden(rule="notes", place=place, words=text[:80])
    elif "/comments/" in name:
        for one in list(package.xml(name).iter("{*}cm"))[:20]:
            text = "".join(part.text or "" for part in one.iter("{*}text", "{*}t"))
            yield Hidden(rule="comment", place=place, words=text.strip()[:40])

"""A Word document with fewer elements and the same meaning: fonts, sizes and traces of editing make nine tenths of one.

The converter walks every element several times, so this is where its time is saved.
"""

from __future__ import annotations

from lxml import etree

from content.papers.wordml import Element, W

#: what the converter looks at, by the element that holds it
_KEPT = {
    "rPr": frozenset({"rStyle", "b", "i", "u", "strike", "vertAlign", "del"}), "pPr": frozenset({"pStyle", "numPr", "rPr"}),
    "tcPr": frozenset({"gridSpan", "vMerge"}), "trPr": frozenset({"tblHeader", "del"}), "tblPr": frozenset(),
}
_TRACES = ("proofErr", "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak", "tblGrid", "permStart", "permEnd", "noProof")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def thin(root: Element) -> None:
    """Take out what no page shows, then join pieces of text that look alike."""
    for holder, kept in _KEPT.items():
        names = {W + name for name in kept}
        for element in root.iter(W + holder):
            for child in [one for one in element if one.tag not in names]:
                element.remove(child)
    for trace in [*root.iter(*(W + name for name in _TRACES))]:
        parent = trace.getparent()
        if parent is not None:
            parent.remove(trace)
    for parent in {run.getparent() for run in root.iter(W + "r")}:
        if parent is not None:
            _join(parent)


def _join(parent: Element) -> None:
    """Make one run of neighbours that hold only text and have the same properties."""
    last: Element | None = None
    look = b""
    for run in list(parent):
        found = _look(run)
        if found is None:
            last = None
        elif last is not None and found == look:
            last[-1].text = (last[-1].text or "") + (run[-1].text or "")
            parent.remove(run)
        else:
            last, look = run, found
            run[-1].set(_SPACE, "preserve")


def _look(run: Element) -> bytes | None:
    """The properties of a run that holds one text and nothing else; None for any other."""
    if run.tag != W + "r" or not len(run) or run[-1].tag != W + "t":
        return None
    if len(run) == 1:
        return b""
    properties = run[0]
    return b"".join(sorted(etree.tostring(one) for one in properties)) if len(run) == 2 and properties.tag == W + "rPr" else None

"""The words of a sheet: a body as blocks and runs, free of markup and of measures.

A block is a mapping with its `kind`; a run is text, or `[text, style, …]`; a line feed alone is a broken line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from channels.board.tables import rows_of
from content.html import BLOCKS, Node

Run = str | list[str]
Block = dict[str, Any]

STYLES = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "u": "u", "ins": "u", "del": "del", "sub": "sub", "sup": "sup",
          "code": "code"}
#: characters without ink that say nothing on paper: breaks and joiners of width zero, soft hyphen, byte order mark, emoji selectors
INKLESS = re.compile("[\u00ad\u200b-\u200d\u2060\ufe0e\ufe0f\ufeff]")
#: every blank but the ideographic one, by which writers indent and set names apart
BLANKS = re.compile("[\\s\u0085]+")


def clean(text: str) -> str:
    """Text as paper shows it: nothing inkless, blanks run together; a line broken between two ideographs was no blank."""
    text = INKLESS.sub("", text)
    return BLANKS.sub(lambda blank: _blank(blank, text), text)


def _blank(blank: re.Match[str], text: str) -> str:
    if "\u3000" in blank.group():
        return "\u3000" * blank.group().count("\u3000")
    before, after = text[blank.start() - 1 : blank.start()], text[blank.end() : blank.end() + 1]
    return "" if "\n" in blank.group() and _wide(before) and _wide(after) else " "


def _wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"


class _Line:
    """Runs of one paragraph, collected."""

    def __init__(self) -> None:
        self.runs: list[Run] = []

    def add(self, text: str, styles: tuple[str, ...]) -> None:
        text = clean(text)
        if self._ends() in ("", "\n", " ", "\u3000"):
            text = text.lstrip(" \u3000") if self._ends() in ("", "\n") else text.lstrip(" ")
        if not text:
            return
        if self.runs and self.runs[-1] != "\n":
            last = self.runs[-1]
            if isinstance(last, str) and not styles:
                self.runs[-1] = last + text
                return
            if isinstance(last, list) and tuple(last[1:]) == styles:
                last[0] += text
                return
        self.runs.append([text, *styles] if styles else text)

    def end_line(self) -> None:
        self._trim()
        if self.runs:
            self.runs.append("\n")

    def take(self) -> list[Run]:
        while self.runs and (self.runs[-1] == "\n" or not _text(self.runs[-1]).rstrip(" \u3000")):
            self.runs.pop()
        self._trim()
        out, self.runs = self.runs, []
        return out

    def _ends(self) -> str:
        return _text(self.runs[-1])[-1:] if self.runs else ""

    def _trim(self) -> None:
        if self.runs and self.runs[-1] != "\n":
            last = self.runs[-1]
            if isinstance(last, str):
                self.runs[-1] = last.rstrip(" \u3000")
            else:
                last[0] = last[0].rstrip(" \u3000")


def _text(run: Run) -> str:
    return run if isinstance(run, str) else run[0]


def blocks_of(node: Node) -> list[Block]:
    """The children of an element as blocks; text that stands loose among them becomes paragraphs."""
    flow = _Flow()
    for child in node.children:
        flow.inline(child, ())
    return flow.take()


class _Flow:
    """Blocks, collected from what may be a block, a picture or a part of the running paragraph."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._line = _Line()

    def take(self) -> list[Block]:
        if runs := self._line.take():
            self._blocks.append({"kind": "p", "runs": runs})
        return self._blocks

    def inline(self, child: Node | str, styles: tuple[str, ...]) -> None:
        if isinstance(child, str):
            self._line.add(child, styles)
        elif child.tag == "br":
            self._break()
        elif child.tag == "img":
            self.take().append(_picture(child, []))
        elif child.tag in BLOCKS:
            self.take().extend(_block(child))
        else:
            self._phrase(child, styles)

    def _break(self) -> None:
        if self._line.runs and self._line.runs[-1] == "\n":
            self.take()  # an empty line between them: two paragraphs
        else:
            self._line.end_line()

    def _phrase(self, node: Node, styles: tuple[str, ...]) -> None:
        style = STYLES.get(node.tag)
        within = styles if style is None or style in styles else (*styles, style)
        for child in node.children:
            self.inline(child, within)
        if node.tag == "a" and (address := _address(node)):
            self._line.add(f"（{address}）", (*styles, "url"))


def _block(node: Node) -> Iterator[Block]:
    match node.tag:
        case "h2" | "h3" | "h4":
            for block in blocks_of(node):
                yield {"kind": node.tag, "runs": block["runs"]} if block["kind"] == "p" else block
        case "ul" | "ol":
            yield from _list(node)
        case "blockquote":
            yield {"kind": "quote", "blocks": blocks_of(node)}
        case "pre":
            yield from _verbatim(node)
        case "hr":
            yield {"kind": "hr"}
        case "table":
            yield from _table(node, [])
        case "figure":
            yield from _figure(node)
        case _:
            yield from blocks_of(node)


def _verbatim(node: Node) -> Iterator[Block]:
    if lines := INKLESS.sub("", node.text()).expandtabs(4).strip("\n"):
        yield {"kind": "pre", "lines": lines.split("\n")}


def _list(node: Node) -> Iterator[Block]:
    items = [blocks_of(child) for child in node.children if isinstance(child, Node)]
    if items := [item for item in items if item]:
        start = node.attrs.get("start", "1")
        first = {"start": int(start)} if node.tag == "ol" and re.fullmatch(r"\d{1,6}", start, re.ASCII) else {}
        yield {"kind": node.tag, "items": items, **first}


def _table(node: Node, caption: list[Run]) -> Iterator[Block]:
    for child in node.children:
        if isinstance(child, Node) and child.tag == "caption":
            caption = _line_of(child)
    rows, header = rows_of(node, blocks_of)
    if rows:
        yield {"kind": "table", "caption": caption, "header": header, "rows": rows}
    elif caption:
        yield {"kind": "p", "runs": caption}


def _figure(node: Node) -> Iterator[Block]:
    captions = [child for child in node.children if isinstance(child, Node) and child.tag == "figcaption"]
    caption = [run for child in captions for run in _line_of(child)]
    blocks = blocks_of(Node("figure", {}, [child for child in node.children if child not in captions]))
    bearer = next((block for block in reversed(blocks) if block["kind"] in ("picture", "table")), None)
    if bearer is not None and not bearer["caption"]:
        bearer["caption"] = caption
    elif caption:
        blocks.append({"kind": "p", "runs": caption})
    yield from blocks


def _line_of(node: Node) -> list[Run]:
    """The text of an element as one paragraph."""
    line = _Line()
    line.add(node.text(), ())
    return line.take()


def _picture(node: Node, caption: list[Run]) -> Block:
    return {"kind": "picture", "name": node.attrs.get("src", ""), "alt": clean(node.attrs.get("alt", "")).strip(), "caption": caption}


def _address(link: Node) -> str:
    """Where a link leads, if its words do not say so: paper cannot be clicked."""
    address = re.sub("^(mailto|tel):", "", link.attrs.get("href", ""), flags=re.IGNORECASE)
    said = re.sub(r"\s+", "", link.text())
    bare = re.sub("^https?://", "", address).rstrip("/")
    return "" if not bare or bare in said or address in said else address


def texts(value: Any) -> Iterator[str]:
    """Every text within blocks that the public reads; names of styles, kinds and files are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name in ("runs", "caption"):
                yield from (_text(run) for run in part)
            elif name not in ("kind", "name", "alt"):
                yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)

"""Bodies: the HTML that every channel can start from, and the small tree by which channels turn it into their own.

Sanitising is channel-independent and happens once, at the door. Dangerous markup is refused with its name; harmless
noise that office programs paste along (styles, classes, fonts) is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser

import nh3

BLOCKS = frozenset({"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr", "table", "caption", "thead", "tbody", "tfoot", "tr",
                    "th", "td", "figure", "figcaption", "pre"})
INLINES = frozenset({"a", "img", "strong", "em", "b", "i", "u", "sub", "sup", "br", "code", "del", "ins"})
VOID = frozenset({"br", "hr", "img"})
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"},
              "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

#: what has no business in a government text and is never merely dropped, so that its writer learns of it
DANGEROUS_TAGS = frozenset({
    "script", "iframe", "object", "embed", "applet", "form", "input", "button", "textarea", "select", "meta", "base",
    "link", "svg", "math", "template", "frame", "frameset", "audio", "video",
})
DANGEROUS_URL = re.compile(r"^[\s\x00-\x20]*(javascript|vbscript|data|file)\s*:", re.IGNORECASE)

_BREAKS = re.compile(r"[\t\n\r]")  # browsers read `java&#10;script:` without them

_PRE = re.compile(r"<pre>\n+")  # HTML drops the first line break of a <pre>, and would drop another one at each reading
READINGS = 12  #: two are enough for what people write

_cleaner = nh3.Cleaner(
    tags=set(BLOCKS | INLINES),
    clean_content_tags={"script", "style", "title", "noscript"},
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    url_schemes=set(SCHEMES),
    link_rel="noopener",
    strip_comments=True,
)


class _Dangers(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DANGEROUS_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on"):
                self.found.append(f"<{tag} {name}=…>")
            elif name in ("href", "src", "action", "formaction", "xlink:href") and DANGEROUS_URL.match(_BREAKS.sub("", value or "")):
                self.found.append(f"<{tag} {name}={(value or '')[:20]!r}>")

    handle_startendtag = handle_starttag


def dangers(body: str) -> list[str]:
    """The markup in a body for which it must be refused, in order; empty for a body that may be sanitised."""
    reader = _Dangers()
    reader.feed(body)
    reader.close()
    return reader.found


def sanitise(body: str) -> str:
    """A body as it is stored: known tags and attributes only, well-formed, the same when sanitised again.

    Raises:
        ValueError: its tags are nested so that every reading changes them.
    """
    # dropping a tag may leave others nested as HTML does not allow, and the next reader would put them elsewhere: read until it rests
    before = body
    for _ in range(READINGS):
        after = _PRE.sub("<pre>", _cleaner.clean(_demote(before)).strip())
        if after == before:
            return after
        before = after
    raise ValueError(f"the tags of the body do not rest after {READINGS} readings; paste it as plain text and mark it up anew")


def _demote(body: str) -> str:
    """A page has one h1, its title; a body begins at h2."""
    return re.sub(r"<(/?)h1(?=[\s>])", r"<\1h2", body, flags=re.IGNORECASE)


@dataclass(slots=True)
class Node:
    """An element of a sanitised body: its children are elements and text."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def text(self) -> str:
        """The text within, as read aloud: a line break for `<br>`."""
        return "".join("\n" if isinstance(c, Node) and c.tag == "br" else c if isinstance(c, str) else c.text() for c in self.children)

    def find_all(self, *tags: str) -> Iterator[Node]:
        """Every descendant of one of these tags, in order."""
        for child in self.children:
            if isinstance(child, Node):
                if child.tag in tags:
                    yield child
                yield from child.find_all(*tags)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("body")
        self.stack = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].children.append(node)
        if tag not in VOID:
            self.stack.append(node)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.stack) - 1, 0, -1):
            if self.stack[depth].tag == tag:
                del self.stack[depth:]
                return

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)


def parse(body: str) -> Node:
    """A sanitised body as a tree under a `body` node."""
    builder = _Builder()
    builder.feed(body)
    builder.close()
    return builder.root


def text(body: str) -> str:
    """A body as plain text: a line a block, table cells divided by tabs."""
    return _read(parse(body))


def _read(whole: Node) -> str:
    lines: list[str] = []
    line: list[str] = []

    def end() -> None:
        if joined := "".join(line).strip():
            lines.append(joined)
        line.clear()

    def visit(node: Node) -> None:
        for child in node.children:
            if isinstance(child, str):
                line.append(re.sub(r"\s+", " ", child))
            elif child.tag == "br":
                end()
            else:
                if child.tag in BLOCKS and child.tag not in ("td", "th"):
                    end()
                visit(child)
                if child.tag in ("td", "th"):
                    line.append("\t")
                elif child.tag in BLOCKS:
                    end()

    visit(whole)
    end()
    return "\n".join(lines)


def in_one_line(body: str) -> str:
    """A body for where neither paragraphs nor tables can stand: a row of a table becomes a clause, with commas between its cells."""
    root = parse(body)
    for table in list(root.find_all("table")):
        rows = [[" ".join(_read(cell).split()) for cell in row.find_all("td", "th")] for row in table.find_all("tr")]
        said = "；".join(filter(None, ("，".join(filter(None, row)) for row in rows)))
        table.children[:] = [*table.find_all("caption"), f"{said}。" if said else ""]
    return " ".join(_read(root).split())


_IMAGE = re.compile(r'<img\b(?:[^>"]|"[^"]*")*>')  # a quoted value may hold a >
_SRC = re.compile(r'(\ssrc=")([^"]*)(")')


def map_images(body: str, address: Callable[[str], str]) -> str:
    """The body with each picture's name replaced by the address a channel gives it."""
    def one(tag: re.Match[str]) -> str:
        return _SRC.sub(lambda m: m[1] + escape(address(unescape(m[2]))) + m[3], tag.group())

    return _IMAGE.sub(one, body)


def image_names(body: str) -> list[str]:
    """The names of the pictures a body shows, in order."""
    return [node.attrs.get("src", "") for node in parse(body).find_all("img")]

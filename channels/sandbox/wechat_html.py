"""What the platform does to an article's HTML: what it keeps, and how it gives it back."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

KEPT = frozenset({"p", "span", "div", "section", "img", "a", "ul", "ol", "li", "strong", "em", "b", "i", "u", "br", "hr", "table", "thead",
                  "tbody", "tr", "td", "th", "pre", "code", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "sup", "sub"})
VOID = frozenset({"img", "br", "hr"})
ATTRIBUTES = frozenset({"style", "src", "alt", "href", "colspan", "rowspan", "start"})
OWN_PICTURES = re.compile(r"https?://mmbiz\.qpic\.cn/")
OWN_LINKS = re.compile(r"https?://mp\.weixin\.qq\.com/")
FOREIGN_BACKGROUND = re.compile(r"background(-image)?\s*:[^;]*url\((?![\"']?https?://mmbiz\.qpic\.cn/)[^)]*\)[^;]*;?", re.IGNORECASE)


class _Filter(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._lost: list[str] = []  # unknown tags we are inside of: they vanish with what they hold

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in KEPT:
            if tag not in ("link", "meta", "input", "base", "source"):
                self._lost.append(tag)
            return
        given = {name: value or "" for name, value in attrs}
        if self._lost or (tag == "img" and not OWN_PICTURES.match(given.get("src", ""))):
            return
        if tag == "a" and not OWN_LINKS.match(given.get("href", "")):
            given.pop("href", None)
        if "style" in given:
            given["style"] = FOREIGN_BACKGROUND.sub("", given["style"])
        self.out.append("<" + tag + "".join(f' {name}="{escape(value)}"' for name, value in given.items() if name in ATTRIBUTES) + ">")

    def handle_endtag(self, tag: str) -> None:
        if self._lost:
            if tag == self._lost[-1]:
                self._lost.pop()
        elif tag in KEPT and tag not in VOID:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._lost:
            self.out.append(escape(data, quote=False))


def kept(content: str) -> str:
    """The article as the platform stores and shows it."""
    reader = _Filter()
    reader.feed(content)
    reader.close()
    return "".join(reader.out)


def given_back(content: str) -> str:
    """The article as the platform's interfaces give it back: pictures under another name of attribute."""
    return re.sub(r'(<img\b[^>]*?) src="([^"]*?)(?:/0\?[^"]*)?"', r'\1 src="" data-src="\2/640?from=appmsg"', content)

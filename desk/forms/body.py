"""The body as it comes from a browser: the editor's HTML, HTML or Markdown typed by hand, or plain text."""

from __future__ import annotations

import re
from html import escape, unescape

from content.html import image_names
from content.media import FileError
from content.papers.markdown import read_markdown
from content.papers.plain import paragraphs

_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|<!--")
#: what only Markdown has: headings by #, a table's second line, a picture or a link
_MARKDOWN = re.compile(r"^#{1,4} +\S|^ *\|? *:?-{3,}:? *\||\]\([^)\s]+\)", re.MULTILINE)
#: the editor puts a paragraph into every cell and every point of a list; one alone says nothing
_ALONE = re.compile(r"(<(td|th|li)\b[^>]*>)<p>((?:(?!</?p\b).)*)</p>(?=</\2>)", re.DOTALL)
_IMG = re.compile(r'<img\b(?:[^>"]|"[^"]*")*>')
_SRC, _ALT = re.compile(r'\ssrc="([^"]*)"'), re.compile(r'\salt="[^"]*"')


def body_of(text: str) -> str:
    """The HTML of what was typed; not yet judged, and not sanitised where it is HTML already."""
    if not text.strip() or _TAG.search(text):
        return _ALONE.sub(r"\1\3", text)
    if _MARKDOWN.search(text):
        try:
            paper = read_markdown(text)
        except FileError:
            return paragraphs(text)
        return (f"<h2>{escape(paper.title)}</h2>" if paper.title else "") + paper.body
    return paragraphs(text)


def with_pictures(body: str, images: dict[str, str]) -> str:
    """The body with every picture (name, alternative text) in it: those it does not show yet stand at its end, each in its own words."""
    def told(tag: re.Match[str]) -> str:
        src = _SRC.search(tag[0])
        name = unescape(src[1]) if src else ""
        if name not in images:
            return tag[0]
        return f'{_ALT.sub("", tag[0]).rstrip("/> ")} alt="{escape(images[name])}">'

    shown = set(image_names(body))
    more = "".join(f'<p><img src="{escape(name)}" alt="{escape(alt)}"></p>' for name, alt in images.items() if name not in shown)
    return _IMG.sub(told, body) + more


def without_picture(body: str, name: str) -> str:
    """The body without a picture that was taken out of the form."""
    def gone(tag: re.Match[str]) -> str:
        src = _SRC.search(tag[0])
        return "" if src and unescape(src[1]) == name else tag[0]

    return _IMG.sub(gone, body)

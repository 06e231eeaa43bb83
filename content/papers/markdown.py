"""Markdown (CommonMark with tables and strike-through) turned into the beginnings of an item. HTML within it is shown as it was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.html import sanitise, text
from content.items import UNPRINTABLE
from content.media import FileError
from content.papers import letter
from content.papers.paper import Paper, Picture
from content.papers.pictures import clean_picture
from content.papers.tidy import tidy
from content.records import BODY_LIMIT

NESTING = 20  #: quotes in lists in quotes: nobody means more


def read_markdown(source: str, *, pictures: Mapping[str, bytes] = MappingProxyType({}), name: str = "Markdown 文档") -> Paper:
    """A text in Markdown as a Paper. `pictures`: the bytes of pictures that came along, by file name; others leave their words.

    A line break stays one, as people expect who write Chinese. The heading of the first level becomes the title where it stands alone.

    Raises:
        FileError: too long, or without any text.
    """
    if len(source) > BODY_LIMIT:
        raise FileError("too-long", f"“{name}”有 {len(source):,} 个字符，超过 {BODY_LIMIT:,} 的上限。请把长表格或附录作为附件上传。")
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": NESTING}).enable(["table", "strikethrough"])
    tokens = reader.parse(UNPRINTABLE.sub("", source.removeprefix("\ufeff")))
    tokens, title = _take_title(tokens)
    tokens, number = _take_number(tokens)
    _level(tokens)
    kept, notes = _place_pictures(tokens, pictures)
    clean, more = tidy(_known_tags(reader.renderer.render(tokens, reader.options, {})))
    body = sanitise(clean)
    if not text(body).strip() and not kept:
        raise FileError("empty", f"“{name}”里没有正文。请确认内容。")
    lines = text(body).split("\n")
    return Paper(title=title, body=body, images=tuple(kept), document_number=number, made_on=letter.made_on(lines),
                 attachments_named=letter.attachments_named(lines),
                 notes=tuple(dict.fromkeys([*([] if title else ["没有认出标题，请补写。"]), *notes, *more])))


def _take_title(tokens: list[Token]) -> tuple[list[Token], str]:
    firsts = [at for at, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"]
    if len(firsts) != 1 or firsts[0] > 6:
        return tokens, ""
    at = firsts[0]
    title = re.sub(r"\s+", " ", _words(tokens[at + 1])).strip()
    if not 0 < len(title) <= letter.TITLE_LIMIT:
        return tokens, ""
    return tokens[:at] + tokens[at + 3 :], title


def _words(inline: Token) -> str:
    return "".join("\n" if child.type.endswith("break") else child.content for child in inline.children or () if child.type != "image")


def _take_number(tokens: list[Token]) -> tuple[list[Token], str]:
    for at, token in enumerate(tokens[:8]):
        if token.type == "paragraph_open" and token.level == 0 and (number := letter.document_number(_words(tokens[at + 1]))):
            return tokens[:at] + tokens[at + 3 :], number
    return tokens, ""


def _level(tokens: Sequence[Token]) -> None:
    """The page's title is the first level: the highest that is used becomes the second."""
    levels = sorted({token.tag for token in tokens if token.type == "heading_open"})
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(levels.index(token.tag) + 2, 4)}"


def _place_pictures(tokens: Sequence[Token], given: Mapping[str, bytes]) -> tuple[list[Picture], list[str]]:
    kept: dict[str, Picture] = {}
    notes: list[str] = []
    for token in tokens:
        for child in token.children or ():
            if child.type != "image":
                continue
            words = "".join(one.content for one in child.children or ())[:200]
            address = unquote(str(child.attrs.get("src", "")))
            leaf = address.replace("\\", "/").rpartition("/")[2]
            data = given.get(address, given.get(leaf))
            if data is not None and leaf not in kept:
                try:
                    clean = clean_picture(leaf, data)
                except FileError as error:
                    notes.append(str(error))
                else:
                    taken = {one.name for one in kept.values()}
                    called = clean.name if clean.name not in taken else f"{len(taken) + 1}-{clean.name}"
                    kept[leaf] = Picture(name=called, data=clean.data, media_type=clean.media_type, alt=words)
                    notes += clean.notes
            if leaf in kept:
                child.attrs["src"] = kept[leaf].name
            else:
                notes += [] if data is not None else [f"图片“{leaf[:80] or '未命名'}”没有一起上传，只保留了文字说明。"]
                child.type, child.content, child.children = "text", words, None
    return list(kept.values()), notes


def _known_tags(rendered: str) -> str:
    return rendered.replace("<s>", "<del>").replace("</s>", "</del>")

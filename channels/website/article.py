"""The article: what a reader of the page is told by the edition itself. These bytes are sealed when it is signed off."""

from __future__ import annotations

import re
from functools import partial
from posixpath import splitext

from channels.base import Rendition
from channels.errors import UnsuitableError
from channels.website.frames import escaped
from channels.wording import file_size
from content import metadata
from content.html import map_images
from content.index_numbers import file_address, slug
from content.items import Attachment, Edition, Image

_IMG = re.compile(r"<img\b[^>]*>")
_ELSEWHERE = re.compile(r"https?://", re.IGNORECASE)
_HEADING = re.compile(r"<(/?)h([2-4])>")


def file_name(edition: Edition, file: Image | Attachment) -> str:
    """The name of a file in the folder of its item."""
    return file_address(edition.index_number, file.sha256, file.name).rpartition("/")[2]


def body(edition: Edition, folder: str) -> str:
    """The body with its pictures taken from `folder`, in words where it does not say them itself.

    Raises:
        UnsuitableError: the body names a picture that the edition does not have.
    """
    if "<img" not in edition.body:
        return edition.body
    images = {image.name: image for image in edition.images}

    def picture(name: str) -> str:
        if name not in images and not _ELSEWHERE.match(name):
            raise UnsuitableError(f"the body shows the picture {name!r}, which is not among the edition's images; add it or take it out")
        return f"{folder}/{file_name(edition, images[name])}" if name in images else name

    html = _IMG.sub(partial(_with_alt, {escaped(image.name): image.alt for image in edition.images}), edition.body)
    return map_images(html, picture)


def _with_alt(alts: dict[str, str], tag: re.Match[str]) -> str:
    """The picture in words, where the body itself has none."""
    src = re.search(r'\ssrc="([^"]*)"', tag[0])
    if " alt=" in tag[0]:
        return tag[0]
    return f'{tag[0][:-1].rstrip("/ ")} alt="{escaped(alts.get(src[1], "") if src else "")}">'


def scrolling_tables(html: str) -> str:
    """Tables within a box that scrolls by itself, also by keyboard, so that the page does not."""
    if "<table" not in html:
        return html
    return html.replace("<table>", '<div class="scroll" role="region" aria-label="表格" tabindex="0"><table>').replace(
        "</table>", "</table></div>")


def outline(html: str) -> str:
    """Headings that go down one level at a time: screen readers offer them as a table of contents, and a missing level misleads."""
    if "<h3" not in html and "<h4" not in html:
        return html
    depth: list[int] = []  # the levels as written that are open: under these, one deeper is the next

    def one(tag: re.Match[str]) -> str:
        if not tag[1]:
            while depth and depth[-1] >= int(tag[2]):
                depth.pop()
            depth.append(int(tag[2]))
        return f"<{tag[1]}h{len(depth) + 1}>"

    return _HEADING.sub(one, html)


def render(edition: Edition) -> Rendition:
    """The article of an edition: title, whether it is no longer in force, 更正说明, facts, body, attachments.

    Pictures and files lie in the folder beside the page.

    Raises:
        UnsuitableError: the body shows a picture that the edition does not have.
    """
    folder = slug(edition.index_number)
    parts = [f"<h1>{escaped(edition.title)}</h1>\n"]
    if warning := metadata.ended(edition.metadata):
        parts.append(f'<p class="ended"><strong>{metadata.value(edition.metadata, metadata.VALIDITY)}</strong>{escaped(warning)}</p>\n')
    if edition.change_note:
        parts.append(f'<p class="correction"><strong>更正说明</strong>{escaped(edition.change_note)}</p>\n')
    parts.append(f'<div class="text">\n{outline(scrolling_tables(body(edition, folder)))}\n</div>\n')
    if edition.attachments:
        parts.append('<section class="attachments" aria-labelledby="attachments">\n<h2 id="attachments">附件</h2>\n<ul>\n')
        for file in edition.attachments:
            name, served = escaped(file.name), file_name(edition, file)
            kind = splitext(file.name)[1][1:].upper()
            parts.append(f'<li><a href="{folder}/{served}" download="{name}">{name}</a> '
                         f'<span class="size">{f"{kind}，" if kind else ""}{file_size(file.size)}</span></li>\n')
        parts.append("</ul>\n</section>\n")
    parts.append(f'<dl class="facts">\n{_facts(edition)}</dl>\n')
    return Rendition(body="".join(parts), media_type="text/html", title=edition.title, images=edition.images,
                     attachments=edition.attachments)


def _facts(edition: Edition) -> str:
    rows = (("索引号", edition.index_number), ("文号", edition.document_number), ("发布机构", edition.issuing_body),
            ("成文日期", f'<time datetime="{edition.made_on}">{edition.made_on}</time>'), ("主题分类", edition.category),
            ("关键词", "；".join(edition.keywords)), ("信息来源", edition.source),
            *((escaped(label), value) for _slug, label, value in metadata.lines(edition.metadata)))
    return "".join(f"<div><dt>{label}</dt><dd>{value if label == '成文日期' else escaped(value)}</dd></div>\n"
                   for label, value in rows if value)

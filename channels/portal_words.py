"""An edition as an article of another site: its HTML, its name there, and the shield against that site's typography."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from html import escape

from channels.errors import UnsuitableError
from channels.wording import file_size
from content import html
from content.index_numbers import slug as plain
from content.items import Attachment, Edition
from content.metadata import ended

_ATTACHMENT = re.compile(r'href="attachment:([0-9a-f]{12})"')
_TAG = re.compile(r'<(?:[^>"]|"[^"]*")*>')  # a quoted value may hold a >

#: what WordPress makes something else of when it shows a text: curly quotes, shortcodes, dashes, ellipses, cards of bare addresses,
#: smileys, a multiplication sign (its wptexturize, do_shortcode, autoembed, convert_smilies)
_CURIOUS = re.compile(r"""["'`\[\]]|-(?=[\s-])|(?<=-)-|\.(?=\.)|(?<=\.)\.|:(?=//)|(?<=[:;8=-])[()]|(?<=\d)x(?=\d)|\((?=tm\))""",
                      re.IGNORECASE)


def name(office: str, key: str) -> str:
    """The slug of an item on the portal: of whichever edition, so that a correction meets the article that it corrects.

    ASCII always: WordPress writes others in percents, and cuts them at 200 bytes. Its end is made of office, channel and index
    number, so that neither another office nor a person at the portal comes upon the same.
    """
    number, channel = key.partition("#")[0], key.rpartition("@")[2]
    return f"{plain(number)[:150]}-{sha256(f'{office}/{channel}/{number}'.encode()).hexdigest()[:10]}".lstrip("-")


def mark(office: str, key: str) -> str:
    """What an article bears that says one edition of an item."""
    return f"edition-{key.partition('#')[2].partition(':')[0]}-{name(office, key)}"


def article(edition: Edition, marked: str) -> str:
    """The article of an edition. Pictures keep their names and files are `attachment:…` until both have an address there.

    Raises:
        UnsuitableError: the body shows a picture that the edition does not have, or cannot be read.
    """
    try:
        body = html.sanitise(edition.body)  # once more: the portal keeps whatever an editor sends it, scripts too
    except ValueError as error:
        raise UnsuitableError(f"{edition.index_number}：正文的标记无法解读（{error}），请以纯文本重新粘贴") from None
    known = {image.name for image in edition.images}
    if missing := [shown for shown in html.image_names(body) if shown not in known]:
        raise UnsuitableError(f"{edition.index_number}：正文里的图片“{missing[0]}”没有随信息提供；请上传该图片或从正文删去")
    over = f"<p><strong>{_text(said)}</strong></p>\n" if (said := ended(edition.metadata)) else ""
    note = f"<p><strong>更正说明：</strong>{_text(edition.change_note)}</p>\n" if edition.change_note else ""
    return f"{over}{note}{body}\n{_files(edition.attachments)}<hr>\n{_facts(edition, marked)}"


def _text(text: str) -> str:
    return escape(text, quote=False)


def _files(files: tuple[Attachment, ...]) -> str:
    if not files:
        return ""
    rows = "".join(f'<li><a href="attachment:{file.sha256[:12]}">{_text(file.name)}</a>（{file_size(file.size)}）</li>\n' for file in files)
    return f"<h2>附件</h2>\n<ul>\n{rows}</ul>\n"


def _facts(edition: Edition, marked: str) -> str:
    facts = [("索引号", _text(edition.index_number)), ("文号", _text(edition.document_number)), ("发布机构", _text(edition.issuing_body)),
             ("成文日期", f"{edition.made_on.year}年{edition.made_on.month}月{edition.made_on.day}日"), ("信息来源", _text(edition.source)),
             ("原文", f'<a href="{escape(edition.link)}">{_text(edition.link)}</a>' if edition.link else "")]
    return f'<p id="{marked}">{"<br>".join(f"{label}：{value}" for label, value in facts if value)}</p>'


def linked(body: str, address: Callable[[str], str]) -> str:
    """The article with each file's link led to the address given for the beginning of its hash."""
    return _ATTACHMENT.sub(lambda found: f'href="{escape(address(found[1]))}"', body)


def shielded(markup: str) -> str:
    """The same HTML to a reader, in signs that WordPress leaves as they are."""
    out, at = [], 0
    for tag in _TAG.finditer(markup):
        out += [_CURIOUS.sub(_coded, markup[at : tag.start()]), tag.group().replace("[", "&#91;").replace("]", "&#93;")]
        at = tag.end()
    return "".join([*out, _CURIOUS.sub(_coded, markup[at:])])


def _coded(found: re.Match[str]) -> str:
    return f"&#{ord(found.group())};"


def block(markup: str) -> str:
    """As a block of HTML of the portal's editor: beside blocks WordPress puts in no paragraphs of its own."""
    return f"<!-- wp:html -->\n{markup}\n<!-- /wp:html -->"

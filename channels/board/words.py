"""What a sheet says: the sealed words of an edition, and what of them no sheet can carry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from channels.board.blocks import Block, blocks_of, clean, texts
from channels.errors import UnsuitableError
from channels.typesetting import Typesetter
from content.html import parse
from content.items import Edition
from content.offices import Office

MAX_CHARACTERS = 12_000  #: no longer text can stand on a sheet's pages; found before anything is set in type
MAX_TITLE = 120  #: characters: seven lines in 2号
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff"})
#: what staff call the parts of an edition, for messages
FIELDS = {
    "title": "标题", "document_number": "文号", "source": "信息来源", "correction": "更正说明", "blocks": "正文", "attachments": "附件名称",
    "issuing_body": "发布机构", "office": "机关名称", "phone": "监督电话", "link": "网址", "index_number": "索引号",
}


def sheet_number(index_number: str, edition: int) -> str:
    """张贴单号: known before anything is printed, the same for every printing of one edition: `006123456/2024-00017-1`."""
    return f"{index_number}-{edition}"


def words_of(edition: Edition, office: Office) -> dict[str, Any]:
    """The words of a sheet. When it hangs and how it looks is not among them.

    Raises:
        UnsuitableError: the column is unknown, or a picture is missing or of a kind that cannot be printed.
    """
    column = office.by_slug.get(edition.column)
    if column is None:
        raise UnsuitableError(f"栏目 {edition.column} 不在本机关的栏目表中，不知道张贴几天；请改选栏目，或在 gongkai.toml 中补上")
    blocks = blocks_of(parse(edition.body))
    for block in pictures(blocks):
        _check_picture(block["name"], edition)
    return {
        "sheet": sheet_number(edition.index_number, edition.number),
        "index_number": edition.index_number,
        "edition": edition.number,
        "title": _line(edition.title),
        "document_number": _line(edition.document_number),
        "source": _line(edition.source),
        "correction": _line(edition.change_note) if edition.number > 1 else None,
        "blocks": blocks,
        "attachments": [_bare(file.name) for file in edition.attachments],
        "issuing_body": _line(edition.issuing_body),
        "made_on": day(edition.made_on),
        "office": _line(office.name),
        "phone": _line(office.supervision_phone),
        "link": edition.link,
        "days": column.board_days,
    }


def check_glyphs(words: dict[str, Any], setter: Typesetter) -> None:
    """Refuse what would print as a box.

    Raises:
        UnsuitableError: names the characters and where they stand.
    """
    found = {name: missing for name in FIELDS if (missing := setter.missing("".join(texts(words[name]))))}
    if found:
        places = "；".join(f"{FIELDS[name]}：" + "、".join(f"“{c}”（U+{ord(c):04X}）" for c in missing) for name, missing in found.items())
        raise UnsuitableError(f"张贴单的字体里没有这些字，印出来是空框——{places}。请换字，或把含有这些字的仿宋字体放进 font_dir 文件夹")


def check_length(words: dict[str, Any]) -> None:
    """Refuse what is surely too long.

    Raises:
        UnsuitableError: names the number of characters.
    """
    if (length := len(words["title"])) > MAX_TITLE:
        raise UnsuitableError(f"标题 {length} 字，张贴单上最多 {MAX_TITLE} 字；请缩短标题")
    if (length := characters(words)) > MAX_CHARACTERS:
        raise UnsuitableError(f"全文 {length} 字，公告栏最多 {MAX_CHARACTERS} 字；请改为张贴摘要，全文作附件或登在网站上")


def characters(words: dict[str, Any]) -> int:
    """How many characters a sheet has to set."""
    return sum(len(text) for text in texts(words))


def count(body: str) -> int:
    """The same of a rendition's body."""
    return characters(json.loads(body))


def day(value: date) -> str:
    """A day as GB/T 9704 writes it: Arabic digits, no leading zeros."""
    return f"{value.year}年{value.month}月{value.day}日"


def pictures(value: Any) -> Iterator[Block]:
    """Every picture within blocks, however deep, in order."""
    if isinstance(value, dict):
        if value.get("kind") == "picture":
            yield value
        for part in value.values():
            yield from pictures(part)
    elif isinstance(value, list):
        for part in value:
            yield from pictures(part)


def _check_picture(name: str, edition: Edition) -> None:
    image = next((image for image in edition.images if image.name == name), None)
    if image is None:
        raise UnsuitableError(f"正文里的图片 {name!r} 没有随信息上传，印不出来；请上传该图片，或从正文中删去")
    if image.media_type not in PICTURES:
        raise UnsuitableError(f"图片 {name!r} 的格式 {image.media_type} 不能印；请换成 PNG 或 JPEG")


def _line(text: str) -> str:
    return clean(text).strip(" \u3000")


def _bare(name: str) -> str:
    """An attachment's name without the 附件1： that the sheet itself counts."""
    name = _line(name)
    return re.sub(r"^附件\s*[0-9一二三四五六七八九十]*\s*[：:、.．]\s*", "", name) or name

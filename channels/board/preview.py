"""A sheet on a screen: the pages as pictures, set by the same press from the same words, and the PDF itself."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Protocol

from channels.base import Rendition, Scene, Shown
from channels.preview_page import PDF, PNG, framed
from channels.typesetting import Typesetter
from content.catalogue import Blobs

PAGES, SHEET = "sheet.html", "sheet.pdf"
PAGE = re.compile(r"([1-9]\d?)\.png")
PPI = 120.0  #: pixels an inch: an A4 page is 992 across
KEPT = 8  #: sheets in memory: whoever looks at one asks for its page and each picture one after another
STYLE = """body{background:#e9ecef;padding:16px}main{max-width:62rem;margin:0 auto}
img{display:block;width:100%;background:#fff;box-shadow:0 1px 6px #0003;margin:0 0 16px}"""


class Press(Protocol):
    """What of a board a preview needs."""

    @property
    def setter(self) -> Typesetter: ...
    def preview(self, rendition: Rendition, *, on: date, blobs: Blobs, replaces: str = "") -> bytes: ...


def show(board: Press, scene: Scene, path: str) -> Shown | None:
    """The page of pictures, one of them, or the PDF."""
    match = PAGE.fullmatch(path)
    if path not in (PAGES, SHEET) and match is None:
        return None
    pdf = board.preview(scene.rendition, on=scene.at.date(), blobs=scene.blobs, replaces=scene.replaces)
    if path == SHEET:
        return Shown(media_type=PDF, data=pdf)
    pages = pictures(board.setter, pdf)
    if match is None:
        body = "".join(f'<img src="{number}.png" alt="张贴单第 {number} 页，共 {len(pages)} 页">' for number in range(1, len(pages) + 1))
        return framed(title=f"{scene.edition.title}：张贴单", style=STYLE, body=f"<main>{body}</main>")
    number = int(match[1])
    return Shown(media_type=PNG, data=pages[number - 1]) if number <= len(pages) else None


@lru_cache(maxsize=KEPT)
def pictures(setter: Typesetter, pdf: bytes) -> list[bytes]:
    """The pages of a sheet."""
    return setter.pictures(pdf, ppi=PPI)

"""Pictures as the platform takes them, and the cover of an article that brings none."""

from __future__ import annotations

import io
import re
from functools import lru_cache

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from channels.pictures import Frame, fitted

#: of a picture in the text (media/uploadimg: under 1 MB); covers are held to it too. No phone shows more pixels
FRAME = Frame(largest=1_000_000 - 1, widest=1920)
COVER = (900, 383)  #: pixels, the 2.35:1 of the platform's list
_PIECE = re.compile(r"[（《“「【]*(?:[A-Za-z0-9.%/+-]+|.)[，。；：、）》”」】！？ ]*", re.DOTALL)


def acceptable(data: bytes, name: str) -> tuple[bytes, str]:
    """The picture as the platform takes it, and its suffix, `jpg` or `png`.

    Raises:
        PermanentError: it is no picture, or one so large that opening it is unsafe.
    """
    return fitted(data, name, FRAME)


def cover(office: str, title: str) -> bytes:
    """A calm cover, the same bytes for the same words: the title on deep red, the office beneath a line.

    The list crops covers of older articles to their middle square; the words keep to what both crops show as far as they fit.
    """
    office, title = _drawable(office), _drawable(title)
    picture = Pictures.new("RGB", COVER, "#8f1d1d")
    pen = ImageDraw.Draw(picture)
    width, height = COVER
    pen.rectangle((0, height - 92, width, height), fill="#7a1616")
    pen.line((0, height - 92, width, height - 92), fill="#d9b36c", width=3)
    size, lines = _title_lines(title, width - 120, height - 92 - 60)
    top = (height - 92 - len(lines) * size * 1.35) / 2
    for number, line in enumerate(lines):
        pen.text((width / 2, top + number * size * 1.35 + size * 0.675), line, font=_font(size), fill="white", anchor="mm")
    pen.text((width / 2, height - 46), office, font=_font(34), fill="#f2dfb8", anchor="mm")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90, optimize=True)
    return out.getvalue()


def _title_lines(title: str, width: int, height: int) -> tuple[int, list[str]]:
    """The largest type in which the title fits, and its lines of about even length."""
    for size in range(72, 27, -4):
        lines = _wrap(title, size, width)
        if len(lines) * size * 1.35 <= height:
            return size, lines
    fits = int(height / (28 * 1.35))
    return 28, _wrap(title, 28, width)[:fits]


def _wrap(title: str, size: int, width: int) -> list[str]:
    """Lines as even as can be, no more than the title needs; words and figures stay whole, closing signs do not begin a line."""
    font = _font(size)
    whole = int(font.getlength(title))
    count = max(1, -(-whole // width))
    pieces = [piece[0] for piece in _PIECE.finditer(title)]
    room = min(whole // count + size, width)
    while True:
        lines = [""]
        for piece in pieces:
            if lines[-1] and font.getlength(lines[-1] + piece.rstrip()) > room:
                lines.append("")
            lines[-1] += piece
        if len(lines) <= count:
            return [line.strip() for line in lines]
        if room >= width:  # what may not be broken asks for another line; then they are evened out anew
            count += 1
            room = whole // count
        room = min(room + size // 2, width)


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size)


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    with TTFont(pylopdf_fonts_zh_cn.sans_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())


def _drawable(text: str) -> str:
    """The text without signs the font lacks (emoji, mostly): the cover is an ornament, and a box on it is none."""
    return "".join(sign for sign in text if ord(sign) in _glyphs())

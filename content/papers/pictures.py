"""Pictures as they are published: encoded anew, so that nothing travels along which nobody sees.

Turned upright, no wider than a page shows, without EXIF (where it was taken, by whom), colour profile, comments and thumbnails. A drawing
stays PNG, a photograph becomes JPEG. The same bytes in give the same bytes out.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

from content.media import FileError, check_size, picture_type

PICTURE_LIMIT = 20 * 2**20  #: bytes as brought
PIXEL_LIMIT = 60_000_000  #: a page scanned at 600 dpi has 35 million; more is refused before it is decoded
WIDTH = 2000  #: pixels: twice what the page shows, for dense screens
HEIGHT = 8000  #: pixels: a long screenshot is one picture, a mile of it is not
COLOURS = 4096  #: a picture with fewer is a drawing, whatever it came as
QUALITY = 85
DRAWING_LIMIT = 2 * 2**20  #: bytes of a see-through PNG; above, it was a photograph
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")

_NOT_IN_NAME = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|#%&\ud800-\udfff\ufffe\uffff]+")
_MARKUP = re.compile(rb"\A\s*(?:\xef\xbb\xbf)?\s*<|<(?:script|svg|html|\?php)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanPicture:
    """A picture as it is stored and published."""

    name: str  #: its suffix tells the truth
    data: bytes
    media_type: str  #: image/png or image/jpeg
    width: int
    height: int
    notes: tuple[str, ...] = ()  #: Chinese: what was changed that its owner might miss


def clean_picture(name: str, data: bytes) -> CleanPicture:
    """A picture by its content, encoded anew.

    An animated GIF or WebP keeps its first frame, and a note says so: no board, sheet or feed reader could show the others.

    Raises:
        FileError: it is no picture, is damaged, or is larger than could be shown.
    """
    check_size(name, data, PICTURE_LIMIT)
    notes: list[str] = []
    try:
        shown = _decoded(name, data, notes)
    except FileError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _no_picture(name, data) from None
    except (OSError, ValueError, SyntaxError, IndexError, KeyError, TypeError, ArithmeticError, EOFError, AttributeError):
        # what decoders raise for bytes that break off or lie
        raise FileError("damaged", f"图片“{name}”已损坏，无法打开。请用看图软件打开、另存后再上传。") from None
    fit = min(1.0, WIDTH / shown.width, HEIGHT / shown.height)
    size = (max(1, round(shown.width * fit)), max(1, round(shown.height * fit)))
    drawing = shown.mode == "RGBA" or _few_colours(shown)
    if size != shown.size:
        notes.append(f"图片“{name}”已从 {shown.width}×{shown.height} 缩小为 {size[0]}×{size[1]} 像素。")
        shown = shown.resize(size, Image.Resampling.LANCZOS)
    encoded, media_type = _encoded(shown, drawing=drawing)
    return CleanPicture(name=_named(name, media_type), data=encoded, media_type=media_type, width=size[0], height=size[1],
                        notes=tuple(notes))


def _decoded(name: str, data: bytes, notes: list[str]) -> Image.Image:
    """The first frame, upright, as RGB or RGBA, and without anything that is no pixel."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        if picture.width * picture.height > PIXEL_LIMIT:
            raise FileError("too-many-pixels", f"图片“{name}”有 {picture.width}×{picture.height} 像素，展开后过大。"
                                               f"请把宽度缩小到 {WIDTH} 像素以内再上传。")
        if getattr(picture, "n_frames", 1) > 1:
            notes.append(f"图片“{name}”有多帧（动图或多页），只保留第一帧。")
        picture.seek(0)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        see_through = "A" in upright.mode or "transparency" in upright.info
        if upright.mode.startswith("I"):  # 16 bits of grey: bring white to white before the rest is cut off
            upright = upright.point(lambda value: value / 257).convert("L")
        plain = upright.convert("RGBA" if see_through else "RGB")
    if see_through and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean


def _few_colours(picture: Image.Image) -> bool:
    """Lines and lettering, which JPEG would blur."""
    small = picture.copy()
    small.thumbnail((1000, 1000), Image.Resampling.NEAREST)
    return small.getcolors(COLOURS) is not None


def _encoded(picture: Image.Image, *, drawing: bool) -> tuple[bytes, str]:
    out = io.BytesIO()
    if drawing:
        _with_palette(picture).save(out, "PNG", optimize=True)
        if out.tell() <= DRAWING_LIMIT or picture.mode != "RGBA":
            return out.getvalue(), "image/png"
        white = Image.new("RGB", picture.size, "white")  # a photograph with a see-through edge: paper is white
        white.paste(picture, mask=picture.getchannel("A"))
        picture, out = white, io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue(), "image/jpeg"


def _with_palette(picture: Image.Image) -> Image.Image:
    """The same pixels in a palette where they have few enough colours: half the bytes."""
    if picture.mode != "RGB" or picture.getcolors(256) is None:
        return picture
    short = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    same = ImageChops.difference(picture, short.convert("RGB")).getbbox() is None
    return short if same else picture


def _named(name: str, media_type: str) -> str:
    """The file's own name without folders and without what an address cannot carry."""
    stem = name.replace("\\", "/").rpartition("/")[2]
    stem = stem.rpartition(".")[0] or stem
    return (_NOT_IN_NAME.sub("-", stem).strip(" .-")[:80] or "图片") + (".png" if media_type == "image/png" else ".jpg")


def _no_picture(name: str, data: bytes) -> FileError:
    if picture_type(data) is not None:
        return FileError("damaged", f"图片“{name}”已损坏或尺寸异常，无法打开。请用看图软件打开、另存后再上传。")
    if _MARKUP.search(data[:4096]):
        return FileError("active", f"“{name}”的内容不是图片，而是网页或脚本（HTML、SVG 等），不能上传。请导出为 PNG 或 JPG 图片。")
    return FileError("not-a-picture", f"“{name}”的内容不是可用的图片。请换成 PNG、JPG、GIF、WebP、BMP 或 TIFF 格式的图片。")

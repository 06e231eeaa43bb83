"""Pictures as platforms take them: small enough, of a form they know, without what a camera wrote into them."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image as Pictures
from PIL import ImageOps, UnidentifiedImageError

from channels.errors import PermanentError, UnsuitableError
from content.items import Edition, Image

_LEAST_QUALITY, _LEAST_SIDE = 40, 64
_TELLING = {"comment", "XML:com.adobe.xmp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a platform takes."""

    largest: int  #: bytes
    widest: int  #: pixels of the longer side
    forms: tuple[str, ...] = ("JPEG", "PNG")


def first(edition: Edition, most: int, platform: str) -> tuple[Image, ...]:
    """The pictures of an item that a platform has room for.

    Raises:
        UnsuitableError: one of them is of a type that no platform takes, however it is fitted.
    """
    for image in edition.images[:most]:
        if not image.media_type.startswith("image/") or image.media_type == "image/svg+xml":
            raise UnsuitableError(f"{edition.index_number}：图片“{image.name}”是 {image.media_type}，{platform} 不收；请换成 JPEG")
    return edition.images[:most]


def fitted(data: bytes, name: str, frame: Frame) -> tuple[bytes, str]:
    """The picture and its suffix, `jpg` or `png`: as it came where the platform takes it, otherwise drawn anew as JPEG.

    What a camera wrote into the file (place, owner, thumbnail) is left behind.

    Raises:
        PermanentError: it is no picture, or one so large that opening it is unsafe.
    """
    try:
        picture = Pictures.open(io.BytesIO(data))
        picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Pictures.DecompressionBombError) as error:
        raise PermanentError(f"图片“{name}”无法打开（{type(error).__name__}），未发布；请换成 JPEG 或 PNG 后重新签发") from None
    plain = not picture.getexif() and not _TELLING & picture.info.keys()
    if picture.format in frame.forms and len(data) <= frame.largest and max(picture.size) <= frame.widest and plain:
        return data, "jpg" if picture.format == "JPEG" else "png"
    return _jpeg(ImageOps.exif_transpose(picture), frame), "jpg"


def size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels of a picture that `fitted` gave."""
    with Pictures.open(io.BytesIO(data)) as picture:
        return picture.size


def _jpeg(picture: Pictures.Image, frame: Frame) -> bytes:
    """The largest and best JPEG within the limit."""
    if picture.mode not in ("RGB", "L"):
        opaque = Pictures.new("RGB", picture.size, "white")
        shown = picture.convert("RGBA")
        opaque.paste(shown, mask=shown.getchannel("A"))
        picture = opaque
    picture.thumbnail((frame.widest, frame.widest))
    quality = 88
    while True:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= frame.largest or max(picture.size) <= _LEAST_SIDE:
            return out.getvalue()
        if quality > _LEAST_QUALITY:
            quality -= 16
        else:
            picture.thumbnail((picture.width * 3 // 4, picture.height * 3 // 4))

"""Pictures for paper: turned upright, no finer than paper shows, and without what cameras write along (places, owners)."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image as Pixels
from PIL import ImageOps, UnidentifiedImageError

from content.catalogue import Blobs
from content.items import Image

LONGEST = 2400  #: pixels of the longer side; 300 dots an inch over the full width of A3
MOST = 80_000_000  #: pixels of a picture that is opened at all
SCREEN = 25.4 / 96  #: millimetres a pixel, where nothing asks for another size


class PictureError(ValueError):
    """A picture that cannot be printed. Says which, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture ready for the sheet."""

    file: str | None  #: its name in the folder of this printing; None: only its place is kept free
    width: float  #: millimetres at its natural size
    ratio: float  #: width by height


#: stands for a picture not seen yet: as large as any may become
LARGEST = Picture(file=None, width=156.0, ratio=0.1)


def prepare(image: Image, blobs: Blobs, folder: Path) -> Picture:
    """Write a picture into a folder as the sheet wants it.

    Raises:
        PictureError: its bytes are not kept, not those that were signed, or no picture.
    """
    try:
        data = blobs.read(image.sha256)
    except KeyError:
        raise PictureError(f"图片 {image.name!r} 的文件找不到（{image.sha256[:12]}…）；请从备份恢复文件库") from None
    if hashlib.sha256(data).hexdigest() != image.sha256:
        raise PictureError(f"图片 {image.name!r} 的文件与签发时不同；请从备份恢复文件库")
    try:
        with Pixels.open(io.BytesIO(data)) as source:
            if source.width * source.height > MOST:
                raise PictureError(f"图片 {image.name!r} 有 {source.width}×{source.height} 像素，太大；请缩小后发布更正")
            natural = max(source.size)
            upright = ImageOps.exif_transpose(source)
            lossy = source.format == "JPEG"
            plain = upright.convert("RGB") if lossy or upright.mode in ("CMYK", "YCbCr", "LAB", "HSV") else _flat(upright)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Pixels.DecompressionBombError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(f"图片 {image.name!r} 打不开，文件可能已损坏；请重新上传后发布更正") from error
    plain.thumbnail((LONGEST, LONGEST), Pixels.Resampling.LANCZOS)
    name = f"{image.sha256}.{'jpg' if lossy else 'png'}"
    bare = Pixels.frombytes(plain.mode, plain.size, plain.tobytes())  # nothing but the pixels
    if lossy:
        bare.save(folder / name, quality=90)
    else:
        bare.save(folder / name)
    return Picture(file=name, width=round(natural * SCREEN * plain.width / max(plain.size), 2), ratio=round(plain.width / plain.height, 4))


def _flat(picture: Pixels.Image) -> Pixels.Image:
    """Without transparency: on white, as paper is."""
    if picture.mode in ("L", "RGB"):
        return picture
    if picture.mode == "1":
        return picture.convert("L")
    clear = picture.convert("RGBA")
    white = Pixels.new("RGBA", clear.size, "white")
    return Pixels.alpha_composite(white, clear).convert("RGB")

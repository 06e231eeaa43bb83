"""Pictures: what a camera wrote beside them, taken from their segments without decoding a pixel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import ExifTags, Image

from content.media import picture_type
from content.readers.fragments import Hidden, Reading, ReadingError

_NAMED = {ExifTags.Base.Make: "相机厂商", ExifTags.Base.Model: "相机型号", ExifTags.Base.DateTime: "时间", ExifTags.Base.Artist: "作者",
          ExifTags.Base.Copyright: "版权", ExifTags.Base.ImageDescription: "说明", ExifTags.Base.HostComputer: "设备"}
_BROKEN = "请用看图软件打开检查，另存后重新上传。"
_TEXT_CHUNKS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf"})
#: what programs write about themselves
_ENCODER = re.compile(rb"(?i)created|lavc|gd-jpeg|intel|jpeg|optimi|handmade|file source|ps-")
_PROGRAM = re.compile(rb"(?:Software|date:\w+|Creation Time|XML:com\.adobe\.xmp|Raw profile type icc|Title)\x00")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a picture's file."""

    kind: bytes  #: E1, FE … in a JPEG; the chunk's name in PNG and WebP
    start: int  #: with its head
    end: int
    data: bytes


def read(data: bytes) -> Reading:
    """A picture has no words that can be read here, only what stands beside it."""
    return Reading(kind="picture", hidden=tuple(_hidden(data)))


def segments(data: bytes) -> list[Segment]:
    """The segments that may say something about the one who took the picture, and all others.

    Raises:
        ReadingError: the file is cut off.
    """
    walk = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(picture_type(data) or "")
    return list(walk(data)) if walk else []


def _jpeg(data: bytes) -> Iterator[Segment]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind in (0xD8, 0x01, 0xFF) or 0xD0 <= kind <= 0xD7:
            at += 1 if kind == 0xFF else 2
            continue
        if kind in (0xDA, 0xD9):
            return
        size = int.from_bytes(data[at + 2 : at + 4])
        if size < 2 or at + 2 + size > len(data):
            raise ReadingError("malformed", "图片不完整", _BROKEN)
        yield Segment(bytes([kind]), at, at + 2 + size, data[at + 4 : at + 2 + size])
        at += 2 + size


def _png(data: bytes) -> Iterator[Segment]:
    at = 8
    while at + 12 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if at + 12 + size > len(data):
            raise ReadingError("malformed", "图片不完整", _BROKEN)
        yield Segment(kind, at, at + 12 + size, data[at + 8 : at + 8 + size])
        at += 12 + size
        if kind == b"IEND":
            return
    raise ReadingError("malformed", "图片不完整", _BROKEN)


def _webp(data: bytes) -> Iterator[Segment]:
    at = 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if at + 8 + size > len(data):
            raise ReadingError("malformed", "图片不完整", _BROKEN)
        yield Segment(kind, at, min(end, len(data)), data[at + 8 : at + 8 + size])
        at = end


def telling(segment: Segment) -> bool:
    """Whether a segment is one in which people and places are named."""
    if segment.kind == b"\xe1":
        return segment.data.startswith((b"Exif\x00", b"http://ns.adobe.com/"))
    return segment.kind in {b"\xed", b"\xfe", b"EXIF", b"XMP "} | _TEXT_CHUNKS


def exif(segment: Segment) -> Image.Exif | None:
    """The EXIF of a segment; None where it holds none."""
    if not (segment.kind in (b"EXIF", b"eXIf") or (segment.kind == b"\xe1" and segment.data.startswith(b"Exif\x00"))):
        return None
    found = Image.Exif()
    found.load(segment.data)
    return found


def _hidden(data: bytes) -> Iterator[Hidden]:
    said: list[str] = []
    for segment in segments(data):
        if not telling(segment):
            continue
        found = exif(segment)
        if found is not None:
            said += _exif_words(found)
        elif segment.kind == b"\xfe" and segment.data.strip(b"\0 \r\n"):
            said += [] if _ENCODER.match(segment.data) else [f"附注：{segment.data[:60].decode('utf-8', 'replace')}"]
        elif segment.kind in _TEXT_CHUNKS and not _PROGRAM.match(segment.data):
            said.append(f"附注：{segment.data[:60].decode('utf-8', 'replace')}".replace("\0", " "))
        elif b"exif:GPS" in segment.data or b"<dc:creator>" in segment.data:
            said.append("XMP里的作者或位置")
        elif segment.kind == b"\xed" and re.search(rb"\x1c\x02[\x50\x55\x5a\x5c\x78]", segment.data):
            said.append("IPTC里的作者、地点或说明")
    if said:
        yield Hidden(rule="exif", place="", words="；".join(dict.fromkeys(said)), clean=True)


def _exif_words(found: Image.Exif) -> list[str]:
    words = [f"{name}：{str(found[tag]).strip()[:40]}" for tag, name in _NAMED.items() if str(found.get(tag, "")).strip(" \0")]
    inner = found.get_ifd(ExifTags.IFD.Exif)
    if inner.get(ExifTags.Base.DateTimeOriginal) and ExifTags.Base.DateTime not in found:
        words.append(f"拍摄时间：{inner[ExifTags.Base.DateTimeOriginal]}")
    for tag, name in ((ExifTags.Base.CameraOwnerName, "机主"), (ExifTags.Base.BodySerialNumber, "机身编号")):
        if inner.get(tag):
            words.append(f"{name}：{str(inner[tag])[:40]}")
    place = found.get_ifd(ExifTags.IFD.GPSInfo)
    if any(tag in place for tag in (ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLongitude)):
        words.insert(0, "拍摄地点（GPS）")
    return words

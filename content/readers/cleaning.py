"""Takes out what a program or a camera wrote into a file by itself, and leaves every other byte of its content."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from lxml import etree
from PIL import ExifTags, Image

from content.readers import pictures
from content.readers.fragments import ReadingError
from content.readers.kinds import kind_of, office_kind
from content.readers.looking import read_file
from content.readers.packages import Package, local, parse_xml

_BLANKED = {"docProps/core.xml": {"creator", "lastModifiedBy"}, "docProps/app.xml": {"Manager", "Company"}}
_BY = re.compile(rb"(/Author\s*)(\((?:\\.|[^()\\])*\)|<[0-9A-Fa-f\s]*>)", re.DOTALL)
_CREATOR = re.compile(rb"(<dc:creator>.{0,200}?<rdf:li[^>]{0,60}>)([^<]{1,400})(</rdf:li>)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A file without its properties."""

    data: bytes  #: the very same bytes where there was nothing to take out, or it could not be done
    removed: tuple[str, ...]  #: what was taken out, Chinese, fit to be shown to the one who uploaded it


def clean(name: str, data: bytes) -> Cleaned:
    """A file without the names, places and times that `read_file` reports as `properties` or `exif`. Signed files are left alone."""
    before = [one for one in read_file(name, data).hidden if one.clean]
    if not before:
        return Cleaned(data=data, removed=())
    kind = kind_of(data)
    try:
        after = _office(data) if kind == "zip" else _picture(data) if kind == "picture" else _pdf(data) if kind == "pdf" else data
    except (ReadingError, ValueError, OSError):
        return Cleaned(data=data, removed=())
    left = {one.rule for one in read_file(name, after).hidden if one.clean}
    removed = tuple(one.words for one in before if one.rule not in left)
    return Cleaned(data=after if removed else data, removed=removed)


def _office(data: bytes) -> bytes:
    package = Package(data)
    if office_kind(package.names) not in ("docx", "xlsx", "pptx") or any(name.startswith("_xmlsignatures/") for name in package.names):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in package.members:
            content = package.read(info.filename, limit=128 * 2**20)
            if info.filename in _BLANKED:
                content = _blanked(content, info.filename, _BLANKED[info.filename])
            elif info.filename == "docProps/custom.xml":
                content = _emptied(content, info.filename)
            plain = zipfile.ZipInfo(info.filename, date_time=(1980, 1, 1, 0, 0, 0))
            plain.compress_type = zipfile.ZIP_DEFLATED if info.compress_type else zipfile.ZIP_STORED
            target.writestr(plain, content)
    return out.getvalue()


def _blanked(content: bytes, name: str, fields: set[str]) -> bytes:
    root = parse_xml(content, name)
    for one in root.iter():
        if local(one) in fields:
            one.text = ""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _emptied(content: bytes, name: str) -> bytes:
    root = parse_xml(content, name)
    for one in list(root):
        root.remove(one)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)




def _pdf(data: bytes) -> bytes:
    """Blanks the author where it stands, at the same length, so that no offset in the file moves."""
    if b"/ByteRange" in data:
        return data

    def blank(match: re.Match[bytes]) -> bytes:
        old = match[2]
        return match[1] + (b"(" + b" " * (len(old) - 2) + b")" if old.startswith(b"(") else b"<" + b"20" * ((len(old) - 2) // 2)
                           + b" " * (len(old) % 2) + b">")

    return _CREATOR.sub(lambda match: match[1] + b" " * len(match[2]) + match[3], _BY.sub(blank, data))


def _picture(data: bytes) -> bytes:
    """Without what tells of people and places; a JPEG keeps which side is up."""
    parts, at = [], 0
    for segment in pictures.segments(data):
        if pictures.telling(segment):
            parts += [data[at : segment.start], _turned(segment)]
            at = segment.end
    parts.append(data[at:])
    after = b"".join(parts)
    if after[8:12] == b"WEBP":
        after = after[:4] + struct.pack("<I", len(after) - 8) + after[8:]
        if after[12:16] == b"VP8X":
            left = 0x08 if any(one.kind == b"EXIF" for one in pictures.segments(after)) else 0
            after = after[:20] + bytes([after[20] & ~0x0C | left]) + after[21:]  # whether EXIF and XMP follow
    return after


def _turned(segment: pictures.Segment) -> bytes:
    """The orientation alone, in place of all that EXIF held."""
    found = pictures.exif(segment)
    turn = found.get(ExifTags.Base.Orientation) if found is not None else None
    if not isinstance(turn, int) or turn == 1:
        return b""
    kept = Image.Exif()
    kept[ExifTags.Base.Orientation] = turn
    content = kept.tobytes()
    if segment.kind == b"EXIF":
        content = content.removeprefix(b"Exif\0\0")
        return b"EXIF" + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
    if segment.kind == b"eXIf":
        content = content.removeprefix(b"Exif\0\0")
        return struct.pack(">I", len(content)) + b"eXIf" + content + struct.pack(">I", zlib.crc32(b"eXIf" + content))
    return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content

"""What a file is, by its bytes, whatever its name says."""

from __future__ import annotations

from content.media import picture_type, suffix

#: kinds that a suffix promises
PROMISED = {
    ".docx": {"docx"}, ".xlsx": {"xlsx"}, ".pptx": {"pptx"}, ".pdf": {"pdf"}, ".ofd": {"ofd"}, ".zip": {"zip"}, ".rar": {"rar"},
    ".png": {"picture"}, ".jpg": {"picture"}, ".jpeg": {"picture"}, ".gif": {"picture"}, ".webp": {"picture"},
    ".csv": {"text"}, ".txt": {"text"}, ".json": {"text"}, ".mp3": {"sound"}, ".mp4": {"film"},
    ".doc": {"ole"}, ".xls": {"ole"}, ".ppt": {"ole"}, ".wps": {"ole", "docx"}, ".et": {"ole", "xlsx"}, ".dps": {"ole", "pptx"},
}
LABELS = {
    "docx": "Word文档", "xlsx": "Excel工作簿", "pptx": "演示文稿", "pdf": "PDF", "picture": "图片", "zip": "压缩包", "text": "文本",
    "ofd": "OFD", "rar": "压缩包（RAR）", "7z": "压缩包（7z）", "sound": "音频", "film": "视频", "ole": "旧格式的Office文件",
    "program": "程序", "unknown": "不认识的格式",
}
_FIRST_BYTES = (
    (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"%PDF-", "pdf"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"ID3", "sound"), (b"\xff\xfb", "sound"), (b"\xff\xf3", "sound"),
    (b"MZ", "program"), (b"\x7fELF", "program"),
)
_OFFICE = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx"), ("OFD.xml", "ofd"))


def kind_of(data: bytes) -> str:
    """One of `LABELS`. An Office file still counts as a zip: it is told by its members, see `office_kind`."""
    if picture_type(data):
        return "picture"
    for start, kind in _FIRST_BYTES:
        if data.startswith(start):
            return kind
    if data[4:8] == b"ftyp":
        return "film"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    return "unknown" if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")) else "text"


def office_kind(names: list[str]) -> str:
    """What a zip package is by its members."""
    return next((kind for member, kind in _OFFICE if member in names), "zip")


def contradicts(name: str, kind: str) -> bool:
    """Whether a file's suffix promises something else."""
    return suffix(name) in PROMISED and kind not in PROMISED[suffix(name)]

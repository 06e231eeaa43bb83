"""What a file is, by its bytes, whatever its name says."""

from __future__ import annotations

from content.media import picture_type, suffix

#: kinds that a suffix promises
PROMISED = {".docx": {"docx"}, ".xlsx": {"xlsx"}, ".pptx": {"pptx"}, ".pdf": {"pdf"}, ".png": {"picture"}, ".jpg": {"picture"}, ".jpeg": {"picture"}, ".gif": {"picture"},
            ".webp": {"picture"}, ".zip": {"zip"}, ".csv": {"text"}, ".txt": {"text"}, ".json": {"text"}, ".ofd": {"ofd"}, ".rar": {"rar"}, ".mp3": {"sound"}, ".mp4": {"film"},
            ".doc": {"ole", "wps"}, ".xls": {"ole", "wps"}, ".ppt": {"ole", "wps"}, ".wps": {"ole", "docx"}, ".et": {"ole", "xlsx"}, ".dps": {"ole", "pptx"}}
LABELS = {"docx": "Word文档", "xlsx": "Excel工作簿", "pptx": "演示文稿", "pdf": "PDF", "picture": "图片", "zip": "压缩包", "text": "文本", "ofd": "OFD", "rar": "压缩包（RAR）",
          "7z": "压缩包（7z）", "sound": "音频", "film": "视频", "ole": "旧格式的Office文件", "program": "程序", "unknown": "不认识的格式"}
_OFFICE = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx"), ("OFD.xml", "ofd"))


def kind_of(data: bytes) -> str:
    """docx, xlsx, pptx, pdf, picture, zip, text; ole, rar, 7z, ofd, sound, film, program, unknown. A zip is told from an Office file by its members."""
    if picture_type(data):
        return "picture"
    for start, kind in ((b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"%PDF-", "pdf"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"), (b"Rar!\x1a\x07", "rar"),
                        (b"7z\xbc\xaf\x27\x1c", "7z"), (b"ID3", "sound"), (b"\xff\xfb", "sound"), (b"\xff\xf3", "sound"), (b"MZ", "program"), (b"\x7fELF", "program")):
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

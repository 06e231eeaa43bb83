"""Kinds of files an office publishes: by name for attachments, by their first bytes for pictures."""

from __future__ import annotations

#: attachments by suffix; 47号 asks for common formats
MEDIA_TYPES = {
    ".csv": "text/csv", ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".gif": "image/gif", ".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".json": "application/json", ".mp3": "audio/mpeg",
    ".mp4": "video/mp4", ".ofd": "application/ofd", ".pdf": "application/pdf", ".png": "image/png",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".rar": "application/vnd.rar", ".txt": "text/plain", ".wps": "application/vnd.ms-works", ".et": "application/vnd.ms-excel",
    ".xls": "application/vnd.ms-excel", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def suffix(name: str) -> str:
    """The suffix of a file's name in small letters, with its dot; empty where it has none."""
    head, dot, tail = name.rpartition(".")
    return f".{tail.lower()}" if dot and head else ""


def picture_type(data: bytes) -> str | None:
    """The media type of a picture by its first bytes; None for anything else, whatever its name says."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None

"""A call as it came in, and what the platform refuses of an article or a picture before it keeps anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from channels.sandbox.wechat_html import kept

FIELDS = ("title", "author", "digest", "content", "content_source_url", "thumb_media_id")
#: characters of a field, and the code and the words for one more
MOST = (("title", 32, 45003, "title size out of limit"), ("author", 16, 45110, "author size out of limit"),
        ("digest", 128, 45004, "description size out of limit"), ("content", 19_999, 45002, "content size out of limit"))
MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif", b"BM": "image/bmp"}


class FaultError(Exception):
    """An errcode."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code, self.said = code, said


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call as it came in."""

    name: str
    params: dict[str, str]
    said: dict[str, Any]
    upload: bytes | None = None


def count(text: str) -> int:
    """字, as JavaScript counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def picture(request: Request) -> tuple[bytes, str]:
    """The picture that a call brings, and its type by what it holds.

    Raises:
        FaultError: there is none, or it is of no type that the platform knows.
    """
    if request.upload is None:
        raise FaultError(41005, "media data missing")
    kind = next((kind for start, kind in MAGIC.items() if request.upload.startswith(start)), None)
    if kind is None:
        raise FaultError(40005, "invalid file type")
    return request.upload, kind


def checked(article: dict[str, Any]) -> dict[str, Any]:
    """An article as the platform keeps it. Whether its cover is there is for whoever keeps pictures.

    Raises:
        FaultError: a field is missing or too long.
    """
    text = {name: str(article.get(name, "")) for name in FIELDS}
    if not text["title"] or not text["content"]:
        raise FaultError(44003, "empty news data")
    for name, most, code, said in MOST:
        if count(text[name]) > most:
            raise FaultError(code, said)
    if len(text["content"].encode()) >= 1_000_000:
        raise FaultError(45002, "content size out of limit")
    if len(text["content_source_url"].encode()) > 1024:
        raise FaultError(45005, "url size out of limit")
    text["content"] = kept(text["content"])
    text["digest"] = text["digest"] or re.sub(r"<[^>]*>|\s+", "", text["content"])[:54]
    return {**text, "show_cover_pic": 0, "need_open_comment": int(bool(article.get("need_open_comment"))),
            "only_fans_can_comment": int(bool(article.get("only_fans_can_comment")))}

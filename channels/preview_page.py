"""The pages of previews: small, by themselves, without script. What stands in them comes from a channel's own rendering."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from channels.base import Scene, Shown
from content.items import Attachment, Image

HTML, JPEG, PNG, PDF = "text/html; charset=utf-8", "image/jpeg", "image/png", "application/pdf"
FONTS = '-apple-system,"PingFang SC","Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",sans-serif'
BASE = f"*{{box-sizing:border-box}}body{{margin:0;color:#191919;font:16px/1.75 {FONTS};overflow-wrap:break-word}}img{{max-width:100%}}"


def framed(*, title: str, style: str, body: str) -> Shown:
    """A page of a preview. `body` is HTML already."""
    return Shown(media_type=HTML, data=(
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{BASE}{style}</style></head><body>{body}</body></html>").encode())


def kept_file(scene: Scene, path: str, address: Callable[[str, str], str]) -> Shown | None:
    """The picture or attachment that has this path; `address` gives the path of a file from its hash and name.

    Raises:
        KeyError: its bytes are not kept.
    """
    files: list[Image | Attachment] = [*scene.edition.images, *scene.edition.attachments]
    for file in files:
        if address(file.sha256, file.name) == path:
            return Shown(media_type=file.media_type, data=scene.blobs.read(file.sha256))
    return None

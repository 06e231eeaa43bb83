"""An article before it is public: as in the portal's column, in a dress of ours."""

from __future__ import annotations

from html import escape

from channels.base import Scene, Shown
from channels.pictures import fitted
from channels.portal_files import FRAME
from channels.portal_words import linked
from channels.preview_page import JPEG, PNG, framed
from content.html import map_images
from content.items import Image

PAGE, PICTURES = "article.html", "pictures/"
STYLE = """body{background:#f3f5f7}header{background:#174a84;color:#fff;padding:14px 16px;font-size:18px}
main{max-width:820px;margin:16px auto;padding:24px 20px 40px;background:#fff}
h1{font-size:24px;line-height:1.4;margin:0 0 10px;text-align:center}
.meta{color:#5c6670;font-size:15px;text-align:center;border-bottom:1px solid #d5dae0;margin:0 0 20px;padding:0 0 12px}
table{border-collapse:collapse;max-width:100%;display:block;overflow-x:auto}th,td{border:1px solid #b9c0c8;padding:4px 8px}
figure{margin:1em 0;text-align:center}hr{border:0;border-top:1px solid #d5dae0;margin:1.6em 0 1em}pre{white-space:pre-wrap}a{color:#0b5cad}
.text{overflow-wrap:anywhere}.excerpt{color:#5c6670;font-size:14px;max-width:820px;margin:0 auto 24px;padding:0 20px}"""


def show(scene: Scene, path: str, *, account: str) -> Shown | None:
    """The article's page, and its pictures as the portal would get them.

    Raises:
        PermanentError: a picture cannot be opened.
    """
    if path == PAGE:
        return _page(scene, account)
    for image in scene.rendition.images:
        if path == _path(image):
            data, suffix = fitted(scene.blobs.read(image.sha256), image.name, FRAME)
            return Shown(media_type=JPEG if suffix == "jpg" else PNG, data=data)
    return None


def _page(scene: Scene, account: str) -> Shown:
    rendition, at = scene.rendition, scene.at
    paths = {image.name: _path(image) for image in rendition.images}
    body = linked(map_images(rendition.body, lambda name: paths.get(name, name)), lambda start: "#")
    return framed(title=rendition.title, style=STYLE, body=(
        f"<header>{escape(account)}</header><main><article><h1>{escape(rendition.title)}</h1>"
        f'<p class="meta">{at.year}年{at.month}月{at.day}日 {at:%H:%M}</p><div class="text">{body}</div></article></main>'
        f'<p class="excerpt">列表中的摘要：{escape(dict(rendition.fields).get("excerpt", ""))}</p>'))


def _path(image: Image) -> str:
    return f"{PICTURES}{image.sha256[:12]}"

"""An article before it is public: its line in the account's list, and the article as on a phone."""

from __future__ import annotations

from html import escape

from channels.base import Scene, Shown
from channels.preview_page import JPEG, PNG, framed
from channels.wechat_pictures import acceptable, cover
from content.html import map_images
from content.items import Image

ARTICLE, COVER, PICTURES = "article.html", "cover.jpg", "pictures/"
STYLE = """body{background:#fff}main{max-width:677px;margin:0 auto;padding:16px 16px 48px}
.list{background:#ededed;margin:-16px -16px 22px;padding:16px}.list p{margin:0}
.line{background:#fff;border-radius:6px;overflow:hidden}
.line img{display:block;width:100%;aspect-ratio:2.35;object-fit:cover}
.line strong{display:block;padding:10px 14px 2px;font-weight:500;line-height:1.45}
.digest{color:#636363;font-size:14px;padding:0 14px 12px;line-height:1.5}
h1{font-size:22px;line-height:1.4;margin:0 0 12px;font-weight:600}
.meta{color:#636363;font-size:15px;margin:0 0 22px}.meta span{margin-right:10px}.who{color:#47587f}
.content{text-align:justify}.content img{height:auto}.content ul,.content ol{padding-left:1.6em}
.more{margin:26px 0 0}.more span{color:#47587f}.more small{display:block;color:#636363;overflow-wrap:anywhere}"""


def show(scene: Scene, path: str, *, account: str, office: str) -> Shown | None:
    """The article's page, its cover, its pictures as the platform would get them.

    Raises:
        PermanentError: a picture cannot be opened.
    """
    if path == ARTICLE:
        return _article(scene, account)
    if path == COVER and not _field(scene, "cover"):
        return Shown(media_type=JPEG, data=cover(office, scene.rendition.title))
    for image in scene.rendition.images:
        if path == _path(image) or (path == COVER and image.name == _field(scene, "cover")):
            data, suffix = acceptable(scene.blobs.read(image.sha256), image.name)
            return Shown(media_type=JPEG if suffix == "jpg" else PNG, data=data)
    return None


def _article(scene: Scene, account: str) -> Shown:
    rendition = scene.rendition
    paths = {image.name: _path(image) for image in rendition.images}
    title, source = escape(rendition.title), _field(scene, "content_source_url")
    more = f'<p class="more"><span>阅读原文</span><small>{escape(source)}</small></p>' if source else ""
    return framed(title=rendition.title, style=STYLE, body=(
        f'<main><div class="list"><div class="line"><img src="{COVER}" alt="封面"><strong>{title}</strong>'
        f'<p class="digest">{escape(_field(scene, "digest"))}</p></div></div>'
        f'<article><h1>{title}</h1><p class="meta"><span>{escape(_field(scene, "author"))}</span><span class="who">{escape(account)}</span>'
        f"<span>{scene.at.year}年{scene.at.month}月{scene.at.day}日 {scene.at:%H:%M}</span></p>"
        f'<div class="content">{map_images(rendition.body, lambda name: paths.get(name, name))}</div>{more}</article></main>'))


def _path(image: Image) -> str:
    return f"{PICTURES}{image.sha256[:12]}"


def _field(scene: Scene, name: str) -> str:
    return dict(scene.rendition.fields).get(name, "")

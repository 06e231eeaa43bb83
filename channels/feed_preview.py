"""An entry of the feeds before it is public, much as readers of feeds show one."""

from __future__ import annotations

from functools import partial
from html import escape

from channels.base import Scene, Shown
from channels.preview_page import framed, kept_file
from content.html import map_images
from content.index_numbers import file_address
from content.offices import Site

ENTRY = "entry.html"
STYLE = """body{padding:20px 24px 40px;max-width:46rem}.from{color:#5c5c5c;font-size:14px;margin:0 0 4px}
h1{font-size:21px;line-height:1.45;margin:0 0 6px}.when{color:#5c5c5c;font-size:14px;margin:0 0 14px}
.summary{background:#f3f5f7;border-left:3px solid #8aa1b8;padding:8px 14px;margin:0 0 18px}a{color:#174a84}
table{border-collapse:collapse;max-width:100%}td,th{border:1px solid #c9ced4;padding:3px 8px;text-align:left}
.address{color:#5c5c5c;font-size:13px;border-top:1px solid #dfe3e8;padding-top:10px;margin-top:24px}"""


def show(scene: Scene, path: str, *, site: Site, source: str) -> Shown | None:
    """The entry: title, instant, summary and whole content, exactly as the feeds carry them. `source`: the column's name."""
    if path != ENTRY:
        return kept_file(scene, path, partial(file_address, scene.edition.index_number))
    rendition, fields = scene.rendition, dict(scene.rendition.fields)
    # the files have no public address yet: here they stand where the preview keeps them
    content = map_images(rendition.body, lambda src: src.removeprefix(f"{site.home}/"))
    summary = f'<p class="summary">{escape(fields["summary"])}</p>' if "summary" in fields else ""
    link = f'<p class="address">条目地址：{escape(fields["link"])}</p>' if "link" in fields else ""
    return framed(title=rendition.title, style=STYLE, body=(
        f'<main><p class="from">{escape(site.name)}{f" · {escape(source)}" if source else ""}</p><h1>{escape(rendition.title)}</h1>'
        f'<p class="when">{scene.at:%Y-%m-%d %H:%M} · {escape(fields.get("issuing_body", ""))}</p>{summary}'
        f"<div>{content}</div>{link}</main>"))

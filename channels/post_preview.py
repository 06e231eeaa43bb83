"""A short post before it is public: as a card of the platform, on a phone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from channels.base import Scene, Shown
from channels.pictures import Frame, fitted
from channels.preview_page import JPEG, PNG, framed
from content.items import Image

PAGE, PICTURES = "post.html", "pictures/"
STYLE = """body{background:#eef0f2}main{max-width:600px;margin:0 auto;padding:16px}
.card{background:#fff;border-radius:10px;padding:16px;box-shadow:0 1px 2px #0002}
.head{display:flex;align-items:center;gap:10px;margin:0 0 10px}.face{width:42px;height:42px;border-radius:50%;background:#8f1d1d;color:#fff;
display:grid;place-items:center;font-size:20px;flex:none}
.head div{min-width:0}.head strong{display:block;line-height:1.3;overflow-wrap:anywhere}
.head small{color:#5c6670}
.text{white-space:pre-wrap;margin:0;line-height:1.65}.text .link{color:#0b5cad}
.pictures{display:grid;grid-template-columns:1fr 1fr;gap:6px;margin:12px 0 0}.pictures:has(:nth-child(5)){grid-template-columns:1fr 1fr 1fr}
.pictures img{width:100%;aspect-ratio:1;border-radius:6px;display:block;object-fit:cover}
.pictures img:only-child{grid-column:1/-1;width:auto;max-height:420px;aspect-ratio:auto}
.pictures img:first-child:nth-last-child(3){grid-row:span 2;height:100%;aspect-ratio:auto}
.more{border:1px solid #d5dae0;border-radius:8px;margin:12px 0 0;padding:10px 12px}.more b{display:block;font-weight:500}
.more small{color:#5c6670;display:block;overflow-wrap:anywhere}.count{color:#5c6670;font-size:14px;margin:10px 4px 0}"""
_LINK = re.compile(r"https?://[!-~]+|#[^\s#]+#?")


def show(scene: Scene, path: str, *, account: str, label: str, frame: Frame | None = None, count: str = "",
         card: Sequence[str] = ()) -> Shown | None:
    """The files of a post's preview.

    Args:
        scene: what would be posted, and when.
        path: of the file that is asked for.
        account: its name, as the public reads it.
        label: of the platform.
        frame: how pictures are fitted; None: it takes none.
        count: how much of its room the text takes, for staff.
        card: title, description and address of the link's card, where the platform draws one.

    Raises:
        PermanentError: a picture cannot be opened.
    """
    pictures = scene.rendition.images if frame else ()
    if path == PAGE:
        return _page(scene, pictures, account=account, label=label, count=count, card=card)
    for image in pictures:
        if frame and path == _path(image):
            data, suffix = fitted(scene.blobs.read(image.sha256), image.name, frame)
            return Shown(media_type=JPEG if suffix == "jpg" else PNG, data=data)
    return None


def _page(scene: Scene, pictures: Sequence[Image], *, account: str, label: str, count: str, card: Sequence[str]) -> Shown:
    rendition, at = scene.rendition, scene.at
    title = f"<strong>{escape(rendition.title)}</strong>\n" if rendition.title else ""
    shown = "".join(f'<img src="{_path(image)}" alt="{escape(image.alt)}">' for image in pictures)
    lines = "".join(f"<small>{escape(line)}</small>" for line in card[1:])
    more = f'<div class="more"><b>{escape(card[0])}</b>{lines}</div>' if card else ""
    return framed(title=f"{label}预览", style=STYLE, body=(
        f'<main><article class="card"><div class="head"><span class="face" aria-hidden="true">{escape(_face(account))}</span><div>'
        f"<strong>{escape(account)}</strong><small>{escape(label)} · {at.month}月{at.day}日 {at:%H:%M}</small></div></div>"
        f'<p class="text">{title}{_linked(rendition.body)}</p>'
        + (f'<div class="pictures">{shown}</div>' if shown else "") + more
        + f'</article><p class="count">{escape(count)}</p></main>'))


def _face(account: str) -> str:
    """What stands for the account's picture: its first letter, not the sign before its name."""
    return account.lstrip("@#")[:1].upper()


def _linked(text: str) -> str:
    """The text with its links and topics as a reader sees them; they lead nowhere from a preview."""
    return "".join(f'<span class="link">{escape(part)}</span>' if number % 2 else escape(part)
                   for number, part in enumerate(_split(text)))


def _split(text: str) -> list[str]:
    out, at = [], 0
    for found in _LINK.finditer(text):
        out += [text[at : found.start()], found.group()]
        at = found.end()
    return [*out, text[at:]]


def _path(image: Image) -> str:
    return f"{PICTURES}{image.sha256[:12]}"

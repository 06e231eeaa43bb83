"""Previews: the very rendition in the channel's own dress, and every file that the dress refers to."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from importlib import import_module
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import pytest
from PIL import Image as Pixels

from channels.base import Previews, Scene
from channels.registry import KINDS
from content.items import Attachment, Image
from content.memory import MemoryCatalogue
from tests.builders import an_edition
from tests.channels.rigs import board, website, wechat

AT = datetime(2024, 6, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def a_picture() -> bytes:
    out = io.BytesIO()
    Pixels.new("RGB", (300, 200), "#174a84").save(out, "JPEG")
    return out.getvalue()


PICTURE, FILE = a_picture(), b"%PDF-1.7 ..."
EDITION = an_edition(
    body='<p>封闭施工。</p><p><img src="现场.jpg" alt="现场"></p>',
    images=(Image(name="现场.jpg", media_type="image/jpeg", size=len(PICTURE), sha256=sha256(PICTURE).hexdigest(), alt="现场"),),
    attachments=(Attachment(name="附件1：图.pdf", media_type="application/pdf", size=len(FILE), sha256=sha256(FILE).hexdigest()),))
BLOBS = MemoryCatalogue({sha256(data).hexdigest(): data for data in (PICTURE, FILE)})


@pytest.fixture(params=sorted(KINDS))
def channel(request, tmp_path):
    rig = import_module(f"tests.channels.rigs.{request.param}").Rig(tmp_path)
    yield rig.channel
    if hasattr(rig, "close"):
        rig.close()


def scene(channel: Any, **changes: Any) -> Scene:
    facts = {"edition": EDITION, "rendition": channel.render(EDITION), "at": AT, "first_at": None, "blobs": BLOBS}
    return Scene(**{**facts, **changes})


def test_every_channel_has_a_preview_whose_files_are_there(channel):
    """What a signer is shown is a page without script; each picture and sheet of style that it names is among the preview's files."""
    pictures = channel.limits.max_images
    assert isinstance(channel, Previews), channel.kind
    begins = channel.preview_path(EDITION)
    shown = channel.show(scene(channel), begins)
    assert shown is not None
    assert shown.media_type.startswith("text/html")
    html = shown.data.decode()
    assert "<script" not in html
    sources = re.findall(r'<img[^>]*src="([^"]+)"', html) + re.findall(r'<link rel="stylesheet" href="([^"?]+)', html)
    assert sources or pictures == 0
    for src in sources:
        path = urljoin(f"/{begins}", src).removeprefix("/")
        assert channel.show(scene(channel), path) is not None, src


def test_a_strange_path_shows_nothing(channel):
    """There is no file but the preview's own."""
    assert channel.show(scene(channel), "../../etc/passwd") is None
    assert channel.show(scene(channel), "item/elsewhere.png") is None


def test_the_words_shown_are_those_of_the_rendition_that_is_sealed(channel):
    """Where the preview is HTML made of the rendition's body, another rendition is another page."""
    if channel.kind == "board":
        pytest.skip("a sheet's words are in its pictures: tests/channels/test_board.py reads its PDF")
    begins = channel.preview_path(EDITION)
    made = channel.render(EDITION)
    other = replace(made, body=made.body.replace("封闭", "换掉的话"))
    assert "换掉的话" in channel.show(scene(channel, rendition=other), begins).data.decode()


def test_a_sheet_s_preview_is_as_many_pictures_as_the_pdf_has_pages(tmp_path):
    """A long notice: two pages and more, each a PNG; the PDF itself is there, and no page beyond the last."""
    press = board.Rig(tmp_path).channel
    edition = an_edition(body="".join(f"<p>第{n}段。{'各社区要加强值守，及时报告险情。' * 6}</p>" for n in range(30)))
    long = scene(press, edition=edition, rendition=press.render(edition))
    pages = re.findall(r'src="(\d+)\.png" alt="张贴单第 \d+ 页，共 (\d+) 页"', press.show(long, "sheet.html").data.decode())
    assert len(pages) > 1
    assert {total for _, total in pages} == {str(len(pages))}
    assert all(press.show(long, f"{number}.png").data.startswith(b"\x89PNG") for number, _ in pages)
    assert press.show(long, f"{len(pages) + 1}.png") is None
    assert press.show(long, "sheet.pdf").data == press.preview(long.rendition, on=AT.date(), blobs=BLOBS)


def test_a_correction_s_page_keeps_its_first_day(tmp_path):
    """A reader of the page sees when it was first published, and when it was corrected."""
    site = website.Rig(tmp_path).channel
    html = site.show(scene(site, first_at=AT.replace(month=5)), site.preview_path(EDITION)).data.decode()
    assert "2024-05-03 09:00" in html
    assert "更正时间" in html


def test_an_article_without_a_picture_gets_the_cover_that_would_be_drawn(tmp_path):
    """The list of the account shows one in any case."""
    account = wechat.Rig(tmp_path).channel
    edition = an_edition()
    plain = scene(account, edition=edition, rendition=account.render(edition))
    assert account.show(plain, "cover.jpg").data.startswith(b"\xff\xd8")


def test_the_sheet_of_a_correction_names_the_one_it_replaces(tmp_path):
    """People swap them by its number: the preview is the sheet as it would be printed."""
    press = board.Rig(tmp_path).channel
    edition = an_edition(number=2, change_note="更正工期。")
    new = scene(press, edition=edition, rendition=press.render(edition))
    assert press.show(new, "sheet.pdf").data != press.show(replace(new, replaces="006123456/2024-00017-1"), "sheet.pdf").data

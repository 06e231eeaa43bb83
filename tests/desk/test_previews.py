"""What staff see before the public does: the very renditions, their files, and nothing that runs."""

from __future__ import annotations

import io
import re
from hashlib import sha256

import pytest
from PIL import Image as Pixels

from channels.signing import rendition
from content.items import Attachment, Image
from desk.roles import Role
from ledger import queries
from tests.desk.approvals import TITLE, page, released, reviewed, words

pytestmark = pytest.mark.ledger


def a_picture() -> tuple[Image, bytes]:
    out = io.BytesIO()
    Pixels.new("RGB", (60, 40), "#8f1d1d").save(out, "PNG")
    data = out.getvalue()
    return Image(name="现场.png", media_type="image/png", size=len(data), sha256=sha256(data).hexdigest(), alt="现场照片"), data


@pytest.fixture
def pictured(desk_sqlite):
    """A reviewed edition with a picture and an attachment, on every channel; and a reader's browser."""
    image, data = a_picture()
    file = Attachment(name="值守表.csv", media_type="text/csv", size=6, sha256=sha256("值守".encode()).hexdigest())
    edition = words(desk_sqlite, body='<p>进入汛期。</p><p><img src="现场.png" alt="现场照片"></p>', images=(image,), attachments=(file,))
    number = reviewed(desk_sqlite, edition, channels=("website", "feed", "board", "wechat"), blobs=(data, "值守".encode()))
    return desk_sqlite, number, desk_sqlite.browser(Role.SIGNER)


def front(browser, number, channel):
    answer = browser.get(f"/qingshui/preview/{number}/{channel}/", follow=True)
    assert answer.status_code == 200
    return answer.content.decode(), answer.request["PATH_INFO"]


def test_the_website_s_page_is_the_public_s_page(pictured):
    """The site's own template around the sealed article; its style sheet, picture and attachment are found beside it."""
    desk, number, browser = pictured
    html, where = front(browser, number, "website")
    found = queries.edition_in_hand(edition_id=number)
    assert rendition(desk.hand.channel("website"), found.edition).body in html
    assert "清水街道政务公开网" in html
    for src in re.findall(r'(?:src|href)="([^"#:]+\.(?:png|csv|css)[^"]*)"', html):
        answer = browser.get(_beside(where, src))
        assert answer.status_code == 200, src
    assert "预览里只有这一页" in page(browser, _beside(where, "../../index.html"))


def _beside(where: str, href: str) -> str:
    from urllib.parse import urljoin
    return urljoin(where, href)


@pytest.mark.parametrize(("channel", "says"), [("feed", "清水街道政务公开网 · 通知公告"), ("wechat", "阅读原文"), ("board", "张贴单第 1 页，共 1 页")])
def test_every_channel_shows_its_own_dress_and_its_pictures(pictured, channel, says):
    """A reader's entry, an article on a phone, a sheet as pictures: whatever they refer to is there."""
    _, number, browser = pictured
    html, where = front(browser, number, channel)
    assert says in html
    pictures = re.findall(r'<img[^>]*src="([^"]+)"', html)
    assert pictures
    for src in pictures:
        answer = browser.get(_beside(where, src))
        assert answer.status_code == 200, src
        assert answer["Content-Type"].startswith("image/")


def test_the_sheet_is_there_as_the_pdf_that_would_be_printed(pictured):
    """The signer may look at the file itself."""
    _, number, browser = pictured
    answer = browser.get(f"/qingshui/preview/{number}/board/sheet.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_nothing_runs_in_a_preview(pictured):
    """The browser is told so, whatever the rendition held; the desk's own policy is not loosened by it."""
    _, number, browser = pictured
    answer = browser.get(f"/qingshui/preview/{number}/wechat/article.html")
    policy = answer["Content-Security-Policy"]
    assert "sandbox allow-same-origin" in policy
    assert "script" not in policy
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in browser.get("/qingshui/signatures/")["Content-Security-Policy"]


def test_a_path_that_is_no_file_of_the_preview_is_not_there(pictured):
    """Neither strange files nor channels it does not go to, nor another office's editions."""
    _, number, browser = pictured
    for path in (f"{number}/board/99.png", f"{number}/wechat/../../etc/passwd", f"{number}/website/item/x.png", f"{number}/nowhere/", "999/website/"):
        assert browser.get(f"/qingshui/preview/{path}").status_code == 404, path


def test_a_correction_is_shown_with_both_its_days(desk_sqlite):
    """The page keeps the day of the first release and adds that of the correction."""
    from tests.desk.approvals import corrected

    number = corrected(desk_sqlite, released(desk_sqlite), body="<p>进入主汛期。</p>")
    html, _ = front(desk_sqlite.browser(Role.SIGNER), number, "website")
    assert "2024-06-03" in html
    assert "更正时间" in html
    assert TITLE in html


def test_a_stranger_sees_no_preview(desk_sqlite):
    """Unpublished words are for the office's people alone."""
    from django.test import Client

    number = reviewed(desk_sqlite)
    answer = Client(headers={"host": "127.0.0.1"}).get(f"/qingshui/preview/{number}/website/")
    assert answer.status_code == 302
    assert "login" in answer["Location"]

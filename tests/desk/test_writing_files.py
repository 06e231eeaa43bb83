"""Pictures and attachments at the desk: judged by their bytes, cleaned, shown to the office's people, and never opened as a page."""

from __future__ import annotations

import io
from hashlib import sha256

from content.media import picture_type
from desk.roles import Role
from ledger import queries, services
from ledger.models import Blob
from tests.content.papers.rig import drawing, photograph
from tests.desk.drafting import HOME, drafted, fields, form_of, held, told, words

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def upload(name: str, data: bytes) -> io.BytesIO:
    """A file as a browser sends it."""
    file = io.BytesIO(data)
    file.name = name
    return file


def test_a_picture_is_encoded_anew_and_stands_in_the_body_with_its_words(desk):
    """Other bytes than were brought, at the end of the body until somebody moves it; its words are asked for before the review."""
    browser = desk.browser(Role.CLERK)
    brought = photograph()
    edition = drafted(browser, pictures=[upload("现场.jpg", brought)])
    (image,) = held(edition).edition.images
    assert image.sha256 != sha256(brought).hexdigest()
    assert picture_type(queries.blob(sha256=image.sha256) or b"") == image.media_type
    assert f'<img src="{image.name}"' in held(edition).edition.body
    assert "还没有文字说明" in told(browser.post(f"{HOME}{edition}/submit/", {}, follow=True))
    browser.post(f"{HOME}{edition}/", {**form_of(browser, edition), "image-alt": ["封闭路段的现场照片"], "do": "submit"})
    assert held(edition).state == "in_review"
    assert 'alt="封闭路段的现场照片"' in held(edition).edition.body


def test_a_picture_that_is_taken_out_leaves_the_body_too(desk_sqlite):
    """No body shows what is not there."""
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, pictures=[upload("a.png", drawing()), upload("b.jpg", photograph())])
    first, second = held(edition).edition.images
    answer = browser.post(f"{HOME}{edition}/", {**form_of(browser, edition), "image-drop": [first.sha256]})
    assert answer.status_code == 303
    assert held(edition).edition.images == (second,)
    assert first.name not in held(edition).edition.body


def test_two_pictures_of_one_name_get_two_names(desk_sqlite):
    """A telephone calls every photograph image.jpg."""
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, pictures=[upload("image.jpg", photograph()), upload("image.jpg", photograph((80, 60)))])
    assert len({image.name for image in held(edition).edition.images}) == 2


def test_a_script_called_a_picture_is_refused_and_stored_nowhere(desk_sqlite):
    """Told by its name beside the field; what was typed and what was good stays in the form."""
    browser = desk_sqlite.browser(Role.CLERK)
    answer = browser.post(f"{HOME}new/", words(pictures=[upload("好.png", drawing()), upload("坏.png", SVG)]))
    assert answer.status_code == 422
    assert "坏.png" in told(answer)
    assert not Blob.objects.filter(sha256=sha256(SVG).hexdigest()).exists()
    kept = fields(answer.content.decode())
    assert kept["image-name"] == ["好.png"]
    assert browser.post(f"{HOME}new/", kept).status_code == 303


def test_attachments_are_taken_by_what_they_are(desk_sqlite):
    """A program with a harmless name, and a page with a harmless name, are refused by what they are."""
    browser = desk_sqlite.browser(Role.CLERK)
    answer = browser.post(f"{HOME}new/", words(files=[upload("名单.pdf", b"MZ\x90\x00" + bytes(60)), upload("说明.txt", b"<html><script>1</script>")]))
    assert answer.status_code == 422
    page = told(answer)
    assert "名单.pdf" in page
    assert "说明.txt" in page
    edition = drafted(browser, files=[upload("名单.csv", "社区,户数\n城东,10\n".encode())])
    page = told(browser.get(f"{HOME}{edition}/"))
    (file,) = held(edition).edition.attachments
    assert file.sha256[:16] in page
    assert "text/csv" in page


def test_an_attachment_keeps_a_true_name_when_it_is_renamed(desk_sqlite):
    """The public's name may be changed; its suffix may not lie."""
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, files=[upload("a.csv", "社区,户数\n".encode())])
    form = form_of(browser, edition)
    assert browser.post(f"{HOME}{edition}/", {**form, "attachment-name": ["附件1：名单.pdf"]}).status_code == 422
    assert browser.post(f"{HOME}{edition}/", {**form, "attachment-name": ["附件1：名单.csv"]}).status_code == 303
    assert held(edition).edition.attachments[0].name == "附件1：名单.csv"


def test_files_are_handed_over_so_that_nothing_runs(desk_sqlite):
    """Pictures are shown; everything else is saved to disk; nothing is sniffed."""
    browser = desk_sqlite.browser(Role.REPORTER)
    picture, page = services.keep_blob(drawing()), services.keep_blob(b"<html><script>alert(1)</script></html>")
    shown = browser.get(f"/qingshui/files/{picture}/a.png")
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert shown["Content-Disposition"].startswith("inline")
    for name in ("a.html", "a.png", "a.svg", "a.csv"):
        handed = browser.get(f"/qingshui/files/{page}/{name}")
        assert handed["Content-Disposition"].startswith("attachment")
        assert handed["Content-Type"] not in ("text/html", "image/svg+xml", "image/png")
    assert browser.get(f"/qingshui/files/{'0' * 64}/a.png").status_code == 404

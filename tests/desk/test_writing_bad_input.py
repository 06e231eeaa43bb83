"""Bad input: a clear message in Chinese, nothing lost, nothing stored."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.test import Client

from desk import scratch
from desk.forms.typed import TEXTS
from desk.roles import Role
from ledger.models import Blob, Item
from tests.desk.drafting import HOME, drafted, fields, form_of, held, told, words

XSS = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def test_a_request_of_200_mb_is_refused_before_it_is_read(desk_sqlite, monkeypatch):
    """By its announced length alone; the page says the limit."""
    monkeypatch.setattr(FileUploadHandler, "new_file", lambda *_a, **_k: pytest.fail("a file was begun"))
    browser = desk_sqlite.browser(Role.CLERK)
    answer = browser.generic("POST", f"{HOME}new/", b"--x\r\n", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(200 * 2**20))
    assert answer.status_code == 413
    assert f"{settings.REQUEST_LIMIT // 2**20} MB" in told(answer)
    assert not Item.objects.exists()


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in ("body", "made_on", "release_at", "change_note")])
def test_markup_in_a_field_is_shown_and_never_run(desk_sqlite, name):
    """Whether it is saved or refused, it comes back as the words that were typed."""
    browser = desk_sqlite.browser(Role.CLERK)
    answer = browser.post(f"{HOME}new/", words(**{name: XSS}), follow=True)
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert answer.status_code == 422 or fields(page)[name] == (XSS if name != "keywords" else fields(page)[name])
    assert "<script>alert" not in browser.get(HOME).content.decode()


def test_markup_among_channels_files_and_marks_is_inert(desk_sqlite):
    """Hidden fields are written by whoever wants to; they are escaped or refused like any other."""
    browser = desk_sqlite.browser(Role.CLERK)
    forged = {"channels": [XSS], "image-sha256": [XSS, "1" * 64], "image-name": [XSS, f"a/{XSS}"], "image-alt": [XSS, XSS],
              "attachment-sha256": ["0" * 64], "attachment-name": [XSS], "seen": XSS, "proposed": XSS}
    answer = browser.post(f"{HOME}new/", words(**forged))
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert not Item.objects.exists()


@pytest.mark.parametrize("body", [
    "<p>x</p><iframe src=//evil.example></iframe>", '<p><a href="java&#10;script:alert(1)">x</a></p>', '<img src="data:text/html,x">',
    "<svg onload=alert(1)>", '<form action="//evil.example"><input></form>'])
def test_a_dangerous_body_is_refused_and_kept_in_the_form(desk_sqlite, body):
    """The message names what is in it."""
    browser = desk_sqlite.browser(Role.CLERK)
    answer = browser.post(f"{HOME}new/", words(body=body))
    assert answer.status_code == 422
    assert 'id="body-wrong"' in answer.content.decode()
    assert fields(answer.content.decode())["body"] == body
    assert not Item.objects.exists()


def test_a_form_of_ten_thousand_fields_is_refused(desk_sqlite):
    """In words; nothing is stored."""
    answer = desk_sqlite.browser(Role.CLERK).post(f"{HOME}new/", words(**{f"x{n}": "1" for n in range(10_000)}))
    assert answer.status_code == 400
    assert "没有保存任何内容" in told(answer)
    assert not Item.objects.exists()


def test_a_form_without_its_mark_is_refused_and_nothing_is_saved(desk_sqlite):
    """A wrong CSRF token: the page says that nothing was done, and what to do."""
    browser = desk_sqlite.browser(Role.CLERK)
    strict = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    strict.cookies = browser.cookies
    answer = strict.post(f"{HOME}new/", words(csrfmiddlewaretoken="x" * 64))
    assert answer.status_code == 403
    assert "页面已过期" in told(answer)
    assert not Item.objects.exists()


def test_control_characters_and_half_characters_are_told_by_field(desk_sqlite):
    """What no channel can carry is refused beside its field."""
    answer = desk_sqlite.browser(Role.CLERK).post(f"{HOME}new/", words(title="标题\x0b换行", summary="概述\x01"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'id="title-wrong"' in page
    assert 'id="summary-wrong"' in page


def test_a_session_that_ended_in_mid_edit_loses_nothing(desk):
    """What was typed comes back after signing in again, in the form it stood in, unsaved and said to be so."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser)
    form = {**form_of(browser, edition), "title": "写到一半时会话过期"}
    browser.logout()
    page = browser.post(f"{HOME}{edition}/", form, headers={"referer": f"http://127.0.0.1{HOME}{edition}/"})
    assert held(edition).edition.title != "写到一半时会话过期"
    assert scratch.mine("陈文书", "qingshui") == []
    person = desk.person(Role.CLERK)
    person.set_password("清水街道-办公台-2024")
    person.save()
    shown = page.content.decode()
    (rescued,) = re.findall(r'name="rescued" value="([^"]*)"', shown)
    answer = browser.post("/login/", {"username": person.username, "password": "清水街道-办公台-2024", "rescued": unescape(rescued)}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{HOME}{edition}/"
    assert fields(answer.content.decode())["title"] == "写到一半时会话过期"
    assert "还没有保存为草稿" in told(answer)


def test_a_stale_form_changes_nothing(desk):
    """A form from before the draft was sent on is told what happened, and takes nothing back by itself."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser)
    old = form_of(browser, edition)
    browser.post(f"{HOME}{edition}/submit/", {})
    answer = browser.post(f"{HOME}{edition}/", {**old, "title": "旧表单"})
    assert answer.status_code == 409
    assert held(edition).state == "in_review"
    assert fields(answer.content.decode())["title"] == "旧表单"


def test_nothing_of_what_was_refused_is_kept_as_bytes(desk_sqlite):
    """A form of nonsense leaves no blob behind."""
    browser = desk_sqlite.browser(Role.CLERK)
    browser.post(f"{HOME}new/", words(title=""))
    assert not Blob.objects.exists()

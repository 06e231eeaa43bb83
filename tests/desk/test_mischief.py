"""What goes wrong between a real browser and the real server: a clear message in Chinese, nothing lost, nothing stored, nothing run."""

from __future__ import annotations

import hashlib
import http.client
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django_otp.plugins.otp_totp.models import TOTPDevice

from channels.house import OfficeHand, open_house
from channels.signing import seals
from content.items import Attachment, Edition, Image
from desk.models import Membership, Person, Scratch
from desk.roles import Role
from ledger import queries, services
from ledger.models import Blob, Item
from tests.content.papers.rig import Docx, bomb, p, packed
from tests.desk import approvals, papers
from tests.desk.somebody import Somebody, people
from tests.desk.stage import point_desk_at
from tests.desk.test_day import now, whole_tick
from tests.flows.stage import CODE, SECRET, furnish
from tests.rigs.browser import Served, serving
from tests.rigs.ledger import own_ledger

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.server]
#: breaks out of an attribute and of a tag, and is short enough for every field
SCRIPT = '"><img src=x onerror=pwned=1>'
MEGABYTE = 2**20


@dataclass(slots=True, kw_only=True)
class Desk:
    """The office of these tests: one server for all of them."""

    browser: Browser
    served: Served
    home: Path
    hand: OfficeHand
    serials: Iterator[int]

    def arrives(self, login: str, **how: Any) -> Somebody:
        """Somebody opens a browser, and is at work there."""
        return Somebody.at(self.browser, self.served, login, **how).seated()

    def words(self, **changes: Any) -> Edition:
        """An ordinary edition with an index number of its own."""
        return approvals.words(self, next(self.serials), **changes)  # type: ignore[arg-type]  # it asks for `.hand` alone

    def draft(self, edition: Edition | None = None, **more: Any) -> int:
        """A draft of the clerk's."""
        return approvals.drafted(self, edition or self.words(), at=now(), **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def desk(chromium, sqlite_template, tmp_path_factory) -> Iterator[Desk]:
    """Four people and two more: a second clerk, and somebody with all three roles."""
    home = tmp_path_factory.mktemp("mischief")
    with pytest.MonkeyPatch.context() as patch, own_ledger(sqlite_template, home, patch):
        patch.setenv("GONGKAI_TEST_SECRET", SECRET)
        point_desk_at(home, patch)
        furnish(home)
        people(Role.CLERK, Role.REVIEWER, Role.SIGNER, Role.OPERATOR, extra={"clerk2": ("赵文书", Role.CLERK), "all": ("孙全能", Role.CLERK)})
        everybody = Person.objects.get(username="all")
        TOTPDevice.objects.create(user=everybody, name="手机", confirmed=True)
        for role in (Role.REVIEWER, Role.SIGNER):
            Membership.objects.create(person=everybody, office=CODE, role=role)
        with serving(home) as served:
            yield Desk(browser=chromium, served=served, home=home, hand=open_house(home).desk(CODE), serials=count(1))
            assert served.faults() == ""


@pytest.fixture(autouse=True)
def _windows_closed(desk: Desk) -> Iterator[None]:
    """A window that stays open goes on saving what was typed into it, and what the next test counts is then not its own."""
    yield
    for context in desk.browser.contexts:
        context.close()


def kept() -> tuple[int, int, int]:
    """What is stored of what people send."""
    return Item.objects.count(), Blob.objects.count(), Scratch.objects.count()


def test_200_megabytes_are_refused_in_a_sentence(desk):
    """Over the wire, to the last byte: soon, in Chinese, with the limit, and nothing of it stays."""
    clerk, before = desk.arrives("clerk"), kept()
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in clerk.context.cookies())
    connection = http.client.HTTPConnection(str(urlsplit(desk.served.url).netloc), timeout=120)
    began = time.monotonic()
    connection.putrequest("POST", f"/{CODE}/write/word/")
    for name, value in {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(200 * MEGABYTE), "Cookie": cookies}.items():
        connection.putheader(name, value)
    connection.endheaders()
    block = b"x" * MEGABYTE
    for _ in range(200):
        connection.send(block)
    answer = connection.getresponse()
    page, lasted = answer.read().decode(), time.monotonic() - began
    connection.close()
    assert answer.status == 413
    assert "超过 100 MB，没有接收，也没有保存" in page
    assert lasted < 60
    assert kept() == before


def with_macros() -> bytes:
    """A Word document with a program in it, under a harmless name."""
    return packed({**Docx().add(p("正文")).members(), "word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


@pytest.mark.parametrize(("address", "field", "name", "data", "says"), [
    ("word", "#paper", "通知.docx", lambda: bomb(200 * MEGABYTE), "可能是压缩炸弹"),
    ("word", "#paper", "通知.docx", lambda: b"PK\x03\x04 and no more", "损坏"),
    ("new", "#pictures", "现场.png", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='pwned=1'/>", "现场.png"),
    ("new", "#files", "表.docx", with_macros, "宏"),
], ids=["a zip bomb", "a document that is broken", "a picture that is a script", "a document with macros"])
def test_files_that_would_harm_are_refused_in_words(desk, address, field, name, data, says):
    """The page comes back with a sentence that names the file; what was typed is still there; nothing of the file is kept."""
    clerk = desk.arrives("clerk")
    clerk.open(address)
    if address == "new":
        clerk.write("标题", "带着坏文件的信息")
    before = kept()
    clerk.page.set_input_files(field, {"name": name, "mimeType": "application/octet-stream", "buffer": data()})
    clerk.press("填入表单" if address == "word" else "保存").reads(says)
    if address == "new":
        assert clerk.page.input_value("#title") == "带着坏文件的信息"
    assert kept()[:2] == before[:2]
    assert clerk.page.evaluate("window.pwned") is None


def test_markup_in_every_field_is_words_on_every_page(desk):
    """A script in every field an item has, in the reasons people give, in what is searched for: read by all, run by nobody.

    The browser is told to run scripts whatever the pages' own rules say, so that nothing is hidden by them.
    """
    picture = papers.picture((40, 30))
    edition = _poisoned(desk, picture)
    number = desk.draft(edition, blobs=(picture, b"a,b\n"), channels=("website", "feed", "board", "wechat"))
    clerk, reviewer, signer, operator = (desk.arrives(login, unruled=True) for login in ("clerk", "reviewer", "signer", "operator"))
    unharmed(clerk, "write")
    unharmed(clerk, "edit", edition=number)
    clerk.press("保存并送审").reads("已送审")
    unharmed(reviewer, "reviews")
    unharmed(reviewer, "review", edition=number)
    reviewer.unfold("退回起草人修改").page.locator("#reason-return").fill(SCRIPT)
    reviewer.press("退回修改").reads("已退回")
    unharmed(clerk, "edit", edition=number)
    clerk.press("保存并送审").reads("已送审")
    reviewer.open("review", edition=number).page.locator("#reason-pass").fill(SCRIPT)
    reviewer.press("审查通过，转签发")
    unharmed(signer, "signatures")
    for channel in ("website", "feed", "board", "wechat"):
        unharmed(signer, "preview", told=channel != "board", edition=number, channel=channel)
    unharmed(signer, "sign", edition=number)
    signer.press("签发").reads("已签发")
    whole_tick(desk.hand)
    item = Item.objects.get(index_number=edition.index_number).pk
    [sheet] = [one.number for one in queries.sheets(office=CODE) if one.index_number == edition.index_number]
    for name, words in (("today", {}), ("board", {}), ("sheet", {"number": sheet}), ("book", {}), ("item", {"item": item}),
                        ("book-edition", {"item": item, "number": 1}), ("correct", {"item": item})):
        unharmed(clerk, name, **words)
    unharmed(signer, "withdraw", item=item)
    for somebody, name, query in ((clerk, "book", "words"), (operator, "audit", "actor"), (operator, "audit", "subject")):
        unharmed(somebody, name, query=f"?{query}={quote(SCRIPT)}", told=name == "audit")
    _read_by_the_public(desk, edition)


def _poisoned(desk: Desk, picture: bytes) -> Edition:
    """An edition with the script in everything that people type."""
    edition = desk.words(
        title=f"含标记的标题{SCRIPT}", short_title=SCRIPT, summary=f"概述{SCRIPT}", document_number=SCRIPT, issuing_body=SCRIPT, source=SCRIPT,
        keywords=(SCRIPT,), body='<p>正文“&gt;&lt;img src=x onerror=pwned=1&gt;</p><p><img src="图.png" alt="图"></p>')
    return replace(
        edition,
        images=(Image(name="图.png", media_type="image/png", size=len(picture), sha256=_sha(picture), alt=SCRIPT),),
        attachments=(Attachment(name="表'onerror=pwned=1.csv", media_type="text/csv", size=4, sha256=_sha(b"a,b\n")),))


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def unharmed(somebody: Somebody, name: str, *, told: bool = True, query: str = "", **words: Any) -> None:
    """Nothing runs on this page; the markup stands there as words."""
    page = somebody.open(name, query=query, **words).page
    assert page.evaluate("window.pwned") is None, page.url
    if told:
        assert "onerror=pwned=1" in page.locator("body").inner_text() + _values(somebody), page.url


def _values(somebody: Somebody) -> str:
    return " ".join(somebody.page.eval_on_selector_all("input, textarea", "found => found.map(one => one.value)"))


def _read_by_the_public(desk: Desk, edition: Edition) -> None:
    """The pages of the site run nothing either."""
    page = desk.browser.new_context(bypass_csp=True).new_page()
    found = [path for path in (desk.home / "site").rglob("*.html") if edition.index_number.replace("/", "-") in path.name or path.name == "index.html"]
    assert len(found) >= 2
    for path in found:
        page.goto(path.as_uri())
        assert page.evaluate("window.pwned") is None
        assert "onerror=pwned=1" in page.locator("body").inner_text()
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_a_session_that_ends_in_mid_edit_loses_nothing(desk, scripts):
    """Somebody writes for hours and presses the button: they sign in again, find every word, and press it once more."""
    number = desk.draft()
    clerk = desk.arrives("clerk", scripts=scripts)
    clerk.open("edit", edition=number).write("标题", "写到一半时会话过期").write("内容概述", "这一句不能丢。")
    ends(clerk)
    clerk.press("保存").reads("登录已过期", "写的文字都在")
    assert queries.edition_in_hand(edition_id=number).edition.title != "写到一半时会话过期"
    clerk.sign_in().reads("还没有保存为草稿")
    assert (clerk.page.input_value("#title"), clerk.page.input_value("#summary")) == ("写到一半时会话过期", "这一句不能丢。")
    clerk.press("保存").reads("已保存")
    assert queries.edition_in_hand(edition_id=number).edition.summary == "这一句不能丢。"


def test_a_reviewer_s_reason_survives_the_end_of_a_session_too(desk):
    """A form that does not restore itself: the words are shown after the login, to be sent again."""
    number = _submitted(desk)
    reviewer = desk.arrives("reviewer")
    reviewer.open("review", edition=number).unfold("退回起草人修改").page.locator("#reason-return").fill("请核对第三段的金额。")
    ends(reviewer)
    reviewer.press("退回修改").reads("登录已过期").sign_in().reads("没有提交的内容", "请核对第三段的金额。")
    reviewer.press("再次提交").reads("已退回陈文书修改")
    assert queries.edition_in_hand(edition_id=number).return_reason == "请核对第三段的金额。"


def ends(somebody: Somebody) -> None:
    """Their session is over, as after nine hours."""
    [key] = [one["value"] for one in somebody.context.cookies() if one["name"] == "gongkai"]
    Session.objects.filter(session_key=key).delete()


def _submitted(desk: Desk) -> int:
    number = desk.draft()
    services.submit(edition_id=number, by=approvals.CLERK, at=now())
    return number


def test_two_clerks_on_one_draft_see_both_wordings(desk):
    """The second to save is told who was first and what differs; both wordings stand on the page, and one button decides."""
    number = desk.draft()
    first, second = desk.arrives("clerk"), desk.arrives("clerk2")
    first.open("edit", edition=number)
    second.open("edit", edition=number).write("内容概述", "赵文书的概述。")
    first.write("内容概述", "陈文书的概述。").press("保存").reads("已保存")
    second.press("保存").reads("没有保存：这份稿件刚被别人改过", "陈文书", "陈文书的概述。")
    assert second.page.input_value("#summary") == "赵文书的概述。"
    assert queries.edition_in_hand(edition_id=number).edition.summary == "陈文书的概述。"
    second.press("以我的为准，保存").reads("已保存")
    assert queries.edition_in_hand(edition_id=number).edition.summary == "赵文书的概述。"


def test_a_form_without_its_mark_is_refused_and_the_words_stay_in_the_browser(desk):
    """A wrong CSRF token: said in Chinese, nothing saved; back on the page every word is still there."""
    number = desk.draft()
    clerk = desk.arrives("clerk")
    clerk.open("edit", edition=number).write("内容概述", "回来还在。")
    clerk.page.eval_on_selector_all("input[name=csrfmiddlewaretoken]", "found => found.forEach(one => { one.value = 'x'.repeat(64) })")
    clerk.press("保存").reads("页面已过期", "没有执行，也没有保存")
    assert queries.edition_in_hand(edition_id=number).edition.summary != "回来还在。"
    clerk.page.go_back()
    assert clerk.page.input_value("#summary") == "回来还在。"


def test_whoever_may_not_finds_no_button_and_a_request_made_by_hand_is_refused(desk):
    """The page, the server and the ledger each say no: a reviewer does not sign, a clerk does not review."""
    number = _submitted(desk)
    services.pass_review(edition_id=number, by=approvals.REVIEWER, at=now())
    reviewer = desk.arrives("reviewer")
    assert "签发" not in reviewer.page.locator("nav.menu").inner_text()
    assert sends(reviewer, f"/{CODE}/signatures/{number}/", step="sign", seen=queries.edition_in_hand(edition_id=number).seen) == 403
    clerk = desk.arrives("clerk")
    assert {"审查", "签发"} & set(clerk.page.locator("nav.menu a").all_inner_texts()) == set()
    assert sends(clerk, f"/{CODE}/reviews/{number}/", step="return", reason="没有理由", seen="") == 403
    assert queries.edition_in_hand(edition_id=number).state == "reviewed"


def test_nobody_takes_two_of_the_steps_though_they_have_all_three_roles(desk):
    """Their own item: no button to review it, none to sign it; requests made by hand change nothing."""
    number = approvals.drafted(desk, desk.words(), by="孙全能", at=now())
    services.submit(edition_id=number, by="孙全能", at=now())
    everybody = desk.arrives("all")
    everybody.open("review", edition=number).reads("由您起草，不能由您审查")
    assert {"审查通过，转签发", "退回修改"} & set(everybody.buttons()) == set()
    seen = queries.edition_in_hand(edition_id=number).seen
    assert sends(everybody, f"/{CODE}/reviews/{number}/", step="pass", seen=seen) == 422
    assert queries.edition_in_hand(edition_id=number).state == "in_review"
    services.pass_review(edition_id=number, by=approvals.REVIEWER, at=now() + timedelta(seconds=1))
    everybody.open("sign", edition=number).reads("由您起草，不能由您签发")
    assert "签发" not in everybody.buttons()
    shown = {f"seal-{one}": value for one, value in _seals(desk, number).items()}
    seen = queries.edition_in_hand(edition_id=number).seen
    assert sends(everybody, f"/{CODE}/signatures/{number}/", step="sign", seen=seen, **shown) == 422
    assert queries.edition_in_hand(edition_id=number).state == "reviewed"


def _seals(desk: Desk, number: int) -> dict[str, str]:
    found = queries.edition_in_hand(edition_id=number)
    return seals(desk.hand, found.edition, found.channels)


def sends(somebody: Somebody, path: str, **fields: str) -> int:
    """A POST made by hand, with the mark of a page of their own; what the desk answers."""
    [mark] = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', somebody.page.content()))
    answer = somebody.context.request.post(somebody.served.url + path, form={"csrfmiddlewaretoken": mark, **fields}, max_redirects=0)
    return int(answer.status)

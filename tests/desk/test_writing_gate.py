"""The gate at the desk: what was found is shown in place, masked by one click or justified in writing, and nothing open goes to the review."""

from __future__ import annotations

import io
import zipfile

import openpyxl

from content.rules import State
from desk.roles import Role
from ledger import queries
from tests.desk.drafting import HOME, ID, MOBILE, drafted, form_of, held, told


def test_what_was_found_is_shown_in_place_with_what_may_be_done(desk_sqlite):
    """The number is marked in the text, listed beside with place and advice, and one button would mask it."""
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, body=f"<p>申请人身份证号 {ID}，电话 {MOBILE}。</p>")
    page = browser.get(f"{HOME}{edition}/").content.decode()
    assert '<mark class="finding finding-block"' in page
    assert "身份证号" in page
    assert 'name="mask"' in page
    assert f"{HOME}{edition}/mask/" in page
    listed = page[page.index('<ol class="findings">'):page.index("</ol>")]
    assert ID not in listed
    assert MOBILE not in listed


def test_a_draft_with_open_findings_does_not_go_to_the_review(desk):
    """Refused in words; the draft stays a draft."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser, body=f"<p>电话 {MOBILE}。</p>")
    answer = browser.post(f"{HOME}{edition}/", {**form_of(browser, edition), "do": "submit"}, follow=True)
    assert "没有送审" in told(answer)
    assert held(edition).state is State.DRAFT


def test_one_click_masks_one_finding_and_is_on_record(desk):
    """The number gives way to its masked form wherever it stood; the record says who masked what."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser, body=f"<p>身份证号 {ID}，电话 {MOBILE}。</p>")
    finding = next(one for one in queries.gate(edition_id=edition).open if one.rule == "id-number")
    answer = browser.post(f"{HOME}{edition}/mask/", {**form_of(browser, edition), "mask": finding.key}, follow=True)
    assert "已处理并保存" in told(answer)
    body = held(edition).edition.body
    assert ID not in body
    assert MOBILE in body
    records = queries.gate(edition_id=edition).records
    assert [(one.kind, one.key, one.by) for one in records] == [("masked", finding.key, "陈文书")]


def test_a_summary_taken_from_the_body_is_masked_with_it(desk_sqlite):
    """Nobody typed the number there, so nobody is asked to mask it there again."""
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, summary="", body=f"<p>联系人手机 {MOBILE}。</p>")
    finding = next(one for one in queries.gate(edition_id=edition).open if one.field == "body")
    browser.post(f"{HOME}{edition}/mask/", {**form_of(browser, edition), "mask": finding.key})
    found = held(edition).edition
    assert found.summary
    assert MOBILE not in found.summary + found.body
    assert queries.gate(edition_id=edition).open == ()


def test_masking_keeps_what_was_typed_and_not_yet_saved(desk_sqlite):
    """The click sends the whole form: nothing else in it is lost."""
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, body=f"<p>电话 {MOBILE}。</p>")
    (finding,) = queries.gate(edition_id=edition).open
    browser.post(f"{HOME}{edition}/mask/", {**form_of(browser, edition), "title": "改过的标题", "mask": finding.key})
    assert held(edition).edition.title == "改过的标题"
    assert MOBILE not in held(edition).edition.body


def test_all_that_can_be_masked_is_masked_at_once(desk_sqlite):
    """In the title, the summary and the keywords too; then it goes to the review."""
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, title=f"关于{MOBILE}的通知", summary=f"身份证号{ID}", keywords=f"通知、{MOBILE}", body=f"<p>{MOBILE}</p>")
    browser.post(f"{HOME}{edition}/mask/", {**form_of(browser, edition), "do": "mask-all"})
    found = held(edition).edition
    assert not any(secret in "".join((found.title, found.summary, found.body, *found.keywords)) for secret in (ID, MOBILE))
    assert queries.gate(edition_id=edition).open == ()
    answer = browser.post(f"{HOME}{edition}/submit/", {}, follow=True)
    assert "已送审" in told(answer)
    assert held(edition).state is State.IN_REVIEW
    assert "审查中" in told(browser.get(HOME))


def test_a_reason_in_writing_lets_a_finding_stand_and_travels_with_it(desk):
    """Without words nothing is recorded; with them the draft goes on, and the page shows who said so."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser, body=f"<p>联系人电话 {MOBILE}。</p>")
    (finding,) = queries.gate(edition_id=edition).open
    empty = {**form_of(browser, edition), "justify": finding.key, f"reason-{finding.key}": " "}
    assert "请先写明" in told(browser.post(f"{HOME}{edition}/justify/", empty, follow=True))
    reason = "该号码为对外服务手机，本人书面同意公开"
    answer = browser.post(f"{HOME}{edition}/justify/", {**form_of(browser, edition), "justify": finding.key, f"reason-{finding.key}": reason}, follow=True)
    assert reason in told(answer)
    assert "都已处理" in told(answer)
    browser.post(f"{HOME}{edition}/", {**form_of(browser, edition), "do": "submit"})
    assert held(edition).state is State.IN_REVIEW
    assert queries.gate(edition_id=edition).findings[0].justification.reason == reason


def test_a_reason_is_handed_back_where_its_words_were_changed_in_the_same_breath(desk_sqlite):
    """It was given for somebody else; the other one, sent along, is kept."""
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, summary="概述", body=f"<p>王某，手机{MOBILE}。</p><p>李某，手机13912345678。</p>")
    first, second = queries.gate(edition_id=edition).open
    form = {**form_of(browser, edition), "body": f"<p>张某，手机{MOBILE}。</p><p>李某，手机13912345678。</p>"}
    answer = browser.post(f"{HOME}{edition}/justify/", {**form, f"reason-{first.key}": "王某本人书面同意", f"reason-{second.key}": "李某本人书面同意"}, follow=True)
    assert "为原来内容写的理由没有记录" in told(answer)
    assert "王某本人书面同意" in told(answer)
    seen = queries.gate(edition_id=edition)
    assert [one.justification.reason if one.justification else "" for one in seen.findings] == ["", "李某本人书面同意"]
    answer = browser.post(f"{HOME}{edition}/justify/", {**form_of(browser, edition), f"reason-{first.key}": "王某本人书面同意"}, follow=True)
    assert "理由已记录" not in told(answer)
    assert len(queries.gate(edition_id=edition).open) == 1


def test_a_finding_that_was_mended_by_hand_meanwhile_is_said_to_be_gone(desk_sqlite):
    """An old page's button masks nothing and says so."""
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, body=f"<p>电话 {MOBILE}。</p>")
    (finding,) = queries.gate(edition_id=edition).open
    form = {**form_of(browser, edition), "body": "<p>电话见附件。</p>", "mask": finding.key}
    assert "已经不在文中" in told(browser.post(f"{HOME}{edition}/mask/", form, follow=True))


def test_an_edit_of_what_was_sent_on_takes_it_back(desk):
    """The page warns before; saving makes it a draft again."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser)
    browser.post(f"{HOME}{edition}/submit/", {})
    assert "收回起草" in told(browser.get(f"{HOME}{edition}/"))
    browser.post(f"{HOME}{edition}/", form_of(browser, edition))
    assert held(edition).state is State.IN_REVIEW
    browser.post(f"{HOME}{edition}/", {**form_of(browser, edition), "title": "改过"})
    assert held(edition).state is State.DRAFT


def test_only_the_drafter_submits(desk):
    """A colleague who changes nothing is told whose draft it is."""
    edition = drafted(desk.browser(Role.CLERK))
    other = desk.colleague("李文书")
    assert "陈文书" in told(other.post(f"{HOME}{edition}/submit/", {}, follow=True))
    assert held(edition).state is State.DRAFT


def test_a_hidden_sheet_in_an_attachment_is_named_by_its_place(desk_sqlite):
    """The finding says in which file and sheet, and asks for a reason or another file."""
    book = openpyxl.Workbook()
    book.active.append(["社区", "户数"])
    hidden = book.create_sheet("底册")
    hidden.append(["身份证号", ID])
    hidden.sheet_state = "hidden"
    book.properties.creator = "某经办人"
    out = io.BytesIO()
    book.save(out)
    upload = io.BytesIO(out.getvalue())
    upload.name = "名单.xlsx"
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, files=[upload])
    page = told(browser.get(f"{HOME}{edition}/"))
    assert "名单.xlsx" in page
    assert "底册" in page
    assert ID not in page
    (file,) = held(edition).edition.attachments
    with zipfile.ZipFile(io.BytesIO(queries.blob(sha256=file.sha256) or b"")) as package:
        assert "某经办人".encode() not in b"".join(package.read(name) for name in package.namelist())
    assert browser.post(f"{HOME}{edition}/submit/", {}).status_code == 303
    assert held(edition).state is State.DRAFT

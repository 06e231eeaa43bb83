"""The 更多著录项 at the desk: typed, kept, told of, compared, exported, and what an office asks for."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from content.metadata import FIELDS, SLUGS, pairs
from content.rules import State
from desk.roles import Role
from ledger import queries
from tests.desk.approvals import drafted as written
from tests.desk.approvals import reviewed, words
from tests.desk.drafting import HOME, MOBILE, drafted, fields, form_of, held, make_public, told
from tests.desk.drafting import words as a_notice
from tests.desk.stage import Stage, point_desk_at
from tests.flows.stage import SECRET, furnish

SAID = {
    "validity": "有效", "valid_until": "2030-12-31", "originating_body": "云州市人民政府办公室", "catalogue_class": "政府信息公开制度", "genre": "通知",
    "disclosure": "主动公开", "disclosure_term": "常年", "disclosure_scope": "全社会", "responsible_unit": "党政综合办", "carrier": "纸质"}


def more(page: str) -> str:
    """The folded part of the form."""
    found = re.search(r'<details class="card more".*?</details>', page, re.DOTALL)
    return found[0] if found else ""


@pytest.fixture
def choosy(sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The desk of an office that asks for three of them, and wants one."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", SECRET)
    point_desk_at(sqlite, monkeypatch)
    asked = '[office.metadata]\nshown = ["validity", "valid_until", "responsible_unit"]\nrequired = ["responsible_unit"]\n'
    return Stage(home=sqlite, hand=furnish(sqlite, more=asked))


def test_what_is_typed_is_in_the_book_and_in_the_form_again(desk):
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser, **SAID)
    assert dict(held(edition).edition.metadata) == SAID
    assert {name: typed for name, typed in form_of(browser, edition).items() if name in SLUGS} == SAID
    browser.post(f"{HOME}{edition}/", {**form_of(browser, edition), "validity": "废止", "carrier": ""})
    assert dict(held(edition).edition.metadata) == {**{name: said for name, said in SAID.items() if name != "carrier"}, "validity": "废止"}


def test_they_are_folded_away_until_something_is_said_there(desk_sqlite):
    browser = desk_sqlite.browser(Role.CLERK)
    empty = more(browser.get(f"{HOME}new/", follow=True).content.decode())
    assert "<details class=\"card more\" id=\"more\"><summary><h2>更多著录项</h2></summary>" in empty
    assert re.findall(r'name="([^"]+)"', empty) == list(SLUGS)
    assert all(one.label in empty for one in FIELDS)
    filled = more(browser.get(f"{HOME}{drafted(browser, genre='通知')}/").content.decode())
    assert "id=\"more\" open>" in filled


def test_a_wrong_one_is_told_beside_its_field_with_all_other_faults(desk_sqlite):
    browser = desk_sqlite.browser(Role.CLERK)
    answer = browser.post(f"{HOME}new/", {**a_notice(), "title": "", "valid_until": "2020-01-01", "validity": "是", "genre": "文" * 41})
    assert answer.status_code == 422
    page = told(answer)
    for fault in ("标题：没有填写。", "有效性：“是”不在可选范围，可选 有效、失效、废止。", "体裁分类：有 41 个字符，最多 40 个。"):
        assert fault in page
    assert "id=\"more\" open>" in answer.content.decode()
    assert fields(answer.content.decode())["valid_until"] == "2020-01-01"
    answer = browser.post(f"{HOME}new/", {**a_notice(), "valid_until": "2020-01-01"})
    assert "有效期至：2020-01-01 早于成文日期 2024-05-30，请核对。" in told(answer)


def test_what_is_on_request_only_is_kept_and_never_sent_on(desk):
    """It may be written down; why it goes no further is told above the form and at the attempt, in the reader's language."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser, disclosure="依申请公开")
    assert "公开属性是“依申请公开”：只有主动公开的信息才能送审和发布。" in told(browser.get(f"{HOME}{edition}/"))
    answer = browser.post(f"{HOME}{edition}/submit/", form_of(browser, edition), follow=True)
    assert "006123456/2024-00001 的公开属性是“依申请公开”，只有主动公开的信息才能发布；请改正公开属性，或者搁置这份草稿。" in told(answer)
    assert held(edition).state is State.DRAFT
    browser.cookies["django_language"] = "en"
    answer = browser.post(f"{HOME}{edition}/submit/", form_of(browser, edition), follow=True)
    assert "The disclosure of 006123456/2024-00001 is “on request”, and only what is disclosed proactively may be published" in told(answer)
    browser.post(f"{HOME}{edition}/", {**form_of(browser, edition), "disclosure": "主动公开", "do": "submit"})
    assert held(edition).state is State.IN_REVIEW


def test_an_english_desk_reads_the_english_of_the_table(desk_sqlite):
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, **SAID)
    browser.cookies["django_language"] = "en"
    form = more(browser.get(f"{HOME}{edition}/").content.decode())
    assert all(one.english in form and f">{one.label}<" not in form for one in FIELDS)
    assert '<option value="废止">repealed</option>' in form


def test_an_office_asks_for_some_and_wants_one_before_the_review(choosy):
    browser = choosy.browser(Role.CLERK)
    edition = drafted(browser)
    form = browser.get(f"{HOME}{edition}/").content.decode()
    assert re.findall(r'name="([^"]+)"', more(form)) == ["validity", "valid_until", "responsible_unit"]
    assert "id=\"more\" open>" in form
    assert "本单位规定送审前须填写：责任部门。" in told(browser.get(f"{HOME}{edition}/"))
    answer = browser.post(f"{HOME}{edition}/submit/", form_of(browser, edition), follow=True)
    assert "没有送审：本单位规定须填写 责任部门。请在“更多著录项”里补上。" in told(answer)
    assert answer.redirect_chain[-1][0].endswith("#responsible_unit")
    assert held(edition).state is State.DRAFT
    browser.post(f"{HOME}{edition}/", {**form_of(browser, edition), "responsible_unit": "综合办", "do": "submit"})
    assert held(edition).state is State.IN_REVIEW


def test_what_the_form_does_not_ask_for_is_not_lost_by_an_edit(choosy):
    """It came in by import: where it is filled in it is shown, whatever the office asks for."""
    edition = written(choosy, words(choosy, metadata=pairs({"genre": "通知"})))
    browser = choosy.browser(Role.CLERK)
    sent = form_of(browser, edition)
    assert "carrier" not in sent
    browser.post(f"{HOME}{edition}/", {**sent, "title": "改过的标题"})
    assert (held(edition).edition.title, held(edition).edition.metadata) == ("改过的标题", (("genre", "通知"),))


def test_whoever_reviews_and_signs_reads_them(desk_sqlite):
    edition = reviewed(desk_sqlite, words(desk_sqlite, metadata=pairs(SAID)))
    item = queries.find_item(index_number=held(edition).edition.index_number)
    for role, address in ((Role.REVIEWER, f"reviews/{edition}/"), (Role.SIGNER, f"signatures/{edition}/"), (Role.CLERK, f"book/item/{item.item_id}/"),
                          (Role.CLERK, f"book/item/{item.item_id}/1/")):
        page = told(desk_sqlite.browser(role).get(f"/qingshui/{address}"))
        for one in FIELDS:
            assert f"{one.label} {SAID[one.slug]}" in page, (address, one.label)


def test_that_a_document_is_repealed_is_seen_in_the_comparison(desk):
    """A correction as any: the form begins with what is public, and the reviewer sees what changed."""
    browser = desk.browser(Role.CLERK)
    item = make_public(desk, drafted(browser, **SAID))
    form = fields(browser.get(f"{HOME}correct/{item}/", follow=True).content.decode())
    assert form["validity"] == "有效"
    answer = browser.post(f"{HOME}correct/{item}/", {**form, "validity": "废止", "change_note": "本通知已废止。", "do": "submit"}, follow=True)
    assert "已送审" in told(answer)
    (waiting,) = queries.editions_in(office=desk.hand.office.code, state=State.IN_REVIEW)
    page = desk.browser(Role.REVIEWER).get(f"/qingshui/reviews/{waiting[0]}/").content.decode()
    difference = page[page.index("<dt>有效性</dt><dd class=\"change\">"):]
    assert "<del>有效</del>" in difference
    assert "<ins>废止</ins>" in difference
    assert "<dt>有效期至</dt><dd class=\"change\">" not in page


def test_what_was_found_in_one_is_masked_by_a_click(desk_sqlite):
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, responsible_unit=f"综合办 {MOBILE}", genre="通知")
    assert [one.field for one in queries.gate(edition_id=edition).open] == ["responsible_unit"]
    browser.post(f"{HOME}{edition}/mask/", {**form_of(browser, edition), "do": "mask-all"})
    found = dict(held(edition).edition.metadata)
    assert (found["genre"], MOBILE in found["responsible_unit"]) == ("通知", False)
    assert queries.gate(edition_id=edition).open == ()


def test_the_book_is_exported_with_them(desk_sqlite):
    written(desk_sqlite, words(desk_sqlite, metadata=pairs(SAID)))
    browser = desk_sqlite.browser(Role.CLERK)
    head, row = csv.reader(io.StringIO(_exported(browser, "csv").removeprefix("\ufeff")))
    assert dict(zip(head, row, strict=True)) | {one.label: SAID[one.slug] for one in FIELDS} == dict(zip(head, row, strict=True))
    assert json.loads(_exported(browser, "jsonl"))["metadata"] == SAID


def _exported(browser, form: str) -> str:
    return b"".join(browser.get(f"/qingshui/book/export/?form={form}").streaming_content).decode()

"""What is public already: corrected by a clerk with a note for the public, withdrawn by the leader who saw what will happen to each copy."""

from __future__ import annotations

from content.rules import State
from desk import clock
from desk.roles import Role
from desk.views import writing_public
from ledger import queries, services
from tests.desk.drafting import HOME, drafted, fields, form_of, held, make_public, told, words


def test_a_correction_begins_with_what_the_public_reads_and_asks_what_is_changed(desk):
    """The form is filled; without a note for the public it is refused, with one it is the item's second edition."""
    browser = desk.browser(Role.CLERK)
    item = make_public(desk, drafted(browser))
    page = browser.get(f"{HOME}correct/{item}/").content.decode()
    form = fields(page)
    assert form["title"] == "关于做好汛期安全工作的通知"
    assert form["channels"] == ["website"]
    refused = browser.post(f"{HOME}correct/{item}/", {**form, "title": "改正的标题"})
    assert refused.status_code == 422
    assert "公众会看到" in refused.content.decode().partition('id="change_note-wrong"')[2][:200]
    answer = browser.post(f"{HOME}correct/{item}/", {**form, "title": "改正的标题", "change_note": "更正标题中的错字。"})
    assert answer.status_code == 303
    known = queries.find_item(index_number="006123456/2024-00001")
    assert (known.newest, known.newest_state) == (2, State.DRAFT)
    assert held(known.newest_id).edition.change_note == "更正标题中的错字。"
    assert browser.get(f"{HOME}correct/{item}/").url == f"/qingshui/write/{known.newest_id}/"


def test_a_correction_that_was_sent_twice_is_drafted_once(desk):
    """The second click is led to what the first one drafted; other words are told that a draft is open."""
    browser = desk.browser(Role.CLERK)
    item = make_public(desk, drafted(browser))
    form = {**fields(browser.get(f"{HOME}correct/{item}/").content.decode()), "title": "改正的标题", "change_note": "更正标题中的错字。"}
    first, second = (browser.post(f"{HOME}correct/{item}/", form) for _click in (1, 2))
    assert (first.status_code, second.status_code, second.url) == (303, 303, first.url)
    assert "已保存。" in told(browser.get(second.url))
    assert queries.find_item(index_number="006123456/2024-00001").newest == 2
    other = browser.post(f"{HOME}correct/{item}/", {**form, "title": "又一个标题"})
    assert "已有更新的版本在办理" in told(other)
    assert "已有更新的版本在办理" in told(desk.colleague("李文书").post(f"{HOME}correct/{item}/", form))


def test_a_correction_that_changes_nothing_is_none(desk_sqlite):
    """The same words again are refused in words."""
    browser = desk_sqlite.browser(Role.CLERK)
    item = make_public(desk_sqlite, drafted(browser))
    form = fields(browser.get(f"{HOME}correct/{item}/").content.decode())
    assert "没有什么可更正的" in told(browser.post(f"{HOME}correct/{item}/", {**form, "change_note": "没有改"}))


def test_what_is_public_is_not_edited(desk):
    """Neither page nor server lets it; the page leads to a correction."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser)
    form = form_of(browser, edition)
    item = make_public(desk, edition)
    answer = browser.post(f"{HOME}{edition}/", {**form, "title": "偷偷改"})
    assert answer.status_code == 409
    assert f"{HOME}correct/{item}/" in answer.content.decode()
    assert held(edition).edition.title == "关于做好汛期安全工作的通知"
    assert "没有丢" in told(answer)
    assert fields(browser.get(f"{HOME}correct/{item}/").content.decode())["title"] == "偷偷改"


def test_the_leader_sees_every_copy_before_withdrawing_it(desk):
    """Each channel with what will happen there; the reason, for the public, is demanded."""
    item = make_public(desk, drafted(desk.browser(Role.CLERK), channels=["website", "board"]))
    leader = desk.browser(Role.SIGNER)
    page = told(leader.get(f"{HOME}withdraw/{item}/"))
    assert "政府网站" in page
    assert "公告栏 现在没有留存；还没有发出的，不再发出。" in page
    assert "自动撤下" in page
    assert "请写明理由" in told(leader.post(f"{HOME}withdraw/{item}/", {"reason": " ", "sure": "1"}))
    assert "请先勾选" in told(leader.post(f"{HOME}withdraw/{item}/", {"reason": "内容有误"}))
    answer = leader.post(f"{HOME}withdraw/{item}/", {"reason": "内容有误，另行公布。", "sure": "1"})
    assert answer.status_code == 303
    assert queries.find_item(index_number="006123456/2024-00001").withdrawn
    assert leader.get(f"{HOME}withdraw/{item}/").status_code == 409
    assert "已经撤回" in told(desk.browser(Role.CLERK).get(f"{HOME}correct/{item}/"))


def test_whoever_withdraws_second_is_told_who_was_quicker_and_where_its_copies_are_told_of(desk, monkeypatch):
    """Two leaders at once: nothing is said of channels that have nothing."""
    item = make_public(desk, drafted(desk.browser(Role.CLERK)))
    leader, copies = desk.browser(Role.SIGNER), writing_public._copies

    def meanwhile(*asked):
        services.withdraw(index_number="006123456/2024-00001", by="钱书记", at=clock.now(), reason="涉及隐私")
        return copies(*asked)

    monkeypatch.setattr(writing_public, "_copies", meanwhile)
    answer = leader.post(f"{HOME}withdraw/{item}/", {"reason": "内容有误", "sure": "1"})
    assert answer.status_code == 409
    for page in (answer, leader.get(f"{HOME}withdraw/{item}/"), desk.browser(Role.CLERK).get(f"{HOME}correct/{item}/")):
        text = told(page)
        assert "钱书记" in text
        assert "没有渠道留有内容" not in text
        assert 'href="/qingshui/book/number/006123456/2024-00001/"' in page.content.decode()
    assert "已撤回" not in told(leader.get("/qingshui/today/"))  # nor does a word of success wait for the next page


def test_a_clerk_does_not_withdraw_and_a_leader_does_not_correct(desk_sqlite):
    """Each is told that it is not theirs."""
    item = make_public(desk_sqlite, drafted(desk_sqlite.browser(Role.CLERK)))
    assert desk_sqlite.browser(Role.CLERK).post(f"{HOME}withdraw/{item}/", {"reason": "x", "sure": "1"}).status_code == 403
    assert desk_sqlite.browser(Role.SIGNER).post(f"{HOME}correct/{item}/", words()).status_code == 403


def test_an_item_that_is_nowhere_is_not_found(desk_sqlite):
    """Neither to correct nor to withdraw."""
    assert desk_sqlite.browser(Role.CLERK).get(f"{HOME}correct/99/").status_code == 404
    assert desk_sqlite.browser(Role.SIGNER).get(f"{HOME}withdraw/99/").status_code == 404

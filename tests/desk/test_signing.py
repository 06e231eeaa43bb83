"""The signer's pages: every rendition before the signature, what is sealed by it, and when it goes out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from content.rules import State
from desk.roles import Role
from ledger import queries, services
from ledger.models import Office
from tests.desk.approvals import MORNING, SIGNER, TITLE, hidden_fields, page, reviewed, signed, submitted, words

pytestmark = pytest.mark.ledger
LIST = "/qingshui/signatures/"
ALL = ("website", "feed", "board", "wechat")


def state(number):
    return queries.edition_in_hand(edition_id=number).state


def test_a_signer_sees_every_channel_and_signs(desk):
    """Each routed channel stands there with its limits and a frame of the real thing; the signature seals just these."""
    number = reviewed(desk, channels=ALL)
    browser = desk.browser(Role.SIGNER)
    assert TITLE in page(browser, LIST)
    html = page(browser, f"{LIST}{number}/")
    for label in ("政府网站", "订阅源", "公告栏", "微信公众号"):
        assert f"{label}</h2>" in html
    assert html.count("<iframe") == 4
    assert 'sandbox="allow-same-origin"' in html
    assert "13 / 32" in html  # the title in the platform's field, as it counts
    answer = browser.post(f"{LIST}{number}/", {**hidden_fields(html), "step": "sign"}, follow=True)
    said = answer.content.decode()
    assert f"《{TITLE}》已签发。" in said
    assert "已签发，等待公开" in said
    assert "几分钟内公开" in said
    found = queries.edition_in_hand(edition_id=number)
    assert (found.state, found.signer) == (State.SIGNED, SIGNER)


def test_a_release_at_a_later_time_is_told_before_and_after(desk_sqlite):
    """When it goes out stands beside each channel."""
    number = signed(desk_sqlite, release_at=datetime.fromisoformat("2030-06-10T08:30:00+08:00"))
    assert page(desk_sqlite.browser(Role.SIGNER), f"{LIST}{number}/").count("2030-06-10 08:30") >= 4


def test_renditions_that_changed_while_the_page_was_open_are_not_signed(desk, monkeypatch):
    """Somebody edits gongkai.toml meanwhile: the old form signs nothing, and the page shows what would be said now."""
    number = reviewed(desk, channels=("wechat",))
    browser = desk.browser(Role.SIGNER)
    fields = hidden_fields(page(browser, f"{LIST}{number}/"))
    config = desk.home / "gongkai.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('account = "清水发布"', 'account = "清水发布"\nauthor = "另一作者"'), encoding="utf-8")
    answer = browser.post(f"{LIST}{number}/", {**fields, "step": "sign"})
    assert answer.status_code == 422
    assert "成稿在您打开页面之后有了变化" in answer.content.decode()
    assert state(number) is State.REVIEWED
    browser.post(f"{LIST}{number}/", {**hidden_fields(answer.content.decode()), "step": "sign"})
    assert state(number) is State.SIGNED


def test_what_does_not_fit_a_channel_is_said_and_cannot_be_signed(desk_sqlite):
    """A title too long for WeChat: the page says so at the channel, and has no button to sign."""
    number = reviewed(desk_sqlite, words(desk_sqlite, title="关于" + "进一步做好汛期安全工作" * 4 + "的通知"), channels=("website", "wechat"))
    html = page(desk_sqlite.browser(Role.SIGNER), f"{LIST}{number}/")
    assert "微信公众号至多32字" in html
    assert "有渠道放不下这条信息，不能签发" in html
    assert 'value="sign"' not in html
    seen = queries.edition_in_hand(edition_id=number).seen
    desk_sqlite.browser(Role.SIGNER).post(f"{LIST}{number}/", {"seen": seen, "step": "sign", "seal-website": "x", "seal-wechat": ""})
    assert state(number) is State.REVIEWED


def test_a_signer_returns_with_a_reason(desk):
    """Back to the drafter; the reason stands on the draft."""
    number = reviewed(desk)
    browser = desk.browser(Role.SIGNER)
    fields = hidden_fields(page(browser, f"{LIST}{number}/"))
    assert browser.post(f"{LIST}{number}/", {**fields, "step": "return", "reason": ""}).status_code == 422
    answer = browser.post(f"{LIST}{number}/", {**fields, "step": "return", "reason": "标题请写全称"}, follow=True)
    assert "已退回陈文书修改" in answer.content.decode()
    found = queries.edition_in_hand(edition_id=number)
    assert (found.state, found.return_reason) == (State.DRAFT, "标题请写全称")


@pytest.mark.parametrize(("more", "said"), [({"by": SIGNER}, "由您起草，不能由您签发"), ({"by_reviewer": SIGNER}, "由您作了保密审查，不能由您签发")])
def test_nobody_signs_what_they_wrote_or_reviewed(desk, more, said):
    """One person, one step: not on the page, and not behind it."""
    number = reviewed(desk, **more)
    browser = desk.browser(Role.SIGNER)
    assert TITLE not in page(browser, LIST)
    html = page(browser, f"{LIST}{number}/")
    assert said in html
    assert 'value="sign"' not in html
    found = queries.edition_in_hand(edition_id=number)
    from desk.previewing import on_channels
    forged = {f"seal-{one.name}": one.seal for one in on_channels(desk.hand, found)}
    answer = browser.post(f"{LIST}{number}/", {"seen": found.seen, "step": "sign", **forged})
    assert answer.status_code == 422
    assert "不能签发同一条信息" in answer.content.decode()
    assert state(number) is State.REVIEWED


def test_two_signers_at_once_sign_once(desk):
    """The second form is old: it is told, and nothing is signed twice."""
    number = reviewed(desk)
    browser = desk.browser(Role.SIGNER)
    fields = hidden_fields(page(browser, f"{LIST}{number}/"))
    assert browser.post(f"{LIST}{number}/", {**fields, "step": "sign"}).status_code == 303
    answer = browser.post(f"{LIST}{number}/", {**fields, "step": "sign"})
    assert answer.status_code == 422
    assert "这次操作没有执行" in answer.content.decode()


def switch_on_urgency(desk):
    config = desk.home / "gongkai.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("sandbox = true", "sandbox = true\nurgent = true"), encoding="utf-8")
    Office.objects.update(urgent=True)


def test_an_urgent_item_is_signed_before_its_review_and_reviewed_after(desk):
    """Where the office has it: flagged on every page, reviewed within a day by a third person."""
    switch_on_urgency(desk)
    number = submitted(desk, urgent="暴雨红色预警，须立即告知")
    signer, reviewer = desk.browser(Role.SIGNER), desk.browser(Role.REVIEWER)
    assert "急件" in page(signer, LIST)
    html = page(signer, f"{LIST}{number}/")
    assert "暴雨红色预警，须立即告知" in html
    assert "还没有作保密审查" in html
    answer = signer.post(f"{LIST}{number}/", {**hidden_fields(html), "step": "sign-urgently"}, follow=True)
    assert "已按急件签发；保密审查须在一天内补上" in answer.content.decode()
    waiting = page(reviewer, "/qingshui/reviews/")
    assert "先签发、待补审查的急件" in waiting
    html = page(reviewer, f"/qingshui/reviews/{number}/")
    assert "补作审查" in html
    reviewer.post(f"/qingshui/reviews/{number}/", {**hidden_fields(html), "step": "pass-later"})
    assert queries.edition_in_hand(edition_id=number).later_verdict == "pass"


def test_a_later_review_that_fails_asks_the_leader_to_withdraw(desk_sqlite):
    """What is public already and should not be stands first on the signer's list."""
    switch_on_urgency(desk_sqlite)
    number = submitted(desk_sqlite, urgent="须立即告知")
    found = queries.edition_in_hand(edition_id=number)
    from channels.signing import seals
    renditions = seals(desk_sqlite.hand, found.edition, found.channels)
    services.sign_urgently(edition_id=number, by=SIGNER, at=MORNING + timedelta(hours=1), renditions=renditions)
    services.release(edition_id=number, by="tick", at=MORNING + timedelta(hours=2), renditions=renditions)
    reviewer = desk_sqlite.browser(Role.REVIEWER)
    html = page(reviewer, f"/qingshui/reviews/{number}/")
    assert "已逾期" in html
    fields = {**hidden_fields(html), "step": "fail-later"}
    assert reviewer.post(f"/qingshui/reviews/{number}/", fields).status_code == 422
    answer = reviewer.post(f"/qingshui/reviews/{number}/", {**fields, "reason": "电话不应公开"}, follow=True)
    assert "没有通过，已请负责人撤回" in answer.content.decode()
    signer = desk_sqlite.browser(Role.SIGNER)
    assert "事后审查没有通过，须撤回" in page(signer, LIST)
    assert "请尽快撤回" in page(signer, f"{LIST}{number}/")
    progress = page(desk_sqlite.browser(Role.REPORTER), "/qingshui/reports/?year=2024").partition('id="progress"')[2]
    assert re.search(r"急件（先签发后审查）</th>\s*<td[^>]*>1<", progress)


def test_an_office_that_never_signed_urgently_reads_no_count_of_it(desk_sqlite):
    """A row of nothing would be one more to wonder about."""
    assert "急件" not in page(desk_sqlite.browser(Role.REPORTER), "/qingshui/reports/?year=2024").partition('id="progress"')[2]


def test_an_office_without_the_urgent_path_offers_none(desk_sqlite):
    """In review and not urgent: no button, and a forged one is refused."""
    number = submitted(desk_sqlite)
    browser = desk_sqlite.browser(Role.SIGNER)
    html = page(browser, f"{LIST}{number}/")
    assert "现在不在签发环节" in html
    found = queries.edition_in_hand(edition_id=number)
    from desk.previewing import on_channels
    forged = {f"seal-{one.name}": one.seal for one in on_channels(desk_sqlite.hand, found)}
    answer = browser.post(f"{LIST}{number}/", {"seen": found.seen, "step": "sign-urgently", **forged})
    assert "没有开通急件办理" in answer.content.decode()
    assert state(number) is State.IN_REVIEW


def test_an_edit_voids_what_was_given_and_the_open_page_says_so(desk):
    """The drafter edits while the leader reads: nothing is signed, nothing is lost, the page tells the state."""
    edition = words(desk)
    number = reviewed(desk, edition)
    browser = desk.browser(Role.SIGNER)
    fields = hidden_fields(page(browser, f"{LIST}{number}/"))
    services.edit(edition_id=number, edition=replace(edition, title="改过的标题"), routes=desk.hand.routes(["website"], release_at=None), by="陈文书",
                  at=MORNING + timedelta(hours=2))
    answer = browser.post(f"{LIST}{number}/", {**fields, "step": "sign"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "这次操作没有执行" in said
    assert "改过的标题" in said
    assert "现在不在签发环节" in said
    assert state(number) is State.DRAFT

"""The reviewer's pages: what they read, what they may do, what is refused."""

from __future__ import annotations

import pytest

from content.rules import State
from desk.roles import Role
from ledger import queries, services
from tests.desk.approvals import CLERK, MORNING, REVIEWER, TITLE, corrected, hidden_fields, page, released, reviewed, submitted, words

pytestmark = pytest.mark.ledger
LIST = "/qingshui/reviews/"
PHONE = "<p>联系人电话13800138000，请来电。</p>"
SECRET = "<p>机密★10年</p><p>正文。</p>"


def state(number):
    return queries.edition_in_hand(edition_id=number).state


def test_a_reviewer_finds_what_waits_and_passes_it_to_the_signer(desk):
    """From the list to the page to the verdict, and on to the leader."""
    number = submitted(desk)
    browser = desk.browser(Role.REVIEWER)
    assert TITLE in page(browser, LIST)
    html = page(browser, f"{LIST}{number}/")
    assert "进入汛期，请各社区加强值守。" in html
    assert "没有发现问题" in html
    answer = browser.post(f"{LIST}{number}/", {**hidden_fields(html), "step": "pass", "reason": "可以公开"}, follow=True)
    assert f"《{TITLE}》审查通过，已转负责人签发。" in answer.content.decode()
    assert state(number) is State.REVIEWED
    assert "没有等您审查的信息" in page(browser, LIST)


def test_findings_stand_marked_in_their_place_with_what_the_drafter_said(desk_sqlite):
    """A telephone number that the drafter justified: marked in the text, listed with the reason; the list masks it."""
    number = submitted(desk_sqlite, words(desk_sqlite, body=PHONE))
    html = page(desk_sqlite.browser(Role.REVIEWER), f"{LIST}{number}/")
    finding = queries.gate(edition_id=number).findings[0].finding
    assert f'id="finding-{finding.key}"' in html
    assert 'class="finding finding-block"' in html
    assert f'href="#finding-{finding.key}"' in html
    assert "起草人已说明" in html
    assert "按规定应当公开" in html
    assert finding.excerpt in html


def test_a_mark_of_secrecy_passes_only_with_the_reviewer_s_own_words(desk):
    """The drafter's reason alone lets nothing secret through; the reviewer is asked at the very finding, and keeps what was typed."""
    number = submitted(desk, words(desk, body=SECRET))
    browser = desk.browser(Role.REVIEWER)
    html = page(browser, f"{LIST}{number}/")
    assert "须您书面确认" in html
    keys = [one.finding.key for one in queries.gate(edition_id=number).findings if one.finding.severity == "secret"]
    assert keys
    answer = browser.post(f"{LIST}{number}/", {**hidden_fields(html), "step": "pass", "reason": "意见还在"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "请写明为什么可以公开" in said
    assert "意见还在" in said
    assert state(number) is State.IN_REVIEW
    given = {f"confirm-{key}": "原件已解密，见解密通知" for key in keys}
    browser.post(f"{LIST}{number}/", {**hidden_fields(said), "step": "pass", **given})
    assert state(number) is State.REVIEWED
    assert {one.by for one in queries.gate(edition_id=number).records if one.kind == "confirmed"} == {REVIEWER}


def test_a_return_needs_a_reason_and_reaches_the_drafter(desk):
    """Without a reason nothing happens, and the form says so; with one it is a draft again, and the reason stands on it."""
    number = submitted(desk)
    browser = desk.browser(Role.REVIEWER)
    fields = hidden_fields(page(browser, f"{LIST}{number}/"))
    answer = browser.post(f"{LIST}{number}/", {**fields, "step": "return", "reason": "  "})
    assert answer.status_code == 422
    assert "请写明理由：为什么退回、要改什么" in answer.content.decode()
    browser.post(f"{LIST}{number}/", {**fields, "step": "return", "reason": "第二段的电话请核对"})
    found = queries.edition_in_hand(edition_id=number)
    assert (found.state, found.returned_by, found.return_reason) == (State.DRAFT, REVIEWER, "第二段的电话请核对")


def test_what_is_referred_upward_stays_in_review_with_the_question(desk_sqlite):
    """Not sure: the question is written down, and the page tells it."""
    number = submitted(desk_sqlite)
    browser = desk_sqlite.browser(Role.REVIEWER)
    fields = hidden_fields(page(browser, f"{LIST}{number}/"))
    browser.post(f"{LIST}{number}/", {**fields, "step": "refer", "reason": "名单是否涉及工作秘密"})
    html = page(browser, f"{LIST}{number}/")
    assert state(number) is State.IN_REVIEW
    assert "报请上级审定" in html
    assert "名单是否涉及工作秘密" in html


def test_nobody_reviews_their_own_words_on_the_page_or_behind_it(desk):
    """The page says why the buttons are not there; a form sent all the same is refused by the ledger."""
    number = submitted(desk, by=REVIEWER)
    browser = desk.browser(Role.REVIEWER)
    assert TITLE not in page(browser, LIST)
    html = page(browser, f"{LIST}{number}/")
    assert "这条信息由您起草，不能由您审查" in html
    assert 'value="pass"' not in html
    seen = queries.edition_in_hand(edition_id=number).seen
    answer = browser.post(f"{LIST}{number}/", {"seen": seen, "step": "pass"})
    assert answer.status_code == 422
    assert "起草的人不能审查同一条信息" in answer.content.decode()
    assert state(number) is State.IN_REVIEW


def test_words_that_changed_while_the_reviewer_read_are_not_passed(desk):
    """The drafter edits and submits again while the page is open: the old page passes nothing, and shows the new words."""
    number = submitted(desk)
    browser = desk.browser(Role.REVIEWER)
    fields = hidden_fields(page(browser, f"{LIST}{number}/"))
    services.edit(edition_id=number, edition=words(desk, body="<p>悄悄换掉的正文。</p>"), routes=desk.hand.routes(["website"], release_at=None),
                  by=CLERK, at=MORNING)
    services.submit(edition_id=number, by=CLERK, at=MORNING)
    answer = browser.post(f"{LIST}{number}/", {**fields, "step": "pass", "reason": "写好的意见"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "这次操作没有执行" in said
    assert "悄悄换掉的正文" in said
    assert "写好的意见" in said
    assert state(number) is State.IN_REVIEW


def test_a_correction_stands_beside_what_the_public_reads_now(desk_sqlite):
    """What was taken out and what was added, in marks and in words; what stayed is counted."""
    first = released(desk_sqlite)
    number = corrected(desk_sqlite, first, body="<p>进入主汛期，请各社区加强值守。</p><p>值守电话：0731-00000001。</p><p>新增一段。</p>")
    html = page(desk_sqlite.browser(Role.REVIEWER), f"{LIST}{number}/")
    assert "与现在公开的版本比较" in html
    assert '<ins><span class="hidden">［新增］</span>主</ins>' in html
    assert "<ins>新增一段。</ins>" in html
    assert "更正说明" in html


def test_what_was_found_in_an_attachment_stands_at_the_attachment(desk_sqlite):
    """A list of people with numbers in an attached text: the file is named, and the finding leads there."""
    from hashlib import sha256

    from content.items import Attachment

    data = "姓名,身份证号\n张三,110101199003074514\n".encode()
    file = Attachment(name="名单.csv", media_type="text/csv", size=len(data), sha256=sha256(data).hexdigest())
    number = submitted(desk_sqlite, words(desk_sqlite, attachments=(file,)), blobs=(data,))
    html = page(desk_sqlite.browser(Role.REVIEWER), f"{LIST}{number}/")
    assert "名单.csv" in html
    assert "身份证号" in html
    assert "110101199003074514" not in html.partition('id="findings"')[2].partition("审查意见")[0]


def test_another_office_s_edition_is_not_there(desk_sqlite):
    """A number that is not this office's is no page."""
    assert desk_sqlite.browser(Role.REVIEWER).get(f"{LIST}999/").status_code == 404


@pytest.mark.parametrize("role", [Role.CLERK, Role.SIGNER, Role.OPERATOR, Role.DISTRICT])
def test_others_have_no_business_in_review(desk_sqlite, role):
    """Only a secrecy reviewer opens these pages."""
    number = reviewed(desk_sqlite)
    assert desk_sqlite.browser(role).get(LIST).status_code == 403
    assert desk_sqlite.browser(role).post(f"{LIST}{number}/", {"step": "pass"}).status_code == 403

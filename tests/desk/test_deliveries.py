"""What did not arrive by itself: what a person reads about it, and what each button does."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from content.deliveries import Outcome, Status
from content.sightings import Seen, Sighting
from desk.answers import NOTES, answer
from desk.roles import Role
from ledger import queries, services
from ledger.models import Delivery, Posting
from tests.desk.spread import DOUBT, DRAFT, LATER, POSTED, REFUSED, correct, hang, out, printed, status_of, tried, wall
from tests.desk.stage import NAMES, Stage

pytestmark = pytest.mark.ledger
ROOT = Path(__file__).parents[2]


def page(desk: Stage, path: str = "", role: Role = Role.OPERATOR) -> str:
    answer = desk.browser(role).get(f"/qingshui/deliveries/{path}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def shown(desk: Stage, delivery: int) -> dict[str, str]:
    """What a delivery's page sends of itself: of which attempt it told."""
    return dict(re.findall(r'type="hidden" name="(tries)" value="([^"]*)"', page(desk, f"{delivery}/")))


def act(desk: Stage, delivery: int, **words: str) -> str:
    """Press a button of the page as it stands; what is read after it."""
    answer = desk.browser(Role.OPERATOR).post(f"/qingshui/deliveries/{delivery}/act/", shown(desk, delivery) | words, follow=True)
    return answer.content.decode()


def test_the_list_holds_what_needs_a_hand_and_nothing_else(desk: Stage) -> None:
    """Doubt first; what went well is not there; what the system tries again by itself is told apart."""
    out(desk, serial=1, title="已经发好的通知")
    tried(desk, REFUSED, serial=2, title="被拒的通知")
    tried(desk, DOUBT, serial=3, title="不知下落的通知")
    tried(desk, LATER, serial=4, title="再试的通知")
    text = page(desk)
    assert text.index("不知下落的通知") < text.index("被拒的通知") < text.index("微信接口暂时不可用")
    assert "已经发好的通知" not in text
    assert "连接中断，微信可能已经收下" in text


def test_one_channel_can_be_looked_at_alone(desk_sqlite: Stage) -> None:
    tried(desk_sqlite, DOUBT, title="不知下落的通知")
    assert "不知下落的通知" in page(desk_sqlite, "?channel=wechat")
    text = page(desk_sqlite, "?channel=board")
    assert "不知下落的通知" not in text
    assert "这个渠道没有需要处理的投递" in text


def test_where_nothing_is_the_matter_the_page_is_calm(desk_sqlite: Stage) -> None:
    assert "没有需要处理的投递：该发的都发出去了。" in page(desk_sqlite)


def test_its_own_page_has_the_evidence(desk_sqlite: Stage) -> None:
    delivery = tried(desk_sqlite, DOUBT)
    services.keep_step(delivery_id=delivery, name="draft_id", value="MEDIA-123")
    text = page(desk_sqlite, f"{delivery}/")
    for fact in ("待核实", "连接中断，微信可能已经收下", "draft_id", "MEDIA-123", "006123456/2024-00001#1:publish@wechat", "每一次尝试"):
        assert fact in text, fact


def test_the_system_is_asked_to_look_once(desk: Stage) -> None:
    delivery = tried(desk, DOUBT)
    assert "系统下一次运行时会到渠道上核实" in act(desk, delivery, do="look")
    text = page(desk, f"{delivery}/")
    assert "已请系统核实" in text
    assert [due.delivery_id for due in queries.in_doubt(office="qingshui", channel="wechat", asked=True)] == [delivery]


def test_what_somebody_saw_there_is_recorded_with_its_address(desk: Stage) -> None:
    delivery = tried(desk, DOUBT)
    assert "已登记为已发" in act(desk, delivery, do="done", url="https://mp.weixin.qq.com/s/abc")
    assert status_of(delivery) == "posted"
    line = queries.delivery_line(delivery_id=delivery)
    assert line is not None
    assert line.posting is not None
    assert line.posting.url == "https://mp.weixin.qq.com/s/abc"
    assert queries.events(office="qingshui", verb="delivery posted").rows[0].actor == NAMES[Role.OPERATOR]


@pytest.mark.parametrize("url", ["", "mp.weixin.qq.com/s/abc", "javascript:alert(1)", "https://a b", "https://a\x00b", "https://"])
def test_what_is_no_address_is_not_taken_and_not_lost(desk_sqlite: Stage, url: str) -> None:
    """It stands in the field again, with what is wrong beside it."""
    delivery = tried(desk_sqlite, DOUBT)
    answer = desk_sqlite.browser(Role.OPERATOR).post(f"/qingshui/deliveries/{delivery}/act/", {"do": "done", "url": url})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "不是完整的网址" in text
    assert f'value="{url}"' in text.replace("\ufffd", "\x00")
    assert status_of(delivery) == "unconfirmed"


def test_nothing_in_doubt_is_sent_again_before_somebody_wrote_where_they_looked(desk: Stage) -> None:
    delivery = tried(desk, DOUBT)
    assert "请写明理由" in act(desk, delivery, do="again", looked="yes")
    text = act(desk, delivery, do="again", reason="公众号后台草稿箱和已发表里都没有")
    assert "可能已经发出；请先到该渠道查看" in text
    assert "公众号后台草稿箱和已发表里都没有</textarea>" in text
    assert status_of(delivery) == "unconfirmed"
    assert "已重新排队" in act(desk, delivery, do="again", looked="yes", reason="公众号后台草稿箱和已发表里都没有")
    assert status_of(delivery) == "queued"
    assert "吴运维要求重新投递：公众号后台" in page(desk, f"{delivery}/")


# ---------------------------------------------------------------------------------------------------- looked at again


def lost(desk: Stage, seen: Seen = Seen.GONE, **words: Any) -> int:
    """An article that stood on WeChat and does not any more; the delivery that posted it."""
    delivery = tried(desk, POSTED, **words)
    posting = Posting.objects.get(delivery=delivery)
    services.keep_sighting(posting_id=posting.pk, ref=posting.ref, at=wall(), look=Sighting(seen=seen, detail="公众号里已没有这篇文章"))
    return delivery


def test_what_is_not_seen_any_more_stands_first_with_what_to_do(desk: Stage) -> None:
    delivery = lost(desk, title="看不到了的通知")
    text = page(desk)
    assert "看不到了的通知" in text
    assert "公众号里已没有这篇文章" in text
    assert "该发的都发出去了" not in text
    today = desk.browser(Role.CLERK).get("/qingshui/today/").content.decode()
    assert f"/qingshui/deliveries/{delivery}/" in today
    assert "查清是谁移除的" in today
    text = page(desk, f"{delivery}/")
    for fact in ("复查", "已不在", "公众号里已没有这篇文章", "登记为已被移除", "重发"):
        assert fact in text, fact


def test_a_person_records_who_removed_it(desk: Stage) -> None:
    delivery = lost(desk)
    assert "请写明理由" in act(desk, delivery, do="removed")
    assert "后来被移除" in act(desk, delivery, do="removed", reason="平台站内信：被投诉")
    assert "该发的都发出去了" in page(desk)
    event = queries.events(office="qingshui", verb="removal confirmed").rows[0]
    assert (event.actor, event.facts["reason"]) == (NAMES[Role.OPERATOR], "平台站内信：被投诉")
    assert "这次操作没有执行" in act(desk, delivery, do="removed", reason="再登记一次")


def test_what_we_took_down_ourselves_is_recorded_as_that(desk_sqlite: Stage) -> None:
    delivery = lost(desk_sqlite)
    act(desk_sqlite, delivery, do="removed", reason="清理账号时误删", ours="yes")
    assert "自行撤下" in page(desk_sqlite, f"{delivery}/")


def test_it_is_posted_again_with_a_reason_and_as_another_delivery(desk: Stage) -> None:
    delivery = lost(desk)
    assert "已重新排队" in act(desk, delivery, do="repost", reason="账号管理员误删")
    (again,) = queries.due_deliveries(office="qingshui", channel="wechat", at=wall())
    assert again.key.endswith("#1:repost@wechat")
    assert "重发" in page(desk, f"{again.delivery_id}/")


def test_what_the_platform_banned_is_not_offered_to_be_posted_again(desk_sqlite: Stage) -> None:
    delivery = lost(desk_sqlite, Seen.BANNED)
    text = page(desk_sqlite, f"{delivery}/")
    assert "不能原样重发" in text
    assert 'value="repost"' not in text
    assert "原样再发仍会被屏蔽" in act(desk_sqlite, delivery, do="repost", reason="再试一次")


def test_found_back_nobody_has_anything_to_do(desk_sqlite: Stage) -> None:
    delivery = lost(desk_sqlite)
    posting = Posting.objects.get(delivery=delivery)
    services.keep_sighting(posting_id=posting.pk, ref=posting.ref, at=wall(), look=Sighting(seen=Seen.STANDS))
    assert "该发的都发出去了" in page(desk_sqlite)


# ------------------------------------------------------------------------------------------------- done by a person


def test_who_goes_there_and_looks_knows_what_to_look_for_and_when_the_system_does(desk_sqlite: Stage) -> None:
    delivery = tried(desk_sqlite, DOUBT, title="不知下落的通知")
    text = page(desk_sqlite, f"{delivery}/")
    for fact in ("到渠道上找什么", "006123456/2024-00001", "系统下一次核实", "应有的文字"):
        assert fact in text, fact
    Delivery.objects.filter(pk=delivery).update(look_at=None)
    assert "不再自动核实" in page(desk_sqlite, f"{delivery}/")


def test_who_corrects_by_hand_reads_the_old_words_and_the_new(desk_sqlite: Stage) -> None:
    tried(desk_sqlite, POSTED)
    correct(desk_sqlite, "006123456/2024-00001", channels=("wechat",))
    (due,) = queries.due_deliveries(office="qingshui", channel="wechat", at=wall())
    work = services.begin_attempt(delivery_id=due.delivery_id, tries=0, holder="test", at=wall())
    services.end_attempt(work=work, at=wall(), outcome=Outcome(status=Status.BY_HAND, posting=POSTED.posting, detail="请人工更正"))
    text = page(desk_sqlite, f"{due.delivery_id}/")
    before, after = text.index("原来的文字"), text.index("改成这样")
    assert "切实加强" not in text[before:after]
    assert "加强" in text[before:after]
    assert "切实加强" in text[after:]
    assert "更正值守时间" in text[after:]


def test_what_was_refused_is_let_go_with_a_reason(desk: Stage) -> None:
    delivery = tried(desk, REFUSED)
    assert "登记为不再处理" in page(desk, f"{delivery}/")
    assert "已登记为不再处理" in act(desk, delivery, do="let_go", reason="只在网站公开即可")
    assert "该发的都发出去了" in page(desk)


def test_a_draft_at_the_platform_is_done_by_hand_without_an_address(desk_sqlite: Stage) -> None:
    """The system made it ready and knows what it is called there."""
    delivery = tried(desk_sqlite, DRAFT)
    assert "地址没有变可以不填" in page(desk_sqlite, f"{delivery}/")
    assert "已登记为已发" in act(desk_sqlite, delivery, do="done", url="")
    assert status_of(delivery) == "posted"


def test_a_sheet_is_recorded_on_its_own_page(desk_sqlite: Stage) -> None:
    number = printed(desk_sqlite)
    line = queries.sheet(number=number)
    assert line is not None
    text = page(desk_sqlite, f"{line.delivery_id}/")
    assert f"/qingshui/board/sheet/{number}/" in text
    assert "登记为已发" not in text
    hang(desk_sqlite, number)
    services.withdraw(index_number=line.index_number, by=NAMES[Role.SIGNER], at=wall(), reason="内容有误")
    history = queries.history(index_number=line.index_number)
    assert history is not None
    withdrawal = history.deliveries[-1].delivery
    assert withdrawal.action == "withdraw"
    assert f"/qingshui/board/sheet/{number}/" in page(desk_sqlite, f"{withdrawal.delivery_id}/")


def test_two_people_at_one_delivery_second_is_told(desk_sqlite: Stage) -> None:
    """Nothing is done twice, and what the second one typed is not taken for news."""
    delivery = tried(desk_sqlite, DOUBT)
    act(desk_sqlite, delivery, do="done", url="https://mp.weixin.qq.com/s/abc")
    text = act(desk_sqlite, delivery, do="done", url="https://mp.weixin.qq.com/s/xyz")
    assert "这次操作没有执行" in text
    line = queries.delivery_line(delivery_id=delivery)
    assert line is not None
    assert line.posting is not None
    assert line.posting.url == "https://mp.weixin.qq.com/s/abc"


def test_whoever_read_of_an_earlier_attempt_does_not_have_it_sent_again(desk: Stage) -> None:
    """Two pages of one doubt: the first sends it again, a tick tries, and only then the second presses the button."""
    delivery = tried(desk, DOUBT)
    stale = {**shown(desk, delivery), "do": "again", "looked": "yes", "reason": "群里没有"}
    assert "已重新排队" in act(desk, delivery, **stale)
    work = services.begin_attempt(delivery_id=delivery, tries=1, holder="test", at=wall())
    assert "在您打开页面之后有了变化" in act(desk, delivery, **stale)
    assert "请 10 分钟后再看结果" in act(desk, delivery, **stale | {"tries": "2"})
    assert "没有需要处理的投递" in page(desk)  # it is being carried: no doubt of it yet
    services.end_attempt(work=work, outcome=DOUBT, at=wall())
    assert "连接中断，微信可能已经收下" in page(desk)
    for tries in ("1", "", "-1", "9" * 5000):
        assert "在您打开页面之后有了变化" in act(desk, delivery, **stale | {"tries": tries})
    assert status_of(delivery) == "unconfirmed"
    assert "已重新排队" in act(desk, delivery, **stale | {"tries": "2"})


def test_who_only_looks_may_do_nothing(desk_sqlite: Stage) -> None:
    delivery = tried(desk_sqlite, DOUBT)
    text = page(desk_sqlite, f"{delivery}/", Role.DISTRICT)
    assert 'name="do"' not in text
    assert "由本单位的经办人或发布员处理" in text
    assert desk_sqlite.browser(Role.DISTRICT).post(f"/qingshui/deliveries/{delivery}/act/", {"do": "look"}).status_code == 403


def test_every_note_of_the_house_has_a_sentence() -> None:
    """What ledger and flows write beside a delivery, in the log's language, is said in the reader's."""
    files = [*ROOT.glob("ledger/services/*.py"), ROOT / "flows/tick.py", ROOT / "flows/commands/ticking.py"]
    notes = {note for path in files for note in _notes(ast.parse(path.read_text(encoding="utf-8")))}
    assert len(notes) >= 8
    assert not {note for note in notes if re.search(r"[a-z]{4}", answer(note)) and answer(note) == note}
    for pattern in NOTES:
        assert any(pattern.fullmatch(note) for note in notes | {"withdrawn before it was posted", "overtaken by x"}), pattern.pattern


def _notes(tree: ast.AST) -> list[str]:
    """Texts that are given as `detail`; what varies in them stands as 某."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "detail":
            match node.value:
                case ast.Constant(value=str(text)) if text:
                    found.append(text)
                case ast.JoinedStr(values=parts):
                    found.append("".join(str(part.value) if isinstance(part, ast.Constant) else "某" for part in parts))
                case _:
                    pass
    return found

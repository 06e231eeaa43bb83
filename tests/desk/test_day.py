"""A whole day of four people in real browsers: from the first word to the sheet on the board, and the correction that follows.

Once with JavaScript and once without; on SQLite and on PostgreSQL. Asserts on what people read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from channels.board import Board
from channels.house import OfficeHand, open_house
from channels.sandbox.wechat import Sandbox
from desk.roles import Role
from flows import tick
from ledger import queries
from ledger.models import Edition
from tests.desk import papers
from tests.desk.somebody import Somebody, people
from tests.desk.stage import NAMES, point_desk_at
from tests.flows.stage import CODE, SECRET, far_side, furnish
from tests.rigs.browser import Served, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.ledger]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE = "关于发放二季度临时救助金的公示"
DUTY = "13907310001"  #: a mobile number that may be read
BODY = ("<p>经审核，现将二季度临时救助金发放情况公示如下。</p><table><tbody><tr><th>社区</th><th>户数</th></tr>"
        "<tr><td>清水社区</td><td>12</td></tr><tr><td>平安社区</td><td>8</td></tr></tbody></table>"
        f"<p>首批救助对象甲某，身份证号{papers.IDENTITY}，联系电话{papers.MOBILE}。</p><p>对公示有异议的，可拨打李某手机{DUTY}反映。</p>")


def now() -> datetime:
    """The machine's time: the desk knows no other."""
    return datetime.now(UTC)


def whole_tick(hand: OfficeHand) -> None:
    """What the publish flow does every few minutes, without Prefect."""
    tick.release_due(hand, clock=now)
    for name in hand.surfaces:
        tick.run_surface(hand, name, clock=now)
    for name in hand.outlets:
        tick.settle_outlet(hand, name, clock=now)
        tick.run_outlet(hand, name, clock=now)


@dataclass(slots=True, kw_only=True)
class Day:
    """The office on that day."""

    browser: Browser
    served: Served
    hand: OfficeHand
    wechat: Sandbox
    scripts: bool
    title: str = TITLE

    def arrives(self, login: str, *, telephone: bool = False) -> Somebody:
        """Somebody opens a browser and signs in."""
        return Somebody.at(self.browser, self.served, login, scripts=self.scripts, telephone=telephone).sign_in()


@contextmanager
def opened(home: Path, patch: pytest.MonkeyPatch, browser: Browser, *, scripts: bool) -> Iterator[Day]:
    """The office with its people, its server and a WeChat of its own."""
    patch.setenv("GONGKAI_TEST_SECRET", SECRET)
    point_desk_at(home, patch)
    with far_side(home) as wechat:
        furnish(home, api=wechat.url)
        people(Role.CLERK, Role.REVIEWER, Role.SIGNER, Role.OPERATOR)
        with serving(home) as served:
            _say_where(home, served.url)
            yield Day(browser=browser, served=served, hand=open_house(home).desk(CODE), wechat=wechat, scripts=scripts)
            assert served.faults() == ""


def _say_where(home: Path, url: str) -> None:
    """The office's desk has an address, which stands as a code on every sheet."""
    file = home / "gongkai.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[office.index]", f'desk_url = "{url}"\n[office.index]'), encoding="utf-8")


@pytest.fixture(params=[("sqlite", True), ("postgresql", False)], ids=["sqlite", "postgresql, no JavaScript"])
def day(request, chromium, monkeypatch) -> Iterator[Day]:
    """The day, on each database; once with JavaScript and once without."""
    database, scripts = request.param
    with opened(request.getfixturevalue(database), monkeypatch, chromium, scripts=scripts) as found:
        yield found


def test_four_people_take_an_item_through_a_day(day):
    """Written, masked, returned, mended, passed, signed, posted, looked for, put up, corrected: and the book tells all of it."""
    clerk, reviewer, signer = day.arrives("clerk"), day.arrives("reviewer"), day.arrives("signer")
    edition = writes(day, clerk)
    treats(clerk)
    hands_over(clerk)
    returns(day, reviewer)
    mends(day, clerk)
    passes_what_he_has_seen(day, reviewer, clerk, edition)
    signs(day, signer, edition)
    operator = day.arrives("operator")
    is_looked_for(day, operator)
    telephone = puts_up(day)
    corrects(day, clerk, reviewer, signer)
    is_marked_as_posted(day, operator)
    swaps_sheets(day, telephone)
    the_book_tells_it(day, clerk, operator)
    assert [one for somebody in (clerk, reviewer, signer, operator, telephone) for one in somebody.complaints] == []


def writes(day: Day, clerk: Somebody) -> int:
    """The clerk writes an item with a table, a picture and an attachment; the edition's number."""
    clerk.open("write").follow("新建信息").reads("新建信息")
    clerk.write("标题", day.title).write("内容概述", "二季度临时救助金发放公示。")
    fills_body(clerk, BODY, scripts=day.scripts)
    chooses_channels(clerk, scripts=day.scripts)
    clerk.page.set_input_files("#pictures", {"name": "现场.png", "mimeType": "image/png", "buffer": papers.picture()})
    clerk.page.set_input_files("#files", {"name": "救助名单.xlsx", "mimeType": XLSX, "buffer": papers.workbook(hidden=True)})
    clerk.press("保存").reads("已保存", "送审前检查", "身份证号", "手机", "名单")
    assert clerk.page.locator("mark.finding").count() >= 3  # in place, in the words
    return clerk.number_in_address()


def fills_body(clerk: Somebody, html: str, *, scripts: bool) -> None:
    """Into the editor as a paste from Word comes, or into the plain text area."""
    if not scripts:
        clerk.page.fill("#body", html)
        return
    editor = clerk.page.locator(".ProseMirror")
    editor.click()
    clerk.page.keyboard.press("Control+a")
    editor.evaluate("""(element, html) => {
        const data = new DataTransfer(); data.setData("text/html", html)
        element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}))
    }""", html)


def chooses_channels(clerk: Somebody, *, scripts: bool) -> None:
    """The column proposes website and article; the clerk adds the board."""
    if scripts:
        with clerk.page.expect_response("**/write/proposal/**"):
            clerk.page.select_option("#column", label="工作动态")
        clerk.page.locator("#channel-wechat:checked").wait_for()  # proposed
    else:
        clerk.page.select_option("#column", label="工作动态")
    for name in ("website", "board", "wechat"):
        clerk.page.check(f"#channel-{name}")


def treats(clerk: Somebody) -> None:
    """Every finding is masked, cleaned away or justified in writing; the picture gets its words."""
    clerk.press("保存并送审").reads("没有送审")  # neither with findings nor with a picture that says nothing
    clerk.write("文字说明", "救助金发放现场")
    clerk.press(f"遮盖为 {papers.MASKED_IDENTITY}").reads("已处理并保存：身份证号", papers.MASKED_IDENTITY).misses(papers.IDENTITY)
    clerk.press(f"遮盖为 {papers.MASKED_MOBILE}").reads(papers.MASKED_MOBILE).misses(papers.MOBILE)
    clerk.press("保存并送审").reads("没有送审")  # the hidden sheet is still there
    clerk.page.get_by_label("保存时去掉这个附件").check()
    clerk.page.set_input_files("#files", {"name": "救助名单.xlsx", "mimeType": XLSX, "buffer": papers.workbook(hidden=False)})
    clerk.press("保存").reads("已保存", "待处理 1")
    clerk.unfold("这处可以公开，写明理由").write("理由", "李某为经办人，本人同意公开工作手机。")
    clerk.press("记录理由").reads("理由已记录", "李某为经办人，本人同意公开工作手机。", "都已处理")


def hands_over(clerk: Somebody) -> None:
    """To the review."""
    clerk.press("保存并送审").reads("已送审", "审查中")


def returns(day: Day, reviewer: Somebody) -> None:
    """The reviewer reads the marked words and what was said to them, and returns the item with a reason."""
    reviewer.open("reviews").follow(day.title).reads("李某为经办人，本人同意公开工作手机。", DUTY, papers.MASKED_IDENTITY, "救助名单.xlsx")
    reviewer.misses(papers.IDENTITY, papers.MOBILE)
    assert reviewer.page.locator("mark.finding", has_text=DUTY).count() == 1
    reviewer.unfold("起草人已遮盖 2 处")
    reviewer.unfold("退回起草人修改").press("退回修改").reads("请写明理由")  # without one, nothing happens
    reviewer.unfold("退回起草人修改")
    reviewer.page.locator("#reason-return").fill("请写明公示的起止日期。")
    reviewer.press("退回修改").reads("已退回陈文书修改").reads("没有等您审查的信息")


def mends(day: Day, clerk: Somebody) -> None:
    """The clerk finds it among what came back, mends it and hands it over again: what was justified needs no second reason."""
    clerk.open("write").reads("退回来的", "请写明公示的起止日期。").follow(day.title)
    clerk.write("内容概述", "二季度临时救助金发放公示，公示期五个工作日。")
    clerk.press("保存并送审").reads("已送审")


def passes_what_he_has_seen(day: Day, reviewer: Somebody, clerk: Somebody, edition: int) -> None:
    """While the reviewer reads, the clerk changes a word: nothing passes unseen."""
    reviewer.open("review", edition=edition)
    clerk.open("edit", edition=edition).reads("保存任何修改都会把它收回起草")
    clerk.write("关键词", "临时救助、公示")
    clerk.press("保存").reads("已保存", "起草")
    clerk.press("保存并送审").reads("已送审")
    reviewer.press("审查通过，转签发").reads("有了变化")
    assert Edition.objects.get(pk=edition).state == "in_review"
    reviewer.open("review", edition=edition).reads("临时救助；公示", "陈文书")
    reviewer.press("审查通过，转签发").reads("审查通过，已转负责人签发")


def signs(day: Day, signer: Somebody, edition: int) -> None:
    """The leader sees every channel as the public will, and signs."""
    signer.open("signatures").follow(day.title).reads("政府网站", "微信公众号", "公告栏", "将公开到")
    sees_renditions(day, signer)
    signer.press("签发").reads("已签发", "等待公开")


def sees_renditions(day: Day, signer: Somebody) -> None:
    """The page, the feed's entry, the sheet as a picture, the article: each in its frame."""
    frames = signer.page.locator("section.rendition iframe")
    assert frames.count() == 4
    for n in range(4):
        frames.nth(n).scroll_into_view_if_needed()
        inside = frames.nth(n).content_frame
        inside.locator("body").wait_for()
        if "board" in str(frames.nth(n).get_attribute("src")):
            picture = inside.locator("img").first
            picture.wait_for()
            assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 400
        else:
            assert day.title in inside.locator("body").inner_text()


def is_looked_for(day: Day, operator: Somebody) -> None:
    """WeChat took the article and failed to say so: it stands in doubt until somebody has it looked for. It was posted once."""
    day.wechat.mood("fails after accepting", call="freepublish/submit")
    whole_tick(day.hand)
    day.wechat.mood("fine")
    operator.open("today").reads("待核实")
    operator.open("deliveries").reads("待核实", day.title).follow(day.title).reads("待核实")
    operator.press("请系统核实").reads("系统下一次运行时")
    whole_tick(day.hand)
    operator.page.reload()
    operator.reads("已发").misses("请系统核实")
    assert len(day.wechat.articles()) == 1


def puts_up(day: Day) -> Somebody:
    """In the hall, with a telephone: the code on the sheet leads to its page, where the clerk records that it hangs, with a photograph."""
    [line] = queries.sheets(office=CODE)
    board = day.hand.outlets["board"]
    assert isinstance(board, Board)
    telephone = Somebody.at(day.browser, day.served, "clerk", scripts=day.scripts, telephone=True)
    telephone.page.goto(board.staff_address(line.number))
    telephone.sign_in().reads(day.title, "要张贴")
    assert line.number in telephone.page.url
    records(telephone, "登记：已经贴上", "已登记张贴")
    assert telephone.page.get_by_alt_text("张贴时的现场照片").evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
    return telephone


def records(telephone: Somebody, press: str, reads: str) -> None:
    """A photograph, and the button."""
    telephone.page.set_input_files("#photo", {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": papers.photograph()})
    telephone.press(press).reads(reads)


def corrects(day: Day, clerk: Somebody, reviewer: Somebody, signer: Somebody) -> None:
    """A correction goes the same way; the reviewer sees what it changes."""
    clerk.open("book", query="?words=临时救助金").follow(day.title).follow("起草更正")
    clerk.write("更正说明", "清水社区户数有误，现予更正。")
    fills_body(clerk, BODY.replace("<td>12</td>", "<td>13</td>").replace(papers.IDENTITY, papers.MASKED_IDENTITY)
               .replace(papers.MOBILE, papers.MASKED_MOBILE), scripts=day.scripts)
    clerk.press("保存并送审").reads("已送审")
    reviewer.open("reviews").follow(day.title).reads("与现在公开的版本比较", "清水社区户数有误，现予更正。")
    assert "13" in reviewer.page.locator("#differences ~ dl ins").all_inner_texts() or "13" in reviewer.text()
    reviewer.press("审查通过，转签发").reads("审查通过")
    signer.open("signatures").follow(day.title)
    sees_renditions(day, signer)
    signer.press("签发").reads("已签发")
    whole_tick(day.hand)


def is_marked_as_posted(day: Day, operator: Somebody) -> None:
    """A published article cannot be changed by a program: somebody does it by hand and says where it stands."""
    operator.open("deliveries").reads("人工").follow(day.title).reads("微信公众号", "人工")
    operator.write("在渠道上的网址", "https://mp.weixin.qq.com/s/corrected")
    operator.press("登记为已发").reads("已登记为已发", "https://mp.weixin.qq.com/s/corrected")


def swaps_sheets(day: Day, telephone: Somebody) -> None:
    """The old sheet comes down, the new one goes up."""
    telephone.open("board").reads("要撤下", "已有更正", "要张贴")
    old, new = queries.sheets(office=CODE)
    telephone.open("sheet", number=old.number)
    records(telephone, "登记：已经撤下", "已登记撤下")
    telephone.open("sheet", number=new.number)
    records(telephone, "登记：已经贴上", "已登记张贴")
    telephone.open("board").misses("要张贴").reads("正在张贴")


def the_book_tells_it(day: Day, clerk: Somebody, operator: Somebody) -> None:
    """The item's page tells all of it, the chain of the log is whole, and the figures say one item on each channel."""
    clerk.open("book").follow(day.title)
    clerk.reads(*(NAMES[role] for role in (Role.CLERK, Role.REVIEWER, Role.SIGNER)), "第 1 版", "第 2 版", "一键遮盖", "退回", "请写明公示的起止日期。",
                "审查通过", "签发", "公开", "清水社区户数有误，现予更正。", "张贴", "撤下", "https://mp.weixin.qq.com/s/corrected")
    operator.open("audit").press("从头校验一遍").reads("链完整")
    found = queries.figures(office=CODE, year=now().astimezone(day.hand.office.tz).year, categories=day.hand.office.categories, as_of=now())
    assert (found.distinct_items, found.corrections, dict(found.channels)) == (1, 1, {"website": 1, "board": 1, "wechat": 1})

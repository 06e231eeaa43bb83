"""Finalising a report at the desk: its papers, freezing and restating it, and its way to the public as an item."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import resolve

from content.html import parse, sanitise
from content.measures import Measure
from content.rules import State
from desk import clock, report_items
from desk.access import Seat
from desk.freezing import seen
from desk.reporting import MAKER
from desk.roles import READERS, Role
from ledger import queries, services
from ledger.models import Blob, Fact, Frozen, Item
from tests.desk.annual import (
    FINAL,
    FORM,
    REPORTER,
    a_year,
    address,
    asked_now,
    at,
    fact,
    fields,
    freeze,
    hand_over,
    later,
    publish,
    whole_tick,
    year,
)
from tests.desk.approvals import hidden_fields
from tests.desk.drafting import MOBILE, form_of, told
from tests.desk.stage import NAMES
from tests.flows.stage import CODE
from tests.reports.papers import excel, figures, pdf_text, word_text

pytestmark = pytest.mark.ledger
TITLE = "云州市清水区清水街道办事处{}年政府信息公开工作年度报告"
PAPERS = ("report.docx", "report.pdf", "report.html", "report.xlsx", "report.csv", "report.json")


def title() -> str:
    return TITLE.format(year())


def kept() -> queries.Frozen:
    found = queries.frozen_report(office=CODE, form=FORM, year=year())
    assert found is not None
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TheItem:
    """The item that the report is."""

    pk: int
    index_number: str
    newest_id: int


def the_item() -> TheItem:
    row = Item.objects.get(import_key=f"report:{FORM}:{year()}")
    assert row.newest_id is not None
    return TheItem(pk=row.pk, index_number=row.index_number, newest_id=row.newest_id)


def desk_is_at(monkeypatch, when) -> None:
    """What time it is for whoever asks the desk from now on."""
    monkeypatch.setattr(clock, "now", lambda: when)


def name_of(answer) -> str:
    """What a browser would call the file (RFC 5987)."""
    [found] = re.findall(r"filename\*=utf-8''(\S+)", answer["Content-Disposition"], re.IGNORECASE)
    return unquote(found)


def bytes_of(browser, paper: str) -> bytes:
    answer = browser.get(address("papers", paper))
    assert answer.status_code == 200, told(answer)
    return answer.content


# ------------------------------------------------------------------------------------------------------------------ papers


def test_a_draft_is_downloaded_in_every_format_and_says_that_it_is_one(desk_sqlite):
    """Under a Chinese name, never opened in place."""
    a_year(desk_sqlite)
    browser = desk_sqlite.browser(Role.DISTRICT)
    for paper in PAPERS:
        answer = browser.get(address("papers", paper))
        assert answer.status_code == 200, paper
        assert name_of(answer).startswith(title())
        assert name_of(answer).endswith(f"（草稿）.{paper.rpartition('.')[2]}")
        assert answer["Content-Disposition"].startswith("attachment")
        assert (answer["X-Content-Type-Options"], "sandbox" in answer["Content-Security-Policy"]) == ("nosniff", True)
    assert "草稿，尚未定稿" in word_text(bytes_of(browser, "report.docx"))
    assert "草稿，尚未定稿" in pdf_text(bytes_of(browser, "report.pdf"))
    assert "草稿，尚未定稿" in bytes_of(browser, "report.html").decode()


def test_all_papers_come_in_one_archive_with_their_seals(desk_sqlite):
    a_year(desk_sqlite)
    freeze(desk_sqlite.browser(Role.REPORTER))
    answer = desk_sqlite.browser(Role.SIGNER).get(address("papers", "all.zip"))
    assert name_of(answer) == f"{title()}.zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    listed = inside.pop("SHA256SUMS.txt").decode("utf-8-sig")
    assert {f"{title()}.docx", f"{title()}.pdf", f"{title()}（数据表）.xlsx", f"{title()}.html"} <= set(inside)
    assert {hashlib.sha256(data).hexdigest() for data in inside.values()} == set(kept().seals.values())
    for name, data in inside.items():
        assert f"{hashlib.sha256(data).hexdigest()}  {name}" in listed


def test_a_frozen_report_is_handed_out_as_it_was_whatever_the_book_says_since(desk):
    a_year(desk)
    reporter = desk.browser(Role.REPORTER)
    freeze(reporter)
    before = {paper: bytes_of(reporter, paper) for paper in PAPERS}
    assert {paper: hashlib.sha256(data).hexdigest() for paper, data in before.items()} == {paper: kept().seals[paper] for paper in PAPERS}
    fact("t3.new.person", 6, at=later(seconds=1), note="补登一件")
    publish(desk, "关于年底补发的通知", month=12)
    assert {paper: bytes_of(reporter, paper) for paper in PAPERS} == before
    assert "草稿" not in word_text(before["report.docx"])
    assert f"{year() + 1}年1月20日" in word_text(before["report.docx"])
    drafted = reporter.get(address("papers", "report.json"), {"now": "1"})
    assert "（草稿）" in name_of(drafted)
    assert json.loads(drafted.content)["cells"]["items"] == 4


def test_papers_that_were_not_kept_are_made_again_and_a_difference_is_told(desk_sqlite):
    """As a report that was frozen elsewhere: the same bytes again, unless something shaped them anew."""
    a_year(desk_sqlite)
    reporter = desk_sqlite.browser(Role.REPORTER)
    freeze(reporter)
    before = bytes_of(reporter, "report.pdf")
    Blob.objects.filter(sha256__in=kept().seals.values()).delete()
    assert bytes_of(reporter, "report.pdf") == before
    config = desk_sqlite.home / "gongkai.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("清水街道办事处", "清水街道办"), encoding="utf-8")
    answer = reporter.get(address("papers", "report.pdf"))
    assert answer.status_code == 409
    assert "与定稿时的封签对不上" in told(answer)
    again = reporter.get(address("papers", "report.pdf"), {"anyway": "1"})
    assert (again.status_code, "（与定稿时不同）" in name_of(again)) == (200, True)
    whole = reporter.get(address("papers", "all.zip"), {"anyway": "1"})
    with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
        assert "与定稿时不同的文件：report.docx、report.pdf" in archive.read("SHA256SUMS.txt").decode("utf-8-sig").replace("、report.html", "")


def test_a_report_is_set_with_the_fonts_of_the_board(desk_sqlite):
    """What the office prints its sheets with is what its report is printed with."""
    assert desk_sqlite.hand.setter is desk_sqlite.hand.outlets["board"].setter


def test_a_character_that_no_font_has_is_named(desk_sqlite):
    a_year(desk_sqlite)
    services.keep_text(office=CODE, form=FORM, year=year(), part="problems", text="问题：\U0001F600。", by=REPORTER, at=at(1, 4, year() + 1))
    answer = desk_sqlite.browser(Role.REPORTER).get(address("papers", "report.pdf"))
    assert answer.status_code == 409
    assert "\U0001F600" in told(answer)


@pytest.mark.parametrize(("path", "status"), [
    (f"{FORM}/2024/papers/report.exe", 404), (f"{FORM}/2024/papers/..%2F..%2Fgongkai.toml", 404), (f"{FORM}/2024-3/papers/all.zip", 404),
    ("nothing/2024/papers/all.zip", 404), (f"{FORM}/9999/final/", 404), (f"{FORM}/2024-13/final/", 404), ("monthly/2024-13/final/", 404),
    (f"{FORM}/2024/final/?counting=guess", 404), (f"{FORM}/2024/final/?counting=sum", 200), ("monthly/2024-3/final/", 200),
    ("quarterly/2024-4/papers/report.csv", 200), (f"{FORM}/2024/papers/rows.zip", 404)])
def test_an_address_that_names_no_report_is_not_found(desk_sqlite, path, status):
    assert desk_sqlite.browser(Role.REPORTER).get(f"/{CODE}/reports/{path}").status_code == status


# ---------------------------------------------------------------------------------------------------------------- freezing


def test_a_report_is_frozen_by_its_reporter_as_it_was_seen(desk):
    a_year(desk)
    reporter = desk.browser(Role.REPORTER)
    assert "各项数据齐全" in told(reporter.get(address(*FINAL)))
    said = told(freeze(reporter))
    assert "报告已定稿" in said
    assert "没有变化" in said
    assert (kept().by, kept().signed_on, kept().filing["cells"]["items"]) == (REPORTER, date(year() + 1, 1, 20), 3)
    assert len(kept().rows["items"]) == 3
    assert kept().filing["title"] == title()
    assert "公开信息" not in said


def test_what_changed_after_the_page_was_opened_is_not_frozen_unseen(desk):
    a_year(desk)
    reporter = desk.browser(Role.REPORTER)
    form = fields(reporter.get(address(*FINAL)).content.decode(), address("final", "freeze", ""))
    fact("t4.cases.r_upheld", 2, note="补登一件")
    answer = reporter.post(address("final", "freeze", ""), {**form, "signed_on": f"{year() + 1}-01-20"})
    assert answer.status_code == 422
    assert "在您打开页面之后有了变化" in told(answer)
    assert not Frozen.objects.exists()


def test_numbers_that_contradict_each_other_and_blanks_are_mended_first(desk_sqlite):
    """There is no form to freeze them, and a forged one is refused."""
    a_year(desk_sqlite)
    fact("t3.granted.person", 3, note="少一件")
    fact("t2d.fees", None, note="待核")
    reporter = desk_sqlite.browser(Role.REPORTER)
    page = reporter.get(address(*FINAL)).content.decode()
    said = told(reporter.get(address(*FINAL)))
    assert "定稿前要改正的" in said
    assert "自然人" in said
    assert "行政事业性收费" in said
    assert "t3." not in said
    assert f'action="{address("final", "freeze", "")}"' not in page
    answer = freeze_anyhow(desk_sqlite, reporter)
    assert (answer.status_code, "没有定稿" in told(answer)) == (422, True)
    assert not Frozen.objects.exists()


def freeze_anyhow(desk, browser):
    """A form that no page showed."""
    return browser.post(address("final", "freeze", ""), {"seen": seen(MAKER.report(asked_now(desk))), "signed_on": f"{year() + 1}-01-20"})


def test_what_this_report_cannot_mend_is_frozen_with_a_reason(desk):
    """Last year's report said that two applications go on, this year's that one was carried over: only a person knows why."""
    a_year(desk)
    services.record_fact(office=CODE, form=FORM, year=year() - 1, cell="t3.next.person", value=2, by=REPORTER, at=at(1, 3))
    reporter = desk.browser(Role.REPORTER)
    said = told(reporter.get(address(*FINAL)))
    assert "不成立、但可以写明理由的" in said
    assert "上年" in said
    answer = freeze(reporter)
    assert (answer.status_code, "请写明理由" in told(answer)) == (422, True)
    form = fields(reporter.get(address(*FINAL)).content.decode(), address("final", "freeze", ""))
    reasons = {name: "上年一件申请人撤回，未再结转。" for name in form if name.startswith("answer:")}
    assert reasons
    said = told(freeze(reporter, **reasons))
    assert "报告已定稿" in said
    assert "上年一件申请人撤回，未再结转。" in said
    assert set(kept().answers.values()) == {"上年一件申请人撤回，未再结转。"}


@pytest.mark.parametrize(("day", "said"), [
    ("", "请填写落款日期"), ("2024-13-01", "有效"), ("{}-12-31", "应在"), ("2199-12-31", "应在"), ("明天", "有效"), ("\x00", "有效")])
def test_a_day_that_cannot_stand_under_a_report_is_refused(desk_sqlite, day, said):
    """Before the year is over, ahead of today, or no day at all; what was typed is still there."""
    a_year(desk_sqlite)
    answer = freeze(desk_sqlite.browser(Role.REPORTER), signed_on=day.format(year()))
    assert answer.status_code == 422
    assert said in told(answer)
    assert not Frozen.objects.exists()


def test_a_year_that_is_not_over_is_not_frozen(desk_sqlite):
    answer = desk_sqlite.browser(Role.REPORTER).get(f"/{CODE}/reports/{FORM}/{year() + 1}/final/")
    assert answer.status_code == 200
    assert "才结束，现在还不能定稿" in told(answer)
    assert "/final/freeze/" not in answer.content.decode()


# --------------------------------------------------------------------------------------------------------------- restating


def test_what_the_book_says_since_is_a_list_and_the_report_is_restated_with_a_reason(desk, monkeypatch):
    a_year(desk)
    reporter = desk.browser(Role.REPORTER)
    freeze(reporter)
    first = kept()
    publish(desk, "关于年底补发的通知", month=12)
    fact("t4.cases.r_upheld", 2, at=later(seconds=1), note="补登一件")
    services.keep_text(office=CODE, form=FORM, year=year(), part="others", text="另有一件说明。{year}年收取信息处理费{fee}元。", by=REPORTER, at=later(seconds=1))
    desk_is_at(monkeypatch, later(minutes=1))
    page = reporter.get(address(*FINAL)).content.decode()
    said = told(reporter.get(address(*FINAL)))
    assert "政府网站" in said
    assert "六、其他需要报告的事项" in said
    [new] = set(queries.row_keys(office=CODE, year=year(), measure=Measure(), as_of=later(minutes=1))) - set(first.rows["items"])
    assert f'href="/{CODE}/book/number/{new}/"' in page
    answer = freeze(reporter)
    assert (answer.status_code, "为什么更正已定稿的报告" in told(answer)) == (422, True)
    said = told(freeze(reporter, reason="年底补发一条，复议补登一件。"))
    assert "报告已更正" in said
    assert "年底补发一条，复议补登一件。" in said
    assert "没有变化" in said
    assert (kept().restates, kept().filing["cells"]["items"], kept().reason) == (first.id, 4, "年底补发一条，复议补登一件。")
    assert first.filing["cells"]["items"] == 3


def test_a_report_is_not_restated_for_nothing_but_may_be_for_its_day(desk_sqlite):
    a_year(desk_sqlite)
    reporter = desk_sqlite.browser(Role.REPORTER)
    freeze(reporter)
    assert "没有什么可更正的" in told(freeze(reporter, reason="再来一次"))
    assert "报告已更正" in told(freeze(reporter, reason="落款日期写错", signed_on=f"{year() + 1}-01-22"))
    assert [one.signed_on.day for one in queries.frozen_reports(office=CODE, form=FORM, year=year())] == [20, 22]


def test_two_people_who_freeze_at_once_freeze_once(desk):
    """The second form is of a report that nobody had frozen: it is told who did."""
    a_year(desk)
    reporter, other = desk.browser(Role.REPORTER), desk.colleague("赵统计", Role.REPORTER)
    form = fields(other.get(address(*FINAL)).content.decode(), address("final", "freeze", ""))
    freeze(reporter)
    answer = other.post(address("final", "freeze", ""), {**form, "signed_on": f"{year() + 1}-01-21"})
    assert answer.status_code == 422
    assert "已由郑统计在" in told(answer)
    assert Frozen.objects.count() == 1


# ------------------------------------------------------------------------------------------------------- handing it over


def taken_through(desk, edition: int, *, files: str = "", release: bool = True) -> None:
    """Submitted by its drafter, reviewed, signed, as their pages do it, and published by the tick. `files`: why findings in files may stand."""
    clerk, reviewer, signer = desk.browser(Role.CLERK), desk.browser(Role.REVIEWER), desk.browser(Role.SIGNER)
    if files:
        reasons = {one.key: files for one in queries.gate(edition_id=edition).open}
        services.justify(edition_id=edition, reasons=reasons, by=NAMES[Role.CLERK], at=clock.now())
    answer = clerk.post(f"/{CODE}/write/{edition}/submit/", form_of(clerk, edition), follow=True)
    assert "已送审" in told(answer), told(answer)
    html = reviewer.get(f"/{CODE}/reviews/{edition}/").content.decode()
    reviewer.post(f"/{CODE}/reviews/{edition}/", {**hidden_fields(html), "step": "pass"})
    html = signer.get(f"/{CODE}/signatures/{edition}/").content.decode()
    answer = signer.post(f"/{CODE}/signatures/{edition}/", {**hidden_fields(html), "step": "sign"}, follow=True)
    assert "已签发" in told(answer), told(answer)
    if release:
        whole_tick(desk, clock.now() + timedelta(minutes=1))


def public_page(desk, edition: int) -> str:
    """What the public reads on the website, from the files it is served from."""
    link = queries.edition_in_hand(edition_id=edition).edition.link
    return (desk.home / "site" / link.removeprefix("https://qingshui.example.gov.cn/")).read_text(encoding="utf-8")


def test_a_frozen_report_becomes_an_item_and_the_public_reads_its_numbers(desk):
    """Frozen, drafted, submitted, reviewed, signed, published: the page of the website has the report's words, tables and files."""
    a_year(desk)
    freeze(desk.browser(Role.REPORTER))
    clerk = desk.browser(Role.CLERK)
    answer = hand_over(clerk)
    assert "报告已转为下面的草稿" in told(answer)
    item = the_item()
    edition = queries.edition_in_hand(edition_id=item.newest_id)
    assert (edition.edition.title, edition.edition.made_on, edition.drafter, edition.state) == (
        title(), date(year() + 1, 1, 20), NAMES[Role.CLERK], State.DRAFT)
    assert sanitise(edition.edition.body) == edition.edition.body
    assert not queries.gate(edition_id=item.newest_id).findings
    taken_through(desk, item.newest_id)
    page = public_page(desk, item.newest_id)
    assert title() in page
    body = parse(page)
    tables = {table.text().split("（")[0].strip().split("\n")[0]: table for table in body.find_all("table")}
    requests = next(table for name, table in tables.items() if name.startswith("收到和处理政府信息公开申请情况"))
    shown = [[int(cell.text()) for cell in row.find_all("td")] for row in requests.find_all("tr") if next(row.find_all("td"), None)]
    form = MAKER.form(asked_now(desk)).tables["t3"]
    said = [[kept().filing["cells"][form.address(row, column)] for column in form.columns] for row in form.rows
            if any(form.address(row, column) in kept().filing["cells"] for column in form.columns)]
    assert shown == said
    assert (shown[0], shown[-1]) == ([5, 0, 0, 0, 0, 0, 5], [2, 0, 0, 0, 0, 0, 2])
    assert f"{year()}年主动公开政府信息3条" in page
    for file in edition.edition.attachments:
        assert file.name in unescape(page)
    assert "已公开" in told(clerk.get(address(*FINAL)))


def test_what_goes_with_it_are_the_frozen_papers_and_name_no_clerk(desk_sqlite):
    """PDF and Word to the byte; the sheet without those who recorded its facts, and without their notes."""
    a_year(desk_sqlite)
    fact("t4.cases.r_upheld", 2, note="张三来信，已转法制科")
    freeze(desk_sqlite.browser(Role.REPORTER))
    hand_over(desk_sqlite.browser(Role.CLERK))
    item = the_item()
    files = {file.name: file for file in queries.edition_in_hand(edition_id=item.newest_id).edition.attachments}
    assert (files[f"{title()}.pdf"].sha256, files[f"{title()}.docx"].sha256) == (kept().seals["report.pdf"], kept().seals["report.docx"])
    data = queries.blob(sha256=files[f"{title()}（数据表）.xlsx"].sha256) or b""
    assert len(data) == files[f"{title()}（数据表）.xlsx"].size
    words = " ".join(str(cell) for sheet in excel(data).worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)
    assert REPORTER not in words
    assert "张三" not in words
    assert {3, 5, 4} <= {int(number) for number in figures(words) if number == int(number)}


def test_both_ways_lead_from_the_report_to_its_item_and_back(desk_sqlite):
    a_year(desk_sqlite)
    freeze(desk_sqlite.browser(Role.REPORTER))
    clerk = desk_sqlite.browser(Role.CLERK)
    hand_over(clerk)
    item = the_item()
    assert f'href="/{CODE}/book/item/{item.pk}/"' in clerk.get(address(*FINAL)).content.decode()
    assert f'href="{address(*FINAL)}"' in clerk.get(f"/{CODE}/book/item/{item.pk}/").content.decode()


def test_a_report_is_handed_over_once(desk):
    a_year(desk)
    freeze(desk.browser(Role.REPORTER))
    clerk = desk.browser(Role.CLERK)
    hand_over(clerk)
    answer = hand_over(clerk)
    number = the_item().index_number
    assert answer.status_code == 409
    assert f"这份报告已由陈文书转为信息 {number}" in told(answer)
    assert Item.objects.filter(import_key__startswith="report:").count() == 1


@pytest.mark.parametrize("anew", [False, True])
def test_a_report_is_handed_over_once_by_two_clicks_at_once(desk, monkeypatch, anew):
    """Both found no item; whoever saves second is shown the first one's. So also where an earlier item was withdrawn."""
    a_year(desk)
    freeze(desk.browser(Role.REPORTER))
    clerk, fill, clicks = desk.browser(Role.CLERK), report_items._filled, list[Any]()
    if anew:
        hand_over(clerk)
        taken_through(desk, the_item().newest_id)
        services.withdraw(index_number=the_item().index_number, by=NAMES[Role.SIGNER], at=later(minutes=2), reason="附件有误。")

    def meanwhile(*asked):
        clicks.append("one more")
        if len(clicks) == 1:
            clicks.append(hand_over(desk.browser(Role.CLERK)))
        return fill(*asked)

    monkeypatch.setattr(report_items, "_filled", meanwhile)
    answer, quicker = hand_over(clerk), clicks[-1]
    assert "报告已转为下面的草稿" in told(quicker)
    assert "这份报告刚才已经转为信息，就是下面这一条" in told(answer)
    assert answer.redirect_chain == quicker.redirect_chain
    assert Item.objects.filter(import_key__startswith="report:").count() == 1 + anew


def test_a_channel_that_cannot_carry_it_is_left_out_and_that_is_said(desk_sqlite):
    """A sheet of the bulletin board ends; the report goes to the website all the same."""
    config = desk_sqlite.home / "gongkai.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('channels = ["website"]', 'channels = ["website", "board", "wechat"]'), encoding="utf-8")
    a_year(desk_sqlite)
    long = "\n".join(f"第{n}项工作：{'推进政务公开标准化规范化建设，' * 40}" for n in range(1, 40))
    services.keep_text(office=CODE, form=FORM, year=year(), part="problems", text=long, by=REPORTER, at=at(1, 4, year() + 1))
    freeze(desk_sqlite.browser(Role.REPORTER))
    answer = hand_over(desk_sqlite.browser(Role.CLERK))
    assert answer.status_code == 200, told(answer)
    assert "公告栏放不下这份报告，没有选" in told(answer)
    item = the_item()
    assert "website" in queries.edition_in_hand(edition_id=item.newest_id).channels
    assert "board" not in queries.edition_in_hand(edition_id=item.newest_id).channels


def test_the_words_of_a_report_are_not_changed_in_the_writing_form(desk_sqlite):
    """Whatever a browser sends: every number in it comes from the book."""
    a_year(desk_sqlite)
    freeze(desk_sqlite.browser(Role.REPORTER))
    clerk = desk_sqlite.browser(Role.CLERK)
    hand_over(clerk)
    item = the_item()
    page = clerk.get(f"/{CODE}/write/{item.newest_id}/")
    assert "正文是定稿的报告，不在这里改" in told(page)
    assert "data-editor" not in page.content.decode()
    before = queries.edition_in_hand(edition_id=item.newest_id).edition
    form = form_of(clerk, item.newest_id)
    clerk.post(f"/{CODE}/write/{item.newest_id}/", {**form, "title": "另一个标题", "body": before.body.replace("信息3条", "信息300条"), "category": ""})
    after = queries.edition_in_hand(edition_id=item.newest_id).edition
    assert (after.title, after.body, after.category) == (before.title, before.body, "")


def test_a_report_is_screened_as_every_item_and_what_was_masked_is_told(desk_sqlite):
    """A telephone number in its words stops it; masked, the item no longer says the report word for word, and its page says so."""
    a_year(desk_sqlite)
    services.keep_text(office=CODE, form=FORM, year=year(), part="problems", text=f"申请人反映的问题请联系{MOBILE}。", by=REPORTER, at=at(1, 4, year() + 1))
    freeze(desk_sqlite.browser(Role.REPORTER))
    clerk = desk_sqlite.browser(Role.CLERK)
    hand_over(clerk)
    item = the_item()
    answer = clerk.post(f"/{CODE}/write/{item.newest_id}/submit/", form_of(clerk, item.newest_id), follow=True)
    assert "没有送审" in told(answer)
    assert "不一字相同" not in told(clerk.get(address(*FINAL)))
    clerk.post(f"/{CODE}/write/{item.newest_id}/mask/", {**form_of(clerk, item.newest_id), "do": "mask-all"})
    body = queries.edition_in_hand(edition_id=item.newest_id).edition.body
    assert MOBILE not in body
    assert "不一字相同" in told(clerk.get(address(*FINAL)))
    taken_through(desk_sqlite, item.newest_id, files="正文已遮盖，附件中的号码当事人同意公开。")


def test_a_restatement_after_the_signature_takes_it_back(desk_sqlite, monkeypatch):
    """What waits for its release is renewed, and goes through the three hands again: nobody signed the new words."""
    a_year(desk_sqlite)
    reporter, clerk = desk_sqlite.browser(Role.REPORTER), desk_sqlite.browser(Role.CLERK)
    freeze(reporter)
    hand_over(clerk)
    item = the_item()
    taken_through(desk_sqlite, item.newest_id, release=False)
    assert queries.edition_in_hand(edition_id=item.newest_id).state is State.SIGNED
    fact("t4.cases.r_upheld", 2, at=later(seconds=1), note="补登一件")
    desk_is_at(monkeypatch, later(minutes=1))
    freeze(reporter, reason="复议补登一件。")
    assert hand_over(clerk).status_code == 200
    held = queries.edition_in_hand(edition_id=item.newest_id)
    assert (held.state, held.signer, held.reviewer) == (State.DRAFT, "", "")
    whole_tick(desk_sqlite, later(minutes=5))
    history = queries.history(item_id=item.pk)
    assert history is not None
    assert history.released_at is None


def test_a_restated_report_renews_its_draft_and_corrects_what_is_public(desk, monkeypatch):
    """Twice: before it was submitted, and after it was published. The public reads why."""
    a_year(desk)
    reporter, clerk = desk.browser(Role.REPORTER), desk.browser(Role.CLERK)
    freeze(reporter)
    hand_over(clerk)
    item = the_item()
    fact("t4.cases.r_upheld", 2, at=later(seconds=1), note="补登一件")
    desk_is_at(monkeypatch, later(minutes=1))
    freeze(reporter, reason="复议补登一件。")
    assert "还是更正前的报告" in told(clerk.get(address(*FINAL)))
    answer = hand_over(clerk)
    assert answer.status_code == 200, told(answer)
    draft = queries.edition_in_hand(edition_id=item.newest_id)
    assert (draft.edition.number, kept().seals["report.pdf"] in {file.sha256 for file in draft.edition.attachments}) == (1, True)
    assert "<td>2</td>" in draft.edition.body.partition("四、政府信息公开行政复议")[2]
    taken_through(desk, item.newest_id)
    fact("t4.cases.r_upheld", 3, at=later(minutes=2), note="再补登一件")
    desk_is_at(monkeypatch, later(minutes=5))
    freeze(reporter, reason="复议再补登一件。")
    answer = hand_over(clerk)
    assert answer.status_code == 200, told(answer)
    newest = queries.edition_in_hand(edition_id=the_item().newest_id)
    assert (newest.edition.number, newest.edition.change_note, newest.channels) == (2, "复议再补登一件。", draft.channels)
    assert Item.objects.filter(import_key__startswith="report:").count() == 1
    assert Fact.objects.filter(cell="t4.cases.r_upheld").count() == 3


def test_what_is_renewed_stays_in_its_column_without_being_asked_where(desk_sqlite, monkeypatch):
    """The page has no field for it then, and this office has no column of its own for reports."""
    a_year(desk_sqlite)
    reporter, clerk = desk_sqlite.browser(Role.REPORTER), desk_sqlite.browser(Role.CLERK)
    freeze(reporter)
    hand_over(clerk)
    fact("t4.cases.r_upheld", 2, at=later(seconds=1), note="补登一件")
    desk_is_at(monkeypatch, later(minutes=1))
    freeze(reporter, reason="复议补登一件。")
    answer = clerk.post(address("final", "item", ""), {}, follow=True)
    assert answer.status_code == 200, told(answer)
    draft = queries.edition_in_hand(edition_id=the_item().newest_id)
    assert draft.edition.column == "tongzhi"
    assert kept().seals["report.pdf"] in {file.sha256 for file in draft.edition.attachments}


def test_words_of_what_was_withdrawn_since_are_not_published_with_the_report(desk_sqlite, monkeypatch):
    a_year(desk_sqlite)
    freeze(desk_sqlite.browser(Role.REPORTER))
    number = queries.opened(office=CODE, year=year(), measure=Measure(), as_of=later())[0]
    services.withdraw(index_number=number.index_number, by=NAMES[Role.SIGNER], at=later(minutes=1), reason="误")
    desk_is_at(monkeypatch, later(minutes=2))
    hand_over(desk_sqlite.browser(Role.CLERK))
    files = {file.name.rpartition(".")[2]: queries.blob(sha256=file.sha256) or b""
             for file in queries.edition_in_hand(edition_id=the_item().newest_id).edition.attachments}
    assert number.index_number in files["csv"].decode("utf-8-sig")
    assert number.title not in files["csv"].decode("utf-8-sig") + files["json"].decode()


def test_a_report_that_was_withdrawn_can_be_published_anew(desk_sqlite):
    a_year(desk_sqlite)
    freeze(desk_sqlite.browser(Role.REPORTER))
    clerk = desk_sqlite.browser(Role.CLERK)
    hand_over(clerk)
    item = the_item()
    taken_through(desk_sqlite, item.newest_id)
    services.withdraw(index_number=item.index_number, by=NAMES[Role.SIGNER], at=later(minutes=2), reason="附件有误。")
    assert "上次公开的已经撤回" in told(clerk.get(address(*FINAL)))
    hand_over(clerk)
    assert Item.objects.filter(import_key=f"report:{FORM}:{year()}:2").count() == 1
    assert hand_over(clerk).status_code == 409


@pytest.mark.parametrize("column", ["", "nothing", "../etc"])
def test_a_column_that_is_not_there_is_asked_for(desk_sqlite, column):
    a_year(desk_sqlite)
    freeze(desk_sqlite.browser(Role.REPORTER))
    answer = hand_over(desk_sqlite.browser(Role.CLERK), column=column)
    assert (answer.status_code, "请选择报告放在哪个栏目" in told(answer)) == (422, True)


def test_a_report_that_is_not_frozen_is_not_handed_over(desk_sqlite):
    a_year(desk_sqlite)
    answer = hand_over(desk_sqlite.browser(Role.CLERK))
    assert (answer.status_code, "报告还没有定稿" in told(answer)) == (409, True)
    assert not Item.objects.filter(import_key__startswith="report:").exists()


# ------------------------------------------------------------------------------------------------------------------- roles


def test_everybody_who_reads_the_book_may_look_and_only_some_may_act(desk_sqlite):
    """The reporter freezes, the clerk drafts; whether the public reads it is decided by review and signature."""
    for role in Role:
        browser = desk_sqlite.browser(role)
        assert browser.get(address(*FINAL)).status_code == (200 if role in READERS else 403), role
        assert browser.get(address("papers", "report.csv")).status_code == (200 if role in READERS else 403), role
        assert (browser.post(address("final", "freeze", "")).status_code != 403) is (role is Role.REPORTER), role
        assert (browser.post(address("final", "item", ""), {}).status_code != 403) is (role is Role.CLERK), role
    assert not Frozen.objects.exists()


def test_another_office_has_no_such_report(desk_sqlite):
    browser = desk_sqlite.browser(Role.REPORTER)
    for path in ("final/", "papers/all.zip"):
        assert browser.get(f"/elsewhere/reports/{FORM}/{year()}/{path}").status_code == 404
    for path in ("final/freeze/", "final/item/"):
        assert browser.get(address(path.rstrip("/"), "")).status_code in (403, 405)
        assert browser.post(f"/elsewhere/reports/{FORM}/{year()}/{path}").status_code == 404


def test_the_piece_that_a_report_page_shows_tells_how_it_stands(desk_sqlite):
    """As another page includes it: from the address of that page alone."""
    a_year(desk_sqlite)

    def piece() -> str:
        request = RequestFactory().get(address(*FINAL))
        request.resolver_match = resolve(address(*FINAL))
        seat = Seat(hand=desk_sqlite.hand, person=REPORTER, roles=frozenset({Role.REPORTER}), at=clock.now())
        return render_to_string("desk/reports/final.html", {"seat": seat, "request": request})

    assert "还没有定稿" in piece()
    freeze(desk_sqlite.browser(Role.REPORTER))
    assert "已定稿" in piece()
    assert address("papers", "report.pdf") in piece()
    assert "草稿" not in piece()

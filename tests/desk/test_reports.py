"""The report's pages: how far the year is, what is missing, where each number comes from, and filling in what no ledger knows."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from desk import clock
from desk.models import Membership, Person
from desk.reporting import draft
from desk.roles import Role
from desk.views import reports
from flows import tick
from flows.clock import still
from ledger import queries, services
from reports.forms import form
from reports.making import Asked
from tests.desk.approvals import page
from tests.desk.stage import NAMES, Stage
from tests.flows.stage import CODE, record, sign

pytestmark = pytest.mark.ledger
NOW = datetime.fromisoformat("2024-12-20T10:00:00+08:00")
REPORT, OVERVIEW = f"/{CODE}/reports/2021/2024/", f"/{CODE}/reports/"
LEGAL = "自然人"


@pytest.fixture(autouse=True)
def _december(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Friday before the year's end."""
    set_clock(monkeypatch, NOW)


def set_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def publish(desk: Stage, *titles: str, on: str = "2024-06-03") -> None:
    """Items that stand on the website since a morning."""
    at = datetime.fromisoformat(f"{on}T09:00:00+08:00")
    sign(desk.hand, desk.home, *(record(title=title, made_on=on, channels=["website"]) for title in titles), at=at.replace(tzinfo=None).isoformat())
    then = still(at + timedelta(hours=1))
    tick.release_due(desk.hand, clock=then)
    for name in desk.hand.surfaces:
        tick.run_surface(desk.hand, name, clock=then)


def fact(cell: str, value: int | None, **more: Any) -> None:
    services.record_fact(**{"office": CODE, "form": "2021", "year": 2024, "cell": cell, "value": value, "by": NAMES[Role.REPORTER],
                            "at": NOW - timedelta(hours=2), **more})


def words(part: str, text: str, **more: Any) -> None:
    services.keep_text(**{"office": CODE, "form": "2021", "year": 2024, "part": part, "text": text, "by": NAMES[Role.REPORTER],
                          "at": NOW - timedelta(hours=2), **more})


def facts() -> dict[str, int]:
    """What holds, by cell."""
    told = {line.cell: line.value for line in queries.facts(office=CODE, form="2021", year=2024)}
    return {cell: int(value) for cell, value in told.items() if value is not None}


def text_of(part: str) -> str:
    return queries.texts(office=CODE, form="2021", year=2024, part=part)[-1].text


def fields(html: str) -> dict[str, str]:
    """A filling form as a browser would send it back."""
    form = next(form for form in re.findall(r"<form.*?</form>", html, re.DOTALL) if 'class="filling"' in form)
    out = {unescape(name): unescape(value) for name, value in re.findall(r'<input [^>]*name="([^"]+)" value="([^"]*)"', form)}
    return out | {name: unescape(text) for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)}


def fill(client: Client, part: str, changes: dict[str, str], *, opened: dict[str, str] | None = None) -> Any:
    """Open a part's form (or take one that was opened earlier), type, send."""
    where = f"{REPORT}part/{part}/"
    sent = dict(opened or fields(page(client, where)))
    return client.post(where, {**sent, "do": "save", **{f"value:{name}" if f"value:{name}" in sent else name: value for name, value in changes.items()}})


def said(answer: Any) -> str:
    return str(answer.content.decode())


def plain(html: str) -> str:
    """What a page says, without its marks."""
    spaced = re.sub(r"</(?:dt|dd|td|th|tr|li|p|h[1-6]|blockquote)>", " ", html)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", spaced)))


# ---------------------------------------------------------------------------------------------------------------- the year so far


def test_the_year_stands_beside_the_same_day_and_the_whole_of_the_last(desk):
    """Two this year; of the three last year one came after this day."""
    publish(desk, "去年春天的通知", "去年夏天的通知", on="2023-06-05")
    publish(desk, "去年除夕的通知", on="2023-12-29")
    publish(desk, "今年的通知", "今年的公告")
    html = page(desk.browser(Role.REPORTER), OVERVIEW)
    website = next(row for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if "政府网站" in row)
    assert re.findall(r'<td class="figure"[^>]*>([^<]+)</td>', website) == ["2", "2", "3", "持平"]
    assert "<svg" in website
    assert "截至 2024-12-20" in plain(html)


def test_a_year_that_is_over_stands_beside_the_whole_year_before(desk_sqlite):
    publish(desk_sqlite, "甲", "乙", on="2023-06-05")
    html = page(desk_sqlite.browser(Role.REPORTER), f"{OVERVIEW}?year=2023")
    total = next(row for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if "合计" in row)
    assert re.findall(r'<td class="figure"[^>]*>([^<]+)</td>', total) == ["2", "0", "+2"]
    assert 'href="?year=2024"' in html


def test_the_yearly_report_is_told_with_its_last_day_and_what_is_missing(desk_sqlite):
    publish(desk_sqlite, "甲")
    html = plain(page(desk_sqlite.browser(Role.CLERK), OVERVIEW))
    assert "截止 2025-01-31" in html
    assert "还有 42 天" in html
    assert "2021年格式（国办公开办函〔2021〕30号）" in html
    missing = len(draft(Asked(office=desk_sqlite.hand.office, form="2021", year=2024, as_of=NOW)).report.missing())
    assert f"还没有登记的数 {missing} " in html
    fact("fee", 0)
    assert f"还没有登记的数 {missing - 1} " in plain(page(desk_sqlite.browser(Role.CLERK), OVERVIEW))


def test_months_and_quarters_lead_to_their_own_reports(desk_sqlite):
    publish(desk_sqlite, "六月的通知")
    client = desk_sqlite.browser(Role.CLERK)
    html = page(client, OVERVIEW)
    assert f'href="{OVERVIEW}monthly/2024-6/"' in html
    assert f'href="{OVERVIEW}quarterly/2024-2/"' in html
    assert "monthly/2024-13" not in html
    assert "2024年6月1日至2024年6月30日，云州市清水区清水街道办事处主动公开政府信息1条" in plain(page(client, f"{OVERVIEW}monthly/2024-6/"))
    assert "主动公开政府信息0条" in plain(page(client, f"{OVERVIEW}monthly/2024-5/"))


def test_an_earlier_local_date_counts(desk_sqlite):
    path = desk_sqlite.home / "gongkai.toml"
    told = path.read_text(encoding="utf-8").replace("[office.site]", '[office.report]\ndue = "01-15"\n[office.site]')
    path.write_text(told, encoding="utf-8")
    assert "截止 2025-01-15" in plain(page(desk_sqlite.browser(Role.CLERK), OVERVIEW))


# --------------------------------------------------------------------------------------------------------------------- one report


def test_what_is_missing_stands_first_and_leads_to_where_it_is_filled_in(desk_sqlite):
    html = page(desk_sqlite.browser(Role.CLERK), REPORT)
    assert html.index('id="missing"') < html.index('id="wrongs"') < html.index('id="preview"')
    for part, count in (("disclosed", 10), ("requests", 144), ("disputes", 12), ("others", 1)):
        line = html.partition('id="missing"')[2].partition(f'href="{REPORT}part/{part}/"')[2].partition("</li>")[0]
        assert f'<span class="number">{count}</span>' in line, part


def test_what_does_not_hold_is_told_with_both_values_and_the_way_to_the_numbers(desk):
    for cell, value in (("new", 5), ("carried", 0), ("next", 1), *((row, 0) for row in ROWS)):
        fact(f"t3.{cell}.person", value)
    html = page(desk.browser(Role.CLERK), REPORT)
    wrong = html.partition('id="wrongs"')[2].partition("</section>")[0]
    assert "本年新收加上年结转，等于本年办理结果总计加结转下年度" in wrong
    assert f"一、本年新收政府信息公开申请数量 · {LEGAL} + 二、上年结转政府信息公开申请数量 · {LEGAL} = 5" in plain(wrong)
    assert "= 1" in plain(wrong)
    for cell in ("new", "carried", "done", "next"):
        assert f'href="{REPORT}cell/t3.{cell}.person/"' in wrong, cell


ROWS = ("granted", "partly", "secret", "forbidden", "security", "third", "internal", "process", "casefiles", "enquiry", "nothave", "notmade", "unclear",
        "petition", "repeated", "publication", "excessive", "reissue", "uncorrected", "unpaid", "else")


def test_every_number_opens_and_every_counted_one_to_as_many_rows(desk):
    """In the tables and in the sentences: of each link the page it leads to says the same number, and lists so many items."""
    publish(desk, "甲", "乙", "丙")
    client = desk.browser(Role.REPORTER)
    seen = 0
    for report in (f"{OVERVIEW}monthly/2024-6/", REPORT):
        links = set(re.findall(rf'<a class="cell" href="({report}cell/[^"]+)">([^<]+)</a>', page(client, report)))
        for url, number in links:
            html = page(client, unescape(url))
            assert f"<strong>{number}</strong>" in html, url
            if 'id="rows"' in html:
                seen += 1
                assert html.count('<td data-label="公开日期"') == int(number), url
    assert seen > 8


def test_a_number_in_a_sentence_is_a_link(desk_sqlite):
    publish(desk_sqlite, "甲", "乙")
    html = page(desk_sqlite.browser(Role.REPORTER), REPORT)
    assert f'主动公开政府信息<a class="cell" href="{REPORT}cell/items/">2</a>条' in html
    assert f'各渠道公开数为：政府网站<a class="cell" href="{REPORT}cell/channels.website/">2</a>条' in html
    assert f'新收政府信息公开申请<a class="unknown" href="{REPORT}cell/t3.new.total/"><mark>〔待填〕</mark></a>件' in html


def test_rows_are_shown_a_page_at_a_time_with_item_and_evidence(desk, monkeypatch):
    monkeypatch.setattr(reports, "PAGE", 2)
    publish(desk, "甲", "乙", "丙")
    client = desk.browser(Role.SIGNER)
    first = page(client, f"{REPORT}cell/items/")
    assert first.count('<td data-label="公开日期"') == 2
    assert "1–2 / 3" in first
    assert "https://qingshui.example.gov.cn/item/" in first
    second = page(client, f"{REPORT}cell/items/?page=2")
    titles = [title for html in (first, second) for title in re.findall(r'class="strong" href="[^"]+">([^<]+)</a>', html)]
    assert sorted(titles) == sorted(["甲", "乙", "丙"])
    for strange in ("0", "99", "-1", "%00", "一", "９"):
        assert client.get(f"{REPORT}cell/items/?page={strange}").status_code == 200, strange
    url = re.search(r'class="strong" href="([^"]+)"', first)
    assert url
    assert "公众看到的" in said(client.get(unescape(url[1]), follow=True))


def test_a_recorded_number_tells_who_when_why_and_what_stood_before(desk):
    fact("t3.new.person", 3)
    fact("t3.new.person", 4, note="漏登一件", at=NOW - timedelta(hours=1), by=NAMES[Role.CLERK])
    html = page(desk.browser(Role.DISTRICT), f"{REPORT}cell/t3.new.person/")
    assert "<strong>4</strong> 件" in html
    trace = html.partition("登记的经过")[2]
    assert plain(trace).index("4 陈文书漏登一件") < plain(trace).index("3 郑统计")
    assert "去更正" not in html


def test_a_sum_leads_to_what_it_adds(desk_sqlite):
    fact("t3.new.person", 3)
    html = page(desk_sqlite.browser(Role.CLERK), f"{REPORT}cell/t3.new.total/")
    assert f'href="{REPORT}cell/t3.new.charity/"' in html
    assert "<strong>—</strong>" in html, "blank is not zero"


def test_a_category_with_a_slash_in_its_name_opens(desk_sqlite):
    path = desk_sqlite.home / "gongkai.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"机构职能类"', '"政策/解读&<问答>"'), encoding="utf-8")
    client = desk_sqlite.browser(Role.CLERK)
    html = page(client, f"{OVERVIEW}monthly/2024-6/")
    url = next(url for url in re.findall(r'href="([^"]+/cell/[^"]+)"', html) if "政策" in unquote(unescape(url)))
    assert "<h1 id=\"cell\" class=\"cell-name\">政策/解读&amp;&lt;问答&gt;</h1>" in page(client, unescape(url))


def test_what_was_handed_in_is_shown_as_it_was_and_the_book_beside_it(desk, monkeypatch):
    publish(desk, "甲")
    report = draft(Asked(office=desk.hand.office, form="2021", year=2024, as_of=NOW)).report
    services.freeze_report(office=CODE, form="2021", year=2024, filing=report.filing.as_json(), rows={}, as_of=NOW, by=NAMES[Role.REPORTER], at=NOW)
    set_clock(monkeypatch, NOW + timedelta(days=3))
    publish(desk, "乙", on="2024-12-21")
    client = desk.browser(Role.REPORTER)
    assert "这是定稿时的报告" in page(client, REPORT)
    assert "<strong>1</strong>" in page(client, f"{REPORT}cell/items/")
    now = page(client, f"{REPORT}?now=1")
    assert "不是定稿" in now
    assert f'href="{REPORT}cell/items/?now=1">2</a>' in now
    assert "<strong>2</strong>" in page(client, f"{REPORT}cell/items/?now=1")
    assert "已经定稿" in page(client, f"{REPORT}part/requests/")
    assert "已定稿" in page(client, OVERVIEW)


# ------------------------------------------------------------------------------------------------------------------ filling it in


def test_numbers_are_recorded_and_the_page_says_by_whom_and_when(desk):
    client = desk.browser(Role.CLERK)
    answer = fill(client, "requests", {"t3.new.person": " １２ ", "t3.carried.person": "1,200", "t3.granted.person": "0", "note": "受理登记簿"})
    assert answer.status_code == 303
    assert facts() == {"t3.new.person": 12, "t3.carried.person": 1200, "t3.granted.person": 0}
    html = page(client, answer["Location"])
    assert "已保存：3 个数。" in html
    assert "陈文书 12-20" in html
    assert [line.note for line in queries.facts(office=CODE, form="2021", year=2024, cell="t3.new.person")] == ["受理登记簿"]


def test_wrong_numbers_are_told_at_their_fields_and_the_right_ones_are_kept(desk):
    answer = fill(desk.browser(Role.CLERK), "requests", {
        "t3.new.person": "3", "t3.new.business": "-1", "t3.new.research": "2.5", "t3.new.charity": "许多", "t3.new.legal": "9" * 30, "t3.new.other": "0"})
    assert answer.status_code == 422
    assert facts() == {"t3.new.person": 3, "t3.new.other": 0}
    html = said(answer)
    for cell, typed, why in (("business", "-1", "小于零"), ("research", "2.5", "小数太多"), ("charity", "许多", "不是数字"), ("legal", "9" * 30, "太大")):
        field = html.partition(f'name="value:t3.new.{cell}"')
        assert f'value="{typed}"' in field[2][:120], cell
        assert 'aria-invalid="true"' in field[2].partition(">")[0], cell
        assert why in field[2].partition("</td>")[0], cell
    assert "已保存：2 个数。" in html
    assert 'role="alert"' in html


def test_an_emptied_field_takes_its_number_back_and_says_why(desk_sqlite):
    client = desk_sqlite.browser(Role.REPORTER)
    fact("t3.new.person", 5)
    refused = fill(client, "requests", {"t3.new.person": ""})
    assert refused.status_code == 422
    assert "写明为什么改" in said(refused)
    assert facts() == {"t3.new.person": 5}
    assert fill(client, "requests", {"t3.new.person": "", "note": "登记错了单位"}).status_code == 303
    assert facts() == {}
    assert "待登记" in page(client, f"{REPORT}cell/t3.new.person/")


def test_a_field_that_was_not_sent_says_nothing(desk_sqlite):
    """A browser that sends half a form takes nothing back."""
    fact("t3.new.person", 5)
    client = desk_sqlite.browser(Role.CLERK)
    answer = client.post(f"{REPORT}part/requests/", {"do": "save", "value:t3.carried.person": "1", "value:items": "99", "value:nosuch": "1"})
    assert answer.status_code == 303
    assert facts() == {"t3.new.person": 5, "t3.carried.person": 1}


def test_money_has_decimals_and_counts_have_none(desk_sqlite):
    client = desk_sqlite.browser(Role.CLERK)
    assert fill(client, "disclosed", {"t2d.fees": "0.092"}).status_code == 303
    assert 'value="0.092"' in page(client, f"{REPORT}part/disclosed/")
    assert fill(client, "others", {"fee": "12.345"}).status_code == 422


def test_zeros_go_into_blanks_only_when_somebody_asks_and_saves(desk_sqlite):
    client = desk_sqlite.browser(Role.CLERK)
    fact("t3.new.person", 5)
    shown = fill(client, "requests", {"do": "zeros", "t3.new.business": "2"})
    assert facts() == {"t3.new.person": 5}, "nothing is kept by looking"
    typed = fields(said(shown))
    assert (typed["value:t3.new.person"], typed["value:t3.new.business"], typed["value:t3.new.research"]) == ("5", "2", "0")
    assert fill(client, "requests", {}, opened=typed).status_code == 303
    assert len(facts()) == 144
    assert (facts()["t3.new.person"], facts()["t3.new.business"], facts()["t3.next.other"]) == (5, 2, 0)


def test_the_second_of_two_people_keeps_what_they_typed_and_is_told(desk):
    """Both opened the form; the first saves 3, the second typed 4 and something else besides."""
    one, other = desk.browser(Role.REPORTER), desk.browser(Role.CLERK)
    opened = fields(page(other, f"{REPORT}part/requests/"))
    assert fill(one, "requests", {"t3.new.person": "3"}).status_code == 303
    answer = fill(other, "requests", {"t3.new.person": "4", "t3.new.business": "1"}, opened=opened)
    assert answer.status_code == 409
    assert facts() == {"t3.new.person": 3, "t3.new.business": 1}
    html = said(answer)
    assert "您打开页面以后，郑统计已改为 3；您填的 4 还没有保存" in html
    again = fields(html)
    assert again["value:t3.new.person"] == "4"
    assert fill(other, "requests", {}, opened=again).status_code == 422, "a contradiction says why"
    assert fill(other, "requests", {"note": "漏了一件"}, opened=again).status_code == 303
    assert facts()["t3.new.person"] == 4


def test_the_slower_of_two_who_save_at_once_is_told_though_both_had_looked(desk, monkeypatch):
    """The report was made, the words were read, and only then the other one saved."""
    one, other, record = desk.browser(Role.REPORTER), desk.browser(Role.CLERK), services.record_fact

    def meanwhile(**asked):
        monkeypatch.setattr(services, "record_fact", record)
        assert fill(one, "requests", {"t3.new.person": "3", "text": "一是解读偏少。"}).status_code == 303
        return record(**asked)

    keep, opened = services.keep_text, fields(page(other, f"{REPORT}part/requests/"))
    monkeypatch.setattr(services, "record_fact", meanwhile)
    answer = fill(other, "requests", {"t3.new.person": "4", "note": "漏了一件"}, opened=opened)
    assert answer.status_code == 409
    assert "您打开页面以后，郑统计已改为 3；您填的 4 还没有保存" in said(answer)
    assert facts() == {"t3.new.person": 3}

    def later(**asked):
        monkeypatch.setattr(services, "keep_text", keep)
        assert fill(one, "problems", {"text": "一是解读偏少。"}).status_code == 303
        return keep(**asked)

    monkeypatch.setattr(services, "keep_text", later)
    answer = fill(other, "problems", {"text": "一是解读太少。"})
    assert (answer.status_code, text_of("problems")) == (409, "一是解读偏少。")
    assert "<del>偏</del>" in said(answer)
    assert fields(said(answer))["text"] == "一是解读太少。"


def test_a_form_opened_before_somebody_saved_does_not_undo_it(desk_sqlite):
    client = desk_sqlite.browser(Role.CLERK)
    opened = fields(page(client, f"{REPORT}part/requests/"))
    fact("t3.new.person", 3)
    assert fill(client, "requests", {"t3.new.business": "1"}, opened=opened).status_code == 303
    assert facts() == {"t3.new.person": 3, "t3.new.business": 1}


# --------------------------------------------------------------------------------------------------------------------- its words


def test_words_are_kept_with_references_and_follow_the_book(desk, monkeypatch):
    publish(desk, "甲")
    client = desk.browser(Role.CLERK)
    assert fill(client, "overview", {"text": "{year}年公开{items}条。\r\n第二段。"}).status_code == 303
    assert text_of("overview") == "{year}年公开{items}条。\n第二段。"
    assert "2024年公开1条。" in plain(page(client, REPORT))
    set_clock(monkeypatch, NOW + timedelta(days=3))
    publish(desk, "乙", on="2024-12-21")
    assert "2024年公开2条。" in plain(page(client, REPORT))
    assert "陈文书 2024-12-20 10:00 保存" in plain(page(client, f"{REPORT}part/overview/"))


@pytest.mark.parametrize(("text", "why"), [("公开{item}条", "“{item}”不是这份报告里的数"), ("公开{items条", "花括号没有成对"), ("公开}条", "花括号没有成对"),
                                           ("微博{channels.weibo}条", "“{channels.weibo}”"), ("{}", "“{}”"), ("坏\x00字", "U+0000")])
def test_words_that_cannot_be_kept_are_refused_with_the_word_named(desk_sqlite, text, why):
    client = desk_sqlite.browser(Role.CLERK)
    answer = fill(client, "overview", {"text": text})
    assert answer.status_code == 422
    assert why in unescape(said(answer))
    assert fields(said(answer))["text"] == text, "what was typed is still there"
    assert queries.texts(office=CODE, form="2021", year=2024) == []


def test_what_one_may_refer_to_is_listed_with_what_stands_there(desk_sqlite):
    publish(desk_sqlite, "甲")
    html = page(desk_sqlite.browser(Role.CLERK), f"{REPORT}part/overview/")
    listed = plain(html.partition("可以引用的数</summary>")[2])
    assert "{items} 主动公开条数 1" in listed
    assert "{channels} 各渠道公开政府信息数 政府网站1条" in listed
    assert "{t3.new.person}" in listed
    assert "{year} — 2024" in listed


def test_how_it_reads_is_shown_before_anything_is_kept(desk_sqlite):
    publish(desk_sqlite, "甲")
    client = desk_sqlite.browser(Role.CLERK)
    answer = fill(client, "others", {"do": "look", "text": "全年{items}条，收费{fee}元。", "fee": "3.5"})
    assert answer.status_code == 200
    reads = said(answer).partition('id="reads"')[2]
    assert "全年1条" in plain(reads)
    assert fields(said(answer))["value:fee"] == "3.5"
    assert (facts(), queries.texts(office=CODE, form="2021", year=2024)) == ({}, [])


def test_last_years_words_are_where_this_years_begin(desk):
    publish(desk, "甲")
    words("overview", "{year}年，我街道公开{items}条。", year=2023)
    client = desk.browser(Role.CLERK)
    html = page(client, f"{REPORT}part/overview/")
    assert "下面是往年的文字" in html
    assert fields(html)["text"] == "{year}年，我街道公开{items}条。"
    assert "2024年，我街道公开1条。" in plain(html), "this year's numbers"
    report = page(client, REPORT)
    assert "2024年，我街道公开1条。" in plain(report), "the report begins from them"
    assert ("沿用往年文字，未核对" in report, "沿用往年的文字，还没有人看过" in report) == (True, True)
    assert fill(client, "overview", {}).status_code == 303
    assert "2024年，我街道公开1条。" in plain(page(client, REPORT))
    assert "下面是往年的文字" not in page(client, f"{REPORT}part/overview/")
    assert "沿用往年" not in page(client, REPORT), "somebody looked at them"
    assert facts() == {}


def test_the_forms_own_words_can_be_kept_where_an_earlier_report_had_others(desk_sqlite):
    words("overview", "{year}年，我街道公开{items}条。", year=2023)
    client = desk_sqlite.browser(Role.CLERK)
    own = form("2021").parts[0].text.strip()
    assert fill(client, "overview", {"text": own}).status_code == 303
    assert "认真贯彻落实" in page(client, REPORT)
    assert "我街道" not in page(client, REPORT)


def test_words_that_two_people_write_are_laid_side_by_side(desk):
    one, other = desk.browser(Role.REPORTER), desk.browser(Role.CLERK)
    opened = fields(page(other, f"{REPORT}part/problems/"))
    assert fill(one, "problems", {"text": "一是解读偏少。"}).status_code == 303
    answer = fill(other, "problems", {"text": "一是解读太少。"}, opened=opened)
    assert answer.status_code == 409
    html = said(answer)
    assert text_of("problems") == "一是解读偏少。"
    assert "<del>偏</del>" in html
    assert "<ins>太</ins>" in html
    again = fields(html)
    assert again["text"] == "一是解读太少。"
    assert fill(other, "problems", {}, opened=again).status_code == 303
    assert text_of("problems") == "一是解读太少。"


@pytest.mark.parametrize("do", ["look", "zeros"])
def test_a_look_in_between_takes_nothing_back_that_a_colleague_wrote(desk_sqlite, do):
    """One opens the form, another saves, the first only looks, and then saves: it is told, and nothing is lost."""
    fact("t3.new.person", 1)
    words("requests", "收到{t3.new.person}件。")
    one, other = desk_sqlite.browser(Role.REPORTER), desk_sqlite.browser(Role.CLERK)
    opened = fields(page(other, f"{REPORT}part/requests/"))
    assert fill(one, "requests", {"t3.new.person": "2", "t3.carried.person": "7", "text": "共{t3.new.person}件。", "note": "漏登"}).status_code == 303
    looked = fields(said(fill(other, "requests", {"do": do, "t3.new.business": "3", "text": "新收{t3.new.person}件。"}, opened=opened)))
    assert (looked["value:t3.new.person"], looked["value:t3.carried.person"], looked["value:t3.new.business"]) == ("2", "7", "3")
    assert fill(other, "requests", {"do": "save", "note": "核对"}, opened=looked).status_code == 409
    assert (facts()["t3.new.person"], facts()["t3.carried.person"], facts()["t3.new.business"]) == (2, 7, 3)
    assert text_of("requests") == "共{t3.new.person}件。"


def test_numbers_saved_beside_words_that_nobody_touched_leave_a_colleagues_words(desk_sqlite):
    words("requests", "收到{t3.new.person}件。")
    one, other = desk_sqlite.browser(Role.REPORTER), desk_sqlite.browser(Role.CLERK)
    opened = fields(page(other, f"{REPORT}part/requests/"))
    assert fill(one, "requests", {"text": "共{t3.new.person}件。"}).status_code == 303
    assert fill(other, "requests", {"t3.new.person": "4"}, opened=opened).status_code == 303
    assert (facts()["t3.new.person"], text_of("requests")) == (4, "共{t3.new.person}件。")


@pytest.mark.parametrize("number", ["1e1000000", "-1e1000000", "1e-1000000", "9" * 40])
def test_a_number_beyond_all_reports_is_told_beside_its_field(desk_sqlite, number):
    answer = fill(desk_sqlite.browser(Role.CLERK), "requests", {"t3.new.person": number, "t3.new.business": "1"})
    assert answer.status_code == 422
    assert facts() == {"t3.new.business": 1}


def test_a_wrong_number_beside_words_that_came_to_speak_of_nothing_is_told(desk_sqlite):
    words("requests", "微博{channels.weibo}条")
    client = desk_sqlite.browser(Role.CLERK)
    assert fill(client, "requests", {"t3.new.person": "abc"}).status_code == 422


def test_the_sum_of_channels_where_there_was_none_is_not_there(desk_sqlite):
    assert desk_sqlite.browser(Role.CLERK).get(f"/{CODE}/reports/2021/1960/?counting=sum").status_code == 404


def test_words_that_came_to_speak_of_nothing_stop_no_page(desk):
    """A text kept while a channel was open, or by the command line: the report is shown, and says what to mend."""
    words("problems", "微博{channels.weibo}条")
    client = desk.browser(Role.CLERK)
    html = page(client, REPORT)
    assert "文字里引用的数已经没有了（channels.weibo）" in plain(html)
    part = page(client, f"{REPORT}part/problems/")
    assert fields(part)["text"] == "微博{channels.weibo}条"
    assert "“{channels.weibo}”不是这份报告里的数" in unescape(part)
    assert page(client, OVERVIEW)
    assert fill(client, "problems", {"text": "没有问题。"}).status_code == 303
    assert "已经没有了" not in page(client, REPORT)


def test_the_next_part_follows_on_the_last(desk_sqlite):
    client = desk_sqlite.browser(Role.CLERK)
    assert fill(client, "disclosed", {"do": "next"})["Location"] == f"{REPORT}part/requests/"
    assert fill(client, "others", {"do": "next"})["Location"] == REPORT


# ------------------------------------------------------------------------------------------------------------ who, and bad input


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SIGNER, Role.OPERATOR, Role.DISTRICT])
def test_readers_read_and_change_nothing(desk_sqlite, role):
    client = desk_sqlite.browser(role)
    for path in (OVERVIEW, REPORT, f"{REPORT}cell/t3.new.person/"):
        assert "/part/" not in page(client, path), path
    where = f"{REPORT}part/requests/"
    assert client.get(where).status_code == 403
    assert client.post(where, {"value:t3.new.person": "1"}).status_code == 403
    assert facts() == {}


def test_the_menu_leads_there_for_those_whose_work_it_is(desk_sqlite):
    for role in (Role.CLERK, Role.REPORTER, Role.SIGNER, Role.DISTRICT):
        assert f'href="{OVERVIEW}"' in page(desk_sqlite.browser(role), f"/{CODE}/today/"), role


def test_another_offices_report_is_not_there(desk_sqlite):
    person = Person.objects.create(username="other", name="邻居", password="!")
    Membership.objects.create(person=person, office="pingan", role=Role.REPORTER)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    for path in (OVERVIEW, REPORT, f"{REPORT}cell/items/", f"{REPORT}part/requests/"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize("path", ["nosuch/2024/", "2021/2025/", "2021/1949/", "2021/0000/", "2021/20244/", "2021/2024-1/", "monthly/2024/", "monthly/2024-13/",
                                  "monthly/2024-0/", "2021/%00/", "%00/2024/", "2021/２０２４/", "2021/2024/cell/%00/", "2021/2024/cell/nosuch/",
                                  "2021/2024/cell/../x/", "2021/2024/part/nosuch/", "2021/2024/part/%00/", "monthly/2024-6/part/%00/"])
def test_an_address_that_nobody_types_leads_nowhere(desk_sqlite, path):
    assert desk_sqlite.browser(Role.CLERK).get(OVERVIEW + path).status_code == 404


@pytest.mark.parametrize("year", ["", "abc", "0", "1948", "99999", "%00", "-1", "２０２４"])
def test_a_year_that_nobody_has_is_this_year(desk_sqlite, year):
    assert "2024 年度报告" in page(desk_sqlite.browser(Role.CLERK), f"{OVERVIEW}?year={year}")


def test_every_form_there_is_opens_in_each_of_its_years(desk_sqlite):
    """Old ones too, before the book begins: blank, and no fault of ours."""
    client = desk_sqlite.browser(Role.REPORTER)
    for address in ("2008/2017", "2019/2020", "website/2024", "quarterly/2024-4", "2021/2024", "2021/1950"):
        html = page(client, f"{OVERVIEW}{address}/")
        for url in set(re.findall(rf'href="({OVERVIEW}{address}/part/[^"]+)"', html)):
            assert fields(page(client, url)), url


def test_a_month_that_has_not_come_is_not_spoken_of(desk_sqlite, monkeypatch):
    """Its page opens; what somebody would say of it is refused in a sentence, and stays in the form."""
    set_clock(monkeypatch, datetime.fromisoformat("2024-11-20T10:00:00+08:00"))
    client = desk_sqlite.browser(Role.CLERK)
    assert "monthly/2024-12/" not in page(client, OVERVIEW)
    where = f"{OVERVIEW}monthly/2024-12/part/notes/"
    answer = client.post(where, {**fields(page(client, where)), "text": "十二月的说明。", "do": "save"})
    assert answer.status_code == 422
    assert "现在还不能填报" in said(answer)
    assert fields(said(answer))["text"] == "十二月的说明。"
    assert client.post(f"{OVERVIEW}2021/2025/part/others/", {"value:fee": "1"}).status_code == 404


def test_the_pages_ask_a_bounded_number_of_questions(desk_sqlite):
    """As many for six items and twenty facts as for one of each."""
    client = desk_sqlite.browser(Role.REPORTER)
    paths = (OVERVIEW, REPORT, f"{REPORT}cell/items/", f"{REPORT}part/requests/")

    def asked() -> list[int]:
        out = []
        for path in paths:
            with CaptureQueriesContext(connection) as found:
                page(client, path)
            out.append(len(found))
        return out

    publish(desk_sqlite, "甲")
    fact("t3.new.person", 1)
    few = asked()
    publish(desk_sqlite, "乙", "丙", "丁", "戊", "己", on="2024-07-01")
    for row in ROWS[:19]:
        fact(f"t3.{row}.person", 0)
    assert asked() == few
    assert max(few) < 80, few


# -------------------------------------------------------------------------------------------------------------------------- today


@pytest.mark.parametrize(("day", "words_"), [("2024-12-20", ""), ("2025-01-02", "还有 29 天"), ("2025-01-31", "今天截止"), ("2025-02-03", "已逾期 3 天")])
def test_today_speaks_of_the_report_when_its_day_is_near(desk_sqlite, monkeypatch, day, words_):
    publish(desk_sqlite, "甲")
    fact("fee", 0)
    set_clock(monkeypatch, datetime.fromisoformat(f"{day}T10:00:00+08:00"))
    html = page(desk_sqlite.browser(Role.REPORTER), f"/{CODE}/today/")
    section = plain(html.partition('id="reports"')[2].partition("</section>")[0])
    assert (words_ in section) if words_ else 'id="reports"' not in html
    if words_:
        assert "2024 年度报告" in section
        assert "还没有登记的数：166" in section
        assert 'id="reports"' not in page(desk_sqlite.browser(Role.SIGNER), f"/{CODE}/today/")


def test_today_is_quiet_once_it_was_handed_in_or_where_there_was_no_book(desk_sqlite, monkeypatch):
    later = datetime.fromisoformat("2025-01-20T10:00:00+08:00")
    set_clock(monkeypatch, later)
    client = desk_sqlite.browser(Role.CLERK)
    assert 'id="reports"' not in page(client, f"/{CODE}/today/"), "an office without a book in that year"
    publish(desk_sqlite, "甲")
    assert 'id="reports"' in page(client, f"/{CODE}/today/")
    assert "还没有定稿" in page(client, OVERVIEW)
    report = draft(Asked(office=desk_sqlite.hand.office, form="2021", year=2024, as_of=later)).report
    services.freeze_report(office=CODE, form="2021", year=2024, filing=report.filing.as_json(), rows={}, as_of=later, by=NAMES[Role.REPORTER], at=later)
    assert 'id="reports"' not in page(client, f"/{CODE}/today/")


def test_the_last_day_of_february_is_a_last_day_every_year(desk_sqlite):
    path = desk_sqlite.home / "gongkai.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("[office.site]", '[office.report]\ndue = "02-29"\n[office.site]'), encoding="utf-8")
    assert "截止 2025-02-28" in plain(page(desk_sqlite.browser(Role.CLERK), OVERVIEW))

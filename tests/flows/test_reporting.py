"""`gongkai report` and `gongkai figures explain`: a report from the book, handed in, made again; every number opened."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import datetime

import pytest
from typer.testing import CliRunner

from content.rules import State
from flows import opening, reporting
from flows.annual_report import lay
from flows.cli import app
from ledger import queries, services
from reports.forms import form
from reports.report import recordable
from tests.flows.stage import CODE, SECRET, TOML, far_side, furnish, record, sign, write_lines
from tests.flows.test_tick import whole_tick
from tests.reports.papers import word_text

pytestmark = pytest.mark.ledger
JUNE, JANUARY, LATER = "2024-06-03T09:00", "2025-01-10T09:00", "2025-02-01T09:00"


@pytest.fixture
def house(sqlite, monkeypatch):
    """A house whose office published three items in 2024: two on the website, one on the website and on WeChat."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", SECRET)
    with far_side(sqlite) as sandbox:
        sandbox.switch(questions=0, account="清水发布")
        hand = furnish(sqlite, api=sandbox.url)
        sign(hand, sqlite, record(), record(title="关于防暑降温的通知", category="机构职能类"), record(title="端午活动", column="dongtai", category=""))
        whole_tick(hand, JUNE)
    return sqlite


def run(home, *words: str, at: str = JANUARY):
    """`gongkai --home … words --at …` in this process."""
    return CliRunner().invoke(app, ["--home", str(home), *words, *(["--at", at] if at else [])])


def report(home, *words: str, at: str = JANUARY):
    return run(home, "report", "--year", "2024", *words, at=at)


def all_recorded(home, name: str = "2021", *words: str) -> None:
    """Everything that a report needs and no ledger knows, from a file: zero, but for what the year before left over."""
    lines = [{"cell": cell, "value": 0} for cell in recordable(form(name))] + [{"part": "problems", "text": "解读不够丰富。"}]
    done = run(home, "report", "record", str(write_lines(home / "facts.jsonl", *lines)), "--year", "2024", "--by", "陈文书", *words)
    assert done.exit_code == 0, done.output


def test_a_report_names_what_nobody_has_recorded_and_is_written_all_the_same(house):
    done = report(house, "--out", str(house / "papers"))
    assert done.exit_code == 1
    assert "云州市清水区清水街道办事处2024年政府信息公开工作年度报告" in done.stdout
    assert "nobody has recorded fee, t2a.rules.made" in done.stdout
    assert "and 1" in done.stdout
    assert {"report.docx", "report.pdf", "report.html", "report.xlsx", "report.csv", "report.json"} <= {one.name for one in (house / "papers").iterdir()}
    words = word_text((house / "papers" / "report.docx").read_bytes())
    assert "草稿" in words
    assert "主动公开政府信息3条" in words
    assert "〔待填〕" in words


def test_facts_are_recorded_one_by_one_with_who_and_why(house):
    first = run(house, "report", "fact", "t3.new.person", "2", "--year", "2024", "--by", "陈文书")
    assert (first.exit_code, first.stdout) == (0, "ok t3.new.person of 2024 is 2\n")
    again = run(house, "report", "fact", "t3.new.person", "3", "--year", "2024", "--by", "周主任")
    assert again.exit_code == 1
    assert "was recorded as 2 by 陈文书" in again.stderr
    assert run(house, "report", "fact", "t3.new.person", "3", "--year", "2024", "--by", "周主任", "--note", "漏登一件").exit_code == 0
    for cell, says in (("t3.new.total", "is counted or added up"), ("t3.nowhere", "is no figure of the form 2021")):
        refused = run(house, "report", "fact", cell, "3", "--year", "2024", "--by", "周主任")
        assert refused.exit_code == 1
        assert says in refused.stderr
    listed = {one["cell"]: one for one in json.loads(run(house, "report", "facts", "--year", "2024", "--format", "json").stdout)}
    assert (listed["t3.new.person"]["value"], listed["t3.new.person"]["by"], listed["t3.new.person"]["note"]) == (3, "周主任", "漏登一件")
    assert listed["t3.carried.person"]["value"] is None
    assert run(house, "report", "fact", "t3.new.person", "-", "--year", "2024", "--by", "周主任", "--note", "待核").exit_code == 0
    missing = csv.DictReader(io.StringIO(run(house, "report", "facts", "--year", "2024", "--missing", "--format", "csv").stdout))
    assert "t3.new.person" in {one["cell"] for one in missing}


def test_a_bad_line_of_a_file_is_named_and_the_others_are_recorded(house):
    lines = ['{"cell": "t3.new.person", "value": 1}', "no JSON", '{"cell": "t3.carried.person", "value": "x"}', '{"cell": "fee"}', '[1]',
             '{"part": "overview", "text": "共{t9.x}件"}', '{"part": "overview", "text": null}', '{"cell": "t3.new.person", "value": "1E+9999999"}', '{"part": "prologue", "text": ""}', '{"cell": "t3.carried.person", "value": 0}']
    done = run(house, "report", "record", str(write_lines(house / "in.jsonl", *lines)), "--year", "2024", "--by", "陈文书")
    assert done.exit_code == 1
    assert done.stdout == "ok 2 lines recorded, 8 refused\n"
    told = done.stderr.splitlines()
    assert [line.split(":")[0] for line in told] == [f"✗ line {number}" for number in (2, 3, 4, 5, 6, 7, 8, 9)]
    assert "{t9.x} is an unknown figure" in told[4]


def test_the_table_of_what_is_missing_is_filled_in_and_read_back(house):
    """As a spreadsheet saves it in China; what was left blank stays unknown."""
    table = run(house, "report", "facts", "--year", "2024", "--missing", "--format", "csv").stdout.splitlines()
    assert table[0] == "cell,label,unit,value,by,at,note"
    filled = [table[0], *(line.replace(",,,,", ",7,,,登记簿") if line.startswith("t3.new.person,") else line for line in table[1:])]
    (house / "facts.csv").write_text("\r\n".join(filled), encoding="gb18030")
    done = run(house, "report", "record", str(house / "facts.csv"), "--year", "2024", "--by", "陈文书")
    assert (done.exit_code, done.stdout) == (0, "ok 1 lines recorded\n")
    assert json.loads(explain(house, "t3.new.person", "--format", "json").stdout)["recorded"][0]["note"] == "登记簿"
    (house / "facts.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert 'a table with the columns "cell" and "value"' in run(house, "report", "record", str(house / "facts.csv"), "--year", "2024", "--by", "陈").stderr


def test_a_number_in_the_words_of_a_part_follows_its_figure(house):
    words = house / "problems.txt"
    words.write_text("全年发布{items}条，仍嫌不足。", encoding="utf-8")
    assert run(house, "report", "text", "problems", str(words), "--year", "2024", "--by", "陈文书").exit_code == 0
    report(house, "--out", str(house / "papers"))
    said = json.loads((house / "papers" / "report.json").read_text(encoding="utf-8"))
    assert "全年发布3条，仍嫌不足。" in [part["text"] for part in said["parts"]]


def test_a_report_is_handed_in_once_and_made_again_to_the_byte(house):
    all_recorded(house)
    assert "--by" in report(house, "--freeze").stderr
    done = report(house, "--freeze", "--by", "周主任", "--signed-on", "2025-01-10")
    assert (done.exit_code, done.stdout[:3]) == (0, "ok ")
    kept = queries.frozen_report(office=CODE, form="2021", year=2024)
    assert kept is not None
    assert set(kept.seals) >= {"report.docx", "report.pdf", "report.html", "report.xlsx", "report.csv", "report.json"}
    twice = report(house, "--freeze", "--by", "周主任", at=LATER)
    assert twice.exit_code == 1
    assert "was handed in already" in twice.stderr
    assert report(house, "--out", str(house / "papers"), at=LATER).exit_code == 0
    verified = report(house, "--verify", "--out", str(house / "papers"), at=LATER)
    assert verified.exit_code == 0, verified.output
    assert "come out the same to the byte" in verified.stdout
    (house / "papers" / "report.csv").write_text("346", encoding="utf-8")
    found = report(house, "--verify", "--out", str(house / "papers"), at=LATER)
    assert found.exit_code == 1
    assert "report.csv in" in found.stderr


def test_a_report_that_was_handed_in_becomes_an_item_once(house):
    """With its papers and rows; from there on three people decide, as of every item."""
    all_recorded(house)
    item = ("report", "item", "--year", "2024", "--by", "陈文书", "--column", "tongzhi")
    early = run(house, *item)
    assert early.exit_code == 1
    assert "was not handed in yet" in early.stderr
    report(house, "--freeze", "--by", "周主任", "--signed-on", "2025-01-10")
    nowhere = run(house, *item[:-1], "nianbao", at=LATER)
    assert "no column 'nianbao'; name one with --column" in nowhere.stderr
    assert "is drafted as 006123456/2025-00001" in run(house, *item, at=LATER).stdout
    assert "was handed over before: it is 006123456/2025-00001" in run(house, *item, at=LATER).stdout
    found = queries.find_item(index_number="006123456/2025-00001")
    assert found is not None
    held = queries.edition_in_hand(edition_id=found.newest_id)
    assert (held.drafter, held.state, held.channels) == ("陈文书", State.DRAFT, ("website", "feed"))
    title = "云州市清水区清水街道办事处2024年政府信息公开工作年度报告"
    assert [file.name for file in held.edition.attachments] == [f"{title}.pdf", f"{title}.docx", f"{title}（数据表）.xlsx", f"{title}（信息明细）.csv",
                                                                f"{title}（信息明细）.json"]
    assert "主动公开政府信息3条" in held.edition.body
    kept = queries.frozen_report(office=CODE, form="2021", year=2024)
    assert kept is not None
    assert kept.seals["report.pdf"] == held.edition.attachments[0].sha256


def test_what_was_withdrawn_since_is_not_published_with_the_report(house):
    """Its title stands in the papers that the office keeps, and comes back to nobody else."""
    all_recorded(house)
    report(house, "--freeze", "--by", "周主任", "--signed-on", "2025-01-10")
    services.withdraw(index_number="006123456/2024-00002", by="周主任", at=datetime.fromisoformat("2025-01-15T09:00+08:00"), reason="误")
    run(house, "report", "item", "--year", "2024", "--by", "陈文书", "--column", "tongzhi", at=LATER)
    found = queries.find_item(index_number="006123456/2025-00001")
    assert found is not None
    files = {file.name.rpartition(".")[2]: queries.blob(sha256=file.sha256) for file in queries.edition_in_hand(edition_id=found.newest_id).edition.attachments}
    assert all("关于防暑降温的通知" not in (files[name] or b"").decode("utf-8-sig") for name in ("csv", "json"))
    assert report(house, "--verify", at=LATER).exit_code == 0


def test_an_item_that_says_an_older_report_is_no_success(house):
    all_recorded(house)
    item = ("report", "item", "--year", "2024", "--by", "陈文书", "--column", "tongzhi")
    report(house, "--freeze", "--by", "周主任", "--signed-on", "2025-01-10")
    run(house, *item)
    run(house, "report", "fact", "t2b.licences", "4", "--year", "2024", "--by", "陈文书", "--note", "漏报", at=LATER)
    report(house, "--freeze", "--by", "周主任", "--signed-on", "2025-02-01", "--reason", "漏报", at=LATER)
    again = run(house, *item, at=LATER)
    assert again.exit_code == 1
    assert "006123456/2025-00001 is the item of this report, and says an older one" in again.stderr


def test_a_channel_that_cannot_carry_the_report_is_left_out_and_named(house):
    """An article of WeChat ends before so many words do."""
    all_recorded(house)
    words = house / "words.txt"
    words.write_text("\n".join(f"{number}．逐条落实公开事项，及时答复群众关切，改进公开平台。" for number in range(900)), encoding="utf-8")
    run(house, "report", "text", "problems", str(words), "--year", "2024", "--by", "陈文书")
    report(house, "--freeze", "--by", "周主任", "--signed-on", "2025-01-10")
    done = run(house, "report", "item", "--year", "2024", "--by", "陈文书", "--column", "dongtai")
    assert done.exit_code == 0, done.output
    assert "wechat cannot carry it and was left out" in done.stderr
    found = queries.find_item(index_number="006123456/2025-00001")
    assert found is not None
    assert queries.edition_in_hand(edition_id=found.newest_id).channels == ("website", "feed")


@pytest.mark.parametrize(("words", "at", "says"), [
    ((), "2024-12-31T17:00", "counts until 2024-12-31; it is handed in after that day"),
    (("--signed-on", "2031-01-01"), JANUARY, "not later than today (2025-01-10)"),
    (("--signed-on", "2024-12-31"), JANUARY, "a day after 2024-12-31"),
])
def test_nobody_hands_in_what_is_not_over_or_signs_ahead(house, words, at, says):
    all_recorded(house)
    done = report(house, "--freeze", "--by", "周主任", *words, at=at)
    assert done.exit_code == 1
    assert says in done.stderr
    assert queries.frozen_report(office=CODE, form="2021", year=2024) is None


def test_where_nothing_changed_there_is_nothing_to_restate(house):
    all_recorded(house)
    report(house, "--freeze", "--by", "周主任", "--signed-on", "2025-01-10")
    done = report(house, "--freeze", "--by", "周主任", "--signed-on", "2025-01-10", "--reason", "再来一次", at=LATER)
    assert done.exit_code == 1
    assert "nothing of 2021 of 2024 has changed" in done.stderr


def test_who_looked_for_a_posting_is_named_in_no_open_data(sqlite, monkeypatch):
    """A draft that a person published, and gave no address of."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", SECRET)
    with far_side(sqlite) as sandbox:
        sandbox.switch(questions=0, account="清水发布")
        hand = furnish(sqlite, api=sandbox.url, mode="draft_only")
        sign(hand, sqlite, record(title="端午活动", column="dongtai"))
        whole_tick(hand, JUNE)
        done = run(sqlite, "settle", "--posted", "006123456/2024-00001#1:publish@wechat", "--by", "陈文书", at="2024-06-04T09:00")
        assert done.exit_code == 0, done.output
    report(sqlite, "--out", str(sqlite / "papers"))
    said = (sqlite / "papers" / "rows.csv").read_text(encoding="utf-8-sig")
    assert "微信公众号" in said
    assert "没有网址 2024-06-04" in said
    assert "陈文书" not in said + (sqlite / "papers" / "rows.json").read_text(encoding="utf-8")


def test_papers_are_the_very_bytes_even_where_they_would_be_made_otherwise_today(house):
    """An office that moved: what was handed in is handed out, and the check says what no longer comes out."""
    all_recorded(house)
    report(house, "--freeze", "--by", "周主任", "--signed-on", "2025-01-10")
    report(house, "--out", str(house / "before"), at=LATER)
    toml = house / "gongkai.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('name = "通知公告"', 'name = "通知与公告"').replace(
        "云州市清水区清水街道办事处", "云州市新清水街道办事处"), encoding="utf-8")
    report(house, "--out", str(house / "after"), at=LATER)
    assert {file.name: file.read_bytes() for file in (house / "after").iterdir()} == {
        file.name: file.read_bytes() for file in (house / "before").iterdir()}
    found = report(house, "--verify", at=LATER)
    assert found.exit_code == 1
    assert "gongkai.toml" in found.stderr
    assert "does not come out as it was handed in" in run(house, "report", "item", "--year", "2024", "--by", "陈文书", "--column", "tongzhi",
                                                          at=LATER).stderr


def test_a_kept_report_answers_no_other_question_silently(house):
    all_recorded(house)
    report(house, "--freeze", "--by", "周主任")
    for words in (("--of", "nosuch"), ("--counting", "sum")):
        done = report(house, *words, at=LATER)
        assert done.exit_code == 1
        assert "was handed in counted otherwise" in done.stderr
    assert "各渠道公开数相加" in report(house, "--counting", "sum", "--draft", "--out", str(house / "p"), at=LATER).stdout + (
        house / "p" / "report.html").read_text(encoding="utf-8")


def test_what_cannot_be_printed_or_written_is_a_sentence(house):
    words = house / "problems.txt"
    words.write_text("问题：\U0001F600。", encoding="utf-8")
    assert run(house, "report", "text", "problems", str(words), "--year", "2024", "--by", "陈文书").exit_code == 0
    unprintable = report(house, "--out", str(house / "papers"))
    assert unprintable.exit_code == 1
    assert "2021 of 2024 cannot be printed" in unprintable.stderr
    words.write_text("解读不够。", encoding="utf-8")
    run(house, "report", "text", "problems", str(words), "--year", "2024", "--by", "陈文书")
    taken = report(house, "--out", str(house / "gongkai.toml" / "x"))
    assert taken.exit_code == 1
    assert "nothing can be written into" in taken.stderr


def test_options_before_a_subcommand_are_not_lost_silently(house):
    done = run(house, "report", "--year", "2024", "facts", "--year", "2024")
    assert done.exit_code == 2
    assert "behind" in done.output


def test_what_the_book_says_otherwise_afterwards_is_listed_and_restated_with_a_reason(house):
    all_recorded(house)
    report(house, "--freeze", "--by", "周主任")
    run(house, "report", "fact", "t3.new.person", "1", "--year", "2024", "--by", "陈文书", "--note", "漏登一件", at=LATER)
    run(house, "report", "fact", "t3.granted.person", "1", "--year", "2024", "--by", "陈文书", "--note", "漏登一件", at=LATER)
    later = report(house, "--verify", at=LATER)
    assert later.exit_code == 0  # what was handed in still comes out the same
    assert "the book says" in later.stdout
    for line in ("t3.new.person: 0 → 1", "t3.new.total: 0 → 1", "t3.done.total: 0 → 1"):
        assert line in later.stdout
    assert report(house, "--freeze", "--by", "周主任", "--reason", "漏登一件", at=LATER).exit_code == 0
    assert [one.reason for one in queries.frozen_reports(office=CODE, form="2021", year=2024)] == ["", "漏登一件"]
    assert "the book says" not in report(house, at=LATER).stdout


EARLIER = "我街道主动公开政府信息{items}条，一如往年。"


def earlier(home) -> None:
    """Words that the report of the year before was given, and none of this year's."""
    run(home, "report", "text", "overview", str(write_lines(home / "words.txt", EARLIER)), "--year", "2023", "--by", "陈文书")


def test_words_of_last_year_are_taken_over_marked_and_handed_in_only_after_a_look(house):
    all_recorded(house)
    earlier(house)
    draft = report(house, "--out", str(house / "papers"))
    assert draft.exit_code == 1
    assert "✗ taken-over 沿用往年文字的部分，有人看过，仍然适用: 一、总体情况: 沿用往年的文字，还没有人看过" in draft.stdout
    words = word_text((house / "papers" / "report.docx").read_bytes())
    assert "我街道主动公开政府信息3条，一如往年" in words
    assert "沿用往年文字、还没有人看过的部分：一、总体情况" in words
    refused = report(house, "--freeze", "--by", "周主任")
    assert (refused.exit_code, "say why with --answer" in refused.stderr) == (1, True)
    assert report(house, "--freeze", "--by", "周主任", "--answer", "已看过，仍然适用").exit_code == 0
    kept = queries.frozen_report(office=CODE, form="2021", year=2024)
    assert kept is not None
    assert (kept.answers, kept.filing["taken_over"]) == ({"taken-over 一、总体情况": "已看过，仍然适用"}, ["overview"])
    assert report(house, "--verify", at=LATER).exit_code == 0
    next_year = run(house, "report", "--year", "2025", at="2026-01-10T09:00").stdout
    assert "沿用往年的文字" in next_year, "the words go on, though nobody saved them for 2024"


def test_a_report_handed_in_when_nothing_was_taken_over_comes_out_as_it_was(house):
    """Reports were frozen in the form's words before earlier ones were taken over: made again they still are."""
    all_recorded(house)
    earlier(house)
    hand = opening.look_at(house, None)
    asked = replace(reporting.question(hand, year=2024, as_of=datetime.fromisoformat(f"{JANUARY}+08:00")), taken_over=())
    reporting.freeze(hand, reporting.Made(asked=asked, report=reporting.MAKER.report(asked), kept=None), by="周主任", at=asked.as_of, signed_on=None)
    done = report(house, "--verify", at=LATER)
    assert (done.exit_code, "come out the same to the byte" in done.stdout) == (0, True)
    assert "认真贯彻落实" in str(queries.frozen_report(office=CODE, form="2021", year=2024).filing)
    assert "taken-over" not in report(house, "--draft", at=LATER).stdout, "nor does the book's own report take them over now"


def test_a_report_that_does_not_hold_is_not_handed_in(house):
    all_recorded(house)
    run(house, "report", "fact", "t3.new.person", "1", "--year", "2024", "--by", "陈文书", "--note", "漏登一件")
    done = report(house, "--freeze", "--by", "周主任")
    assert done.exit_code == 1
    assert "T3-a" in done.stderr
    assert queries.frozen_report(office=CODE, form="2021", year=2024) is None


def test_nothing_that_was_not_handed_in_is_verified(house):
    done = report(house, "--verify")
    assert done.exit_code == 1
    assert "2021 of 2024 was not handed in yet" in done.stderr


@pytest.mark.parametrize(("words", "says"), [
    (("--form", "1999"), "there is no form '1999'"), (("--form", "monthly"), "0 is no month of a year"), (("--form", "monthly", "--part", "13"), "--part"),
    (("--part", "3"), "of a whole year"), (("--signed-on", "soon"), "'soon' is no day"), (("--freeze", "--verify"), "one at a time"),
])
def test_what_cannot_be_asked_for_is_a_sentence(house, words, says):
    done = report(house, *words)
    assert done.exit_code in (1, 2)
    assert says in done.output.replace("\n", " ")


def test_a_month_and_a_quarter_are_cut_from_the_same_book(house):
    june = report(house, "--form", "monthly", "--part", "6")
    assert "2024年6月" in june.stdout
    assert "政府网站     3" in june.stdout
    assert "政府网站     0" in report(house, "--form", "quarterly", "--part", "1").stdout


def test_the_flow_lays_the_papers_of_what_is_over_and_hands_nothing_in(house):
    """In January the year before; they follow the book, and stay as they are where it does."""
    first = lay.fn((str(house), CODE, JANUARY, ""), "", 0, 0)
    assert (first.folder, first.handed_in, len(first.missing) > 100) == (house / "reports" / CODE / "2024-2021", False, True)
    assert "report.pdf" in first.written
    assert queries.frozen_report(office=CODE, form="2021", year=2024) is None
    all_recorded(house)
    second = lay.fn((str(house), CODE, JANUARY, ""), "", 0, 0)
    assert (second.missing, second.faults) == ([], [])
    assert "report.pdf" in second.written
    assert lay.fn((str(house), CODE, JANUARY, ""), "", 0, 0).written == []
    month = lay.fn((str(house), CODE, "2024-07-01T06:15", ""), "monthly", 0, 0)
    assert month.folder.name == "2024-06-monthly"
    assert "2024年6月" in month.title


def test_a_districts_report_adds_up_its_offices_and_counts_what_they_share_once(house):
    """A notice of the district, under its own number, stands in both books."""
    other = TOML.format(api="http://127.0.0.1:9", mode="draft_only", sandbox="true").replace("qingshui", "tiantou").replace("006123456", "006123457")
    toml = house / "gongkai.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + other, encoding="utf-8")
    district = {"document_number": "云政发〔2024〕8号", "issuing_body": "云州市人民政府", "title": "云州市人民政府关于防汛的通告"}
    opened = opening.open_offices(house, at=datetime.fromisoformat("2024-01-01T09:00+08:00"))
    for code, records in ((CODE, [record(**district)]), ("tiantou", [record(**district), record(title="田头街道值班安排")])):
        hand = opened.desk(code)
        sign(hand, house, *records, at="2024-07-01T09:00")
        whole_tick(hand, "2024-07-01T10:00")
    def items(*words: str) -> int:
        return json.loads(run(house, "figures", "explain", "items", "--year", "2024", "--format", "json", *words).stdout)["value"]

    assert [items("--office", code) for code in (CODE, "tiantou")] == [4, 2]
    both = ("--office", CODE, "--of", CODE, "--of", "tiantou")
    assert items(*both) == 5
    assert "政府网站     5" in report(house, *both).stdout
    all_recorded(house, "2021", "--office", CODE)
    assert report(house, *both, "--freeze", "--by", "周主任").exit_code == 0
    assert report(house, "--office", CODE, "--verify", at=LATER).exit_code == 0


# every number opens


def explain(home, cell: str, *words: str):
    return run(home, "figures", "explain", cell, "--year", "2024", *words)


def test_a_counted_number_opens_to_its_rows_and_they_are_as_many(house):
    """With what carried each and where one can see it."""
    said = json.loads(explain(house, "channels.wechat", "--format", "json").stdout)
    assert (said["value"], len(said["rows"]), said["measure"]) == (1, 1, "items kind=wechat")
    [row] = said["rows"]
    assert (row["title"], row["channels"], row["category"]) == ("端午活动", ["website", "wechat"], "未归类")
    assert [key.rpartition("@")[2] for key in row["deliveries"]] == ["website", "wechat"]
    assert row["evidence"][0].startswith("https://qingshui.example.gov.cn/")
    assert "端午活动" in explain(house, "channels.wechat").stdout
    assert "端午活动" in explain(house, "items category=未归类").stdout


def test_a_long_list_is_cut_at_a_terminal_and_says_how_long_it_is(house):
    done = explain(house, "items", "--limit", "2")
    assert "items = 3" in done.stdout
    assert "the first 2 of 3" in done.stderr
    assert done.stdout.count("2024-06-03  ") == 2
    assert len(list(csv.reader(io.StringIO(explain(house, "items", "--format", "csv").stdout)))) == 1 + 3


def test_a_sum_opens_to_its_parts_and_a_fact_to_who_said_it(house):
    run(house, "report", "fact", "t3.new.person", "2", "--year", "2024", "--by", "陈文书", "--note", "信访科登记簿")
    total = json.loads(explain(house, "t3.new.total", "--format", "json").stdout)
    assert total["value"] is None
    assert total["sum of"]["t3.new.person"] == 2
    fact = explain(house, "t3.new.person").stdout
    assert "2  recorded by 陈文书 on 2025-01-10" in fact
    assert "信访科登记簿" in fact
    assert "nobody has recorded it" in explain(house, "t3.carried.person").stdout
    assert "t3.new.person = 2" in explain(house, "t3.new.total").stdout
    assert explain(house, "t3.new.total", "--format", "csv").stdout.splitlines()[2] == "t3.new.person,2"


def test_what_is_no_figure_is_refused_with_what_is_near(house):
    done = explain(house, "t9.new.total")
    assert done.exit_code == 1
    assert "t9.new.total is no figure of the form 2021 (t3.new.total" in done.stderr

"""A form filled: every number has its origin, sums are made, what nobody recorded stays blank, and text follows the cells."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.figures import Counting
from content.measures import Measure
from content.offices import Site
from reports.checks import faults
from reports.forms import Scope, form
from reports.forms.values import FormError
from reports.prose import UNKNOWN, ProseError, render
from reports.report import Added, Counted, Recorded, Unknown, fill, measures, recordable
from tests.builders import an_office
from tests.reports.stage import a_book, a_form, a_report, zeros


def test_every_number_says_where_it_comes_from():
    cells = a_report("2021").cells
    assert cells["items"].origin == Counted(measure=Measure())
    assert cells["channels.board"].origin == Counted(measure=Measure(kinds=("board",)))
    assert isinstance(cells["t3.new.person"].origin, Recorded)
    assert cells["t4.cases.r_total"].origin == Added(of=("t4.cases.r_upheld", "t4.cases.r_corrected", "t4.cases.r_other", "t4.cases.r_open"))


def test_sums_of_rows_and_columns_are_made_also_where_they_cross():
    values = a_report("2021").filing.cells
    assert [values[f"t3.{row}.total"] for row in ("new", "carried", "granted", "petition", "done", "next")] == [7, 1, 4, 2, 6, 2]


def test_a_sum_of_sums_is_made_whatever_their_order():
    assert a_report("2008").filing.cells["stat.replied"] == 3


def test_what_nobody_recorded_is_blank_in_the_cell_and_in_the_text():
    book = a_book("2021")
    report = a_report("2021", facts={address: fact for address, fact in book.facts.items() if address != "t3.new.person"})
    assert report.missing() == ["t3.new.person"]
    assert report.filing.cells["t3.new.total"] is None
    assert report.cells["t3.new.person"].origin == Unknown()
    assert f"新收政府信息公开申请{UNKNOWN}件" in report.text(report.form.parts[0])


def test_a_number_in_the_text_is_the_cells_and_cannot_drift():
    text = a_report("2021").text(a_form("2021").parts[0])
    assert "主动公开政府信息346条" in text
    assert "各渠道公开数为：政府网站320条、公告栏70条、微信公众号84条" in text
    edited = a_report("2021", texts={"overview": "全年公开{items}条。"})
    assert edited.text(edited.form.parts[0]) == "全年公开346条。"


EARLIER = "2024年，我街道主动公开政府信息{items}条。"


def test_a_part_that_nobody_edited_begins_from_an_earlier_reports_words_with_this_years_numbers():
    report = a_report("2021", before={"overview": EARLIER, "problems": "往年的问题。"})
    assert report.text(report.form.parts[0]) == "2024年，我街道主动公开政府信息346条。"
    assert report.filing.taken_over == ("overview",), "the problems were written for this year"
    [fault] = faults(report.filing, report.form)[:1]
    assert (fault.check, fault.cells, fault.left) == ("taken-over", ("一、总体情况",), "沿用往年的文字，还没有人看过，里面写着2024年")


def test_words_of_an_earlier_report_that_came_to_speak_of_nothing_are_not_taken_over():
    report = a_report("2021", before={"overview": "通过传真公开{channels.fax}条。"})
    assert (report.texts["overview"], report.filing.taken_over) == (report.form.parts[0].text, ())


def test_the_forms_own_words_are_nobodys_earlier_words():
    assert a_report("2021", before={"overview": f"\n{a_form('2021').parts[0].text.strip()}\n"}).filing.taken_over == ()


def test_the_report_of_2017_names_what_is_in_no_category_and_the_share_in_full_text():
    text = a_report("2008").text(a_form("2008").parts[2])
    assert "机构职能类28条、工作信息263条、未归类55条" in text
    assert "全文电子化达100%" in text


@pytest.mark.parametrize("text", ["公开{itmes}条。", "公开{items条。"])
def test_a_text_that_speaks_of_what_is_not_there_is_refused(text):
    with pytest.raises(ProseError):
        a_report("2021", texts={"overview": text})


@pytest.mark.parametrize(("counting", "total", "said"), [
    (Counting.DISTINCT, 346, "不同渠道和方式公开相同信息计1条"), (Counting.SUM, 474, "各渠道公开数相加，相同信息在几个渠道公开计几条"),
    (Counting.WEBSITE, 320, "只计政府网站公开的信息")])
@pytest.mark.parametrize("name", ["2008", "2019", "2021", "monthly", "quarterly"])
def test_the_total_in_text_and_table_follows_the_rule_that_is_said_beside_it(name, counting, total, said):
    report = a_report(name, counting=counting)
    text = "".join(section.text for section in report.filing.sections)
    assert f"{total}条（{said}）" in text
    assert report.filing.cells["stat.items" if name == "2008" else "items"] == total
    assert "政府网站320条、公告栏70条、微信公众号84条" in text  # a channel's own number is the same under each
    assert [str(fault) for fault in faults(report.filing, report.form)] == []


def test_the_row_of_the_total_says_the_rule_too():
    labels = {counting: next(row.label for row in a_report("2008", counting=counting).form.tables["stat"].rows if row.id == "items")
              for counting in Counting}
    assert labels == {Counting.DISTINCT: "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）",
                      Counting.SUM: "（一）主动公开政府信息数（各渠道公开数相加，相同信息在几个渠道公开计几条）",
                      Counting.WEBSITE: "（一）主动公开政府信息数（只计政府网站公开的信息）"}


def test_the_total_as_a_sum_opens_into_its_channels_and_that_of_the_website_into_its_rows():
    added = a_report("2021", counting=Counting.SUM).cells["items"].origin
    assert added == Added(of=("channels.website", "channels.board", "channels.wechat"))
    assert a_report("2021", counting=Counting.WEBSITE).cells["items"].origin == Counted(measure=Measure.read("items kind=website|portal"))


def test_a_sum_of_channels_is_not_made_up_where_the_form_has_none():
    bare = form("2021", Scope())
    with pytest.raises(FormError, match="needs a row for each; the form has none"):
        fill(bare, an_office(), replace(a_book("2021"), counts=dict.fromkeys(measures(bare), 0)), counting=Counting.SUM)


def test_a_year_of_nothing_reads_well():
    """Zeros are numbers; only what is of nothing is not said: so many percent of no items."""
    nothing = a_book("2008", counts=dict.fromkeys(measures(a_form("2008")), 0))
    text = "".join(section.text for section in fill(a_form("2008"), an_office(), nothing).filing.sections)
    assert "主动公开政府信息共0条（不同渠道和方式公开相同信息计1条）。全年更正0条次，撤回0条；" in text
    assert "各渠道公开数为：政府网站0条、公告栏0条、微信公众号0条。清水街道设政府信息公开栏1个。" in text
    assert "%" not in text
    assert UNKNOWN not in text


@pytest.mark.parametrize("name", ["2008", "2019", "2021"])
def test_requests_fees_and_disputes_that_never_came_are_zeros(name):
    text = "".join(section.text for section in a_report(name, facts=zeros(name)).filing.sections)
    said = {"2008": ["收到政府信息公开申请0件，办结0件，答复0件。", "收取费用0万元，减免费用0万元。", "行政复议0件，被提起行政诉讼0件。"]}.get(
        name, ["新收政府信息公开申请0件，上年结转0件；本年度办结0件，结转下年度继续办理0件。", "信息处理费0元。"])
    assert [words for words in said if words not in text] == []
    assert faults(replace(a_report(name, facts=zeros(name)).filing, last={}), a_form(name)) == []


@pytest.mark.parametrize("name", ["2008", "2019", "2021"])
def test_where_nobody_recorded_anything_each_number_is_a_gap_and_so_is_what_only_people_can_write(name):
    report = a_report(name, facts={}, texts={})
    text = "".join(section.text for section in report.filing.sections)
    assert text.count(UNKNOWN) == {"2008": 16, "2019": 7, "2021": 7}[name]
    assert f"申请{UNKNOWN}件" in text
    problems = next(part for part in report.form.parts if part.id == "problems")
    assert report.text(problems).splitlines()[1::2] == [UNKNOWN, UNKNOWN]


CONTACTS = "如有疑问，请与{office}联系（地址：{address}，邮编：{postcode}，联系电话：{phone}，传真：{fax}）。"


@pytest.mark.parametrize(("office", "said"), [
    ({"fax": "0731-2"}, "（地址：清水路1号，邮编：410000，联系电话：0731-1，传真：0731-2）。"),
    ({}, "（地址：清水路1号，邮编：410000，联系电话：0731-1）。"),
    ({"address": "", "phone": ""}, "（邮编：410000）。"),
    ({"address": "", "postcode": "", "fax": "0731-2"}, "（联系电话：0731-1，传真：0731-2）。"),
    ({"address": "", "postcode": "", "phone": ""}, "。"),
])
def test_contacts_that_an_office_has_not_are_not_spoken_of(office, said):
    having = an_office(**{"address": "清水路1号", "postcode": "410000", "phone": "0731-1", "fax": "", **office})
    report = fill(a_form("2021"), having, a_book("2021", texts={"others": CONTACTS}))
    assert report.filing.sections[5].text == f"如有疑问，请与{having.name}联系{said}"


@given(missing=st.sets(st.sampled_from(["address", "postcode", "phone", "fax"])),
       text=st.lists(st.sampled_from(["地址：{address}", "邮编{postcode}", "{phone}", "传真：{fax}", "{year}年", "公开{items}条", "，", "、", "；", "。", "（", "）",
                                      "\n"]), max_size=14).map("".join))
def test_what_is_missing_takes_only_clauses_of_its_own(missing, text):
    """No clause stays half-said, none goes that spoke of something else, and nothing changes where nothing is missing."""
    words = {name: "" if name in missing else name for name in ("address", "postcode", "phone", "fax")} | {"year": "2025"}
    said = render(text, a_form("2021"), {"items": Decimal(346)}, words)
    kept = [clause for clause in re.split("[，、；。（）\n]", text) if clause and not any(f"{{{name}}}" in clause for name in missing)]
    assert re.sub("[，、；。（）\n]", "", said) == "".join(kept).format(**{**words, "items": 346})
    if not any(f"{{{name}}}" in text for name in missing):
        assert said == text.format(**{**words, "items": 346})


def test_money_is_written_without_needless_zeros():
    report = a_report("2021")
    facts = {**a_book("2021").facts, "fee": replace(a_book("2021").facts["fee"], value=Decimal("12.50"))}
    assert "信息处理费12.5元" in a_report("2021", facts=facts).text(report.form.parts[5])


def test_what_a_text_may_say_besides_is_said_where_it_was_recorded_and_missed_nowhere():
    book = a_book("2021")
    without = {address: fact for address, fact in book.facts.items() if address not in ("explained", "answered")}
    report = a_report("2021", facts=without)
    assert (report.missing(), faults(report.filing, report.form)) == ([], [])
    assert "微信公众号84条；其中政务新媒体84条。全年更正" in report.text(report.form.parts[0])
    half = a_report("2021", facts={**without, "explained": replace(book.facts["explained"], value=Decimal(3))})
    assert "发布政策解读3篇。全年更正" in half.text(half.form.parts[0])


@pytest.mark.parametrize(("name", "address", "decimals"), [("2008", "boards", 0), ("2008", "waived", 6), ("2021", "fee", 2), ("2021", "explained", 0)])
def test_a_fact_of_the_text_has_the_decimals_that_the_form_gives_it(name, address, decimals):
    """Nobody has one and a half notice boards."""
    assert recordable(a_form(name))[address] == decimals
    filing = a_report(name).filing
    half = replace(filing, cells={**filing.cells, address: Decimal("1.5")})
    assert (address in {cell for fault in faults(half, a_form(name)) if fault.check == "counts" for cell in fault.cells}) is (decimals == 0)


def test_the_websites_return_says_of_the_site_what_the_office_is_configured_with():
    site = Site(name="清水街道政务网", home="https://qingshui.example.gov.cn", organiser="清水街道办事处", id_code="4300000001", icp="湘ICP备1号")
    text = fill(a_form("website"), an_office(site=site), a_book("website")).filing.sections[0].text
    assert text.splitlines() == ["网站名称：清水街道政务网", "首页网址：https://qingshui.example.gov.cn", "主办单位：清水街道办事处", "",
                                 "政府网站标识码：4300000001", "ICP备案号：湘ICP备1号", ""]


def test_updates_are_counted_in_the_columns_of_a_type_and_recorded_where_the_office_has_none():
    typed = Scope(columns=(("jgzn", "机构职能"), ("ldjs", "领导介绍"), ("dt", "动态")), types=(("jgzn", "机构职能"), ("ldjs", "负责人信息"), ("dt", "工作动态")))
    rows = {row.id: row.measure for row in form("website", typed).tables["published"].rows}
    assert rows["about"] == Measure.read("items kind=website|portal column=jgzn|ldjs")
    assert rows["news"] == Measure.read("items kind=website|portal column=dt")
    assert (rows["catalogue"], "published.catalogue" in recordable(form("website", typed))) == (None, True)
    assert next(row.measure for row in form("website", typed).tables["columns"].rows) == Measure.read("items kind=website|portal column=jgzn")


def test_around_the_statistics_table_stands_what_is_known_and_room_for_what_is_written_by_hand():
    stat = a_form("2008").tables["stat"]
    table = fill(a_form("2008"), an_office(phone=""), a_book("2008")).form.tables["stat"]
    assert (table.note.splitlines()[1], stat.note) == ("联系电话：　　　　　　填报日期：2026年1月10日", ""), "no telephone: room for one"
    table = a_report("2008").form.tables["stat"]
    assert table.above == "填报单位（盖章）：云州市清水区清水街道办事处"
    assert table.note == "单位负责人：　　　　　　审核人：　　　　　　填报人：　　　　　\n联系电话：0731-00000000　填报日期：2026年1月10日"


def test_facts_may_be_recorded_for_what_is_neither_counted_nor_added():
    facts = recordable(a_form("2021"))
    assert "t3.new.person" in facts
    assert facts["t2d.fees"] == 6
    assert not {"t3.new.total", "t3.done.person", "items", "channels.website"} & set(facts)

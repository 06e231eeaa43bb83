"""A batch from a sheet: each row by itself, and every fault with its place."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.html import dangers
from content.media import FileError
from content.papers import sheets
from content.papers.cells import CellError, as_day, as_instant, as_list, as_text
from content.papers.sheets import HEADERS, Batch, check, read_sheet
from content.papers.template import FIELDS, template
from content.records import KNOWN
from tests.builders import an_office
from tests.content.papers.rig import bomb, docx, ole, p, packed

OFFICE = an_office()
CHANNELS = {"website": "网站", "board": "公告栏", "wechat": "微信公众号"}
TODAY = date(2024, 6, 3)
HEAD = ["标题", "栏目", "正文", "成文日期"]
GOOD = ["关于道路施工的通告", "通知公告", "自6月1日起施工。\n请绕行。", datetime(2024, 5, 28)]


def xlsx(*rows: list[Any], name: str = "信息", more: dict[str, list[list[Any]]] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = name
    for title, lines in {name: list(rows), **(more or {})}.items():
        sheet = book[title] if title in book.sheetnames else book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes, name: str = "批量.xlsx") -> Batch:
    return read_sheet(data, name=name, office=OFFICE, channels=CHANNELS)


def faults(batch: Batch) -> list[str]:
    return [fault for row in batch.rows for fault in check(row, office=OFFICE, channels=frozenset(CHANNELS), today=TODAY)[1]]


def test_a_row_becomes_a_record_that_can_be_taken():
    batch = read(xlsx([*HEAD, "文号", "索引号", "主题分类", "渠道", "发布时间", "关键词", "摘要", "来源", "发布机构"],
                      [*GOOD, "云清办发〔2024〕3号", "006123456/2024-00017", "工作信息", "网站、公告栏", "2024-6-4 9:30", "道路；施工", "概述", "区政府", "清水街道"]))
    (row,) = batch.rows
    assert dict(row.record) == {
        "title": "关于道路施工的通告", "column": "tongzhi", "body": "<p>自6月1日起施工。</p><p>请绕行。</p>", "made_on": "2024-05-28",
        "document_number": "云清办发〔2024〕3号", "index_number": "006123456/2024-00017", "category": "工作信息", "channels": ["website", "board"],
        "release_at": "2024-06-04T09:30", "keywords": ["道路", "施工"], "summary": "概述", "source": "区政府", "issuing_body": "清水街道"}
    record, said = check(row, office=OFFICE, channels=frozenset(CHANNELS), today=TODAY)
    assert said == batch.notes == ()
    assert record is not None
    assert record.channels == ("website", "board")
    assert record.edition(index_number="006123456/2024-00017", number=1, link="").title == "关于道路施工的通告"


def test_english_headers_slugs_and_marks_of_duty_are_understood():
    batch = read(xlsx([" Title ", "column*", "body（必填）", "made_on", "序号", "备注"], ["一", "dongtai", "文", "20240528", 1, "自己看"]))
    assert batch.notes == ()
    assert faults(batch) == []
    assert batch.rows[0].record["column"] == "dongtai"


def test_where_nobody_says_which_channels_there_are_the_record_is_asked():
    (row,) = read_sheet(xlsx([*HEAD, "渠道"], [*GOOD, "传真"]), name="批量.xlsx", office=OFFICE).rows
    assert check(row, office=OFFICE, channels=frozenset(CHANNELS), today=TODAY)[1] == (
        "工作表“信息”第 2 行，E 列“渠道”：没有“传真”这个渠道，可选 board、website、wechat。",)


def test_every_field_of_a_record_has_a_header_but_files():
    assert set(HEADERS) == KNOWN - {"images", "attachments"}


def test_a_bad_row_never_costs_a_good_one_and_its_faults_name_their_place():
    batch = read(xlsx(["2024年信息汇总表"], [], ["序号", *HEAD, "渠道", "主题分类"], [1, *GOOD], [2, None, "通知公告", "文", "2024年5月"],
                      [], [3, "二", "不存在", "文", datetime(2024, 5, 28)], [4, "三", "通知公告", "文", datetime(2025, 1, 1)],
                      [5, "四", "通知公告", "文", datetime(2024, 5, 28), "传真"], [6, "五", "通知公告", "文", datetime(2024, 5, 28), "网站", "别的"], [7, *GOOD[:2], "又一", "2024/5/28"]))
    assert [row.number for row in batch.rows] == [4, 5, 7, 8, 9, 10, 11]
    assert faults(batch) == [
        "工作表“信息”第 5 行，B 列“标题”：没有填写。", "工作表“信息”第 5 行，E 列“成文日期”：“2024年5月”不是完整的日期，请写成 2024-03-05 或 2024年3月5日。",
        "工作表“信息”第 7 行，C 列“栏目”：没有“不存在”这个栏目，可选 通知公告、工作动态、机构职能。",
        "工作表“信息”第 8 行，E 列“成文日期”：2025-01-01 还没有到，今天是 2024-06-03，请核对。",
        "工作表“信息”第 9 行，F 列“渠道”：没有“传真”这个渠道，可选 网站、公告栏、微信公众号。",
        "工作表“信息”第 10 行，G 列“主题分类”：没有“别的”这个分类，可选 机构职能类、工作信息，也可以留空。"]
    assert batch.notes == ("第 4 行与第 11 行的标题相同：“关于道路施工的通告”，请核对是否重复。",)
    good = [row for row in batch.rows if check(row, office=OFFICE, channels=frozenset(CHANNELS), today=TODAY)[0]]
    assert [row.number for row in good] == [4, 11]


def test_a_missing_column_is_named():
    assert faults(read(xlsx(["标题", "正文"], ["一", "文"]))) == [
        "工作表“信息”第 2 行，缺少“栏目”列：没有填写。", "工作表“信息”第 2 行，缺少“成文日期”列：没有填写。"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("divider", [",", "\t", ";"])
def test_reads_csv_in_the_encodings_of_windows(encoding, divider):
    lines = [divider.join(HEAD), divider.join(["一", "通知公告", '"上\n下"', "2024年5月28日"]), divider * 3, divider.join(["二", "通知公告", "文", "2024-3"])]
    batch = read("\r\n".join(lines).encode(encoding), "批量.CSV")
    assert batch.rows[0].record["body"] == "<p>上</p><p>下</p>"
    assert faults(batch) == ["第 4 行，D 列“成文日期”：“2024-3”不是完整的日期，请写成 2024-03-05 或 2024年3月5日。"]


def test_hidden_sheets_and_rows_are_left_and_spoken_of():
    book = openpyxl.load_workbook(io.BytesIO(xlsx(HEAD, GOOD, ["藏", *GOOD[1:]], name="一月", more={"暗": [HEAD, GOOD], "说明页": [["随便写写"]]})))
    book["一月"].row_dimensions[3].hidden = True
    book["暗"].sheet_state = "veryHidden"
    batch = read(saved(book))
    assert [row.record["title"] for row in batch.rows] == ["关于道路施工的通告"]
    assert batch.notes == ("工作表“一月”有 1 行被隐藏或筛选掉，未读取：第 3 行。", "工作表“暗”是隐藏的，未读取。",
                           "工作表“说明页”没有表头（至少要有“标题”和另一列），未读取。")


def test_columns_that_are_no_fields_are_named_once():
    batch = read(xlsx([*HEAD, "联系人", "名称"], [*GOOD, "张三", "又名"]))
    assert batch.notes == ("E 列“联系人”不是信息的字段（或与前面的列重复），未读取。", "F 列“名称”不是信息的字段（或与前面的列重复），未读取。")
    assert batch.rows[0].record["title"] == "关于道路施工的通告"


def test_error_values_formulas_and_markup_do_no_harm():
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append(["#REF!", "通知公告", "文", "2024-05-28"])
    book.active["A2"].data_type = "e"
    book.active.append(["=1+1", "通知公告", "文", "2024-05-28"])
    book.active.append(['<script>alert(1)</script>', "通知公告", '<img src=x onerror=alert(1)>"><svg/onload=x>', "2024-05-28"])
    batch = read(saved(book))
    assert faults(batch)[:2] == ["工作表“Sheet”第 2 行，A 列“标题”：是错误值 #REF!，请改为正确的内容。", "工作表“Sheet”第 3 行，A 列“标题”：没有填写。"]
    assert dangers(batch.rows[2].record["body"]) == []
    assert "&lt;img" in batch.rows[2].record["body"]
    csv = read("标题,栏目,正文,成文日期\n=cmd|' /C calc'!A0,通知公告,文,2024-05-28".encode(), "批量.csv")
    assert csv.rows[0].record["title"] == "=cmd|' /C calc'!A0"


def test_a_control_character_is_a_fault_of_its_cell():
    """Excel writes one as _x0007_."""
    data = xlsx(HEAD, ["一_x0007_二", *GOOD[1:]])
    assert faults(read(data)) == ["工作表“信息”第 2 行，A 列“标题”：第 2 个字符是看不见的控制字符（U+0007），请删去后重新输入。"]


@pytest.mark.parametrize(("data", "name", "code", "said"), [
    (b"", "批量.xlsx", "empty", "空文件"), (docx(p("文")), "批量.xlsx", "mismatch", "不是Excel 工作簿（.xlsx），而是Word 文档"),
    (ole("Workbook"), "批量.xls", "mismatch", "另存为 .xlsx"), (ole("EncryptedPackage"), "批量.xlsx", "encrypted", "取消密码"),
    (bomb(200 * 2**20).replace(b"word/", b"xord/").replace(b"wordprocessingml.document.main", b"x"), "批量.xlsx", "mismatch", "不是Excel"),
    (packed({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"x"}), "批量.xlsx", "macro", "含有宏"),
    (packed({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}), "批量.xlsx", "damaged", "不是可以打开的 Excel 工作簿"),
    (packed({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "批量.xlsx", "entities", "声明了 XML 实体"),
    (packed({"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 10 * 2**20}), "批量.xlsx", "zip-bomb", "可能是压缩炸弹"),
    (xlsx(["一", "二"], ["三", "四"]), "批量.xlsx", "no-header", "没有找到表头"), ("标题\n一".encode(), "批量.csv", "no-header", "可以下载模板"),
    (b"\x00\x01", "批量.csv", "not-text", "不是纯文本"), (("标题,栏目\n" + "长" * 140_000 + ",x").encode(), "批量.csv", "damaged", "CSV 表格"),
])
def test_refuses_in_words_that_say_what_to_do(data, name, code, said):
    with pytest.raises(FileError, match="“批量") as caught:
        read(data, name)
    assert caught.value.code == code
    assert said in str(caught.value)


def test_too_long_a_batch_is_to_be_divided(monkeypatch):
    monkeypatch.setattr(sheets, "ROWS", 2)
    with pytest.raises(FileError, match="超过 2 行。请拆成几个文件"):
        read(xlsx(HEAD, GOOD, GOOD, GOOD))
    monkeypatch.setattr(sheets, "PART_LIMIT", 100)
    with pytest.raises(FileError, match="表格太大"):
        read(xlsx(HEAD, GOOD))
    monkeypatch.setattr(sheets, "SHEET_LIMIT", 2**10)
    with pytest.raises(FileError, match="上限"):
        read(xlsx(HEAD, GOOD))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 20_000), st.binary(min_size=1, max_size=6))
def test_a_broken_workbook_is_a_refusal_never_a_crash(at, junk):
    data = xlsx(HEAD, GOOD)
    at %= len(data)
    try:
        read(data[:at] + junk + data[at + len(junk) :])
    except FileError as error:
        if not error.code:
            raise


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(alphabet='标题栏目正文,"\n\t=<>2024-05年月日', max_size=12), min_size=1, max_size=6), max_size=6))
def test_whatever_the_cells_there_are_rows_or_words(lines):
    text = "\n".join(["标题,栏目,正文,成文日期", *(",".join(line) for line in lines)])
    try:
        batch = read(text.encode(), "批量.csv")
    except FileError as error:
        assert "批量" in str(error)  # noqa: PT017
        return
    for row in batch.rows:
        record, said = check(row, office=OFFICE, channels=frozenset(CHANNELS), today=TODAY)
        assert (record is None) == bool(said)
        assert all(f"第 {row.number} 行" in one for one in said)


# cells


@pytest.mark.parametrize(("value", "day"), [
    (datetime(2024, 3, 5, 10, 0), "2024-03-05"), (date(2024, 3, 5), "2024-03-05"), ("2024年3月5日", "2024-03-05"), ("2024 年 3 月 5 日", "2024-03-05"),
    ("2024-3-5", "2024-03-05"), ("2024/03/05", "2024-03-05"), ("2024.3.5", "2024-03-05"), ("20240305", "2024-03-05"), (20240305, "2024-03-05"),
    (20240305.0, "2024-03-05"), ("二〇二四年三月五日", "2024-03-05"), (45356, "2024-03-05"), ("2024-03-05 16:24:38", "2024-03-05"), ("2024-03-05T00:00", "2024-03-05"),
])
def test_days_as_people_write_them(value, day):
    assert as_day(value) == day


@pytest.mark.parametrize(("value", "instant"), [
    ("2024-3-5 9:30", "2024-03-05T09:30"), ("2024年3月5日 下午2点", "2024-03-05T14:00"), ("2024年3月5日上午9时30分", "2024-03-05T09:30"),
    ("2024/3/5", "2024-03-05T00:00"), (datetime(2024, 3, 5, 9, 30, 20), "2024-03-05T09:30"), (45356.3958333333, "2024-03-05T09:30"),
    ("2024-03-05 09：30：00", "2024-03-05T09:30"),
])
def test_instants_as_people_write_them(value, instant):
    assert as_instant(value) == instant


@pytest.mark.parametrize("value", ["2024年3月", "3月5日", "昨天", "", None, True, 5, 4.30104e17, "2024-02-30", "20241301", "2024-3-5 25:00", "2024-3-5 起", "05/03/2024", "2024-3-5 9"])
def test_what_is_no_day_is_said_to_be_none(value):
    with pytest.raises(CellError, match="请"):
        as_instant(value)


@pytest.mark.parametrize(("value", "text"), [
    (None, ""), (True, "是"), (False, "否"), (3, "3"), (3.0, "3"), (3.5, "3.5"), (4.30104e17, "4.30104e+17"), ("  一 ", "一"), ("一\r\n二", "一\n二"),
    (datetime(2024, 3, 5), "2024-03-05"), (datetime(2024, 3, 5, 9, 5), "2024-03-05 09:05"), (date(2024, 3, 5), "2024-03-05"),
])
def test_cells_as_text(value, text):
    assert as_text(value) == text


def test_lists_of_words():
    assert as_list("道路、施工，通告;道路\n绕行 ") == ["道路", "施工", "通告", "绕行"]
    assert as_list(None) == []


@given(st.dates(date(1949, 10, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y年%m月%d日", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y-%m-%d 00:00:00"]))
def test_every_day_in_every_form_is_read_as_that_day(day, form):
    assert as_day(day.strftime(form)) == day.isoformat()


# the template


def test_the_template_offers_columns_and_categories_and_its_example_is_never_taken_in():
    made = template(OFFICE, CHANNELS)
    assert made == template(OFFICE, CHANNELS)
    batch = read(made)
    assert batch.rows == ()
    assert batch.notes == ("第 2 行是示例，未读取。",)
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert [cell.value for cell in book["选项"]["A"] if cell.value] == ["通知公告", "工作动态", "机构职能"]
    assert [cell.value for cell in book["选项"]["B"] if cell.value] == ["机构职能类", "工作信息", "未归类"]
    assert {rule.formula1: str(rule.sqref) for rule in book["信息"].data_validations.dataValidation} == {
        "'选项'!$A$1:$A$3": "B2:B2001", "'选项'!$B$1:$B$3": "F2:F2001", "'选项'!$C$1:$C$3": "N2:N2001", "'选项'!$D$1:$D$3": "S2:S2001",
        "'选项'!$E$1:$E$4": "T2:T2001", "'选项'!$F$1:$F$3": "U2:U2001"}
    assert [cell.value for cell in book["选项"]["C"] if cell.value] == ["有效", "失效", "废止"]
    assert "可写：网站、公告栏、微信公众号。" in str(book["填写说明"]["C9"].value)


def test_the_template_asks_for_the_further_facts_that_the_office_wants():
    office = an_office(metadata_shown=("valid_until", "genre"), metadata_required=("genre",))
    book = openpyxl.load_workbook(io.BytesIO(template(office, CHANNELS)))
    heads = [cell.value for cell in book["信息"][1]]
    assert heads[len(FIELDS):] == ["有效期至", "体裁分类"]
    assert "送审前须填写。最多 40 字。" in [cell.value for cell in book["填写说明"]["C"]]
    assert len(book["信息"].data_validations.dataValidation) == 2


def test_further_facts_come_in_under_the_headings_that_offices_use():
    head = ["是否有效", "有效期", "发文机关", "发布机构", "目录分类", "体裁", "公开方式", "公开时限", "公开对象", "责任科室", "载体"]
    said = ["失效", datetime(2025, 12, 31), "市政府办", "清水街道", "政府信息公开年报", "通知", "主动公开", "20个工作日", "全社会", "综合办", "纸质"]
    batch = read(xlsx([*HEAD, *head], [*GOOD, *said]))
    assert (batch.notes, faults(batch)) == ((), [])
    record, _ = check(batch.rows[0], office=OFFICE, channels=frozenset(CHANNELS), today=TODAY)
    assert record is not None
    assert dict(record.facts["metadata"]) == {
        "validity": "失效", "valid_until": "2025-12-31", "originating_body": "市政府办", "catalogue_class": "政府信息公开年报", "genre": "通知",
        "disclosure": "主动公开", "disclosure_term": "20个工作日", "disclosure_scope": "全社会", "responsible_unit": "综合办", "carrier": "纸质"}
    assert record.facts["issuing_body"] == "清水街道"
    assert faults(read(xlsx([*HEAD, "有效性", "有效期至"], [*GOOD, "对", None], [*GOOD, None, "长期"]))) == [
        "工作表“信息”第 2 行，E 列“有效性”：“对”不在可选范围，可选 有效、失效、废止。",
        "工作表“信息”第 3 行，F 列“有效期至”：“长期”不是完整的日期，请写成 2024-03-05 或 2024年3月5日。"]


@pytest.mark.parametrize(("heads", "field"), [
    (["发文机关"], "issuing_body"), (["发文单位"], "issuing_body"), (["发文机关", "发布机构"], "originating_body"), (["originating_body"], "originating_body")])
def test_a_sheet_with_one_body_names_the_one_that_publishes(heads, field):
    """So they were read before catalogues had a field for the other; a sheet with both tells them apart."""
    batch = read(xlsx([*HEAD, *heads], [*GOOD, "区民政局", *["清水街道"] * (len(heads) - 1)]))
    assert (batch.notes, faults(batch)) == ((), [])
    assert batch.rows[0].record[field] == "区民政局"


def test_what_is_filled_into_the_template_is_taken_in():
    book = openpyxl.load_workbook(io.BytesIO(template(OFFICE, CHANNELS)))
    sheet = book["信息"]
    facts = {"title": "一", "column": "工作动态", "body": "文", "made_on": date(2024, 5, 28), "category": "未归类", "channels": "微信公众号"}
    for at, (field, _, _) in enumerate(FIELDS, 1):
        sheet.cell(row=3, column=at, value=facts.get(field))
    batch = read(saved(book))
    assert faults(batch) == []
    assert batch.rows[0].record == {"title": "一", "column": "dongtai", "body": "<p>文</p>", "made_on": "2024-05-28", "category": "", "channels": ["wechat"]}

"""What clerks bring along: a document that fills the form, a sheet whose rows become drafts, and what is refused of both."""

from __future__ import annotations

import re

from django.test import Client

from desk.roles import Role
from ledger import queries
from ledger.models import Blob, Item
from tests.content.papers.rig import bomb, docx, p, packed, table
from tests.content.papers.test_sheets import xlsx
from tests.desk.drafting import HOME, fields, held, told
from tests.desk.test_writing_files import upload
from tests.ledger.race import behind

HEADER = ["标题", "栏目", "正文", "成文日期"]
GOOD = ["关于开展安全检查的通知", "通知公告", "即日起开展检查。", "2024-05-30"]


def test_a_word_document_fills_the_form_and_is_nowhere_until_it_is_saved(desk):
    """Title, date and table stand in the form; the ledger has nothing yet."""
    browser = desk.browser(Role.CLERK)
    paper = docx(p("关于汛期值守的通知", align="center"), p("各社区："), p("请加强值守。"), table(["社区", "时间"], ["城东", "九点"]), p("2024年5月30日", align="right"))
    answer = browser.post(f"{HOME}word/", {"paper": upload("通知.docx", paper)})
    assert answer.status_code == 303
    page = browser.get(answer.url)
    shown = fields(page.content.decode())
    assert shown["title"] == "关于汛期值守的通知"
    assert shown["made_on"] == "2024-05-30"
    assert "<table>" in shown["body"]
    assert "还没有保存为草稿" in told(page)
    assert not Item.objects.exists()
    saved = browser.post(f"{HOME}new/", {**shown, "column": "tongzhi"})
    assert saved.status_code == 303
    assert held(int(re.findall(r"/write/(\d+)/", saved.url)[0])).edition.title == "关于汛期值守的通知"


def test_markdown_fills_the_form_too(desk_sqlite):
    """In whichever encoding it was written."""
    browser = desk_sqlite.browser(Role.CLERK)
    answer = browser.post(f"{HOME}word/", {"paper": upload("通知.md", "# 关于值守的通知\n\n请加强**值守**。\n".encode("gb18030"))})
    shown = fields(browser.get(answer.url).content.decode())
    assert shown["title"] == "关于值守的通知"
    assert "<strong>值守</strong>" in shown["body"]


def test_documents_that_would_harm_are_refused_in_words_and_stored_nowhere(desk_sqlite):
    """A zip bomb, a macro document, an old format, no document at all."""
    browser = desk_sqlite.browser(Role.CLERK)
    macro = packed({"[Content_Types].xml": b'<Types><Default ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>',
                    "word/document.xml": b"<w/>", "word/vbaProject.bin": b"x"})
    for name, data, words in (("炸弹.docx", bomb(200 * 2**20), "炸弹.docx"), ("宏.docx", macro, "宏"), ("旧.doc", b"\xd0\xcf\x11\xe0", ".docx"),
                              ("坏.docx", b"PK\x03\x04broken", "坏.docx")):
        answer = browser.post(f"{HOME}word/", {"paper": upload(name, data)})
        assert answer.status_code == 422
        assert words in told(answer)
        assert "没有保存任何内容" in told(answer)
    assert "请先选择文件" in told(browser.post(f"{HOME}word/", {}))
    assert not Blob.objects.exists()


def test_a_sheet_is_shown_row_by_row_and_its_good_rows_are_taken_in_once(desk):
    """The bad row is named by its number; a second upload of the same sheet changes nothing."""
    browser = desk.browser(Role.CLERK)
    sheet = xlsx(HEADER, GOOD, ["第二条", "没有的栏目", "正文", "2024-05-30"], ["第三条", "工作动态", "正文三", "2024-05-29"])

    def send() -> str:
        return browser.post(f"{HOME}batch/", {"sheet": upload("五月.xlsx", sheet)}).content.decode()

    page = send()
    assert not Item.objects.exists()
    assert "第 3 行" in page
    assert "没有的栏目" in page
    (token,) = re.findall(r'name="batch" value="([^"]+)"', page)
    answer = browser.post(f"{HOME}batch/", {"batch": token}, follow=True)
    assert "已收入 2 条草稿" in told(answer)
    titles = [one.title for one in queries.my_drafts(offices=["qingshui"], by="陈文书")]
    assert sorted(titles) == ["关于开展安全检查的通知", "第三条"]
    assert "没有重复收入" in told(browser.post(f"{HOME}batch/", {"batch": token}, follow=True))
    again = send()
    assert again.count("已经收入过") == 2
    assert 'name="batch"' not in again
    assert Item.objects.count() == 2


def test_of_two_clicks_on_one_batch_the_first_takes_it_in(desk):
    """The second was looking at it too: what it took away was nobody's any more."""
    browser, clicks = desk.browser(Role.CLERK), []
    page = browser.post(f"{HOME}batch/", {"sheet": upload("五月.xlsx", xlsx(HEADER, GOOD))}).content.decode()
    (token,) = re.findall(r'name="batch" value="([^"]+)"', page)

    def click(by: Client) -> str:
        return told(by.post(f"{HOME}batch/", {"batch": token}, follow=True))

    with behind('FROM "desk_scratch"', lambda: clicks.append(click(desk.browser(Role.CLERK)))):
        answer = click(browser)
    assert "已收入 1 条草稿" in clicks[0]
    assert "这批信息已经收入过，或页面已经失效" in answer
    assert Item.objects.count() == 1

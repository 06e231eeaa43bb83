"""Writing at the desk: a form that becomes a draft, keeps what was typed, and shows every fault beside its field."""

from __future__ import annotations

import re

from content.rules import State
from desk import scratch
from desk.roles import Role
from flows.opening import open_offices
from tests.desk.drafting import HOME, drafted, fields, form_of, held, told, words


def test_a_clerk_writes_an_item_and_finds_it_among_the_drafts(desk):
    """A form sent is a draft with its number, its routes and what follows them; the drafts page lists it."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser, keywords="汛期、值守，安全")
    found = held(edition)
    assert found.edition.title == "关于做好汛期安全工作的通知"
    assert (found.state, found.drafter, found.channels) == (State.DRAFT, "陈文书", ("website", "feed"))
    assert found.edition.keywords == ("汛期", "值守", "安全")
    page = told(browser.get(HOME))
    assert "关于做好汛期安全工作的通知" in page
    assert "006123456/2024-00001" in page


def test_a_new_form_has_a_name_in_its_address_and_proposes_the_next_index_number(desk):
    """What is typed is found again under the same address, and the index number is the year's next."""
    browser = desk.browser(Role.CLERK)
    first = browser.get(f"{HOME}new/")
    assert first.status_code == 302
    shown = fields(browser.get(first.url).content.decode())
    assert re.fullmatch(r"006123456/\d{4}-00001", shown["index_number"])
    assert shown["proposed"] == shown["index_number"]
    assert shown["scratch"] == "new:" + first.url.partition("form=")[2]
    assert shown["issuing_body"] == desk.hand.office.name


def test_every_fault_is_told_at_once_beside_its_field_and_nothing_typed_is_lost(desk_sqlite):
    """A refused form comes back whole, with each complaint where it belongs, and the ledger has nothing."""
    browser = desk_sqlite.browser(Role.CLERK)
    answer = browser.post(f"{HOME}new/", words(title="", column="", made_on="2099-01-01", index_number="X-1", summary="一" * 600))
    assert answer.status_code == 422
    page = answer.content.decode()
    for field in ("title", "column", "made_on", "index_number", "summary"):
        assert f'id="{field}-wrong"' in page
    kept = fields(page)
    assert kept["body"] == "<p>进入汛期，请各社区加强值守。</p>"
    assert kept["summary"] == "一" * 600
    assert kept["channels"] == ["website"]
    assert "没有草稿" in told(browser.get(HOME))


def test_an_index_number_that_is_taken_is_refused_beside_the_field(desk):
    """One that somebody typed is theirs to change; nothing is saved under another."""
    browser = desk.browser(Role.CLERK)
    drafted(browser)
    answer = browser.post(f"{HOME}new/", words(scratch="new:b2"))
    assert answer.status_code == 422
    assert "已被使用" in answer.content.decode().partition('id="index_number-wrong"')[2][:200]


def test_a_proposed_index_number_that_a_colleague_took_meanwhile_is_replaced_by_the_next(desk):
    """Two people open new forms at once; the second to save gets the next number and is told so."""
    browser = desk.browser(Role.CLERK)
    shown = fields(browser.get(f"{HOME}new/?form=c3").content.decode())
    drafted(browser, index_number=shown["proposed"])
    second = drafted(browser, scratch="new:c3", index_number=shown["proposed"], proposed=shown["proposed"])
    assert held(second).edition.index_number.endswith("-00002")
    assert "已改用" in told(browser.get(f"{HOME}{second}/"))


def test_the_same_form_sent_twice_drafts_one_item(desk):
    """An impatient double click is one draft."""
    browser = desk.browser(Role.CLERK)
    first = drafted(browser)
    assert drafted(browser) == first


def test_the_way_back_to_a_form_that_was_saved_loses_nothing(desk_sqlite):
    """Sent again with other words, they wait in the draft's form: neither a second draft nor an edit that nobody meant."""
    browser = desk_sqlite.browser(Role.CLERK)
    first = drafted(browser)
    answer = browser.post(f"{HOME}new/", words(title="回到上一页又改的", do="submit"), follow=True)
    assert answer.redirect_chain[-1][0] == f"{HOME}{first}/"
    assert "还没有保存" in told(answer)
    assert fields(answer.content.decode())["title"] == "回到上一页又改的"
    assert held(first).edition.title == "关于做好汛期安全工作的通知"
    assert held(first).state is State.DRAFT


def test_plain_text_markdown_and_html_are_taken_by_what_they_are(desk_sqlite):
    """Without the editor, lines are paragraphs, # is a heading, and tags are tags."""
    browser = desk_sqlite.browser(Role.CLERK)
    bodies = {
        "第一段。\n第二段，1 < 2。": "<p>第一段。</p><p>第二段，1 &lt; 2。</p>",
        "## 安排\n\n| 社区 | 时间 |\n|---|---|\n| 城东 | 九点 |": "<h2>安排</h2>",
        '<p style="color:red">红</p><h1>大</h1>': "<p>红</p><h2>大</h2>",
    }
    for n, (typed, kept) in enumerate(bodies.items(), 1):
        edition = drafted(browser, scratch=f"new:d{n}", index_number=f"006123456/2024-{n:05d}", body=typed)
        assert held(edition).edition.body.startswith(kept)


def test_a_body_that_could_run_is_refused_by_name(desk_sqlite):
    """Scripts and handlers are never merely dropped: their writer learns of them."""
    browser = desk_sqlite.browser(Role.CLERK)
    answer = browser.post(f"{HOME}new/", words(body='<p onclick="x()">点</p><script>alert(1)</script>'))
    assert answer.status_code == 422
    assert "&lt;script&gt;" in answer.content.decode().partition('id="body-wrong"')[2][:300]
    assert "<script>alert" not in answer.content.decode()


def test_saving_again_without_a_change_changes_nothing(desk):
    """The same words do not become an edit, and void no signature."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser)
    before = held(edition)
    answer = browser.post(f"{HOME}{edition}/", form_of(browser, edition), follow=True)
    assert "内容没有变化" in told(answer)
    assert held(edition).seen == before.seen


def test_a_column_proposes_its_category_and_channels(desk_sqlite):
    """The piece of the form that belongs to a column comes filled as its habit is; followers are told, not ticked."""
    page = desk_sqlite.browser(Role.CLERK).get(f"{HOME}proposal/?column=dongtai").content.decode()
    assert re.search(r'value="工作信息" selected', page)
    assert re.findall(r'value="(\w+)"[^>]* checked', page) == ["website", "wechat"]
    assert "同时带上" in page
    assert 'value="feed"' not in page


def test_what_does_not_fit_a_channel_is_told_beside_that_channel(desk_sqlite):
    """A title of forty characters does not fit the article's field; the words stay in the form."""
    browser = desk_sqlite.browser(Role.CLERK)
    answer = browser.post(f"{HOME}new/", words(title="长" * 40, channels=["website", "wechat"]))
    assert answer.status_code == 422
    assert "32" in answer.content.decode().partition('id="channel-wechat-wrong"')[2][:300]
    edition = drafted(browser, title="长" * 40, short_title="短标题", channels=["website", "wechat"])
    assert held(edition).edition.short_title == "短标题"


def test_a_term_that_ran_out_is_warned_of(desk_sqlite):
    """Twenty working days after it was made, the page says by when it should have been public."""
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, made_on="2024-05-06")
    assert "2024-05-31" in told(browser.get(f"{HOME}{edition}/"))


def test_a_draft_of_another_office_is_not_there(desk_sqlite):
    """An edition is shown to its own office alone."""
    assert desk_sqlite.browser(Role.CLERK).get(f"{HOME}4711/").status_code == 404


def test_the_page_keeps_what_is_typed_and_shows_it_again(desk):
    """Kept by the page itself, never in the ledger; found again with a note, and gone once it is saved."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser)
    before = held(edition)
    form = form_of(browser, edition)
    assert "没有未保存的修改" in told(browser.post(f"{HOME}autosave/", form))
    assert "已自动留存" in told(browser.post(f"{HOME}autosave/", {**form, "title": "写到一半"}))
    assert held(edition).seen == before.seen
    assert "写到一半" in told(browser.get(HOME))
    page = browser.get(f"{HOME}{edition}/")
    assert "还没有保存为草稿" in told(page)
    assert fields(page.content.decode())["title"] == "写到一半"
    assert browser.post(f"{HOME}{edition}/", fields(page.content.decode())).status_code == 303
    assert scratch.mine("陈文书", "qingshui") == []
    assert held(edition).edition.title == "写到一半"


def test_a_kept_form_can_be_given_up(desk_sqlite):
    """The draft as it was saved is back."""
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser)
    browser.post(f"{HOME}autosave/", {**form_of(browser, edition), "title": "写到一半"})
    answer = browser.post(f"{HOME}autosave/", {"scratch": f"edition:{edition}", "drop": "1", "back": f"{HOME}{edition}/"})
    assert answer.url == f"{HOME}{edition}/"
    assert form_of(browser, edition)["title"] == "关于做好汛期安全工作的通知"
    assert browser.post(f"{HOME}autosave/", {"scratch": "x", "drop": "1", "back": "https://evil.example/"}).url == HOME


def test_two_people_on_one_draft_lose_nothing(desk):
    """The second to save is told who saved what, keeps their own words, and may save them over or leave them."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser)
    mine = form_of(browser, edition)
    other = desk.colleague("李文书")
    theirs = {**form_of(other, edition), "title": "同事改的标题"}
    assert other.post(f"{HOME}{edition}/", theirs).status_code == 303
    answer = browser.post(f"{HOME}{edition}/", {**mine, "title": "我改的标题"})
    assert answer.status_code == 409
    page = told(answer)
    assert "李文书" in page
    assert "刚被别人改过" in page
    shown = answer.content.decode()
    assert "<del>" in shown
    assert fields(shown)["title"] == "我改的标题"
    assert held(edition).edition.title == "同事改的标题"
    (over,) = re.findall(r'name="over" value="([^"]+)"', shown)
    assert browser.post(f"{HOME}{edition}/", {**fields(shown), "over": over}).status_code == 303
    assert held(edition).edition.title == "我改的标题"


def test_a_form_that_was_sent_twice_is_saved_and_nobody_else_was_there(desk):
    """An impatient double click; its words stand, and so says the page. Other words are somebody's all the same."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser)
    form = {**form_of(browser, edition), "title": "改过的标题", "channels": ["website", "wechat"]}
    for _click in (1, 2):
        answer = browser.post(f"{HOME}{edition}/", form, follow=True)
        assert answer.status_code == 200
        assert "已保存。" in told(answer)
    assert held(edition).edition.title == "改过的标题"
    for other in ({"title": "另一个标题"}, {"channels": ["website"]}):
        assert browser.post(f"{HOME}{edition}/", {**form, **other}).status_code == 409
    assert desk.colleague("李文书").post(f"{HOME}{edition}/", form).status_code == 409


def test_a_draft_laid_aside_is_listed_and_taken_up_again(desk):
    """Shelved with a reason, nothing lost, and an edit brings it back."""
    browser = desk.browser(Role.CLERK)
    edition = drafted(browser)
    assert "请写明理由" in told(browser.post(f"{HOME}{edition}/shelve/", {"reason": ""}, follow=True))
    browser.post(f"{HOME}{edition}/shelve/", {"reason": "等上级文件"})
    assert held(edition).state is State.SHELVED
    assert "搁置的" in told(browser.get(HOME))
    browser.post(f"{HOME}{edition}/", {**form_of(browser, edition), "title": "再来"})
    assert held(edition).state is State.DRAFT


def test_nobody_but_a_clerk_writes(desk_sqlite):
    """A reviewer's browser is refused, and nothing is drafted."""
    assert desk_sqlite.browser(Role.REVIEWER).post(f"{HOME}new/", words()).status_code == 403
    assert desk_sqlite.browser(Role.REPORTER).get(HOME).status_code == 403


def test_a_release_time_is_the_offices_own(desk_sqlite):
    """Typed without a zone, kept as an instant, shown again as it was typed; a time that is past is warned of."""
    browser = desk_sqlite.browser(Role.CLERK)
    edition = drafted(browser, release_at="2099-06-01T09:30")
    (website, feed) = held(edition).routes
    assert website.release_at.astimezone(desk_sqlite.hand.office.tz).isoformat() == "2099-06-01T09:30:00+08:00"
    assert feed.release_at == website.release_at
    assert form_of(browser, edition)["release_at"] == "2099-06-01T09:30"
    past = drafted(browser, scratch="new:r2", index_number="006123456/2024-00002", release_at="2024-06-01T09:30")
    assert "已经过去" in told(browser.get(f"{HOME}{past}/"))


def test_an_urgent_item_says_why_where_the_office_has_that_path(desk_sqlite):
    """The field stands there only where the path is open; its words go with the submission."""
    browser = desk_sqlite.browser(Role.CLERK)
    assert 'name="urgent"' not in browser.get(f"{HOME}new/?form=u0").content.decode()
    path = desk_sqlite.home / "gongkai.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("[office.index]", "urgent = true\n[office.index]", 1), encoding="utf-8")
    open_offices(desk_sqlite.home)
    assert 'name="urgent"' in browser.get(f"{HOME}new/?form=u1").content.decode()
    edition = drafted(browser)
    browser.post(f"{HOME}{edition}/submit/", {**form_of(browser, edition), "urgent": "暴雨红色预警，须立即告知群众"})
    assert held(edition).urgent_reason == "暴雨红色预警，须立即告知群众"
    assert "急件" in told(browser.get(HOME))


def test_what_the_editor_adds_around_every_cell_is_dropped(desk_sqlite):
    """A paragraph alone in a cell or a point of a list says nothing; two of them are two lines, and stay."""
    browser = desk_sqlite.browser(Role.CLERK)
    typed = "<table><tbody><tr><td><p>城东</p></td><td><p>一</p><p>二</p></td></tr></tbody></table><ul><li><p>带班</p></li></ul>"
    body = held(drafted(browser, body=typed)).edition.body
    assert "<td>城东</td>" in body
    assert "<td><p>一</p><p>二</p></td>" in body
    assert "<li>带班</li>" in body

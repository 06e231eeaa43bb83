"""The public's website: what a citizen, an inspector and a reader by machine find on it."""

from __future__ import annotations

import json
import re
import tracemalloc
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

import pytest

from channels.base import Setting
from channels.errors import ConfigurationError, UnsuitableError, UnusableError
from channels.website import Website, sitemaps
from channels.website.insignia import insignia
from content import metadata
from content.catalogue import ALL, PAGE, Entry, Line
from content.index_numbers import address
from content.items import Attachment, Image
from content.memory import MemoryCatalogue
from content.offices import Column, Site
from tests.builders import an_edition, an_office
from tests.channels.rigs.website import Rig
from tests.channels.sample_site import CORRECTED, FILLED, NASTY, PHOTO, PICTURE, TABLE, WITHDRAWN, a_picture, a_sample
from tests.rigs.goldens import Golden

GOLDENS = Path(__file__).parent / "goldens" / "website"
OFFICE = an_office()
START = datetime(2024, 1, 5, 9, 30, tzinfo=OFFICE.tz)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every file of the sample site. Read only."""
    rig = Rig(tmp_path_factory.mktemp("sample"))
    rig.channel.draw(a_sample()[1])
    return rig.shown()


def page(shown: dict[str, bytes], index_number: str) -> str:
    return shown[f"{address(index_number)}.html"].decode()


def metas(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta name="(\w+)" content="([^"]*)">', html))


def filled(count: int, **changes: Any) -> MemoryCatalogue:
    """That many items in one column, a day apart."""
    catalogue = MemoryCatalogue()
    for serial in range(1, count + 1):
        catalogue.release(an_edition(index_number=f"006123456/2024-{serial:05d}", title=f"第{serial}号通告", **changes), START + timedelta(days=serial))
    return catalogue


# what was accepted


@pytest.mark.parametrize("path", ["index.html", "about.html", "404.html", "map.html", "month.html", "tongzhi.html", "all/1.html", "month/2024-04.html",
                                  *(f"{address(number)}{suffix}" for number in (TABLE, PHOTO, CORRECTED, WITHDRAWN, NASTY) for suffix in (".html", ".json")),
                                  "robots.txt", "sitemap.xml", "sitemap/site.xml", "sitemap/0.xml"])
def test_the_public_reads_what_was_accepted(path: str, sample: dict[str, bytes], golden: Golden) -> None:
    golden.check(GOLDENS / path.rpartition("/")[2] if path.startswith("item/") else GOLDENS / path.replace("/", "-"), sample[path])


# what an inspector looks for


def test_every_page_says_whose_it_is(sample: dict[str, bytes]) -> None:
    """SiteName, SiteDomain and SiteIDCode of 国办发〔2017〕47号, and the footer's facts."""
    for path, content in sample.items():
        if path.endswith(".html"):
            html = content.decode()
            assert metas(html).items() >= {"SiteName": "清水街道政务公开网", "SiteDomain": "qingshui.example.gov.cn", "SiteIDCode": "4301000001"}.items()
            for said in ("主办单位", "承办单位", "联系电话", "网站标识码", "湘ICP备00000000号", "湘公网安备00000000000000号", "站点地图", "我为政府网站找错"):
                assert said in html, (path, said)


def test_an_item_page_carries_the_tags_of_a_content_page(sample: dict[str, bytes]) -> None:
    assert metas(page(sample, PHOTO)) == {
        "viewport": "width=device-width, initial-scale=1",
        "SiteName": "清水街道政务公开网", "SiteDomain": "qingshui.example.gov.cn", "SiteIDCode": "4301000001",
        "ColumnName": "工作动态", "ColumnDescription": "街道工作动态", "ColumnKeywords": "动态", "ColumnType": "工作动态",
        "ArticleTitle": "清水路东段雨污分流改造施工现场及周边公交线路调整情况", "PubDate": "2024-04-27 07:30",
        "ContentSource": "云州市清水区清水街道办事处", "Keywords": "道路施工,通告", "Author": "云州市清水区清水街道办事处",
        "Description": "自6月1日起封闭清水路东段施工，预计工期三十天。",
        "Image": f"https://qingshui.example.gov.cn/{address(PHOTO)}/{PICTURE[:12]}.png",
        "Url": f"https://qingshui.example.gov.cn/{address(PHOTO)}.html"}


@pytest.mark.parametrize(("path", "name", "kind"), [("tongzhi.html", "通知公告", "工作动态"), ("jigou.html", "机构职能", "机构职能"),
                                                    ("index.html", "首页", "首页"), ("about.html", "关于本站", "概况信息"),
                                                    ("map.html", "站点地图", "信息公开目录"), ("month.html", "按月浏览", "信息公开目录"),
                                                    ("all/0.html", "全部信息", "信息公开目录"), ("month/2024-04.html", "2024年4月", "信息公开目录")])
def test_a_list_carries_the_tags_of_a_column(path: str, name: str, kind: str, sample: dict[str, bytes]) -> None:
    tags = metas(sample[path].decode())
    assert (tags["ColumnName"], tags["ColumnType"]) == (name, kind)
    assert tags["ColumnDescription"]
    assert tags["ColumnKeywords"]


def test_a_correction_says_so_and_keeps_the_first_release(sample: dict[str, bytes]) -> None:
    html = page(sample, CORRECTED)
    assert metas(html)["PubDate"] == "2024-04-27 08:30"
    assert "更正时间：<time datetime=\"2024-04-30 06:30\">" in html
    assert "应为“每人每月300元”，特此更正。" in html
    assert metas(html)["ContentSource"] == "云州市人力资源和社会保障局"


def test_nobody_takes_a_dead_document_for_a_living_one(sample: dict[str, bytes]) -> None:
    """That it was repealed stands right below the title, before a word of it; of one in force nothing does."""
    html = page(sample, CORRECTED)
    title, warning, text = (html.index(mark) for mark in ("</h1>", '<p class="ended"><strong>废止</strong>本文件已废止（有效期至 2024-09-30）', '<div class="text">'))
    assert title < warning < text
    assert 'class="ended"' not in page(sample, TABLE)
    assert "<dt>有效性</dt><dd>有效</dd>" in page(sample, TABLE)


def test_what_the_catalogue_says_further_stands_among_the_facts_and_what_it_does_not_say_nowhere(sample: dict[str, bytes]) -> None:
    facts = page(sample, TABLE)
    for one in metadata.FIELDS:
        assert f"<dt>{one.label}</dt><dd>{escape(FILLED[one.slug])}</dd>" in facts
        assert f"<dt>{one.label}</dt>" not in page(sample, PHOTO)


def test_a_withdrawn_item_leaves_a_notice_and_none_of_its_words(sample: dict[str, bytes]) -> None:
    html = page(sample, WITHDRAWN)
    assert "此信息已撤回" in html
    assert "内容涉及个人信息，不宜公开" in html
    twin = json.loads(sample[f"{address(WITHDRAWN)}.json"])
    assert twin["status"] == "withdrawn"
    assert twin["withdrawn_at"] == "2024-05-01T06:30:00+08:00"
    assert not [path for path, content in sample.items() if "绝不应再出现".encode() in content]
    assert not [path for path in sample if path.startswith(f"{address(WITHDRAWN)}/")]


def test_no_page_has_a_script_a_style_of_its_own_or_anything_from_elsewhere(sample: dict[str, bytes]) -> None:
    """So that `default-src 'none'; style-src 'self'; img-src 'self'` can be the site's policy."""
    for path, content in sample.items():
        if path.endswith(".html"):
            assert not re.search(rb"<script|<style|\sstyle=|\son\w+=|@import|<img[^>]+src=\"(https?:)?//|<link[^>]+stylesheet[^>]+//", content), path
    assert b"url(" not in sample["style.css"]


def test_what_the_office_lacks_is_left_out(tmp_path: Path) -> None:
    office = an_office(site=Site(name="某站", home="https://a.gov.cn"), phone="", email="", address="", hours="", supervision_phone="", sandbox=False)
    Website("website", office=office, root=tmp_path, feeds=False).draw(MemoryCatalogue())
    html = (tmp_path / "index.html").read_text()
    for absent in ("网站标识码", "SiteIDCode", "ICP", "公安", "找错", "联系电话", "演示站点", "订阅", "feed.xml", "<dd></dd>", "None"):
        assert absent not in html


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><style>path{fill:red}</style><path d="M0 0h9v9z"/></svg>'
MARKED = Site(name="某站", home="https://a.gov.cn/b", logo="图/标志.svg", logo_alt="某街道的标志", mark="mark.png", mark_link="https://bszs.example.cn/a?b=1&c=2")


def insignia_of(home: Path, site: Site = MARKED, *, logo: bytes = SVG.encode()) -> Website:
    (home / "图").mkdir(exist_ok=True)
    (home / "图" / "标志.svg").write_bytes(logo)
    (home / "mark.png").write_bytes(a_picture())
    return Website.from_setting(Setting(name="website", office=an_office(site=site), home=home))


def test_every_page_shows_the_logo_in_its_header_and_the_official_mark_at_its_foot(tmp_path: Path) -> None:
    channel = insignia_of(tmp_path)
    channel.draw(filled(45))
    root = tmp_path / "site"
    pages = sorted(root.rglob("*.html"))
    assert len(pages) > 50
    for path in pages:
        html = path.read_text()
        header, footer = html[html.index("<header"):html.index("</header>")], html[html.index("<footer"):]
        logo = re.search(r'<img src="([^"]+)" alt="某街道的标志">', header)
        mark = re.search(r'<p class="mark"><a href="https://bszs.example.cn/a\?b=1&amp;c=2"><img src="([^"]+)" alt="党政机关网站标识"></a></p>', footer)
        for found, data in ((logo, SVG.encode()), (mark, a_picture())):
            assert found, path
            address, _, fingerprint = found[1].partition("?v=")
            served = root / address.removeprefix("/b/") if path.name == "404.html" else path.parent / address
            assert (served.read_bytes(), len(fingerprint)) == (data, 10), path


def test_a_new_logo_is_a_new_frame_and_one_that_is_given_up_is_swept(tmp_path: Path) -> None:
    """The next tick draws the whole site then; nothing is left behind."""
    before = insignia_of(tmp_path)
    before.draw(filled(1))
    after = insignia_of(tmp_path, logo=SVG.replace("red", "blue").encode())
    assert before.frame() != after.frame()
    bare = insignia_of(tmp_path, Site(name="某站", home="https://a.gov.cn/b"))
    assert bare.frame() not in (before.frame(), after.frame())
    bare.draw(filled(1))
    assert not list((tmp_path / "site").glob("site-*"))
    assert 'class="mark"' not in (tmp_path / "site" / "index.html").read_text()


def test_helpers_that_draw_along_show_them_too(tmp_path: Path) -> None:
    insignia_of(tmp_path).draw(filled(3))
    alone = {path.name: path.read_bytes() for path in (tmp_path / "site").rglob("*.html")}
    channel = insignia_of(tmp_path)
    helped = Website("website", office=channel.office, root=tmp_path / "helped", feeds=True, hands=1, pictures=insignia(MARKED, tmp_path))
    helped.draw(filled(3))
    assert {path.name: path.read_bytes() for path in (tmp_path / "helped").rglob("*.html")} == alone


@pytest.mark.parametrize(("logo", "said"), [
    (b"", "is no PNG, JPEG, GIF, WebP or SVG picture"), (b"<html><p>", "is no PNG"), (b" " * 500_001, "has 500,001 bytes"),
    (b"<svg><script>alert(1)</script></svg>", "holds <script>"), (b'<svg onload="alert(1)"/>', "holds <svg onload="),
    (b'<svg><a href="javascript:alert(1)"/></svg>', "holds <a href=")])
def test_a_picture_that_cannot_stand_on_every_page_is_refused_by_name(logo: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=rf"channel 'website': site.logo: .*标志.svg {re.escape(said)}"):
        insignia_of(tmp_path, logo=logo)


def test_a_picture_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"site.mark: .*missing.png cannot be read \(No such file or directory\); put it there"):
        insignia_of(tmp_path, Site(name="某站", home="https://a.gov.cn", mark="missing.png"))


def test_a_practice_site_says_so_and_stays_out_of_search_engines(sample: dict[str, bytes]) -> None:
    assert all("演示站点：内容为练习数据" in content.decode() for path, content in sample.items() if path.endswith(".html"))
    assert b"Disallow: /\n" in sample["robots.txt"]


# the article is what was signed


@pytest.mark.parametrize("index_number", [TABLE, PHOTO, CORRECTED, NASTY])
def test_the_page_holds_exactly_the_article_that_was_signed(index_number: str, sample: dict[str, bytes]) -> None:
    found = a_sample()[1].find(index_number)
    assert isinstance(found, Entry)
    rendition = Rig(Path("/nowhere")).channel.render(found.edition)
    assert rendition.body in page(sample, index_number)
    for said in (found.edition.title, found.edition.change_note, found.edition.index_number, found.edition.issuing_body):
        assert escape(said) in rendition.body


def test_markup_in_a_field_is_text(sample: dict[str, bytes]) -> None:
    for path, content in sample.items():
        if path.endswith(".html"):
            html = content.decode()
            assert "alert(" not in html or "&lt;script&gt;alert(&quot;1&quot;)" in html, path
            assert "<script" not in html
            assert "<b>摘要" not in html


def test_pictures_get_their_words_and_tables_can_be_scrolled(sample: dict[str, bytes]) -> None:
    assert f'src="006123456-2024-00022/{PICTURE[:12]}.png" alt="封闭施工的清水路东段"' in page(sample, PHOTO)
    assert 'alt="围挡"' in page(sample, PHOTO)
    assert '<div class="scroll" role="region" aria-label="表格" tabindex="0"><table>' in page(sample, TABLE)


def test_attachments_are_served_by_hash_and_said_by_name(sample: dict[str, bytes]) -> None:
    """A file that a browser would run as a page of the site is served without its suffix."""
    html = page(sample, PHOTO)
    assert 'download="附件1：清水路周边公交线路调整一览表.xlsx">附件1：清水路周边公交线路调整一览表.xlsx</a> <span class="size">XLSX，47 KB</span>' in html
    assert "HTML，1.7 MB" in html
    served = [path for path in sample if path.startswith(f"{address(PHOTO)}/")]
    assert len(served) == 3
    assert all(re.fullmatch(r"[\x21-\x7e]+", path) for path in sample)
    assert not [path for path in served if path.endswith(".html")]


def test_a_picture_that_the_edition_lacks_is_refused_before_sign_off() -> None:
    with pytest.raises(UnsuitableError, match=r"the picture '图\.png'"):
        Rig(Path("/nowhere")).channel.render(an_edition(body='<p><img src="图.png"></p>'))


def test_every_picture_of_an_edition_is_served_also_one_that_only_other_channels_show(tmp_path: Path) -> None:
    """Feeds and cards link a cover by its address on the site."""
    rig, catalogue = Rig(tmp_path), MemoryCatalogue({"c" * 64: b"cover"})
    catalogue.release(an_edition(images=(Image(name="封面.png", media_type="image/png", size=5, sha256="c" * 64, alt=""),)), START)
    rig.channel.draw(catalogue)
    assert rig.shown()["item/006123456-2024-0/006123456-2024-00017/cccccccccccc.png"] == b"cover"


def test_lost_bytes_of_an_attachment_stop_the_channel_and_say_which(tmp_path: Path) -> None:
    catalogue = MemoryCatalogue()
    catalogue.release(an_edition(attachments=(Attachment(name="附件.xlsx", media_type="", size=1, sha256="c" * 64),)), START)
    with pytest.raises(UnusableError, match=r"006123456/2024-00017: the bytes of '附件\.xlsx'.*restore them from a backup"):
        Rig(tmp_path).channel.draw(catalogue)


def test_a_correction_that_drops_an_attachment_takes_it_off_the_web(tmp_path: Path) -> None:
    rig, catalogue = Rig(tmp_path), MemoryCatalogue({"c" * 64: b"table"})
    catalogue.release(an_edition(attachments=(Attachment(name="附件.xlsx", media_type="", size=5, sha256="c" * 64),)), START)
    rig.channel.draw(catalogue)
    assert [path for path in rig.shown() if path.endswith(".xlsx")]
    rig.channel.redraw(catalogue, [catalogue.correct(an_edition(number=2, change_note="删除附件"), START + timedelta(days=1))])
    assert not [path for path in rig.shown() if path.endswith(".xlsx")]


@pytest.mark.parametrize(("body", "headings"), [
    ("<h3>a</h3><h4>b</h4><h2>c</h2><h4>d</h4>", ["h2", "h3", "h2", "h3"]), ("<h2>a</h2><h3>b</h3><h3>c</h3>", ["h2", "h3", "h3"]),
    ("<h4>a</h4><h3>b</h3><h2>c</h2>", ["h2", "h2", "h2"]), ("<p>x</p>", [])])
def test_headings_go_down_a_level_at_a_time(body: str, headings: list[str]) -> None:
    rendition = Rig(Path("/nowhere")).channel.render(an_edition(body=body))
    assert re.findall(r"<(h\d)>", rendition.body)[1:] == headings
    assert re.findall(r"</(h\d)>", rendition.body)[1:] == headings


# the JSON twin


def test_the_twin_says_all_that_an_open_data_reader_can_want(sample: dict[str, bytes]) -> None:
    twin = json.loads(sample[f"{address(PHOTO)}.json"])
    here = f"https://qingshui.example.gov.cn/{address(PHOTO)}"
    assert twin.keys() == {"index_number", "status", "edition", "title", "summary", "body_html", "issuing_body", "source", "document_number", "column",
                           "column_name", "category", "keywords", "made_on", "released_at", "updated_at", "change_note", "link", "urn", "images",
                           "attachments", "metadata"}
    assert twin["metadata"] == {}
    assert json.loads(sample[f"{address(TABLE)}.json"])["metadata"] == FILLED
    assert twin["released_at"] == "2024-04-27T07:30:00+08:00"
    assert twin["link"] == f"{here}.html"
    assert UUID(twin["urn"].removeprefix("urn:uuid:")).version == 5
    assert twin["images"][0]["url"] in twin["body_html"]
    for file in (*twin["images"], *twin["attachments"]):
        assert file["url"].removeprefix("https://qingshui.example.gov.cn/") in sample
        assert file["url"].startswith(f"{here}/{file['sha256'][:12]}")


def test_the_documentation_names_every_field_of_the_twin(sample: dict[str, bytes]) -> None:
    said = (Path(__file__).parents[2] / "docs/channels/website.md").read_text()
    for index_number in (PHOTO, WITHDRAWN):
        for field in json.loads(sample[f"{address(index_number)}.json"]):
            assert f"`{field}`" in said, field


# lists


def older(shown: dict[str, bytes], path: str) -> Iterator[str]:
    """A list's pages, from the front by 较早的信息 to the oldest."""
    while True:
        yield path
        found = re.search(r'rel="next" href="([^"]+)"', shown[path].decode())
        if not found:
            return
        path = urljoin(f"/{path}", found[1]).lstrip("/")


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 40, 41, 59, 60, 61])
def test_whoever_pages_back_meets_every_item(count: int, tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.channel.draw(filled(count))
    shown = rig.shown()
    for front in ("tongzhi.html", "all.html"):
        met = {name for path in older(shown, front) for name in re.findall(r"第(\d+)号通告", shown[path].decode())}
        assert met == {str(serial) for serial in range(1, count + 1)}


def test_a_numbered_page_holds_its_twenty_places_newest_first_and_never_says_of_how_many(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.channel.draw(filled(70))
    html = rig.shown()["tongzhi/1.html"].decode()
    assert [int(serial) for serial in re.findall(r"第(\d+)号通告</a>", html)] == list(range(40, 20, -1))
    assert "第 21—40 条" in html
    assert 'href="../tongzhi/2.html">较新的信息' in html
    assert 'href="../tongzhi/0.html">较早的信息' in html
    assert "70" not in html


def test_a_page_of_an_archive_stays_as_it_is_once_the_next_is_full(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.channel.draw(filled(45))
    before = rig.shown()
    rig.channel.draw(filled(145))
    after = rig.shown()
    assert before["tongzhi/0.html"] == after["tongzhi/0.html"]


def test_a_new_item_writes_the_same_few_files_whatever_the_archive(tmp_path: Path) -> None:
    for count in (27, 1007):
        rig, catalogue = Rig(tmp_path / str(count)), filled(count)
        rig.channel.draw(catalogue)
        before = rig.shown()
        edition = an_edition(index_number="006123456/2024-09000", title="新的通告")
        rig.channel.redraw(catalogue, [catalogue.release(edition, START + timedelta(days=count, hours=1))])
        after = rig.shown()
        month = f"month/{START + timedelta(days=count):%Y-%m}.html"
        assert {path for path in after if before.get(path) != after[path]} == {
            "item/006123456-2024-9/006123456-2024-09000.html", "item/006123456-2024-9/006123456-2024-09000.json",
            "tongzhi.html", "all.html", month, "index.html", f"sitemap/{count // sitemaps.SHARD}.xml"}


def test_a_page_that_fills_is_drawn_and_the_one_before_links_to_it(tmp_path: Path) -> None:
    rig, catalogue = Rig(tmp_path), filled(2 * PAGE - 1)
    rig.channel.draw(catalogue)
    assert 'href="../tongzhi.html">较新的信息' in rig.shown()["tongzhi/0.html"].decode()
    rig.channel.redraw(catalogue, [catalogue.release(an_edition(index_number="006123456/2024-09000"), START + timedelta(days=40))])
    shown = rig.shown()
    assert "tongzhi/1.html" in shown
    assert 'href="../tongzhi/1.html">较新的信息' in shown["tongzhi/0.html"].decode()


def test_a_page_all_of_whose_items_were_withdrawn_still_stands(tmp_path: Path) -> None:
    rig, catalogue = Rig(tmp_path), filled(45)
    for serial in range(1, 21):
        catalogue.withdraw(f"006123456/2024-{serial:05d}", START + timedelta(days=90), "重复发布")
    rig.channel.draw(catalogue)
    assert "这一页的信息已全部撤回" in rig.shown()["tongzhi/0.html"].decode()


def test_the_sitemap_names_every_live_item_once_and_opens_shards_by_place(tmp_path: Path) -> None:
    rig, catalogue = Rig(tmp_path), filled(sitemaps.SHARD - 1)
    rig.channel.draw(catalogue)
    assert "sitemap/1.xml" not in rig.shown()
    touched = [catalogue.release(an_edition(index_number=f"006123456/2024-0900{n}"), START + timedelta(days=600)) for n in range(3)]
    touched.append(catalogue.withdraw("006123456/2024-00007", START + timedelta(days=601), "重复发布"))
    rig.channel.redraw(catalogue, touched)
    shown = rig.shown()
    assert shown["sitemap.xml"].count(b"<loc>") == 3  # the fixed pages and two shards
    located = [path for shard in ("sitemap/0.xml", "sitemap/1.xml") for path in re.findall(r"<loc>(.*?)</loc>", shown[shard].decode())]
    assert len(located) == len(set(located)) == catalogue.size(ALL) - 1
    assert not [url for url in located if "00007" in url]
    assert shown["sitemap/1.xml"].count(b"<loc>") == 2


# what is not ours, and what no longer is


def test_only_our_own_strangers_are_swept(tmp_path: Path) -> None:
    """Feeds lie in the same folders; proofs of ownership for search engines are put into the root by hand."""
    rig = Rig(tmp_path)
    rig.channel.draw(filled(45))
    theirs = {"feed.xml": b"f", "tongzhi/atom.xml": b"a", "google1a2b3c.html": b"g", "baidu_verify_codeva-x.html": b"b", ".well-known/security.txt": b"s",
              "old-column/feed.json": b"j"}
    strange = {"item/006123456-2024-0/stranger.html": b"", "item/006123456-2024-0/006123456-2024-00099.json": b'{"index_number": "006123456/2024-00099"}',
               "item/other/x.html": b"", "item/006123456-2024-0/006123456-2024-00001/x.pdf": b"", "item/006123456-2024-0/nobody/x.pdf": b"",
               "tongzhi/77.html": b"", "month/1999-01.html": b"", "month/1999-01/0.html": b"", "sitemap/9.xml": b"", "old-column/0.html": b"",
               "item/006123456-2024-0/broken.json": b"{"}
    clean = rig.shown()
    for path, content in (theirs | strange).items():
        (rig.root / path).parent.mkdir(parents=True, exist_ok=True)
        (rig.root / path).write_bytes(content)
    rig.channel.draw(filled(45))
    assert rig.shown() == clean | theirs


def test_a_column_that_the_office_gave_up_leaves_no_list_and_its_items_stay(tmp_path: Path) -> None:
    Website("website", office=OFFICE, root=tmp_path, feeds=True).draw(filled(45))
    assert (tmp_path / "tongzhi/1.html").exists()
    office = an_office(columns=(Column(slug="jigou", name="机构职能"),), categories=())
    Website("website", office=office, root=tmp_path, feeds=True).draw(filled(45))
    assert not (tmp_path / "tongzhi").exists()
    assert not (tmp_path / "tongzhi.html").exists()
    html = (tmp_path / f"{address('006123456/2024-00001')}.html").read_text()
    assert "tongzhi" not in html
    assert "全部信息" in html


def test_a_site_below_a_path_has_links_that_work_there(tmp_path: Path) -> None:
    office = an_office(site=Site(name="某站", home="https://www.a.gov.cn/qingshui"))
    Website("website", office=office, root=tmp_path, feeds=True).draw(filled(1))
    html = (tmp_path / "404.html").read_text()
    assert 'href="/qingshui/style.css?v=' in html
    assert 'href="/qingshui/tongzhi.html"' in html
    assert 'href="/' not in (tmp_path / "index.html").read_text()


# configuration


@pytest.mark.parametrize(("options", "said"), [({"path": 3}, "path is 3; name a folder"), ({"feeds": "yes"}, "feeds is 'yes'; say true or false"),
                                               ({"pfad": "x"}, "pfad is unknown; a website knows feeds, follows, path")])
def test_a_wrong_key_is_named(options: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=f"channel '政府网站': {said}"):
        Website.from_setting(Setting(name="政府网站", office=OFFICE, home=tmp_path, options=options))


def test_the_folder_starts_at_the_home_folder(tmp_path: Path) -> None:
    assert Website.from_setting(Setting(name="w", office=OFFICE, home=tmp_path)).root == tmp_path / "site"
    assert Website.from_setting(Setting(name="w", office=OFFICE, home=tmp_path, options={"path": "/srv/www"})).root == Path("/srv/www")


# memory


class Endless(MemoryCatalogue):
    """A catalogue of any length that keeps none of it."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def _entry(self, place: int) -> Entry:
        edition = an_edition(index_number=f"006123456/2024-{place + 1:06d}", body="<p>" + "公开" * 1000 + "</p>")
        return Entry(edition=edition, released_at=START, updated_at=START, urn=UUID(int=place))

    def size(self, name: str) -> int:
        return self._count if name in (ALL, "column:tongzhi", "month:2024-01") else 0

    def months(self) -> list[str]:
        return ["2024-01"]

    def walk(self, places: range | None = None) -> Iterator[Entry]:
        return map(self._entry, places or range(self._count))

    def lines(self, name: str, places: range | None = None) -> Iterator[Line]:
        for place in places or range(self.size(name)):
            if place >= self.size(name):
                return
            edition = self._entry(place).edition
            yield Line(index_number=edition.index_number, title=edition.title, column=edition.column, summary=edition.summary,
                       released_at=START, updated_at=START, place=place)

    def latest(self, name: str, limit: int) -> list[Line]:
        return []


def test_the_memory_of_a_whole_drawing_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    peaks = []
    for count in (500, 500, 2500):  # the first warms what is made once
        website = Website("website", office=OFFICE, root=tmp_path / str(count), feeds=True, hands=0)
        tracemalloc.start()
        website.draw(Endless(count))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < peaks[1] * 1.25


def test_what_this_process_holds_of_a_large_site_is_never_more_than_a_stretch(tmp_path: Path) -> None:
    website = Website("website", office=OFFICE, root=tmp_path, feeds=True, hands=2)
    tracemalloc.start()
    website.draw(Endless(4000))  # 24 MB of bodies
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000

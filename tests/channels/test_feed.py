"""Subscribers: what a feed reader is given, held to the specifications and to what we promise beyond them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.base import Setting
from channels.errors import ConfigurationError, UnsuitableError
from channels.feed import NEWEST, Feed
from content.catalogue import Entry, Touch
from content.html import sanitise
from content.items import UNPRINTABLE, Attachment, Edition, Image
from content.memory import MemoryCatalogue
from content.offices import Column
from tests.builders import an_edition, an_office
from tests.channels.rigs.feed import Rig
from tests.channels.strict_feeds import AT, ATOM, check, check_atom, check_json, check_rss
from tests.rigs.goldens import Golden

GOLDENS = Path(__file__).parent / "goldens" / "feed"
START = datetime(2024, 6, 3, 9, 0, tzinfo=an_office().tz)
HOME = "https://qingshui.example.gov.cn"

MAP = Image(name="map.png", media_type="image/png", size=2048, sha256="c1" * 32, alt="绕行路线图")
TABLE = Attachment(name="附件1：封闭路段 & 时间表.xlsx", size=4096, sha256="a1" * 32,
                   media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
LETTER = Attachment(name="附件2：意见征集.pdf", media_type="application/pdf", size=1024, sha256="b2" * 32)


def numbered(serial: int, **changes: Any) -> Edition:
    """The edition of that serial, with its own link as the ledger would give it."""
    return an_edition(index_number=f"006123456/2024-{serial:05d}", link=f"{HOME}/item/006123456-2024-0/006123456-2024-{serial:05d}.html",
                      **changes)


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


@pytest.fixture
def told() -> MemoryCatalogue:
    """A catalogue with a story: plain, rich, moved by a correction, withdrawn."""
    catalogue = MemoryCatalogue()
    catalogue.release(numbered(1), START)
    catalogue.release(numbered(2, title="关于征求意见的公告", images=(MAP,), attachments=(TABLE, LETTER),
                               document_number="清街发〔2024〕12号", source="清水区人民政府",
                               body='<figure><img src="map.png" alt="绕行路线图"></figure><p>详见<a href="/about.html">说明</a>。</p>'),
                      START + timedelta(days=1))
    catalogue.release(numbered(3, title="社区开展消防演练", column="dongtai", summary=""), START + timedelta(days=2))
    catalogue.release(numbered(4, title="不该公开的一条"), START + timedelta(days=3))
    catalogue.correct(numbered(1, number=2, column="jigou", change_note="施工日期由5月改为6月。"), START + timedelta(days=4))
    catalogue.withdraw("006123456/2024-00004", START + timedelta(days=5), "内容有误")
    return catalogue


def entries(shown: dict[str, bytes], path: str = "feed.json") -> dict[str, Any]:
    """Index number → entry of a JSON feed."""
    return {item["_gongkai"]["index_number"]: item for item in json.loads(shown[path])["items"]}


# what a subscriber is given


def test_every_feed_keeps_to_its_specification(rig: Rig, told: MemoryCatalogue) -> None:
    """Well-formed, valid and complete, for strict and liberal readers alike."""
    rig.channel.draw(told)
    shown = rig.shown()
    assert set(shown) == {f"{folder}{name}" for folder in ("", "tongzhi/", "dongtai/", "jigou/")
                          for name in ("feed.xml", "atom.xml", "feed.json")}
    for path, data in shown.items():
        check(path, data)


def test_a_feed_without_entries_is_a_feed(rig: Rig) -> None:
    """An office subscribes its visitors on its first day."""
    rig.channel.draw(MemoryCatalogue())
    for path, data in rig.shown().items():
        check(path, data)
    assert b"Sat, 01 Jan 2000" in rig.shown()["feed.xml"]


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml", "feed.json", "jigou/atom.xml"])
def test_says_what_it_said(rig: Rig, told: MemoryCatalogue, golden: Golden, name: str) -> None:
    rig.channel.draw(told)
    golden.check(GOLDENS / name.replace("/", "-"), rig.shown()[name])


def test_the_sealed_entry_says_what_it_said(rig: Rig, golden: Golden) -> None:
    edition = numbered(2, number=2, images=(MAP,), attachments=(TABLE, LETTER), change_note="更换 <图> & 表",
                       body='<p><img src="map.png" alt="图"></p><p><a href="#x">见下</a></p>')
    rendition = rig.channel.render(edition)
    golden.check(GOLDENS / "rich.html", f"{rendition.title}\n{rendition.fields}\n\n{rendition.body}\n".encode())


def test_the_newest_thirty_come_newest_first(rig: Rig) -> None:
    catalogue = MemoryCatalogue()
    for serial in range(1, NEWEST + 6):
        catalogue.release(numbered(serial), START)  # all at the same instant: their places decide
    rig.channel.draw(catalogue)
    wanted = [f"006123456/2024-{serial:05d}" for serial in range(NEWEST + 5, 5, -1)]
    assert list(entries(rig.shown())) == wanted
    for name in ("feed.xml", "atom.xml"):
        assert re.findall(r"<dc:identifier>(.*?)</dc:identifier>", rig.shown()[name].decode()) == wanted


def test_the_three_formats_say_the_same(rig: Rig, told: MemoryCatalogue) -> None:
    """Whoever subscribes by another format misses nothing."""
    rig.channel.draw(told)
    shown = rig.shown()
    feed, parser = json.loads(shown["feed.json"]), {"sanitize_html": False, "resolve_relative_uris": False}
    rss, atom = (feedparser.parse(shown[name], **parser) for name in ("feed.xml", "atom.xml"))
    for by_rss, by_atom, item in zip(rss.entries, atom.entries, feed["items"], strict=True):
        assert by_rss.id == by_atom.id == item["id"]
        assert by_rss.link == by_atom.link == item["url"]
        assert by_rss.title == by_atom.title == item["title"]
        in_rss = by_rss.content[0].value if "content" in by_rss else by_rss.summary  # RSS without a summary has one text, not two
        assert in_rss == by_atom.content[0].value == item["content_html"]
        assert by_rss.published_parsed == by_atom.published_parsed
        assert by_rss.author == by_atom.author == item["authors"][0]["name"]
        assert by_rss.dc_identifier == by_atom.dc_identifier == item["_gongkai"]["index_number"]


def test_pictures_links_and_attachments_have_whole_addresses(rig: Rig, told: MemoryCatalogue) -> None:
    """A reader of feeds stands on no page of ours; the addresses are those of the website."""
    rig.channel.draw(told)
    item = entries(rig.shown())["006123456/2024-00002"]
    folder = f"{HOME}/item/006123456-2024-0/006123456-2024-00002"
    assert f'<img src="{folder}/c1c1c1c1c1c1.png"' in item["content_html"]
    assert f'<a href="{HOME}/about.html"' in item["content_html"]
    assert f'<a href="{folder}/a1a1a1a1a1a1.xlsx">附件1：封闭路段 &amp; 时间表.xlsx</a>' in item["content_html"]
    assert [(file["url"], file["title"], file["size_in_bytes"]) for file in item["attachments"]] == [
        (f"{folder}/a1a1a1a1a1a1.xlsx", TABLE.name, 4096), (f"{folder}/b2b2b2b2b2b2.pdf", LETTER.name, 1024)]
    atom = check_atom(rig.shown()["atom.xml"])
    assert [(link.get("href"), link.get("title"), int(link.get("length", ""))) for link in atom.findall(f".//{ATOM}link[@rel='enclosure']")] == [
        (file["url"], file["title"], file["size_in_bytes"]) for file in item["attachments"]]
    enclosures = [e.get("url") for e in check_rss(rig.shown()["feed.xml"]).findall(".//enclosure")]
    assert enclosures == [f"{folder}/a1a1a1a1a1a1.xlsx"], "RSS has room for one: the first"


def test_a_feed_names_itself_and_its_hub(tmp_path: Path) -> None:
    """WebSub needs both; without a hub configured there is no word of one."""
    for hub in ("", "https://hub.example.org/"):
        channel = Feed("feed", office=an_office(), root=tmp_path / "site", hub=hub)
        channel.draw(MemoryCatalogue())
        text = {path.name: path.read_text() for path in (tmp_path / "site" / "tongzhi").iterdir()}
        assert f'<atom:link href="{HOME}/tongzhi/feed.xml" rel="self" type="application/rss+xml"/>' in text["feed.xml"]
        assert f'<link href="{HOME}/tongzhi/atom.xml" rel="self" type="application/atom+xml"/>' in text["atom.xml"]
        assert json.loads(text["feed.json"])["feed_url"] == f"{HOME}/tongzhi/feed.json"
        assert all(("hub" in said) == bool(hub) for said in text.values())


# what stays, what moves


def test_ids_stay_and_updated_moves_with_a_correction_only(rig: Rig) -> None:
    catalogue = MemoryCatalogue()
    catalogue.release(numbered(1), START)
    catalogue.release(numbered(2), START + timedelta(hours=1))
    rig.channel.draw(catalogue)
    before = entries(rig.shown())
    catalogue.release(numbered(3), START + timedelta(days=1))
    catalogue.correct(numbered(1, number=2, change_note="改正日期。"), START + timedelta(days=2))
    rig.channel.draw(catalogue)
    after = entries(rig.shown())
    assert after["006123456/2024-00002"] == before["006123456/2024-00002"]
    old, new = before["006123456/2024-00001"], after["006123456/2024-00001"]
    assert (old["id"], old["date_published"]) == (new["id"], new["date_published"])
    assert (old["date_modified"], new["date_modified"]) == (old["date_published"], "2024-06-05T09:00:00+08:00")
    assert new["content_html"].startswith("<p><strong>更正说明：</strong>改正日期。</p>")
    for name in ("feed.xml", "atom.xml"):
        assert [e.id for e in feedparser.parse(rig.shown()[name]).entries] == [item["id"] for item in after.values()]


def test_a_withdrawal_leaves_a_tombstone_in_atom_and_nothing_elsewhere(rig: Rig) -> None:
    """RFC 6721: readers drop their copy. RSS and JSON Feed have no word for it; there the entry is gone."""
    catalogue = MemoryCatalogue()
    touches = [catalogue.release(numbered(4, title="不该公开的一条"), START)]
    urn = catalogue.latest_entries("all", 1)[0].urn.urn
    rig.channel.draw(catalogue)
    touches.append(catalogue.withdraw("006123456/2024-00004", START + timedelta(days=1), "内容有误\x00"))
    rig.channel.redraw(catalogue, touches[1:])
    shown = rig.shown()
    for path, data in shown.items():
        check(path, data)
        assert "不该公开" not in data.decode()
        assert (urn in data.decode()) == path.endswith("atom.xml"), path
    stone = check_atom(shown["atom.xml"]).find(f"{AT}deleted-entry")
    assert stone is not None
    assert (stone.get("ref"), stone.get("when")) == (urn, "2024-06-04T09:00:00+08:00")
    assert stone.findtext(f"{AT}comment") == "索引号 006123456/2024-00004 的信息已撤回：内容有误"


def test_whoever_had_it_through_a_column_it_left_learns_of_the_withdrawal(rig: Rig) -> None:
    catalogue = MemoryCatalogue()
    catalogue.release(numbered(1), START)
    rig.channel.draw(catalogue)
    rig.channel.redraw(catalogue, [catalogue.correct(numbered(1, number=2, column="dongtai"), START + timedelta(days=1))])
    rig.channel.redraw(catalogue, [catalogue.withdraw("006123456/2024-00001", START + timedelta(days=2), "重复")])
    assert b"deleted-entry" in rig.shown()["tongzhi/atom.xml"]


@pytest.fixture
def another_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the year that feedgen takes for now."""
    def to(year: int) -> None:
        class IsInstance(type):
            def __instancecheck__(cls, value: object) -> bool:
                return isinstance(value, datetime)

        class Clock(metaclass=IsInstance):
            @staticmethod
            def now(tz: Any = None) -> datetime:
                return datetime(year, 1, 1, tzinfo=tz)

        monkeypatch.setattr("feedgen.feed.datetime", Clock)
        monkeypatch.setattr("feedgen.entry.datetime", Clock)

    return to


def test_the_bytes_know_no_clock_and_files_that_say_the_same_are_not_touched(
        rig: Rig, told: MemoryCatalogue, another_day: Callable[[int], None]) -> None:
    """A validator (ETag, Last-Modified) changes only when there is news."""
    another_day(1999)
    rig.channel.draw(told)
    before = {path: path.stat().st_mtime_ns for path in rig.root.rglob("*") if path.is_file()}
    shown = rig.shown()
    another_day(2050)
    rig.channel.draw(told)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert rig.shown() == shown


def test_a_correction_into_another_column_moves_between_the_feeds(rig: Rig) -> None:
    catalogue = MemoryCatalogue()
    catalogue.release(numbered(1), START)
    rig.channel.draw(catalogue)
    rig.channel.redraw(catalogue, [catalogue.correct(numbered(1, number=2, column="dongtai"), START + timedelta(days=1))])
    shown = rig.shown()
    assert not entries(shown, "tongzhi/feed.json")
    assert entries(shown, "dongtai/feed.json")
    assert entries(shown)
    for path, data in shown.items():
        check(path, data)


def test_a_release_redraws_its_own_feeds_and_no_others(rig: Rig) -> None:
    """And asks the catalogue for nothing whose cost grows with the archive."""
    catalogue = Frugal()
    rig.channel.draw(catalogue)
    before = {path: path.stat().st_mtime_ns for path in rig.root.rglob("*.*")}
    catalogue.asked.clear()
    rig.channel.redraw(catalogue, [catalogue.release(numbered(1), START)])
    changed = {path.relative_to(rig.root).as_posix() for path, at in before.items() if path.stat().st_mtime_ns != at}
    assert changed == {f"{folder}{name}" for folder in ("", "tongzhi/") for name in ("feed.xml", "atom.xml", "feed.json")}
    assert catalogue.asked == [("all", NEWEST), ("column:tongzhi", NEWEST)]


class Frugal(MemoryCatalogue):
    """Answers what a feed may ask, and says who asked for what."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, int]] = []

    def latest_entries(self, name: str, limit: int) -> list[Entry]:
        self.asked.append((name, limit))
        return list(super().latest_entries(name, limit))

    def walk(self, places: range | None = None) -> Iterator[Entry]:
        raise AssertionError("a feed has no business with the whole archive")

    def count(self, name: str) -> int:
        raise AssertionError("a feed has no business with the whole archive")


# whose files


def test_draws_beside_the_website_and_touches_none_of_its_files(rig: Rig, told: MemoryCatalogue) -> None:
    """And a column that is no longer configured loses its feeds, and an emptied folder goes."""
    old = an_office(columns=(*an_office().columns, Column(slug="old", name="旧栏目"), Column(slug="older", name="更旧")))
    Feed("feed", office=old, root=rig.root).draw(told)
    theirs = {"index.html": b"x", "old/1.html": b"y", "tongzhi/2.html": b"z", "item/a/b.json": b"{}", "sitemap.xml": b"<x/>"}
    for path, data in theirs.items():
        (rig.root / path).parent.mkdir(parents=True, exist_ok=True)
        (rig.root / path).write_bytes(data)
    (rig.root / "tongzhi" / ".feed.xml.tmp").write_bytes(b"half")
    rig.channel.draw(told)
    shown = rig.shown()
    assert {path: shown[path] for path in theirs} == theirs
    assert {path for path in shown if path.startswith("old") or path.endswith(".tmp")} == {"old/1.html"}
    assert not (rig.root / "older").exists()


def test_the_frame_changes_with_what_the_feeds_say_of_themselves(tmp_path: Path) -> None:
    """When it changes everything is drawn anew; when it does not, a redraw is enough."""
    def frame(hub: str = "", **changes: Any) -> str:
        return Feed("feed", office=an_office(**changes), root=tmp_path, hub=hub).frame()

    assert frame() == frame(phone="0731-11111111")
    frames = [frame(), frame(hub="https://hub.example.org/"), frame(name="别的办事处"), frame(columns=an_office().columns[:2]),
              frame(zone="Asia/Urumqi")]
    assert len(set(frames)) == len(frames)


# awkward words

AWKWARD = [
    "a ]]> b & c < d > e \" ' <![CDATA[", "表情🚧👩‍👩‍👧‍👦", "\u202eمرحبا\u202c abc\u200f", "&amp; &lt;b&gt; &#x202e;", "\t两\n行", "\x85\ufdd0\U0010ffff",
    "<script>alert(1)</script>", "😀" * 2000, "\u2028\u2029", "é e\u0301",
]


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_words_arrive_as_they_were_written(rig: Rig, text: str) -> None:
    catalogue = MemoryCatalogue()
    edition = an_edition(
        title=f"题{text}", summary=text, body=sanitise(f"<p>{text}</p>"), keywords=(text, "&"), category=text, change_note=text,
        issuing_body=f"局{text}", source=text, document_number=text, link=f"{HOME}/i.html?a=1&b=<2>",
        attachments=(Attachment(name=f"{text}.pdf", media_type="", size=1, sha256="0" * 64),))
    catalogue.release(edition, START)
    rig.channel.draw(catalogue)
    shown = rig.shown()
    for path, data in shown.items():
        check(path, data)
    said = " ".join(f"题{text}".split())
    item = check_json(shown["feed.json"])["items"][0]
    channel, atom = check_rss(shown["feed.xml"]), check_atom(shown["atom.xml"])
    assert item["title"] == channel.findtext("item/title") == atom.findtext(f"{ATOM}entry/{ATOM}title") == said
    assert item["summary"] == channel.findtext("item/description") == atom.findtext(f"{ATOM}entry/{ATOM}summary") == text
    assert item["content_html"] == atom.findtext(f"{ATOM}entry/{ATOM}content")
    assert item["url"] == channel.findtext("item/link") == f"{HOME}/i.html?a=1&b=<2>"


TEXT = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: not UNPRINTABLE.search(text))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXT, summary=TEXT, body=TEXT, note=TEXT, keyword=TEXT, reason=st.text())
def test_whatever_an_edition_may_hold_makes_strict_feeds(
        rig: Rig, title: str, summary: str, body: str, note: str, keyword: str, reason: str) -> None:
    """What was signed off can always be said: no text breaks a feed for all its subscribers."""
    catalogue = MemoryCatalogue()
    catalogue.release(an_edition(title=f"题{title}", summary=summary, body=sanitise(body), change_note=note, keywords=(keyword,)), START)
    catalogue.release(numbered(2), START)
    catalogue.withdraw("006123456/2024-00002", START, reason.encode("utf-8", "ignore").decode())
    rig.channel.draw(catalogue)
    for path, data in rig.shown().items():
        check(path, data)


# what is refused


def test_refuses_a_picture_that_the_edition_does_not_carry(rig: Rig) -> None:
    """Found before sign-off; a broken picture in a thousand readers can't be called back."""
    with pytest.raises(UnsuitableError, match=r"006123456/2024-00017 shows the picture 'x\.png'"):
        rig.channel.render(an_edition(body='<p><img src="x.png" alt=""></p>'))
    assert 'src="https://x.example/y.png"' in rig.channel.render(an_edition(body='<p><img src="https://x.example/y.png" alt=""></p>')).body


@pytest.mark.parametrize(("options", "complaint"), [
    ({"hubb": "https://x.example/"}, "channel 'feed': hubb is unknown; a feed knows follows, hub, path"),
    ({"hub": "hub.example.org"}, "channel 'feed': hub is 'hub.example.org'; give the hub's address"),
    ({"path": 3}, "channel 'feed': path is 3; give text"),
])
def test_names_the_key_that_is_wrong(tmp_path: Path, options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(complaint)):
        Feed.from_setting(Setting(name="feed", office=an_office(), home=tmp_path, options=options))


def test_lies_under_the_home_folder_as_configured(tmp_path: Path) -> None:
    def built(**options: Any) -> Feed:
        return Feed.from_setting(Setting(name="feed", office=an_office(), home=tmp_path, options=options))

    assert built().root == tmp_path / "site"
    channel = built(path="public", follows="website", hub="https://hub.example.org/")
    assert (channel.root, channel.hub) == (tmp_path / "public", "https://hub.example.org/")


# the checks themselves


@pytest.mark.parametrize(("name", "old", "new"), [
    ("feed.xml", b"<pubDate>Mon,", b"<pubDate>Monday,"), ("feed.xml", b"<description>", b"<descripcion>"),
    ("feed.xml", b'isPermaLink="false"', b'isPermaLink="true"'), ("atom.xml", b"<updated>2024-06-05T09:00:00+08:00", b"<updated>2024-06-05"),
    ("atom.xml", b'rel="self"', b'rel="alternate"'), ("atom.xml", b"<id>urn:uuid:", b"<id>"), ("atom.xml", b"<published>", b"<publicado>"),
    ("atom.xml", b'when="', b'wann="'), ("feed.json", b'"date_published"', b'"datePublished"'), ("feed.json", b'"size_in_bytes": 4096', b'"size_in_bytes": "4096"'),
    ("feed.json", b'"id": "urn', b'"_id": "urn'), ("feed.json", b'"url": "https://', b'"url": "'),
])
def test_the_strict_checks_catch_what_is_wrong(rig: Rig, told: MemoryCatalogue, name: str, old: bytes, new: bytes) -> None:
    """A check that passes everything would prove nothing."""
    rig.channel.draw(told)
    good = rig.shown()[name]
    check(name, good)
    bad = good.replace(old, new).replace(old.replace(b"<", b"</"), new.replace(b"<", b"</"))
    assert bad != good
    with pytest.raises(Exception):  # noqa: B017 - which rule it was is the check's own business
        check(name, bad)


def test_nothing_touched_nothing_drawn(rig: Rig) -> None:
    rig.channel.redraw(MemoryCatalogue(), [Touch(index_number="006123456/2024-00001", spots=())])
    assert not rig.root.exists()

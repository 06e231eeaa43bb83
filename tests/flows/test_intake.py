"""Importing: each bad line is refused with file, line and field; the good ones beside it go in."""

from __future__ import annotations

import json

import pytest
from rich.console import Console

from content.rules import State
from flows import intake
from flows.commands.importing import take_file
from ledger import queries
from ledger.models import Blob, Edition, Event, Item
from tests.flows.stage import CODE, furnish, instant, record, sign, write_lines

pytestmark = pytest.mark.ledger

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082")
BAD = {
    "missing title": (record(title="  "), "title: is missing"),
    "no title at all": ({key: value for key, value in record().items() if key != "title"}, "title: is missing"),
    "control character": (record(title="关于\x0b停水的通知"), "title: holds the control character U+000B at position 3"),
    "control character deep within": (record(keywords=["汛期", "a\x00"]), "keywords: holds the control character U+0000"),
    "half a surrogate pair": ('{"title": "\\ud800停水", "body": "<p>a</p>", "column": "tongzhi", "made_on": "2024-05-30"}', "title: holds the control character U+D800"),
    "script": (record(body="<p>停水</p><script>alert(1)</script>"), "body: holds <script>"),
    "handler": (record(body="<p onclick='a()'>停水</p>"), "body: holds <p onclick=…>"),
    "script in a link": (record(body="<a href='javascript:a()'>停水</a>"), "body: holds <a href="),
    "no date": (record(made_on="2024-02-30"), "made_on: '2024-02-30' is no date"),
    "date of another kind": (record(made_on=20240530), "made_on: 20240530 is no date"),
    "future": (record(made_on="2031-01-01"), "made_on: 2031-01-01 lies in the future"),
    "5 MB body": (record(body=f"<p>{'文' * 1_700_000}</p>"), "body: has 1,700,007 characters; 200,000 are allowed"),
    "empty body": (record(body="<p> </p>"), "body: has no text"),
    "unknown column": (record(column="nowhere"), "column: there is no column 'nowhere'"),
    "unknown category": (record(category="其他类"), "category: there is no category '其他类'"),
    "unknown channel": (record(channels=["telegraph"]), "channels: there is no channel 'telegraph'"),
    "unknown field": (record(titel="a"), "titel: is no field of an item"),
    "number of another office": (record(index_number="999/2024-00001"), "index_number: '999/2024-00001' is not of the form"),
    "picture that is none": (record(images=[{"file": "evil.png"}], body='<p>a<img src="evil.png" alt="b"></p>'), "images: evil.png is no PNG"),
    "picture that is missing": (record(body='<p>a<img src="b.png" alt="b"></p>'), "body: shows the picture 'b.png'"),
    "file outside": (record(attachments=[{"file": "../../etc/passwd", "name": "a.txt"}]), "attachments: ../../etc/passwd cannot be read: it lies outside"),
    "file of a kind not published": (record(attachments=[{"file": "run.exe"}]), "attachments: run.exe: files of this kind are not published"),
    "no object": ("[1, 2]", "should be one object in braces"),
    "no JSON": ("{title: 停水}", "is no JSON"),
    "too long for WeChat": (record(column="dongtai", title="关于" + "长" * 40 + "的通知"), "channels: 微信公众号 (wechat): "),
    "a change note for nothing": (record(index_number="006123456/2024-00077", change_note="改正日期"), "index_number: 006123456/2024-00077 is not in the ledger"),
}


@pytest.mark.parametrize("case", BAD)
def test_refuses_a_bad_line_by_file_line_and_field_and_takes_the_others(sqlite, case):
    """The message names file, line and field; the lines before and after are in; nothing of the bad one is."""
    hand = furnish(sqlite)
    (sqlite / "evil.png").write_bytes(b"<script>alert(1)</script>")
    (sqlite / "run.exe").write_bytes(b"MZ")
    bad, said = BAD[case]
    file = write_lines(sqlite / "items.jsonl", record(title="第一条"), bad, record(title="第三条"))
    result = take_file(hand, file, by="文书", at="2024-06-03T09:00", console=Console(quiet=True))
    assert (result.taken, len(result.refused)) == (2, 1)
    assert result.refused[0].startswith(f"{file}:2: ")
    assert said in result.refused[0]
    assert sorted(Edition.objects.values_list("title", flat=True)) == ["第一条", "第三条"]
    assert not Blob.objects.exists()


def test_refuses_lines_that_are_not_utf_8_and_takes_the_others(sqlite):
    """One line in GB18030 does not lose the UTF-8 lines beside it."""
    hand = furnish(sqlite)
    file = sqlite / "mixed.jsonl"
    file.write_bytes(json.dumps(record(), ensure_ascii=False).encode() + b"\n" + json.dumps(record(title="二"), ensure_ascii=False).encode("gb18030") + b"\n")
    result = take_file(hand, file, by="文书", at="2024-06-03T09:00", console=Console(quiet=True))
    assert result.taken == 1
    assert "mixed.jsonl:2: byte" in result.refused[0]
    assert "is not UTF-8; save the file as UTF-8" in result.refused[0]


def test_says_it_once_when_a_whole_file_is_utf_16(sqlite):
    """A spreadsheet's 'Unicode text' is one fault, not one a line."""
    hand = furnish(sqlite)
    file = sqlite / "excel.jsonl"
    file.write_bytes(json.dumps(record(), ensure_ascii=False).encode("utf-16"))
    result = take_file(hand, file, by="文书", at="2024-06-03T09:00", console=Console(quiet=True))
    assert result.refused == [f"{file}: is UTF-16; save it as UTF-8 and import it again"]


def test_refuses_a_second_item_with_the_same_index_number(sqlite):
    """Two different texts cannot share an identity."""
    hand = furnish(sqlite)
    number = "006123456/2024-00017"
    file = write_lines(sqlite / "items.jsonl", record(index_number=number), record(index_number=number, title="另一条"))
    result = take_file(hand, file, by="文书", at="2024-06-03T09:00", console=Console(quiet=True))
    assert (result.taken, len(result.refused)) == (1, 1)
    assert f"items.jsonl:2: index_number: index number {number} is taken" in result.refused[0]


def test_a_second_import_of_the_same_file_changes_nothing(sqlite):
    """Not one row, not one event, whether or not the lines name an index number, and with corrections among them."""
    hand = furnish(sqlite)
    (sqlite / "a.png").write_bytes(PNG)
    picture = record(title="有图", images=[{"file": "a.png", "alt": "图"}], body='<p>图<img src="a.png" alt="图"></p>')
    sign(hand, sqlite, record(index_number="006123456/2024-00017"))
    file = write_lines(sqlite / "items.jsonl", record(index_number="006123456/2024-00017"), record(title="无号"), picture)
    first = take_file(hand, file, by="文书", at="2024-06-03T09:00", console=Console(quiet=True))
    before = (Item.objects.count(), Edition.objects.count(), Event.objects.count())
    second = take_file(hand, file, by="文书", at="2024-06-03T10:00", console=Console(quiet=True))
    assert (first.taken, first.known) == (2, 1)
    assert (second.taken, second.known, second.refused) == (0, 3, [])
    assert (Item.objects.count(), Edition.objects.count(), Event.objects.count()) == before


def test_proposes_the_next_index_number_of_the_year(sqlite):
    """Serials go on after the highest one that was given, whoever gave it."""
    hand = furnish(sqlite)
    file = write_lines(sqlite / "items.jsonl", record(index_number="006123456/2024-00041"), record(title="下一条"))
    take_file(hand, file, by="文书", at="2024-06-03T09:00", console=Console(quiet=True))
    assert sorted(Item.objects.values_list("index_number", flat=True)) == ["006123456/2024-00041", "006123456/2024-00042"]


def test_a_feed_goes_along_with_the_website(sqlite):
    """Nobody routes an item to the feed by hand."""
    hand = furnish(sqlite)
    line = next(intake.lines(write_lines(sqlite / "items.jsonl", record(channels=["board", "website"]))))
    taken = intake.take_in(hand, line, by="文书", at=instant(hand))
    assert taken.edition_id is not None
    found = queries.edition_in_hand(edition_id=taken.edition_id)
    assert found.channels == ("board", "website", "feed")
    assert found.edition.link == "https://qingshui.example.gov.cn/item/006123456-2024-0/006123456-2024-00001.html"
    assert queries.editions_in(office=CODE, state=State.DRAFT) == [(taken.edition_id, "006123456/2024-00001")]

"""The sample year comes out as the real office's report says, and holds nothing that a public example may not hold."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from content import configuration, html
from content.index_numbers import Composition
from content.items import UNPRINTABLE
from content.records import read_record

YEAR = Path(__file__).parents[2] / "examples" / "juzizhou-2017"
PERSONAL = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)\d{15}(?!\d)")
TELEPHONE = re.compile(r"0731-\d+")
TITLE_OF_WECHAT = 32


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (YEAR / name).read_text(encoding="utf-8").splitlines()]


ITEMS = rows("items.jsonl")
CORRECTIONS = rows("corrections.jsonl")
WITHDRAWALS = rows("withdrawals.jsonl")
CONFIGURATION = tomllib.loads((YEAR / "gongkai.toml").read_text(encoding="utf-8"))
OFFICE = CONFIGURATION["office"][0]
SECTION = configuration.read(CONFIGURATION)[0]
BY_INDEX = {item["index_number"]: item for item in ITEMS}


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in strings(part)]


def named(item: dict[str, Any]) -> str:
    return f"{item['index_number']} {item['title']}"


# the figures


def test_the_year_has_the_items_of_the_report() -> None:
    assert len(ITEMS) == len(BY_INDEX) == 346


def test_channels_carry_what_the_report_says() -> None:
    """Website 320, board 70, WeChat 84; every item goes somewhere and nowhere twice."""
    assert Counter(channel for item in ITEMS for channel in item["channels"]) == {"website": 320, "board": 70, "wechat": 84}
    assert all(item["channels"] and len(set(item["channels"])) == len(item["channels"]) for item in ITEMS)


def test_categories_hold_what_the_report_says_and_what_it_leaves_out() -> None:
    assert Counter(item["category"] for item in ITEMS) == {"机构职能类": 28, "工作信息": 263, "": 55}


def test_everything_can_be_released_within_the_year() -> None:
    """From the first working days to the last, in all twelve months."""
    days = [date.fromisoformat(item["made_on"]) for item in ITEMS]
    assert days == sorted(days)
    assert date(2017, 1, 3) <= days[0] <= days[-1] <= date(2017, 12, 29)
    assert {day.month for day in days} == set(range(1, 13))


def test_most_items_are_made_on_weekdays() -> None:
    weekend = [item for item in ITEMS if date.fromisoformat(item["made_on"]).weekday() >= 5]
    assert len(weekend) <= len(ITEMS) * 0.03, [named(item) for item in weekend]


# the items


def test_index_numbers_are_composed_in_order() -> None:
    composition = Composition(**OFFICE["index"])
    assert [composition.parse(item["index_number"]) for item in ITEMS] == [(2017, serial) for serial in range(1, 347)]


def test_no_two_items_share_a_title() -> None:
    assert not [title for title, count in Counter(item["title"] for item in ITEMS).items() if count > 1]


def test_no_two_items_share_a_paragraph() -> None:
    """Nobody would believe a year that repeats itself."""
    said = Counter(line for item in ITEMS for line in html.text(item["body"]).splitlines() if len(line) > 40)
    assert not [line for line, count in said.items() if count > 1]


def test_document_numbers_run_with_the_days() -> None:
    """Each series is numbered from 1 in order of date, as an office's registry does."""
    series: dict[str, list[int]] = {}
    for item in ITEMS:
        if item["document_number"]:
            found = re.fullmatch(r"(桔街[发办])〔2017〕(\d+)号", item["document_number"])
            assert found, named(item)
            series.setdefault(found[1], []).append(int(found[2]))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in series.values())
    assert set(series) == {"桔街发", "桔街办"}


@pytest.mark.parametrize("item", [*ITEMS, *CORRECTIONS], ids=lambda item: item["index_number"] + item.get("change_note", "")[:8])
def test_an_item_can_be_carried(item: dict[str, Any]) -> None:
    """Its body rests as it is, holds nothing dangerous or unprintable, and every picture and file is there."""
    assert html.dangers(item["body"]) == []
    assert html.sanitise(item["body"]) == item["body"]
    assert not [text for text in strings(item) if UNPRINTABLE.search(text)]
    assert sorted(html.image_names(item["body"])) == sorted(image["name"] for image in item["images"])
    assert all(image["name"].isascii() and image["alt"] for image in item["images"])
    assert all((YEAR / file["file"]).is_file() for file in [*item["images"], *item["attachments"]])


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["index_number"])
def test_an_item_has_the_measure_of_its_kind(item: dict[str, Any]) -> None:
    """Bodies worth reading, summaries that say more than the title, titles that fit the account."""
    assert 150 <= len(html.text(item["body"])) <= 4000
    assert 14 <= len(item["summary"]) <= 100
    assert item["summary"].rstrip("。") != item["title"]
    assert 2 <= len(item["keywords"]) <= 5
    assert len(item["short_title"]) <= TITLE_OF_WECHAT
    if "wechat" in item["channels"]:
        assert len(item["short_title"] or item["title"]) <= TITLE_OF_WECHAT
    else:
        assert not item["short_title"]


def test_items_use_the_characters_of_gb2312() -> None:
    """So that every font of an office has them."""
    odd = {(named(item), char) for item in ITEMS for text in strings(item) for char in text if not encodable(char)}
    assert not odd


def encodable(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def test_the_year_is_varied() -> None:
    """Tables, lists, pictures, attachments and some long reads: what the channels have to cope with."""
    assert sum("<table" in item["body"] for item in ITEMS) >= 45
    assert sum("<ul" in item["body"] or "<ol" in item["body"] for item in ITEMS) >= 65
    assert sum(bool(item["images"]) for item in ITEMS) >= 18
    assert sum(bool(item["attachments"]) for item in ITEMS) >= 18
    assert sum(len(html.text(item["body"])) >= 3000 for item in ITEMS) >= 3
    assert sum(bool(item["short_title"]) for item in ITEMS) >= 3


# nobody is in it


def test_no_personal_number_stands_in_it() -> None:
    """Neither mobile nor identity numbers, nor what looks like one; telephone lines are plainly nobody's."""
    for item in [*ITEMS, *CORRECTIONS, *WITHDRAWALS]:
        for text in strings(item):
            assert not PERSONAL.search(text), named(BY_INDEX[item["index_number"]])
            assert all(line.startswith("0731-000000") and len(line) == 13 for line in TELEPHONE.findall(text)), text


def test_attachments_of_text_hold_no_personal_number() -> None:
    for file in (YEAR / "files").glob("*.csv"):
        assert not PERSONAL.search(file.read_text(encoding="utf-8-sig"))


# files


def test_every_file_belongs_to_an_item() -> None:
    used = {file["file"] for item in [*ITEMS, *CORRECTIONS] for file in [*item["images"], *item["attachments"]]}
    assert used == {f"files/{path.name}" for path in (YEAR / "files").iterdir()}


def test_the_folder_is_small() -> None:
    """It is cloned by everyone: 2.5 MB at most, a picture 60 kB."""
    sizes = {path: path.stat().st_size for path in YEAR.rglob("*") if path.is_file()}
    assert sum(sizes.values()) < 2_500_000
    assert all(size <= 60_000 for path, size in sizes.items() if path.suffix in {".png", ".jpg"})


def test_files_are_what_their_names_say() -> None:
    heads = {".png": b"\x89PNG", ".pdf": b"%PDF", ".xlsx": b"PK", ".docx": b"PK", ".csv": b"\xef\xbb\xbf"}
    for path in (YEAR / "files").iterdir():
        assert path.read_bytes().startswith(heads[path.suffix]), path.name


# corrections and withdrawals


def test_corrections_say_something_new_of_a_known_item_after_its_month() -> None:
    """The whole item again, changed, with its reason; queued when the first edition is out."""
    assert len(CORRECTIONS) == len({row["index_number"] for row in CORRECTIONS}) == 4
    for row in CORRECTIONS:
        first = BY_INDEX[row["index_number"]]
        assert set(row) == {*first, "change_note", "release_at"}
        assert row["change_note"]
        assert row["body"] != first["body"]
        assert row["channels"] == first["channels"]
        released = datetime.fromisoformat(row["release_at"]).date()
        assert released.year == 2017
        assert released.replace(day=1) > date.fromisoformat(first["made_on"])


def test_withdrawals_give_the_public_a_reason() -> None:
    """One of them must be taken off the account as well; none is corrected too."""
    assert len(WITHDRAWALS) == 2
    assert any("wechat" in BY_INDEX[row["index_number"]]["channels"] for row in WITHDRAWALS)
    assert not {row["index_number"] for row in WITHDRAWALS} & {row["index_number"] for row in CORRECTIONS}
    for row in WITHDRAWALS:
        assert set(row) == {"index_number", "on", "reason"}
        assert row["reason"]
        made = date.fromisoformat(BY_INDEX[row["index_number"]]["made_on"])
        assert made + timedelta(days=31) <= date.fromisoformat(row["on"]) <= date(2017, 12, 31)


# the office


def test_items_stand_in_the_columns_of_the_office() -> None:
    """Each column has items but that of the annual report, which is made of them; and each item the category of its column."""
    columns = SECTION.office.by_slug
    assert {item["column"] for item in ITEMS} == set(columns) - {SECTION.office.report_column}
    assert [named(item) for item in ITEMS if item["category"] != columns[item["column"]].category] == []


@pytest.mark.parametrize("item", [*ITEMS, *CORRECTIONS], ids=lambda item: item["index_number"] + item.get("change_note", "")[:8])
def test_the_door_takes_every_line(item: dict[str, Any]) -> None:
    """As `gongkai import` reads a line, files and all; what it read says what was written."""
    record = read_record(item, office=SECTION.office, channels=frozenset(channel.name for channel in SECTION.channels),
                         today=date(2017, 12, 31), load=lambda name: (YEAR / name).read_bytes())
    edition = record.edition(index_number=item["index_number"], number=1, link="")
    assert (edition.title, edition.body, record.channels) == (item["title"], item["body"], tuple(item["channels"]))


def test_items_go_to_channels_that_the_office_has() -> None:
    channels = {channel["name"]: channel["kind"] for channel in OFFICE["channel"]}
    assert channels == {"website": "website", "feed": "feed", "board": "board", "wechat": "wechat"}
    assert {channel for item in ITEMS for channel in item["channels"]} <= set(channels)
    assert {channel for column in OFFICE["column"] for channel in column["channels"]} <= set(channels)


def test_the_office_is_one_for_practice_and_keeps_no_secret() -> None:
    """Only a sandbox office may have its clock set; a secret stands in the environment."""
    assert OFFICE["sandbox"] is True
    assert OFFICE["site"]["home"].endswith(".example.gov.cn")
    assert len(OFFICE["site"]["id_code"]) == 10
    assert "secret" not in {key for channel in OFFICE["channel"] for key in channel}


def test_the_readme_says_what_is_counted() -> None:
    text = (YEAR / "README.md").read_text(encoding="utf-8")
    combinations = Counter(tuple(item["channels"]) for item in ITEMS)
    for label, channels in (("website alone", ("website",)), ("website and board", ("website", "board")), ("website and WeChat", ("website", "wechat")),
                            ("website, board and WeChat", ("website", "board", "wechat")), ("board alone", ("board",)), ("WeChat alone", ("wechat",)),
                            ("board and WeChat", ("board", "wechat"))):
        assert f"| {label} | {combinations[channels]} |" in text, label

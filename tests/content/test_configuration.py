"""gongkai.toml is understood whole, or every fault in it is told in one reading, with its place."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.configuration import ConfigurationFault, read
from content.metadata import SLUGS

WHOLE = """
[[office]]
code = "qingshui"
name = "云州市清水区清水街道办事处"
short_name = "清水街道"
zone = "Asia/Shanghai"
sandbox = true
categories = ["工作信息"]
address = "清水路1号"
supervision_phone = " 0731-00000001 "

[office.index]
code = "006123456"

[office.site]
name = "清水街道政务公开"
home = "https://qingshui.example.gov.cn/"
id_code = "4301000001"

[[office.column]]
slug = "tongzhi"
name = "通知公告"
category = "工作信息"
channels = ["website", "board"]
keywords = ["通知"]
board_days = 15

[[office.column]]
slug = "dongtai"
name = "工作动态"

[[office.channel]]
name = "website"
kind = "website"
theme = "blue"

[[office.channel]]
name = "feed"
kind = "feed"
follows = "website"

[[office.channel]]
name = "board"
kind = "board"
"""


def document() -> dict[str, Any]:
    return tomllib.loads(WHOLE)


def faults(changed: dict[str, Any]) -> list[str]:
    with pytest.raises(ConfigurationFault, match=r"office|ofice") as caught:
        read(changed)
    assert str(caught.value) == "\n".join(caught.value.faults)
    return caught.value.faults


def test_the_desk_is_told_where_it_stands_and_whether_there_is_an_urgent_path():
    office = read(document())[0].office
    assert (office.urgent, office.desk_url) == (False, "")
    changed = document()
    changed["office"][0] |= {"urgent": True, "desk_url": "https://desk.example.gov.cn/"}
    office = read(changed)[0].office
    assert (office.urgent, office.desk_url) == (True, "https://desk.example.gov.cn")


def test_when_the_report_is_due_and_where_it_is_published_may_be_said():
    changed = document()
    assert read(changed)[0].office.report_due is None, "the form's, then"
    changed["office"][0]["report"] = {"due": "01-15", "column": "tongzhi"}
    office = read(changed)[0].office
    assert (office.report_due, office.report_column) == ((1, 15), "tongzhi")


def test_a_whole_office_is_understood():
    (section,) = read(document())
    office = section.office
    assert (office.code, office.short_name, office.sandbox, office.supervision_phone) == ("qingshui", "清水街道", True, "0731-00000001")
    assert office.site.home == "https://qingshui.example.gov.cn"
    assert office.index.compose(2024, 17) == "006123456/2024-00017"
    assert [(one.slug, one.category, one.channels, one.board_days) for one in office.columns] == [
        ("tongzhi", "工作信息", ("website", "board"), 15), ("dongtai", "", (), 10)]
    assert [(one.name, one.kind, one.follows, dict(one.options)) for one in section.channels] == [
        ("website", "website", "", {"theme": "blue"}), ("feed", "feed", "website", {}), ("board", "board", "", {})]
    assert section.follows == {"feed": "website"}


def test_several_offices_stand_in_their_order():
    two = document()
    two["office"].append({**document()["office"][0], "code": "pingan"})
    assert [section.office.code for section in read(two)] == ["qingshui", "pingan"]


def change(path: str, value: Any) -> Any:
    """The document with one value changed; ... takes it out."""
    changed: Any = document()
    at = changed
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return changed


@pytest.mark.parametrize(("path", "value", "fault"), [
    ("office", ..., "office: no [[office]] is described"), ("office", {"code": "x"}, "office: should be written [[office]]"),
    ("office", ["x"], "office[0]: should be a table"), ("ofice", [], "ofice: is not a key of this section; check its spelling"),
    ("office.0.code", ..., "office[0].code: is missing"), ("office.0.code", " ", "office[0].code: is missing"),
    ("office.0.name", 3, "office[0].name: should be text in quotes, not 3"),
    ("office.0.code", "清水", "office[0].code: '清水': small letters, digits, - and _, beginning with a letter"),
    ("office.0.sandbox", "yes", "office[0].sandbox: should be true or false, not 'yes'"),
    ("office.0.urgent", 1, "office[0].urgent: should be true or false, not 1"),
    ("office.0.desk_url", "desk.example.gov.cn", "office[0].desk_url: should begin with https://, not 'desk.example.gov.cn'"),
    ("office.0.categories", "工作信息", 'office[0].categories: should be a list of texts, ["…", "…"]'),
    ("office.0.categories", [1], 'office[0].categories: should be a list of texts, ["…", "…"]'),
    ("office.0.zone", "Asia/Nowhere", "office[0]: office 'qingshui': 'Asia/Nowhere' is no time zone; China's is Asia/Shanghai"),
    ("office.0.colour", "red", "office[0].colour: is not a key of this section; check its spelling"),
    ("office.0.report", {"due": "31 January"}, "office[0].report.due: should be month and day, \"01-31\", not '31 January'"),
    ("office.0.report", {"due": "02-31"}, "office[0]: office 'qingshui': report.due (2, 31) is no day of the year"),
    ("office.0.report", {"column": "nianbao"}, "office[0]: office 'qingshui': report.column 'nianbao' is none of its columns"),
    ("office.0.report", {"deu": "01-31"}, "office[0].report.deu: is not a key of this section; check its spelling"),
    ("office.0.index", ..., "office[0].index: is missing"), ("office.0.index", "x", "office[0].index: should be a table"),
    ("office.0.index.code", ..., "office[0].index.code: is missing"),
    ("office.0.index.pattern", "{code}-{year}", "office[0].index: '{code}-{year}': name {code}, {year} and {serial:05d} once each, and nothing else in braces"),
    ("office.0.index.patern", "x", "office[0].index.patern: is not a key of this section; check its spelling"),
    ("office.0.site", ..., "office[0].site: is missing"), ("office.0.site.name", ..., "office[0].site.name: is missing"),
    ("office.0.site.home", "www.example.gov.cn", "office[0].site.home: should begin with https://, not 'www.example.gov.cn'"),
    ("office.0.site.icp", 3, "office[0].site.icp: should be text in quotes, not 3"), ("office.0.site.ipc", "x", "office[0].site.ipc: is not a key of this section; check its spelling"),
    ("office.0.column", ..., "office[0].column: no [[office.column]] is described"),
    ("office.0.column", {}, "office[0].column: should be written [[column]]"), ("office.0.column.1.slug", ..., "office[0].column[1].slug: is missing"),
    ("office.0.column.1.slug", "tongzhi", "office[0]: office 'qingshui': two columns share a slug"),
    ("office.0.column.1.slug", "item", "office[0]: column 'item': small letters, digits and -, and none of "),
    ("office.0.column.1.category", "别的", "office[0]: column 'dongtai': category '别的' is not among the office's categories"),
    ("office.0.column.1.channels", ["fax"], "office[0].column[1].channels: there is no channel 'fax' in this office"),
    *(("office.0.column.0.board_days", value, f"office[0].column[0].board_days: should be a whole number from 1, not {value!r}") for value in (0, True, "10", 1.5)),
    ("office.0.column.0.keyword", [], "office[0].column[0].keyword: is not a key of this section; check its spelling"),
    ("office.0.channel", ..., "office[0].channel: no [[office.channel]] is described"),
    ("office.0.channel.0.kind", ..., "office[0].channel[0].kind: is missing"), ("office.0.channel.2.name", "feed", "office[0].channel[2].name: there are two channels 'feed'"),
    ("office.0.channel.2.name", "Board", "office[0].channel[2].name: 'Board': small letters, digits, - and _, beginning with a letter"),
    ("office.0.channel.1.follows", "fax", "office[0].channel[1].follows: there is no channel 'fax' that it could follow"),
    ("office.0.channel.2.follows", "feed", "office[0].channel[2].follows: there is no channel 'feed' that it could follow"),
    ("office.0.channel.1.follows", "feed", "office[0].channel[1].follows: there is no channel 'feed' that it could follow"),
])
def test_each_fault_is_told_with_its_place(path, value, fault):
    found = faults(change(path, value))
    assert any(one.startswith(fault) for one in found), found


def test_every_fault_is_found_in_one_reading():
    changed = change("office.0.name", ...)
    changed["office"][0]["site"]["home"] = "x"
    changed["office"][0]["column"][0]["board_days"] = 0
    changed["office"][0]["channel"][0]["name"] = "W"
    found = faults(changed)
    assert {one.split(":")[0] for one in found} == {
        "office[0].name", "office[0].site.home", "office[0].column[0].board_days", "office[0].channel[0].name", "office[0].channel[1].follows",
        "office[0].column[0].channels"}


def test_one_code_for_two_offices_is_a_fault():
    two = document()
    two["office"].append(document()["office"][0])
    assert faults(two) == ["office: code 'qingshui' is used twice"]


LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10)
ANYTHING = LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(st.text(max_size=5), LEAVES, max_size=2)
PATHS = ["office", "office.0", *(f"office.0.{key}" for key in document()["office"][0]), *(f"office.0.{part}.{key}" for part in ("index", "site") for key in document()["office"][0][part]),
         *(f"office.0.column.0.{key}" for key in document()["office"][0]["column"][0]), "office.0.column.1", "office.0.channel.0", "office.0.channel.1.follows"]


@settings(max_examples=200)
@given(st.sampled_from(PATHS), ANYTHING)
def test_whatever_stands_there_is_understood_or_told(path, value):
    try:
        sections = read(change(path, value))
    except ConfigurationFault as fault:
        if not all(fault.faults):
            raise
        return
    assert all(section.office.columns and section.channels for section in sections)


def test_an_office_says_which_further_facts_its_form_asks_for():
    (section,) = read(tomllib.loads(WHOLE))
    assert (section.office.metadata_shown, section.office.metadata_required) == (SLUGS, ())
    (section,) = read(tomllib.loads(WHOLE + '[office.metadata]\nshown = ["genre", "validity"]\nrequired = ["validity"]\n'))
    assert (section.office.metadata_shown, section.office.metadata_required) == (("validity", "genre"), ("validity",))
    (section,) = read(tomllib.loads(WHOLE + "[office.metadata]\nshown = []\n"))
    assert section.office.metadata_shown == ()


@pytest.mark.parametrize(("said", "fault"), [
    ('shown = ["有效性"]', "office[0].metadata.shown: there is no field '有效性'; known are validity, "),
    ('required = ["valid"]', "office[0].metadata.required: there is no field 'valid'; known are "),
    ('shown = ["genre"]\nrequired = ["carrier"]', "office[0].metadata.required: 'carrier' is not shown, so nobody could fill it in"),
    ("hidden = []", "office[0].metadata.hidden: is not a key of this section")])
def test_a_further_fact_that_there_is_not_is_named(said, fault):
    with pytest.raises(ConfigurationFault) as caught:
        read(tomllib.loads(f"{WHOLE}[office.metadata]\n{said}\n"))
    assert any(one.startswith(fault) for one in caught.value.faults), caught.value.faults


def test_a_site_names_its_logo_and_the_mark_that_was_given_out_to_it():
    said = 'logo = "logo.svg"\nlogo_alt = "标志"\nmark = "mark.png"\nmark_link = "{}"\n'
    (section,) = read(tomllib.loads(WHOLE.replace('id_code = "4301000001"\n', said.format("https://bszs.example.cn/1"))))
    site = section.office.site
    assert (site.logo, site.logo_alt, site.mark, site.mark_link) == ("logo.svg", "标志", "mark.png", "https://bszs.example.cn/1")
    with pytest.raises(ConfigurationFault, match=r"office\[0\].site.mark_link: should begin with https://, not 'javascript:1'"):
        read(tomllib.loads(WHOLE.replace('id_code = "4301000001"\n', said.format("javascript:1"))))

"""Feeds held to the letter of what defines them. Each check raises AssertionError and says which rule was broken."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
from lxml import etree

ATOM, AT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/atompub/tombstones/1.0}"
DC, CONTENT = "{http://purl.org/dc/elements/1.1/}", "{http://purl.org/rss/1.0/modules/content/}"

#: https://www.rssboard.org/rss-specification, with the modules it allows by namespace
RSS_CHANNEL = {"title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate", "lastBuildDate",
               "category", "generator", "docs", "cloud", "ttl", "image", "rating", "textInput", "skipHours", "skipDays", "item",
               f"{ATOM}link"}
RSS_ITEM = {"title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate", "source",
            f"{CONTENT}encoded", f"{DC}creator", f"{DC}identifier", f"{ATOM}updated"}
REPEATABLE = {"item", "category", f"{ATOM}link"}
RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

#: https://www.jsonfeed.org/version/1.1/: name → type
JSON_FEED = {"version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str, "user_comment": str,
             "next_url": str, "icon": str, "favicon": str, "authors": list, "language": str, "expired": bool, "hubs": list, "items": list}
JSON_ITEM = {"id": str, "url": str, "external_url": str, "title": str, "content_html": str, "content_text": str, "summary": str,
             "image": str, "banner_image": str, "date_published": str, "date_modified": str, "authors": list, "tags": list,
             "language": str, "attachments": list}
JSON_AUTHOR = {"name": str, "url": str, "avatar": str}
JSON_HUB = {"type": str, "url": str}
JSON_ATTACHMENT = {"url": str, "mime_type": str, "title": str, "size_in_bytes": int, "duration_in_seconds": int}


def check(path: str, data: bytes) -> None:
    """The check that a file's name asks for."""
    {"feed.xml": check_rss, "atom.xml": check_atom, "feed.json": check_json}[path.rpartition("/")[2]](data)


def check_rss(data: bytes) -> etree._Element:
    """RSS 2.0: required and known elements, once each, dates, links and enclosures as specified."""
    root = _well_formed(data)
    assert root.tag == "rss"
    assert root.get("version") == "2.0"
    assert [child.tag for child in root] == ["channel"]
    channel = root[0]
    _known(channel, RSS_CHANNEL, required={"title", "link", "description"})
    _rfc822(channel.findtext("lastBuildDate"))
    assert [link.get("rel") for link in channel.findall(f"{ATOM}link")][:1] == ["self"]
    guids = [_check_rss_item(item) for item in channel.findall("item")]
    assert len(set(guids)) == len(guids), "two items share a guid"
    _liberal(data)
    return channel


def _check_rss_item(item: etree._Element) -> str:
    _known(item, RSS_ITEM, required={"title", "guid", "pubDate"})
    _rfc822(item.findtext("pubDate"))
    if (link := item.findtext("link")) is not None:
        _absolute(link)
    guid = item.find("guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "false", "a urn is no permalink"
    if (enclosure := item.find("enclosure")) is not None:
        _absolute(enclosure.get("url"))
        assert set(enclosure.attrib) == {"url", "length", "type"}
        assert int(enclosure.get("length", "")) >= 0
        assert MEDIA_TYPE.fullmatch(enclosure.get("type", ""))
    return guid.text or ""


def check_atom(data: bytes) -> etree._Element:
    """Atom: the grammar of RFC 4287, then what a grammar cannot say."""
    root = _well_formed(data)
    grammar = _grammar()
    assert grammar.validate(root), grammar.error_log
    _absolute(root.findtext(f"{ATOM}author/{ATOM}uri"))
    relations = [link.get("rel", "alternate") for link in root.findall(f"{ATOM}link")]
    assert relations.count("self") == 1
    assert relations.count("alternate") == 1
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    gone = [stone.get("ref") for stone in root.findall(f"{AT}deleted-entry")]
    assert len({*ids, *gone}) == len(ids) + len(gone), "two entries share an id, or one stands here and is deleted"
    for element in [root.find(f"{ATOM}id"), *(entry.find(f"{ATOM}id") for entry in entries)]:
        assert element is not None
        assert URN.fullmatch(element.text or "")
    for element in root.iter(f"{ATOM}updated", f"{ATOM}published"):
        assert RFC3339.fullmatch(element.text or ""), "4287 §3.3 asks for an offset, which xsd:dateTime does not"
    newest = datetime.fromisoformat(root.findtext(f"{ATOM}updated") or "")
    for entry in entries:
        assert root.find(f"{ATOM}author") is not None or entry.find(f"{ATOM}author") is not None
        assert entry.find(f"{ATOM}content") is not None or entry.find(f"{ATOM}link[@rel='alternate']") is not None
        updated, published = (datetime.fromisoformat(entry.findtext(ATOM + name) or "") for name in ("updated", "published"))
        assert published <= updated <= newest
        for link in entry.findall(f"{ATOM}link"):
            _absolute(link.get("href"))
    _liberal(data)
    return root


def check_json(data: bytes) -> dict[str, Any]:
    """JSON Feed 1.1: no byte order mark, known names of the right types, required ones there, absolute addresses, RFC 3339 dates."""
    feed: dict[str, Any] = json.loads(data.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_twice)
    _typed(feed, JSON_FEED, required={"version", "title", "items"})
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids), "two items share an id"
    for hub in feed.get("hubs", []):
        _typed(hub, JSON_HUB, required={"type", "url"})
    for author in feed.get("authors", []):
        _typed(author, JSON_AUTHOR, required=set())
    for item in feed["items"]:
        _typed(item, JSON_ITEM, required={"id"})
        assert "content_html" in item or "content_text" in item
        assert all(isinstance(tag, str) and tag for tag in item.get("tags", []))
        for author in item.get("authors", []):
            _typed(author, JSON_AUTHOR, required=set())
            assert author, "an author needs one of name, url and avatar"
        for file in item.get("attachments", []):
            _typed(file, JSON_ATTACHMENT, required={"url", "mime_type"})
            assert MEDIA_TYPE.fullmatch(file["mime_type"])
    return feed


def _typed(facts: dict[str, Any], known: Mapping[str, type], *, required: set[str]) -> None:
    assert required <= set(facts), f"{required - set(facts)} missing"
    for name, value in facts.items():
        if name.startswith("_"):
            assert isinstance(value, dict), "an extension is an object"
            continue
        assert name in known, f"{name} is no name of JSON Feed 1.1"
        assert type(value) is known[name], f"{name} is a {type(value).__name__}"
        if name == "url" or name.endswith("_url") or name == "image":
            _absolute(str(value))
        if name.startswith("date_"):
            assert RFC3339.fullmatch(str(value)), value


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({name for name, _ in pairs}) == len(pairs), "a name stands twice in one object"
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


def _well_formed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(data, parser)


def _known(element: etree._Element, known: set[str], *, required: set[str]) -> None:
    tags = [str(child.tag) for child in element]
    assert required <= set(tags), f"{required - set(tags)} missing in {element.tag}"
    assert set(tags) <= known, f"{set(tags) - known} unknown in {element.tag}"
    twice = {tag for tag in tags if tags.count(tag) > 1} - REPEATABLE
    assert not twice, f"{twice} more than once in {element.tag}"


def _rfc822(text: str | None) -> None:
    assert text is not None
    assert RFC822.fullmatch(text), text
    parsedate_to_datetime(text)


def _absolute(address: str | None) -> None:
    parts = urlsplit(address or "")
    assert parts.scheme in ("http", "https"), f"{address!r} is no absolute address"
    assert parts.hostname, f"{address!r} is no absolute address"


def _liberal(data: bytes) -> None:
    """feedparser, which most Python readers use, has nothing to complain of."""
    parsed = feedparser.parse(data)
    assert not parsed.bozo, parsed.bozo_exception


@cache
def _grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(Path(__file__).parents[1] / "data" / "atom.rng"))

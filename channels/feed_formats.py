"""Feeds as bytes: RSS 2.0 and Atom (RFC 4287, RFC 6721) through feedgen, JSON Feed 1.1.

The three say the same: an entry is its sealed rendition, and beside it only what the ledger knows (urn, two instants).
Nothing here depends on the clock: feedgen's own "now" is always set over.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from channels.base import Rendition
from content.catalogue import Tombstone
from content.items import UNPRINTABLE

RSS_TYPE, ATOM_TYPE, JSON_TYPE = "application/rss+xml", "application/atom+xml", "application/feed+json"
ATOM, DC, AT = "http://www.w3.org/2005/Atom", "http://purl.org/dc/elements/1.1/", "http://purl.org/atompub/tombstones/1.0"
LANGUAGE = "zh-CN"
GENERATOR = "Gongkai"  #: without a version, so that an update of ours is no news to subscribers
EMPTY_SINCE = datetime(2000, 1, 1, tzinfo=UTC)  #: when a feed that never held anything was last updated


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An attachment with the address where it lies."""

    url: str
    name: str
    media_type: str
    size: int  #: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a feed: what was sealed, and what the ledger knows of it."""

    rendition: Rendition
    urn: UUID
    published: datetime
    updated: datetime
    column: tuple[str, str]  #: slug and name; the office's own, so no part of what was sealed
    files: tuple[File, ...]
    picture: str  #: the first picture's address; empty without one

    def say(self, name: str) -> str:
        """A field of the rendition; empty if it has none of that name."""
        return next((value for key, value in self.rendition.fields if key == name), "")

    def all(self, name: str) -> list[str]:
        """Every value of a field that may repeat."""
        return [value for key, value in self.rendition.fields if key == name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a feed says of itself."""

    id: UUID
    title: str
    description: str
    author: str
    site: str  #: home address of the site, without a slash at the end
    page: str  #: the page whose news it brings
    folder: str  #: address of the folder in which its three files lie
    hub: str = ""  #: WebSub hub; empty: none


def rss(head: Head, items: Sequence[Item]) -> bytes:
    """RSS 2.0. `items` newest first."""
    feed = _feedgen(head, items, address=f"{head.folder}/feed.xml", media_type=RSS_TYPE)
    feed.gongkai.hub = head.hub
    return bytes(feed.rss_str(pretty=True))


def atom(head: Head, items: Sequence[Item], withdrawn: Sequence[Tombstone]) -> bytes:
    """Atom 1.0 with a deleted-entry for each withdrawn item. `items` and `withdrawn` newest first."""
    feed = _feedgen(head, items, address=f"{head.folder}/atom.xml", media_type=ATOM_TYPE)
    feed.gongkai.withdrawn = withdrawn
    feed.updated(_newest(items, withdrawn))
    return bytes(feed.atom_str(pretty=True))


def json_feed(head: Head, items: Sequence[Item]) -> bytes:
    """JSON Feed 1.1. `items` newest first."""
    facts = _held({
        "version": "https://jsonfeed.org/version/1.1", "title": head.title, "home_page_url": head.page,
        "feed_url": f"{head.folder}/feed.json", "description": head.description, "language": LANGUAGE,
        "authors": [{"name": head.author, "url": f"{head.site}/"}],
        "hubs": [{"type": "WebSub", "url": head.hub}] if head.hub else [],
    })
    lines = ",\n".join(_json(_json_item(item)) for item in items)  # an entry a line: as quick as one line, and diffs can be read
    return f'{_json(facts)[:-1]}, "items": [\n{lines}\n]}}\n'.encode()


def _json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False)


def _held(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts that there are: the formats leave out what is empty rather than say it is empty."""
    return {name: value for name, value in facts.items() if value not in ("", [], {})}


def _newest(items: Sequence[Item], withdrawn: Sequence[Tombstone] = ()) -> datetime:
    return max((*(item.updated for item in items), *(stone.withdrawn_at for stone in withdrawn)), default=EMPTY_SINCE)


def _json_item(item: Item) -> dict[str, Any]:
    return _held({
        "id": item.urn.urn, "url": item.say("link"), "title": item.rendition.title, "content_html": item.rendition.body,
        "summary": item.say("summary"), "image": item.picture,
        "date_published": item.published.isoformat(), "date_modified": item.updated.isoformat(),
        "authors": [{"name": item.say("issuing_body")}], "language": LANGUAGE,
        "tags": list(dict.fromkeys(filter(None, (item.column[1], item.say("category"), *item.all("keyword"))))),
        "attachments": [{"url": file.url, "mime_type": file.media_type, "title": file.name, "size_in_bytes": file.size}
                        for file in item.files],
        "_gongkai": _held({name: item.say(name) for name in ("index_number", "document_number", "made_on", "change_note")}),
    })


def _feedgen(head: Head, items: Sequence[Item], *, address: str, media_type: str) -> Any:
    feed = FeedGenerator()
    feed.register_extension("gongkai", _FeedMore, _EntryMore)
    feed.id(head.id.urn)
    feed.title(head.title)
    feed.description(head.description)
    feed.language(LANGUAGE)
    feed.author(name=head.author, uri=f"{head.site}/")
    feed.generator(GENERATOR)
    feed.updated(_newest(items))
    feed.link(href=address, rel="self", type=media_type)
    if head.hub:
        feed.link(href=head.hub, rel="hub")
    feed.link(href=head.page, rel="alternate", type="text/html", hreflang=LANGUAGE)  # last: feedgen gives the last to RSS
    for item in items:
        _fill(feed.add_entry(order="append"), item, head.site)
    return feed


def _fill(entry: FeedEntry, item: Item, site: str) -> None:
    entry.id(item.urn.urn)
    entry.title(item.rendition.title)
    entry.published(item.published)
    entry.updated(item.updated)
    entry.author(name=item.say("issuing_body"))
    # escaped, never in a CDATA section: a body that holds `]]>` could not stand in one
    entry.content(item.rendition.body, type="html")
    if summary := item.say("summary"):
        entry.summary(summary)
    if link := item.say("link"):
        entry.link(href=link, rel="alternate", type="text/html")
    slug, name = item.column
    terms = dict.fromkeys(filter(None, (item.say("category"), *item.all("keyword"))))
    entry.category([{"term": slug, "scheme": f"{site}/", "label": name}, *({"term": term} for term in terms)])
    entry.gongkai.item = item


class _FeedMore:
    """What feedgen has no word for, in the feed: the hub in RSS, tombstones in Atom."""

    def __init__(self) -> None:
        self.hub = ""
        self.withdrawn: Sequence[Tombstone] = ()

    def extend_ns(self) -> dict[str, str]:
        return {"dc": DC, "at": AT} if self.withdrawn else {"dc": DC}

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        if self.hub:
            etree.SubElement(feed[0], f"{{{ATOM}}}link", {"href": self.hub, "rel": "hub"})
        return feed

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        for stone in self.withdrawn:
            gone = etree.SubElement(feed, f"{{{AT}}}deleted-entry", {"ref": stone.urn.urn, "when": stone.withdrawn_at.isoformat()})
            etree.SubElement(gone, f"{{{AT}}}comment").text = (
                f"索引号 {stone.index_number} 的信息已撤回：{UNPRINTABLE.sub('', stone.reason)}")
        return feed


class _EntryMore:
    """What feedgen has no word for, in an entry, or what it gets wrong: its Atom links lose everything but their address."""

    item: Item

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        for file in self.item.files[:1]:  # RSS has room for one; the others stand in the text
            etree.SubElement(entry, "enclosure", {"url": file.url, "length": str(file.size), "type": file.media_type})
        etree.SubElement(entry, f"{{{DC}}}creator").text = self.item.say("issuing_body")  # `author` would have to be an e-mail address
        if self.item.updated != self.item.published:
            etree.SubElement(entry, f"{{{ATOM}}}updated").text = self.item.updated.isoformat()
        return self._identify(entry)

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        for file in self.item.files:
            etree.SubElement(entry, "link", {"href": file.url, "rel": "enclosure", "type": file.media_type,
                                             "length": str(file.size), "title": file.name})
        return self._identify(entry)

    def _identify(self, entry: etree._Element) -> etree._Element:
        etree.SubElement(entry, f"{{{DC}}}identifier").text = self.item.say("index_number")
        return entry

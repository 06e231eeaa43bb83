"""订阅源: the newest items of the office and of each of its columns, as RSS, Atom and JSON Feed.

Draws beside the website under the same root and touches none of its files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from html import escape, unescape
from pathlib import Path
from typing import ClassVar, Self
from urllib.parse import urljoin, urlsplit
from uuid import NAMESPACE_URL, uuid5

from feedgen.version import version_str as feedgen_version

from channels import feed_preview
from channels.base import Limits, Rendition, Scene, Setting, Shown
from channels.errors import ConfigurationError, UnsuitableError
from channels.feed_formats import File, Head, Item, atom, json_feed, rss
from channels.folders import checkup
from channels.shelf import Shelf
from content.accounts import Checkup
from content.catalogue import ALL, Catalogue, Entry, Tombstone, Touch, column_list
from content.html import map_images
from content.index_numbers import file_address
from content.items import Edition
from content.metadata import ended
from content.offices import Column, Office
from content.seals import seal

NEWEST = 30  #: entries a feed, and tombstones
FILES = frozenset({"feed.xml", "atom.xml", "feed.json"})
FORMAT = 1  #: raise it when the same catalogue is to give other bytes
UNKNOWN = "application/octet-stream"
OPTIONS = frozenset({"path", "follows", "hub"})

_HREF = re.compile(r'(<a\b[^>]*?\shref=")([^"]*)(")')
_ELSEWHERE = re.compile(r"(?i)https?://")


class Feed:
    """A Surface. An entry keeps its id for the item's whole life; its `updated` moves with a correction and with nothing else."""

    kind: ClassVar[str] = "feed"
    label: ClassVar[str] = "订阅源"
    limits: ClassVar[Limits] = Limits()

    def __init__(self, name: str, *, office: Office, root: Path, hub: str = "") -> None:
        self.name, self.office, self.root, self.hub = name, office, root, hub
        self._columns: tuple[Column | None, ...] = (None, *office.columns)  # None stands for the whole office

    @classmethod
    def from_setting(cls, setting: Setting) -> Self:
        """Options: `path` (folder under the home folder, `site`), `hub` (a WebSub hub's address), `follows` (for the ledger).

        Raises:
            ConfigurationError: a key is unknown or holds what it can't hold.
        """
        def wrong(key: str, problem: str) -> ConfigurationError:
            return ConfigurationError(f"channel {setting.name!r}: {key} {problem}")

        for key, value in setting.options.items():
            if key not in OPTIONS:
                raise wrong(key, f"is unknown; a feed knows {', '.join(sorted(OPTIONS))}")
            if not isinstance(value, str) or not value:
                raise wrong(key, f"is {value!r}; give text, or leave the line out")
        hub = setting.options.get("hub", "")
        if hub and not (_ELSEWHERE.match(hub) and urlsplit(hub).hostname):
            raise wrong("hub", f"is {hub!r}; give the hub's address, https://…")
        return cls(setting.name, office=setting.office, root=setting.home / setting.options.get("path", "site"), hub=hub)

    def render(self, edition: Edition) -> Rendition:
        """The entry: whole content with absolute addresses, title, link and what else readers show of it.

        Raises:
            UnsuitableError: the body shows a picture that the edition does not carry.
        """
        fields = (("link", edition.link), ("summary", edition.summary), ("issuing_body", edition.issuing_body),
                  ("index_number", edition.index_number), ("document_number", edition.document_number),
                  ("made_on", edition.made_on.isoformat()), ("category", edition.category), ("change_note", edition.change_note),
                  *(("keyword", keyword) for keyword in edition.keywords))
        return Rendition(body=self._content(edition), media_type="text/html", title=" ".join(edition.title.split()),
                         fields=tuple((name, value) for name, value in fields if value),
                         images=edition.images, attachments=edition.attachments)

    def preview_path(self, edition: Edition) -> str:
        """Where the preview begins."""
        return feed_preview.ENTRY

    def show(self, scene: Scene, path: str) -> Shown | None:
        """The entry as a reader of feeds shows it, and the edition's files."""
        column = self.office.by_slug.get(scene.edition.column)
        return feed_preview.show(scene, path, site=self.office.site, source=column.name if column else "")

    def check(self, now: datetime) -> Checkup:
        """The folder takes files.

        Raises:
            TransientError: it takes none now.
        """
        return checkup(self.root)

    def frame(self) -> str:
        """Everything but the catalogue that shapes the bytes."""
        heads = [asdict(self._head(column)) for column in self._columns]
        names = [(column.slug, column.name) for column in self.office.columns]
        return seal({"format": FORMAT, "feedgen": feedgen_version, "newest": NEWEST, "zone": self.office.zone, "columns": names,
                     "heads": [{**head, "id": str(head["id"])} for head in heads]})

    def draw(self, catalogue: Catalogue) -> None:
        """Every feed, and the removal of those whose column is no longer configured."""
        with Shelf(self.root) as shelf:
            self._put(shelf, catalogue, self._columns, ())
            shelf.sweep("", FILES, mine=FILES.__contains__)
            for folder in shelf.folders(""):
                if not folder.startswith("."):
                    shelf.sweep(folder, FILES if folder in self.office.by_slug else (), mine=FILES.__contains__)

    def redraw(self, catalogue: Catalogue, touched: Sequence[Touch]) -> None:
        """The feeds of the lists these stand or stood in.

        A withdrawal goes into every Atom feed: whoever once had the item through a column it has left must learn of it too.
        """
        lists = {spot.list for touch in touched for spot in touch.spots}
        if not lists:
            return
        full = [column for column in self._columns if _list(column) in lists]
        gone = any(isinstance(catalogue.find(touch.index_number), Tombstone) for touch in touched)
        with Shelf(self.root) as shelf:
            self._put(shelf, catalogue, full, [column for column in self._columns if column not in full] if gone else ())

    def _put(self, shelf: Shelf, catalogue: Catalogue, full: Iterable[Column | None], atom_only: Iterable[Column | None]) -> None:
        withdrawn = [replace(stone, withdrawn_at=self._local(stone.withdrawn_at)) for stone in catalogue.withdrawn(NEWEST)]
        for column in (*full, *atom_only):
            items = [self._item(entry) for entry in catalogue.latest_entries(_list(column), NEWEST)]
            head, folder = self._head(column), f"{column.slug}/" if column else ""
            shelf.put(f"{folder}atom.xml", atom(head, items, withdrawn))
            if column not in atom_only:
                shelf.put(f"{folder}feed.xml", rss(head, items))
                shelf.put(f"{folder}feed.json", json_feed(head, items))

    def _head(self, column: Column | None) -> Head:
        office, home = self.office, self.office.site.home
        name = column.name if column else ""
        return Head(
            id=uuid5(NAMESPACE_URL, f"gongkai:{office.code}:feed:{_list(column)}"),
            title=f"{name} - {office.site.name}" if column else office.site.name,
            description=(column.description if column else office.site.about) or f"{office.name}{name or '政府信息公开'}",
            author=office.name, site=home, hub=self.hub,
            page=f"{home}/{column.slug}.html" if column else f"{home}/",
            folder=f"{home}/{column.slug}" if column else home)

    def _item(self, entry: Entry) -> Item:
        edition, column = entry.edition, self.office.by_slug.get(entry.edition.column)
        address = partial(self._file, edition)
        return Item(
            rendition=self.render(edition), urn=entry.urn,
            published=self._local(entry.released_at), updated=self._local(entry.updated_at),
            column=(edition.column, column.name if column else edition.column),
            files=tuple(File(url=address(file.sha256, file.name), name=file.name, media_type=file.media_type or UNKNOWN, size=file.size)
                        for file in edition.attachments),
            picture=next((address(image.sha256, image.name) for image in edition.images), ""))

    def _local(self, at: datetime) -> datetime:
        """In the office's zone and whole seconds, wherever the catalogue keeps its instants."""
        return at.astimezone(self.office.tz).replace(microsecond=0)

    def _file(self, edition: Edition, sha256: str, name: str) -> str:
        return f"{self.office.site.home}/{file_address(edition.index_number, sha256, name)}"

    def _content(self, edition: Edition) -> str:
        """A reader of feeds stands on no page of ours: pictures and links get whole addresses, attachments are listed."""
        base = edition.link or f"{self.office.site.home}/"
        images = {image.name: self._file(edition, image.sha256, image.name) for image in edition.images}

        def picture(name: str) -> str:
            if name not in images and not _ELSEWHERE.match(name):
                raise UnsuitableError(f"the body of {edition.index_number} shows the picture {name!r}, which is not among its pictures; "
                                      "add it, or take it out of the body")
            return images.get(name, name)

        body = _HREF.sub(lambda m: m[1] + escape(_whole(base, unescape(m[2]))) + m[3], map_images(edition.body, picture))
        over = ended(edition.metadata)
        note = f"<p><strong>更正说明：</strong>{escape(edition.change_note)}</p>" if edition.change_note else ""
        files = "".join(f'<li><a href="{escape(self._file(edition, file.sha256, file.name))}">{escape(file.name)}</a></li>'
                        for file in edition.attachments)
        facts = (("索引号", edition.index_number), ("文号", edition.document_number), ("发布机构", edition.issuing_body),
                 ("成文日期", edition.made_on.isoformat()), ("信息来源", edition.source))
        return "\n".join(filter(None, (
            f"<p><strong>{escape(over)}</strong></p>" if over else "", note, body, f"<p>附件：</p>\n<ul>{files}</ul>" if files else "",
            "<p>" + "<br>".join(f"{name}：{escape(value)}" for name, value in facts if value) + "</p>")))


def _whole(base: str, href: str) -> str:
    """A link as it works from anywhere; one that no browser could follow either is left as it was written."""
    try:
        return urljoin(base, href)
    except ValueError:
        return href


def _list(column: Column | None) -> str:
    """The catalogue's list behind a feed; None stands for the whole office."""
    return column_list(column.slug) if column else ALL

"""The JSON twin of an item page, for whoever reads by machine. Its fields are a promise: docs/channels/website.md."""

from __future__ import annotations

import json
from typing import Any

from channels.website import article
from content.catalogue import Entry, Tombstone
from content.index_numbers import address
from content.items import Attachment, Edition, Image
from content.offices import Office

_encode = json.JSONEncoder(ensure_ascii=False).encode


def of_entry(office: Office, entry: Entry, place: str) -> bytes:
    """Everything an open-data reader can want of a live item at this address. Instants carry the office's zone."""
    edition = entry.edition
    here = f"{office.site.home}/{place}"
    column, zone = office.by_slug.get(edition.column), office.tz
    return _json({
        "index_number": edition.index_number,
        "status": "live",
        "edition": edition.number,
        "title": edition.title,
        "summary": edition.summary,
        "body_html": article.body(edition, here),
        "issuing_body": edition.issuing_body,
        "source": edition.source,
        "document_number": edition.document_number,
        "column": edition.column,
        "column_name": column.name if column else "",
        "category": edition.category,
        "keywords": edition.keywords,
        "metadata": dict(edition.metadata),
        "made_on": edition.made_on.isoformat(),
        "released_at": entry.released_at.astimezone(zone).isoformat(),
        "updated_at": entry.updated_at.astimezone(zone).isoformat(),
        "change_note": edition.change_note,
        "link": f"{here}.html",
        "urn": entry.urn.urn,
        "images": [{**_file(edition, here, image), "alt": image.alt} for image in edition.images],
        "attachments": [_file(edition, here, file) for file in edition.attachments],
    })


def of_tombstone(office: Office, stone: Tombstone) -> bytes:
    """That an item was withdrawn, when and why."""
    return _json({
        "index_number": stone.index_number,
        "status": "withdrawn",
        "released_at": stone.released_at.astimezone(office.tz).isoformat(),
        "withdrawn_at": stone.withdrawn_at.astimezone(office.tz).isoformat(),
        "reason": stone.reason,
        "link": f"{office.site.home}/{address(stone.index_number)}.html",
        "urn": stone.urn.urn,
    })


def _file(edition: Edition, here: str, file: Image | Attachment) -> dict[str, Any]:
    return {"name": file.name, "url": f"{here}/{article.file_name(edition, file)}", "media_type": file.media_type,
            "size": file.size, "sha256": file.sha256}


def _json(facts: dict[str, Any]) -> bytes:
    return _encode(facts).encode() + b"\n"

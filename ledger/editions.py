"""An edition as a row and as a value. The value is what is sealed, rendered and shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from content import items as content
from content.metadata import pairs
from content.seals import seal
from ledger.models import Edition, Route

#: the fields that stand in both, by the same name
SHARED = ("number", "title", "short_title", "summary", "issuing_body", "column", "category", "made_on", "document_number", "source",
          "change_note", "link", "body")


def row_fields(edition: content.Edition) -> dict[str, Any]:
    """The columns of the row that keeps this edition's words."""
    return {**{name: getattr(edition, name) for name in SHARED}, "keywords": list(edition.keywords),
            "images": [asdict(image) for image in edition.images], "attachments": [asdict(file) for file in edition.attachments],
            "metadata": dict(edition.metadata)}


def value(row: Edition, *, office: str, index_number: str) -> content.Edition:
    """The edition a row keeps."""
    return content.Edition(
        index_number=index_number, office=office, **{name: getattr(row, name) for name in SHARED}, keywords=tuple(row.keywords),
        images=tuple(content.Image(**image) for image in row.images),
        attachments=tuple(content.Attachment(**file) for file in row.attachments), metadata=pairs(row.metadata))


def edition_seal(row: Edition) -> str:
    """The seal over the words a row keeps now. Its item and the item's office are read with it."""
    return seal(value(row, office=row.item.office.code, index_number=row.item.index_number))


def mark(row: Edition, routes: Iterable[Route]) -> str:
    """All that an editor has before their eyes: words, routes and state. Another mark means that somebody else was there."""
    asked = sorted([route.channel, route.release_at.isoformat() if route.release_at else ""] for route in routes)
    return seal({"words": edition_seal(row), "routes": asked, "state": str(row.state)})

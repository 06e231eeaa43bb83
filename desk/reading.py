"""An edition as staff read it on the desk: the body with its pictures, findings marked in place."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from content import metadata
from content.html import map_images
from content.items import Attachment, Edition, Image
from content.screening import Finding, highlight_body, highlight_text


def file_url(office: str, file: Image | Attachment) -> str:
    """Where staff of an office open a picture or attachment."""
    return reverse("file", kwargs={"office": office, "sha256": file.sha256, "name": file.name})


def shown_body(edition: Edition, office: str, findings: Sequence[Finding] = ()) -> SafeString:
    """The body with its pictures, the places of these findings marked."""
    images = {image.name: image for image in edition.images}

    def address(name: str) -> str:
        return file_url(office, images[name]) if name in images else name

    body = highlight_body(edition.body, findings) if findings else edition.body
    return mark_safe(map_images(body, address))  # noqa: S308 - sanitised when it was written, and marked by code that escapes


def shown_text(edition: Edition, field: str, findings: Sequence[Finding] = ()) -> SafeString:
    """A plain field, the places of these findings marked."""
    text = metadata.value(edition.metadata, field) if field in metadata.SLUGS else str(getattr(edition, field))
    marked = [one for one in findings if one.field == field]
    return mark_safe(highlight_text(text, marked, field=field) if marked else escape(text))  # noqa: S308 - escaped by either

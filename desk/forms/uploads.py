"""Files that come with a form: each judged by its bytes, cleaned, and kept only then. What is refused is kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from content.media import FILE_LIMIT, FileError, true_type
from content.papers.pictures import PICTURE_LIMIT, clean_picture
from content.readers import clean
from desk.forms.body import without_picture
from desk.forms.typed import FileKept, Typed
from ledger import services

REFUSED = 10  #: files whose refusal is told one by one


@dataclass(slots=True, kw_only=True)
class Brought:
    """A form with the files that came along; what was refused and what was changed on the way, in Chinese."""

    typed: Typed
    faults: dict[str, list[str]] = field(default_factory=dict)  #: by field: images, attachments
    notes: list[str] = field(default_factory=list)


def bring(request: HttpRequest, typed: Typed) -> Brought:
    """Take a form's new pictures and attachments in. Good ones are kept even where the form is refused: nobody uploads them twice."""
    brought = Brought(typed=_without_dropped(request, typed))
    images, attachments = list(brought.typed.images), list(brought.typed.attachments)
    for file in request.FILES.getlist("pictures"):
        _take(brought, "images", file, images)
    for file in request.FILES.getlist("files"):
        _take(brought, "attachments", file, attachments)
    brought.typed = replace(brought.typed, images=tuple(images), attachments=tuple(attachments))
    return brought


def _without_dropped(request: HttpRequest, typed: Typed) -> Typed:
    """A picture that was taken out of the form is taken out of the body too."""
    body, dropped = typed.body, set(request.POST.getlist("image-drop"))
    for sha256, name in zip(request.POST.getlist("image-sha256"), request.POST.getlist("image-name"), strict=False):
        if sha256 in dropped:
            body = without_picture(body, name.strip())
    return typed.with_texts(body=body) if body != typed.body else typed


def _take(brought: Brought, kind: str, file: UploadedFile[Any], kept: list[FileKept]) -> None:
    try:
        kept.append(_kept(kind, file, {one.name for one in kept}, brought.notes))
    except FileError as error:
        told = brought.faults.setdefault(kind, [])
        if len(told) < REFUSED:
            told.append(str(error))


def _kept(kind: str, file: UploadedFile[Any], taken: set[str], notes: list[str]) -> FileKept:
    name, limit = file.name or _("未命名"), PICTURE_LIMIT if kind == "images" else FILE_LIMIT
    data = file.read(limit + 1)  # the judges refuse what is longer; nobody needs the rest for that
    if kind == "images":
        picture = clean_picture(name, data)
        notes += picture.notes
        return FileKept(sha256=services.keep_blob(picture.data), name=free(picture.name, taken))
    true_type(name, data)
    cleaned = clean(name, data)
    if cleaned.removed:
        notes.append(_("附件“%(name)s”已清除：%(what)s。") % {"name": name, "what": "、".join(cleaned.removed)})
    return FileKept(sha256=services.keep_blob(cleaned.data), name=free(name, taken))


def free(name: str, taken: Iterable[str]) -> str:
    """The name, or the next of its kind that is not taken: 图片.png, 图片-2.png."""
    known = set(taken)
    stem, dot, tail = name.rpartition(".")
    stem, tail = (stem, dot + tail) if dot else (name, "")
    found, n = name, 1
    while found in known:
        n += 1
        found = f"{stem}-{n}{tail}"
    return found

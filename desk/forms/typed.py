"""The writing form as it was typed: texts and files by name, complete or not. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Any

from django.http import QueryDict

from channels.house import OfficeHand
from content.deliveries import RouteAsked
from content.items import SHA256, Attachment, Edition, Image
from content.metadata import SLUGS, value
from content.papers.paper import Paper
from desk.forms.body import body_of

#: fields of one text each, by the names of an edition's fields
TEXTS = ("index_number", "title", "short_title", "summary", "body", "issuing_body", "column", "category", "document_number", "source",
         "change_note", "made_on", "keywords", "release_at", *SLUGS)
FILES = ("image", "attachment")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKept:
    """A picture or attachment whose bytes the ledger keeps already."""

    sha256: str
    name: str
    alt: str = ""  #: of pictures

    @property
    def in_address(self) -> str:
        """The name as an address can carry it, whatever was typed."""
        return self.name.replace("/", "-") or "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a writing form says."""

    texts: dict[str, str] = field(default_factory=dict)
    channels: tuple[str, ...] = ()  #: ticked; what follows one of them is not
    images: tuple[FileKept, ...] = ()
    attachments: tuple[FileKept, ...] = ()
    seen: str = ""  #: what the writer began from, see EditionInHand.seen
    key: str = ""  #: of the form, see desk.scratch
    proposed: str = ""  #: the index number that the page proposed

    def __getattr__(self, name: str) -> str:
        """A text by its name, empty where it was not typed."""
        if name in TEXTS:
            return self.texts.get(name, "")
        raise AttributeError(name)

    def record(self) -> dict[str, Any]:
        """The record of it, as content.records reads one."""
        said: dict[str, Any] = {name: self.texts.get(name, "") for name in TEXTS}
        said["body"] = body_of(said["body"])
        said["keywords"] = split(said["keywords"])
        said["channels"] = list(self.channels)
        said["images"] = [{"file": one.sha256, "name": one.name, "alt": one.alt} for one in self.images]
        said["attachments"] = [{"file": one.sha256, "name": one.name} for one in self.attachments]
        return said

    def with_texts(self, **texts: str) -> Typed:
        """The same with other texts."""
        return replace(self, texts={**self.texts, **texts})

    def says(self) -> tuple[Any, ...]:
        """All that a writer could miss, for telling whether anything was typed since."""
        return ({name: self.texts.get(name, "").strip() for name in TEXTS}, set(self.channels), self.images, self.attachments)


def split(words: str) -> list[str]:
    """Keywords as people divide them: by commas, semicolons, 、 or blanks."""
    for mark in "，,；;、\u3000\n\t":
        words = words.replace(mark, " ")
    return list(dict.fromkeys(words.split()))


def from_post(sent: QueryDict) -> Typed:
    """What came from the browser, or was kept of it."""
    texts = {name: _lines(sent.get(name) or "") for name in TEXTS}
    return Typed(texts=texts, channels=tuple(dict.fromkeys(sent.getlist("channels"))), images=_files(sent, "image"),
                 attachments=_files(sent, "attachment"), seen=sent.get("over") or sent.get("seen") or "", key=sent.get("scratch") or "",
                 proposed=sent.get("proposed") or "")


def _lines(text: str) -> str:
    """A browser sends line breaks as two characters."""
    return text.replace("\r\n", "\n").strip()


def _files(sent: QueryDict, kind: str) -> tuple[FileKept, ...]:
    shas, names = sent.getlist(f"{kind}-sha256"), sent.getlist(f"{kind}-name")
    alts = sent.getlist(f"{kind}-alt") or [""] * len(shas)
    dropped = set(sent.getlist(f"{kind}-drop"))
    return tuple(FileKept(sha256=sha256, name=name.strip(), alt=alt.strip())
                 for sha256, name, alt in zip(shas, names, alts, strict=False) if sha256 not in dropped and SHA256.fullmatch(sha256))


def from_edition(
        edition: Edition, *, channels: Iterable[str], routes: Sequence[RouteAsked], hand: OfficeHand, seen: str, key: str) -> Typed:
    """An edition as its form shows it."""
    texts = {name: value(edition.metadata, name) if name in SLUGS else str(getattr(edition, name))
             for name in TEXTS if name not in ("made_on", "keywords", "release_at")}
    release_at = next((route.release_at for route in routes if route.release_at), None)
    texts |= {"made_on": edition.made_on.isoformat(), "keywords": "、".join(edition.keywords),
              "release_at": local(release_at, hand.office.tz)}
    return Typed(texts=texts, channels=tuple(name for name in channels if name in hand.sections and name not in hand.follows),
                 images=kept_images(edition.images), attachments=kept_attachments(edition.attachments), seen=seen, key=key)


def kept_images(images: Iterable[Image]) -> tuple[FileKept, ...]:
    """An edition's pictures."""
    return tuple(FileKept(sha256=one.sha256, name=one.name, alt=one.alt) for one in images)


def kept_attachments(attachments: Iterable[Attachment]) -> tuple[FileKept, ...]:
    """An edition's attachments."""
    return tuple(FileKept(sha256=one.sha256, name=one.name) for one in attachments)


def local(at: datetime | None, zone: tzinfo) -> str:
    """An instant as a browser's own field for it takes one."""
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%dT%H:%M}"


def blank(hand: OfficeHand, *, at: datetime, key: str, proposed: str) -> Typed:
    """A new form: made today, by this office."""
    return Typed(texts={"index_number": proposed, "made_on": f"{at.astimezone(hand.office.tz):%Y-%m-%d}", "issuing_body": hand.office.name},
                 key=key, proposed=proposed)


def from_paper(typed: Typed, paper: Paper, images: tuple[FileKept, ...]) -> Typed:
    """A form filled from a document that somebody brought."""
    given = {"title": paper.title, "body": paper.body, "document_number": paper.document_number,
             "made_on": paper.made_on.isoformat() if paper.made_on else typed.made_on}
    return replace(typed.with_texts(**given), images=images)


def as_data(typed: Typed) -> dict[str, list[str]]:
    """The form's fields as a browser would send them, for keeping."""
    data = {name: [text] for name, text in typed.texts.items()}
    data |= {"channels": list(typed.channels), "seen": [typed.seen], "scratch": [typed.key], "proposed": [typed.proposed]}
    for kind, files in (("image", typed.images), ("attachment", typed.attachments)):
        data |= {f"{kind}-sha256": [one.sha256 for one in files], f"{kind}-name": [one.name for one in files]}
    data["image-alt"] = [one.alt for one in typed.images]
    return data

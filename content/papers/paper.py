"""What is read from a document that a clerk brings: the beginnings of an item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of a document, already encoded anew (see content.papers.pictures)."""

    name: str  #: as the body refers to it
    data: bytes
    media_type: str
    alt: str  #: alternative text as the document gives it; empty where it gives none, and then to be asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document as an item would hold it. Title, number and date are guesses for a person to confirm."""

    title: str  #: one line; empty where none was recognised
    body: str  #: sanitised HTML without title and document number; the date at its foot stands in it
    images: tuple[Picture, ...] = ()
    document_number: str = ""  #: 文号, as 云政办发〔2024〕3号
    made_on: date | None = None  #: 成文日期, where one stands at the foot
    attachments_named: tuple[str, ...] = ()  #: 附件说明: the files that ought to come along
    notes: tuple[str, ...] = ()  #: Chinese sentences: what was left out or changed, for the clerk to check

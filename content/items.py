"""An item of government information, and the editions of it that were signed off."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from itertools import chain

from content.metadata import Pairs
from content.seals import LATER

_IMPOSSIBLE = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff"
#: what no feed, page, sheet or post can carry at all: control characters (tab and newline are text), lone surrogates, and the two
#: non-characters XML 1.0 forbids
IMPOSSIBLE = re.compile(f"[{_IMPOSSIBLE}]")
#: what nobody may hand in: these, the controls U+0080 to U+009F, which HTML forbids, and the signs that turn the direction of writing, so
#: that a text reads otherwise than it is stored. An edition that was signed with such a one before they were refused is drawn all the same.
#: Signs that take no room (U+200B, U+FEFF, U+00AD), which Word leaves in words, hurt nobody and stay
UNPRINTABLE = re.compile(f"[{_IMPOSSIBLE}\x80-\x9f\u202a-\u202e\u2066-\u2069]")
#: letters and marks that show nothing: joiners, Hangul fillers, the empty Braille cell, variation selectors
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})  # categories of Unicode: controls, format signs, spaces, line and paragraph breaks
SHA256 = re.compile("[0-9a-f]{64}")


class EditionError(ValueError):
    """An edition that no channel could carry as it stands. Names the field, so that its writer can mend it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem = field, problem


def blank(text: str) -> bool:
    """Whether a reader sees nothing of a text: it is empty, or made of spaces and signs that take no room."""
    return all(one in _FILLERS or unicodedata.category(one) in _UNSEEN for one in text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture that stands in the body as `<img src="name">`."""

    name: str  #: as the body refers to it
    media_type: str
    size: int  #: bytes
    sha256: str  #: names the bytes in the blob store
    alt: str  #: alternative text; the picture in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with the edition."""

    name: str  #: as the public sees it, 附件1：….xlsx
    media_type: str
    size: int  #: bytes
    sha256: str  #: names the bytes in the blob store


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One signed-off wording of an item. Never changes; a correction is a new edition.

    The fields 索引, 名称, 内容概述 and 生成日期 are what 政府信息公开条例 Art. 12 asks of every catalogue.

    Raises:
        EditionError: a field holds what no channel can carry.
    """

    index_number: str  #: 索引号, for the item's whole life
    number: int  #: 1 for the first edition, 2 for its first correction
    title: str
    summary: str  #: 内容概述, plain text
    body: str  #: sanitised HTML, see `content.html.sanitise`
    office: str  #: the office's code
    issuing_body: str  #: 发布机构, full name
    column: str  #: the slug of the column in which it stands
    made_on: date  #: 成文日期
    category: str = ""  #: 主题分类; empty counts as 未归类
    short_title: str = ""  #: for platforms with 32 characters
    document_number: str = ""  #: 文号
    keywords: tuple[str, ...] = ()
    source: str = ""  #: 信息来源, where it was taken over from another body
    change_note: str = ""  #: 更正说明, of every edition but the first
    link: str = ""  #: its address on the office's website; empty when it is not routed there
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    metadata: Pairs = field(default=(), metadata={LATER: True})  #: 更多著录项, see `content.metadata`

    def __post_init__(self) -> None:
        # one search over all that is written; a whole site is drawn from such values, so this is worth its care
        if IMPOSSIBLE.search("".join((self.index_number, self.title, self.summary, self.body, self.office, self.issuing_body, self.column,
                                      self.category, self.short_title, self.document_number, *self.keywords, self.source,
                                      self.change_note, self.link))):
            self._refuse_unprintable()
        for name in ("index_number", "title", "office", "issuing_body", "column"):
            if not getattr(self, name).strip():
                raise EditionError(name, "is missing")
        if isinstance(self.made_on, datetime):
            raise EditionError("made_on", "is an instant; a document is dated by the day")
        if self.number < 1:
            raise EditionError("number", "editions are counted from 1")
        _check_files("images", self.images)
        _check_files("attachments", self.attachments)
        if self.metadata:
            self._check_metadata()

    def _check_metadata(self) -> None:
        slugs = [slug for slug, _ in self.metadata]
        if slugs != sorted(set(slugs)) or not all(value.strip() for _, value in self.metadata):
            raise EditionError("metadata", "should be pairs by their slugs in order, each once, none empty: see content.metadata.pairs")
        if IMPOSSIBLE.search("".join(chain(*self.metadata))):
            self._refuse_unprintable()

    def _refuse_unprintable(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name == "metadata":
                value = tuple(chain(*value))
            for text in value if isinstance(value, tuple) else (value,):
                if isinstance(text, str) and (bad := IMPOSSIBLE.search(text)):
                    raise EditionError(one.name, f"holds the control character U+{ord(bad.group()):04X}; remove it")


def _check_files(field: str, files: Iterable[Image | Attachment]) -> None:
    for file in files:
        words = "".join((file.name, file.media_type, file.alt if isinstance(file, Image) else ""))
        if not file.name.strip() or not SHA256.fullmatch(file.sha256) or file.size < 0 or IMPOSSIBLE.search(words):
            raise EditionError(field, f"{file.name!r} has no proper name, size or hash, or holds a control character")

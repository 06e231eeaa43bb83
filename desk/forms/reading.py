"""A form read: the record and the edition it makes, or every fault of it at once, each beside its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from channels.errors import UnsuitableError
from channels.house import OfficeHand
from channels.signing import rendition
from content import metadata
from content.html import dangers, sanitise
from content.index_numbers import IndexNumberError
from content.items import Edition
from content.media import FileError, true_type
from content.offices import Office
from content.records import Record, RecordError, read_record
from content.workdays import DISCLOSURE_DAYS, due
from desk.fitting import left_out
from desk.forms.body import with_pictures
from desk.forms.typed import Typed
from desk.metadata import LABELS as METADATA
from desk.metadata import missing, word
from desk.words import channel_word
from ledger import queries

FORM = "form"  #: faults that belong to no field


@dataclass(slots=True, kw_only=True)
class Faults:
    """What does not hold, in Chinese, beside the field or the channel it concerns."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fields or self.channels)

    def add(self, name: str, words: str) -> None:
        """One more."""
        self.fields.setdefault(name, []).append(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A form that holds."""

    record: Record
    edition: Edition
    channels: tuple[str, ...]  #: with those that follow


def read(typed: Typed, *, hand: OfficeHand, at: datetime, number: int, faults: Faults) -> Read | None:
    """The edition that a form makes; None where something does not hold, and `faults` has all of it."""
    today = at.astimezone(hand.office.tz).date()
    record = _record(typed, hand=hand, today=today, faults=faults)
    if number > 1 and not typed.change_note:
        faults.add("change_note", _("更正要写明改了什么，公众会看到这段说明。"))
    _check_index_number(typed.index_number, hand, faults)
    if record is None or faults:
        return None
    _check_attachments(record, faults)
    channels = hand.carried(record.channels)
    try:
        edition = record.edition(index_number=typed.index_number, number=number, link=hand.link(typed.index_number, channels))
    except RecordError as error:
        faults.add(error.field, f"{error.chinese}。")
        return None
    _check_fit(edition, channels, hand, faults)
    return None if faults else Read(record=record, edition=edition, channels=channels)


def _record(typed: Typed, *, hand: OfficeHand, today: date, faults: Faults) -> Record | None:
    """The record; where a field is refused, the rest is read as if that one held, so that all faults are told at once."""
    said = prepared(typed)
    said.pop("index_number")
    harmless: Mapping[str, Any] = {
        "title": "—", "body": "<p>—</p>", "column": hand.office.columns[0].slug, "category": "", "made_on": today.isoformat(),
        "channels": [next(iter(hand.sections))]}
    refused = False
    for _attempt in range(len(said) + 1):
        try:
            record = read_record(said, office=hand.office, channels=frozenset(hand.sections), today=today, load=load)
        except RecordError as error:
            faults.add(error.field, f"{error.chinese}。")
            refused = True
            said[error.field] = harmless.get(error.field, [] if isinstance(said.get(error.field), list) else "")
            if error.field == "images":
                said["body"] = harmless["body"]
        else:
            return None if refused else record
    return None


def _check_attachments(record: Record, faults: Faults) -> None:
    """Names may be changed in the form: each must still say what its bytes are."""
    for file, data in zip(record.facts["attachments"], record.blobs[len(record.facts["images"]):], strict=True):
        try:
            true_type(file.name, data)
        except FileError as error:
            faults.add("attachments", str(error))


def prepared(typed: Typed) -> dict[str, Any]:
    """The form's record, its pictures in its body."""
    said = typed.record()
    if not dangers(said["body"]):
        with suppress(ValueError):  # it does not rest; read_record says so
            said["body"] = with_pictures(sanitise(said["body"]), {one.name: one.alt for one in typed.images})
    return said


def load(sha256: str) -> bytes:
    """The bytes of a file that the form names.

    Raises:
        ValueError: they are not kept here.
    """
    data = queries.blob(sha256=sha256)
    if data is None:
        raise ValueError("its bytes are not kept; upload it again")
    return data


def _check_index_number(given: str, hand: OfficeHand, faults: Faults) -> None:
    try:
        hand.office.index.parse(given)
    except IndexNumberError:
        faults.add("index_number", _("不是本单位的索引号。应当像这样：%(example)s。") % {"example": hand.office.index.compose(2024, 17)})


def _check_fit(edition: Edition, channels: tuple[str, ...], hand: OfficeHand, faults: Faults) -> None:
    for name in channels:
        try:
            rendition(hand.channel(name), edition)
        except UnsuitableError as error:
            faults.channels[name] = str(error).removeprefix(f"{edition.index_number}：")


def warnings(edition: Edition, release_at: datetime | None, *, channels: Iterable[str], hand: OfficeHand, at: datetime) -> list[str]:
    """What holds and yet deserves a look: a term that has run out, a release time that is past, a body that names files nobody attached."""
    today = at.astimezone(hand.office.tz).date()
    out: list[str] = []
    term = due(edition.made_on, DISCLOSURE_DAYS)
    if edition.number == 1 and term.on < today:
        sure = "" if term.sure else _("（放假安排未公布，按周末推算）")
        out.append(_("成文日期是 %(made_on)s，二十个工作日的公开期限已于 %(due)s 届满%(sure)s。请尽快公开，并核对日期是否写错。")
                   % {"made_on": edition.made_on, "due": term.on, "sure": sure})
    out += _not_public(edition, hand.office)
    if release_at is not None and release_at < at:
        out.append(_("定时发布的时间已经过去，签发后会立即公开。"))
    if wordless := [image.name for image in edition.images if not image.alt.strip()]:
        out.append(_("图片 %(names)s 还没有文字说明，送审前必须补上。") % {"names": "、".join(wordless)})
    return out + [f"{channel_word(name, hand)}：{line}" for name in channels for line in _left_out(edition, name, hand)]


def _not_public(edition: Edition, office: Office) -> list[str]:
    """What of the 更多著录项 keeps it from the review."""
    out = []
    if (disclosure := metadata.value(edition.metadata, metadata.DISCLOSURE)) not in ("", metadata.PROACTIVE):
        out.append(_("公开属性是“%(disclosure)s”：只有主动公开的信息才能送审和发布。") % {"disclosure": word(disclosure)})
    if lacking := missing(edition, office):
        out.append(_("本单位规定送审前须填写：%(names)s。") % {"names": "、".join(str(METADATA[slug]) for slug in lacking)})
    return out


def _left_out(edition: Edition, name: str, hand: OfficeHand) -> list[str]:
    """What a channel that can take an edition will not show of it; nothing where it is gone or cannot: that is told elsewhere."""
    with suppress(KeyError, UnsuitableError):
        channel = hand.channel(name)
        return left_out(channel, edition, rendition(channel, edition))
    return []


def wordless(edition: Edition) -> list[str]:
    """The pictures without alternative text: somebody who cannot see them would learn nothing."""
    return [image.name for image in edition.images if not image.alt.strip()]

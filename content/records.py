"""A record as staff hand it in (a line of JSON Lines, a row of a sheet) turned into an edition, or refused by field.

A record is text, dates and lists under the names of an edition's fields. Bytes of files are asked for through `load`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from content import metadata
from content.html import dangers, image_names, in_one_line, sanitise, text
from content.items import UNPRINTABLE, Attachment, Edition, EditionError, Image, blank
from content.media import FILE_LIMIT, MEDIA_TYPES, FileError, picture_type, suffix, true_type
from content.metadata import DAY, MetadataError, Pairs
from content.offices import Office

REQUIRED = ("title", "body", "column", "made_on")
TEXTS = ("index_number", "title", "short_title", "summary", "body", "issuing_body", "column", "category", "document_number", "source",
         "change_note")
KNOWN = frozenset({*TEXTS, *metadata.SLUGS, "made_on", "keywords", "channels", "release_at", "images", "attachments"})
TITLE_LIMIT = 200  #: characters; a title is a name, not a text
SUMMARY_LIMIT = 500  #: characters, the longest that local rules allow (哈密)
BODY_LIMIT = 200_000  #: characters of HTML: two hundred printed pages
SUMMARY_DRAWN = 100  #: characters taken from the body where no summary is given
#: one way to write an instant, as there is one to write a day
_INSTANT = re.compile(rf"{DAY.pattern}(?:[T ][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]{{1,6}})?)?(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?)?")

#: what staff call the fields
LABELS = {
    "index_number": "索引号", "title": "标题", "short_title": "短标题", "summary": "内容概述", "body": "正文", "issuing_body": "发布机构",
    "column": "栏目", "category": "主题分类", "document_number": "文号", "source": "信息来源", "change_note": "更正说明",
    "made_on": "成文日期", "keywords": "关键词", "channels": "公开渠道", "release_at": "发布时间", "images": "图片", "attachments": "附件",
    **{one.slug: one.label for one in metadata.FIELDS},
}


class RecordError(ValueError):
    """A record that cannot be taken, for the reason of one field: in English for the command line, in Chinese for staff."""

    def __init__(self, field: str, problem: str, chinese: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem, self.chinese = field, problem, chinese

    @property
    def label(self) -> str:
        """The field as staff call it."""
        return LABELS.get(self.field, self.field)

    @property
    def in_chinese(self) -> str:
        """The whole complaint with the field, as 标题：没有填写."""
        return f"{self.label}：{self.chinese}。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a record says, checked: the facts of an edition but for its number and link."""

    facts: Mapping[str, Any]  #: fields of an Edition
    channels: tuple[str, ...]  #: asked for, or proposed by the column
    release_at: datetime | None
    blobs: tuple[bytes, ...]

    def edition(self, *, index_number: str, number: int, link: str) -> Edition:
        """The edition of this record.

        Raises:
            RecordError: no channel could carry it.
        """
        try:
            return Edition(**{**self.facts, "index_number": index_number, "number": number, "link": link})
        except EditionError as error:
            raise RecordError(error.field, error.problem, "没有填写，或者含有任何渠道都无法承载的内容，请重新填写") from None


def read_record(
        record: Mapping[str, Any], *, office: Office, channels: frozenset[str], today: date, load: Callable[[str], bytes]) -> Record:
    """Check a record and turn it into facts. `channels` are those the office has; `load` gives the bytes of a named file.

    Raises:
        RecordError: the first field that cannot be taken, and why.
    """
    for name in record:
        if name not in KNOWN:
            raise RecordError(str(name), f"is no field of an item; known are {', '.join(sorted(KNOWN))}", "不是信息的字段，请删去")
        _check_printable(str(name), record[name])
    facts: dict[str, Any] = {name: _text(record, name) for name in TEXTS}
    for name in REQUIRED:
        if blank(str(record.get(name) or "")):
            raise RecordError(name, "is missing", "没有填写")
    column = office.by_slug.get(facts["column"])
    if column is None:
        raise RecordError("column", f"there is no column {facts['column']!r}; the office has {', '.join(office.by_slug)}",
                          f"没有“{facts['column']}”这个栏目，可选 {'、'.join(one.name for one in office.columns)}")
    if "category" not in record:
        facts["category"] = column.category
    if facts["category"] and facts["category"] not in office.categories:
        named = ", ".join(office.categories)
        raise RecordError("category", f"there is no category {facts['category']!r}; named are {named}, or leave it empty",
                          f"没有“{facts['category']}”这个分类，可选 {'、'.join(office.categories)}，也可以留空")
    _check_length("title", facts["title"], TITLE_LIMIT)
    if "\n" in facts["title"] or "\t" in facts["title"]:
        raise RecordError("title", "holds a line break or a tab; a title is one line", "有换行或制表符，标题只能是一行")
    _check_length("body", facts["body"], BODY_LIMIT)
    facts["body"] = _body(facts["body"])
    facts["summary"] = facts["summary"] or in_one_line(facts["body"])[:SUMMARY_DRAWN]
    _check_length("summary", facts["summary"], SUMMARY_LIMIT)
    facts["made_on"] = _day(record, "made_on", today)
    facts["keywords"] = _texts(record, "keywords")
    facts["metadata"] = _metadata(record, facts["made_on"])
    images, attachments, blobs = _files(record, facts["body"], load)
    facts |= {"office": office.code, "issuing_body": facts["issuing_body"] or office.name, "images": images, "attachments": attachments}
    return Record(facts=facts, channels=_channels(record, column.channels, channels), release_at=_instant(record, office), blobs=blobs)


def _metadata(record: Mapping[str, Any], made_on: date) -> Pairs:
    said: dict[str, str] = {}
    for one in metadata.FIELDS:
        try:
            if given := _text(record, one.slug):
                said[one.slug] = one.read(given)
        except MetadataError as error:
            raise RecordError(one.slug, error.problem, error.chinese) from None
    if (until := said.get(metadata.VALID_UNTIL)) and date.fromisoformat(until) < made_on:
        raise RecordError(metadata.VALID_UNTIL, f"{until} lies before made_on, {made_on}; check both",
                          f"{until} 早于成文日期 {made_on}，请核对")
    return metadata.pairs(said)


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordError(name, f"should be text, not {type(value).__name__}", "应当是文字")
    return "" if blank(value) else value.strip()


def _check_printable(name: str, value: Any) -> None:
    """Whatever text a field holds, however deep, it holds no control character, no half of a surrogate pair, no turn of direction."""
    if isinstance(value, str) and (bad := UNPRINTABLE.search(value)):
        sign, at = f"U+{ord(bad.group()):04X}", bad.start() + 1
        raise RecordError(name, f"holds the control character {sign} at position {at}; remove it",
                          f"第 {at} 个字符是看不见的控制字符（{sign}），请删去后重新输入")
    for one in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        _check_printable(name, one)


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RecordError(name, "should be a list of texts", "应当是若干个词")
    return tuple(one.strip() for one in value if not blank(one))


def _check_length(name: str, value: str, limit: int) -> None:
    if len(value) > limit:
        raise RecordError(name, f"has {len(value):,} characters; {limit:,} are allowed", f"有 {len(value):,} 个字符，最多 {limit:,} 个")


def _body(body: str) -> str:
    if found := dangers(body):
        named = ", ".join(dict.fromkeys(found))
        raise RecordError("body", f"holds {named}; a text may hold no program and no form. Remove it",
                          f"有程序或表单代码（{named}），不能公开，请删去")
    try:
        clean = sanitise(body)
    except ValueError as error:
        raise RecordError("body", str(error), "格式标记混乱，无法整理。请以纯文本粘贴后重新排版") from None
    _check_printable("body", clean)  # what stood there as a number, &#8238;, is a character now
    if blank(text(clean)) and not image_names(clean):
        raise RecordError("body", "has no text", "没有文字")
    return clean


def _day(record: Mapping[str, Any], name: str, today: date) -> date:
    try:
        day = date.fromisoformat(_written(record[name], DAY))
    except ValueError:
        raise RecordError(name, f"{record[name]!r} is no date; write it as 2017-03-01",
                          f"“{record[name]}”不是日期，请写成 2017-03-01 的样子") from None
    if day > today:
        raise RecordError(name, f"{day} lies in the future; today is {today}", f"{day} 还没有到，今天是 {today}，请核对")
    if day.year < 1949:
        raise RecordError(name, f"{day} lies before 1949; check the year", f"{day} 早于 1949 年，请核对年份")
    return day


def _written(value: Any, form: re.Pattern[str]) -> str:
    """A value that is written in this form.

    Raises:
        ValueError: it is not.
    """
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError(f"{value!r} is not of the form {form.pattern}")
    return value


def _instant(record: Mapping[str, Any], office: Office) -> datetime | None:
    value = record.get("release_at")
    if value in (None, ""):
        return None
    try:
        instant = datetime.fromisoformat(_written(value, _INSTANT))
    except ValueError:
        raise RecordError("release_at", f"{value!r} is no instant; write it as 2017-03-01T09:00",
                          f"“{value}”不是时间，请写成 2017-03-01 09:00 的样子") from None
    return instant.replace(tzinfo=office.tz) if instant.tzinfo is None else instant


def _channels(record: Mapping[str, Any], proposed: tuple[str, ...], known: frozenset[str]) -> tuple[str, ...]:
    asked = _texts(record, "channels") or proposed
    for name in asked:
        if name not in known:
            raise RecordError("channels", f"there is no channel {name!r}; the office has {', '.join(sorted(known))}",
                              f"没有“{name}”这个渠道，可选 {'、'.join(sorted(known))}")
    if not asked:
        raise RecordError("channels", "none is named, and the column proposes none", "没有选择，栏目也没有默认的渠道，请至少选一个")
    return asked


def _files(record: Mapping[str, Any], body: str, load: Callable[[str], bytes]) -> tuple[
        tuple[Image, ...], tuple[Attachment, ...], tuple[bytes, ...]]:
    blobs: list[bytes] = []
    images = []
    for name, data, given in _loaded(record, "images", load):
        media_type = picture_type(data)
        if media_type is None:
            raise RecordError("images", f"{name} is no PNG, JPEG, GIF or WebP picture", f"“{name}”不是 PNG、JPEG、GIF 或 WebP 图片")
        images.append(Image(name=name, alt=_said(given), media_type=media_type, size=len(data), sha256=_hash(data)))
        blobs.append(data)
    for shown in image_names(body):
        if shown not in {image.name for image in images}:
            raise RecordError("body", f"shows the picture {shown!r}, which is not among its images",
                              f"其中的图片“{shown}”没有上传，请上传或从正文中删去")
    attachments = []
    for name, data, _ in _loaded(record, "attachments", load):
        if suffix(name) not in MEDIA_TYPES:
            raise RecordError("attachments", f"{name}: files of this kind are not published; allowed are {', '.join(sorted(MEDIA_TYPES))}",
                              f"“{name}”的格式不公开，可用 {'、'.join(sorted(MEDIA_TYPES))}")
        try:
            media_type = true_type(name, data)
        except FileError as error:
            raise RecordError("attachments", f"{name}: its bytes are not those of a proper {suffix(name)} file ({error.code})",
                              str(error).removesuffix("。")) from None
        attachments.append(Attachment(name=name, media_type=media_type, size=len(data), sha256=_hash(data)))
        blobs.append(data)
    return tuple(images), tuple(attachments), tuple(blobs)


def _loaded(record: Mapping[str, Any], field: str, load: Callable[[str], bytes]) -> list[tuple[str, bytes, Mapping[str, Any]]]:
    given = record.get(field) or []
    if not isinstance(given, list) or not all(isinstance(one, Mapping) and isinstance(one.get("file"), str) for one in given):
        raise RecordError(field, 'should be a list of {"file": …, "name": …}', "应当是一组文件")
    out: list[tuple[str, bytes, Mapping[str, Any]]] = []
    for one in given:
        name = str(one.get("name") or one["file"].rpartition("/")[2])
        if blank(name) or UNPRINTABLE.search(name) or "/" in name or "\\" in name or name in {taken for taken, _, _ in out}:
            raise RecordError(field, f"{name!r} is no proper name of a file, or stands there twice",
                              f"“{name}”不能作文件名，或者出现了两次，请改名")
        try:
            data = load(one["file"])
        except (OSError, ValueError) as error:
            raise RecordError(field, f"{one['file']} cannot be read: {error}", f"读不到文件“{one['file']}”，请重新上传") from None
        if not 0 < len(data) <= FILE_LIMIT:
            raise RecordError(field, f"{name} has {len(data):,} bytes; between 1 and {FILE_LIMIT:,} are allowed",
                              f"“{name}”是空文件，或者超过 {FILE_LIMIT // 2**20} MB")
        out.append((name, data, one))
    return out


def _said(given: Mapping[str, Any]) -> str:
    """The words of a picture."""
    words = str(given.get("alt") or "").strip()
    return "" if blank(words) else words


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

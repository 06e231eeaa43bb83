"""Screens the words and files of an edition before anybody else sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from content.items import Edition
from content.metadata import BY_SLUG
from content.readers.fragments import Fragment
from content.screening import process
from content.screening.binding import Binder
from content.screening.body import flatten
from content.screening.files import File, screen_file
from content.screening.findings import Finding, key
from content.screening.passages import Passage
from content.screening.rules import matches
from content.screening.telling import excerpt, name

#: fields as staff know them; any other field is named by its own name
FIELDS = {"title": "标题", "short_title": "短标题", "summary": "内容概述", "body": "正文", "source": "信息来源", "change_note": "更正说明",
          "keywords": "关键词", "document_number": "文号", "issuing_body": "发布机构", "category": "主题分类",
          **{slug: one.label for slug, one in BY_SLUG.items()}}


def words_of(edition: Edition) -> dict[str, str]:
    """The words of an edition that are worth screening, by field."""
    return {"title": edition.title, "short_title": edition.short_title, "summary": edition.summary, "body": edition.body,
            "source": edition.source,
            "change_note": edition.change_note, "keywords": "\n".join(edition.keywords), "document_number": edition.document_number,
            "issuing_body": edition.issuing_body, "category": edition.category, **dict(edition.metadata)}


def screen(words: Mapping[str, str], files: Iterable[File] = (), *, secret: bytes = b"") -> tuple[Finding, ...]:
    """All that must be masked or justified, in reading order. Whatever the words and files hold, it raises nothing.

    `words` are fields by name; "body" is sanitised HTML, the others plain text. With a `secret`, a finding's key holds for its very words
    and for whose they are, so that a reason may be kept by it; without one, findings that look alike when masked may share a key.
    """
    consulting = process.consultation(words.get("title", ""))
    found = list(screen_words(words, secret=secret))
    for file in files:
        if file.alt:
            found += _plain(f"alt:{file.name}", file.alt, f"图片“{file.name}”的说明", consulting=consulting, secret=secret)
        found += screen_file(file, consulting=consulting, secret=secret)
    return tuple(found)


def screen_words(words: Mapping[str, str], *, secret: bytes = b"") -> tuple[Finding, ...]:
    """What the words alone hold; `secret` as for `screen`."""
    consulting = process.consultation(words.get("title", ""))
    found: list[Finding] = []
    for field, text in words.items():
        if not text:
            continue
        if field == "body":
            found += _findings(Passage(flatten(text).fragment, field=field), field, consulting=consulting, secret=secret)
        else:
            found += _plain(field, text, FIELDS.get(field, field), consulting=consulting, secret=secret)
    return tuple(found)


def _plain(field: str, text: str, place: str, *, consulting: bool, secret: bytes) -> list[Finding]:
    head = field in ("title", "short_title", "summary")
    return _findings(Passage(Fragment(place=place, text=text), field=field, head=head), field, consulting=consulting, secret=secret)


def _findings(passage: Passage, field: str, *, consulting: bool, secret: bytes) -> list[Finding]:
    pairs = matches(passage, consulting=consulting)
    binder = Binder(passage, pairs)
    alike: Counter[tuple[str, ...]] = Counter()
    found = []
    for rule, match in pairs:
        told = (rule.slug, *(binder.bound(rule, match) if secret else (name(passage, rule, match),)))
        alike[told] += 1  # of the very same words in the very same clause, one is as good as the other
        found.append(Finding(
            key=key(secret, field, *told, str(alike[told])), rule=rule.slug, label=rule.label, severity=rule.severity,
            field=field, start=match.start, end=match.end, place=passage.place(match.start), excerpt=excerpt(passage, pairs, match),
            masked=match.masked, advice=rule.advice, remedy="mask" if match.masked is not None else ""))
    return found

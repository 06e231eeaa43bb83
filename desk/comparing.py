"""Two editions of an item side by side, as people compare them: by paragraph, and within a changed one by character.

What was added or taken out is underlined or struck through and said in words too: colour alone tells some readers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from content import metadata
from content.html import text
from content.items import Attachment, Edition, Image
from desk.metadata import word
from desk.words import FIELDS

PLAIN = ("title", "short_title", "document_number", "issuing_body", "column", "category", "made_on", "source", "summary", "change_note")
AROUND = 1  #: paragraphs shown on either side of a change; the others are counted
ALIKE = 0.35  #: from here on a paragraph counts as changed, and not as another one
WHOLE = 4_000_000  #: characters of the one times those of the other, above which paragraphs are not compared within
TOKENS = re.compile(r"[A-Za-z0-9]+(?:[.:/-][A-Za-z0-9]+)*|\s+|.", re.DOTALL)  #: a number, a time, a day changes as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that differs."""

    name: str
    label: str
    html: SafeString


def compare(before: Edition, now: Edition) -> tuple[Difference, ...]:
    """The fields in which two editions differ, in the order in which they are read; empty if they say the same."""
    sides = {name: (_lines(getattr(before, name)), _lines(getattr(now, name))) for name in PLAIN}
    sides["keywords"] = (_lines("；".join(before.keywords)), _lines("；".join(now.keywords)))
    sides["body"] = (text(before.body).split("\n"), text(now.body).split("\n"))
    for slug in dict.fromkeys(slug for edition in (before, now) for slug, _label, _value in metadata.lines(edition.metadata)):
        sides[slug] = (_lines(word(metadata.value(before.metadata, slug))), _lines(word(metadata.value(now.metadata, slug))))
    for name, old, new in (("images", before.images, now.images), ("attachments", before.attachments, now.attachments)):
        sides[name] = ([file.name for file in old], _files(old, new))
    return tuple(Difference(name=name, label=str(FIELDS.get(name, name)), html=_marked(old, new))
                 for name, (old, new) in sides.items() if old != new)


def _lines(value: object) -> list[str]:
    return str(value).split("\n") if str(value) else []


def _files(before: Sequence[Image | Attachment], now: Sequence[Image | Attachment]) -> list[str]:
    """The files of the newer one; one of the same name with other bytes says so."""
    known = {file.name: file.sha256 for file in before}
    return [file.name + (_("（文件内容已更换）") if known.get(file.name, file.sha256) != file.sha256 else "") for file in now]


def _marked(before: list[str], now: list[str]) -> SafeString:
    parts: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(a=before, b=now, autojunk=False).get_opcodes():
        if kind == "equal":
            parts += _same(now[c:d], first=a == c == 0, last=b == len(before) and d == len(now))
        else:
            parts += _changed(before[a:b], now[c:d])
    return mark_safe("\n".join(parts))  # noqa: S308 - every text in it is escaped


def _same(lines: Sequence[str], *, first: bool, last: bool) -> list[str]:
    """What did not change: a line on either side of a change, the others counted."""
    head, tail = 0 if first else AROUND, 0 if last else AROUND
    skipped = len(lines) - head - tail
    if skipped <= 1:
        return [f"<p>{escape(line)}</p>" for line in lines]
    said = escape(_("（%(n)s 段没有改动）") % {"n": skipped})
    return [*(f"<p>{escape(line)}</p>" for line in lines[:head]), f'<p class="quiet">{said}</p>',
            *(f"<p>{escape(line)}</p>" for line in lines[len(lines) - tail:])]


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Paragraphs that gave way to others: in pairs while they are alike, else one taken out and one added."""
    for n in range(max(len(old), len(new))):
        a, b = old[n] if n < len(old) else None, new[n] if n < len(new) else None
        if a is not None and b is not None and (inner := _within(a, b)):
            yield f'<p class="changed"><span class="sign">{escape(_("改"))}</span>{inner}</p>'
            continue
        if a is not None:
            yield f'<p class="gone"><span class="sign">{escape(_("删"))}</span><del>{escape(a)}</del></p>'
        if b is not None:
            yield f'<p class="added"><span class="sign">{escape(_("增"))}</span><ins>{escape(b)}</ins></p>'


def _within(a: str, b: str) -> str:
    """A paragraph with what changed in it; empty if the two have too little in common."""
    if len(a) * len(b) > WHOLE:
        return ""
    one, other = TOKENS.findall(a), TOKENS.findall(b)
    matcher = SequenceMatcher(a=one, b=other, autojunk=False)
    if matcher.ratio() < ALIKE:
        return ""
    out = []
    for kind, i, j, k, m in matcher.get_opcodes():
        gone, added = "".join(one[i:j]), "".join(other[k:m])
        if kind == "equal":
            out.append(escape(gone))
            continue
        if gone:
            out.append(f'<del><span class="hidden">{escape(_("［删去］"))}</span>{escape(gone)}</del>')
        if added:
            out.append(f'<ins><span class="hidden">{escape(_("［新增］"))}</span>{escape(added)}</ins>')
    return "".join(out)

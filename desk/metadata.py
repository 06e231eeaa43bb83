"""The 更多著录项 as staff read them: in Chinese, or in the English that their table gives. No catalogue of messages holds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from django.utils.functional import Promise, lazy
from django.utils.translation import get_language

from content import metadata
from content.items import Edition
from content.offices import Office


def _chosen(chinese: str, english: str) -> str:
    return english if (get_language() or "").startswith("en") else chinese


_either = cast("Callable[[str, str], Promise]", lazy(_chosen, str))

LABELS: Mapping[str, Promise] = {one.slug: _either(one.label, one.english) for one in metadata.FIELDS}
#: the words of every choice; what is typed freely is the same in every language
WORDS: Mapping[str, Promise] = {word: _either(word, english) for one in metadata.FIELDS for word, english in one.choices}


def word(value: str) -> str:
    """A value as staff read it."""
    return str(WORDS.get(value, value))


def lines(said: metadata.Pairs) -> list[tuple[str, str]]:
    """Label and value of all that is said, in the order of the table."""
    return [(str(LABELS.get(slug, label)), word(value)) for slug, label, value in metadata.lines(said)]


def missing(edition: Edition, office: Office) -> list[str]:
    """The slugs of what this office wants said before the review, and the edition does not say."""
    given = dict(edition.metadata)
    return [slug for slug in office.metadata_required if slug not in given]

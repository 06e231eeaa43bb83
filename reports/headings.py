"""Which part of a form a heading stands for: by what it says, not by its number, its year or its kind of brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reports.filing import Section
from reports.forms.values import Form, Part

_NUMBER = re.compile(r"^(?:第?[一二三四五六七八九十]+[、，．.]|[（][一二三四五六七八九十]+[）]|\d+[、．.])")
_YEAR = re.compile(r"(?:19|20)\d\d年(?:度)?")


def parts_of(sections: Sequence[Section], form: Form) -> list[Part | None]:
    """Of each section the part that it is; None of one that the form does not have.

    By the form's own heading, else by the part's `gist`. Without a heading it is the first bare part.
    """
    return [_part(section.heading, form) for section in sections]


def _part(heading: str, form: Form) -> Part | None:
    said = gist(heading)
    exact = (part for part in form.parts if gist(part.printed) == said)
    alike = (part for part in form.parts if said and part.gist and re.search(part.gist, said))
    return next(exact, None) or next(alike, None)


def gist(heading: str) -> str:
    """A heading without number, year and blanks, and with one kind of brackets and commas.

    >>> gist("一、2017年主要工作总结"), gist("（一）主动公开"), gist("2. 依申请公开")
    ('主要工作总结', '主动公开', '依申请公开')
    """
    return _YEAR.sub("", _NUMBER.sub("", level(heading)))


def level(text: str) -> str:
    """Words without blanks, and with one kind of brackets and commas."""
    return re.sub(r"\s", "", text).translate(str.maketrans("(),.:", "（），．："))

"""Templates that are filled thousands of times: rendered once with marks where the values go, then only filled.

An ordinary Jinja2 template, with one condition: the values that differ from page to page may be printed and tested for
being empty, nothing else (no filter, no slice). Every such value is escaped here, so no template can forget to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, NoReturn

from jinja2 import Template

_OPEN, _CLOSE = "\ue000", "\ue001"  # private use: survive escaping, and no office prints them in its own name
_SPECIAL = re.compile("[&<>\"']").search  # a quick look: most values hold none of these
_MARK = re.compile(f"{_OPEN}([a-z_]+){_CLOSE}")


def escaped(value: str) -> str:
    """A value as text or attribute of HTML."""
    return escape(value) if _SPECIAL(value) else value


class FrameError(Exception):
    """A template does more with a value than print it or test for it."""


class _Mark:
    """Stands for a value: can be printed and is not empty. Whatever else a template tries is refused."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __html__(self) -> str:
        return f"{_OPEN}{self.name}{_CLOSE}"

    def __bool__(self) -> bool:
        return True

    def _refuse(self, *_: object) -> NoReturn:
        raise FrameError(f"{self.name} differs from page to page, so a template may only print it or test for it; prepare it before")

    __str__ = __len__ = __iter__ = __getitem__ = __eq__ = __lt__ = __gt__ = __add__ = __radd__ = __mod__ = __call__ = _refuse
    __hash__ = None  # type: ignore[assignment]


class Frames:
    """One template in the shapes that its values give it: a value is either there or empty."""

    def __init__(self, load: Callable[[], Template]) -> None:
        self._load = load  # compiling takes longer than a redraw, so it waits until the template is needed
        self._shapes: dict[tuple[Any, ...], tuple[str, tuple[str, ...]]] = {}

    def fill(self, which: tuple[Any, ...], constant: Callable[[], Mapping[str, Any]], text: dict[str, str],
             html: dict[str, str] | None = None) -> str:
        """The template with these values.

        Args:
            which: names the constant values; as many shapes are kept as there are names, so it must not grow with the archive.
            constant: the values that all pages of that name share.
            text: the values that differ, to be escaped.
            html: those that are HTML already.

        Raises:
            FrameError: the template filters or slices a value that differs.
        """
        values = text | html if html else text
        key = (*which, *map(bool, values.values()))
        shape = self._shapes.get(key)
        if shape is None:
            shape = self._shapes[key] = self._make(constant(), values)
        pattern, order = shape
        filled = {name: escape(value) if _SPECIAL(value) else value for name, value in text.items()}
        if html:
            filled |= html
        return pattern % tuple([filled[name] for name in order])

    def _make(self, constant: Mapping[str, Any], values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
        marks = {name: _Mark(name) if value else "" for name, value in values.items()}
        template = self._load()
        literal, *rest = _MARK.split(template.render({**constant, **marks}))
        pattern, order = literal.replace("%", "%%"), []
        for name, after in zip(rest[::2], rest[1::2], strict=True):
            pattern += f"%s{after.replace('%', '%%')}"
            order.append(name)
        return pattern, tuple(order)

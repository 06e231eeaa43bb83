"""The forms of reports, each a data file. A new form is a new file here; no code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from reports.forms.reading import read
from reports.forms.values import Form, FormError, Scope

__all__ = ["Form", "FormError", "Scope", "form", "in_force", "known"]


def known() -> tuple[str, ...]:
    """The names of the forms there are, in order."""
    there = (file.name for file in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in there if name.endswith(".toml")))


@cache
def form(name: str, scope: Scope = Scope()) -> Form:  # noqa: B008 - a frozen value
    """A form by its name, with the rows that an office's channels, categories and columns have in it.

    Raises:
        FormError: there is none of that name, or its file does not hold.
    """
    if name not in known():
        raise FormError(f"there is no form {name!r}; known are {', '.join(known())}")
    file = files(__name__) / f"{name}.toml"
    try:
        return read(name, _parsed(file.read_bytes()), scope)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormError(f"form {name}: the file is no proper TOML in UTF-8: {error}") from error


def in_force(year: int) -> Form | None:
    """The statutory yearly form of a report on that year; None if there is none."""
    return next((one for one in map(form, known()) if one.statutory and one.first_year <= year <= one.last_year), None)


def _parsed(data: bytes) -> Mapping[str, object]:
    return tomllib.loads(data.decode("utf-8"))

"""What was signed is what is said: hashes over canonical bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

#: marks a field that came later, in its `metadata`: while it holds its default it is no part of the canonical bytes, so that what was
#: sealed before there was such a field keeps its seal
LATER = "later"


def canonical(value: Any) -> bytes:
    """One value, one sequence of bytes: JSON with sorted keys, no blanks, UTF-8, dates in ISO 8601.

    Takes dataclasses, mappings, sequences, text, integers, dates and None.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain, allow_nan=False).encode()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        said = {one.name: getattr(value, one.name) for one in fields(value)}
        return {one.name: said[one.name] for one in fields(value) if LATER not in one.metadata or said[one.name] != one.default}
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def seal(value: Any) -> str:
    """SHA-256 over the canonical bytes, in hexadecimal: of an edition, of a rendition."""
    return hashlib.sha256(canonical(value)).hexdigest()


def sign_off_seal(edition: str, renditions: Mapping[str, str]) -> str:
    """The one seal of a sign-off: over the edition's seal and that of each channel's rendition."""
    return seal({"edition": edition, "renditions": dict(renditions)})

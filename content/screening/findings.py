"""A finding: what must not go out as it stands, and what to do about it. It holds nothing of the secret it found."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

#: of the rules; kept with every record of a screening, so that a later reader knows what was looked for
VERSION = "2026.12"


class Severity(StrEnum):
    """Who may let a finding stand."""

    BLOCK = "block"  #: mask it, or the drafter gives a reason in writing
    SECRET = "secret"  #: the drafter's reason is not enough: the reviewer confirms in writing too, or refers it upward  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found. May be stored, logged and shown to all: whatever it quotes is masked."""

    #: 16 hex digits; the same after an edit elsewhere, another when the words or whose they are change. See `key`
    key: str
    rule: str
    label: str  #: Chinese
    severity: Severity
    field: str  #: title, body …, or attachment:<name>, image:<name>, alt:<name>
    place: str  #: Chinese, for a person to find it
    excerpt: str  #: the words around, secrets masked
    advice: str  #: Chinese: what to do
    start: int | None = None  #: offsets in the field's text as screened; None for what stands in a file
    end: int | None = None
    masked: str | None = None  #: what masking puts there; None where the writer must do it
    remedy: str = ""  #: mask, clean, or empty: by hand

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"severity": self.severity.value}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """What `as_json` gave.

        Raises:
            TypeError, ValueError: it is something else.
        """
        return cls(**(value | {"severity": Severity(value["severity"])}))


def key(secret: bytes, *parts: str) -> str:
    """What tells one finding from another.

    Keys are kept for ever and shown to all, and from a plain hash a number of few digits is guessed in a minute. So the words themselves
    are among `parts` only where there is a `secret` to key the hash with; without one, callers give what is shown anyway.
    """
    return hmac.new(secret, "\x1f".join(parts).encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]

"""What the ledger refuses.

Each refusal's text is for the log and the command line; `code` and `facts` are stable, so that the desk can say it in Chinese.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from content.screening import Finding


class LedgerError(Exception):
    """Base of what the ledger refuses on purpose."""

    default: ClassVar[str] = "refused"

    def __init__(self, message: str, *, code: str = "", **facts: Any) -> None:
        super().__init__(message)
        self.code, self.facts = code or self.default, facts


class UnknownError(LedgerError):
    """There is no such office, item, edition, delivery or sheet."""

    default = "unknown"


class DuplicateError(LedgerError):
    """The index number, or the address that follows from it, is taken by another item."""

    default = "taken"


class StaleError(LedgerError):
    """Somebody else was quicker: what this was to change is no longer as it was read."""

    default = "stale"


class HeldError(StaleError):
    """A person paused it."""

    default = "held"


class RestingError(HeldError):
    """Its channel failed too often in a row, and rests."""

    default = "resting"


class SealError(LedgerError):
    """The bytes at hand are not the bytes that were signed."""

    default = "resealed"


class ClockError(LedgerError):
    """A time that the office's clock may not show."""

    default = "clock"


class GateError(LedgerError):
    """Something was found that nobody has masked, justified or confirmed."""

    default = "gate"

    def __init__(self, message: str, *, findings: Sequence[Finding], code: str = "", **facts: Any) -> None:
        super().__init__(message, code=code, keys=[finding.key for finding in findings], **facts)
        self.findings = tuple(findings)

"""What the ledger refuses, in words for the person who asked."""

from __future__ import annotations


class LedgerError(Exception):
    """Base of what the ledger refuses on purpose."""


class UnknownError(LedgerError):
    """There is no such office, item, edition, delivery or sheet."""


class DuplicateError(LedgerError):
    """The index number is taken by another item."""


class StaleError(LedgerError):
    """Somebody else was quicker: what this was to change is no longer as it was read."""


class SealError(LedgerError):
    """The bytes at hand are not the bytes that were signed."""


class ClockError(LedgerError):
    """A time that the office's clock may not show."""

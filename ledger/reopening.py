"""A catalogue in another process than the one that had it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.catalogue import LedgerCatalogue


def reopen(office: str) -> LedgerCatalogue:
    """The catalogue of an office, in the ledger that this process's environment names. Starts Django where nobody has.

    Raises:
        UnknownError: no such office.
    """
    from ledger import boot  # noqa: F401, PLC0415 - before any model is imported
    from ledger.catalogue import LedgerCatalogue  # noqa: PLC0415 - imports models

    return LedgerCatalogue(office)

"""Tokens, by the name of what they belong to."""

from __future__ import annotations

from content.accounts import Token
from ledger.models import Credential
from ledger.services.credentials import value


def token(*, credential: str) -> Token | None:
    """The token kept; None if there was never one."""
    row = Credential.objects.filter(name=credential).first()
    return None if row is None else value(row)

"""Tokens, kept between processes. Their values reach nobody but who asks for them by name."""

from __future__ import annotations

from django.db import transaction

from content.accounts import Token, succeeds
from ledger.errors import LedgerError
from ledger.limits import check_lengths
from ledger.models import Credential


def keep_token(*, credential: str, token: Token, before: Token | None) -> Token:
    """Keep a token that was got while `before` was the one kept; committed when this returns.

    Gives the token that is kept now: another one, where somebody was quicker.

    Raises:
        LedgerError: the token has no value, or the credential's name is too long.
    """
    check_lengths(Credential, {"name": credential})
    try:
        made = succeeds(before, token)
    except ValueError as error:
        raise LedgerError(f"{credential}: {error}") from None
    values = {"value": made.value, "refresh": made.refresh, "since": made.since, "until": made.until}
    with transaction.atomic():
        # compared and set by the value, so that a maker who was overtaken while away changes nothing
        if before is not None and Credential.objects.filter(name=credential, value=before.value).update(**values):
            return made
        row, new = Credential.objects.get_or_create(name=credential, defaults=values)
        return made if new else value(row)


def value(row: Credential) -> Token:
    """The token of a row."""
    return Token(value=row.value, refresh=row.refresh, since=row.since, until=row.until)

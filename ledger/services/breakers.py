"""熔断 in the ledger: a channel that keeps failing rests, and one delivery at a time tries it again. `content.rules` decides."""

from __future__ import annotations

from datetime import datetime

from content import rules
from content.deliveries import Outcome
from ledger.errors import RestingError
from ledger.limits import printable
from ledger.models import Breaker, Office
from ledger.services.book import Book


def claim_trial(office: Office, channel: str, at: datetime) -> None:
    """See that a channel does not rest; of one that has rested this is the one trial. The office's lock is held.

    Raises:
        RestingError: it rests, or another delivery is trying it.
    """
    row = Breaker.objects.filter(office=office, channel=channel, rests_until__isnull=False).first()
    if row is None or row.rests_until is None:
        return
    if at < row.rests_until:
        raise RestingError(f"channel {channel} failed {row.failures} times in a row and rests until {row.rests_until:%Y-%m-%d %H:%M} UTC; "
                           f"it said: {row.detail}", channel=channel, until=row.rests_until)
    then = rules.on_trial(_value(row), at)
    Breaker.objects.filter(pk=row.pk).update(rests_until=then.rests_until)


def learn(book: Book, channel: str, outcome: Outcome) -> None:
    """Write down what an attempt showed of its channel."""
    row = Breaker.objects.filter(office=book.office, channel=channel).first()
    if row is None:
        if outcome.well is not False:
            return
        row = Breaker.objects.create(office=book.office, channel=channel)
    before = _value(row)
    after = rules.after_attempt(before, outcome, book.at)
    if after == before:
        return
    opens, closes = after.rests_until and not row.opened_at, row.opened_at and not after.rests_until
    Breaker.objects.filter(pk=row.pk).update(
        failures=after.failures, rests_until=after.rests_until,
        detail="" if outcome.well else row.detail if outcome.well is None else printable(outcome.detail),
        **({"opened_at": book.at} if opens else {"opened_at": None} if closes else {}))
    if opens or closes:
        book.write(f"breaker {'opened' if opens else 'closed'}", channel, failures=after.failures or before.failures)


def let_try(book: Book, channel: str) -> None:
    """The channel was found well from elsewhere: it need not rest any longer, and the next delivery tries it."""
    Breaker.objects.filter(office=book.office, channel=channel, rests_until__gt=book.at).update(rests_until=book.at)


def _value(row: Breaker) -> rules.Breaker:
    return rules.Breaker(failures=row.failures, rests_until=row.rests_until)

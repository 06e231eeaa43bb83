"""额度: calls counted before they are made, over all processes. What it costs does not grow with what was ever called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from content.accounts import Quota
from ledger.limits import check_lengths
from ledger.models import Allowance, Call
from ledger.services.book import aware

#: further ahead than this no clock is: such a call was counted by a practice office that had set its clock
AHEAD = timedelta(days=1)


def spend(*, account: str, quota: Quota, at: datetime) -> datetime | None:
    """Count one call that is about to be made. None: go on; else nothing was counted, and from then on there is room.

    Whether there is room shows in one row: the call that was made as many calls ago as the quota grants.

    Raises:
        ClockError: `at` names no zone.
        LedgerError: a name is too long to be kept.
    """
    with _allowance(account, quota, at) as row:
        if row.shut_until and at < row.shut_until:
            return row.shut_until
        oldest = row.made - quota.calls  # its number
        last = Call.objects.filter(allowance=row, number=oldest).values_list("at", flat=True).first()
        if last is not None and quota.begins(at) < last <= at + AHEAD:
            return quota.frees(last)
        Call.objects.create(allowance=row, number=row.made, at=at)
        Call.objects.filter(allowance=row, number__lte=oldest).delete()
        Allowance.objects.filter(pk=row.pk).update(made=row.made + 1)
    return None


def exhaust(*, account: str, quota: Quota, until: datetime) -> None:
    """The platform itself says that there is no room before this instant. Of two such words the later one counts.

    Raises:
        ClockError: `until` names no zone.
        LedgerError: a name is too long to be kept.
    """
    with _allowance(account, quota, until) as row:
        if row.shut_until is None or row.shut_until < until:
            Allowance.objects.filter(pk=row.pk).update(shut_until=until)


@contextmanager
def _allowance(account: str, quota: Quota, at: datetime) -> Iterator[Allowance]:
    """The row of an account's quota, locked."""
    aware(at)
    check_lengths(Allowance, {"account": account, "quota": quota.name})
    with transaction.atomic():
        Allowance.objects.get_or_create(account=account, quota=quota.name)
        yield Allowance.objects.select_for_update().get(account=account, quota=quota.name)

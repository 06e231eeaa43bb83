"""Leases: one worker a channel. Compare-and-set, in wall time, taken over from the dead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from ledger.errors import UnknownError
from ledger.limits import check_lengths
from ledger.models import Beat, Lease, Office
from ledger.services.book import aware


def take_lease(*, name: str, holder: str, now: datetime, until: datetime, dead: Callable[[str], bool] = lambda holder: False) -> bool:
    """Take or renew a lease. True when `holder` has it now.

    `now` and `until` are wall time, whatever clock the office runs on. `dead` says whether a holder is known to be gone,
    so that a killed process is followed at once and not after its lease ran out.

    Raises:
        ClockError: `now` or `until` names no zone.
    """
    aware(now), aware(until)
    check_lengths(Lease, {"name": name, "holder": holder})
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder=holder, until=until)
            return True
    except IntegrityError:
        pass  # somebody has or had it: the compare-and-set below decides
    current = Lease.objects.filter(name=name).first()
    if current is None or not (current.holder == holder or current.until < now or dead(current.holder)):
        return False
    return Lease.objects.filter(name=name, holder=current.holder, until=current.until).update(holder=holder, until=until) == 1


def give_back(*, name: str, holder: str) -> None:
    """Give a lease back. One that was lost meanwhile stays with its new holder."""
    Lease.objects.filter(name=name, holder=holder).delete()


def beat(*, office: str, flow: str, at: datetime, finished: bool = False) -> None:
    """Write down that a tick began or ended, so that `gongkai doctor` notices a scheduler that stopped.

    Raises:
        UnknownError: no such office.
        ClockError: `at` names no zone.
    """
    aware(at)
    row = Office.objects.filter(code=office).first()
    if row is None:
        raise UnknownError(f"no office {office!r} in this ledger; `gongkai init` opens the offices of gongkai.toml")
    changes = {"finished_at": at} if finished else {"started_at": at, "finished_at": None}
    Beat.objects.update_or_create(office=row, flow=flow, defaults=changes, create_defaults={"started_at": at, **changes})

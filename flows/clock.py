"""What time it is, asked at the doors only. A sandbox office's clock may be set; nobody else's can."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from content.offices import Office

Clock = Callable[[], datetime]  #: what time it is now, asked anew for each thing written down


class ClockError(Exception):
    """Somebody tried to set a clock that cannot be set."""


def wall() -> datetime:
    """The instant by the machine's clock: for leases, and for every office that is no sandbox."""
    return datetime.now(UTC)


def office_time(office: Office, at: str | datetime | None) -> datetime:
    """The office's time: now, or, for a sandbox office, the instant it is told.

    Raises:
        ClockError: the office is no sandbox, or the text is no instant.
    """
    if at is None:
        return wall().astimezone(office.tz)
    if not office.sandbox:
        raise ClockError(f"{office.code} is no sandbox: its releases carry the time at which they happen, and nothing can re-date them")
    if isinstance(at, str):
        try:
            at = datetime.fromisoformat(at)
        except ValueError:
            raise ClockError(f"{at!r} is no instant; write 2017-03-01T09:00 (in the office's zone) or 2017-03-01T09:00+08:00") from None
    return at.replace(tzinfo=office.tz) if at.tzinfo is None else at.astimezone(office.tz)


def office_clock(office: Office, at: str | datetime | None) -> Clock:
    """The office's clock: it runs, or, for a sandbox office that is told an instant, it stands still there.

    Work that lasts must ask again for every write: the ledger's database refuses a release dated more than some minutes ago.

    Raises:
        ClockError: as `office_time` does.
    """
    if at is None:
        return lambda: office_time(office, None)
    return still(office_time(office, at))


def still(at: datetime) -> Clock:
    """A clock that stands."""
    return lambda: at

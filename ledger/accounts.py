"""What the channels of a house share, kept in the ledger: a keyring and a pace, as `channels.accounts` asks for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count

from content.accounts import Quota, Token
from ledger import queries, services

RENEWS_WITHIN = timedelta(minutes=2)  #: longer than the calls that get one token may take
_renewals = count()  #: of this process, whichever keyring makes them


def _nobody_is(_holder: str) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class LedgerKeyring:
    """Tokens in the ledger. One process at a time gets a new one; the others wait, and use what it got."""

    holder: str  #: this process, as it signs leases
    clock: Callable[[], datetime]  #: wall time
    wait: Callable[[], None]  #: for a moment, before looking again whether another process is done
    dead: Callable[[str], bool] = _nobody_is  #: whether a holder is known to be gone; it is followed at once

    def get(self, credential: str) -> Token | None:
        """The token kept; None if there was never one."""
        return queries.token(credential=credential)

    def renew(self, credential: str, spent: Token | None, make: Callable[[Token | None], Token]) -> Token:
        """Another token than the one spent: what somebody got meanwhile, else what `make` gets from the newest one kept.

        A maker that died is followed at once where that is known, else when its lease has run out. What `make` raises passes
        through, and the next in the queue tries.

        Raises:
            LedgerError: what was made has no value; what was kept stays.
        """
        lease, holder = f"token/{sha256(credential.encode()).hexdigest()}", self._me()
        while not (other := self._other(credential, spent)):
            now = self.clock()
            if not services.take_lease(name=lease, holder=holder, now=now, until=now + RENEWS_WITHIN, dead=self._is_dead):
                self.wait()
                continue
            try:
                # looked at again as the only one: whoever held the lease before may have got one
                return self._other(credential, spent) or self._make(credential, make)
            finally:
                services.give_back(name=lease, holder=holder)
        return other

    def _other(self, credential: str, spent: Token | None) -> Token | None:
        kept = self.get(credential)
        return kept if kept and (spent is None or kept.value != spent.value) else None

    def _make(self, credential: str, make: Callable[[Token | None], Token]) -> Token:
        kept = self.get(credential)
        return services.keep_token(credential=credential, token=make(kept), before=kept)

    def _me(self) -> str:
        """This very renewal: two threads of one process are two holders."""
        return f"{self.holder}#{next(_renewals)}"

    def _is_dead(self, holder: str) -> bool:
        return self.dead(holder.rpartition("#")[0])


class LedgerPace:
    """Counts of calls in the ledger, over all processes."""

    def spend(self, account: str, quota: Quota, at: datetime) -> datetime | None:
        """Count one call that is about to be made. None: go on; else nothing was counted, and from then on there is room."""
        return services.spend(account=account, quota=quota, at=at)

    def exhaust(self, account: str, quota: Quota, until: datetime) -> None:
        """The platform itself says that there is no room before this instant."""
        services.exhaust(account=account, quota=quota, until=until)

"""What an account has besides its secret: tokens that must be renewed by one at a time, and quotas that all processes share.

The protocols are what adapters work with; `Pocket` and `Tempo` keep them in this process alone, for rehearsals and tests. A
house that several processes work in gives its channels the ledger's instead.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

from channels.errors import QuotaError
from content.accounts import Quota, Token, succeeds


class Keyring(Protocol):
    """Where the tokens of accounts are kept between processes. A credential has one holder at a time."""

    def get(self, credential: str) -> Token | None:
        """The token kept; None if there was never one."""
        ...

    def renew(self, credential: str, spent: Token | None, make: Callable[[Token | None], Token]) -> Token:
        """Another token than the one spent: what somebody got meanwhile, else what `make` gets from the newest one kept.

        Only one process at a time makes, and what it made is kept before this returns. What `make` raises passes through,
        and leaves what was kept as it was; nothing is ever overwritten by nothing.
        """
        ...


class Pace(Protocol):
    """How much of their quotas accounts have used, over all processes."""

    def spend(self, account: str, quota: Quota, at: datetime) -> datetime | None:
        """Count one call that is about to be made. None: go on; else nothing was counted, and from then on there is room."""
        ...

    def exhaust(self, account: str, quota: Quota, until: datetime) -> None:
        """The platform itself says that there is no room before this instant."""
        ...


class Pocket:
    """A Keyring of one process."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._lock = threading.Lock()

    def get(self, credential: str) -> Token | None:
        return self._tokens.get(credential)

    def renew(self, credential: str, spent: Token | None, make: Callable[[Token | None], Token]) -> Token:
        with self._lock:
            kept = self._tokens.get(credential)
            if kept is None or (spent is not None and kept.value == spent.value):
                kept = self._tokens[credential] = succeeds(kept, make(kept))
            return kept


class Tempo:
    """A Pace of one process: the instants of the calls themselves."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, str], list[datetime]] = defaultdict(list)
        self._shut: dict[tuple[str, str], datetime] = {}

    def spend(self, account: str, quota: Quota, at: datetime) -> datetime | None:
        name = (account, quota.name)
        if (shut := self._shut.get(name)) and at < shut:
            return shut
        since = quota.begins(at)
        calls = self._calls[name] = [call for call in self._calls[name] if call > since]
        if len(calls) >= quota.calls:
            return quota.frees(calls[-quota.calls])
        calls.append(at)
        return None

    def exhaust(self, account: str, quota: Quota, until: datetime) -> None:
        self._shut[account, quota.name] = until


class Meter:
    """Counts the calls of one account before they are made."""

    def __init__(self, pace: Pace, account: str, quotas: Iterable[Quota]) -> None:
        """`account`: as the platform knows it, with the platform's name: `wechat/wx0123`. Channels that share it share its quotas."""
        self._pace, self._account = pace, account
        self._quotas = {quota.name: quota for quota in quotas}

    def spend(self, name: str, at: datetime) -> None:
        """Count a call by its quota's name. One without a quota is free.

        Raises:
            QuotaError: there is no room before some instant; nothing may be sent.
        """
        quota = self._quotas.get(name)
        free = self._pace.spend(self._account, quota, at) if quota else None
        if quota and free:
            raise QuotaError(f"账号的接口额度已用完（{name}：每{_span(quota)} {quota.calls} 次），未发送；{free:%m-%d %H:%M} 后自动继续",
                             retry_after=max(free - at, timedelta(seconds=1)))

    def exhaust(self, name: str, until: datetime) -> None:
        """The platform says that there is no room before this instant. A name without a quota of its own counts as one call."""
        self._pace.exhaust(self._account, self._quotas.setdefault(name, Quota(name=name, calls=1, per=timedelta(seconds=1))), until)


def _span(quota: Quota) -> str:
    seconds = int(quota.per.total_seconds())
    for words, length in (("天", 86400), ("小时", 3600), ("分钟", 60)):
        if seconds % length == 0:
            return words if seconds == length else f"{seconds // length} {words}"
    return f"{seconds} 秒"

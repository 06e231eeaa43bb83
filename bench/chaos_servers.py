"""The real servers that `bench/chaos.py` plays on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bench.chaos_station import Clock, Station
from ledger.queries import DeliveryLine
from tests.rigs.mastodon_mock import TOKEN, MastodonMock


class Mastodon(Station):
    """`mastodon_mock`, a real server of this API that keeps the Idempotency-Key. Twice: everything; pictures leave an orphan."""

    kind = "mastodon"
    environment: ClassVar[Mapping[str, str]] = {"CHAOS_MASTODON": TOKEN}
    repeatable = frozenset({"POST /api/v1/statuses", "POST /api/v2/media"})

    def __init__(self, now: Clock) -> None:
        self._far = MastodonMock()
        self.url = self._far.url

    def options(self) -> Mapping[str, Any]:
        return {"token_env": "CHAOS_MASTODON", "account": "@qingshui@social.example.gov.cn", "polls": [0, 0]}

    def forget(self, switches: Mapping[str, Any]) -> None:
        self._far.forget()

    def shown(self) -> list[str]:
        return [status["content"] for status in self._far.statuses()]

    def doubtful(self, line: DeliveryLine, shown: int) -> bool:
        """Never: the account's own timeline tells, sooner or later."""
        return False

    def stop(self) -> None:
        self._far.stop()

"""The real servers that `bench/chaos.py` plays on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.chaos_station import Clock, Station
from ledger.queries import DeliveryLine
from tests.rigs import snac
from tests.rigs.between import Call
from tests.rigs.bluesky_pds import BlueskyPds
from tests.rigs.mastodon_mock import TOKEN, MastodonMock
from tests.rigs.wordpress import WordPress


class Mastodon(Station):
    """`mastodon_mock`, a real server of this API that keeps the Idempotency-Key. Twice: everything; pictures leave an orphan."""

    kind = "mastodon"
    repeatable = frozenset({"POST /api/v1/statuses", "POST /api/v2/media"})

    def __init__(self, now: Clock) -> None:
        self._far: Any = MastodonMock()
        self.url: str = self._far.url

    @property
    def environment(self) -> Mapping[str, str]:
        return {"CHAOS_MASTODON": TOKEN}

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


class Portal(Station):
    """A real WordPress. Twice: everything; what is made is a draft, and a draft too many is before nobody's eyes but the editors'."""

    kind = "portal"

    def __init__(self, now: Clock) -> None:
        self._far = WordPress()
        self.url = self._far.url

    @property
    def environment(self) -> Mapping[str, str]:
        return {"CHAOS_PORTAL": self._far.passwords["publisher"]}

    def options(self) -> Mapping[str, Any]:
        return {"user": "publisher", "password_env": "CHAOS_PORTAL", "category": "jiedao"}

    def forget(self, switches: Mapping[str, Any]) -> None:
        self._far.forget()

    def shown(self) -> list[str]:
        return [post["content"]["rendered"] for post in self._far.public()]

    def doubtful(self, line: DeliveryLine, shown: int) -> bool:
        """Never: the slug tells."""
        return False

    def may_repeat(self, call: Call) -> bool:
        return True

    def stop(self) -> None:
        self._far.stop()


class Snac(Mastodon):
    """`snac2`, a real server that ignores the Idempotency-Key and deletes nothing: an account a round. Twice: questions and pictures."""

    repeatable = frozenset({"POST /api/v2/media"})

    def __init__(self, now: Clock) -> None:
        self._far = snac.fresh()
        self.url = self._far.url

    @property
    def environment(self) -> Mapping[str, str]:
        return {"CHAOS_MASTODON": self._far.token}

    def forget(self, switches: Mapping[str, Any]) -> None:
        self._far = snac.fresh()

    def stop(self) -> None:
        """It ends with this process."""


class Bluesky(Station):
    """A real PDS, an account a round. Twice: everything; a record's name is ours, and what is put goes only where nothing is."""

    kind = "bluesky"

    def __init__(self, now: Clock) -> None:
        self._far = BlueskyPds()
        self._account = self._far.an_account()
        self.url = self._far.url

    @property
    def environment(self) -> Mapping[str, str]:
        return {"CHAOS_BLUESKY": self._account.password}

    def options(self) -> Mapping[str, Any]:
        return {"account": self._account.handle, "password_env": "CHAOS_BLUESKY"}

    def forget(self, switches: Mapping[str, Any]) -> None:
        self._account = self._far.an_account()

    def shown(self) -> list[str]:
        return [post["value"]["text"] for post in self._far.posts(self._account)]

    def doubtful(self, line: DeliveryLine, shown: int) -> bool:
        """Never: the record's name tells."""
        return False

    def may_repeat(self, call: Call) -> bool:
        return True

    def stop(self) -> None:
        self._far.stop()

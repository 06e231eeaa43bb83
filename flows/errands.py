"""What an outlet is told besides the words: whose delivery it is, when, and what was learnt before, which the ledger keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from channels.base import Errand
from channels.errors import TakenOverError
from channels.house import OfficeHand
from ledger import boot, queries, services  # noqa: F401 - boot comes first: Django is started before any model is imported
from ledger.catalogue import LedgerCatalogue
from ledger.errors import StaleError


def errand_of(hand: OfficeHand, delivery_id: int, key: str, at: datetime, *, work: services.Work | None = None) -> Errand:
    """The errand of a delivery: of an attempt at it (`work`), or of a look."""
    return Errand(key=key, at=at.astimezone(hand.office.tz), steps=StoredSteps(delivery_id, work), blobs=LedgerCatalogue(hand.office.code))


@dataclass(frozen=True, slots=True)
class StoredSteps:
    """The steps of one delivery, in the ledger. Those of an attempt are kept only while it is the one in hand."""

    delivery_id: int
    work: services.Work | None = None  #: the attempt that learns them; None: a look

    def get(self, name: str) -> str | None:
        """What was learnt; None if nothing was yet."""
        return queries.step_value(delivery_id=self.delivery_id, name=name)

    def put(self, name: str, value: str) -> None:
        """Keep it; committed when this returns.

        Raises:
            TakenOverError: the attempt is no longer the one in hand. Every channel keeps a step before it sends, so nothing is sent.
        """
        try:
            services.keep_step(delivery_id=self.delivery_id, name=name, value=value, work=self.work)
        except StaleError as error:
            raise TakenOverError(str(error)) from error

"""Taking an edition through three people in one go: for the rehearsal year and for tests. At the desk, people do it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.house import OfficeHand
from channels.signing import seals
from content.rules import State
from ledger import boot, queries, services  # noqa: F401 - boot comes first: Django is started before any model is imported


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who takes the three steps."""

    drafter: str
    reviewer: str
    signer: str


def approve(hand: OfficeHand, *, edition_id: int, people: People, at: datetime, since: State = State.DRAFT) -> None:
    """Take an edition from where it stands to the signature, an hour between the steps.

    Raises:
        UnsuitableError: it does not fit one of its channels.
        RuleError: it does not stand at `since`, or is no draft of `people.drafter`.
    """
    if since is State.DRAFT:
        services.submit(edition_id=edition_id, by=people.drafter, at=at)
    if since in (State.DRAFT, State.IN_REVIEW):
        services.pass_review(edition_id=edition_id, by=people.reviewer, at=at + timedelta(hours=1))
    found = queries.edition_in_hand(edition_id=edition_id)
    services.sign_off(edition_id=edition_id, by=people.signer, at=at + timedelta(hours=2),
                      renditions=seals(hand, found.edition, found.channels))

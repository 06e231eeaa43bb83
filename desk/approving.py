"""What the pages of review and signature share: the edition of an address, what it went through, what a form says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest

from desk.access import Seat
from desk.words import did
from ledger import queries
from ledger.errors import UnknownError
from ledger.queries import EditionInHand, History


def in_hand(seat: Seat, edition: int) -> EditionInHand:
    """The edition of an address, if it is this office's.

    Raises:
        Http404: there is none in this office.
    """
    try:
        found = queries.edition_in_hand(edition_id=edition)
    except UnknownError:
        raise Http404 from None
    if found.office != seat.office:
        raise Http404
    return found


def given(request: HttpRequest, prefix: str) -> Mapping[str, str]:
    """The fields of a form whose names begin with a prefix, by the rest of their names."""
    return {name.removeprefix(prefix): str(value).strip() for name, value in request.POST.items() if name.startswith(prefix)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Something that happened to an item, as a line of its story."""

    at: datetime
    by: str
    did: str
    number: int | None  #: of the edition
    reason: str


def story(history: History | None) -> tuple[Passage, ...]:
    """What happened so far, oldest first, with the reasons that reviewers gave."""
    if history is None:
        return ()
    reasons = {(review.by, review.at): review.reason for edition in history.editions for review in edition.reviews}
    return tuple(Passage(at=event.at, by=event.actor, did=did(event.verb), number=event.facts.get("edition"),
                         reason=reasons.get((event.actor, event.at), "") if event.verb.startswith("review:") else "")
                 for event in history.events if event.subject == history.index_number)



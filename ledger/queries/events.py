"""The log: read backwards, page by page, and checked: every hash must cover its event and the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.models import Event, Office
from ledger.services.book import GENESIS, event_hash

#: every verb that the services write
VERBS = (
    "office opened", "office renamed", "urgent path opened", "urgent path closed", "column opened", "column reopened", "column renamed",
    "column closed", "channel opened", "channel reopened", "channel closed", "drafted", "correction drafted", "edited", "shelved",
    "findings masked", "findings justified", "findings confirmed", "submitted", "review: pass", "review: refer", "review: return",
    "signed off", "signed urgently", "review: pass later", "review: fail later", "released", "withdrawn", "drawing posted",
    "drawing deferred", "drawing refused", "drawn whole", "delivery posted", "delivery deferred", "delivery refused",
    "delivery unconfirmed", "delivery by_hand",
    "late report", "withdrawal needless", "asked to look", "sent again", "let go", "put up", "taken down",
    "photograph kept", "paused", "resumed", "breaker opened", "breaker closed", "probe well", "probe failed",
    "left to a person", "posting gone", "posting banned", "posting back", "removal confirmed", "posted again",
    "fact recorded", "report text kept", "report frozen", "report restated",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """Who did what to what, when."""

    seq: int
    at: datetime
    actor: str
    verb: str
    subject: str
    facts: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """Some of the log, newest first; `before` asks for the next page, None where there is none."""

    rows: tuple[EventLine, ...]
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFault:
    """Where an office's chain of events does not hold, and why."""

    seq: int
    code: str  #: missing, order, changed
    problem: str


def events(*, office: str, subject: str = "", actor: str = "", verb: str = "", since: datetime | None = None, until: datetime | None = None,
           before: int | None = None, limit: int = 50) -> EventPage:
    """An office's events, newest first: about one subject, of one actor, of one verb, from `since` to before `until`."""
    asked = {"subject": subject, "actor": actor, "verb": verb, "at__gte": since, "at__lt": until, "seq__lt": before}
    rows = Event.objects.filter(office=_number(office), **{name: value for name, value in asked.items() if value not in ("", None)})
    found = lines(rows.order_by("-seq")[: limit + 1])
    return EventPage(rows=found[:limit], before=found[limit - 1].seq if len(found) > limit else None)


def _number(office: str) -> int | None:
    """An office's own number: asked for by its code, PostgreSQL would join the whole log to it and sort that."""
    return Office.objects.filter(code=office).values_list("pk", flat=True).first()


def lines(rows: Iterable[Event]) -> tuple[EventLine, ...]:
    """Rows as lines."""
    return tuple(EventLine(seq=row.seq, at=row.at, actor=row.actor, verb=row.verb, subject=row.subject, facts=row.facts, hash=row.hash)
                 for row in rows)


def verify_events(*, office: str) -> ChainFault | None:
    """The first fault of an office's chain; None where all of it holds. Constant memory."""
    previous, expected = GENESIS, 1
    for event in Event.objects.filter(office=_number(office)).order_by("seq").iterator(chunk_size=1000):
        if event.seq != expected:
            return ChainFault(seq=expected, code="missing", problem=f"event {expected} is missing")
        if event.previous != previous:
            return ChainFault(seq=event.seq, code="order", problem="it does not follow from the event before it")
        if event_hash(event, office) != event.hash:
            return ChainFault(seq=event.seq, code="changed", problem="it is not as it was written")
        previous, expected = event.hash, expected + 1
    return None

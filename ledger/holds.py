"""What must not be claimed now: paused by a person, on a channel that rests, or with a worker this moment.

Who reads a queue and who claims from it ask the same.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from content.deliveries import Action, Status
from content.rules import LOOKS
from ledger.models import Attempt, Breaker, Pause

EVERYTHING = "*"  #: the subject of a pause that holds the whole office


def paused() -> Q:
    """Of a delivery to an outlet: a pause holds it. The pause of an item does not hold its withdrawal: that may be why it was paused."""
    return _channel() | (~Q(action=Action.WITHDRAW) & Q(Exists(Pause.objects.filter(office=OuterRef("office"), item=OuterRef("item")))))


def drawing_paused() -> Q:
    """Of a delivery to a surface: a pause of its channel holds it. Pages show what is released, so the pause of an item is too late."""
    return _channel()


def release_paused() -> Q:
    """Of an edition: a pause holds its release."""
    rows = Pause.objects.filter(Q(subject=EVERYTHING) | Q(item=OuterRef("item")), office=OuterRef("item__office"))
    return Q(Exists(rows))


def resting(at: datetime) -> Q:
    """Of a delivery: its channel rests at an instant."""
    return Q(Exists(Breaker.objects.filter(office=OuterRef("office"), channel=OuterRef("channel"), rests_until__gt=at)))


def under_way(at: datetime) -> Q:
    """Of a delivery: its last attempt has not reported back, and is not yet looked for: no person need do anything about it, or may."""
    running = Attempt.objects.filter(delivery=OuterRef("pk"), number=OuterRef("tries"), finished_at=None, started_at__gt=at - LOOKS[0])
    return Q(Exists(running), status=Status.UNCONFIRMED)


def _channel() -> Q:
    rows = Pause.objects.filter(Q(subject=EVERYTHING) | Q(channel=OuterRef("channel")), office=OuterRef("office"))
    return Q(Exists(rows))

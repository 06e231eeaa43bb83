"""When what stands on a channel is looked at again."""

from __future__ import annotations

from datetime import datetime

from content.rules import upcoming
from content.sightings import AFTER, LOST, Seen
from ledger.models import Posting, Sighting, Watch


def watch(posting: Posting, *, by: str, at: datetime) -> None:
    """Begin anew: since this instant it stands there as it does now."""
    changes = {"since": at, "look_at": upcoming(at, at, AFTER), "tries": 0, "missing_since": None}
    _, new = Watch.objects.update_or_create(posting=posting, defaults=changes, create_defaults={
        "office_id": posting.office_id, "channel": posting.channel, **changes})
    if not new and last_seen(posting.pk) in LOST:  # what was lost is there again, or the figures would go on to say it was
        Sighting.objects.create(posting=posting, ref=posting.ref, at=at, by=by, seen=Seen.STANDS, lost=False, detail="posted again")


def watch_no_more(posting_id: int) -> None:
    """It was taken away, or nobody can be asked about it."""
    Watch.objects.filter(posting=posting_id).update(look_at=None, missing_since=None)


def last_seen(posting_id: int) -> Seen | None:
    """What the last look found."""
    found = Sighting.objects.filter(posting=posting_id).order_by("-pk").values_list("seen", flat=True).first()
    return Seen(found) if found else None

"""复查: looks at what was posted, and when the next one is due."""

from __future__ import annotations

from django.db import models

from content.sightings import Seen
from ledger.models.deliveries import Posting
from ledger.models.offices import Office


class Watch(models.Model):
    """When a posting is looked at again, and whether it was missing. One row a posting that a channel can be asked about."""

    posting = models.OneToOneField(Posting, models.PROTECT, related_name="watch")
    office = models.ForeignKey(Office, models.PROTECT, db_index=False)
    channel = models.CharField(max_length=40)
    since = models.DateTimeField()  #: when what stands there now came before the public
    look_at = models.DateTimeField(null=True)  #: None: not any more
    tries = models.PositiveIntegerField(default=0)  #: times in a row that the channel could not be asked
    missing_since = models.DateTimeField(null=True)  #: the first look that did not find it; None: it stands, or a person dealt with it

    class Meta:
        # both hold what waits, whatever the archive holds
        indexes = (
            models.Index(fields=["office", "channel", "look_at"], name="watch_due", condition=models.Q(look_at__isnull=False)),
            models.Index(fields=["office", "missing_since"], name="watch_missing", condition=models.Q(missing_since__isnull=False)),
        )


class Sighting(models.Model):
    """One look at a posting. Database triggers refuse UPDATE and DELETE."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="sightings", db_index=False)
    ref = models.TextField()  #: what was looked at: a posting may be another one by now
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    seen = models.CharField(max_length=12, choices=[(seen.value, seen.value) for seen in Seen])
    lost = models.BooleanField()  #: whether that is nobody's doing of ours. A column, since SQLite finds an index by no list of words
    detail = models.TextField(blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["posting", "id"], name="sighting_posting"),
            # the figures ask for what was lost: few, whatever was looked at
            models.Index(fields=["posting"], name="sighting_lost", condition=models.Q(lost=True)),
        )

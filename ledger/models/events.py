"""The log: append-only and hash-chained, one chain an office."""

from __future__ import annotations

from django.db import models

from ledger.models.offices import Office


class Event(models.Model):
    """Who did what to what, when. Database triggers refuse UPDATE and DELETE; each hash covers the one before."""

    office = models.ForeignKey(Office, models.PROTECT, db_index=False)
    seq = models.PositiveBigIntegerField()  #: from 1, without gaps, within the office
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)  #: never the words of an item: a withdrawn text must not survive here
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["office", "seq"], name="one_event_a_seq"),)
        # a log is asked backwards: who did, what was done, from which day on
        indexes = (
            models.Index(fields=["subject"]),
            models.Index(fields=["office", "actor", "seq"], name="event_actor"),
            models.Index(fields=["office", "verb", "seq"], name="event_verb"),
            models.Index(fields=["office", "at", "seq"], name="event_at"),
        )

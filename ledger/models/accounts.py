"""What channels need to work besides their secrets: tokens, counts of calls, how each is doing, and what people have paused."""

from __future__ import annotations

from django.db import models

from ledger.models.items import Item
from ledger.models.offices import Office


class Credential(models.Model):
    """What lets us into an account for a while. Renewed by one process at a time; its values are shown nowhere."""

    name = models.CharField(max_length=200, primary_key=True)
    value = models.TextField()
    refresh = models.TextField(blank=True)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        # a credential of nothing would let nobody in and look as if it did
        constraints = (models.CheckConstraint(condition=~models.Q(value=""), name="credential_of_something"),)


class Allowance(models.Model):
    """额度: how much of a quota an account has used, over all processes and offices."""

    account = models.CharField(max_length=200)
    quota = models.CharField(max_length=100)
    made = models.PositiveBigIntegerField(default=0)  #: calls ever counted
    shut_until = models.DateTimeField(null=True)  #: the platform itself said that there is no room before

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "quota"], name="one_allowance_a_quota"),)


class Call(models.Model):
    """One call against an allowance. As many of the newest are kept as the quota grants: older ones can't matter any more."""

    allowance = models.ForeignKey(Allowance, models.CASCADE, related_name="calls", db_index=False)
    number = models.PositiveBigIntegerField()  #: from 0, in the order of counting
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["allowance", "number"], name="one_call_a_number"),)


class Breaker(models.Model):
    """熔断: how often in a row a channel failed for its own reasons, and until when it rests."""

    office = models.ForeignKey(Office, models.PROTECT, db_index=False)
    channel = models.CharField(max_length=40)
    failures = models.PositiveIntegerField(default=0)  #: in a row
    opened_at = models.DateTimeField(null=True)  #: since when it rests, but for a trial now and then
    rests_until = models.DateTimeField(null=True)
    detail = models.TextField(blank=True)  #: what the last failure said

    class Meta:
        constraints = (models.UniqueConstraint(fields=["office", "channel"], name="one_breaker_a_channel"),)


class Pause(models.Model):
    """暂停: what nobody takes further until somebody resumes it. The rows are what is paused now; the log knows the past."""

    office = models.ForeignKey(Office, models.PROTECT, db_index=False)
    subject = models.CharField(max_length=100)  #: what, in one word: `*`, `@channel`, or an index number
    channel = models.CharField(max_length=40, blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="pauses", db_index=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    reason = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["office", "subject"], name="one_pause_a_subject"),
            models.CheckConstraint(condition=models.Q(channel="") | models.Q(item=None), name="pause_of_one_thing"),
        )


class Probe(models.Model):
    """探测: how a channel was found when it was last asked whether it would work."""

    office = models.ForeignKey(Office, models.PROTECT, db_index=False)
    channel = models.CharField(max_length=40)
    at = models.DateTimeField()
    well = models.BooleanField()
    line = models.TextField()  #: what was found, or what to do
    until = models.DateTimeField(null=True)  #: when what lets us in ends, and a person has to get the next one
    ill_since = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["office", "channel"], name="one_probe_a_channel"),)

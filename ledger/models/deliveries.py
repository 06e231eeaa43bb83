"""What was to go where, every try at it, and what the public sees as the result."""

from __future__ import annotations

from django.db import models

from content.deliveries import Action, Status
from ledger.models.items import Edition, Item
from ledger.models.offices import Office


class Delivery(models.Model):
    """One edition, one channel, one action. Its key is the same for every attempt and unique in the ledger."""

    key = models.CharField(max_length=200, unique=True)
    # db_index=False here and below: a composite index or constraint begins with this key, and writes pay for every index
    office = models.ForeignKey(Office, models.PROTECT, db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="deliveries", db_index=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    surface = models.BooleanField()
    action = models.CharField(max_length=12, choices=[(action.value, action.value) for action in Action])
    status = models.CharField(max_length=12, choices=[(status.value, status.value) for status in Status], default=Status.QUEUED)
    sealed = models.CharField(max_length=64)  #: seal of the rendition that was signed
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()  #: not before; moved on by a deferral
    tries = models.PositiveIntegerField(default=0)
    detail = models.TextField(blank=True)  #: what the last attempt said
    closed_at = models.DateTimeField(null=True)  #: since when nothing is left to do: posted, overtaken, or let go by a person
    look_asked_at = models.DateTimeField(null=True)  #: a person asked the next tick to look for it
    doubted_at = models.DateTimeField(null=True)  #: since when nobody knows whether it was posted
    look_at = models.DateTimeField(null=True)  #: when it is looked for next; None of one in doubt: a person must

    class Meta:
        indexes = (
            models.Index(fields=["office", "channel", "status", "due_at"]),
            models.Index(fields=["item", "channel"]),
            # what waits for a tick or a person: that many rows, whatever the archive holds
            models.Index(fields=["office", "status"], name="delivery_open", condition=models.Q(closed_at=None)),
        )


class Attempt(models.Model):
    """One try, written before the call. Without an outcome it is unconfirmed, whatever the cause."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="attempts", db_index=False)
    number = models.PositiveIntegerField()
    holder = models.CharField(max_length=200)  #: the process that made it
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=12, blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["delivery", "number"], name="one_attempt_a_number"),)


class Step(models.Model):
    """Something learnt on the way of a delivery (a draft id, a media id), stored as it was learnt."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="steps", db_index=False)
    name = models.CharField(max_length=120)
    value = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["delivery", "name"], name="one_value_a_step"),)


class Posting(models.Model):
    """发布件: what the public sees of an item on a channel. One row a channel and item, moved on by corrections."""

    office = models.ForeignKey(Office, models.PROTECT, db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="postings", db_index=False)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="postings")  #: the one that made or last changed it
    channel = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    ref = models.TextField()
    url = models.TextField(blank=True)
    disclosed_at = models.DateTimeField(null=True)  #: when it came before the public; None: made ready, not yet public
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "channel"], name="one_posting_a_channel"),)
        indexes = (
            # what stands before the public on a channel just now
            models.Index(fields=["office", "channel"], name="posting_open",
                         condition=models.Q(disclosed_at__isnull=False, removed_at=None)),
            # when a channel last said something
            models.Index(fields=["office", "channel", "disclosed_at"], name="posting_latest"),
            # where an item came before the public, and since when: all that counting asks of a posting
            models.Index(fields=["item", "channel", "kind", "disclosed_at"], name="posting_counted"),
        )


class Sheet(models.Model):
    """张贴单: one printed sheet. It counts as disclosed once a person has recorded that it was put up."""

    office = models.ForeignKey(Office, models.PROTECT, db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="sheets")
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="sheet")
    number = models.CharField(max_length=100, unique=True)
    printed_at = models.DateTimeField()
    days = models.PositiveSmallIntegerField()  #: natural days it is to hang, from the day on which it is put up
    due_down = models.DateField(null=True)  #: the day on which it is to come down: nobody knows before it hangs
    put_up_at = models.DateTimeField(null=True)
    put_up_by = models.CharField(max_length=80, blank=True)
    put_up_photo = models.CharField(max_length=64, blank=True)  #: of the sheet on the board: the hash of a blob
    taken_down_at = models.DateTimeField(null=True)
    taken_down_by = models.CharField(max_length=80, blank=True)
    taken_down_photo = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(taken_down_at=None) | models.Q(put_up_at__isnull=False), name="up_before_down"),
            models.CheckConstraint(name="due_once_up", condition=(
                models.Q(put_up_at=None, due_down=None) | models.Q(put_up_at__isnull=False, due_down__isnull=False))),
        )
        # the board's list asks for what is not yet down: ten days of sheets, whatever the archive holds
        indexes = (models.Index(fields=["office", "printed_at"], name="sheet_open", condition=models.Q(taken_down_at=None)),)

"""How an item is counted, kept beside it: no record, made from the record (`ledger.counted`)."""

from __future__ import annotations

from django.db import models

from ledger.models.items import Item
from ledger.models.offices import Office


class Counted(models.Model):
    """An item that was released, as counting finds it as of any instant from `since` on."""

    item = models.OneToOneField(Item, models.PROTECT, primary_key=True, related_name="counted")
    office = models.ForeignKey(Office, models.PROTECT, db_index=False, related_name="+")
    year = models.PositiveSmallIntegerField()  #: of its release; the month, too
    month = models.PositiveSmallIntegerField()
    released_on = models.DateField()
    kinds = models.TextField(blank=True)  #: of the channels on which it came before the public, in order, with commas between
    category = models.CharField(max_length=100, blank=True)  #: of the edition shown
    column = models.CharField(max_length=40)
    full_text = models.BooleanField()  #: its words stand there, and not a bare title with a file
    since = models.DateTimeField()  #: nothing of this has changed after

    class Meta:
        indexes = (
            # a year is counted from this alone, and in its order, so that nothing need be sorted
            models.Index(fields=["office", "year", "month", "kinds", "category", "column", "full_text", "released_on", "since"],
                         name="counted_year"),
        )

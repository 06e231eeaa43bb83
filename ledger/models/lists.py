"""Places in lists: given once, never reused. See `content.catalogue`."""

from __future__ import annotations

from django.db import models

from ledger.models.items import Item
from ledger.models.offices import Office


class Listing(models.Model):
    """A list's counters, so that neither its size nor its count is ever counted."""

    office = models.ForeignKey(Office, models.PROTECT, db_index=False)
    name = models.CharField(max_length=60)
    size = models.PositiveIntegerField(default=0)  #: places given, gaps included
    live = models.PositiveIntegerField(default=0)  #: of them with a live edition

    class Meta:
        constraints = (models.UniqueConstraint(fields=["office", "name"], name="one_listing_a_name"),)


class Place(models.Model):
    """An item's place in a list. A withdrawal or a move to another column leaves it behind, no longer live."""

    office = models.ForeignKey(Office, models.PROTECT, db_index=False)
    list = models.CharField(max_length=60)
    place = models.PositiveIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="places")
    live = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["office", "list", "place"], name="one_item_a_place"),
            models.UniqueConstraint(fields=["office", "list", "item"], condition=models.Q(live=True), name="one_live_place_an_item"),
        )

"""Offices and what belongs to them as a whole. Their public facts stay in gongkai.toml; here is what history needs."""

from __future__ import annotations

from django.db import models


class Office(models.Model):
    """One office. `sandbox` never changes (a trigger keeps that): a practice office cannot become a real one."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=60)
    sandbox = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)  #: whether the urgent path is open: signed now, reviewed within a day
    opened_at = models.DateTimeField()


class Column(models.Model):
    """栏目, from the day it was first configured to the day it no longer was."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="columns", db_index=False)
    slug = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["office", "slug"], name="one_column_a_slug"),)


class Channel(models.Model):
    """公开渠道, from the day it was first configured to the day it no longer was. A closed one keeps its counts."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="channels", db_index=False)
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    surface = models.BooleanField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["office", "name"], name="one_channel_a_name"),)


class Serial(models.Model):
    """The last serial given to an index number, a year at a time."""

    office = models.ForeignKey(Office, models.PROTECT, db_index=False)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["office", "year"], name="one_serial_a_year"),)


class Drawing(models.Model):
    """The frame (configuration, templates) a surface was last drawn whole with. Another frame means: draw whole again."""

    office = models.ForeignKey(Office, models.PROTECT, db_index=False)
    channel = models.CharField(max_length=40)
    frame = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["office", "channel"], name="one_drawing_a_surface"),)


class Lease(models.Model):
    """Who is working on something just now. Counted in wall time, also for sandbox offices: processes live in it."""

    name = models.CharField(max_length=120, primary_key=True)
    holder = models.CharField(max_length=200)
    until = models.DateTimeField()


class Beat(models.Model):
    """The last tick of a flow, so that a scheduler that stopped is noticed."""

    office = models.ForeignKey(Office, models.PROTECT, db_index=False)
    flow = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["office", "flow"], name="one_beat_a_flow"),)

"""What an office says for its reports, and the reports it handed in. Nothing here ever changes: the latest holds, the earlier stay."""

from __future__ import annotations

from django.db import models

from ledger.models.offices import Office


class Said(models.Model):
    """Something said once, by somebody, for one report."""

    # db_index=False: an index of each begins with this key
    office = models.ForeignKey(Office, models.PROTECT, db_index=False, related_name="+")
    year = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=40)
    first_day = models.DateField()  #: of the report's period: the year's, or of a month or quarter of it
    last_day = models.DateField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Fact(Said):
    """A number that the ledger cannot know."""

    cell = models.CharField(max_length=120)  #: its address in the form
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True)  #: None: taken back, unknown again
    note = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["office", "year", "form", "cell"], name="fact_cell"),)


class Text(Said):
    """The words of a part, as the office edited them."""

    part = models.CharField(max_length=120)
    text = models.TextField()

    class Meta:
        indexes = (models.Index(fields=["office", "year", "form", "part"], name="text_part"),)


class Frozen(Said):
    """A report as it was handed in: one an office, year and form. Another only names the one it restates."""

    as_of = models.DateTimeField()
    filing = models.JSONField()
    rows = models.JSONField(default=dict)  #: of each counted cell, what it counted
    restates = models.OneToOneField("self", models.PROTECT, null=True, related_name="restated_by")
    reason = models.TextField(blank=True)  #: why it was restated
    offices = models.JSONField(default=list)  #: of a district's report, the offices whose items it counts
    signed_on = models.DateField(null=True)  #: the day printed under it
    seals = models.JSONField(default=dict)  #: of its papers, by file name
    answers = models.JSONField(default=dict)  #: of what did not hold and stands all the same: why, by what it is

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["office", "year", "form", "first_day", "last_day"], condition=models.Q(restates=None),
                                    name="one_report_a_form"),
            models.CheckConstraint(condition=models.Q(restates=None) | ~models.Q(reason=""), name="restated_with_a_reason"),
        )
        indexes = (models.Index(fields=["office", "year", "form"], name="frozen_form"),)

"""What the gate saw, and what people said to it. Neither ever changes."""

from __future__ import annotations

from django.db import models

from ledger.models.items import Edition, Item


class Screening(models.Model):
    """What was found in one wording by one version of the rules, as it was handed to the review. Holds no secret: excerpts are masked."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="screenings", db_index=False)
    seal = models.CharField(max_length=64)  #: of the words
    version = models.CharField(max_length=40)  #: of the rules
    at = models.DateTimeField()
    findings = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["edition", "seal", "version"], name="one_screening_a_wording"),)


class Justification(models.Model):
    """What became of a finding: masked by one click, justified in writing by a drafter, or confirmed in writing by a reviewer.

    It speaks of the item: where a later wording has the same finding, by its key, it needs no second one.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="justifications", db_index=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="justifications")
    kind = models.CharField(max_length=12)  #: masked, justified, confirmed
    key = models.CharField(max_length=64)  #: of the finding
    rule = models.CharField(max_length=40)
    finding = models.JSONField()  #: the finding itself, its secret masked
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(kind="masked") | ~models.Q(reason=""), name="justified_with_a_reason"),
        )
        indexes = (models.Index(fields=["item", "key"], name="justification_key"),)

"""A day that somebody types: of this country's calendar, so that no zone can carry it out of the range of dates."""

from __future__ import annotations

from datetime import date
from typing import cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import Promise

FIRST, LAST = date(1949, 10, 1), date(2199, 12, 31)


def day_field(label: Promise) -> forms.DateField:
    """A day, or nothing."""
    return forms.DateField(label=cast("str", label), required=False, validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)])

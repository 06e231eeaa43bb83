"""The desk's reports: which one an address names, made from the ledger as it stands when it is asked for."""

from __future__ import annotations

import re

from django.http import Http404

from channels.registry import LABELS
from content.figures import Counting
from desk.access import Seat
from ledger import queries
from reports.forms import FormError, form, known
from reports.keeping import asked_again
from reports.making import Asked, Maker, cut

MAKER = Maker(books=queries, labels=LABELS)
WHEN = re.compile(r"(\d{4})(?:-(\d{1,2}))?")


def asked_for(seat: Seat, name: str, when: str, *, counting: Counting = Counting.DISTINCT) -> Asked:
    """The report that an address names: a form, and a year as `2025`, a month or quarter of it as `2025-3`.

    Raises:
        Http404: there is no such form, year or period.
    """
    found = WHEN.fullmatch(when)
    if name not in known() or not found or not 1949 <= int(found[1]) <= seat.at.astimezone(seat.hand.office.tz).year:
        raise Http404
    try:
        period = cut(form(name).period, int(found[1]), int(found[2] or 0))
    except FormError as error:
        raise Http404 from error
    if period is None and found[2]:
        raise Http404
    return Asked(office=seat.hand.office, form=name, year=int(found[1]), as_of=seat.at, period=period, counting=counting)


def kept_of(asked: Asked) -> queries.Frozen | None:
    """The report of that question that was handed in, if there is one."""
    return queries.frozen_report(office=asked.office.code, form=asked.form, year=asked.year, period=asked.period)


def held(asked: Asked) -> Asked:
    """The question as it is answered now: as it was handed in where it was, else as of now."""
    kept = kept_of(asked)
    return asked if kept is None else asked_again(asked.office, kept)

"""The three rules by which offices count a total, as a report follows them and says so. Source: content.figures.Counting."""

from __future__ import annotations

from dataclasses import replace

from content.figures import SITES, Counting
from content.measures import Measure, What
from reports.forms.values import Form

#: what each says of itself, beside the number; the first in the words of the statistics table of 国办发〔2014〕32号
SAID = {Counting.DISTINCT: "不同渠道和方式公开相同信息计1条", Counting.SUM: "各渠道公开数相加，相同信息在几个渠道公开计几条",
        Counting.WEBSITE: "只计政府网站公开的信息"}


def is_total(measure: Measure) -> bool:
    """Whether it is the total: all items, whatever they are."""
    return measure == Measure()


def asked(measure: Measure, counting: Counting) -> Measure:
    """What the ledger is asked for in the place of a form's measure. A channel's own number is the same under each rule."""
    whole = measure.what is What.ITEMS and not measure.kinds
    return replace(measure, kinds=SITES) if whole and counting is Counting.WEBSITE else measure


def relabelled(form: Form, counting: Counting) -> Form:
    """The form whose rows say the rule that is followed."""
    if counting is Counting.DISTINCT:
        return form
    official, said = SAID[Counting.DISTINCT], SAID[counting]
    return replace(form, tables={
        name: replace(table, rows=tuple(replace(row, label=row.label.replace(official, said)) for row in table.rows))
        for name, table in form.tables.items()})

"""A chart as a picture, for what takes no drawing: Word, and an item on every channel."""

from __future__ import annotations

from datetime import date

from reports.writers.charts import bars
from reports.writers.dress import TEMPLATES, Dress
from reports.writers.layout import Chart

WIDTH = 120.0  #: mm: its letters are still read on a phone
PPI = 230.0  #: sharp on paper; some 1,090 dots across, as articles have them


def png(chart: Chart, dress: Dress, *, dated: date) -> bytes:
    """A chart as PNG. The same chart in the same faces is the same bytes."""
    drawn = bars(chart)
    inputs = {"chart": drawn, "width": WIDTH, "faces": dress.faces}
    page = dress.setter.pdf((TEMPLATES / "chart.typ").read_bytes() + (TEMPLATES / "chart-alone.typ").read_bytes(), inputs, dated=dated)
    return dress.setter.pictures(page, ppi=PPI)[0]

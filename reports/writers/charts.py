"""Charts: bars with their numbers beside them, in one colour that holds on paper and for every eye. The same values, the same bytes.

Nothing is told by colour alone; every bar carries its number, and the whole is read aloud as a sentence.
"""

from __future__ import annotations

from html import escape
from typing import Any

from reports.prose import UNKNOWN
from reports.writers.layout import Chart

WIDTH, BAR, STEP, TOP = 440, 20, 34, 6
SIZE = 14  #: of the letters, in the chart's own units
BLUE, INK, SOFT = "#174a84", "#1f2429", "#c3c9d0"
LONGEST = 11  #: characters of a label in one line


def alternative(chart: Chart) -> str:
    """A chart in words."""
    said = "、".join(f"{label}{UNKNOWN if value is None else value}{chart.unit}" for label, value in chart.bars)
    return f"条形图，{chart.title}：{said}。"


def bars(chart: Chart) -> dict[str, Any]:
    """A chart as `chart.typ` draws it on paper: each bar's share of the longest, and the number beside it."""
    most = max((value or 0 for _, value in chart.bars), default=0)
    return {"title": f"{chart.title}（{chart.unit}）", "words": alternative(chart), "bars": [
        {"label": label, "share": (value or 0) / most if most else 0, "said": UNKNOWN if value is None else f"{value}{chart.unit}"}
        for label, value in chart.bars]}


def svg(chart: Chart) -> str:
    """A chart as an `<svg>` that stands in a page; its width follows the page's."""
    label = SIZE * min(LONGEST, max(len(label) for label, _ in chart.bars)) + 10
    number = SIZE * 0.62 * max(len(_number(value, chart.unit)) + 2 for _, value in chart.bars) + 6
    room, most = WIDTH - label - number, max((value or 0 for _, value in chart.bars), default=0)
    height = STEP * len(chart.bars) + 2 * TOP
    name = f"chart-{chart.name}"
    named = f'role="img" aria-labelledby="{name}-title {name}-words"'
    lines = [f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" {named} xmlns="http://www.w3.org/2000/svg" font-size="{SIZE}">',
             f'<title id="{name}-title">{escape(chart.title)}</title>', f'<desc id="{name}-words">{escape(alternative(chart))}</desc>']
    for place, (text, value) in enumerate(chart.bars):
        top = TOP + STEP * place + (STEP - BAR) / 2
        long = room * (value or 0) / most if most else 0
        line = f'y="{top + BAR * 0.74:.1f}" fill="{INK}"'
        lines += [
            f'<text x="{label - 10}" {line} text-anchor="end"{_squeezed(text, label - 10)}>{escape(text)}</text>',
            f'<rect x="{label}" y="{top:.1f}" width="{long:.1f}" height="{BAR}" fill="{BLUE}"/>' if value else "",
            f'<text x="{label + long + 6:.1f}" {line}>{_number(value, chart.unit)}</text>']
    lines += [f'<path d="M{label} {TOP}V{height - TOP}" stroke="{SOFT}"/>', "</svg>"]
    return "\n".join(filter(None, lines))


def _number(value: int | None, unit: str) -> str:
    return UNKNOWN if value is None else f"{value}{escape(unit)}"


def _squeezed(text: str, room: float) -> str:
    """A label too long for its room is set narrower, never cut."""
    return f' textLength="{room:.0f}" lengthAdjust="spacingAndGlyphs"' if len(text) > LONGEST else ""

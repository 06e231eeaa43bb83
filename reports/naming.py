"""What a figure of a form is called, for people who see only its address."""

from __future__ import annotations

from reports.forms import Form


def names(form: Form) -> dict[str, str]:
    """Every address of a form with its name: that of its row, and of its column where there are several."""
    out = dict(form.facts)
    for address, table, row, column in form.cells():
        out[address] = f"{row.label} {column.label}" if len(table.columns) > 1 else row.label
    return out | {address: str(measure) for address, measure in form.measures.items()}

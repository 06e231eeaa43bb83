"""JSON: what the report says (`reports.filing.read` takes it back), and beside it where each number comes from."""

from __future__ import annotations

import json
from typing import Any

from reports.report import Report
from reports.writers.dress import Dress
from reports.writers.layout import basis, form_name
from reports.writers.origins import Number, numbers


def write(report: Report, dress: Dress) -> bytes:
    """The report whole."""
    worn = {"signed_on": dress.signed_on.isoformat() if dress.signed_on else "", "note": dress.note}
    said = {**report.filing.as_json(), "form_name": form_name(report.form), "as_of": report.as_of.isoformat(), "basis": basis(report),
            **{name: value for name, value in worn.items() if value},
            "origins": {one.address: origin(one) for one in numbers(report)}}
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def origin(one: Number) -> dict[str, Any]:
    """Where a number comes from, and what it is called."""
    named = {"table": one.table, "label": one.label, "column": one.column, "unit": one.unit}
    come = {"measure": one.measure, "by": one.by, "at": one.at, "note": one.note, "of": list(one.parts)}
    return {"origin": one.origin, **{name: value for name, value in {**named, **come}.items() if value}}

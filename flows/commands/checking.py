"""`gongkai report check`: whether a report holds, also one that was made elsewhere. Needs no ledger and no house."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from channels.registry import LABELS
from flows.exits import Exit, plain
from reports.checks import Fault, faults
from reports.filing import FilingError, read, scope_of
from reports.forms import Form, FormError, form, in_force, known

NAMED = 3  #: cells, where many are wrong in the same way


def check(file: Path, *, output: str, out: Console, err: Console) -> Exit:
    """Name what does not hold in a report, with cell, rule and both values. What is no report is a line, and `Exit.USAGE`."""
    try:
        said = _said(file)
        found_form = _form(said)
        found = faults(read(said, found_form), found_form)
    except (FilingError, FormError) as error:
        err.print(f"[red]error:[/] {plain(f'{file}: {error}')}")
        return Exit.USAGE
    if output == "json":
        sys.stdout.write(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=2) + "\n")
    elif output == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(["check", "rule", "cells", "found", "expected", "says"])
        writer.writerows([one.check, one.rule.value, " ".join(one.cells), one.left, one.right, one.says] for one in found)
    else:
        _print(found, found_form, out)
    if found:
        err.print(f"[yellow]![/] {len(found)} of what the form asks for does not hold")
    return Exit.PERSON if found else Exit.DONE


def _said(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FilingError(f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise FilingError(f"is no JSON in UTF-8: {error}") from None


def _form(said: Any) -> Form:
    """The form that the file names, else the one in force in its year, with rows for the channels and categories that it has.

    Raises:
        FormError: it names none that is known, and its year has none.
    """
    name = said.get("form") if isinstance(said, dict) else None
    if name is None:
        year = said.get("year") if isinstance(said, dict) else None
        statutory = in_force(year) if isinstance(year, int) else None
        if statutory is None:
            raise FormError(f'name the form: "form" is one of {", ".join(known())}')
        name = statutory.id
    return form(str(name), scope_of(said, LABELS))


def _as_json(fault: Fault) -> dict[str, Any]:
    return {"check": fault.check, "rule": fault.rule.value, "cells": list(fault.cells), "found": fault.left, "expected": fault.right,
            "says": fault.says}


def _print(found: list[Fault], made: Form, out: Console) -> None:
    """A paragraph a check: what must hold, then where it does not."""
    if not found:
        out.print(f"[green]ok[/] all {len(made.checks)} checks of the form {made.id} ({made.name}) hold")
        return
    for name in dict.fromkeys(one.check for one in found):
        broken = [one for one in found if one.check == name]
        out.print(f"[red]✗[/] [bold]{name}[/]  {plain(broken[0].says)}")
        for left, right in dict.fromkeys((one.left, one.right) for one in broken):
            where = _where([one for one in broken if (one.left, one.right) == (left, right)])
            out.print(f"    {plain(where)}{plain(left)} → {plain(right)}")


def _where(same: list[Fault]) -> str:
    """The cells of what is wrong in the same way; those that stand in its sum anyway are not said twice."""
    cells = [cell for one in same for cell in one.cells if cell not in one.left]
    return "" if not cells else f"{', '.join(cells[:NAMED])}{f', … ({len(cells)} in all)' if len(cells) > NAMED else ''}: "

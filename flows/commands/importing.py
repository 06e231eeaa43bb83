"""`gongkai import`: a file of items, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from channels.house import OfficeHand
from flows import intake, opening
from flows.clock import office_time
from flows.exits import Exit, plain


@dataclass(slots=True)
class Result:
    """What became of a file's lines."""

    taken: int = 0
    known: int = 0
    refused: list[str] = field(default_factory=list)


def run(home: Path, file: Path, *, office: str | None, by: str, at: str | None, check: bool, out: Console, err: Console) -> Exit:
    """Take a file in, or only check it, and say what was refused, each with file, line and field."""
    hand = opening.open_offices(home).desk(office)
    result = take_file(hand, file, by=by, at=at, check=check, console=err)
    for line in result.refused:
        err.print(f"[red]refused[/] {plain(line)}")
    verb = "well" if check else "taken in"
    out.print(f"{file.name}: {result.taken} {verb}, {result.known} known already, {len(result.refused)} refused")
    return Exit.PERSON if result.refused else Exit.DONE


def take_file(hand: OfficeHand, file: Path, *, by: str, at: str | None, console: Console, check: bool = False) -> Result:
    """Take in every line that can be; with `check`, only say which cannot."""
    result = Result()
    bar = Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=console, transient=True)
    with bar:
        task = bar.add_task(file.name, total=file.stat().st_size)
        try:
            for line in intake.lines(file):
                _take(hand, line, by, at, result, check=check)
                bar.advance(task, len(line.data))
        except intake.LineError as error:  # of the file as a whole
            result.refused.append(str(error))
    return result


def _take(hand: OfficeHand, line: intake.Line, by: str, at: str | None, result: Result, *, check: bool) -> None:
    now = office_time(hand.office, at)
    try:
        if check:
            intake.check(hand, line, at=now)
        known = not check and intake.take_in(hand, line, by=by, at=now).edition_id is None
    except intake.LineError as error:
        result.refused.append(str(error))
    else:
        result.known += known
        result.taken += not known

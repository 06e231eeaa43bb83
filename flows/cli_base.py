"""What all subcommands of `gongkai` share: the terminal, the options that recur, where the house is, and how a command ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.exits import Exit, plain

# names, keys and paths are copied from the output: in a pipe they are not to be broken at 80 columns
out = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
err = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())

Office = Annotated[str | None, typer.Option("--office", help="The office's code; not needed where only one is described.")]
At = Annotated[str | None, typer.Option("--at", help="For a sandbox office only: the instant to work at, as 2017-03-01T09:00.")]
By = Annotated[str, typer.Option("--by", help="Who did it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the log.")]
PausedChannel = Annotated[str, typer.Option("--channel", help="Only this channel, by its name in gongkai.toml.")]
PausedItem = Annotated[str, typer.Option("--item", help="Only this item, by its index number.")]
Numbers = Annotated[list[str], typer.Argument(help="Sheet numbers, as printed on the sheets.")]
Year = Annotated[int, typer.Option("--year", min=1949, max=9998, help="The year that the report is on.")]
FormName = Annotated[str, typer.Option("--form", help="2008, 2019, 2021, website, quarterly, monthly [the statutory one of that year].")]
Part = Annotated[int, typer.Option("--part", min=0, max=12, help="Of a monthly or quarterly form: which month or quarter.")]
District = Annotated[list[str] | None, typer.Option("--of", help="For a district's report: an office whose items it counts.")]


class Format(StrEnum):
    """How a list is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def the_home(below: str = "") -> Path:
    """The home folder; from here on, also for Django and Prefect, which read the environment as they are imported."""
    from flows.prefect_home import prepare

    home = (Path(os.environ.get("GONGKAI_HOME") or "var") / below).resolve()
    os.environ["GONGKAI_HOME"] = str(home)
    prepare(home)
    return home


def year_of(context: typer.Context, year: int | None) -> int | None:
    """The year that a group of commands is asked for by itself; None where a subcommand follows, which names its own.

    Raises:
        BadParameter: no year is named; or options stand before a subcommand, which would never hear of them.
    """
    if context.invoked_subcommand is None:
        if year is None:
            raise typer.BadParameter("name the year", param_hint="--year")
        return year
    lost = [name for name in context.params if (source := context.get_parameter_source(name)) and source.name != "DEFAULT"]
    if lost:
        raise typer.BadParameter(f"write its options behind `{context.invoked_subcommand}`, not before it ({', '.join(lost)})")
    return None


def do_first(work: Callable[[], Exit | None]) -> None:
    """Do what comes before; go on only where that went well."""
    try:
        do(work)
    except typer.Exit as ended:
        if ended.exit_code != Exit.DONE:
            raise


def do(work: Callable[[], Exit | None]) -> None:
    """Do it; what a room refuses on purpose becomes one clear line and an exit code, a fault of ours shows itself whole."""
    from channels.errors import ChannelError, ConfigurationError
    from channels.house import HouseError
    from content.rules import RuleError
    from flows.clock import ClockError
    from flows.refusals import Refusal
    from ledger.errors import LedgerError

    try:
        code = work() or Exit.DONE
    except (HouseError, ClockError, ConfigurationError) as error:
        code = _say(Exit.USAGE, error)
    except (LedgerError, RuleError, ChannelError, Refusal) as error:
        code = _say(Exit.PERSON, error)
    raise typer.Exit(code)


def _say(code: Exit, error: Exception) -> Exit:
    for line in str(error).splitlines():
        err.print(f"[red]gongkai:[/] {plain(line)}")
    return code

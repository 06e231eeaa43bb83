"""Deliveries through chaos: how many appear twice, how many vanish, how many a person is asked about.

    make chaos ARGS="--platform wechat"                              1,000 deliveries
    bench/chaos.py --platform mastodon --runs 200 --seed 7 --json    the last line is for a machine

Each delivery is one of a real ledger and is carried by the real tick (`flows.tick`) to a far side on this machine, through a proxy that fails
by lot as networks and servers do (`tests/rigs/chaos.py`), by workers that are killed with SIGKILL before, within and after everything that
they write down: every such point is numbered, and the table says at which of them somebody was killed. When the faults have ended and the
office's clock has moved on past every wait and settling time, each is looked up on the far side by its index number. Then a person does what
the list asks for, and all is looked up once more.

duplicates   more than once before the public
losses       said to be posted and not there; or neither posted nor in a person's list
by hand      in a person's list: the system cannot know, and says so
strays       in a person's list although the far side tells what became of it

Left with 1 unless duplicates, losses and strays are 0. What is honest and what is not: a network that delivers a call twice is beyond any
client's power where the platform knows no repeated call. That fault is played on questions, on calls that are harmless when repeated, and on
those that the platform promises to take for one (`bench/chaos_stations.py` says which, for each); elsewhere the answer is lost instead. A
call that the network holds back arrives within four minutes: Mastodon servers that ignore the key are given ten (docs/channels/mastodon.md).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

if __name__ in ("__main__", "__mp_main__"):  # started as a file, the project's root is not on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.chaos_rounds import TOGETHER, Round, Tally
from bench.chaos_stage import Stage
from bench.chaos_station import Station
from bench.chaos_stations import STATIONS

OUT = Console()
SHOWN = 20  #: lines about what went wrong
_stage: Stage | None = None  #: of a process of the pool


def play(station: type[Station], *, runs: int, seed: int, given: Mapping[str, Any] | None = None, jobs: int = 1) -> Iterator[Tally]:
    """What each round comes to, in order. The processes that play are fresh ones: workers are forked where there is one thread only."""
    counts = [TOGETHER] * (runs // TOGETHER) + [runs % TOGETHER] * bool(runs % TOGETHER)
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_begin,
                             initargs=(station, seed, dict(given or {}))) as pool:
        yield from pool.map(_round, range(len(counts)), counts)


def _begin(station: type[Station], seed: int, given: Mapping[str, Any]) -> None:
    global _stage  # noqa: PLW0603  # a pool gives its processes nothing else to keep things in
    _stage = Stage(station, seed, given)
    Finalize(None, _stage.close, exitpriority=10)


def _round(number: int, count: int) -> Tally:
    if _stage is None:
        raise RuntimeError("the stage was not set")
    return Round(_stage, number).play(count)


def show(name: str, found: Tally) -> None:
    """The figures, and where they come from."""
    table = Table(f"{name}: {found.runs:,} deliveries", "", box=None, header_style="bold", pad_edge=False)
    table.columns[1].justify = "right"
    for what, count, bad in (("duplicates", found.duplicates, True), ("losses", found.losses, True), ("strays", found.strays, True),
                             ("by hand", found.by_hand, False)):
        table.add_row(what, f"[bold {'red' if bad and count else 'green' if bad else 'yellow'}]{count:,}[/]")
    table.add_row("ended as", "", end_section=True)
    for what, count in found.ended.most_common():
        table.add_row(f"  {what}", f"{count:,}")
    table.add_row(f"faults in {found.ticks:,} ticks", f"{found.faults.total():,}")
    for what, count in sorted(found.faults.items()):
        table.add_row(f"  {what}", f"{count:,}")
    table.add_row("killed", f"{found.deaths.total():,}")
    table.add_row("points at which somebody was killed", f"{len(found.deaths)} of {len(found.passed)}")
    for what in sorted(found.passed):
        deaths = found.deaths[what]
        table.add_row(f"  {what}", f"{deaths:,}" if deaths else "[yellow]nobody[/]")
    OUT.print(table)
    for line in found.lines[:SHOWN]:
        OUT.print(f"[red]![/] {line}", markup=True, highlight=False, soft_wrap=True)
    if len(found.lines) > SHOWN:
        OUT.print(f"… and {len(found.lines) - SHOWN} more")


def _switch(station: type[Station], words: str) -> tuple[str, Any]:
    """One `--switch name=value`.

    Raises:
        ArgumentTypeError: the station has no such switch, or no such choice of it.
    """
    name, _, value = words.partition("=")
    choices = station.switches.get(name)
    if choices is None:
        raise argparse.ArgumentTypeError(f"no switch {name!r}; {station.kind} has {', '.join(station.switches) or 'none'}")
    for choice in choices:
        if value.lower() == str(choice).lower():
            return name, choice
    raise argparse.ArgumentTypeError(f"{name} is one of {', '.join(dict.fromkeys(map(str, choices)))}, not {value!r}")


def main(arguments: list[str] | None = None) -> int:
    """Parse, play, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--platform", required=True, choices=sorted({name.partition("/")[0] for name in STATIONS}))
    parser.add_argument("--server", default="", help="another far side of that platform: snac")
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="processes that play, each with a far side of its own")
    parser.add_argument("--switch", action="append", default=[], metavar="NAME=VALUE", help="not by lot: what the platform leaves open")
    parser.add_argument("--json", action="store_true", help="end with one line for a machine")
    asked = parser.parse_args(arguments)
    name = "/".join(filter(None, (asked.platform, asked.server)))
    if name not in STATIONS:
        parser.error(f"no far side {name!r}; known are {', '.join(STATIONS)}")
    station, found = STATIONS[name], Tally()
    try:
        given = dict(map(partial(_switch, station), asked.switch))
    except argparse.ArgumentTypeError as error:
        parser.error(str(error))
    with Progress(console=OUT, transient=True) as progress:
        bar = progress.add_task(name, total=asked.runs)
        for tally in play(station, runs=asked.runs, seed=asked.seed, given=given, jobs=asked.jobs):
            found.add(tally)
            progress.update(bar, completed=found.runs, description=f"{name}: {found.duplicates} twice, {found.losses} lost")
    show(name, found)
    if asked.json:
        print(json.dumps({"platform": asked.platform, "runs": found.runs, "duplicates": found.duplicates, "losses": found.losses,
                          "by_hand": found.by_hand}))
    return 0 if found.well else 1


if __name__ == "__main__":
    sys.exit(main())

"""`gongkai doctor`: look at everything a tick stands on, and say what to do about what is wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from channels.base import Checks, Hears
from channels.errors import ChannelError
from channels.house import HouseError, OfficeHand, open_house
from content.accounts import SOON, Checkup
from content.deliveries import Status
from flows.accounts import open_house as open_working
from flows.clock import wall
from flows.commands.channel_findings import channel_findings, probe_beat
from flows.commands.finding import Finding
from flows.commands.site_findings import site_findings
from flows.exits import Exit, plain

STALE = timedelta(hours=24)  #: a scheduler that has not ticked for a day has stopped
ROOM = 2**30  #: bytes of disk below which a year's pages and sheets may not fit


def examine(home: Path, *, office: str | None, out: Console) -> Exit:
    """Look at everything; a thing that is wrong does not keep the rest from being looked at."""
    findings = list(_findings(home, office))
    table = Table(box=None, show_header=False, pad_edge=False)
    for one in findings:
        table.add_row("[green]ok[/]" if one.well else "[red]✗[/]" if one.grave else "[yellow]![/]", one.what, plain(one.detail))
        if one.advice and not one.well:
            table.add_row("", "", f"[yellow]→ {plain(one.advice)}[/]")
    out.print(table)
    return Exit.DONE if all(one.well or not one.grave for one in findings) else Exit.PERSON


def _findings(home: Path, office: str | None) -> Iterator[Finding]:
    yield _python()
    yield _disk(home)
    database = _guarded("database", _database, "check DATABASE_URL and that the server runs; then gongkai init")
    try:
        # a channel that is asked may need a new token: it is kept where the others look for it
        house = open_working(home) if database.well else open_house(home)
    except HouseError as error:
        yield Finding(what="configuration", well=False, detail=str(error), advice="mend gongkai.toml; gongkai init writes one to fill in")
        return
    yield Finding(what="configuration", well=True, detail=f"{home / 'gongkai.toml'}: {', '.join(house.desks)}")
    yield database
    yield _fonts()
    yield _desk(home)
    for hand in house.desks.values():
        if office in (None, hand.office.code):
            yield from _office(hand, ledger=database.well)


def _guarded(what: str, look: Callable[[], Finding], advice: str) -> Finding:
    """A look that fails is a finding too. Database drivers raise what they like, so this catches it all and says so."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - whatever a driver raises is what the doctor was asked to find
        first = (str(error).splitlines() or [""])[0]
        return Finding(what=what, well=False, detail=f"{type(error).__name__}: {first}", advice=advice)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(what="python", well=sys.version_info >= (3, 11), detail=version, advice="Gongkai needs Python 3.11 or newer")


def _disk(home: Path) -> Finding:
    near = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(near).free
    well = os.access(near, os.W_OK) and free > ROOM
    return Finding(what="home", well=well, detail=f"{home}, {free / 2**30:.1f} GiB free",
                   advice="make the folder writable, or free some disk: pages and sheets need room")


def _database() -> Finding:
    from django.db import connection

    from flows.opening import migrations_behind

    behind = migrations_behind()
    if connection.vendor == "sqlite":
        where = f"SQLite {connection.settings_dict['NAME']}"
    else:
        where = f"{connection.vendor} {connection.settings_dict['NAME']} on {connection.settings_dict['HOST'] or 'a local socket'}"
    return Finding(what="database", well=not behind, detail=where + (f", {behind} migrations behind" if behind else ""),
                   advice="run gongkai init: it brings the tables up to date")


def _fonts() -> Finding:
    from pylopdf_fonts_zh_cn import sans_path, serif_path

    missing = [str(path) for path in (serif_path(), sans_path()) if not Path(path).exists()]
    return Finding(what="fonts", well=not missing, detail=", ".join(missing) or "宋体 Noto Serif SC, 黑体 Noto Sans SC",
                   advice="run make setup again: the package pylopdf-fonts-zh-cn brings them")


def _desk(home: Path) -> Finding:
    # its settings are not the ledger's: only a process of its own can look
    done = subprocess.run([sys.executable, "-m", "desk", "check"], env={**os.environ, "GONGKAI_HOME": str(home)}, capture_output=True,
                          text=True, check=False)
    said = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines() or [""]
    return Finding(what="desk", well=done.returncode == 0, detail=said[-1].removeprefix("desk: "), advice="run gongkai init")


def _office(hand: OfficeHand, *, ledger: bool) -> Iterator[Finding]:
    code = hand.office.code
    if any(section.kind == "website" for section in hand.sections.values()) and not hand.office.sandbox:
        yield from site_findings(hand.office)
    for name, channel in {**hand.surfaces, **hand.outlets}.items():
        yield _channel(f"{code}: {name}", channel)
        if isinstance(channel, Hears) and channel.listens:
            yield Finding(what=f"{code}: {name} hears", well=True, detail=f"{_desk_url()}/push/{code}/{name}/")
    if ledger:
        yield from _guarded_ledger(hand)


def _channel(what: str, channel: object) -> Finding:
    if not isinstance(channel, Checks):
        return Finding(what=what, well=True, detail="built; nothing to ask")
    try:
        return _in_time(what, channel.check(wall()), wall())
    except (ChannelError, OSError) as error:
        return Finding(what=what, well=False, detail=str(error), advice="mend the channel; until then its deliveries wait and none is lost")


def _in_time(what: str, found: Checkup, now: datetime) -> Finding:
    if found.until is None:
        return Finding(what=what, well=True, detail=found.line)
    return Finding(what=what, well=found.until - now >= SOON, detail=f"{found.line}, {max((found.until - now).days, 0)} days left",
                   advice="get the next authorisation now: the channel's page in docs/channels says how")


def _desk_url() -> str:
    """As `desk.settings` reads it: where staff, and platforms that have something to tell, find the desk."""
    return os.environ.get("GONGKAI_DESK_URL", "http://127.0.0.1:8765").rstrip("/")


def _guarded_ledger(hand: OfficeHand) -> Iterator[Finding]:
    from ledger import queries

    code = hand.office.code
    if not queries.is_open(office=code):
        yield Finding(what=f"{code}: ledger", well=False, detail="the office is not opened yet", advice="run gongkai init")
        return
    fault = queries.verify_events(office=code)
    yield Finding(what=f"{code}: log", well=fault is None,
                  detail="its chain holds" if fault is None else f"event {fault.seq}: {fault.problem}",
                  advice="somebody changed the ledger by hand: keep this database as it is and restore a copy beside it")
    yield _clock(code, queries.last_event_at(office=code), hand.office.sandbox)
    yield _beat(code, queries.last_beat(office=code, flow="publish"), hand.office.sandbox)
    yield probe_beat(code, queries.last_beat(office=code, flow="probe"), None if hand.office.sandbox else wall())
    yield from channel_findings(code, queries.channel_states(office=code), queries.pauses(office=code))
    yield _missing(code, queries.how_many_missing(offices=[code]))
    counts = queries.standing(office=code)
    yield _homeless(hand, counts)
    doubtful = sum(by[Status.UNCONFIRMED] for name, by in counts.items() if name in hand.outlets)
    refused = sum(by[Status.REFUSED] for by in counts.values())
    yield Finding(what=f"{code}: deliveries", well=not doubtful, detail=f"{doubtful} in doubt, {refused} refused or overtaken so far",
                  advice="run gongkai settle; what it cannot find out, a person looks up and records with settle --posted or --missing")


def _missing(code: str, missing: int) -> Finding:
    return Finding(what=f"{code}: postings", well=not missing, detail=f"{missing} not seen any more" if missing else "none is missing",
                   advice="somebody or the platform removed them: see the desk's deliveries, and record there what became of them")


def _homeless(hand: OfficeHand, counts: Mapping[str, Counter[str]]) -> Finding:
    """What waits for a channel that gongkai.toml no longer describes: no tick would ever come by."""
    known = {*hand.surfaces, *hand.outlets}
    lost = {name: by[Status.QUEUED] + by[Status.DEFERRED] for name, by in counts.items() if name not in known}
    waiting = [f"waiting for {name}: {count}" for name, count in lost.items() if count]
    return Finding(what=f"{hand.office.code}: channels", well=not waiting, detail=", ".join(waiting) or "each delivery has its channel",
                   advice="describe that channel again in gongkai.toml; or correct or withdraw the items, so that they need it no more")


def _clock(code: str, last: datetime | None, sandbox: bool) -> Finding:
    behind = last is not None and not sandbox and last > wall() + timedelta(minutes=2)
    return Finding(what=f"{code}: clock", well=not behind, detail="a sandbox keeps its own" if sandbox else f"{wall():%Y-%m-%d %H:%M} UTC",
                   advice=f"the ledger's last event is of {last}: set this machine's clock before anything is released")


def _beat(code: str, last: datetime | None, sandbox: bool) -> Finding:
    if last is None:
        return Finding(what=f"{code}: scheduler", well=sandbox, detail="no tick so far",
                       advice="start gongkai up, or let cron run gongkai publish")
    stopped = not sandbox and wall() - last > STALE
    return Finding(what=f"{code}: scheduler", well=not stopped, detail=f"last tick {last:%Y-%m-%d %H:%M} UTC",
                   advice="it ticked last more than a day ago: see whether gongkai up or the timer still runs")

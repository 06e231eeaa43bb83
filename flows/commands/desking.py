"""`gongkai desk`: open the staff's door. The desk is a room of its own, so it runs as its own process: `python -m desk`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from channels.house import CONFIGURATION, HouseError, open_house
from flows.clock import wall
from flows.exits import plain
from flows.sample_office import lay_out

SAMPLE = Path(__file__).parents[2] / "examples" / "juzizhou-2017"
LEAVES_WITHIN = 15  #: seconds for requests under way, once it was told to close


def command(*words: str) -> list[str]:
    """How the desk's own command is called."""
    return [sys.executable, "-m", "desk", *words]


def prepare(home: Path, *, out: Console) -> None:
    """Have the desk's key, its tables and a first administrator.

    Raises:
        HouseError: that failed; the desk's own words say why.
    """
    _ask(home, "prepare", "--administrator", out=out)


def _ask(home: Path, *words: str, out: Console) -> None:
    done = subprocess.run(command(*words), env={**os.environ, "GONGKAI_HOME": str(home)}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise HouseError(done.stderr.strip() or f"python -m desk {words[0]} ended with {done.returncode}")
    out.print(plain(done.stdout.rstrip()))


def serve(home: Path, *, host: str, port: int) -> None:
    """Become the desk's server: signals and exit code are its own."""
    os.environ["GONGKAI_HOME"] = str(home)
    sys.stdout.flush()
    os.execv(sys.executable, command("serve", "--host", host, "--port", str(port)))  # noqa: S606 - no shell is meant


def practise(home: Path, *, out: Console) -> None:
    """Have a practice office with a few dozen items in every state, and one person a role. What is there already stays.

    Raises:
        HouseError: the configuration does not hold, or describes no practice office.
    """
    from flows import opening, practice

    home.mkdir(parents=True, exist_ok=True)
    if not (home / CONFIGURATION).exists():
        lay_out(home, SAMPLE)
    offices = [code for code, hand in open_house(home).desks.items() if hand.office.sandbox]
    if not offices:
        raise HouseError(f"{home / CONFIGURATION} describes no practice office (sandbox = true); --sample fills nothing else")
    opening.migrate()
    with out.status("a few dozen items through the practice office…"):
        filled = practice.fill(home, SAMPLE, office=offices[0], now=wall())
    if filled:
        out.print(f"filled the practice office {offices[0]} with items in every state")
    _ask(home, "prepare", out=out)
    _ask(home, "sample", "--office", offices[0], "--once", out=out)


@contextmanager
def alongside(home: Path, *, host: str, port: int) -> Iterator[None]:
    """Have the desk open while something else runs.

    Raises:
        HouseError: it did not open.
    """
    desk = subprocess.Popen(command("serve", "--host", host, "--port", str(port)), env={**os.environ, "GONGKAI_HOME": str(home)},
                            stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert desk.stdout is not None  # noqa: S101 - it was asked for
    if not desk.stdout.readline():
        desk.stdout.close()
        desk.wait()
        raise HouseError("the desk did not open; what it said stands above. --no-desk goes without it")
    try:
        yield
    finally:
        desk.terminate()
        try:
            desk.wait(timeout=LEAVES_WITHIN)
        except subprocess.TimeoutExpired:
            desk.kill()
            desk.wait()
        desk.stdout.close()

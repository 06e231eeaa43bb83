"""`gongkai init`: a home folder to start from."""

from __future__ import annotations

import os
from pathlib import Path

from rich.console import Console

from channels.house import CONFIGURATION
from flows import opening
from flows.commands import desking

TEMPLATE = Path(__file__).with_name("gongkai.toml")


def run(home: Path, *, out: Console) -> None:
    """Write a configuration where there is none; bring ledger, offices and the desk up to date where there is one.

    Raises:
        HouseError: the configuration does not hold, or the desk could not be prepared.
    """
    home.mkdir(parents=True, exist_ok=True)
    path = home / CONFIGURATION
    try:
        # 0600: it names offices and secrets' names, and a later hand may put a secret in it all the same
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(TEMPLATE.read_bytes())
        out.print(f"wrote {path}\nDescribe your office there, then run [bold]gongkai init[/] again.")
    except FileExistsError:
        opening.migrate()
        for hand in opening.open_offices(home).desks.values():
            out.print(f"open: {hand.office.code} {hand.office.name}{' (sandbox)' if hand.office.sandbox else ''}; "
                      f"channels {', '.join(hand.sections)}")
        desking.prepare(home, out=out)

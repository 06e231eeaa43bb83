"""`gongkai observe`: one run of the flow that looks again at what was posted, shown in the terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from content.sightings import Seen
from flows.clock import office_time
from flows.commands.ticking import ready
from flows.exits import Exit, plain
from flows.observing import Looked

WORDS = {Seen.STANDS: "stands", Seen.GONE: "gone", Seen.BANNED: "banned", Seen.TAKEN_BACK: "taken back"}


def observe(home: Path, *, office: str | None, at: str | None, out: Console, err: Console) -> Exit:
    """Run the observe flow once."""
    office_time(ready(home, office), at)
    from flows.observe import observe as flow

    with err.status("looking…"):
        found = asyncio.run(flow(home=str(home), office=office, at=at))
    return tell(found, out, err)


def tell(found: Sequence[Looked], out: Console, err: Console) -> Exit:
    """What was found, a row a channel; a person is wanted where something is missing."""
    table = Table("channel", "kind", *WORDS.values(), "put off", "note", box=None, header_style="bold", pad_edge=False)
    for one in found:
        table.add_row(one.channel, one.kind, *(str(one.counts.get(seen) or "·") for seen in WORDS), str(one.put_off or "·"),
                      "another run is at work" if one.busy else "")
    out.print(table if found else "nothing to look at now")
    for line in (detail for one in found for detail in one.details):
        err.print(f"[yellow]![/] {plain(line)}")
    if any(one.lost for one in found):
        return Exit.PERSON
    return Exit.LATER if any(one.put_off or one.busy for one in found) else Exit.DONE

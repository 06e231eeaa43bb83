"""`gongkai publish`, `gongkai settle` and `gongkai probe`: one run of a flow, shown in the terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from content.deliveries import Outcome, Posting, Status
from content.offices import Office
from flows import opening
from flows.clock import office_time
from flows.commands.pausing import told
from flows.exits import Exit, plain
from flows.prefect_home import reap_orphans
from flows.prefect_template import furnish
from flows.tick import Released, Report
from ledger import queries, services
from ledger.errors import UnknownError

WORDS = {Status.POSTED: "posted", Status.BY_HAND: "by hand", Status.DEFERRED: "deferred", Status.REFUSED: "refused",
         Status.UNCONFIRMED: "unconfirmed"}


def publish(home: Path, *, office: str | None, at: str | None, whole: bool, out: Console, err: Console) -> Exit:
    """Run the publish flow once."""
    found = ready(home, office)
    office_time(found, at)
    from flows.publish import publish as flow

    with err.status("publishing…"):
        result = asyncio.run(flow(home=str(home), office=office, at=at, whole=whole))
    for line in queries.pauses(office=found.code):
        err.print(f"[yellow]![/] {plain(told(line))}")
    return _tell(result.released, result.reports, out, err)


def probe(home: Path, *, office: str | None, at: str | None, out: Console, err: Console) -> Exit:
    """Run the probe flow once."""
    found = ready(home, office)
    office_time(found, at)
    from flows.probe import probe as flow

    with err.status("asking…"):
        result = asyncio.run(flow(home=str(home), office=office, at=at))
    table = Table(box=None, show_header=False, pad_edge=False)
    for one in result.answers:
        mark = "[yellow]?[/]" if one.well is None else "[green]ok[/]" if one.well else "[red]✗[/]"
        table.add_row(mark, one.channel, plain(one.line))
    out.print(table)
    return Exit.PERSON if any(one.well is False for one in result.answers) else Exit.DONE


def settle(home: Path, *, office: str | None, at: str | None, out: Console, err: Console) -> Exit:
    """Run the settle flow once."""
    found = ready(home, office)
    office_time(found, at)
    from flows.settle import settle as flow

    with err.status("looking…"):
        result = asyncio.run(flow(home=str(home), office=office, at=at))
    return _tell(result.released, result.reports, out, err)


def ready(home: Path, office: str | None) -> Office:
    """Everything wrong is said before Prefect is started: that takes seconds."""
    hand = opening.open_offices(home).desk(office)
    reap_orphans(home)
    furnish(home)
    return hand.office


def _tell(released: Released, reports: Sequence[Report], out: Console, err: Console) -> Exit:
    table = Table("channel", "kind", *WORDS.values(), "note", box=None, header_style="bold", pad_edge=False)
    for one in reports:
        table.add_row(one.channel, one.kind, *(str(one.counts.get(status) or "·") for status in WORDS),
                      "another tick is at work" if one.busy else "")
    if released.released:
        out.print(f"released: {len(released.released)}")
    out.print(table)
    for line in [*released.held, *(detail for one in reports for detail in one.details)]:
        err.print(f"[yellow]![/] {plain(line)}")
    totals = {status: sum(one.counts.get(status, 0) for one in reports) for status in Status}
    if released.held or totals[Status.REFUSED] or totals[Status.UNCONFIRMED]:
        return Exit.PERSON
    return Exit.LATER if totals[Status.DEFERRED] or any(one.busy for one in reports) else Exit.DONE


def settled_by_hand(home: Path, *, office: str | None, at: str | None, posted: str | None, missing: str | None, url: str, by: str,
                    out: Console) -> Exit:
    """Write down what a person saw when they looked for a delivery.

    Raises:
        UnknownError: there is no delivery of that key, or nobody says who looked.
    """
    hand = opening.look_at(home, office)
    if not by:
        raise UnknownError("say who looked: --by NAME")
    key = posted or missing or ""
    delivery = queries.delivery_id(office=hand.office.code, key=key)
    line = queries.delivery_line(delivery_id=delivery) if delivery is not None else None
    if line is None:
        raise UnknownError(f"no delivery {key!r}; the publish and settle commands print the keys of those in doubt")
    # who looked stands in the log; a posting's reference goes before the public
    seen = Posting(ref=url or "seen by a person", url=url or None, told=True)
    outcome = Outcome(status=Status.POSTED, posting=seen) if posted else Outcome(
        status=Status.DEFERRED, detail=f"{by} looked: it is not there")
    services.settle_as(delivery_id=line.delivery_id, tries=line.tries, outcome=outcome, at=office_time(hand.office, at), by=by)
    out.print(f"{key}: {outcome.status}")
    return Exit.DONE

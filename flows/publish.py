"""The tick as a Prefect flow: surfaces first, in their order, then the outlets side by side; one task a channel.

The flow is async and submits sync tasks: a sync flow costs a second on exit, and the ORM is safe only inside the tasks.
Prefect is the clock and the window on what happened; the next try of a delivery is the ledger's, never Prefect's.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from prefect import flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import SyncClientContext
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows import tick
from flows.gathering import Gathered
from flows.tick import Released, Report
from flows.workplace import at_work, own_connection
from ledger import services

Place = tuple[str, str | None, str | None, str]  #: home, office, at, overrides: see `flows.workplace.at_work`
#: threads enough for every channel of an office at once; Prefect's own annotation promises less than the runner does
RUNNER = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=8))


@dataclass(slots=True, kw_only=True)
class TickResult:
    """What one tick did."""

    released: Released
    reports: list[Report] = field(default_factory=list)


@task(name="release", cache_policy=NO_CACHE)
@own_connection
def release(place: Place, *, whole: bool) -> tuple[list[str], list[str], Released]:
    """Note the beat, release what is due; the surfaces and the outlets that now have something to do.

    A channel with nothing to do gets no task: each costs Prefect's server 16 ms and keeps 20 kB for ever.
    """
    hand, clock = at_work(*place)
    services.beat(office=hand.office.code, flow="publish", at=clock())
    released = tick.release_due(hand, clock=clock)
    return ([name for name in hand.surfaces if whole or tick.to_draw(hand, name, clock=clock)],
            [name for name in hand.outlets if tick.to_post(hand, name, clock=clock)], released)


@task(name="draw", task_run_name="draw {name}", cache_policy=NO_CACHE)
@own_connection
def draw(place: Place, name: str, *, whole: bool) -> Report:
    """Draw one surface."""
    hand, clock = at_work(*place)
    return tick.run_surface(hand, name, clock=clock, whole=whole)


@task(name="post", task_run_name="post {name}", cache_policy=NO_CACHE)
@own_connection
def post(place: Place, name: str) -> Report:
    """Carry what is due to one outlet."""
    hand, clock = at_work(*place)
    return tick.run_outlet(hand, name, clock=clock)


@own_connection
def end(place: Place) -> None:
    """Note that the tick went through."""
    hand, clock = at_work(*place)
    services.beat(office=hand.office.code, flow="publish", at=clock(), finished=True)


@flow(name="publish", task_runner=RUNNER, validate_parameters=False)
async def publish(home: str = "", office: str | None = None, at: str | None = None, *, whole: bool = False,
                  overrides: str = "") -> TickResult:
    """One tick of an office: take everything approved and due to every channel.

    Args:
        home: GONGKAI_HOME; empty for the environment's.
        office: its code; not needed where only one is described.
        at: for a sandbox office, the instant to work at.
        whole: draw surfaces from nothing even if only some items changed.
        overrides: JSON, channel options that stand before the configuration's.
    """
    place = (home or default_home(), office, at, overrides)
    gathered = Gathered(Report)
    with SyncClientContext.get_or_create():  # one client for all tasks: else each makes two, at 40 ms of TLS set-up apiece
        surfaces, outlets, released = release.submit(place, whole=whole).result()
        for name in surfaces:  # one after the other: pages stand before the feeds that link to them
            gathered.add([(name, draw.submit(place, name, whole=whole))])
        gathered.add([(name, post.submit(place, name)) for name in outlets])
    result = TickResult(released=released, reports=gathered.found)
    await asyncio.to_thread(end, place)
    await acreate_table_artifact(key="publish", table=rows(result), description="渠道 / what this tick did")
    gathered.complain()
    return result


def rows(result: TickResult) -> list[dict[str, Any]]:
    """What the tick did, a row a channel, for the artifact and the terminal."""
    return [{"channel": one.channel, "kind": one.kind, **{status.value: count for status, count in one.counts.items()},
             "note": "another tick is at work" if one.busy else "; ".join(one.details[:3])} for one in result.reports]


def default_home() -> str:
    """GONGKAI_HOME, as text."""
    from ledger.settings import HOME

    return str(HOME)

"""探测 as a Prefect flow, once a day: ask every channel whether it would work, before a delivery finds out."""

from __future__ import annotations

import asyncio
from typing import Any

from prefect import flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import SyncClientContext

from flows import probing
from flows.gathering import Gathered
from flows.probing import Answer, Probed
from flows.publish import RUNNER, Place, default_home
from flows.workplace import at_work, own_connection
from ledger import services


@task(name="channels", cache_policy=NO_CACHE)
@own_connection
def channels_of(place: Place) -> list[str]:
    """Note the beat; the channels that can be asked."""
    hand, clock = at_work(*place)
    services.beat(office=hand.office.code, flow="probe", at=clock())
    return probing.askable(hand)


@task(name="probe", task_run_name="probe {name}", cache_policy=NO_CACHE)
@own_connection
def ask(place: Place, name: str) -> Answer:
    """Ask one channel."""
    hand, clock = at_work(*place)
    return probing.probe_channel(hand, name, clock=clock)


@own_connection
def end(place: Place) -> None:
    """Note that every channel was asked."""
    hand, clock = at_work(*place)
    services.beat(office=hand.office.code, flow="probe", at=clock(), finished=True)


@flow(name="probe", task_runner=RUNNER, validate_parameters=False)
async def probe(home: str = "", office: str | None = None, at: str | None = None, overrides: str = "") -> Probed:
    """Ask every channel of an office whether it would work now. Parameters as `publish` has them."""
    place = (home or default_home(), office, at, overrides)
    gathered = Gathered(Answer)
    with SyncClientContext.get_or_create():
        gathered.add([(name, ask.submit(place, name)) for name in channels_of.submit(place).result()])
    result = Probed(answers=gathered.found)
    await asyncio.to_thread(end, place)
    await acreate_table_artifact(key="probe", table=rows(result), description="渠道 / how each was found")
    gathered.complain()
    return result


def rows(result: Probed) -> list[dict[str, Any]]:
    """A row a channel, for the artifact."""
    return [{"channel": one.channel, "well": one.well, "note": one.line} for one in result.answers]

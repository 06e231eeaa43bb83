"""复查 as a Prefect flow: look again at what was posted an hour, a day, a week and a month ago."""

from __future__ import annotations

from typing import Any

from prefect import flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import SyncClientContext

from flows import observing
from flows.gathering import Gathered
from flows.observing import Looked
from flows.publish import RUNNER, Place, default_home
from flows.workplace import at_work, own_connection
from ledger import services


@task(name="postings", cache_policy=NO_CACHE)
@own_connection
def outlets_of(place: Place) -> list[str]:
    """Note the beat; the outlets of which a posting is to be looked at."""
    hand, clock = at_work(*place)
    services.beat(office=hand.office.code, flow="observe", at=clock(), finished=True)
    return [name for name in hand.outlets if observing.to_observe(hand, name, clock=clock)]


@task(name="see", task_run_name="see {name}", cache_policy=NO_CACHE)
@own_connection
def see(place: Place, name: str) -> Looked:
    """Look at what is due on one outlet."""
    hand, clock = at_work(*place)
    return observing.observe_outlet(hand, name, clock=clock)


@flow(name="observe", task_runner=RUNNER, validate_parameters=False)
async def observe(home: str = "", office: str | None = None, at: str | None = None, overrides: str = "") -> list[Looked]:
    """Look at every posting that is due. Parameters as `publish` has them."""
    place = (home or default_home(), office, at, overrides)
    gathered = Gathered(Looked)
    with SyncClientContext.get_or_create():
        gathered.add([(name, see.submit(place, name)) for name in outlets_of.submit(place).result()])
    table = [_row(one) for one in gathered.found]
    await acreate_table_artifact(key="observe", table=table, description="渠道 / what the public finds there")
    gathered.complain()
    return gathered.found


def _row(one: Looked) -> dict[str, Any]:
    return {"channel": one.channel, "kind": one.kind, **{seen.value: count for seen, count in one.counts.items()}, "put off": one.put_off,
            "note": "another run is at work" if one.busy else "; ".join(one.details[:3])}

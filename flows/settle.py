"""核实 as a Prefect flow: look for what unconfirmed deliveries may have posted."""

from __future__ import annotations

from prefect import flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import SyncClientContext

from flows import tick
from flows.gathering import Gathered
from flows.publish import RUNNER, Place, TickResult, default_home, rows
from flows.tick import Released, Report
from flows.workplace import at_work, own_connection
from ledger import services


@task(name="outlets", cache_policy=NO_CACHE)
@own_connection
def outlets_of(place: Place) -> list[str]:
    """Note the beat; the outlets of which something is in doubt."""
    hand, clock = at_work(*place)
    services.beat(office=hand.office.code, flow="settle", at=clock(), finished=True)
    return [name for name in hand.outlets if tick.to_settle(hand, name, clock=clock)]


@task(name="look", task_run_name="look {name}", cache_policy=NO_CACHE)
@own_connection
def look(place: Place, name: str) -> Report:
    """Settle what is in doubt on one outlet."""
    hand, clock = at_work(*place)
    return tick.settle_outlet(hand, name, clock=clock)


@flow(name="settle", task_runner=RUNNER, validate_parameters=False)
async def settle(home: str = "", office: str | None = None, at: str | None = None, overrides: str = "") -> TickResult:
    """Look after every delivery of which nobody knows whether it was posted. Parameters as `publish` has them."""
    place = (home or default_home(), office, at, overrides)
    gathered = Gathered(Report)
    with SyncClientContext.get_or_create():
        gathered.add([(name, look.submit(place, name)) for name in outlets_of.submit(place).result()])
    result = TickResult(released=Released(), reports=gathered.found)
    await acreate_table_artifact(key="settle", table=rows(result), description="渠道 / what was found")
    gathered.complain()
    return result

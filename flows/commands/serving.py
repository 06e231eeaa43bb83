"""`gongkai up`: everything one machine needs. Prefect's server and the flows on their schedules, until told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import requests
from rich.console import Console

from channels.house import HouseError, OfficeHand
from flows import opening
from flows.commands import desking
from flows.exits import Exit
from flows.prefect_home import reap_orphans
from flows.prefect_template import furnish

HEALTHY_WITHIN = 180  #: seconds; a first start migrates Prefect's own database
REPORT_AT = "0 6 * 1 *"  #: every morning of January: the papers of the year that is over follow the book until they are handed in
PROBE_AT = "30 7 * * *"  #: before people come to work: what needs mending stands on the desk when they do
SETTLE_EVERY = 10  #: minutes between two runs of settle; the ledger says what is due for a look, platforms answer few a day
OBSERVE_EVERY = 60  #: minutes between two runs of observe


def run(home: Path, *, office: str | None, every: int, port: int, desk: int | None, out: Console, err: Console) -> Exit:
    """Serve until interrupted. `desk`: the port of the staff's door; None leaves it shut.

    Raises:
        HouseError: the configuration does not hold, or a port is taken.
    """
    house = opening.open_offices(home)
    hands = [house.desk(office)] if office else list(house.desks.values())
    reap_orphans(home)
    furnish(home)
    api = f"http://127.0.0.1:{port}/api"
    os.environ |= {"PREFECT_API_URL": api, "PREFECT_SERVER_API_PORT": str(port), "GONGKAI_HOME": str(home)}
    with nullcontext() if desk is None else desking.alongside(home, host="127.0.0.1", port=desk), _server(home, api, port, err):
        if desk is not None:
            out.print(f"the desk: http://127.0.0.1:{desk}/")
        out.print(f"Prefect's pages: http://127.0.0.1:{port}\nworking for {', '.join(hand.office.code for hand in hands)}: "
                  f"publish every {every} min, settle every {SETTLE_EVERY} min, "
                  f"observe every {OBSERVE_EVERY} min, probe at 07:30; Ctrl-C stops everything")
        _serve(home, hands, every)
    return Exit.DONE


def _serve(home: Path, hands: list[OfficeHand], every: int) -> None:
    from prefect import serve
    from prefect.schedules import Cron

    from flows.annual_report import annual_report
    from flows.observe import observe
    from flows.probe import probe
    from flows.publish import publish
    from flows.settle import settle

    deployments: list[Any] = []
    for hand in hands:
        parameters = {"home": str(home), "office": hand.office.code}
        for flow, cron in ((publish, _cron(every)), (settle, _cron(SETTLE_EVERY)), (observe, _cron(OBSERVE_EVERY)),
                           (probe, PROBE_AT), (annual_report, REPORT_AT)):
            deployments.append(flow.to_deployment(
                name=hand.office.code, parameters=parameters, concurrency_limit=1, schedule=Cron(cron, timezone=hand.office.zone)))
    serve(*deployments, print_starting_message=False)


def _cron(minutes: int) -> str:
    return f"*/{minutes} * * * *" if minutes < 60 else f"0 */{max(minutes // 60, 1)} * * *"


@contextmanager
def _server(home: Path, api: str, port: int, err: Console) -> Iterator[None]:
    log = home / "prefect" / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        server = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)], stdout=sink, stderr=sink,
            env={**os.environ, "PREFECT_LOGGING_LEVEL": "WARNING"}, start_new_session=True)
    try:
        with err.status("starting Prefect's server…"):
            _wait(server, api, log)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(server: subprocess.Popen[bytes], api: str, log: Path) -> None:
    for _ in range(HEALTHY_WITHIN * 4):
        if server.poll() is not None:
            raise HouseError(f"Prefect's server did not start; another may listen on that port (--port). Its log: {log}")
        try:
            if requests.get(f"{api}/health", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.25)  # not yet listening
    raise HouseError(f"Prefect's server did not answer within {HEALTHY_WITHIN} s; its log: {log}")

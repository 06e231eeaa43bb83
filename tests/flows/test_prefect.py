"""Prefect as the clock: the pins hold, the flows run in its engine, deployments load, a server schedules them."""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
import yaml

from flows import holder
from flows.prefect_home import STARTER, reap_orphans
from ledger import queries
from tests.flows.stage import CODE, SECRET, furnish, record, sign

ROOT = Path(__file__).parents[2]
GONGKAI = Path(sys.executable).with_name("gongkai")


def clean(home: Path) -> dict[str, str]:
    """An environment without anybody else's Prefect in it."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return own | {"GONGKAI_HOME": str(home), "HOME": str(home), "GONGKAI_TEST_SECRET": SECRET}


@pytest.fixture
def office(sqlite, monkeypatch):
    """An open office in a home of its own."""
    monkeypatch.setenv("GONGKAI_TEST_SECRET", SECRET)
    return furnish(sqlite)


def test_every_deployment_names_a_flow_that_is_there_and_parameters_it_takes():
    """prefect.yaml cannot drift from the code: entrypoints load, parameters exist, cron is in the office's zone."""
    document = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    seen = {}
    for deployment in document["deployments"]:
        module, _, name = deployment["entrypoint"].partition(":")
        flow = getattr(importlib.import_module(module), name)
        assert set(deployment["parameters"]) <= set(flow.parameters.properties)
        seen[deployment["name"]] = [(schedule["cron"], schedule["timezone"]) for schedule in deployment["schedules"]]
    assert seen == {"tick": [("*/10 7-21 * * *", "Asia/Shanghai")], "settle": [("5-55/10 7-21 * * *", "Asia/Shanghai")],
                    "observe": [("25 7-21 * * *", "Asia/Shanghai")], "probe": [("30 7 * * *", "Asia/Shanghai")],
                    "annual-report": [("0 6 * 1 *", "Asia/Shanghai")], "monthly-report": [("15 6 1 * *", "Asia/Shanghai")]}


@pytest.mark.flow
@pytest.mark.timeout(300)
def test_the_probe_command_goes_through_prefect_and_keeps_what_channels_said(sqlite, office):
    """The board is well, WeChat cannot be reached: a line each, exit code 1, both kept, and the beat."""
    done = subprocess.run([GONGKAI, "probe", "--office", CODE, "--at", "2024-06-03T07:30"], env=clean(sqlite), capture_output=True,
                          text=True, cwd=sqlite, check=False)
    assert done.returncode == 1, done.stderr
    assert "ok board" in " ".join(done.stdout.split())
    assert "✗ wechat 连接不上" in " ".join(done.stdout.split())
    found = {one.channel: one.probe and one.probe.well for one in queries.channel_states(office=CODE)}
    assert found == {"website": True, "feed": True, "board": True, "wechat": False}
    assert queries.last_beat(office=CODE, flow="probe") is not None


@pytest.mark.flow
@pytest.mark.timeout(300)
def test_a_tick_of_the_publish_command_goes_through_prefect(sqlite, office):
    """The real flow on an ephemeral server: released, drawn, exit code 0; Prefect's state under the home folder."""
    sign(office, sqlite, record())
    done = subprocess.run([GONGKAI, "publish", "--office", CODE, "--at", "2024-06-03T16:00"], env=clean(sqlite), capture_output=True,
                          text=True, cwd=sqlite, check=False)
    assert done.returncode == 0, done.stderr
    assert "released: 1" in done.stdout
    assert (sqlite / "site" / "index.html").exists()
    assert (sqlite / "prefect").is_dir()
    assert not (sqlite / ".prefect").exists()


@pytest.mark.server
@pytest.mark.timeout(400)
def test_up_serves_the_flows_and_a_scheduled_run_appears(sqlite, office):
    """With newer FastAPI the server would not start, with newer SQLAlchemy it would silently never schedule: the pins hold."""
    port = free_port()
    up = subprocess.Popen([GONGKAI, "up", "--every", "1", "--port", str(port)], env=clean(sqlite), cwd=sqlite, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        runs = scheduled(up, f"http://127.0.0.1:{port}/api", within=240)
        assert runs
    finally:
        up.send_signal(signal.SIGTERM)
        said, _ = up.communicate(timeout=90)
    assert "Traceback" not in said, said[-3000:]
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/api/health", timeout=5)


def scheduled(up: subprocess.Popen[str], api: str, within: int) -> list[str]:
    """The names of scheduled flow runs, once there are any."""
    for _ in range(within):
        assert up.poll() is None, up.communicate()[0][-3000:]
        try:
            answer = requests.post(f"{api}/flow_runs/filter", json={"flow_runs": {"state": {"type": {"any_": ["SCHEDULED", "PENDING", "RUNNING", "COMPLETED"]}}}}, timeout=5)
            if answer.ok and answer.json():
                return [run["name"] for run in answer.json()]
        except requests.ConnectionError:
            assert up.poll() is None
        time.sleep(1)
    return []


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_stops_servers_whose_process_was_killed_and_no_others(tmp_path):
    """A server of another home, or of a living process, is left alone."""
    gone = f"{socket.gethostname()}:{holder.boot()}:999999:1"
    home = tmp_path / "home"
    for number, environment in {
        "11": {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT_HOME": str(home / "prefect"), STARTER: gone},
        "12": {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT_HOME": str(home / "prefect"), STARTER: holder.me()},
        "13": {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT_HOME": "/elsewhere/prefect", STARTER: gone},
        "14": {"PREFECT_HOME": str(home / "prefect"), STARTER: gone},
    }.items():
        (tmp_path / "proc" / number).mkdir(parents=True)
        (tmp_path / "proc" / number / "environ").write_text("\0".join(f"{name}={value}" for name, value in environment.items()))
    told = []
    assert reap_orphans(home, proc=tmp_path / "proc", kill=lambda pid, sign: told.append((pid, sign))) == [11]
    assert told == [(11, signal.SIGTERM)]


def test_a_holder_is_dead_only_when_that_is_certain():
    """This process lives; one with its number but another start, or of an earlier boot, is gone; another host's may live."""
    host, boot, pid, start = holder.me().split(":")
    assert not holder.is_dead(holder.me())
    assert holder.is_dead(f"{host}:{boot}:{pid}:{int(start) + 1}")
    assert holder.is_dead(f"{host}:earlier:{pid}:{start}")
    assert not holder.is_dead(f"elsewhere:{boot}:{pid}:{start}")
    assert not holder.is_dead("")
    assert json.dumps(holder.me())

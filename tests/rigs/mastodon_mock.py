"""A real server of the Mastodon API on this machine: `mastodon_mock`, which keeps the Idempotency-Key. One for the session."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import requests

from tests.rigs.postgres import _free_port as free_port

TOKEN = "mock_token"
READY_WITHIN = 60.0
LIFELINE = """
import os, runpy, shutil, sys, threading
def end():
    sys.stdin.read()
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    os._exit(0)
threading.Thread(target=end, daemon=True).start()
runpy.run_module("mastodon_mock", run_name="__main__", alter_sys=True)
"""
"""The server lives as long as our end of its standard input is open, and no longer: nothing is left behind, however this process ends."""


class MastodonMock:
    """A running server. `forget` makes it as it was at first."""

    token = TOKEN

    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="gongkai-mastodon-"))
        self.url = f"http://127.0.0.1:{free_port()}"
        self.log = folder / "server.log"
        self._ear = requests.Session()
        self._ear.trust_env = False
        command = [sys.executable, "-c", LIFELINE, "serve", "--in-memory", "--port", self.url.rpartition(":")[2], "--log-level", "error"]
        with self.log.open("wb") as out:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=out, stderr=out, cwd=folder, start_new_session=True,  # a Ctrl-C is for pytest
                env={"PATH": os.environ.get("PATH", os.defpath), "TMPDIR": str(folder), "HOME": str(folder)})
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until and self._process.poll() is None:
            try:
                self._ear.get(f"{self.url}/api/v1/instance", timeout=5)
            except requests.ConnectionError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"mastodon_mock did not start: {self.log.read_text(errors='replace')[-2000:]}")

    def lives(self) -> bool:
        """Whether it is still there: a test that kills what this process has started takes it along."""
        return self._process.poll() is None

    def forget(self) -> None:
        """Empty it."""
        self._ear.post(f"{self.url}/api/v1/_mock/reset", timeout=30).raise_for_status()

    def ask(self, method: str, path: str, *, more: Mapping[str, str] = MappingProxyType({}), **said: Any) -> Any:
        """A call of its own account, with `more` headers; the JSON of its answer."""
        headers = {"Authorization": f"Bearer {TOKEN}", **more}
        return self._ear.request(method, self.url + path, headers=headers, timeout=30, **said).json()

    def statuses(self) -> list[dict[str, Any]]:
        """What the public sees of the account, newest first."""
        me = self.ask("GET", "/api/v1/accounts/verify_credentials")["id"]
        said: list[dict[str, Any]] = self.ask("GET", f"/api/v1/accounts/{me}/statuses", params={"limit": "40"})
        return said

    def stop(self) -> None:
        """Stop it, and take its folder away."""
        self._ear.close()
        self._process.communicate(timeout=30)  # closes its standard input: see LIFELINE


_running: list[MastodonMock] = []


def fresh() -> MastodonMock:
    """The one server of this process, which ends with it, as it was at first."""
    if not _running or not _running[-1].lives():
        _running.append(MastodonMock())
        atexit.register(_running[-1].stop)
    _running[-1].forget()
    return _running[-1]

"""A real server of the fediverse on this machine: snac2, which keeps no Idempotency-Key, deletes nothing by the API and ignores pages.

One for the session; everybody who asks gets an account of their own on it.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

import requests

from tests.rigs.postgres import LIFELINE
from tests.rigs.postgres import _free_port as free_port
from tests.rigs.system import need

READY_WITHIN = 60.0
NOWHERE = "http://127.0.0.1:1"  #: where nobody listens
HERE = "urn:ietf:wg:oauth:2.0:oob"  #: where a login leads that no browser makes: nowhere, its code is the answer


class Snac:
    """A running server, which talks to no other."""

    def __init__(self) -> None:
        self.program = need("snac")
        folder = Path(tempfile.mkdtemp(prefix="gongkai-snac-"))
        self.base, self.log = folder / "base", folder / "server.log"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        # whatever it would spread ends at a closed door: it would keep its four threads busy with sending statuses to itself
        self._environment = {"PATH": os.environ.get("PATH", os.defpath), "FOLDER": str(folder), "HOME": str(folder), "http_proxy": NOWHERE}
        self._prepare(port)
        with self.log.open("wb") as out:  # it lives as long as our end of LIFELINE's standard input is open, and no longer
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                ["sh", "-c", LIFELINE, "sh", str(self.program), "httpd", str(self.base)], stdin=subprocess.PIPE, stdout=out, stderr=out,
                cwd=folder, env=self._environment, start_new_session=True)  # a Ctrl-C is for pytest
        self._wait()

    def _prepare(self, port: int) -> None:
        self._run("init", said=f"127.0.0.1\n{port}\n127.0.0.1:{port}\n\n\n")
        settings = self.base / "server.json"
        told = json.loads(settings.read_text(encoding="utf-8"))
        settings.write_text(json.dumps({**told, "protocol": "http"}), encoding="utf-8")  # nobody does TLS for it

    def _run(self, command: str, *words: str, said: str = "") -> str:
        done = subprocess.run([str(self.program), command, str(self.base), *words], input=said, env=self._environment, capture_output=True,
                              text=True, timeout=60, check=True)
        return done.stdout + done.stderr

    def _wait(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until and self._process.poll() is None:
            try:
                requests.get(f"{self.url}/api/v1/instance", timeout=5)
            except requests.ConnectionError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError(f"snac did not start: {self.log.read_text(errors='replace')[-2000:]}")

    def account(self, name: str) -> Account:
        """A new account, logged in as an app of its owner would be."""
        told = self._run("adduser", name)
        found = re.search(r"^User password is (\S+)$", told, re.MULTILINE)
        if found is None:
            raise RuntimeError(f"snac made no account: {told}")
        app = _json("POST", f"{self.url}/api/v1/apps", data={"client_name": "gongkai", "redirect_uris": HERE, "scopes": "read write"})
        code = _ask("POST", f"{self.url}/oauth/x-snac-login", data={
            "login": name, "passwd": found[1], "redir": HERE, "cid": app["client_id"], "state": ""}).text
        token = _json("POST", f"{self.url}/oauth/token", data={
            "grant_type": "authorization_code", "code": code, "client_id": app["client_id"], "client_secret": app["client_secret"],
            "redirect_uri": HERE})["access_token"]
        return Account(self.url, app, token)

    def lives(self) -> bool:
        """Whether it is still there: a test that kills what this process has started takes it along."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Stop it, and take its folder away."""
        self._process.communicate(timeout=30)  # closes its standard input: see LIFELINE


class Account:
    """One account of it, and one app that may post there."""

    def __init__(self, url: str, app: dict[str, str], token: str) -> None:
        self.url, self.token, self._app = url, token, app
        self._me = self.ask("GET", "/api/v1/accounts/verify_credentials")["id"]

    def ask(self, method: str, path: str, *, more: Mapping[str, str] = MappingProxyType({}), **said: Any) -> Any:
        """A call of its own account, with `more` headers; the JSON of its answer."""
        return _json(method, self.url + path, headers={"Authorization": f"Bearer {self.token}", **more}, **said)

    def statuses(self) -> list[dict[str, Any]]:
        """What the public sees of the account, newest first."""
        said: list[dict[str, Any]] = _json("GET", f"{self.url}/api/v1/accounts/{self._me}/statuses")
        return said

    def revoke(self) -> None:
        """Its owner takes the token back."""
        _ask("POST", f"{self.url}/oauth/revoke", data={**{name: self._app[name] for name in ("client_id", "client_secret")}, "token": self.token})


def _ask(method: str, url: str, **said: Any) -> requests.Response:
    """On a line of its own: it hangs up after every answer without saying that it will."""
    return requests.request(method, url, timeout=30, **said)


def _json(method: str, url: str, **said: Any) -> Any:
    reply = _ask(method, url, **said)
    reply.raise_for_status()
    return reply.json()


_running: list[Snac] = []
_numbers = count(1)


def fresh() -> Account:
    """A new account on the one server of this process, which ends with it."""
    if not _running or not _running[-1].lives():
        _running.append(Snac())
        atexit.register(_running[-1].stop)
    return _running[-1].account(f"xinxi{next(_numbers)}")

"""A real Bluesky server on this machine: a PDS and the directory of identities it needs. One for the session, an account a rig."""

from __future__ import annotations

import atexit
import os
import secrets
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.rigs.postgres import _free_port as free_port
from tests.rigs.system import need, need_server

PROGRAM = Path(__file__).parent / "servers" / "bluesky" / "run.js"
POSTS = "app.bsky.feed.post"
ATTEMPTS = 3
"""Another program may take a free port between our look and the server's: then other ports are tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of the server."""

    handle: str
    did: str
    password: str = field(repr=False)


class BlueskyPds:
    """A running server. It ends with whoever started it, however that ends: see run.js."""

    def __init__(self, *, limits: bool = False) -> None:
        node, packages = need("node"), need_server("bluesky")
        self._admin, self._ear = secrets.token_hex(8), requests.Session()
        self._ear.trust_env = False
        for _attempt in range(ATTEMPTS):
            folder = Path(tempfile.mkdtemp(prefix="gongkai-bluesky-"))
            port = free_port()
            self.url, self._log = f"http://127.0.0.1:{port}", folder / "server.log"
            environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "NODE_PATH": str(packages / "node_modules"),
                           "FOLDER": str(folder), "PORT": str(port), "PLC_PORT": str(free_port()), "ADMIN": self._admin,
                           "LIMITS": "1" if limits else "0", "LOG_ENABLED": "0"}
            with self._log.open("wb") as out:
                self._process: subprocess.Popen[bytes] = subprocess.Popen(
                    [str(node), str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=out, cwd=folder,
                    start_new_session=True, env=environment)  # a Ctrl-C is for pytest
            if self._process.stdout and self._process.stdout.readline() == b"ready\n":  # or empty: it ended
                return
            self._process.communicate()
        raise RuntimeError(f"the Bluesky server did not start: {self._log.read_text(errors='replace')[-2000:]}")

    def lives(self) -> bool:
        """Whether it is still there: a test that kills what this process has started takes it along."""
        return self._process.poll() is None

    def ask(self, method: str, name: str, **said: Any) -> Any:
        """A call of nobody in particular; the JSON of its answer."""
        said.setdefault("headers", {})["x-ratelimit-bypass"] = self._admin
        return self._ear.request(method, f"{self.url}/xrpc/{name}", timeout=30, **said).json()

    def an_account(self) -> Account:
        """A new one."""
        word = f"qs{secrets.token_hex(5)}"
        password = secrets.token_urlsafe(16)
        made = self.ask("POST", "com.atproto.server.createAccount",
                        json={"handle": f"{word}.test", "email": f"{word}@example.com", "password": password})
        return Account(handle=made["handle"], did=made["did"], password=password)

    def posts(self, account: Account) -> list[dict[str, Any]]:
        """What the public sees of an account, oldest first; each as `uri`, `cid`, `value`."""
        found: list[dict[str, Any]] = self.ask("GET", "com.atproto.repo.listRecords",
                                               params={"repo": account.did, "collection": POSTS, "limit": "100"})["records"]
        return sorted(found, key=lambda post: str(post["value"]["createdAt"]))

    def remove(self, account: Account, uri: str) -> None:
        """Somebody takes a post down behind our back."""
        said = {"identifier": account.handle, "password": account.password}
        token = self.ask("POST", "com.atproto.server.createSession", json=said)["accessJwt"]
        self.ask("POST", "com.atproto.repo.deleteRecord", headers={"Authorization": f"Bearer {token}"},
                 json={"repo": account.did, "collection": POSTS, "rkey": uri.rpartition("/")[2]})

    def judge(self, account: Account, **what: dict[str, Any]) -> None:
        """What an administrator does to an account: `takedown={"applied": True}`, `deactivated={"applied": True}`."""
        self.ask("POST", "com.atproto.admin.updateSubjectStatus", auth=("admin", self._admin),
                 json={"subject": {"$type": "com.atproto.admin.defs#repoRef", "did": account.did}, **what})

    def stop(self) -> None:
        """Stop it; its folder goes with it."""
        self._ear.close()
        self._process.communicate(timeout=30)  # closes its standard input: see run.js


_running: list[BlueskyPds] = []


def shared() -> BlueskyPds:
    """The one server of this process, ended with it."""
    if not _running or not _running[-1].lives():
        _running.append(BlueskyPds())
        atexit.register(_running[-1].stop)
    return _running[-1]

"""A real WordPress on this machine, with a database of its own: the files of Debian's package on PHP's own server. One for the session."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import requests

from tests.rigs.postgres import _free_port as free_port
from tests.rigs.system import need

SERVE = Path(__file__).parent / "servers" / "wordpress" / "serve.sh"
READY_WITHIN = 120.0
PROGRAMS = ("php", "php:mysqli", "php:gd", "php:mbstring", "php:xml", "mariadbd", "my_print_defaults", "wordpress")
POSTS = "/wp-json/wp/v2/posts"
ALL = "publish,future,draft,pending,private,trash"


class WordPress:
    """A running server. `forget` makes it as it was at first; `passwords` are those of its people, for programs."""

    def __init__(self) -> None:
        where = {name: str(need(name)) for name in PROGRAMS}
        folder = Path(tempfile.mkdtemp(prefix="gongkai-wp-", dir="/tmp"))  # a socket's path has 107 bytes at most
        self.url = f"http://127.0.0.1:{free_port()}"
        self._ear = requests.Session()
        self._ear.trust_env = False
        self.folder, self._log = folder, folder / "server.log"
        with self._log.open("wb") as log:
            # its standard input is its lifeline; a session of its own, because a Ctrl-C is for pytest and it ends its whole group
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                ["sh", str(SERVE), where["php"], where["mariadbd"], where["wordpress"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                start_new_session=True, env={"PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin", "FOLDER": str(folder), "WORDPRESS_URL": self.url})
        assert self._process.stdout
        said = self._process.stdout.readline()
        if not said.startswith(b"{"):
            raise RuntimeError(f"WordPress did not start: {said!r} {self._log.read_text(errors='replace')[-2000:] if self._log.exists() else ''}")
        known = json.loads(said)
        self.passwords: dict[str, str] = known["passwords"]
        self.category: int = known["category"]
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until and self.lives():
            try:
                self._ear.get(self.url + POSTS, timeout=20)
            except requests.ConnectionError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("WordPress was installed, but does not answer")

    def lives(self) -> bool:
        """Whether it is still there: a test that kills what this process has started takes it along."""
        return self._process.poll() is None

    @property
    def group(self) -> int:
        """The process group in which all of it runs."""
        return self._process.pid

    def forget(self) -> None:
        """No posts and no pictures; people and categories stay."""
        self._ear.get(f"{self.url}/forget", timeout=30).raise_for_status()

    def ask(self, method: str, path: str, *, user: str = "publisher", **said: Any) -> Any:
        """A call of one of its people; the JSON of its answer."""
        return self._ear.request(method, self.url + path, auth=(user, self.passwords[user]), timeout=30, **said).json()

    def posts(self, **asked: str) -> list[dict[str, Any]]:
        """All posts there are, oldest first, as an editor sees them."""
        asked = {"status": ALL, "context": "edit", "per_page": "100", "orderby": "id", "order": "asc", **asked}
        said: list[dict[str, Any]] = self.ask("GET", POSTS, params=asked)
        return said

    def media(self) -> list[dict[str, Any]]:
        """All files that were sent up, oldest first."""
        said: list[dict[str, Any]] = self.ask("GET", "/wp-json/wp/v2/media", params={"per_page": "100", "orderby": "id", "order": "asc"})
        return said

    def read(self, url: str) -> requests.Response:
        """What a reader who has not logged in gets."""
        return self._ear.get(url, timeout=30)

    def public(self) -> list[dict[str, Any]]:
        """The posts that the public sees, oldest first."""
        said: list[dict[str, Any]] = self.read(f"{self.url}{POSTS}?per_page=100&orderby=id&order=asc").json()
        return said

    def stop(self) -> None:
        """Stop it, and take its folder away."""
        self._ear.close()
        self._process.communicate(timeout=30)  # closes its standard input: see serve.sh


_running: list[WordPress] = []


def shared() -> WordPress:
    """The one server of this process, ended with it."""
    if not _running or not _running[-1].lives():
        _running.append(WordPress())
        atexit.register(partial(WordPress.stop, _running[-1]))
    return _running[-1]

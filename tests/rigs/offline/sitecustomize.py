"""A Python that finds this folder on its path has no network but loopback, and writes down whom it wanted to reach.

An audit hook, so that it holds for every library and in every process that inherits the environment. What is written in other languages and
opens sockets of its own is not seen.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

LOG = "GONGKAI_TEST_OFFLINE_LOG"
HERE = ("127.", "::1", "localhost")


def refuse(event: str, said: tuple[Any, ...]) -> None:
    """Refuse an address or a name that is not this machine."""
    if event == "socket.getaddrinfo":
        host = said[0]
    elif event == "socket.connect":
        host = said[1][0] if isinstance(said[1], tuple) else ""  # a path: a socket on this machine
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host or ""
    if name and not name.startswith(HERE):
        with Path(os.environ[LOG]).open("a", encoding="utf-8") as log:
            log.write(f"{event} {name}\n")
        raise OSError(errno.ENETUNREACH, f"no network in this test: {name}")


if LOG in os.environ:
    sys.addaudithook(refuse)

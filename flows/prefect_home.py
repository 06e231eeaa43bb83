"""Prefect's surroundings: its state under our home folder, telemetry off, no network. Prepared before Prefect is imported."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from flows.holder import is_dead, me

#: the environment variable by which a server knows the process that started it
STARTER = "GONGKAI_STARTED_BY"

#: what Prefect is told, where the environment says nothing else
DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # on two busy cores the first start, with its migrations, takes half a minute and more
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_CLI_PROMPT": "false",
}


def prepare(home: Path) -> None:
    """Point Prefect at `home`/prefect. Prefect reads its settings as it is imported: call this before."""
    os.environ.setdefault("PREFECT_HOME", str(home / "prefect"))
    os.environ[STARTER] = me()
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


def leave_cleanly() -> None:
    """Turn SIGTERM into an orderly exit, so that Prefect's ephemeral server is stopped too (prefect leaves it otherwise)."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        sys.exit(143)

    signal.signal(signal.SIGTERM, stop)


def warm_up() -> threading.Thread:
    """Start Prefect's ephemeral server beside other work: a first start, which migrates its database, takes some twenty seconds.

    Join the thread before a flow runs. A start that fails here fails again, and is reported, where the flow asks for it.
    """

    def start() -> None:
        from prefect.server.api.server import SubprocessASGIServer

        try:
            SubprocessASGIServer().start()
        except RuntimeError as error:
            logging.getLogger("gongkai.prefect").warning("Prefect's server did not start beside other work: %s", error)

    thread = threading.Thread(target=start, name="prefect-warm-up", daemon=True)
    thread.start()
    return thread


def reap_orphans(home: Path, *, proc: Path = Path("/proc"), kill: Callable[[int, int], None] = os.kill) -> list[int]:
    """Stop ephemeral servers of this home whose flow process was killed: nothing else ever would (210 MB each).

    Every server carries the name of the process that started it, see `prepare`. Returns those that were told to stop.
    """
    reaped = []
    for folder in proc.iterdir() if proc.is_dir() else ():
        if not folder.name.isdigit():
            continue
        try:
            environment = dict(line.partition("=")[::2] for line in (folder / "environ").read_text(errors="replace").split("\0"))
        except OSError:
            continue  # it ended meanwhile, or is another user's: not ours to judge
        ours = environment.get("PREFECT__SERVER_EPHEMERAL") and environment.get("PREFECT_HOME") == str(home / "prefect")
        if ours and is_dead(environment.get(STARTER, "")):
            kill(int(folder.name), signal.SIGTERM)
            reaped.append(int(folder.name))
    return reaped

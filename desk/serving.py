"""The desk's web server: waitress, many threads in one process, its static files through WhiteNoise."""

from __future__ import annotations

import io
import os
import secrets
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from waitress.server import create_server

from channels.house import HouseError
from desk import offices
from desk import settings as own

THREADS = 8  #: people of a district who press a button in the same second
#: bytes of a request; above `settings.REQUEST_LIMIT` the desk refuses in Chinese, above this the server does, in English
BODY = 1 << 30


class ServeError(Exception):
    """The desk cannot be opened: what is missing, and which command brings it."""


def prepare() -> list[str]:
    """Have the key that signs sessions and the desk's tables; what was done, a line each."""
    done = []
    if not own.key():
        own.KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(own.KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        settings.SECRET_KEY = own.key()
        done.append(f"wrote {own.KEY_FILE}")
    call_command("migrate", verbosity=0, interactive=False, stdout=io.StringIO())
    done.append("the desk's tables are up to date")
    return done


def examine() -> None:
    """See whether everything is there that the desk stands on.

    Raises:
        ServeError: something is missing.
    """
    if not own.key():
        raise ServeError(f"{own.KEY_FILE} is not there, the key that signs sessions; run gongkai init (or python -m desk prepare)")
    try:
        offices.hands()
    except HouseError as error:
        raise ServeError(str(error)) from error
    examine_tables()


def examine_tables() -> None:
    """See whether the desk's tables are there.

    Raises:
        ServeError: they are not, or of an earlier version, or the database cannot be reached.
    """
    try:
        executor = MigrationExecutor(connection)
        behind = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except OperationalError as error:
        raise ServeError(f"the database cannot be reached ({str(error).strip().splitlines()[0]}); check DATABASE_URL") from error
    finally:
        connection.close()
    if behind:
        raise ServeError(f"the desk's tables lack {behind} migrations; run gongkai init (or python -m desk prepare)")


def serve(*, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; requests under way are finished.

    Raises:
        ServeError: something is missing, or the port is taken.
    """
    examine()
    call_command("clearsessions")  # those that ended, and with them what they held
    from desk.wsgi import application  # noqa: PLC0415 - it reads every view, and those want the key

    try:
        server = create_server(application, host=host, port=port, threads=THREADS, ident=None, max_request_body_size=BODY, **_proxies())
    except OSError as error:
        raise ServeError(f"cannot listen on {host}:{port} ({error.strerror}); another may do so already: name another --port") from error
    signal.signal(signal.SIGTERM, _stop)
    say(f"the desk is open: http://{host}:{_port(server, port)}/ (Ctrl-C closes it)")
    server.run()  # leaves orderly on SystemExit and KeyboardInterrupt
    say("the desk is closed")


def _proxies() -> dict[str, Any]:
    """What proxies before it may say about who asks; where there is none, nobody may."""
    if not settings.PROXIES:
        return {"clear_untrusted_proxy_headers": True}
    return {"trusted_proxy": "*", "trusted_proxy_count": settings.PROXIES, "clear_untrusted_proxy_headers": True,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}}


def _port(server: Any, asked: int) -> int:
    return int(getattr(server, "effective_port", asked) or asked)


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)

"""Django's settings as far as the ledger needs them. The desk's settings start from these.

Read from the environment: GONGKAI_HOME, the folder of everything that is not code (default `var`), and DATABASE_URL,
the ledger's database (default: SQLite, `gongkai.db` in that folder).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

HOME = Path(os.environ.get("GONGKAI_HOME", "var")).resolve()


def database(url: str, home: Path) -> dict[str, Any]:
    """Django's description of the ledger's database.

    SQLite writes are IMMEDIATE, so that two writers queue instead of failing, and synchronous is FULL: an attempt must
    survive the power cut that follows it, else it would be made twice. Its write-ahead log is cut back to 64 MB after a
    walk through a large archive held it up (`ledger.upkeep` folds it in).

    Raises:
        ImproperlyConfigured: the address is of another kind. It holds a password, and so is not repeated.
    """
    scheme, _, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):
        parsed: dict[str, Any] = {**dj_database_url.parse(url), "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
        # compiling a year's figures takes PostgreSQL seven times as long as counting them; ?options=… in the address replaces this
        return {**parsed, "OPTIONS": {"options": "-c jit=off", **parsed.get("OPTIONS", {})}}
    if url and not (scheme == "sqlite" and rest.startswith("/") and rest.strip("/")):
        raise ImproperlyConfigured("DATABASE_URL is neither postgresql://user:password@host/name nor sqlite:////folder/file.db")
    path = rest[1:] if url else str(home / "gongkai.db")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; "
                            "PRAGMA journal_size_limit=67108864; PRAGMA recursive_triggers=ON;",
        },
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), HOME)}
INSTALLED_APPS = ["ledger"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "zh-hans"
SECRET_KEY = ""  # the ledger signs nothing; the desk, which does, sets its own

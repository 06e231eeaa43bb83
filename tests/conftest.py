"""Shared by every room's tests. Fixtures live in tests/rigs/, one file a thing; here they are only named."""

from __future__ import annotations

pytest_plugins = ("tests.rigs.system", "tests.rigs.postgres", "tests.rigs.ledger", "tests.rigs.browser", "tests.rigs.goldens")

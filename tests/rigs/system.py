"""The one rule for programs the tests need from the system: without one a test skips, and says so loudly; with CI=true it fails.

Which programs those are, and the package that brings each, stands in scripts/system.txt.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

NEEDS_TOO = {"chromium": "libatomic.so.1", "snac": "libcurl.so.4"} if sys.platform == "linux" else {}
"""What a program is of no use without: Playwright drives Chromium from a program of its own, which is linked with the library; what was
only unpacked brought none along."""
ROOT = Path(__file__).parents[2]
LIST = ROOT / "scripts" / "system.txt"
UNPACKED = {"wordpress": ROOT / ".venv/servers/wordpress/usr/share/wordpress"}
"""Where lies what is no program, among what scripts/unpack.sh unpacked."""
OTHER_NAMES = {"chromium": ("chromium-browser", "google-chrome-stable", "google-chrome")}
"""The same program under the names that other distributions give it."""


def need(program: str, *, hint: str = "") -> Path:
    """Where `program` lies. Missing: the test that asked is skipped, with the way to get it; with CI=true it fails.

    `hint` replaces the advice for a program that scripts/system.txt does not list.
    """
    found = find(program)
    if found is not None:
        if program in NEEDS_TOO:
            need(NEEDS_TOO[program])
        return found
    message = f"needs {program}: not found on this system; {hint or _advice(program)}"
    if in_ci():
        pytest.fail(f"{message} (CI=true: a missing program is a failure)", pytrace=False)
    pytest.skip(message)


def need_server(name: str) -> Path:
    """Where the packages of a server of tests/rigs/servers lie, as scripts/servers.sh installs them. Missing: as with a program."""
    folder = ROOT / ".venv" / "servers" / name
    if (folder / ".ready").exists():
        return folder
    message = f"needs the {name} server: not installed; install it with: make system"
    if in_ci():
        pytest.fail(f"{message} (CI=true: a missing server is a failure)", pytrace=False)
    pytest.skip(message)


def find(program: str) -> Path | None:
    """Where `program` lies, or None.

    PostgreSQL's server is looked for in Debian's own folders, newest first, which are not on PATH; a library where the linker looks;
    what is on no PATH, among what scripts/unpack.sh unpacked.
    """
    if program == "postgres":
        versions = Path("/usr/lib/postgresql").glob("[0-9]*/bin/postgres")
        for server in sorted(versions, key=lambda path: int(path.parts[-3]), reverse=True):
            return server
    if program in UNPACKED:
        return UNPACKED[program] if (UNPACKED[program] / "wp-load.php").exists() else None
    if program.startswith("php:"):
        return _extension(program.removeprefix("php:"))
    if ".so." in program:
        folders = (Path("/lib"), Path("/lib64"), Path("/usr/lib"), Path("/usr/lib64"), *Path("/usr/lib").glob("*-linux-*"))
        return next((folder / program for folder in folders if (folder / program).exists()), None)
    for name in (program, *OTHER_NAMES.get(program, ())):
        if where := shutil.which(name) or shutil.which(name, path="/usr/sbin"):  # servers lie there, and not on everybody's PATH
            return Path(where)
    return next((ROOT / ".venv" / "servers").glob(f"*/usr/bin/{program}"), None)


@cache
def _extension(name: str) -> Path | None:
    """Where PHP lies, if it has this extension."""
    php = find("php")
    said = subprocess.run([php, "-m"], capture_output=True, text=True, check=False).stdout if php else ""
    return php if name in said.lower().split() else None


def in_ci() -> bool:
    """Whether this run is one that may not skip: the environment says CI=true."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


@cache
def packages() -> dict[str, str]:
    """Program → the Debian package that brings it, from scripts/system.txt."""
    lines = [line.split(maxsplit=2) for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {program: package for program, package, _purpose in lines}


def _advice(program: str) -> str:
    package = packages().get(program, program)
    if package.startswith("unpack:"):
        return "unpack it with: make system"
    return f"install it with: apt-get install {package}"


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Name every missing program at the end of the run: a skip nobody reads about is a test nobody runs."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        if reason.startswith("needs "):
            reasons[reason] = reasons.get(reason, 0) + 1
    if reasons:
        terminalreporter.section("NOT TESTED HERE", sep="!", red=True, bold=True)
        for reason, count in sorted(reasons.items()):
            terminalreporter.write_line(f"{count} skipped: {reason}", red=True)

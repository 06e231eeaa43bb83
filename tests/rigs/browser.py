"""The desk's own server as a process, and the system's Chromium to open it with: one browser a module, one context a person."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest

from tests.rigs.system import need

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
         "--disable-default-apps", "--disable-extensions", "--disable-sync", "--no-first-run", "--hide-scrollbars")
OPEN = re.compile(r"the desk is open: (http://\S+?)/? ")
ENDS_WITHIN = 20  #: seconds a server may take to finish what is under way


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A desk that is open."""

    url: str  #: without a slash at the end
    log: Path  #: what the server says on its standard error

    def faults(self) -> str:
        """What went wrong in it: every traceback of its log."""
        said = self.log.read_text(encoding="utf-8")
        return said if "Traceback" in said else ""


@contextmanager
def serving(home: Path, **environment: str) -> Iterator[Served]:
    """Open the desk of a home folder on a free port, in a process of its own, as `python -m desk serve` does; close it at the end.

    The process reads DATABASE_URL as the test's environment has it.
    """
    log = home / "desk.log"
    around = os.environ | {"GONGKAI_HOME": str(home), "PYTHONUNBUFFERED": "1", **environment}
    with log.open("wb") as errors, subprocess.Popen([sys.executable, "-m", "desk", "serve", "--port", "0"], cwd=ROOT, env=around, text=True,
                                                    stdout=subprocess.PIPE, stderr=errors) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            found = OPEN.search(said)
            if found is None:
                pytest.fail(f"the desk did not open: {said}{log.read_text(encoding='utf-8')}", pytrace=False)
            yield Served(url=found[1], log=log)
        finally:
            process.terminate()
            try:
                process.wait(ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def opened() -> Iterator[Browser]:
    """The system's Chromium. While it is open, Playwright keeps an event loop in this thread, under which Django would refuse its ORM."""
    from playwright.sync_api import sync_playwright

    program = need("chromium")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as play, _fonts() as fonts:
            browser = play.chromium.launch(executable_path=program, args=list(FLAGS), env={**os.environ, "FONTCONFIG_FILE": str(fonts)})
            try:
                yield browser
            finally:
                browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def _fonts() -> Iterator[Path]:
    """The system's fonts and the ones that sheets are set in: a machine without Chinese would show boxes, and pictures of them."""
    from pylopdf_fonts_zh_cn import sans_path

    with tempfile.TemporaryDirectory(prefix="gongkai-fonts-") as folder:
        file = Path(folder) / "fonts.conf"
        file.write_text(f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{escape(str(Path(sans_path()).parent))}</dir>
  <cachedir>{escape(folder)}</cachedir>
</fontconfig>
""", encoding="utf-8")
        yield file


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Chromium, for the tests of one module: never longer, because no other test can run an event loop of its own meanwhile."""
    with opened() as browser:
        yield browser

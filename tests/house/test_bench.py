"""The benches run, on small ledgers: what prints the figures must not rot between two looks at them. Nothing here asks how long it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.memory import Peak

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(180)


def run(*words: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """A bench with a home folder of its own."""
    env = {**os.environ, "GONGKAI_HOME": str(home), "DATABASE_URL": ""}
    return subprocess.run([sys.executable, *map(str, words)], env=env, cwd=ROOT, capture_output=True, text=True, check=True)


def test_a_site_is_filled_drawn_and_drawn_for_one_more(tmp_path: Path) -> None:
    """Our half of `make bench`; Hugo is no dependency of the tests."""
    home, site = tmp_path / "home", tmp_path / "site"
    bench = ("bench/site.py", "--child")
    run(*bench, "fill", home, "45", home=home)
    run(*bench, "draw", site, home=home)
    assert len(list(site.glob("item/*/*.html"))) == 45
    took = json.loads(run(*bench, "redraw", site, "2", home=home).stderr.splitlines()[-1])
    assert set(took) == {"redraw_ms", "first_ms"}
    assert len(list(site.glob("item/*/*.html"))) == 48


def test_the_desk_is_asked_for_each_of_its_pages(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    run("bench/desk.py", "--items", "60", "--only", "sqlite", "--work", tmp_path, "--json", out, home=tmp_path)
    assert "today, clerk" in out.read_text(encoding="utf-8")


def test_a_report_is_timed_beside_plain_sql(tmp_path: Path) -> None:
    """On both databases: what fills them is plain SQL, which a new column breaks on one of them alone."""
    said = run("bench/report.py", "--deliveries", "300", home=tmp_path).stdout
    assert "sqlite: " in said
    assert "postgresql: " in said or "no PostgreSQL on this machine" in said
    assert "plain SQL for the figures" in said
    assert "the report, form 2021" in said


def test_memory_is_that_of_a_command_and_all_its_helpers_at_once() -> None:
    """Two processes that hold 60 MB each at the same time: the larger of them alone would be half of the truth."""
    hold = "import time; held = bytearray(b'x') * 60_000_000; time.sleep(1.5)"
    both = f"import subprocess, sys; held = bytearray(b'x') * 60_000_000; subprocess.run([sys.executable, '-c', {hold!r}], check=True)"
    process = subprocess.Popen([sys.executable, "-c", both], process_group=0)
    with Peak(process.pid) as peak:
        assert process.wait() == 0
    assert 110 < peak.mib < 250

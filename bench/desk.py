"""The desk's list pages over a large archive: server time and number of queries, beside the same page over a small one.

    make bench-desk                                    1,000 and 100,000 items, SQLite and PostgreSQL
    make bench-desk ARGS="--items 1000 20000 --only sqlite"

Each ledger is filled and measured in a process of its own. A page's time is the median of 15 requests through the whole stack (session, roles,
queries, template) in one process, without a socket; what a page may take is 100 ms. Each page's first request is not counted. CPU is what
of that this process worked itself: on a machine that does other things the rest is waiting for a turn, or for PostgreSQL.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

if __name__ == "__main__":  # started as a file, the project's root is not on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rich.console import Console
from rich.table import Table

from bench.databases import offer, on_each

OUT = Console()
ROUNDS = 15
LIMIT = 100.0  #: milliseconds of server time a page may take


def fill(home: Path, total: int) -> dict[str, float]:
    """A ledger with so many items and a day's work, in the database that the environment names."""
    from django.core.management import call_command

    from desk import boot, urls  # noqa: F401 - boot starts Django; the pages too are those of now, however long the filling takes
    from flows import opening
    from flows.clock import wall
    from tests.flows.stage import CODE, TOML

    (home / "gongkai.toml").write_text(TOML.format(api="http://127.0.0.1:9", mode="publish", sandbox="true"), encoding="utf-8")
    call_command("migrate", verbosity=0)
    hand = opening.open_offices(home).desk(CODE)
    from bench.desk_corpus import Archive, work
    from ledger import upkeep

    began = time.perf_counter()
    Archive(hand.office).fill(total)
    work(home, wall())
    _analyse()
    upkeep.fold()
    return {"fill_s": time.perf_counter() - began}


def _analyse() -> None:
    """What a database's planner knows of its tables, as it would after a night."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pages() -> list[tuple[str, str, str]]:
    """(what, role, address) of every page that lists something, and of one item."""
    from bench.desk_corpus import REVIEWER
    from ledger.models import Item

    items = Item.objects.order_by("pk")
    middle = items[items.count() // 2]
    word = quote("整治"), quote("孔雀"), quote("环境整治 长效机制"), quote("没有这样的词")
    return [
        ("today, clerk", "clerk", "today/"), ("today, reviewer", "reviewer", "today/"), ("today, signer", "signer", "today/"),
        ("today, operator", "operator", "today/"), ("write", "clerk", "write/"), ("reviews", "reviewer", "reviews/"),
        ("signatures", "signer", "signatures/"), ("deliveries", "operator", "deliveries/"), ("board", "clerk", "board/"),
        ("book", "reporter", "book/"), ("book, far back", "reporter", f"book/?after={middle.pk}"),
        ("book, 整治 (in every item)", "reporter", f"book/?words={word[0]}"), ("book, 孔雀 (in one)", "reporter", f"book/?words={word[1]}"),
        ("book, two words", "reporter", f"book/?words={word[2]}"), ("book, in none", "reporter", f"book/?words={word[3]}"),
        ("book, index number", "reporter", f"book/?words={quote(middle.index_number)}"),
        ("book, word, year, column", "reporter", f"book/?words={word[0]}&since=2016-01-01&until=2016-12-31&column=tongzhi"),
        ("book, drafts", "reporter", "book/?state=draft"), ("book, withdrawn", "reporter", "book/?state=withdrawn"),
        ("book, wechat", "reporter", "book/?channel=wechat"), ("book, drafter", "reporter", f"book/?drafter={quote('陈文书')}"),
        ("item", "reporter", f"book/item/{middle.pk}/"), ("audit", "signer", "audit/"),
        ("audit, one person", "signer", f"audit/?actor={quote(REVIEWER)}"), ("audit, one deed", "signer", "audit/?verb=put+up"),
        ("audit, one thing", "signer", f"audit/?subject={quote(middle.index_number)}"), ("audit, a day", "signer", "audit/?since=2016-03-01&until=2016-03-01"),
    ]


def measure(home: Path) -> dict[str, Any]:
    """Median milliseconds and number of queries of every page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from desk import boot, offices  # noqa: F401
    from desk.roles import Role
    from ledger import queries
    from tests.desk.stage import Stage

    stage = Stage(home=home, hand=offices.hands()["qingshui"])
    out: dict[str, Any] = {}
    for what, role, path in pages():
        browser = stage.browser(Role(role))
        address = f"/qingshui/{path}"
        answer = browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
            asked = len(captured)
        took, worked = [], []
        for _ in range(ROUNDS):
            began, working = time.perf_counter(), time.process_time()
            browser.get(address)
            took.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - working) * 1000)
        out[what] = {"ms": statistics.median(took), "cpu_ms": statistics.median(worked), "queries": asked, "status": answer.status_code,
                     "bytes": len(answer.content)}
    began = time.perf_counter()
    fault = queries.verify_events(office="qingshui")
    took_s = time.perf_counter() - began
    count = queries.events(office="qingshui", limit=1).rows[0].seq
    out["verify the chain"] = {"ms": took_s * 1000, "queries": 1, "status": "holds" if fault is None else str(fault), "events": count}
    return out


def one(database: str, total: int, work: Path, postgres: Any) -> dict[str, Any]:
    """Fill and measure one ledger in a process of its own."""
    home = work / f"{database}-{total}"
    home.mkdir(parents=True)
    url = postgres.create_database(f"desk_{total}") if database == "postgresql" else ""
    env = {**os.environ, "GONGKAI_HOME": str(home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "desk.settings",
           "GONGKAI_DESK_KEY": "a key for this bench alone: nothing that it signs outlives it", "GONGKAI_TEST_SECRET": "far-side-secret"}
    with OUT.status(f"{database}, {total:,} items…"):
        done = subprocess.run([sys.executable, __file__, "--child", str(home), str(total)], env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{database}, {total} items:\n{done.stderr[-4000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def show(database: str, sizes: list[int], found: dict[int, dict[str, Any]]) -> None:
    """A row a page, beside each other the sizes."""
    table = Table(database, *(head for size in sizes for head in (f"{size:,}: ms", "CPU", "queries")), box=None, header_style="bold")
    for column in table.columns[1:]:
        column.justify = "right"
    for what in found[sizes[-1]]["pages"]:
        cells = []
        for size in sizes:
            page = found[size]["pages"][what]
            slow = page["ms"] > LIMIT and "bytes" in page
            cells += [f"[bold red]{page['ms']:.1f}[/]" if slow else f"{page['ms']:.1f}",
                      f"{page['cpu_ms']:.1f}" if "cpu_ms" in page else "",
                      str(page["queries"]) if page["status"] == 200 else f"{page['queries']} ({page['status']})"]
        table.add_row(what, *cells)
    OUT.print(table)
    OUT.print("[dim]filled in " + ", ".join(f"{found[size]['fill_s']:.0f} s" for size in sizes) + "[/]\n")


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=[1_000, 100_000])
    offer(parser)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        home, total = Path(asked.child[0]), int(asked.child[1])
        filled = fill(home, total)
        print(json.dumps({**filled, "pages": measure(home)}))
        return
    on_each(asked, lambda database, work, postgres: {total: one(database, total, work, postgres) for total in asked.items},
            lambda database, found: show(database, asked.items, found), OUT)


if __name__ == "__main__":
    main()

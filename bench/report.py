"""An annual report over a large ledger: its figures, the whole of it, and opening a number, beside plain SQL for the same totals.

    make bench-report                                                  1,000,000 deliveries, all in one year, SQLite and PostgreSQL
    make bench-report ARGS="--deliveries 50000 --only sqlite --years 10"

Each ledger is filled in one process and measured in another, so that the peak of memory is that of the report. A time is the best of three: on
a machine that does other things the rest is waiting for a turn. CPU is what of that this process worked itself; of PostgreSQL that is little.
The aim: figures in under a second, the report in under ten.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # started as a file, the project's root is not on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rich.console import Console
from rich.table import Table

from bench.databases import offer, on_each

OUT = Console()
ROUNDS = 3
YEAR = 2025
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
CODE = "qingshui"
PLAIN = (
    "SELECT count(*) FROM ledger_item i WHERE i.released_on {days} AND EXISTS (SELECT 1 FROM ledger_posting p WHERE p.item_id = i.id AND {public})",
    """SELECT p.kind, count(DISTINCT p.item_id) FROM ledger_item i JOIN ledger_posting p ON p.item_id = i.id
       WHERE i.released_on {days} AND {public} GROUP BY p.kind""",
    "SELECT count(*) FROM ledger_edition e WHERE e.number > 1 AND e.released_on {days}",
    "SELECT count(*) FROM ledger_item i WHERE i.withdrawn_on {days}",
)
GROUPED = """SELECT {by}, count(*) FROM ledger_item i JOIN ledger_edition e ON e.id = i.shown_id
             WHERE i.released_on {days} AND EXISTS (SELECT 1 FROM ledger_posting p WHERE p.item_id = i.id AND {public}) GROUP BY {by}"""


def best(act: Callable[[], Any]) -> dict[str, float]:
    """The best of a few rounds."""
    rounds = []
    for _ in range(ROUNDS):
        began, working = time.perf_counter(), time.process_time()
        act()
        rounds.append((time.perf_counter() - began, time.process_time() - working))
    return {"s": min(took for took, _ in rounds), "cpu_s": min(worked for _, worked in rounds)}


def plain() -> None:
    """The same totals, as somebody would ask for them at the database's own prompt."""
    from django.db import connection

    facts = {"days": f"BETWEEN '{YEAR}-01-01' AND '{YEAR}-12-31'", "public": f"p.kind <> 'feed' AND p.disclosed_at <= '{AS_OF:%Y-%m-%d}'"}
    groups = [GROUPED.format(**facts, by=by) for by in ("e.category", 'e."column"', "i.released_on")]
    with connection.cursor() as cursor:
        for statement in [*(plainly.format(**facts) for plainly in PLAIN), *groups]:
            cursor.execute(statement)
            cursor.fetchall()


def measure() -> dict[str, Any]:
    """Seconds of everything, how many statements, and the peak of memory."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from channels.registry import LABELS
    from channels.typesetting import typesetter
    from content.measures import Measure
    from ledger import queries
    from reports.forms import Scope, form
    from reports.freezing import judged
    from reports.making import Asked, Maker
    from reports.papers import papers
    from reports.report import fill, measures
    from tests.builders import an_office

    office = an_office()
    scope = Scope(channels=(("website", "政府网站"), ("board", "公告栏"), ("wechat", "微信公众号")),
                  categories=tuple((name, name) for name in (*office.categories, "未归类")),
                  columns=tuple((column.slug, column.name) for column in office.columns))
    asked = {"office": CODE, "year": YEAR, "as_of": AS_OF}

    def report(name: str) -> Callable[[], Any]:
        made = form(name, scope)
        return lambda: fill(made, office, queries.yearbook(**asked, form=name, measures=measures(made)))

    def figures() -> Any:
        return queries.figures(**asked, categories=office.categories)

    number = figures().distinct_items
    question = Asked(office=office, form="2021", year=YEAR, as_of=AS_OF)
    maker = Maker(books=queries, labels=LABELS)

    def whole() -> Any:
        """What `gongkai report --out` does but for the writing: the report, its checks, each paper, the open data of every row."""
        made = maker.report(question)
        return judged(made), papers(question, made, maker=maker, setter=typesetter())

    jobs: dict[str, Callable[[], Any]] = {
        "plain SQL for the figures": plain, "figures": figures, "the report, form 2008": report("2008"), "the report, form 2021": report("2021"),
        f"open {number:,}: first page of 50": lambda: queries.opened(**asked, measure=Measure(), limit=50),
        f"open {number:,}: last page of 50": lambda: queries.opened(**asked, measure=Measure(), offset=number - 50, limit=50),
        f"open {number:,}: names of all rows": lambda: queries.row_keys(**asked, measure=Measure()),
        "the report with all its papers": whole,
    }
    out: dict[str, Any] = {}
    for what, act in jobs.items():
        with CaptureQueriesContext(connection) as captured:
            act()
        out[what] = {**best(act), "queries": len(captured), "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
    return {"jobs": out, "items": number, "writes": write_cost()}


def write_cost() -> dict[str, float]:
    """Microseconds: an edition and its posting, with the indexes of counting and without, and keeping how an item is counted. Nothing stays."""
    from django.db import connection, transaction

    from ledger import counted
    from ledger.models import Edition, Posting

    out: dict[str, float] = {}
    for name in ("with the indexes", "without", "with the indexes", "without"):
        with transaction.atomic():
            if name == "without":
                with connection.cursor() as cursor:
                    for index in ("edition_counted", "edition_later", "edition_bare", "posting_counted"):
                        cursor.execute(f"DROP INDEX {index}")
            editions = list(Edition.objects.order_by("-pk")[:2000])
            postings = list(Posting.objects.filter(channel="website").order_by("-pk")[:2000])
            for edition in editions:
                edition.pk, edition.number, edition.state = None, 9, "corrected"
            for posting in postings:
                posting.pk, posting.channel = None, "bench"
            began = time.perf_counter()
            Edition.objects.bulk_create(editions)
            Posting.objects.bulk_create(postings)
            took = (time.perf_counter() - began) / len(editions) * 1e6
            out[name] = min(out.get(name, took), took)
            transaction.set_rollback(True)
    with transaction.atomic():
        began = time.perf_counter()
        for posting in postings[:200]:
            counted.keep([posting.item_id])
        out["how it is counted, kept"] = (time.perf_counter() - began) / 200 * 1e6
        transaction.set_rollback(True)
    return out


def child(task: str, deliveries: int, years: int) -> dict[str, Any]:
    """In a process of its own: fill, or measure."""
    from ledger import boot  # noqa: F401 - starts Django

    if task == "measure":
        return measure()
    from bench.report_corpus import fill

    began = time.perf_counter()
    fill(CODE, deliveries=deliveries, first=date(YEAR - years + 1, 1, 1), last=date(YEAR, 12, 31))
    return {"fill_s": time.perf_counter() - began}


def one(database: str, deliveries: int, years: int, work: Path, postgres: Any) -> dict[str, Any]:
    """Fill and measure one ledger."""
    home = work / database
    home.mkdir(parents=True)
    url = postgres.create_database("report") if database == "postgresql" else ""
    env = {**os.environ, "GONGKAI_HOME": str(home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "ledger.settings"}
    found: dict[str, Any] = {}
    for task in ("fill", "measure"):
        with OUT.status(f"{database}, {deliveries:,} deliveries: {task}…"):
            done = subprocess.run([sys.executable, __file__, "--child", task, str(deliveries), str(years)], env=env, check=False,
                                  capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{database}, {task}:\n{done.stderr[-4000:]}")
        found |= json.loads(done.stdout.strip().splitlines()[-1])
    return found


def show(database: str, found: dict[str, Any]) -> None:
    """A row a job."""
    table = Table(f"{database}: {found['items']:,} items in the year", "seconds", "CPU", "× plain SQL", "queries", "peak MB", box=None, header_style="bold")
    for column in table.columns[1:]:
        column.justify = "right"
    beside = found["jobs"]["plain SQL for the figures"]["s"]
    for what, job in found["jobs"].items():
        table.add_row(what, f"{job['s']:.2f}", f"{job['cpu_s']:.2f}", f"{job['s'] / beside:.2f}", str(job["queries"]), str(job["peak_mb"]))
    OUT.print(table)
    cost = "; ".join(f"{name} {took:.0f} µs" for name, took in found["writes"].items())
    OUT.print(f"[dim]filled in {found['fill_s']:.0f} s; an edition and its posting written: {cost}[/]\n")


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deliveries", type=int, default=1_000_000)
    parser.add_argument("--years", type=int, default=1, help="over how many years they are spread [all in the year that is counted]")
    offer(parser)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(child(asked.child[0], int(asked.child[1]), int(asked.child[2]))))
        return
    on_each(asked, lambda database, work, postgres: one(database, asked.deliveries, asked.years, work, postgres), show, OUT)


if __name__ == "__main__":
    main()

"""Draw a site of N editions from the ledger, beside Hugo on the same items and beside the bare writing of the same files.

    make bench                                   346, 1,000, 10,000 and 100,000 items
    make bench ARGS="--items 10000 --rounds 3"   one size, paired rounds

Each build runs in a process of its own, into a folder of its own that is never cleared between runs (clearing makes the
next build on ext4 many times slower). Prints wall time, pages a second, peak memory, and the time to redraw for one new
item. Ratios are what to look at: seconds are this machine's.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

if __name__ == "__main__":  # started as a file, the project's root is not on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rich.console import Console
from rich.table import Table

from bench import corpus, hugo_site
from bench.memory import Peak

OUT = Console()


def measure(command: list[str], env: dict[str, str] | None = None) -> tuple[float, float]:
    """(seconds, MiB at peak) of a command with all the processes that help it."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL, process_group=0)
    with Peak(process.pid) as peak:
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - began
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {status}")
    return took, max(peak.mib, usage.ru_maxrss / 1024)  # what ends between two looks is at least as large as its largest process


def child(*words: str, home: Path) -> tuple[float, float]:
    """Measure one of our own parts in a process of its own."""
    return measure([sys.executable, __file__, "--child", *words], {"GONGKAI_HOME": str(home), "DATABASE_URL": ""})


def draw(site: Path) -> None:
    """The whole site from the ledger."""
    from channels.website import Website
    from ledger import boot  # noqa: F401
    from ledger.catalogue import LedgerCatalogue

    Website("website", office=corpus.OFFICE, root=site, feeds=False).draw(LedgerCatalogue(corpus.OFFICE.code))


def redraw(site: Path, times: int) -> None:
    """Release newcomers one by one and print the median milliseconds of redrawing for each."""
    from channels.website import Website
    from content.seals import seal
    from ledger import boot, queries, services  # noqa: F401
    from ledger.catalogue import LedgerCatalogue
    from tests.builders import an_edition

    website = Website("website", office=corpus.OFFICE, root=site, feeds=False)
    at = corpus.FIRST.replace(year=corpus.FIRST.year + corpus.YEARS)
    took = []
    for n in range(times + 1):
        index = corpus.OFFICE.index.compose(at.year, 900_001 + n)
        edition = an_edition(index_number=index, office=corpus.OFFICE.code, column="lanmu0", issuing_body=corpus.OFFICE.name, category="")
        row = services.draft(edition=edition, by="甲", at=at, routes=[services.RouteAsked(channel="website", kind="website", surface=True)])
        services.submit(edition_id=row.pk, by="甲", at=at)
        services.pass_review(edition_id=row.pk, by="乙", at=at)
        signed = {"website": seal(website.render(edition))}
        services.sign_off(edition_id=row.pk, by="丙", at=at, renditions=signed)
        services.release(edition_id=row.pk, by="bench", at=at, renditions=signed)
        touched = queries.touches(items=[row.item_id])
        began = time.perf_counter()
        website.redraw(LedgerCatalogue(corpus.OFFICE.code), touched)
        took.append((time.perf_counter() - began) * 1000)
    sys.stderr.write(json.dumps({"redraw_ms": statistics.median(took[1:]), "first_ms": took[0]}) + "\n")


def write_only(listing: Path, target: Path) -> None:
    """Write files of the same names and sizes, and nothing else: what the disk alone asks for."""
    data = b"\xe6\x96\x87" * 400_000
    made: set[str] = set()
    for line in listing.read_text(encoding="utf-8").splitlines():
        size, _, name = line.partition(" ")
        path = f"{target}/{name}"
        folder = path.rpartition("/")[0]
        if folder not in made:
            os.makedirs(folder, exist_ok=True)
            made.add(folder)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.write(handle, data[: int(size)])
        os.close(handle)


def round_of(n: int, home: Path, hugo: Path, work: Path, number: int) -> dict[str, float]:
    """One round: ours, Hugo's, the bare writing."""
    site, theirs, bare = work / f"ours{number}", work / f"hugo{number}", work / f"bare{number}"
    ours_s, ours_mb = child("draw", str(site), home=home)
    hugo_s, hugo_mb = measure([str(Path(sys.executable).with_name("hugo")), "--quiet", "--source", str(hugo), "-d", str(theirs)])
    listing = work / f"files{number}"
    files = [(path.stat().st_size, path.relative_to(site)) for path in site.rglob("*") if path.is_file()]
    listing.write_text("\n".join(f"{size} {path}" for size, path in files), encoding="utf-8")
    bare_s, _ = child("write", str(listing), str(bare), home=home)
    pages = sum(1 for _, path in files if path.suffix == ".html")
    return {"ours_s": ours_s, "ours_mb": ours_mb, "hugo_s": hugo_s, "hugo_mb": hugo_mb, "bare_s": bare_s, "files": len(files), "pages": pages,
            "hugo_files": sum(1 for path in theirs.rglob("*") if path.is_file()), "items": n}


def one_size(n: int, rounds: int, work: Path) -> dict[str, float]:
    """All rounds of one size, as medians, and the redraw."""
    home, hugo = work / "home", work / "hugo-source"
    with OUT.status(f"filling a ledger with {n:,} items…"):
        child("fill", str(home), str(n), home=home)
        hugo_site.write(hugo, n)
    results = []
    for number in range(rounds):
        with OUT.status(f"{n:,} items, round {number + 1} of {rounds}…"):
            results.append(round_of(n, home, hugo, work, number))
    found = {key: statistics.median(result[key] for result in results) for key in results[0]}
    found["ratio"] = statistics.median(result["ours_s"] / result["hugo_s"] for result in results)
    with OUT.status(f"{n:,} items, one more at a time…"):
        answer = subprocess.run([sys.executable, __file__, "--child", "redraw", str(work / f"ours{rounds - 1}"), "15"], check=True,
                                capture_output=True, text=True, env={**os.environ, "GONGKAI_HOME": str(home), "DATABASE_URL": ""})
    return found | json.loads(answer.stderr.strip().splitlines()[-1])


def show(results: list[dict[str, float]]) -> None:
    """The table, one column a size."""
    table = Table("", *(f"{int(one['items']):,} items" for one in results), box=None, header_style="bold")
    for column in table.columns[1:]:
        column.justify = "right"
    rows = [("whole draw, s", "ours_s", "{:.2f}"), ("Hugo, s", "hugo_s", "{:.2f}"), ("bare writing, s", "bare_s", "{:.2f}"),
            ("[bold]ours / Hugo[/]", "ratio", "[bold]{:.2f}[/]"), ("peak memory, MiB", "ours_mb", "{:.0f}"), ("Hugo's, MiB", "hugo_mb", "{:.0f}"),
            ("one new item, ms", "redraw_ms", "{:.1f}"), ("files", "files", "{:,.0f}"), ("Hugo's files", "hugo_files", "{:,.0f}")]
    table.add_row("pages a second", *(f"{one['pages'] / one['ours_s']:,.0f}" for one in results))
    for label, key, form in rows:
        table.add_row(label, *(form.format(one[key]) for one in results))
    OUT.print(table)
    OUT.print("[dim]Hugo builds everything anew for one new item; its live server rebuilds as long as its cold build at 100,000.[/]")


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=[346, 1_000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path, help="where to work; on the disk to be measured [a temporary folder]")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        {"fill": lambda home, n: corpus.fill_ledger(Path(home), int(n)), "draw": lambda site: draw(Path(site)),
         "redraw": lambda site, times: redraw(Path(site), int(times)),
         "write": lambda listing, target: write_only(Path(listing), Path(target))}[asked.child[0]](*asked.child[1:])
        return
    work = Path(tempfile.mkdtemp(prefix="gongkai-bench-", dir=asked.work))
    try:
        results = []
        for n in asked.items:
            results.append(one_size(n, asked.rounds if n < 50_000 else 1, work / str(n)))
            show(results[-1:])
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if len(results) > 1:
        OUT.rule("together")
        show(results)
    if asked.json:
        print(json.dumps(results))
    OUT.print(f"[dim]this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB[/]")


if __name__ == "__main__":
    main()

"""The main job on real input: the sample year from two commands, killed anywhere and run again."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from channels.sandbox.wechat import Sandbox
from tests.reports.papers import excel_text, pdf_text, rows, word_text

pytestmark = [pytest.mark.flow, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "examples" / "juzizhou-2017"
OFFLINE = ROOT / "tests" / "rigs" / "offline"
GONGKAI = Path(sys.executable).with_name("gongkai")


def demo(home: Path, sample: Path = SAMPLE) -> subprocess.Popen[bytes]:
    """`gongkai demo` in a process of its own, its home empty of everything else."""
    home.mkdir(parents=True, exist_ok=True)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "GONGKAI_", "DATABASE_URL"))}
    clean |= {"GONGKAI_HOME": str(home), "HOME": str(home), "PYTHONPATH": str(OFFLINE), "GONGKAI_TEST_OFFLINE_LOG": str(home / "reached-for")}
    # into a file: a killed run leaves a server behind that would hold a pipe open
    with (home / "said").open("ab") as said:
        return subprocess.Popen([GONGKAI, "demo", "--sample", str(sample)], env=clean, stdout=said, stderr=said, cwd=home)


def finished(home: Path, sample: Path = SAMPLE) -> str:
    """What a whole run said."""
    code = demo(home, sample).wait()
    said = (home / "said").read_text(encoding="utf-8")
    assert code == 0, said[-3000:]
    return said


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def articles(home: Path) -> list[str]:
    """The titles that followers of the sandbox account can read."""
    sandbox = Sandbox(home / "demo" / "sandbox" / "wechat.db")
    try:
        return sorted(article["title"] for article in sandbox.articles())
    finally:
        sandbox.stop()


@pytest.fixture(scope="session")
def year(tmp_path_factory) -> Path:
    """The home folder of one whole rehearsal."""
    home = tmp_path_factory.mktemp("year")
    finished(home)
    return home


def test_nothing_is_fetched(year):
    """The whole rehearsal on a machine without a network: nobody even asked for a name. And the guard does bite."""
    assert not (year / "reached-for").exists()
    asked = {**os.environ, "PYTHONPATH": str(OFFLINE), "GONGKAI_TEST_OFFLINE_LOG": str(year.parent / "reached-for")}
    tried = subprocess.run([sys.executable, "-c", "import requests; requests.get('http://www.example.gov.cn/')"], env=asked, capture_output=True,
                           text=True, check=False)
    assert "no network in this test: www.example.gov.cn" in tried.stderr
    assert (year.parent / "reached-for").read_text() == "socket.getaddrinfo www.example.gov.cn\n"


def test_the_figures_are_those_of_the_published_report(year):
    """346 in all; website 320, board 70, WeChat 84; 28 and 263 in named categories; what is in none is named and adds up."""
    figures = json.loads((year / "demo" / "figures.json").read_text(encoding="utf-8"))
    assert (figures["office"], figures["year"], figures["counting"], figures["distinct_items"]) == ("juzizhou", 2017, "distinct", 346)
    assert figures["channels"] == {"website": 320, "board": 70, "wechat": 84}
    assert figures["categories"] == {"机构职能类": 28, "工作信息": 263, "未归类": 55}
    assert (figures["corrections"], figures["withdrawn"]) == (4, 2)
    assert figures["as_of"] == "2018-01-02T09:00:00+08:00"


def test_it_leaves_what_it_says(year):
    """Site with feeds inside, sheets, figures, ledger; the terminal says totals, places and times."""
    for path in ("site/index.html", "site/feed.xml", "site/atom.xml", "site/feed.json", "site/tongzhi/feed.xml", "gongkai.db",
                 "figures.json"):
        assert (year / "demo" / path).exists()
    assert len(list((year / "demo" / "board").glob("*.pdf"))) >= 70
    assert all((year / "demo" / "site").joinpath(one.parent.name, "atom.xml").exists() for one in (year / "demo" / "site").glob("*/feed.xml"))
    said = (year / "said").read_text(encoding="utf-8")
    for words in ("320", "70", "84", "346", "demo/site/index.html", "publish flow", "in all"):
        assert words in said
    assert len(articles(year)) == 84 - 1  # one of the 84 was withdrawn later in the year


def test_the_figures_command_agrees_in_every_format(year):
    """JSON, CSV and table tell the same numbers."""
    def ask(form: str) -> str:
        return subprocess.run([GONGKAI, "--home", str(year / "demo"), "figures", "--office", "juzizhou", "--year", "2017", "--format", form,
                               "--at", "2018-01-02T09:00"], capture_output=True, text=True, check=True, env=secret_free(year)).stdout

    assert json.loads(ask("json")) == json.loads((year / "demo" / "figures.json").read_text(encoding="utf-8"))
    assert "juzizhou,2017,channel,website,320" in ask("csv")
    assert "total,distinct,346" in ask("csv")
    assert "320" in ask("table")


def gongkai(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of the rehearsal's house."""
    return subprocess.run([GONGKAI, "--home", str(home / "demo"), *words], capture_output=True, text=True, check=False, env=secret_free(home))


#: every figure that the real report of the year states, with the words around it
STATED = ("指定了1名专职工作人员", "主动公开政府信息共346条", "机构职能类的信息28条", "各类工作信息263条", "公开政府信息320条，全文电子化达100%",
          "政府信息公开栏1个，累计公开政府信息70条", "《文化桔洲》2017年累计公开政府信息84条", "截至2017年12月31日", "2017年1月1日起至2017年12月31日止", "未归类55条")


def test_the_annual_report_says_every_figure_of_the_published_one(year, tmp_path):
    """In all of its papers; and it holds, by its own checks. The 55 that the published one leaves unexplained are named."""
    done = gongkai(year, "report", "--office", "juzizhou", "--year", "2017", "--form", "2008", "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    papers = {file.suffix[1:]: file.read_bytes() for file in (tmp_path / "out").glob("report.*")}
    cells = {"stat.items": 346, "channels.website": 320, "channels.board": 70, "channels.wechat": 84, "categories.机构职能类": 28,
             "categories.工作信息": 263, "categories.未归类": 55, "stat.website": 320, "stat.wechat": 84, "stat.elsewhere": 70, "stat.full_time": 1,
             "boards": 1, "stat.received": 0, "stat.fees": 0, "waived": 0, "stat.reviews": 0, "stat.suits": 0, "corrections": 4, "withdrawn": 2}
    said = json.loads(papers["json"])
    assert {cell: said["cells"][cell] for cell in cells} == cells
    texts = {"docx": re.sub(r"\s", "", word_text(papers["docx"])), "pdf": pdf_text(papers["pdf"]), "html": papers["html"].decode(),
             "json": "".join(part["text"] for part in said["parts"])}
    for words in STATED:
        assert [ending for ending, text in texts.items() if words not in text] == [], words
    listed = {row["address"]: row["value"] for row in rows(papers["csv"])}
    assert {cell: listed[cell] for cell in cells} == {cell: str(value) for cell, value in cells.items()}
    sheets = excel_text(papers["xlsx"])
    assert all(f"| {value}" in sheets for value in cells.values())
    named = json.loads(gongkai(year, "figures", "explain", "categories.未归类", "--year", "2017", "--format", "json").stdout)["rows"]
    assert len({row["index_number"] for row in named}) == 55
    assert {row["category"] for row in named} == {"未归类"}


def test_the_annual_report_was_handed_in_and_comes_out_the_same(year):
    """The papers that the rehearsal laid, too."""
    done = gongkai(year, "report", "--year", "2017", "--verify", "--out", str(year / "demo" / "reports" / "juzizhou" / "2017-2008"))
    assert done.returncode == 0, done.stderr
    assert "come out the same to the byte" in done.stdout
    checked = gongkai(year, "report", "check", str(year / "demo" / "reports" / "juzizhou" / "2017-2008" / "report.json"))
    assert (checked.returncode, checked.stdout[:6]) == (0, "ok all")


def test_the_annual_report_stands_on_the_site_as_an_item(year):
    """Reviewed and signed as every item, with its tables, its papers and the rows behind it; no name of those who recorded its facts."""
    site = year / "demo" / "site"
    [page] = site.glob("item/43010407-2018-0/*.html")
    text = page.read_text(encoding="utf-8")
    for words in ("主动公开政府信息共346条", "<td>320</td>", "机构职能类", "统计口径", "2018年2月5日", "（信息明细）"):
        assert words in text
    assert page.name in (site / "nianbao.html").read_text(encoding="utf-8")
    files = {file.suffix: file.read_bytes() for file in (page.parent / page.stem).iterdir()}
    assert set(files) == {".pdf", ".docx", ".xlsx", ".csv", ".json", ".png"}
    assert 'alt="条形图，公开渠道：政府网站320条、公告栏70条、微信公众号84条。"' in text
    assert len(json.loads(files[".json"])["items"]) == 346
    assert len([line for line in rows(files[".csv"]) if line["list"] == "items" and line["category"] == "未归类"]) == 55
    assert "党政综合办文书" not in excel_text(files[".xlsx"]) + files[".csv"].decode() + files[".json"].decode()


def secret_free(home: Path) -> dict[str, str]:
    """An operator's environment; figures need no account's secret, but the channel is built from one."""
    return {**os.environ, "HOME": str(home), "GONGKAI_WECHAT_SECRET": "rehearsal"}


def test_a_second_run_changes_not_one_byte(year):
    """Run again: nothing is written anew, nothing is posted again."""
    before, posted = tree(year / "demo" / "site"), articles(year)
    sheets = tree(year / "demo" / "board")
    times = {path: path.stat().st_mtime_ns for path in (year / "demo" / "site").rglob("*")}
    finished(year)
    assert tree(year / "demo" / "site") == before
    assert {path: path.stat().st_mtime_ns for path in (year / "demo" / "site").rglob("*")} == times
    assert articles(year) == posted
    assert tree(year / "demo" / "board") == sheets


@pytest.fixture(scope="session")
def first_months(tmp_path_factory) -> Path:
    """The sample year's first two months: a rehearsal short enough to be killed many times."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copytree(SAMPLE / "files", folder / "files")
    shutil.copy(SAMPLE / "gongkai.toml", folder)
    shutil.copy(SAMPLE / "logo.svg", folder)
    lines = [line for line in (SAMPLE / "items.jsonl").read_text(encoding="utf-8").splitlines() if json.loads(line)["made_on"] < "2017-02-20"]
    (folder / "items.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in ("corrections.jsonl", "withdrawals.jsonl"):
        (folder / name).write_text("", encoding="utf-8")
    return folder


def events(home: Path) -> int:
    """How much a rehearsal has written down so far."""
    try:
        with closing(sqlite3.connect(f"file:{home / 'demo' / 'gongkai.db'}?mode=ro", uri=True)) as book:
            return int(book.execute("SELECT count(*) FROM ledger_event").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # not made yet


@pytest.mark.crash
def test_killed_anywhere_and_run_again_it_comes_out_the_same(first_months, tmp_path):
    """kill -9 at moments spread over the run: the same figures, the same site, no second article, no second sheet."""
    calm, rough = tmp_path / "calm", tmp_path / "rough"
    finished(calm, first_months)
    whole = events(calm)
    for part, further in ((0, 1.0), (0.1, 0), (0.4, 0.2), (0.65, 0), (0.9, 0.3)):
        process = demo(rough, first_months)
        while events(rough) < whole * part and process.poll() is None:
            time.sleep(0.02)
        time.sleep(further)
        process.send_signal(signal.SIGKILL)
        process.wait()
    finished(rough, first_months)
    assert json.loads((rough / "demo" / "figures.json").read_text()) == json.loads((calm / "demo" / "figures.json").read_text())
    assert tree(rough / "demo" / "site") == tree(calm / "demo" / "site")
    assert articles(rough) == articles(calm)
    assert sorted(tree(rough / "demo" / "board")) == sorted(tree(calm / "demo" / "board"))

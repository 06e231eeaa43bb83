"""The sample year: 346 items of a street office through drafting, review, sign-off and ticks of the real publish flow.

Every step asks the ledger what is already done, so that a rehearsal that was killed goes on where it stood.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from channels.house import OfficeHand
from channels.sandbox.wechat import Sandbox
from content.configuration import OfficeSection
from content.deliveries import Status
from content.figures import Figures
from content.rules import State
from flows import handing, intake, reporting, saying
from flows.annual_report import annual_report
from flows.approval import People, approve
from flows.intake import Line
from flows.opening import open_offices
from flows.publish import TickResult, publish
from flows.refusals import Refusal
from flows.reporting import Made
from flows.sample_office import lay_out
from flows.saying import Say
from flows.settle import settle
from flows.workplace import at_work
from ledger import queries, services

YEAR = 2017
AFTERWARDS = timedelta(minutes=40)  #: from a tick to the sheets that it printed hanging on the board
#: the office works in posts, not in names
PEOPLE = People(drafter="党政综合办文书", reviewer="分管副主任", signer="街道主任")
#: what the platform's sandbox is told; it lets nobody else in
SANDBOX_SECRET = "rehearsal"  # noqa: S105


class DemoError(Refusal):
    """The sample year did not come out."""


@dataclass(slots=True, kw_only=True)
class Steps:
    """What the terminal is told: `begin(text, total)` begins a stage, `advance()` moves it on."""

    begin: Callable[[str, int], None] = lambda text, total: None
    advance: Callable[[], None] = lambda: None
    ready: Callable[[], None] = lambda: None  #: called before the first tick: waits for what was started beside the rest
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add what happens within to a step's time."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


def ticks(zone: Any) -> list[datetime]:
    """When the sample office's scheduler ticks: on the 15th and the last day of each month, at four."""
    days = [date(YEAR, month, 15) for month in range(1, 13)]
    days += [date(YEAR + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(1, 13)]
    return [datetime(day.year, day.month, day.day, 16, tzinfo=zone) for day in sorted(days)]


def prepare(home: Path, sample: Path) -> OfficeSection:
    """Have the rehearsal's home folder, its configuration and an open office."""
    home.mkdir(parents=True, exist_ok=True)
    return lay_out(home, sample)


def run(home: Path, sample: Path, *, steps: Steps) -> Figures:
    """The whole year. Leaves site/, board/, figures.json and gongkai.db in `home`.

    Raises:
        DemoError: a line was refused, or a tick held something back.
    """
    section = prepare(home, sample)
    os.environ[_secret_name(section)] = SANDBOX_SECRET
    with Sandbox(home / "sandbox" / "wechat.db") as far_side:
        far_side.switch(questions=0, account=_account(section))
        # on the sandbox a draft still in its box was surely not published, so what was in doubt may be settled at once
        told = {"api": far_side.url, "polls": [0], "on_doubt": "resubmit", "doubt_minutes": 0}
        overrides = {channel.name: told for channel in section.channels if channel.kind == "wechat"}
        said = json.dumps(overrides)
        hand, _ = at_work(str(home), section.office.code, None, said)
        year = Year(home=home, hand=hand, sample=sample, overrides=said, steps=steps, far_side=far_side)
        year.go()
        year.report()
    figures = queries.figures(office=hand.office.code, year=YEAR, categories=hand.office.categories, as_of=year.end,
                              full_text=True)
    (home / "figures.json").write_text(json.dumps(figures.as_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return figures


def _account(section: OfficeSection) -> str:
    named = (str(channel.options["account"]) for channel in section.channels if channel.options.get("account"))
    return next(named, section.office.short_name)


def _secret_name(section: OfficeSection) -> str:
    return next((str(channel.options["secret_env"]) for channel in section.channels if channel.kind == "wechat"), "GONGKAI_WECHAT_SECRET")


@dataclass(slots=True, kw_only=True)
class Year:
    """The year under way."""

    home: Path
    hand: OfficeHand
    sample: Path
    overrides: str
    steps: Steps
    far_side: Sandbox

    @property
    def end(self) -> datetime:
        """The instant at which the year is counted: the second morning of the next."""
        return datetime(YEAR + 1, 1, 2, 9, tzinfo=self.hand.office.tz)

    def go(self) -> None:
        """Period by period: what was written, what was signed, the tick, and what people do afterwards."""
        instants = ticks(self.hand.office.tz)
        open_offices(self.home, at=datetime(YEAR, 1, 1, 9, tzinfo=self.hand.office.tz))
        # what is said of the year after its end is later than its last tick, which is run again all the same
        last = min(queries.last_event_at(office=self.hand.office.code) or instants[0], instants[-1] + AFTERWARDS)
        waiting = sorted(self._records(), key=lambda one: one[0])
        with self.steps.timed("checking the sample"):
            self._check([line for _, line in waiting])
        with self.steps.timed("waiting for Prefect's server"):
            self.steps.ready()
        self.steps.begin("the year 2017, tick by tick", len(instants))
        for now in instants:
            if now + AFTERWARDS < last:
                self.steps.advance()  # a rehearsal that was killed here had finished this tick: its clock never goes back
                continue
            due = [one for one in waiting if one[0] <= now.date()]
            waiting = waiting[len(due):]
            with self.steps.timed("drafting, review, sign-off"):
                self._write(due, now)
                self._withdraw(now)
            with self.steps.timed("publish flow"):
                self._tick(now)
            with self.steps.timed("the board's people"):
                self._board(now + AFTERWARDS)
            self.steps.advance()

    def report(self) -> None:
        """The annual report: what the office says for it, handed in, and its papers. A sample without report.jsonl has none."""
        said = self.sample / "report.jsonl"
        if not said.exists():
            return
        self.steps.begin("the annual report", 3)
        at = datetime(YEAR + 1, 2, 5, 10, tzinfo=self.hand.office.tz)
        asked = reporting.question(self.hand, year=YEAR, as_of=at)
        with self.steps.timed("the annual report"):
            say = Say(asked=asked, form=reporting.form_of(asked), by=PEOPLE.drafter, at=at - timedelta(hours=1))
            for _, one in saying.lines(said.read_text(encoding="utf-8")):
                saying.take(say, one)
            self.steps.advance()
            made = reporting.make(asked)
            if made.kept is None:
                reporting.freeze(self.hand, made, by=PEOPLE.signer, at=at, signed_on=at.date())
            self.steps.advance()
            self._publish(reporting.make(asked), at)
            asyncio.run(annual_report(home=str(self.home), office=self.hand.office.code, at=at.isoformat(), overrides=self.overrides))
            self.steps.advance()

    def _publish(self, made: Made, at: datetime) -> None:
        """The report goes through the same hands as every item, and stands on the site the same day."""
        handing.hand_over(self.hand, made, by=PEOPLE.drafter, at=at + timedelta(minutes=30))
        for state in (State.DRAFT, State.IN_REVIEW, State.REVIEWED):
            for edition_id, _ in queries.editions_in(office=self.hand.office.code, state=state):
                # from wherever a killed rehearsal left it
                approve(self.hand, edition_id=edition_id, people=PEOPLE, at=at + timedelta(hours=1), since=state)
        self._tick(at + timedelta(hours=6))

    def _records(self) -> list[tuple[date, Line]]:
        """Every line of the sample with the day it is handed in: its own day, for a correction the day it is due."""
        out = []
        for name in ("items.jsonl", "corrections.jsonl"):
            for line in intake.lines(self.sample / name):
                record = intake.parse(line)
                out.append((date.fromisoformat((record.get("release_at") or record["made_on"])[:10]), line))
        return out

    def _check(self, lines: list[Line]) -> None:
        """A sample that does not hold is refused before anything of it is written."""
        self.steps.begin("checking the sample", len(lines))
        for line in lines:
            intake.check(self.hand, line, at=self.end)
            self.steps.advance()

    def _write(self, due: list[tuple[date, Line]], now: datetime) -> None:
        for day, line in due:
            morning = datetime(day.year, day.month, day.day, 9, 30, tzinfo=self.hand.office.tz)
            intake.take_in(self.hand, line, by=PEOPLE.drafter, at=min(morning, now))
        for state in (State.DRAFT, State.IN_REVIEW, State.REVIEWED):
            for edition_id, _ in queries.editions_in(office=self.hand.office.code, state=state):
                # from wherever a killed rehearsal left it
                approve(self.hand, edition_id=edition_id, people=PEOPLE, at=now - timedelta(hours=4), since=state)

    def _withdraw(self, now: datetime) -> None:
        for line in intake.lines(self.sample / "withdrawals.jsonl"):
            record = intake.parse(line)
            known = queries.find_item(index_number=record["index_number"])
            if date.fromisoformat(record["on"]) <= now.date() and known and known.released:
                services.withdraw(index_number=record["index_number"], by=PEOPLE.signer, at=now - timedelta(hours=1),
                                  reason=record["reason"])

    def _tick(self, now: datetime) -> None:
        self.far_side.set_clock(now)
        asked = {"home": str(self.home), "office": self.hand.office.code, "at": now.isoformat(), "overrides": self.overrides}
        doubtful = any(counts[Status.UNCONFIRMED] for name, counts in queries.standing(office=self.hand.office.code).items()
                       if name in self.hand.outlets)
        if doubtful:
            asyncio.run(settle(**asked))
        result: TickResult = asyncio.run(publish(**asked, whole=not (self.home / "site" / "index.html").exists()))
        if result.released.held:
            raise DemoError("held back: " + "; ".join(result.released.held))

    def _board(self, now: datetime) -> None:
        for sheet in queries.sheets(office=self.hand.office.code):
            if not sheet.put_up:
                services.put_up(office=self.hand.office.code, number=sheet.number, by=PEOPLE.drafter, at=now)
            elif sheet.due(now.date()) or sheet.withdrawn or sheet.replaced:
                services.take_down(office=self.hand.office.code, number=sheet.number, by=PEOPLE.drafter, at=now)

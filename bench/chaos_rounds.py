"""One round of the chaos bench: a few deliveries of one office, carried by the real tick through faults and deaths, then judged.

The ledger is a real one (SQLite in a temporary folder), the ticks are `flows.tick`'s, the office's clock is moved by hand. After the faults
have ended and time has passed, every delivery is looked up on the far side, then a person does what the list asks for, and all is looked
up again.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench.chaos_stage import MORNING, Stage
from bench.chaos_workers import Death
from content.deliveries import Outcome, Posting, Status
from ledger import queries, services
from ledger.models import Delivery
from tests.flows.stage import CODE
from tests.rigs.chaos import Plan

TOGETHER = 5  #: deliveries a round
TICKS = 10  #: with faults and deaths
RATE = 0.45  #: of the calls that meet a fault
FAULTS_EACH = 3  #: faults a delivery, at most: so that each ends
DEADLY = 0.8  #: of the ticks in which a worker is to be killed
SOONER = (1, 2, 6, 16, 61)  #: minutes between ticks
LATEST = timedelta(minutes=4)  #: how long a network keeps a call before it hands it over
CALM = timedelta(hours=26)  #: between ticks when nothing fails any more: longer than any wait, settling time or pause between looks
LONGEST = 12  #: such ticks; what has not ended then never will
PERSON = "值班员"


@dataclass(slots=True, kw_only=True)
class Tally:
    """What rounds came to. Losses, duplicates and strays have a line each in `lines`, with what it takes to see them again."""

    runs: int = 0
    duplicates: int = 0
    losses: int = 0  #: said to be posted and not there, or neither posted nor in a person's list
    by_hand: int = 0  #: in a person's list once time had passed
    strays: int = 0  #: in a person's list, and not in doubt
    ticks: int = 0
    ended: Counter[str] = field(default_factory=Counter)  #: how deliveries stood, and what was there
    faults: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)  #: points that workers came by
    deaths: Counter[str] = field(default_factory=Counter)  #: points at which they were killed
    lines: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count another's in."""
        for name in ("runs", "duplicates", "losses", "by_hand", "strays", "ticks"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("ended", "faults", "passed", "deaths"):
            getattr(self, name).update(getattr(other, name))
        self.lines += other.lines

    @property
    def well(self) -> bool:
        """Whether the promise was kept."""
        return not (self.duplicates or self.losses or self.strays)


class Round:
    """The deliveries of one ledger, from the first tick to the last."""

    def __init__(self, stage: Stage, number: int) -> None:
        """The same for the same seed and number."""
        self._stage, self._number, self._tally = stage, number, Tally()
        self._lot: random.Random = stage.lot(number)
        self._kept_at: datetime | None = None  #: since when the network holds a call back
        self._deaths = 0

    def play(self, count: int) -> Tally:
        """Faults and deaths; then time; then a look; then a person, and another look."""
        stage = self._stage
        switches = stage.open(count, self._lot)
        plan = Plan(lot=self._lot, rate=RATE, most=FAULTS_EACH * count)
        before = Counter(stage.far.played)
        for _ in range(TICKS):
            if not self._await_work():
                break
            self._hand_over()
            stage.far.begin(plan)
            death, works = self._death(), self._lot.choice(("run", "run settle", "settle run"))
            self._tick("settle run" if death and death.name.startswith("settle") else works, death)
            if stage.far.late and self._kept_at is None:
                self._kept_at = stage.now
            stage.now += timedelta(minutes=self._lot.choice(SOONER))
        self._hand_over(all_of_it=True)
        stage.far.begin(None)
        self._pass_time()
        self._tally.runs = count
        self._tally.faults = Counter({fault: n for (fault, _), n in (stage.far.played - before).items()})
        self._judge()
        self._tally.lines = [f"round {self._number}, {switches or 'no switches'}: {line}" for line in self._tally.lines]
        return self._tally

    # -------------------------------------------------------------------------------------------------------- ticks

    def _await_work(self) -> bool:
        """Let time pass until a tick would find something to do. False if nothing is left to do."""
        open_ = Delivery.objects.filter(surface=False, closed_at=None)
        if not open_.exists():
            return False
        first = open_.filter(status__in=[Status.QUEUED, Status.DEFERRED]).order_by("due_at").first()
        if first and not open_.filter(status=Status.UNCONFIRMED).exists():
            self._stage.now = max(self._stage.now, first.due_at.astimezone(MORNING.tzinfo))
        return True

    def _hand_over(self, *, all_of_it: bool = False) -> None:
        """What the network held back arrives: at some instant, and no later than `LATEST`."""
        if self._kept_at is None:
            return
        if all_of_it or self._stage.now > self._kept_at + LATEST or self._lot.random() < 0.5:
            later, self._stage.now = self._stage.now, min(self._stage.now, self._kept_at + LATEST)
            self._stage.far.commit()
            self._stage.now, self._kept_at = later, None

    def _death(self) -> Death | None:
        """Where to be killed: at some point of many, or at the next in turn of those that were seen."""
        if self._lot.random() >= DEADLY:
            return None
        seen = sorted(self._tally.passed)
        self._deaths += 1
        if not seen or self._lot.random() < 0.4:
            return Death(nth=self._lot.randint(1, 15))
        return Death(nth=self._lot.choice((1, 1, 2, 3)), name=seen[(7 * self._number + self._deaths) % len(seen)])

    def _tick(self, works: str, death: Death | None = None) -> None:
        life = self._stage.nursery.tick(works, "far", self._stage.now, death)
        self._tally.ticks += 1
        self._tally.passed.update(life.passed)
        if life.killed:
            self._tally.deaths[life.passed[-1]] += 1

    def _pass_time(self) -> None:
        """Ticks without faults until nothing changes any more."""
        before = None
        for n in range(LONGEST):
            self._stage.now += CALM
            self._tick("run settle")
            now = self._standing()
            if set(now.values()) <= {Status.POSTED} or (
                    n > self._stage.station.lag and now == before and not {Status.QUEUED, Status.DEFERRED} & set(now.values())):
                return
            before = now

    @staticmethod
    def _standing() -> dict[str, str]:
        return dict(Delivery.objects.filter(surface=False).order_by("pk").values_list("key", "status"))

    # -------------------------------------------------------------------------------------------------------- looks

    def _shown(self, key: str) -> int:
        number = key.partition("#")[0]
        return sum(number in text for text in self._stage.station.shown())

    def _judge(self) -> None:
        troubled = {line.key: line for line in queries.troubled(offices=[CODE], at=self._stage.now)}
        wrong = set[str]()
        for key, status in self._standing().items():
            shown, line = self._shown(key), troubled.get(key)
            self._tally.ended[f"{status}, {shown} before the public"] += 1
            self._tally.by_hand += line is not None
            if shown > 1:
                self._tally.duplicates += 1
                wrong.add(self._tell(f"{key} is {shown} times before the public"))
            elif line is None and (status != "posted" or not shown):
                self._tally.losses += 1
                wrong.add(self._tell(f"{key} is {status}, {shown} before the public, and in nobody's list"))
            elif line is not None and not self._stage.station.doubtful(line, shown):
                self._tally.strays += 1
                self._tell(f"{key} is {status}, {shown} before the public, and waits for a person: {line.detail}")
        if troubled:
            for line in troubled.values():
                self._decide(line)
            self._pass_time()
            self._judge_again(wrong)

    def _decide(self, line: Any) -> None:
        """A person looks on the far side, and records what is there."""
        stage = self._stage
        if self._shown(line.key):
            outcome = Outcome(status=Status.POSTED, posting=Posting(ref=f"seen by {PERSON}"))
            if line.status is Status.REFUSED:
                return  # told as a stray
            services.settle_as(delivery_id=line.delivery_id, tries=line.tries, outcome=outcome, at=stage.now, by=PERSON)
        elif line.status is Status.UNCONFIRMED and self._lot.random() < 0.5:  # as `gongkai settle --missing` does
            outcome = Outcome(status=Status.DEFERRED, detail=f"{PERSON} looked: it is not there")
            services.settle_as(delivery_id=line.delivery_id, tries=line.tries, outcome=outcome, at=stage.now, by=PERSON)
        else:  # as the desk does
            services.send_again(delivery_id=line.delivery_id, tries=line.tries, by=PERSON, at=stage.now, looked=True, reason="已到该渠道查看，没有这一条")

    def _judge_again(self, wrong: set[str]) -> None:
        """Once a person has done what was asked, everything is posted, once."""
        for key, status in self._standing().items():
            shown = self._shown(key)
            if key in wrong or (status, shown) == ("posted", 1):
                continue
            if shown > 1:
                self._tally.duplicates += 1
            elif status == "posted" or not shown:
                self._tally.losses += 1
            else:
                continue  # refused, and there: told as a stray
            self._tell(f"{key} is {status}, {shown} before the public, after a person had looked")

    def _tell(self, line: str) -> str:
        self._tally.lines.append(line)
        return line.partition(" ")[0]

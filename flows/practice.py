"""A practice office with its hands full: items of the sample year, moved to this one, standing in every state that a desk knows.

What is older than a few weeks was released by ticks, the youngest wait for somebody. No Prefect: a tick's own functions are called
in turn, against the practice WeChat platform of this machine.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from channels.house import OfficeHand, open_house
from channels.sandbox.wechat import Sandbox
from channels.signing import seals
from content.search import Search
from flows import intake, tick
from flows.approval import People, approve
from flows.intake import Line
from flows.opening import open_offices
from flows.refusals import Refusal
from ledger import boot, queries, services  # noqa: F401 - boot comes first: Django is started before any model is imported

SANDBOX_SECRET = "practice"  # noqa: S105 - what the practice platform is told; it lets nobody else in
YEAR = 2017  #: of the sample
#: the same people as those that `python -m desk sample` makes
PEOPLE = People(drafter="陈文书", reviewer="林审查", signer="周主任")
#: what is public already was released by three ticks: how many items each, and how long ago
TICKS = ((8, timedelta(days=26)), (8, timedelta(days=9)), (8, timedelta(hours=4)))
PUBLIC = sum(count for count, _ in TICKS)
#: what was done with the others, one word an item
WAITING = ("late draft", "draft", "draft", "with findings", "to review", "to review", "to review", "returned", "returned at the end",
           "to sign", "to sign", "to sign", "to go out", "to go out")
#: what no reviewer should have to find by themselves; the identity number is whole, the place in it does not exist
FINDINGS = "<p>申请人王某某，身份证号990101199003070015，手机13800001234，住桔子洲街道江堤社区3栋2单元501室。</p>"
#: the years that a line speaks of, where they are dates and not numbers
YEARS = re.compile(r"(?<!\d)(201[678])(?=年|〕|-\d\d-\d\d\"|-\d\d-\d\dT)")


class PracticeError(Refusal):
    """The practice office did not come out."""


def fill(home: Path, sample: Path, *, office: str, now: datetime) -> bool:
    """Fill a practice office whose book is empty; False where it is not.

    Raises:
        PracticeError: the office is a real one, or the sample holds too little.
    """
    hand = open_house(home).desk(office)
    if not hand.office.sandbox:
        raise PracticeError(f"{office} is a real office: only people write in its book")
    if queries.is_open(office=office) and queries.search(offices=[office], search=Search(), limit=1).rows:
        return False
    lines = season(sample, now.astimezone(hand.office.tz).date(), count=PUBLIC + len(WAITING))
    open_offices(home, at=now - TICKS[0][1] - timedelta(days=1))
    os.environ[_secret_name(hand)] = SANDBOX_SECRET
    with Sandbox(home / "sandbox" / "wechat.db") as far_side:
        account = next((str(one.options["account"]) for one in hand.sections.values() if one.options.get("account")), "")
        far_side.switch(questions=0, account=account or hand.office.short_name)
        told = {name: {"api": far_side.url, "polls": [0]} for name, one in hand.sections.items() if one.kind == "wechat"}
        waiting = Past(hand=open_house(home, overrides=told).desk(office), far_side=far_side, now=now).live(lines)
    at = now - timedelta(hours=2)
    for word, line in zip(WAITING, waiting, strict=True):
        at += timedelta(minutes=7)
        Present(hand=hand, at=at).leave(word, line)
    return True


def season(sample: Path, today: date, *, count: int) -> list[Line]:
    """So many items of the sample year, the last before this day of the year, moved to this year; the oldest first.

    Raises:
        PracticeError: the sample holds fewer.
    """
    found: list[tuple[date, Line]] = []
    for line in intake.lines(sample / "items.jsonl"):
        on = date.fromisoformat(intake.parse(line)["made_on"])
        year = today.year if (on.month, on.day) < (today.month, today.day) else today.year - 1
        if (on.month, on.day) != (2, 29):
            found.append((on.replace(year=year), _moved(line, year - YEAR)))
    found.sort(key=lambda one: one[0])
    if len(found) < count:
        raise PracticeError(f"{sample} holds {len(found)} items; {count} are needed")
    return [line for _, line in found[-count:]]


def _moved(line: Line, years: int) -> Line:
    record = intake.parse(line)
    record.pop("index_number")  # the ledger gives one of this year
    record.pop("release_at", None)
    text = YEARS.sub(lambda year: str(int(year[1]) + years), json.dumps(record, ensure_ascii=False))
    return replace(line, data=text.encode())


@dataclass(slots=True, kw_only=True)
class Past:
    """What became of the older items: approved, released by ticks, put up on the board."""

    hand: OfficeHand
    far_side: Sandbox
    now: datetime

    def live(self, lines: list[Line]) -> list[Line]:
        """Release so many of these as `TICKS` says; the youngest are left over."""
        batches, left = self._dealt(lines)
        for number, (batch, (_, ago)) in enumerate(zip(batches, TICKS, strict=True)):
            at, last = self.now - ago, number == len(batches) - 1
            for line in batch:
                taken = intake.take_in(self.hand, line, by=PEOPLE.drafter, at=at - timedelta(hours=5))
                if taken.edition_id is not None:
                    approve(self.hand, edition_id=taken.edition_id, people=PEOPLE, at=at - timedelta(hours=4))
            if last:  # one article is sent, and no answer comes back
                self.far_side.mood("hangs up after accepting", "freepublish/submit", 1)
            self._tick(at)
            self._board(at + timedelta(minutes=40), leave=last)
        return left

    def _dealt(self, lines: list[Line]) -> tuple[list[list[Line]], list[Line]]:
        """The lines of each tick, and those that are left. The last tick has an article and a sheet among its own."""
        wechat = next((line for line in reversed(lines) if self._goes(line, "wechat")), None)
        sheet = next((line for line in reversed(lines) if self._goes(line, "board") and line is not wechat), None)
        wanted = [line for line in (wechat, sheet) if line is not None]
        others = [line for line in lines if line not in wanted]
        left = others[PUBLIC - len(wanted):]
        public = [*others[:PUBLIC - len(wanted)], *wanted]
        batches = []
        for count, _ in TICKS:
            batches.append(public[:count])
            public = public[count:]
        return batches, left

    def _goes(self, line: Line, kind: str) -> bool:
        asked = self.hand.carried(intake.read(self.hand, line, at=self.now).record.channels)
        return any(self.hand.sections[name].kind == kind for name in asked)

    def _tick(self, at: datetime) -> None:
        self.far_side.set_clock(at)
        office, clock = self.hand.office.code, lambda: at
        services.beat(office=office, flow="publish", at=at)
        held = tick.release_due(self.hand, clock=clock).held
        if held:
            raise PracticeError("held back: " + "; ".join(held))
        for name in self.hand.surfaces:
            tick.run_surface(self.hand, name, clock=clock)
        for name in self.hand.outlets:
            tick.run_outlet(self.hand, name, clock=clock)
        services.beat(office=office, flow="publish", at=at, finished=True)

    def _board(self, at: datetime, *, leave: bool) -> None:
        """Sheets go up the same day, but for those of the last tick; nobody has taken one down yet."""
        for sheet in queries.sheets(office=self.hand.office.code):
            if not sheet.put_up and not leave:
                services.put_up(office=self.hand.office.code, number=sheet.number, by=PEOPLE.drafter, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """How one of the youngest items came to stand where it stands, in the last two hours."""

    hand: OfficeHand
    at: datetime

    def leave(self, word: str, line: Line) -> None:
        """Take it in and bring it where `word` says."""
        taken = intake.take_in(self.hand, self._changed(word, line), by=PEOPLE.drafter, at=self.at)
        if taken.edition_id is None or word in ("late draft", "draft", "with findings"):
            return
        edition_id = taken.edition_id
        services.submit(edition_id=edition_id, by=PEOPLE.drafter, at=self._later(1))
        if word == "returned":
            services.return_to_drafter(edition_id=edition_id, by=PEOPLE.reviewer, at=self._later(2), reason="第二段的数字请再核对。")
        if word in ("to review", "returned"):
            return
        services.pass_review(edition_id=edition_id, by=PEOPLE.reviewer, at=self._later(2))
        if word == "returned at the end":
            services.return_to_drafter(edition_id=edition_id, by=PEOPLE.signer, at=self._later(3), reason="标题过长，请改短后再报。")
        if word == "to go out":
            found = queries.edition_in_hand(edition_id=edition_id)
            services.sign_off(edition_id=edition_id, by=PEOPLE.signer, at=self._later(3),
                              renditions=seals(self.hand, found.edition, found.channels))

    def _later(self, minutes: int) -> datetime:
        return self.at + timedelta(minutes=minutes)

    def _changed(self, word: str, line: Line) -> Line:
        record = intake.parse(line)
        if word == "late draft":  # beyond the 20 working days of the law
            record["made_on"] = f"{(self.at - timedelta(days=33)).date()}"
        if word == "with findings":
            record["body"] += FINDINGS
        if word == "to go out":
            tomorrow = (self.at.astimezone(self.hand.office.tz) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
            record["release_at"] = tomorrow.isoformat()
        return replace(line, data=json.dumps(record, ensure_ascii=False).encode())


def _secret_name(hand: OfficeHand) -> str:
    return next((str(one.options["secret_env"]) for one in hand.sections.values() if one.kind == "wechat"), "GONGKAI_WECHAT_SECRET")

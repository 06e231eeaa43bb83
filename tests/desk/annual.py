"""A year that an office reports on: items that went out in it, every fact recorded, and the report's pages as a browser uses them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any, Protocol

from django.test import Client

from channels.house import OfficeHand
from desk.clock import now
from desk.reporting import MAKER
from desk.roles import Role
from flows import tick
from flows.clock import still
from ledger import services
from ledger.models import Fact, Office, Text
from reports.making import Asked
from reports.report import recordable
from tests.desk.stage import NAMES
from tests.flows.stage import CODE, record, sign

FORM = "2021"
REPORTER = NAMES[Role.REPORTER]
#: every row of table 3 for natural persons, so that its sums hold: five came, one from last year; four granted, two go on
SAID = {"t3.new.person": 5, "t3.carried.person": 1, "t3.granted.person": 4, "t3.next.person": 2, "t4.cases.r_upheld": 1, "fee": 0}


class Furnished(Protocol):
    """An office in a home folder of its own: a `Stage`, or `Everything`."""

    home: Path
    hand: OfficeHand


def year() -> int:
    """The last year that is over."""
    return now().year - 1


def at(month: int, day: int, of: int | None = None) -> datetime:
    """A morning of that year in China."""
    return datetime.fromisoformat(f"{of or year()}-{month:02}-{day:02}T09:00:00+08:00")


def whole_tick(desk: Furnished, when: datetime) -> None:
    """What the publish flow does to the website and what follows it, at an instant."""
    clock = still(when)
    tick.release_due(desk.hand, clock=clock)
    for name in desk.hand.surfaces:
        tick.run_surface(desk.hand, name, clock=clock)


def publish(desk: Furnished, *titles: str, month: int = 3) -> None:
    """Items that went out on the website in the year."""
    records = [record(title=title, made_on=at(month, 1).date().isoformat(), channels=["website"]) for title in titles]
    sign(desk.hand, desk.home, *records, at=at(month, 2).replace(tzinfo=None).isoformat())
    whole_tick(desk, at(month, 3))


def fact(cell: str, value: int | None, **more: Any) -> None:
    """One fact, recorded early in the year after."""
    services.record_fact(**{"office": CODE, "form": FORM, "year": year(), "cell": cell, "value": value, "by": REPORTER,
                            "at": at(1, 3, year() + 1), **more})


def a_year(desk: Furnished) -> None:
    """Three items, every fact, and a word on what was amiss."""
    publish(desk, "关于做好汛期安全工作的通知", "关于平安路封闭施工的通告", "街道召开安全生产例会")
    said = {"office": Office.objects.get(code=CODE), "form": FORM, "year": year(), "first_day": date(year(), 1, 1), "last_day": date(year(), 12, 31),
            "by": REPORTER, "at": at(1, 3, year() + 1)}
    # all at once: a hundred transactions would take longer than what is tested
    Fact.objects.bulk_create([Fact(**said, cell=cell, value=SAID.get(cell, 0)) for cell in recordable(MAKER.form(asked_now(desk)))])
    Text.objects.create(**said, part="problems", text="解读不够丰富，已安排培训。")


def asked_now(desk: Furnished, when: datetime | None = None) -> Asked:
    """The question that the report answers; of now, where no instant is named."""
    return Asked(office=desk.hand.office, form=FORM, year=year(), as_of=when or now())


def address(*more: str) -> str:
    """An address of the report."""
    return f"/{CODE}/reports/{FORM}/{year()}/{'/'.join(more)}"


FINAL = ("final", "")


def fields(page: str, action: str) -> dict[str, str]:
    """The fields of the form that goes to an address, as its page shows them."""
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'action="{action}"' in form)
    out = {name: unescape(value) for name, value in re.findall(r'<input [^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)}
    out |= {unescape(name): unescape(text) for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL)}
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        out[name] = chosen[1] if chosen else ""
    out.pop("csrfmiddlewaretoken", None)
    return out


def freeze(browser: Client, **changes: str) -> Any:
    """Freeze the report, or restate it, as its page asks for it."""
    page = browser.get(address(*FINAL)).content.decode()
    form = {**fields(page, address("final", "freeze", "")), "signed_on": (date.fromisoformat(f"{year() + 1}-01-20")).isoformat(), **changes}
    return browser.post(address("final", "freeze", ""), form, follow=True)


def hand_over(browser: Client, **changes: str) -> Any:
    """Hand the report over as an item."""
    return browser.post(address("final", "item", ""), {"column": "tongzhi", **changes}, follow=True)


def later(**time: float) -> datetime:
    """So long after now."""
    return now() + timedelta(**time)

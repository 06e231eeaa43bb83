"""A year of an office whose numbers hold, and the report that is filled from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from content.figures import Counting
from content.measures import Measure, What
from content.yearbook import Fact, YearBook
from reports.forms import Form, Scope, form
from reports.prose import UNKNOWN
from reports.report import Report, fill, measures, recordable
from tests.builders import an_office

SCOPE = Scope(channels=(("website", "政府网站"), ("board", "公告栏"), ("wechat", "微信公众号")),
              categories=(("机构职能类", "机构职能类"), ("工作信息", "工作信息"), ("未归类", "未归类")),
              columns=(("tongzhi", "通知公告"), ("dongtai", "工作动态")))
AT = datetime(2026, 1, 10, 9, tzinfo=UTC)
#: what office after office says, by form; what is not here is 0
SAID: dict[str, dict[str, int | Decimal]] = {
    "2008": {"stat.full_time": 1, "boards": 1, "stat.by_letter": 3, "stat.in_time": 3, "stat.granted": 2, "stat.trade": 1, "stat.r_upheld": 1},
    "2019": {"t3.new.person": 5, "t3.carried.person": 1, "t3.new.legal": 2, "t3.granted.person": 4, "t3.next.person": 2, "t3.petition.legal": 2,
             "t4.cases.r_upheld": 1, "t2c.penalties.change": -3},
    "2021": {"t3.new.person": 5, "t3.carried.person": 1, "t3.new.legal": 2, "t3.granted.person": 4, "t3.next.person": 2, "t3.petition.legal": 2,
             "t4.cases.r_upheld": 1, "t2a.norms.made": 2, "t2a.norms.repealed": 1, "t2a.norms.force": 8, "t2d.fees": Decimal("0.092")},
    "website": {"visits.visitors": 900, "visits.visits": 2100},
}
LAST = {"2021": {"t3.next.person": 1, "t3.next.total": 1, "t2a.norms.force": 7}}
#: what no book can say for an office: its faults
WEAK = "公开内容还不够丰富，要加强业务培训。"
YEARS = {"2008": 2017, "2019": 2020}


def counted(measure: Measure) -> int:
    """346 items on three channels, as a street office published them in 2017."""
    if measure.what is not What.ITEMS:
        return {What.CORRECTIONS: 4, What.WITHDRAWN: 2, What.URGENT: 0}[measure.what]
    if measure.category or measure.column:
        there = {"机构职能类": 28, "工作信息": 263, "未归类": 55, "tongzhi": 246, "dongtai": 100}
        less = {"工作信息": 26, "tongzhi": 26}  # never reached the website
        return there[measure.category or measure.column] - less.get(measure.category or measure.column, 0) * bool(measure.kinds)
    reached = {"website": 320, "board": 70, "wechat": 84}
    if measure.kinds:
        return sum(count for kind, count in reached.items() if (kind in measure.kinds) != measure.others)
    return 346


def a_form(name: str) -> Form:
    """A form with the rows of this office."""
    return form(name, SCOPE)


def a_book(name: str, **changes: object) -> YearBook:
    """What its book says."""
    year, made = YEARS.get(name, 2025), a_form(name)
    said: dict[str, int | Decimal] = {**dict.fromkeys(recordable(made), 0), **SAID.get(name, {})}
    facts = {address: Fact(value=Decimal(str(value)), by="陈文书", at=AT) for address, value in said.items()}
    last = {address: Decimal(value) for address, value in LAST.get(name, {}).items()}
    return YearBook(**{"year": year, "as_of": AT, "first_day": date(year, 1, 1), "last_day": date(year, 12, 31),  # type: ignore[arg-type]
                       "counts": {measure: counted(measure) for measure in measures(made)}, "facts": facts,
                       "texts": {part.id: part.text.replace(UNKNOWN, WEAK) for part in made.parts if UNKNOWN in part.text},
                       "last": {**{cell: Decimal() for cell in _carried(name)}, **last} if last else {}, **changes})


def zeros(name: str) -> dict[str, Fact]:
    """The facts of a year in which nothing was asked for and nobody complained."""
    return {address: replace(fact, value=Decimal()) for address, fact in a_book(name).facts.items()}


def _carried(name: str) -> list[str]:
    return [address for address, table, row, _ in a_form(name).cells() if table.id == "t3" and row.id == "next"] + ["t2a.rules.force"]


def a_report(name: str, *, counting: Counting = Counting.DISTINCT, **changes: object) -> Report:
    """The form filled from it."""
    asked = measures(a_form(name), counting=counting)
    book = a_book(name, **{"counts": {measure: counted(measure) for measure in asked}, **changes})
    return fill(a_form(name), an_office(), book, counting=counting)

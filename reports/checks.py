"""What does not hold in a report: each fault names rule, cells and both values. Works on data, never on layout."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from content.figures import SITES, Counting
from reports.filing import Filing
from reports.forms.reading import LAST, repeated
from reports.forms.values import Check, Form, Part, Rule, Table
from reports.headings import level, parts_of
from reports.prose import UNKNOWN
from reports.report import recordable
from reports.wording import said

_CITED = re.compile(r"国办公开办[函涵][〔\[（(]\d{4}[〕\]）)]\d+号")
_PERIOD = re.compile(r"(\d{4})年\d{1,2}月\d{1,2}日起?[至到—-]+(\d{4})年\d{1,2}月\d{1,2}日")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that does not hold."""

    check: str  #: the check's name in the form
    rule: Rule
    says: str  #: what must hold, in Chinese
    cells: tuple[str, ...]  #: the addresses it is about, or the heading of a part
    left: str  #: what was found
    right: str  #: what it should be

    def __str__(self) -> str:
        return f"{self.check}  {' '.join(self.cells) or '-'}: {self.left} ≠ {self.right}  {self.says}"


def faults(filing: Filing, form: Form) -> list[Fault]:
    """Everything that does not hold, in the form's order of checks. A cell that is blank is found once, by the check for blanks."""
    return [fault for check in form.checks if filing.counting in check.counting for fault in RULES[check.rule](check, filing, form)]


# ------------------------------------------------------------------------------------------------------------ cells and sums


def _value(filing: Filing, term: str) -> Decimal | None:
    """A term of a check: an address, `last:` before it for the year before, `-` before it to take it away."""
    bare = term.removeprefix("-")
    cells = filing.last if bare.startswith(LAST) else filing.cells
    value = cells.get(bare.removeprefix(LAST))
    return -value if value is not None and term.startswith("-") else value


def _sum(filing: Filing, terms: Sequence[str]) -> Decimal | None:
    """None if any of them is not known, or the table has no rows at all: blank is not zero."""
    values = [_value(filing, term) for term in terms]
    return None if None in values or not values else sum((value for value in values if value is not None), Decimal())


def _sides(check: Check, filing: Filing, form: Form) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], Decimal, Decimal]]:
    """Both sides of a check, as often as it is repeated, where both are known."""
    for word in repeated(form, check):
        left, right = (tuple(term.replace("{}", word) for term in side) for side in (check.left, check.right))
        found, wanted = _sum(filing, left), _sum(filing, right)
        if found is not None and wanted is not None:
            yield left, right, found, wanted


def _shown(terms: Sequence[str], value: Decimal) -> str:
    """`a + b = 12`; a long sum by its ends."""
    names = list(terms) if len(terms) <= 4 else [terms[0], "…", terms[-1]]
    return f"{' + '.join(names).replace('+ -', '- ')} = {value:f}"


def _equal(check: Check, filing: Filing, form: Form) -> Iterator[Fault]:
    for left, right, found, wanted in _sides(check, filing, form):
        if found != wanted:
            yield _fault(check, left, _shown(left, found), _shown(right, wanted))


def _at_most(check: Check, filing: Filing, form: Form) -> Iterator[Fault]:
    for left, right, found, most in _sides(check, filing, form):
        if found > most:
            yield _fault(check, left, _shown(left, found), f"≤ {_shown(right, most)}")


def _between(check: Check, filing: Filing, form: Form) -> Iterator[Fault]:
    """The total against the channels, by the counting rule that the report states."""
    total, terms = _sum(filing, check.left), check.right
    if filing.counting is Counting.WEBSITE:
        sites = {address for address, _, row, _ in form.cells() if row.measure and {*SITES} >= {*row.measure.kinds} > set()}
        terms = tuple(term for term in terms if term in sites)
    parts = [value for term in terms if (value := _value(filing, term)) is not None]
    if total is None or not parts:
        return
    high = sum(parts, Decimal())
    low = high if filing.counting is Counting.SUM else max(parts)
    if not low <= total <= high:
        wanted = f"{low:f}" if low == high else f"{low:f} … {high:f}"
        yield _fault(check, check.left, _shown(check.left, total), f"{wanted} ({filing.counting})")


# -------------------------------------------------------------------------------------------------------------------- text


def _text(filing: Filing, form: Form, part: str) -> str:
    """The text of a part; all of it where none is named."""
    if not part:
        return "\n".join(f"{one.heading}\n{one.text}" for one in filing.sections)
    bare = {one.id for one in form.parts if one.bare}
    sections = zip(filing.sections, parts_of(filing.sections, form), strict=True)
    return "\n".join(one.text for one, there in sections if there and (there.id == part or {there.id, part} <= bare))


def _prose(check: Check, filing: Filing, form: Form) -> Iterator[Fault]:
    wanted = _sum(filing, check.left)
    if wanted is None:
        return
    for found in said(_text(filing, form, check.part), check.pattern, unless=check.unless, year=filing.year):
        if found.number != wanted:
            yield _fault(check, check.left, f"“{found.words}”", _shown(check.left, wanted))


def _says(check: Check, filing: Filing, form: Form) -> Iterator[Fault]:
    if not re.search(check.pattern, _text(filing, form, check.part)):
        heading = next((one.heading for one in form.parts if one.id == check.part), filing.title)
        yield _fault(check, (heading,), "没有写", "应当写明")


def _headings(check: Check, filing: Filing, form: Form) -> Iterator[Fault]:
    there = [part.id if part else "" for part in parts_of(filing.sections, form)]
    at = 0
    for part in form.parts:
        if part.bare or part.annex:  # a table behind the report is missed by what is blank
            continue
        if part.id not in there:
            yield _fault(check, (part.heading,), "缺少这一部分", part.heading)
        elif part.id not in there[at:]:
            yield _fault(check, (part.heading,), f"第{there.index(part.id) + 1}个标题", "排在应有的次序")
        else:
            at = there.index(part.id, at) + 1


# ------------------------------------------------------------------------------------------------------------- every cell


def _filled(check: Check, filing: Filing, form: Form) -> Iterator[Fault]:
    wanted = [*(address for address, *_ in form.cells()), *(form.facts.keys() - form.optional())]
    blank = [address for address in wanted if filing.cells.get(address) is None]
    for part, tables in _not_given(filing, form):
        gone = [address for table in tables for address, _, _ in table.cells() if address in blank]
        if gone:
            yield _fault(check, (part.heading,), f"没有给出这里的表（{len(gone)}格）", "附上表格，没有的填0")
        blank = [address for address in blank if address not in gone]
    for address in blank:
        yield _fault(check, (address,), "空白", "填数，没有的填0")
    for section in filing.sections:
        if UNKNOWN in section.text and not blank:  # as long as a number is blank, it may be that number's gap
            yield _fault(check, (section.heading,), f"正文还留着{UNKNOWN}", "写明，没有的写没有")


def _not_given(filing: Filing, form: Form) -> Iterator[tuple[Part, list[Table]]]:
    """The tables that a report made elsewhere does not have at all, part by part: an annex that is not there, a table without one cell."""
    there = parts_of(filing.sections, form)
    for part in form.parts:
        gone = part.annex and part not in there
        yield part, [table for table in (form.tables[name] for name in part.tables)
                     if gone or not any(address in filing.cells for address, _, _ in table.cells())]


def _counts(check: Check, filing: Filing, form: Form) -> Iterator[Fault]:
    decimals = {address: max(row.decimals, column.decimals) for address, _, row, column in form.cells()} | recordable(form)
    signed = {address for address, _, _, column in form.cells() if column.signed}
    for address, value in filing.cells.items():
        if value is None:
            continue
        most = decimals.get(address, 0)
        if value < 0 and address not in signed:
            yield _fault(check, (address,), f"{value:f}", "≥ 0")
        elif value != round(value, most):
            yield _fault(check, (address,), f"{value:f}", "整数" if most == 0 else f"至多{most}位小数")


def _units(check: Check, filing: Filing, form: Form) -> Iterator[Fault]:
    usual = {address: column.unit or row.unit or table.unit for address, table, row, column in form.cells()}
    for other in form.checks:
        if other.rule not in (Rule.EQUAL, Rule.BETWEEN_CHANNELS):
            continue
        for word in repeated(form, other):
            added = [term.replace("{}", word).removeprefix("-") for term in (*other.left, *other.right)]
            units = {one: filing.units.get(one) or usual.get(one, "条") for one in added if not one.startswith(LAST)}
            odd = {one: unit for one, unit in units.items() if unit != next(iter(units.values()))}
            if odd:
                yield _fault(check, tuple(odd), "、".join(sorted(set(odd.values()))), f"{next(iter(units.values()))}（{other.id}）")


# -------------------------------------------------------------------------------------------------------- year and form


def _year(check: Check, filing: Filing, form: Form) -> Iterator[Fault]:
    year, text = f"{filing.year}年", _text(filing, form, "")
    if year not in filing.title.replace(" ", ""):
        yield _fault(check, ("title",), filing.title, year)
    if filing.last_day.year != filing.year:
        yield _fault(check, ("period",), f"{filing.first_day} … {filing.last_day}", year)
    for found in _PERIOD.finditer(text.replace(" ", "")):
        if found[2] != str(filing.year):
            yield _fault(check, ("text",), f"“{found[0]}”", year)
    if text.strip() and year not in text.replace(" ", ""):
        yield _fault(check, ("text",), "正文没有写到本年度", year)


def _in_force(check: Check, filing: Filing, form: Form) -> Iterator[Fault]:
    if not form.first_year <= filing.year <= form.last_year:
        yield _fault(check, (form.id,), f"{filing.year}年", f"{form.first_year} … {form.last_year}（{form.name}）")
    cited = [filing.cites] if filing.cites else []
    for one in [*cited, *_CITED.findall(_text(filing, form, ""))]:
        if form.source and level(one) != level(form.source):
            yield _fault(check, ("cites",), one, form.source)


def _taken_over(check: Check, filing: Filing, form: Form) -> Iterator[Fault]:
    texts = dict(zip((part.id for part in form.parts), (one.text for one in filing.sections), strict=False))
    for part in form.parts:
        if part.id in filing.taken_over:
            years = dict.fromkeys(re.findall(r"(?<!\d)(?:19|20)\d\d(?=年)", texts.get(part.id, "")))
            others = [year for year in years if year != str(filing.year)]
            speaks = f"，里面写着{'、'.join(others)}年" if others else ""
            yield _fault(check, (part.heading,), f"沿用往年的文字，还没有人看过{speaks}", "看过以后保存，或者改好再保存")


def _fault(check: Check, cells: Sequence[str], left: str, right: str) -> Fault:
    return Fault(check=check.id, rule=check.rule, says=check.says, cells=tuple(cells), left=left, right=right)


RULES: Mapping[Rule, Callable[[Check, Filing, Form], Iterator[Fault]]] = {
    Rule.EQUAL: _equal, Rule.AT_MOST: _at_most, Rule.BETWEEN_CHANNELS: _between, Rule.PROSE: _prose, Rule.SAYS: _says,
    Rule.HEADINGS: _headings, Rule.FILLED: _filled, Rule.COUNTS: _counts, Rule.YEAR: _year, Rule.IN_FORCE: _in_force, Rule.UNITS: _units,
    Rule.TAKEN_OVER: _taken_over,
}

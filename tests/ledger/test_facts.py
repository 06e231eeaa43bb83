"""Facts and words of a report: said by somebody, at a time; the latest holds, the earlier stay, and what cannot be is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection

from content.seals import seal
from ledger import queries, services
from ledger.errors import LedgerError, StaleError, UnknownError
from ledger.models import Event, Fact, Text
from tests.builders import OFFICE_CODE
from tests.ledger.stage import CLERK, LEADER, NOON, asking, minutes, opened

pytestmark = pytest.mark.ledger
CELL = "t3.new.person"


def record(value, **asked) -> Fact:
    return services.record_fact(**asking(asked, office=OFFICE_CODE, form="2021", year=2024, cell=CELL, value=value, by=CLERK, at=NOON))


def keep(text: str, **asked) -> Text:
    return services.keep_text(**asking(asked, office=OFFICE_CODE, form="2021", year=2024, part="overall", text=text, by=CLERK, at=NOON))


def book(**asked):
    return queries.yearbook(**asking(asked, office=OFFICE_CODE, form="2021", year=2024, measures=[], as_of=minutes(60)))


def history(**asked):
    return queries.facts(**asking(asked, office=OFFICE_CODE, form="2021", year=2024))


def test_a_fact_says_who_when_and_why(database):
    opened()
    record(5, note="受理登记簿")
    (fact,) = book().facts.values()
    assert (fact.value, fact.by, fact.at, fact.note) == (Decimal(5), CLERK, NOON, "受理登记簿")
    assert str(fact.value) == "5"
    event = Event.objects.order_by("-seq")[0]
    assert (event.verb, event.subject, event.actor, event.facts) == ("fact recorded", f"2021 2024 {CELL}", CLERK, {"value": "5", "before": ""})
    assert queries.verify_events(office=OFFICE_CODE) is None


def test_the_latest_fact_holds_and_the_earlier_ones_stay(database):
    opened()
    record(5)
    record(6, by=LEADER, at=minutes(10), note="补登一件")
    assert book().facts[CELL].value == 6
    assert book(as_of=minutes(9)).facts[CELL].value == 5
    assert [(line.value, line.by) for line in history(cell=CELL)] == [(5, CLERK), (6, LEADER)]


def test_a_fact_that_contradicts_another_says_why(database):
    opened()
    record(5)
    with pytest.raises(LedgerError, match=r"t3.new.person of 2024 was recorded as 5 by 陈文书; 6 contradicts it: say why in a note") as refused:
        record(6, by=LEADER, at=minutes(1))
    assert refused.value.code == "fact_contradicts"
    assert [line.value for line in history()] == [5]


def test_a_number_typed_beside_another_than_stands_there_by_now_is_not_recorded(database):
    """Whoever typed it saw nothing, or 5; a reason for the change would be one for another change."""
    opened()
    record(5, seen="", by=LEADER)
    for seen in ("", "4"):
        with pytest.raises(StaleError, match=r"t3.new.person of 2024 is 5 by now") as refused:
            record(6, seen=seen, note="漏登一件")
        assert refused.value.facts == {"by": LEADER, "now": "5"}
    record(5, seen="")  # the same number is no quarrel
    record(6, seen="5", note="漏登一件")
    with pytest.raises(StaleError, match="is nothing by now"):
        record(7, cell="t3.new.business", seen="3")
    assert [line.value for line in history()] == [5, 6]


def test_words_written_over_others_than_stand_there_by_now_are_not_kept(database):
    opened()
    keep("甲", seen="", by=LEADER)
    for words in ("", "丙"):
        with pytest.raises(StaleError, match="others by now"):
            keep("乙", seen=seal(words) if words else "")
    keep("甲", seen="")
    keep("乙", seen=seal("甲"))
    assert [line.text for line in queries.texts(office=OFFICE_CODE, form="2021", year=2024)] == ["甲", "乙"]


def test_the_same_fact_again_changes_nothing(database):
    opened()
    assert record(5) == record("5.00", at=minutes(5), by=LEADER)
    assert (Fact.objects.count(), Event.objects.filter(verb="fact recorded").count()) == (1, 1)


def test_a_fact_that_is_taken_back_is_unknown_and_not_zero(database):
    opened()
    record(0)
    assert book().facts[CELL].value == 0
    record(None, at=minutes(1), note="填错了格")
    assert CELL not in book().facts
    assert [line.value for line in history()] == [0, None]


@pytest.mark.parametrize(("value", "code"), [
    ("", "fact_number"), (" ", "fact_number"), ("五", "fact_number"), ("NaN", "fact_number"), ("Infinity", "fact_number"), (-1, "fact_negative"),
    ("1.5", "fact_fraction"), (Decimal("0.1"), "fact_fraction"), (10**9, "fact_large"), ("1e400", "fact_large"),
])
def test_what_no_count_can_be_is_refused_and_nothing_is_written(sqlite, value, code):
    opened()
    with pytest.raises(LedgerError, match=CELL) as refused:
        record(value, decimals=0)
    assert refused.value.code == code
    assert not Fact.objects.exists()
    assert not Event.objects.filter(verb="fact recorded").exists()


def test_money_has_decimals_and_a_change_may_be_below_zero(database):
    opened()
    record("59237.2449", cell="t2d.fees", decimals=4)
    record("0.092", cell="t2d.other", decimals=3)
    record("999999999.123456", cell="t2d.most")
    record(-3, cell="t2c.penalties.change", decimals=0, signed=True)
    assert {cell: str(fact.value) for cell, fact in book().facts.items()} == {
        "t2d.fees": "59237.2449", "t2d.other": "0.092", "t2d.most": "999999999.123456", "t2c.penalties.change": "-3"}
    with pytest.raises(LedgerError, match="more than 2 decimals"):
        record("0.092", cell="t2d.third", decimals=2)


def test_facts_of_another_form_year_or_month_stand_apart(database):
    opened()
    record(5)
    record(7, form="2019")
    record(8, year=2023)
    record(9, form="monthly", period=(date(2024, 5, 1), date(2024, 5, 31)))
    assert book().facts[CELL].value == 5
    assert book(form="monthly").facts == {}
    assert book(form="monthly", period=(date(2024, 5, 1), date(2024, 5, 31))).facts[CELL].value == 9


def test_nothing_is_said_of_a_year_that_has_not_begun_in_the_office(database):
    opened()
    eve = datetime(2024, 12, 31, 23, 50, tzinfo=ZoneInfo("Asia/Shanghai"))
    with pytest.raises(LedgerError, match="2025-01-01 has not come yet") as refused:
        record(1, year=2025, at=eve.astimezone(UTC))
    assert refused.value.code == "period_early"
    record(1, year=2025, at=datetime(2024, 12, 31, 16, 1, tzinfo=UTC))  # a minute past midnight in the office
    with pytest.raises(LedgerError, match="is no year of a report"):
        record(1, year=0)


def test_a_fact_needs_a_cell_an_office_and_a_person(database):
    opened()
    for asked, code in (({"cell": ""}, "fact_cell"), ({"cell": "x" * 121}, "too_long"), ({"by": ""}, "name"), ({"note": "\x00"}, "unprintable")):
        with pytest.raises(LedgerError) as refused:
            record(1, **asked)
        assert refused.value.code == code
    with pytest.raises(UnknownError):
        record(1, office="nowhere")


def test_last_years_facts_stand_beside_this_years(database):
    opened()
    record(3, year=2023, cell="t3.next.person")
    assert book().last == {"t3.next.person": 3}
    assert book(year=2023).last == {}


def test_words_are_kept_and_the_latest_hold(database):
    opened()
    keep("一、总体情况 {items} 条。")
    keep("一、总体情况，{items} 条。", by=LEADER, at=minutes(5))
    keep("一、总体情况，{items} 条。", at=minutes(6))
    assert book().texts == {"overall": "一、总体情况，{items} 条。"}
    assert book(as_of=minutes(4)).texts == {"overall": "一、总体情况 {items} 条。"}
    assert [row.by for row in Text.objects.order_by("pk")] == [CLERK, LEADER]
    assert "总体" not in str(list(Event.objects.values_list("facts", flat=True)))


def test_words_that_no_document_can_hold_are_refused(database):
    opened()
    with pytest.raises(LedgerError, match=r"U\+0000, which no document can hold"):
        keep("坏\x00字")
    assert not Text.objects.exists()


@pytest.mark.parametrize("statement", [
    "UPDATE ledger_fact SET value = 9", "DELETE FROM ledger_fact", "UPDATE ledger_text SET text = 'x'", "DELETE FROM ledger_text"])
def test_no_hand_changes_what_was_said(database, statement):
    opened()
    record(5)
    keep("原文")
    with pytest.raises(IntegrityError, match="ledger: "), connection.cursor() as cursor:
        cursor.execute(statement)
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError, match="the ledger forgets nothing"), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE ledger_{'fact' if 'fact' in statement else 'text'} CASCADE")


def test_words_tell_who_kept_them_and_the_last_hold(database):
    """What the desk lays side by side when two people wrote."""
    opened()
    keep("甲")
    keep("乙", by=LEADER, at=minutes(5))
    keep("别处", part="problems")
    keep("去年", year=2023)
    told = queries.texts(office=OFFICE_CODE, form="2021", year=2024, part="overall")
    assert [(line.text, line.by, line.at) for line in told] == [("甲", CLERK, NOON), ("乙", LEADER, minutes(5))]
    assert {line.part for line in queries.texts(office=OFFICE_CODE, form="2021", year=2024)} == {"overall", "problems"}

"""The bulletin board: disclosed when a person recorded that it was put up; open until it is down."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from content.deliveries import Outcome, Status
from ledger import queries, services
from ledger.errors import LedgerError
from ledger.models import Posting, Sheet
from tests.builders import OFFICE_CODE
from tests.ledger.stage import CLERK, LEADER, NOON, STRANGER, carried, minutes, opened, printed, released, statuses

pytestmark = pytest.mark.ledger
NUMBER = "006123456/2024-00017"
ZONE = ZoneInfo("Asia/Shanghai")


def up(number: str = "张贴单-1", at: datetime = NOON) -> Sheet:
    return services.put_up(office=OFFICE_CODE, number=number, by=CLERK, at=at)


def down(number: str = "张贴单-1", at: datetime = NOON) -> Sheet:
    return services.take_down(office=OFFICE_CODE, number=number, by=CLERK, at=at)


def a_sheet(at: datetime = NOON) -> None:
    opened()
    released("board", at=at)
    carried("board", printed("张贴单-1"), at=at)


def on_board() -> int:
    return queries.figures(office=OFFICE_CODE, year=2024, categories=["工作信息", "机构职能类"], as_of=minutes(10_000)).channels["board"]


def corrected(number: int = 2) -> None:
    released("board", at=minutes(number), number=number, change_note="更正")
    carried("board", printed(f"张贴单-{number}"), at=minutes(number))


def test_a_sheet_counts_once_it_hangs_and_goes_on_counting(database):
    a_sheet()
    assert (on_board(), statuses()) == (0, {"1:publish@board": "by_hand"})
    up()
    assert (on_board(), statuses()) == (1, {"1:publish@board": "posted"})
    down(at=minutes(5))
    assert (on_board(), Posting.objects.get().removed_at) == (1, minutes(5))


def test_recording_twice_changes_nothing(database):
    a_sheet()
    up()
    assert up(at=minutes(3)).put_up_at == NOON
    down(at=minutes(4))
    assert down(at=minutes(5)).taken_down_at == minutes(4)


def test_a_sheet_comes_down_only_after_it_went_up(database):
    a_sheet()
    with pytest.raises(LedgerError, match="was never put up"):
        down()


def test_the_list_shows_what_a_person_still_has_to_do(database):
    a_sheet()
    (line,) = queries.sheets(office=OFFICE_CODE)
    assert (line.number, line.index_number, line.put_up, line.taken_down, line.days, line.due_down) == (
        "张贴单-1", NUMBER, False, False, 10, None)
    up()
    assert [line.put_up for line in queries.sheets(office=OFFICE_CODE)] == [True]
    down()
    assert queries.sheets(office=OFFICE_CODE) == []
    assert [line.taken_down for line in queries.sheets(office=OFFICE_CODE, open_only=False)] == [True]


def test_its_days_count_from_when_it_hangs_and_not_from_when_it_was_printed(database):
    """Printed on Friday, hung on Monday: ten days of a 公示 are ten days on the wall."""
    friday = datetime(2024, 6, 7, 16, 0, tzinfo=ZONE)
    a_sheet(at=friday)
    assert up(at=datetime(2024, 6, 10, 7, 30, tzinfo=ZONE)).due_down == date(2024, 6, 20)  # Greenwich still has the ninth
    (line,) = queries.sheets(office=OFFICE_CODE)
    assert (line.printed_on, line.due_down) == (date(2024, 6, 7), date(2024, 6, 20))
    assert [line.due(date(2024, 6, day)) for day in (17, 19, 20)] == [False, False, True]
    assert up(at=datetime(2024, 6, 12, 9, 0, tzinfo=ZONE)).due_down == date(2024, 6, 20)  # recorded again


def test_a_sheet_that_nobody_put_up_is_late_once_it_would_be_down_again(database):
    a_sheet()
    (line,) = queries.sheets(office=OFFICE_CODE)
    assert [line.late(date(2024, 6, day)) for day in (3, 12, 13, 30)] == [False, False, True, True]
    assert line.down_on(date(2024, 6, 30)) == date(2024, 7, 10)
    up(at=minutes(60 * 24 * 20))
    (line,) = queries.sheets(office=OFFICE_CODE)
    assert (line.late(date(2024, 6, 30)), line.due(date(2024, 6, 30)), line.down_on(date(2024, 6, 30))) == (False, False, date(2024, 7, 3))


@pytest.mark.parametrize("change", [{"due_down": date(2024, 6, 13)}, {"put_up_at": NOON}])
def test_nobody_knows_when_it_comes_down_before_it_hangs(database, change):
    """The database keeps it, too."""
    a_sheet()
    with pytest.raises(IntegrityError, match="due_once_up"):
        Sheet.objects.update(**change)


def test_what_was_printed_with_its_days_on_it_keeps_them(database):
    """A migration back and forth: what hangs comes down on the day on its paper, what does not hang is counted anew."""
    a_sheet()
    call_command("migrate", "ledger", "0011", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT due_down FROM ledger_sheet")
        assert [str(day) for day, in cursor.fetchall()] == ["2024-06-13"]
    call_command("migrate", "ledger", verbosity=0)
    assert queries.sheets(office=OFFICE_CODE)[0].due_down is None
    up(at=minutes(60 * 72))
    call_command("migrate", "ledger", "0011", verbosity=0)
    call_command("migrate", "ledger", verbosity=0)
    (line,) = queries.sheets(office=OFFICE_CODE)
    assert (line.days, line.due_down) == (13, date(2024, 6, 16))
    for change in ("due_down = '2030-01-01'", "put_up_by = 'x'"):
        with pytest.raises(IntegrityError, match="ledger: "), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE ledger_sheet SET {change}")


def test_the_day_of_printing_is_the_offices_day(database):
    """Before eight in the morning, Greenwich still has yesterday."""
    a_sheet(at=datetime(2024, 6, 4, 7, 30, tzinfo=ZONE))
    assert queries.sheets(office=OFFICE_CODE)[0].printed_on == date(2024, 6, 4)


def test_a_sheet_of_older_words_does_not_go_up(database):
    """From the release of the correction on, even before its own sheet is printed."""
    a_sheet()
    released("board", at=minutes(1), number=2, change_note="更正")
    assert statuses()["1:publish@board"] == "refused"
    assert queries.sheets(office=OFFICE_CODE) == []
    with pytest.raises(LedgerError, match="newer edition of its item was released; the corrected one"):
        up()
    carried("board", printed("张贴单-2"), at=minutes(1))
    with pytest.raises(LedgerError, match="put up sheet 张贴单-2"):
        up()
    up("张贴单-2", minutes(2))
    assert on_board() == 1


def test_old_and_new_are_swapped(database):
    a_sheet()
    up()
    corrected()
    assert [(line.number, line.replaced) for line in queries.sheets(office=OFFICE_CODE)] == [("张贴单-1", True), ("张贴单-2", False)]
    up("张贴单-2", minutes(3))
    down(at=minutes(4))
    assert Posting.objects.get().removed_at is None  # the new one still hangs
    down("张贴单-2", minutes(9))
    posting = Posting.objects.get()
    assert (posting.ref, posting.disclosed_at, posting.removed_at) == ("张贴单-2", NOON, minutes(9))


def test_a_new_sheet_in_the_tray_hangs_nowhere(database):
    """The old one came down long ago; its correction was printed and waits."""
    a_sheet()
    up()
    down(at=minutes(1))
    corrected()
    assert queries.open_postings(office=OFFICE_CODE, channel="board") == 0
    up("张贴单-2", minutes(5))
    assert queries.open_postings(office=OFFICE_CODE, channel="board") == 1


def test_a_withdrawn_sheet_that_never_hung_needs_no_hand(database):
    a_sheet()
    assert services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(1), reason="误") == []
    assert statuses() == {"1:publish@board": "refused"}
    assert queries.sheets(office=OFFICE_CODE) == []
    with pytest.raises(LedgerError, match="withdrawn; destroy it"):
        up()
    assert on_board() == 0


@pytest.mark.parametrize("ticked", [True, False])
def test_a_withdrawn_sheet_is_closed_by_taking_it_down(database, ticked):
    """Whether or not the tick had already asked the person."""
    a_sheet()
    up()
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(1), reason="误")
    if ticked:
        carried("board", Outcome(status=Status.BY_HAND, detail="请取下"), at=minutes(2))
    assert [line.withdrawn for line in queries.sheets(office=OFFICE_CODE)] == [True]
    down(at=minutes(3))
    assert statuses()["1:withdraw@board"] == "posted"
    assert queries.due_deliveries(office=OFFICE_CODE, channel="board", at=minutes(9)) == []


def test_a_withdrawal_is_closed_when_the_last_sheet_is_down(database):
    a_sheet()
    up()
    corrected()
    up("张贴单-2", minutes(3))
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(4), reason="误")
    down(at=minutes(5))
    assert statuses()["2:withdraw@board"] == "queued"
    down("张贴单-2", minutes(6))
    assert statuses()["2:withdraw@board"] == "posted"


def test_what_is_down_already_is_not_asked_down_again(database):
    a_sheet()
    up()
    down(at=minutes(1))
    assert services.withdraw(index_number=NUMBER, by=STRANGER, at=minutes(2), reason="误") == []


def test_a_sheet_printed_while_its_item_was_withdrawn_asks_nobody(database):
    opened()
    released("board")
    (due,) = queries.due_deliveries(office=OFFICE_CODE, channel="board", at=NOON)
    work = services.begin_attempt(delivery_id=due.delivery_id, tries=0, holder="h", at=NOON)
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(1), reason="误")
    services.end_attempt(work=work, outcome=printed("张贴单-1"), at=minutes(2))
    assert statuses() == {"1:publish@board": "by_hand", "1:withdraw@board": "posted"}
    with pytest.raises(LedgerError, match="withdrawn"):
        up(at=minutes(3))

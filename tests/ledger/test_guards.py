"""The database's own guards: what holds even against a mistaken program or a hand at its prompt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from content.deliveries import Outcome, Status
from content.offices import Office
from content.rules import State
from ledger import queries, services
from ledger.errors import ClockError, LedgerError
from ledger.models import Edition, Event, Item, Justification, Posting
from ledger.models import Office as OfficeRow
from tests.builders import OFFICE_CODE
from tests.ledger.stage import CLERK, LEADER, NOON, REVIEWER, drafted, draw, minutes, opened, release, released, signed

pytestmark = pytest.mark.ledger


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def a_full_book() -> Office:
    """One row at least in every guarded table."""
    office = opened()
    released("website", "board")
    draw("website")
    (due,) = queries.due_deliveries(office=OFFICE_CODE, channel="board", at=NOON)
    work = services.begin_attempt(delivery_id=due.delivery_id, tries=0, holder="h", at=NOON)
    from content.deliveries import Posting as Value

    services.end_attempt(work=work, at=NOON, outcome=Outcome(
        status=Status.BY_HAND, posting=Value(ref="张贴单-1", live=False, days=10)))
    services.put_up(office=OFFICE_CODE, number="张贴单-1", by=CLERK, at=NOON)
    services.take_down(office=OFFICE_CODE, number="张贴单-1", by=CLERK, at=minutes(1))
    services.keep_blob(b"x")
    edition = Edition.objects.get()
    Justification.objects.create(item=edition.item, edition=edition, kind="justified", key="k", rule="mobile", finding={}, reason="已同意", by=CLERK,
                                 at=NOON)
    return office


KEPT = ("event", "attempt", "review", "signoff", "posting", "sheet", "delivery", "edition", "item", "place", "listing", "office", "route",
        "screening", "justification")


def test_the_ledger_forgets_nothing(database):
    a_full_book()
    for table in KEPT:
        with pytest.raises(IntegrityError, match="ledger: "):
            run(f"DELETE FROM ledger_{table}")
        if connection.vendor == "postgresql" and table != "route":
            with pytest.raises(IntegrityError, match="the ledger forgets nothing"):
                run(f"TRUNCATE ledger_{table} CASCADE")


SET_ONCE = (
    "event SET at = at", "event SET verb = 'x'", "review SET verdict = 'pass'", "signoff SET by = 'x'", "office SET sandbox = (sandbox IS NULL)",
    "office SET code = 'x'", "edition SET title = 'x'", "edition SET number = 7", "edition SET drafter = 'x'", "edition SET signer = 'x'",
    "edition SET seal = 'x'", "edition SET state = 'draft'", "edition SET state = 'signed'", "edition SET released_at = NULL",
    "edition SET released_on = '2020-01-01'", "item SET index_number = 'x'", "item SET urn = NULL", "item SET released_at = '2020-01-01 00:00:00'",
    "item SET released_on = '2020-01-01'", "item SET listed_at = NULL", "route SET released_at = NULL", "delivery SET key = 'x'",
    "delivery SET action = 'withdraw'", "delivery SET sealed = 'x'", "attempt SET finished_at = NULL", "attempt SET number = 9",
    "attempt SET holder = 'x'", "posting SET disclosed_at = NULL", "posting SET disclosed_at = '2020-01-01 00:00:00'", "posting SET kind = 'x'",
    "sheet SET put_up_at = NULL", "sheet SET taken_down_at = '2020-01-01 00:00:00'", "sheet SET number = 'x'", "place SET place = place + 100",
    "sheet SET put_up_by = 'x'", "sheet SET due_down = '2030-01-01'", "sheet SET due_down = NULL", "sheet SET days = 99", "item SET slug = 'x'", "screening SET findings = '[1]'", "justification SET reason = 'x'",
    "place SET list = 'x'", "listing SET size = 0", "blob SET size = 2",
)


def test_what_is_set_once_stays(database):
    a_full_book()
    for change in SET_ONCE:
        with pytest.raises(IntegrityError, match="ledger: "):
            run(f"UPDATE ledger_{change}")


def test_a_place_left_is_not_taken_again(database):
    a_full_book()
    services.withdraw(index_number="006123456/2024-00017", by=LEADER, at=minutes(2), reason="误")
    with pytest.raises(IntegrityError, match="a place never moves"):
        run(f"UPDATE ledger_place SET live = {'1' if connection.vendor == 'sqlite' else 'true'}")


def test_words_are_frozen_from_submission_on_and_free_again_in_a_draft(database):
    opened()
    edition_id = drafted("website")
    Edition.objects.filter(pk=edition_id).update(title="草稿可改")
    services.submit(edition_id=edition_id, by=CLERK, at=NOON)
    with pytest.raises(IntegrityError, match="frozen once it leaves its drafter"):
        Edition.objects.filter(pk=edition_id).update(title="送审后不可改")
    services.return_to_drafter(edition_id=edition_id, by=REVIEWER, at=NOON, reason="改")
    Edition.objects.filter(pk=edition_id).update(title="退回后可改")


@pytest.mark.parametrize("clash", [{"seq": 1}, {"seq": 99}, {"previous": "0" * 64}])
def test_an_event_follows_the_last_one(database, clash):
    opened()
    last = Event.objects.order_by("-seq")[0]
    facts = {"office_id": last.office_id, "seq": last.seq + 1, "previous": last.hash, "at": NOON, "actor": "x", "verb": "x", "subject": "x", "hash": "x"}
    with pytest.raises(IntegrityError, match="an event follows the last one"):
        Event.objects.create(**{**facts, **clash})


@pytest.mark.parametrize("column", ["id", "seq"])
def test_not_even_sqlites_replace_changes_an_event(sqlite, column):
    """It deletes without asking the triggers of deletion."""
    opened()
    run("PRAGMA recursive_triggers=OFF")
    with pytest.raises(IntegrityError, match="an event follows the last one"):
        run("INSERT OR REPLACE INTO ledger_event (id, office_id, seq, at, actor, verb, subject, facts, previous, hash) "
            f"SELECT {'id' if column == 'id' else 'id + 100'}, office_id, {'seq + 100' if column == 'id' else 'seq'}, at, 'x', verb, subject, facts, "
            "previous, hash FROM ledger_event WHERE seq = 1")


def test_the_chain_holds_and_a_changed_event_is_named(database):
    a_full_book()
    assert queries.verify_events(office=OFFICE_CODE) is None
    drop_guard("event_frozen")
    Event.objects.filter(seq=5).update(actor="别人")
    fault = queries.verify_events(office=OFFICE_CODE)
    assert (fault.seq, fault.problem) == (5, "it is not as it was written")


def test_a_missing_event_is_named(database):
    a_full_book()
    drop_guard("event_kept")
    Event.objects.filter(seq=4).delete()
    assert queries.verify_events(office=OFFICE_CODE).problem == "event 4 is missing"


def test_an_event_made_up_is_named(database):
    """Whoever writes a new hash over the changed event breaks the next link."""
    from ledger.services.book import event_hash

    a_full_book()
    drop_guard("event_frozen")
    event = Event.objects.get(seq=3)
    event.facts = {"kind": "别的"}
    event.hash = event_hash(event, OFFICE_CODE)
    event.save()
    fault = queries.verify_events(office=OFFICE_CODE)
    assert (fault.seq, fault.problem) == (4, "it does not follow from the event before it")


def drop_guard(name: str) -> None:
    run(f"DROP TRIGGER guard_{name}" + (" ON ledger_event" if connection.vendor == "postgresql" else ""))


def test_events_of_two_offices_are_two_chains(database):
    opened()
    opened(code="beicheng")
    released("website")
    assert [queries.verify_events(office=code) for code in (OFFICE_CODE, "beicheng")] == [None, None]
    assert Event.objects.filter(office__code="beicheng").order_by("-seq")[0].seq < Event.objects.filter(office__code=OFFICE_CODE).count()


def now() -> datetime:
    return datetime.now(UTC)  # the database's own clock is what these tests are about


def test_a_real_office_releases_now_and_at_no_other_time(database):
    opened(sandbox=False)
    edition_id = signed("website", at=now())
    for elsewhen in (now() - timedelta(minutes=11), now() + timedelta(minutes=11), NOON):
        with pytest.raises(ClockError, match="another time than now"):
            release(edition_id, elsewhen)
    assert Item.objects.get().released_at is None
    assert release(edition_id, now() - timedelta(minutes=1)) == ["website"]
    with pytest.raises(ClockError):
        services.withdraw(index_number="006123456/2024-00017", by=LEADER, at=NOON, reason="误")
    services.withdraw(index_number="006123456/2024-00017", by=LEADER, at=now(), reason="误")


def test_a_real_office_discloses_now_and_at_no_other_time(database):
    opened(sandbox=False)
    released("website", at=now())
    with pytest.raises(ClockError):
        draw("website", now() + timedelta(hours=1))
    draw("website", now())
    disclosed = Posting.objects.get().disclosed_at
    assert disclosed is not None
    assert abs(disclosed - now()) < timedelta(minutes=1)


def test_a_hand_cannot_back_date_a_real_office_either(database):
    opened(sandbox=False)
    edition_id = signed("website", at=now())
    for update in (lambda: Edition.objects.filter(pk=edition_id).update(released_at=NOON, state=State.RELEASED),
                   lambda: Item.objects.update(released_at=NOON), lambda: Item.objects.update(listed_at=NOON)):
        with pytest.raises(IntegrityError, match="another time than now"):
            update()


def test_a_sandbox_office_stays_one_and_a_real_one_stays_real(database):
    opened(sandbox=False)
    with pytest.raises(LedgerError, match="opened as a real office and stays one"):
        opened(sandbox=True)
    with pytest.raises(IntegrityError, match="stays a sandbox"):
        OfficeRow.objects.update(sandbox=True)


def test_other_refusals_of_the_database_are_told_in_words(database):
    opened()
    edition_id = released("website")
    with pytest.raises(LedgerError, match="what was public is corrected or withdrawn"):
        from ledger.services.book import book

        with book(office=OFFICE_CODE, by=CLERK, at=NOON):
            Edition.objects.filter(pk=edition_id).update(state=State.DRAFT)


def test_an_integrity_error_of_another_kind_stays_what_it_is(database):
    from ledger.services.book import book

    opened()
    with pytest.raises(IntegrityError, match=r"(?i)unique"), book(office=OFFICE_CODE, by=CLERK, at=NOON):
        OfficeRow.objects.create(code=OFFICE_CODE, name="x", zone="UTC", opened_at=NOON)


def test_the_guards_can_be_taken_out_and_put_back(database):
    """A later migration may need it."""
    opened()
    released("website")
    call_command("migrate", "ledger", "0001", verbosity=0)
    run("UPDATE ledger_event SET actor = 'x' WHERE seq = 1")
    call_command("migrate", "ledger", verbosity=0)
    with pytest.raises(IntegrityError):
        run("UPDATE ledger_event SET actor = 'x' WHERE seq = 1")


def test_the_models_and_their_migrations_agree(sqlite):
    call_command("makemigrations", "ledger", check=True, dry_run=True, verbosity=0)

"""An item's life: every step is three people's, every illegal one is refused, and what was signed is what is released."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from django.db import IntegrityError, connection

from content.rules import LIFE, RuleError, State, Step
from ledger import queries, services
from ledger.errors import ClockError, DuplicateError, LedgerError, SealError, UnknownError
from ledger.models import Edition, Event, Item, Review, SignOff
from tests.builders import OFFICE_CODE, an_edition
from tests.ledger.stage import (
    CLERK,
    LEADER,
    NOON,
    REVIEWER,
    STRANGER,
    drafted,
    minutes,
    opened,
    release,
    released,
    renditions,
    routes,
    signed,
)

pytestmark = pytest.mark.ledger
NUMBER = "006123456/2024-00017"


def state(edition_id: int) -> State:
    return State(Edition.objects.get(pk=edition_id).state)


def taken_to(goal: State) -> int:
    """An item whose first edition stands in this state."""
    if goal in (State.SIGNED, State.RELEASED, State.WITHDRAWN, State.CORRECTED):
        edition_id = signed("website")
        if goal is not State.SIGNED:
            release(edition_id)
        if goal is State.WITHDRAWN:
            services.withdraw(index_number=NUMBER, by=LEADER, at=NOON, reason="内容有误")
        if goal is State.CORRECTED:
            released("website", number=2, change_note="更正日期")
        return edition_id
    edition_id = drafted("website")
    if goal is State.SHELVED:
        services.shelve(edition_id=edition_id, by=CLERK, at=NOON, reason="暂缓公开")
    elif goal is not State.DRAFT:
        services.submit(edition_id=edition_id, by=CLERK, at=NOON)
    if goal is State.REVIEWED:
        services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON)
    return edition_id


def sign(edition_id: int, by: str = LEADER) -> None:
    hand = queries.edition_in_hand(edition_id=edition_id)
    services.sign_off(edition_id=edition_id, by=by, at=NOON, renditions=renditions(hand.channels, hand.edition))


STEPS: dict[Step, Callable[[int], object]] = {
    Step.SUBMIT: lambda pk: services.submit(edition_id=pk, by=CLERK, at=NOON),
    Step.PASS: lambda pk: services.pass_review(edition_id=pk, by=REVIEWER, at=NOON),
    Step.REFER: lambda pk: services.refer_upward(edition_id=pk, by=REVIEWER, at=NOON, reason="是否涉密，请上级审定"),
    Step.RETURN: lambda pk: services.return_to_drafter(edition_id=pk, by=REVIEWER, at=NOON, reason="日期写错"),
    Step.SIGN_OFF: sign,
    Step.EDIT: lambda pk: services.edit(edition_id=pk, edition=an_edition(title="改过的标题"), routes=routes("website"), by=CLERK, at=NOON),
    Step.RELEASE: release,
    Step.SHELVE: lambda pk: services.shelve(edition_id=pk, by=CLERK, at=NOON, reason="暂缓公开"),
    Step.URGENT: lambda pk: services.sign_urgently(edition_id=pk, by=LEADER, at=NOON, renditions={}),
}


@pytest.mark.parametrize("start", State)
def test_every_step_does_what_the_table_says_or_changes_nothing(database, start):
    """Legal or refused: there is no third way, and a refusal leaves no event behind."""
    opened()
    edition_id = taken_to(start)
    for step, act in STEPS.items():
        if (start, step) in LIFE:
            continue
        events = Event.objects.count()
        if step is Step.RELEASE and start in (State.RELEASED, State.CORRECTED):
            assert release(edition_id) == []  # asked for twice is no error: nothing is left to release
        else:
            with pytest.raises((RuleError, LedgerError)):
                act(edition_id)
        assert (state(edition_id), Event.objects.count()) == (start, events)


@pytest.mark.parametrize(("start", "step"), [pair for pair in LIFE if pair[1] in STEPS and pair[1] is not Step.URGENT])
def test_every_legal_step_leads_where_the_table_says(sqlite, start, step):
    opened()
    edition_id = taken_to(start)
    STEPS[step](edition_id)
    assert state(edition_id) is LIFE[start, step]


def test_a_return_needs_a_reason_and_keeps_it(database):
    opened()
    edition_id = taken_to(State.REVIEWED)
    with pytest.raises(LedgerError, match="say why it is returned"):
        services.return_to_drafter(edition_id=edition_id, by=REVIEWER, at=NOON, reason=" ")
    services.return_to_drafter(edition_id=edition_id, by=LEADER, at=NOON, reason="请核实工期")
    row = Edition.objects.get(pk=edition_id)
    assert (row.state, row.reviewer) == (State.DRAFT, "")
    assert Review.objects.filter(verdict="return").values_list("by", "reason").get() == (LEADER, "请核实工期")


def test_a_referral_needs_a_question_and_leaves_it_in_review(database):
    opened()
    edition_id = taken_to(State.IN_REVIEW)
    with pytest.raises(LedgerError, match="say what is doubtful"):
        services.refer_upward(edition_id=edition_id, by=REVIEWER, at=NOON, reason="")
    services.refer_upward(edition_id=edition_id, by=REVIEWER, at=NOON, reason="含国家秘密否")
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=minutes(1))
    assert state(edition_id) is State.REVIEWED


def test_an_edit_voids_review_and_signature_and_makes_the_editor_the_drafter(database):
    opened()
    edition_id = signed("website")
    services.edit(edition_id=edition_id, edition=an_edition(title="改"), routes=routes("website", "board"), by=STRANGER, at=NOON)
    row = Edition.objects.get(pk=edition_id)
    assert (row.state, row.drafter, row.reviewer, row.signer, row.seal) == (State.DRAFT, STRANGER, "", "", "")
    with pytest.raises(RuleError, match="its drafter submits it"):
        services.submit(edition_id=edition_id, by=CLERK, at=NOON)
    services.submit(edition_id=edition_id, by=STRANGER, at=NOON)
    with pytest.raises(RuleError, match="may not review it"):
        services.pass_review(edition_id=edition_id, by=STRANGER, at=NOON)
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON)
    sign(edition_id)
    assert release(edition_id) == ["website", "board"]


@pytest.mark.parametrize("by", [CLERK, REVIEWER])
def test_one_person_never_holds_two_steps(database, by):
    opened()
    edition_id = taken_to(State.IN_REVIEW)
    with pytest.raises(RuleError, match="may not review"):
        services.pass_review(edition_id=edition_id, by=CLERK, at=NOON)
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON)
    with pytest.raises(RuleError, match="may not sign"):
        sign(edition_id, by)


@pytest.mark.parametrize("people", [{"reviewer": CLERK}, {"reviewer": REVIEWER, "signer": REVIEWER}, {"reviewer": REVIEWER, "signer": CLERK}])
def test_the_database_itself_refuses_two_steps_by_one_person(database, people):
    opened()
    edition_id = drafted("website")
    with pytest.raises(IntegrityError, match="three_different_people"):
        Edition.objects.filter(pk=edition_id).update(**people)


@pytest.mark.parametrize("goal", [State.SIGNED, State.RELEASED, State.CORRECTED, State.WITHDRAWN])
def test_the_database_itself_refuses_anything_public_unsigned(database, goal):
    opened()
    edition_id = drafted("website")
    with pytest.raises(IntegrityError, match="nothing_public_unsigned"):
        Edition.objects.filter(pk=edition_id).update(state=goal)


@pytest.mark.parametrize("name", ["", " 陈文书", "陈文书 ", "长" * 81])
def test_a_person_has_a_name_without_blanks_around_it(database, name):
    """陈文书 with a blank behind it would be a second person."""
    opened()
    with pytest.raises(LedgerError):
        services.draft(edition=an_edition(), routes=routes("website"), by=name, at=NOON)


def test_words_that_changed_after_the_review_are_not_signed(database):
    """A hand at the database's prompt: the words are frozen there too, so the test takes the guard away first."""
    opened()
    edition_id = taken_to(State.REVIEWED)
    tamper("UPDATE ledger_edition SET title = '另一个标题'", "edition_words", "edition")
    with pytest.raises(SealError, match="not the words that were reviewed"):
        sign(edition_id)


def test_a_signature_needs_a_review_of_these_words(database):
    opened()
    edition_id = taken_to(State.REVIEWED)
    tamper("DELETE FROM ledger_review", "review_kept", "review")
    with pytest.raises(SealError, match="not the words that were reviewed"):
        sign(edition_id)


def test_the_signature_covers_just_the_routed_channels(database):
    opened()
    edition_id = drafted("website", "wechat")
    services.submit(edition_id=edition_id, by=CLERK, at=NOON)
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON)
    for channels in (["website"], ["website", "wechat", "board"], []):
        with pytest.raises(LedgerError, match="goes to website, wechat"):
            services.sign_off(edition_id=edition_id, by=LEADER, at=NOON, renditions=dict.fromkeys(channels, "0" * 64))


def test_other_renditions_than_the_signed_are_not_released(database):
    opened()
    edition_id = signed("website", "wechat")
    hand = queries.edition_in_hand(edition_id=edition_id)
    sealed = renditions(hand.channels, hand.edition)
    for wrong in ({**sealed, "wechat": "0" * 64}, {"website": sealed["website"]}, {}):
        with pytest.raises(SealError, match="differs from what 周主任 signed"):
            services.release(edition_id=edition_id, by="tick", at=NOON, renditions=wrong)
    assert (state(edition_id), Item.objects.get().released_at) == (State.SIGNED, None)


@pytest.mark.parametrize(("change", "guard", "table", "what"), [
    ("UPDATE ledger_edition SET source = '另一处'", "edition_words", "edition", "the words differ"),
    ("UPDATE ledger_signoff SET seal = '{0}'", "signoff_frozen", "signoff", "the sign-off differs"),
])
def test_other_words_than_the_signed_are_not_released(database, change, guard, table, what):
    opened()
    edition_id = signed("website")
    tamper(change.format("0" * 64), guard, table)
    with pytest.raises(SealError, match=what):
        release(edition_id)
    assert state(edition_id) is State.SIGNED


def tamper(statement: str, guard: str, table: str) -> None:
    """Do at the database's prompt what one of its guards refuses, after taking the guard away."""
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="ledger: "):
            cursor.execute(statement)
        cursor.execute(f"DROP TRIGGER guard_{guard}" + (f" ON ledger_{table}" if connection.vendor == "postgresql" else ""))
        cursor.execute(statement)


def test_an_item_is_released_once_and_keeps_its_feed_id(database):
    opened()
    edition_id = released("website", at=NOON)
    first = Item.objects.get()
    assert release(edition_id, minutes(5)) == []
    released("website", at=minutes(10), number=2, change_note="更正")
    item = Item.objects.get()
    assert (item.urn, item.released_at, item.released_on) == (first.urn, NOON, first.released_on)
    assert str(item.urn) == "217b38b7-9978-5f43-bd0f-9afc6883a106"
    assert SignOff.objects.count() == 2


@pytest.mark.parametrize("call", [
    lambda: services.submit(edition_id=99, by=CLERK, at=NOON),
    lambda: services.release(edition_id=99, by=CLERK, at=NOON, renditions={}),
    lambda: services.withdraw(index_number="x", by=CLERK, at=NOON, reason="误"),
    lambda: services.correct(edition=an_edition(number=2, change_note="改"), routes=routes("website"), by=CLERK, at=NOON),
    lambda: services.edit(edition_id=99, edition=an_edition(), routes=routes("website"), by=CLERK, at=NOON),
    lambda: services.draft(edition=an_edition(office="nowhere"), routes=routes("website"), by=CLERK, at=NOON),
    lambda: services.settle_as(delivery_id=99, tries=1, outcome=None, at=NOON),  # type: ignore[arg-type]
    lambda: services.end_attempt(work=services.Work(delivery_id=99, number=1), outcome=None, at=NOON),  # type: ignore[arg-type]
    lambda: services.begin_drawing(delivery_ids=[99], holder="h", at=NOON),
    lambda: services.put_up(office=OFFICE_CODE, number="x", by=CLERK, at=NOON),
    lambda: services.beat(office="nowhere", flow="publish", at=NOON),
    lambda: queries.edition_in_hand(edition_id=99),
    lambda: queries.figures(office="nowhere", year=2024, categories=[], as_of=NOON),
])
def test_what_is_not_there_is_said_to_be_unknown(sqlite, call):
    opened()
    with pytest.raises(UnknownError):
        call()


def test_a_time_without_a_zone_is_refused(database):
    opened()
    naive = datetime(2024, 6, 3, 12)
    edition_id = signed("website")
    for call in (
        lambda: services.draft(edition=an_edition(index_number="006123456/2024-00018"), routes=routes("website"), by=CLERK, at=naive),
        lambda: release(edition_id, naive),
        lambda: services.withdraw(index_number=NUMBER, by=CLERK, at=naive, reason="误"),
        lambda: services.take_lease(name="a", holder="b", now=naive, until=NOON),
        lambda: services.beat(office=OFFICE_CODE, flow="publish", at=naive),
        lambda: services.draft(edition=an_edition(index_number="006123456/2024-00018"), routes=routes("website", release_at=naive), by=CLERK,
                               at=NOON),
    ):
        with pytest.raises(ClockError, match="has no time zone"):
            call()


def test_an_index_number_is_given_once_even_by_two_offices_at_once(database):
    opened()
    opened(code="beicheng", name="北城街道办事处")
    drafted("website")
    with pytest.raises(DuplicateError, match="is taken"):
        drafted("website")
    with pytest.raises(DuplicateError, match="is taken"):
        drafted("website", office="beicheng")
    assert Item.objects.count() == Edition.objects.count() == 1


def test_a_line_is_imported_once(database):
    opened()
    services.draft(edition=an_edition(), routes=routes("website"), by=CLERK, at=NOON, import_key="k", serial=(2024, 17))
    with pytest.raises(DuplicateError, match=f"imported before, as {NUMBER}"):
        services.draft(edition=an_edition(index_number="006123456/2024-00018"), routes=routes("website"), by=CLERK, at=NOON, import_key="k")
    assert queries.imported(office=OFFICE_CODE, import_key="k") == NUMBER
    assert [queries.next_serial(office=OFFICE_CODE, year=year) for year in (2024, 2025)] == [18, 1]
    services.draft(edition=an_edition(index_number="006123456/2024-00003"), routes=routes("website"), by=CLERK, at=NOON, serial=(2024, 3))
    services.draft(edition=an_edition(index_number="006123456/2024-00019"), routes=routes("website"), by=CLERK, at=NOON, serial=(2024, 19))
    assert queries.next_serial(office=OFFICE_CODE, year=2024) == 20


def test_an_item_begins_with_its_first_edition(database):
    opened()
    with pytest.raises(LedgerError, match="begins with edition 1"):
        services.draft(edition=an_edition(number=2), routes=routes("website"), by=CLERK, at=NOON)


@pytest.mark.parametrize(("words", "field"), [({"document_number": "文" * 101}, "document_number"), ({"category": "类" * 101}, "category"),
                                              ({"index_number": "0" * 81}, "index_number"), ({"column": "c" * 41}, "column")])
def test_what_is_too_long_for_its_column_is_refused_by_name_on_both_databases(database, words, field):
    opened()
    with pytest.raises(LedgerError, match=f"{field}: .* at most"):
        drafted("website", **words)
    assert not Item.objects.exists()


def test_an_edition_waits_in_one_open_draft_at_most(database):
    opened()
    released("website")
    drafted("website", number=2, change_note="更正")
    for number in (2, 3):
        with pytest.raises(LedgerError, match="does not follow the newest one"):
            drafted("website", number=number, change_note="更正")


def test_a_correction_says_what_it_corrects(database):
    opened()
    released("website")
    with pytest.raises(LedgerError, match="change_note"):
        drafted("website", number=2)
    edition_id = drafted("website", number=2, change_note="更正日期")
    with pytest.raises(LedgerError, match="change_note"):
        services.edit(edition_id=edition_id, edition=an_edition(number=2), routes=routes("website"), by=CLERK, at=NOON)


def test_only_what_was_released_and_not_withdrawn_is_corrected(database):
    opened()
    drafted("website")
    with pytest.raises(LedgerError, match="only a released item"):
        drafted("website", number=2, change_note="更正")


def test_what_was_withdrawn_is_released_no_more(database):
    """A correction was signed, and the item withdrawn before the tick."""
    opened()
    released("website")
    correction = signed("website", number=2, change_note="更正")
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(1), reason="误")
    assert queries.editions_due(office=OFFICE_CODE, at=minutes(2)) == []
    with pytest.raises(RuleError, match="was withdrawn"):
        release(correction, minutes(2))
    with pytest.raises(LedgerError, match="only a released item"):
        drafted("website", number=3, change_note="更正")


def test_files_named_must_be_handed_in(database):
    from content.items import Attachment

    opened()
    data = "名称,数量\n甲,1\n".encode()
    sha256 = services.keep_blob(data)
    assert services.keep_blob(data) == sha256
    kept = Attachment(name="附件1.csv", media_type="text/csv", size=len(data), sha256=sha256)
    drafted("website", attachments=(kept,))
    more = "名称\n乙\n".encode()
    handed = Attachment(name="附件.csv", media_type="text/csv", size=len(more), sha256=hashlib.sha256(more).hexdigest())
    services.draft(edition=an_edition(index_number="006123456/2024-00019", attachments=(handed,)), routes=routes("website"), by=CLERK, at=NOON,
                   blobs=[more])
    with pytest.raises(LedgerError, match=r"the bytes of 附件2\.csv were not handed in"):
        drafted("website", index_number="006123456/2024-00018", attachments=(kept, replace(kept, name="附件2.csv", sha256="0" * 64)))


def test_what_the_ledger_has_of_an_item_is_told(database):
    opened()
    assert queries.find_item(index_number=NUMBER) is None
    edition_id = drafted("website")
    known = queries.find_item(index_number=NUMBER)
    assert known is not None
    assert (known.newest, known.newest_state, known.newest_id, known.released, known.withdrawn) == (1, State.DRAFT, edition_id, False, False)
    assert queries.editions_in(office=OFFICE_CODE, state=State.DRAFT) == [(edition_id, NUMBER)]
    assert queries.has_words(index_number=NUMBER, edition=an_edition(number=7))
    assert not queries.has_words(index_number=NUMBER, edition=an_edition(title="另一个"))

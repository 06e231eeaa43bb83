"""The 更多著录项 in the ledger: kept and read back, frozen with the other words, no more work where there are none, and what may not go out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from content.catalogue import ALL, Entry
from content.metadata import pairs
from content.rules import RuleError, State
from content.seals import seal
from content.search import Search
from ledger import queries, services
from ledger.catalogue import LedgerCatalogue
from ledger.models import Edition, SignOff
from tests.builders import OFFICE_CODE, an_edition
from tests.ledger.stage import CLERK, LEADER, NOON, REVIEWER, drafted, draw, opened, release, released, renditions, routes, signed

pytestmark = pytest.mark.ledger

SAID = pairs({"validity": "有效", "valid_until": "2026-12-31", "originating_body": "市政府办“一”科", "disclosure": "主动公开"})


def shown(index_number: str) -> Entry:
    found = LedgerCatalogue(OFFICE_CODE).find(index_number)
    assert isinstance(found, Entry)
    return found


def test_what_is_said_is_read_back_wherever_an_edition_is(database):
    opened()
    edition_id = released("website", metadata=SAID)
    draw("website")
    held = queries.edition_in_hand(edition_id=edition_id)
    index_number = held.edition.index_number
    book = LedgerCatalogue(OFFICE_CODE)
    assert {held.edition.metadata, shown(index_number).edition.metadata, *(entry.edition.metadata for entry in book.walk()),
            *(entry.edition.metadata for entry in book.latest_entries(ALL, 5))} == {SAID}
    assert [row.metadata for row in queries.found(offices=[OFFICE_CODE], search=Search())] == [SAID]
    assert SignOff.objects.get().edition_seal == seal(shown(index_number).edition)


def test_that_a_document_is_repealed_is_a_correction_as_any(database):
    opened()
    first = released("website", metadata=SAID)
    index_number = queries.edition_in_hand(edition_id=first).edition.index_number
    second = signed("website", number=2, change_note="本文件已废止。", metadata=pairs({**dict(SAID), "validity": "废止"}))
    release(second)
    draw("website")
    assert dict(shown(index_number).edition.metadata)["validity"] == "废止"
    assert dict(queries.edition_in_hand(edition_id=first).edition.metadata)["validity"] == "有效"


def test_an_edition_that_says_nothing_costs_nothing_to_read(database, monkeypatch):
    opened()
    released("website")
    draw("website")
    parsed: list[str] = []
    loads = json.loads

    def spied(text: str) -> Any:
        parsed.append(text)
        return loads(text)

    monkeypatch.setattr(json, "loads", spied)
    assert [entry.edition.metadata for entry in LedgerCatalogue(OFFICE_CODE).walk()] == [()]
    assert parsed, "the keywords are parsed"
    assert not [text for text in parsed if "{" in text]


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.SIGNED, State.RELEASED])
def test_it_is_frozen_with_the_other_words(database, state):
    opened()
    edition_id = {State.IN_REVIEW: drafted, State.SIGNED: signed, State.RELEASED: released}[state]("website", metadata=SAID)
    if state is State.IN_REVIEW:
        services.submit(edition_id=edition_id, by=CLERK, at=NOON)
    with pytest.raises(IntegrityError, match="the words of an edition are frozen once it leaves its drafter"):
        Edition.objects.filter(pk=edition_id).update(metadata={"validity": "废止"})


def test_a_draft_may_say_something_else(database):
    opened()
    edition_id = drafted("website", metadata=SAID)
    services.edit(edition_id=edition_id, edition=an_edition(), routes=routes("website"), by=CLERK, at=NOON)
    assert queries.edition_in_hand(edition_id=edition_id).edition.metadata == ()


@pytest.mark.parametrize("disclosure", ["依申请公开", "不予公开"])
def test_what_is_not_to_be_public_is_refused_at_every_step(database, disclosure):
    """Whoever writes past the form meets the same rule at submission, at signature and on the urgent path."""
    opened(urgent=True)
    edition_id = drafted("website", metadata=pairs({"disclosure": disclosure}))
    hand = queries.edition_in_hand(edition_id=edition_id)
    sealed = renditions(hand.channels, hand.edition)
    _refused(lambda: services.submit(edition_id=edition_id, by=CLERK, at=NOON), disclosure)
    assert queries.edition_in_hand(edition_id=edition_id).state == State.DRAFT
    Edition.objects.filter(pk=edition_id).update(state=State.IN_REVIEW, urgent_reason="汛情")
    _refused(lambda: services.sign_urgently(edition_id=edition_id, by=LEADER, at=NOON, renditions=sealed), disclosure)
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON)
    _refused(lambda: services.sign_off(edition_id=edition_id, by=LEADER, at=NOON, renditions=sealed), disclosure)
    assert queries.edition_in_hand(edition_id=edition_id).state == State.REVIEWED


def _refused(act: Any, disclosure: str) -> None:
    with pytest.raises(RuleError, match=f"its disclosure is {disclosure}, and only 主动公开 may be published") as caught:
        act()
    assert caught.value.code == "not_proactive"


def test_a_book_from_before_keeps_its_seals_and_its_guards(database):
    """The column comes into a book that is full; nothing of it is made anew."""
    opened()
    edition_id = released("website", "board")
    before, guards = SignOff.objects.get().edition_seal, triggers()
    assert "guard_edition_metadata" in guards
    call_command("migrate", "ledger", "0012", verbosity=0)
    assert triggers() == guards - {"guard_edition_metadata"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_edition LIMIT 1")
        assert "metadata" not in [column[0] for column in cursor.description]
    call_command("migrate", "ledger", verbosity=0)
    assert triggers() == guards
    assert seal(queries.edition_in_hand(edition_id=edition_id).edition) == before == seal(an_edition())
    with pytest.raises(IntegrityError, match="frozen"):
        Edition.objects.filter(pk=edition_id).update(title="改")


def triggers() -> set[str]:
    asked = ("SELECT name FROM sqlite_master WHERE type = 'trigger'" if connection.vendor == "sqlite"
             else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {name for (name,) in cursor.fetchall()}

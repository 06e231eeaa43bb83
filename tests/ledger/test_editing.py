"""Several people write: who comes second is told, and nothing is lost. Drafts laid aside; addresses that no two items share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from content.items import Edition
from content.offices import Office
from content.rules import RuleError, State
from ledger import queries, services
from ledger.errors import DuplicateError, LedgerError, StaleError
from ledger.models import Blob, Item
from ledger.models import Edition as EditionRow
from tests.builders import OFFICE_CODE, an_edition, an_office
from tests.ledger.race import meeting
from tests.ledger.stage import CLERK, NOON, REVIEWER, STRANGER, drafted, minutes, opened, released, routes

pytestmark = pytest.mark.ledger
NUMBER = "006123456/2024-00017"


def save(edition_id: int, *, by: str, seen: str | None, at: float = 1, title: str = "改过的标题", to: tuple[str, ...] = ("website",)) -> None:
    services.edit(edition_id=edition_id, edition=an_edition(title=title), routes=routes(*to), by=by, at=minutes(at), seen=seen)


def seen(edition_id: int) -> str:
    return queries.edition_in_hand(edition_id=edition_id).seen


def test_the_second_of_two_editors_is_told_who_saved_and_when(database):
    opened()
    edition_id = drafted("website")
    both = seen(edition_id)
    save(edition_id, by=CLERK, seen=both, title="先存的")
    with pytest.raises(StaleError, match=CLERK) as refusal:
        save(edition_id, by=STRANGER, seen=both, at=2, title="后存的")
    assert (refusal.value.code, refusal.value.facts["by"], refusal.value.facts["at"]) == ("edited_meanwhile", CLERK, minutes(1))
    assert queries.edition_in_hand(edition_id=edition_id).edition.title == "先存的"
    save(edition_id, by=STRANGER, seen=seen(edition_id), at=3, title="合并后的")
    hand = queries.edition_in_hand(edition_id=edition_id)
    assert (hand.edition.title, hand.drafter, hand.saved_at) == ("合并后的", STRANGER, minutes(3))


def test_a_change_of_routes_alone_is_somebody_elses_work_too(database):
    opened()
    edition_id = drafted("website")
    both = seen(edition_id)
    save(edition_id, by=CLERK, seen=both, title=an_edition().title, to=("website", "board"))
    with pytest.raises(StaleError):
        save(edition_id, by=STRANGER, seen=both, at=2)


def test_an_editor_does_not_void_a_review_that_began_meanwhile_unawares(database):
    opened()
    edition_id = drafted("website")
    before = seen(edition_id)
    services.submit(edition_id=edition_id, by=CLERK, at=NOON)
    with pytest.raises(StaleError) as refusal:
        save(edition_id, by=CLERK, seen=before)
    assert refusal.value.facts["state"] == "in_review"


def test_who_does_not_say_what_they_saw_is_believed(database):
    opened()
    edition_id = drafted("website")
    save(edition_id, by=CLERK, seen=None)
    save(edition_id, by=STRANGER, seen=None, at=2, title="再改")
    assert queries.edition_in_hand(edition_id=edition_id).edition.title == "再改"


def test_a_correction_in_hand_comes_with_what_the_public_reads_now(database):
    opened()
    released("website", title="原标题")
    second = drafted("website", number=2, title="新标题", change_note="更正标题")
    hand = queries.edition_in_hand(edition_id=second)
    assert (hand.edition.title, hand.before.title, queries.next_edition(index_number=NUMBER)) == ("新标题", "原标题", 3)
    assert queries.edition_in_hand(edition_id=drafted("website", index_number="006123456/2024-00018")).before is None


def test_the_reason_of_a_return_stays_until_it_is_submitted_again(database):
    opened()
    edition_id = drafted("website")
    services.submit(edition_id=edition_id, by=CLERK, at=NOON)
    services.return_to_drafter(edition_id=edition_id, by=REVIEWER, at=NOON, reason="日期写错")
    save(edition_id, by=CLERK, seen=None)
    hand = queries.edition_in_hand(edition_id=edition_id)
    assert (hand.returned_by, hand.return_reason) == (REVIEWER, "日期写错")
    services.submit(edition_id=edition_id, by=CLERK, at=NOON)
    assert queries.edition_in_hand(edition_id=edition_id).return_reason == ""


def test_a_draft_laid_aside_is_kept_and_taken_up_again(database):
    opened()
    edition_id = drafted("website")
    with pytest.raises(LedgerError, match="say why"):
        services.shelve(edition_id=edition_id, by=CLERK, at=NOON, reason=" ")
    services.shelve(edition_id=edition_id, by=CLERK, at=NOON, reason="会议改期")
    assert [one.index_number for one in queries.shelved(offices=[OFFICE_CODE], by=CLERK)] == [NUMBER]
    with pytest.raises(RuleError):
        services.submit(edition_id=edition_id, by=CLERK, at=NOON)
    with pytest.raises(DuplicateError):  # its index number stays its own
        drafted("website")
    save(edition_id, by=CLERK, seen=None)
    assert queries.edition_in_hand(edition_id=edition_id).state is State.DRAFT


def test_a_correction_laid_aside_makes_way_and_does_not_come_back_beside_its_follower(database):
    opened()
    released("website")
    second = drafted("website", number=2, change_note="更正日期")
    services.shelve(edition_id=second, by=CLERK, at=NOON, reason="无须更正")
    third = drafted("website", number=3, change_note="更正地点")
    with pytest.raises(RuleError, match="overtaken since"):
        services.edit(edition_id=second, edition=an_edition(number=2, change_note="更正日期"), routes=routes("website"), by=CLERK, at=NOON)
    assert Item.objects.get().newest_id == third


@pytest.mark.parametrize("clash", ["006123456-2024-00017", "006123456/2024/00017"])
def test_two_items_of_an_office_never_share_an_address(database, clash):
    opened()
    drafted("website")
    with pytest.raises(DuplicateError, match="web address") as refusal:
        drafted("website", index_number=clash)
    assert (refusal.value.code, refusal.value.facts["other"]) == ("address_taken", NUMBER)
    assert EditionRow.objects.count() == 1


def test_an_index_number_without_an_address_is_refused(database):
    opened()
    with pytest.raises(DuplicateError, match="address"):
        drafted("website", index_number="索引号")


def test_the_same_index_number_is_simply_taken(database):
    opened()
    drafted("website")
    with pytest.raises(DuplicateError) as refusal:
        drafted("website")
    assert refusal.value.code == "taken"


def handed_over(office: Office, key: str, make: Callable[[str, int], Edition] | None = None, index_number: str = "") -> services.Taken:
    """What another program hands over whole."""
    return services.take_in(office=office, index_number=index_number, routes=routes("website"), by=CLERK, at=NOON, import_key=key,
                            make=make or (lambda number, edition: an_edition(index_number=number, number=edition)))


@pytest.mark.parametrize("line", ["the same", "another"])
def test_of_two_that_are_taken_in_at_once_the_slower_gets_another_number_or_is_known_already(database, line):
    """Between its look for a free number and its draft somebody was given that number."""
    office, quicker = opened(), list[services.Taken]()

    def slow(number: str, edition: int) -> Edition:
        if not quicker:
            quicker.append(handed_over(office, line))
        return an_edition(index_number=number, number=edition)

    slower = handed_over(office, "the same", slow)
    first, second = "006123456/2024-00001", "006123456/2024-00002"
    assert quicker[0].index_number == first
    assert (slower.index_number, slower.edition_id is None) == ((first, True) if line == "the same" else (second, False))
    assert Item.objects.count() == (1 if line == "the same" else 2)
    with pytest.raises(DuplicateError, match="is taken"):  # a number that was asked for stays asked for
        handed_over(office, "a third", index_number=first)


def test_two_offices_that_bring_the_same_files_do_not_block_each_other(database):
    """Whichever order they name them in."""
    offices, files = [opened(), opened(code="beicheng")], [b"%PDF first", b"%PDF second"]
    answers = meeting(2, 'INTO "ledger_blob"', lambda n: services.draft(
        edition=an_edition(office=offices[n].code, index_number=f"00612345{n}/2024-00001"), routes=routes("website"), by=CLERK, at=NOON,
        blobs=files if n else files[::-1]))
    assert [type(answer) for answer in answers] == [EditionRow, EditionRow]
    assert Blob.objects.count() == 2


def test_the_next_index_number_is_that_of_the_offices_own_year(database):
    office = opened()
    services.draft(edition=an_edition(), routes=routes("website"), by=CLERK, at=NOON, serial=office.index.parse(NUMBER))
    assert queries.next_index_number(office=an_office(), at=NOON) == "006123456/2024-00018"


def test_a_blob_is_read_by_its_hash(database):
    assert queries.blob(sha256=services.keep_blob(b"x")) == b"x"
    assert queries.blob(sha256="0" * 64) is None

"""The gate: nothing goes to the review with something found in it that nobody has answered for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import override_settings

from content.items import Attachment
from content.rules import RuleError, State
from content.screening import Severity, mask_body, screen, words_of
from ledger import queries, services
from ledger.editions import edition_seal
from ledger.errors import GateError, LedgerError, StaleError, UnknownError
from ledger.models import Edition, Justification, Screening
from ledger.services import gate
from tests.builders import an_edition
from tests.ledger.stage import CLERK, LEADER, NOON, REVIEWER, drafted, minutes, opened, released, routes

pytestmark = pytest.mark.ledger
MOBILE = "<p>如有疑问请联系居民张三，手机13812345678。</p>"
SECRET = "<p>机密★10年</p><p>内容从略。</p>"
OTHER = "<p>如有疑问请联系居民李四，手机13912345678。</p>"


def submit(edition_id: int) -> None:
    services.submit(edition_id=edition_id, by=CLERK, at=NOON)


def state(edition_id: int) -> str:
    return Edition.objects.values_list("state", flat=True).get(pk=edition_id)


def keys(edition_id: int) -> list[str]:
    return [one.key for one in queries.gate(edition_id=edition_id).open]


def test_a_draft_with_a_mobile_number_stays_with_its_drafter(database):
    opened()
    edition_id = drafted("website", body=MOBILE)
    with pytest.raises(GateError, match="neither masked nor justified") as refusal:
        submit(edition_id)
    assert refusal.value.code == "gate"
    assert [one.rule for one in refusal.value.findings] == ["mobile"]
    assert refusal.value.facts["keys"] == keys(edition_id)
    assert state(edition_id) == State.DRAFT
    assert "13812345678" not in str(refusal.value)


def test_what_is_kept_of_a_finding_holds_nothing_of_the_secret(database):
    opened()
    edition_id = drafted("website", body=MOBILE)
    services.justify(edition_id=edition_id, reasons=dict.fromkeys(keys(edition_id), "本人已书面同意公开"), by=CLERK, at=NOON)
    kept = [*Screening.objects.values_list("findings", flat=True), *Justification.objects.values_list("finding", flat=True)]
    assert kept
    assert "13812345678" not in str(kept)


def test_a_reason_in_writing_opens_the_gate_and_travels_with_the_review(database):
    opened()
    edition_id = drafted("website", body=MOBILE)
    services.justify(edition_id=edition_id, reasons=dict.fromkeys(keys(edition_id), "本人已书面同意公开"), by=CLERK, at=NOON)
    submit(edition_id)
    assert state(edition_id) == State.IN_REVIEW
    seen = queries.gate(edition_id=edition_id)
    assert seen.open == ()
    assert not seen.fresh
    (judged,) = seen.findings
    assert (judged.justification.by, judged.justification.reason) == (CLERK, "本人已书面同意公开")
    (record,) = queries.history(index_number="006123456/2024-00017").editions[0].justifications
    assert (record.kind, record.rule, record.edition_number) == ("justified", "mobile", 1)


def test_a_reason_holds_for_a_later_wording_and_for_no_other_finding(database):
    opened()
    edition_id = drafted("website", body=MOBILE)
    services.justify(edition_id=edition_id, reasons=dict.fromkeys(keys(edition_id), "本人已书面同意公开"), by=CLERK, at=NOON)
    services.edit(edition_id=edition_id, edition=an_edition(body=MOBILE + OTHER), routes=routes("website"), by=CLERK, at=NOON)
    with pytest.raises(GateError) as refusal:
        submit(edition_id)
    assert len(refusal.value.findings) == 1
    assert "李四" in refusal.value.findings[0].excerpt
    services.edit(edition_id=edition_id, edition=an_edition(body=MOBILE, title="换个标题"), routes=routes("website"), by=CLERK, at=NOON)
    submit(edition_id)


def test_masking_opens_it_too_and_is_written_down(database):
    opened()
    edition = an_edition(body=MOBILE)
    found = screen(words_of(edition))
    edition_id = drafted("website", body=MOBILE)
    clean = replace(edition, body=mask_body(edition.body, found))
    services.edit(edition_id=edition_id, edition=clean, routes=routes("website"), by=CLERK, at=NOON, masked=found)
    submit(edition_id)
    (record,) = queries.gate(edition_id=edition_id).records
    assert (record.kind, record.rule, record.by, record.reason) == ("masked", "mobile", CLERK, "")


def test_a_reason_is_more_than_blanks_and_is_given_to_what_is_there(database):
    opened()
    edition_id = drafted("website", body=MOBILE)
    (key,) = keys(edition_id)
    with pytest.raises(LedgerError) as blank:
        services.justify(edition_id=edition_id, reasons={key: " "}, by=CLERK, at=NOON)
    with pytest.raises(UnknownError) as strange:
        services.justify(edition_id=edition_id, reasons={"0" * 16: "理由"}, by=CLERK, at=NOON)
    assert (blank.value.code, strange.value.code) == ("reason", "no_such_finding")
    assert not Justification.objects.exists()


def test_only_a_draft_is_justified(database):
    opened()
    edition_id = drafted("website", body=MOBILE)
    reasons = dict.fromkeys(keys(edition_id), "本人已书面同意公开")
    services.justify(edition_id=edition_id, reasons=reasons, by=CLERK, at=NOON)
    submit(edition_id)
    with pytest.raises(RuleError, match="justified in a draft"):
        services.justify(edition_id=edition_id, reasons=reasons, by=CLERK, at=NOON)


def test_a_mark_of_secrecy_needs_the_reviewers_own_word(database):
    """The drafter's reason lets it into the review; one person alone never lets it pass."""
    opened()
    edition_id = drafted("website", body=SECRET)
    marks = [one for one in queries.gate(edition_id=edition_id).findings if one.finding.severity is Severity.SECRET]
    assert marks
    services.justify(edition_id=edition_id, reasons=dict.fromkeys(keys(edition_id), "保密期限已满，附解密通知"), by=CLERK, at=NOON)
    submit(edition_id)
    with pytest.raises(GateError) as refusal:
        services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON)
    assert refusal.value.code == "unconfirmed_secret"
    assert state(edition_id) == State.IN_REVIEW
    said = dict.fromkeys(refusal.value.facts["keys"], "已核对解密通知原件")
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON, confirmations=said)
    assert state(edition_id) == State.REVIEWED
    assert all(one.confirmation.by == REVIEWER for one in queries.gate(edition_id=edition_id).findings if one.finding.severity is Severity.SECRET)


def test_another_reviewer_confirms_anew(database):
    opened()
    edition_id = drafted("website", body=SECRET)
    services.justify(edition_id=edition_id, reasons=dict.fromkeys(keys(edition_id), "已解密"), by=CLERK, at=NOON)
    submit(edition_id)
    marks = [one.finding.key for one in queries.gate(edition_id=edition_id).findings]
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON, confirmations=dict.fromkeys(marks, "已核对"))
    services.return_to_drafter(edition_id=edition_id, by=LEADER, at=NOON, reason="日期写错")
    submit(edition_id)
    with pytest.raises(GateError):
        services.pass_review(edition_id=edition_id, by="何副主任", at=NOON)
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON)


def test_an_attachment_is_looked_into(database):
    opened()
    data = "姓名,身份证号\n张三,43010419900307001X\n".encode()
    sha256 = services.keep_blob(data)
    file = Attachment(name="名单.csv", media_type="text/csv", size=len(data), sha256=sha256)
    edition_id = drafted("website", attachments=(file,))
    with pytest.raises(GateError) as refusal:
        submit(edition_id)
    assert {one.field for one in refusal.value.findings} == {"attachment:名单.csv"}


def test_words_saved_while_they_were_screened_are_not_submitted(sqlite, monkeypatch):
    """The server looks outside the transaction, and compares within it."""
    opened()
    edition_id = drafted("website")
    looked = gate.screened

    def slowly(*, edition_id: int) -> gate.Screened:
        found = looked(edition_id=edition_id)
        services.edit(edition_id=edition_id, edition=an_edition(body=MOBILE), routes=routes("website"), by=CLERK, at=minutes(1))
        return found

    monkeypatch.setattr(gate, "screened", slowly)
    with pytest.raises(StaleError) as refusal:
        submit(edition_id)
    assert (refusal.value.code, refusal.value.facts["by"], refusal.value.facts["at"]) == ("edited_meanwhile", CLERK, minutes(1))
    assert state(edition_id) == State.DRAFT


def test_words_are_screened_once_while_they_stay(sqlite, monkeypatch):
    opened()
    edition_id = drafted("website", body=MOBILE)
    with pytest.raises(GateError):
        submit(edition_id)
    monkeypatch.setattr(gate, "screen", lambda *_: pytest.fail("looked again"))
    with pytest.raises(GateError):
        submit(edition_id)
    assert not queries.gate(edition_id=edition_id).fresh


def test_a_correction_keeps_the_reasons_of_the_edition_before(database):
    opened()
    edition_id = drafted("website", body=MOBILE)
    services.justify(edition_id=edition_id, reasons=dict.fromkeys(keys(edition_id), "本人已书面同意公开"), by=CLERK, at=NOON)
    released("website", index_number="006123456/2024-00018")
    submit(edition_id)
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON)
    hand = queries.edition_in_hand(edition_id=edition_id)
    sealed = {"website": "x"}
    services.sign_off(edition_id=edition_id, by=LEADER, at=NOON, renditions=sealed)
    services.release(edition_id=edition_id, by="tick", at=NOON, renditions=sealed)
    second = services.correct(edition=replace(hand.edition, number=2, change_note="更正日期"), routes=routes("website"), by=CLERK, at=NOON)
    submit(second.pk)
    assert state(second.pk) == State.IN_REVIEW


HOME = "<p>王某家住桔子洲街道麓山社区3栋2单元501室。</p>"
ANOTHER = "<p>张某家住桔子洲街道江堤社区118号9栋1203室。</p>"


def edited(edition_id: int, body: str) -> None:
    services.edit(edition_id=edition_id, edition=an_edition(body=body), routes=routes("website"), by=CLERK, at=NOON)


def agreed(body: str) -> int:
    """A draft whose findings have a reason."""
    opened()
    edition_id = drafted("website", body=body)
    services.justify(edition_id=edition_id, reasons=dict.fromkeys(keys(edition_id), "王某本人书面同意"), by=CLERK, at=NOON)
    assert keys(edition_id) == []
    return edition_id


def test_one_persons_consent_covers_nobody_else(database):
    edition_id = agreed(HOME)
    edited(edition_id, ANOTHER)
    assert len(keys(edition_id)) == 1
    with pytest.raises(GateError):
        submit(edition_id)
    edited(edition_id, HOME.replace("501", "502"))
    assert len(keys(edition_id)) == 1, "another door"
    edited(edition_id, ANOTHER + "<p>新的一段。</p>" + HOME)
    assert [one.justification is None for one in queries.gate(edition_id=edition_id).findings] == [True, False]
    edited(edition_id, "<p>新的一段。</p>" + HOME)
    submit(edition_id)


def test_a_correction_keeps_reasons_for_the_same_words_alone(database):
    edition_id = agreed(HOME)
    released("website", index_number="006123456/2024-00018")
    submit(edition_id)
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON)
    hand = queries.edition_in_hand(edition_id=edition_id)
    services.sign_off(edition_id=edition_id, by=LEADER, at=NOON, renditions={"website": "x"})
    services.release(edition_id=edition_id, by="tick", at=NOON, renditions={"website": "x"})
    second = services.correct(edition=replace(hand.edition, number=2, change_note="更正", body=HOME + ANOTHER), routes=routes("website"),
                              by=CLERK, at=NOON)
    assert [one.justification is None for one in queries.gate(edition_id=second.pk).findings] == [False, True]
    assert queries.gate(edition_id=edition_id).open == (), "what was signed stays answered"


def under_old_keys(edition_id: int) -> None:
    """The draft as an older version of the rules left it: found and justified under keys that were made otherwise."""
    row = Edition.objects.get(pk=edition_id)
    old = [replace(one.finding, key="0123456789abcdef") for one in queries.gate(edition_id=edition_id).findings]
    Screening.objects.create(edition=row, seal=edition_seal(row), version="2026.11", at=NOON, findings=[one.as_json() for one in old])
    Justification.objects.bulk_create([
        Justification(item=row.item, edition=row, kind=kind, key=one.key, rule=one.rule, finding=one.as_json(), reason="旧理由", by=by, at=NOON)
        for one in old for kind, by in ((gate.JUSTIFIED, CLERK), (gate.CONFIRMED, REVIEWER))])


def test_reasons_under_old_keys_are_asked_for_again_in_a_draft(database):
    opened()
    edition_id = drafted("website", body=HOME)
    under_old_keys(edition_id)
    seen = queries.gate(edition_id=edition_id)
    assert len(seen.open) == 1
    assert [record.reason for record in seen.records] == ["旧理由", "旧理由"]
    with pytest.raises(GateError):
        submit(edition_id)


@pytest.mark.parametrize("body", [HOME, SECRET])
def test_what_was_in_review_when_the_rules_changed_goes_on_under_its_reasons(database, body):
    """Its reviewer sees the findings it was handed in with, each with its reason, and can pass it."""
    opened()
    edition_id = drafted("website", body=body)
    under_old_keys(edition_id)
    Edition.objects.filter(pk=edition_id).update(state=State.IN_REVIEW)
    seen = queries.gate(edition_id=edition_id)
    assert seen.open == ()
    assert {one.justification.reason for one in seen.findings} == {"旧理由"}
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON)
    assert state(edition_id) == State.REVIEWED


def test_without_the_desks_key_nothing_is_justified_and_no_reason_is_taken_over(database):
    edition_id = agreed(HOME)
    with override_settings(SECRET_KEY=""):
        assert len(keys(edition_id)) == 1
        with pytest.raises(LedgerError, match="GONGKAI_DESK_KEY"):
            services.justify(edition_id=edition_id, reasons=dict.fromkeys(keys(edition_id), "理由"), by=CLERK, at=NOON)
    with override_settings(SECRET_KEY="another key"):
        assert len(keys(edition_id)) == 1, "with another key, reasons are asked for again"


def test_no_key_that_is_kept_can_be_guessed_from_the_words(database):
    edition_id = agreed("<p>王某，手机13812345678。</p>")
    found = screen(words_of(an_edition(body="<p>王某，手机13812345678。</p>")))
    kept = {*Justification.objects.values_list("key", flat=True), *(one.finding.key for one in queries.gate(edition_id=edition_id).findings)}
    assert kept.isdisjoint(one.key for one in found)
    assert kept.isdisjoint(one.key for one in screen(words_of(an_edition(body="<p>王某，手机13812345678。</p>")), secret=b"guess"))


@pytest.mark.parametrize("reason", ["\u200b", " \ufeff "])
def test_a_reason_that_nobody_can_read_is_none(database, reason):
    opened()
    edition_id = drafted("website", body=MOBILE)
    with pytest.raises(LedgerError) as blank:
        services.justify(edition_id=edition_id, reasons=dict.fromkeys(keys(edition_id), reason), by=CLERK, at=NOON)
    assert blank.value.code == "reason"

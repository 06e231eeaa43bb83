"""Three people: drafter, secrecy reviewer, signer. The rules decide, the database holds them to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from content.metadata import pairs
from content.rules import RuleError, State, Step, after, may_be_public, may_review, may_sign
from content.seals import sign_off_seal
from ledger.editions import edition_seal, mark
from ledger.errors import LedgerError, SealError
from ledger.models import Edition, Review, SignOff
from ledger.services import gate
from ledger.services.book import Book, edition_book

#: an edit, or a return, voids what was given
VOID: Mapping[str, Any] = {
    "reviewer": "", "signer": "", "seal": "", "urgent": False, "urgent_reason": "", "review_due_at": None, "later_reviewer": "",
    "later_reviewed_at": None, "later_verdict": ""}


def move(row: Edition, step: Step, **changes: Any) -> None:
    """Take an edition one step on.

    Raises:
        RuleError: the step is not open from where it stands.
    """
    Edition.objects.filter(pk=row.pk).update(state=after(State(row.state), step), **changes)


def as_seen(row: Edition, seen: str | None) -> None:
    """See that an edition is as whoever decides about it saw it (`EditionInHand.seen`); None: they do not say.

    Raises:
        StaleError: it was saved, or took a step, since.
    """
    if seen is not None and seen != mark(row, row.routes.all()):
        raise gate.edited_meanwhile(row)


def submit(*, edition_id: int, by: str, at: datetime, urgent: str = "") -> None:
    """送审: hand a draft to the secrecy review, once nothing found in it is left open. From here its words are frozen.

    `urgent`: why it should be signed before the review; a leader may then (`sign_urgently`), the reviewer still may, too.

    Raises:
        GateError: findings that are neither gone nor justified; what was found is kept.
        RuleError: it is no draft, `by` is not its drafter, it is not to be public, or its office has no urgent path.
        StaleError: it was saved while it was screened.
    """
    found = gate.screened(edition_id=edition_id)
    with edition_book(edition_id, by=by, at=at) as (opened, row):
        if by != row.drafter:
            raise RuleError(f"{row.item.index_number} is {row.drafter}'s draft; its drafter submits it", code="not_drafter",
                            index_number=row.item.index_number, drafter=row.drafter)
        after(State(row.state), Step.SUBMIT)
        to_be_public(row)
        if urgent.strip():
            may_be_urgent(opened, row)
        gate.keep(opened, row, found)
        if not (still_open := gate.unanswered(row.item_id, found.findings)):
            move(row, Step.SUBMIT, urgent_reason=urgent.strip(), returned_by="", return_reason="")
            opened.write("submitted", row.item.index_number, edition=row.number, **({"urgent": True} if urgent.strip() else {}))
    if still_open:
        raise gate.shut(row.item.index_number, still_open)


def may_be_urgent(book: Book, row: Edition) -> None:
    """See that the office has an urgent path.

    Raises:
        RuleError: it has none.
    """
    if not book.office.urgent:
        raise RuleError(f"{row.item.index_number}: office {book.office.code} has no urgent path; have it reviewed first", code="urgent_off",
                        index_number=row.item.index_number)


def to_be_public(row: Edition) -> None:
    """See that what is said of its disclosure lets it be published.

    Raises:
        RuleError: it is on request only, or withheld.
    """
    may_be_public(index_number=row.item.index_number, said=pairs(row.metadata))


def pass_review(*, edition_id: int, by: str, at: datetime, reason: str = "", confirmations: Mapping[str, str] | None = None,
                seen: str | None = None) -> None:
    """审查通过: the secrecy review found nothing that may not be published.

    `confirmations`: for each mark of secrecy, by its finding's key, why the reviewer says it is none.

    Raises:
        GateError: one of them is missing.
        RuleError: `by` wrote it, or it is not in review.
        StaleError: it is not as it was `seen`.
    """
    with edition_book(edition_id, by=by, at=at) as (opened, row):
        as_seen(row, seen)
        may_review(drafter=row.drafter, by=by)
        after(State(row.state), Step.PASS)
        gate.confirm(opened, row, confirmations or {})
        move(row, Step.PASS, reviewer=by)
        keep_review(opened, row, "pass", reason)


def refer_upward(*, edition_id: int, by: str, at: datetime, reason: str, seen: str | None = None) -> None:
    """报请上级: the reviewer is not sure; it stays in review until an answer comes (条例 Art. 17).

    Raises:
        LedgerError: no reason.
        RuleError: `by` wrote it, or it is not in review.
        StaleError: it is not as it was `seen`.
    """
    if not reason.strip():
        raise LedgerError("say what is doubtful; whoever is asked has to judge it", code="reason", what="refer")
    with edition_book(edition_id, by=by, at=at) as (opened, row):
        as_seen(row, seen)
        may_review(drafter=row.drafter, by=by)
        move(row, Step.REFER)
        keep_review(opened, row, "refer", reason)


def return_to_drafter(*, edition_id: int, by: str, at: datetime, reason: str, seen: str | None = None) -> None:
    """退回, with a reason, from review or from signature.

    Raises:
        LedgerError: no reason.
        RuleError: it is not waiting for either check, or `by` wrote it.
        StaleError: it is not as it was `seen`.
    """
    if not reason.strip():
        raise LedgerError("say why it is returned; the drafter has to mend it", code="reason", what="return")
    with edition_book(edition_id, by=by, at=at) as (opened, row):
        as_seen(row, seen)
        may_review(drafter=row.drafter, by=by)
        move(row, Step.RETURN, **VOID, returned_by=by, return_reason=reason.strip())
        keep_review(opened, row, "return", reason)


def keep_review(book: Book, row: Edition, verdict: str, reason: str) -> None:
    """Write down who looked at which words, and the verdict."""
    Review.objects.create(edition=row, by=book.by, at=book.at, verdict=verdict, reason=reason, seal=edition_seal(row))
    book.write(f"review: {verdict}", row.item.index_number, edition=row.number)


def sign_off(*, edition_id: int, by: str, at: datetime, renditions: Mapping[str, str], seen: str | None = None) -> SignOff:
    """签发: sign the edition and every rendition it will have.

    `renditions`: the seal of the rendition of every routed channel, by channel name, as the signer saw them.

    Raises:
        RuleError: `by` wrote or reviewed it, it is not reviewed, or not to be public.
        LedgerError: a routed channel's rendition is missing, or one too many is there.
        SealError: the words are not those that were reviewed.
        StaleError: it is not as it was `seen`.
    """
    with edition_book(edition_id, by=by, at=at) as (opened, row):
        as_seen(row, seen)
        may_sign(drafter=row.drafter, reviewer=row.reviewer, by=by)
        to_be_public(row)
        every_rendition(row, renditions)
        words = edition_seal(row)
        reviewed = row.reviews.filter(verdict="pass").order_by("-pk").first()
        if reviewed is None or reviewed.seal != words or reviewed.by != row.reviewer:
            raise SealError(f"{row.item.index_number}: these are not the words that were reviewed; have it reviewed again",
                            index_number=row.item.index_number)
        move(row, Step.SIGN_OFF, signer=by, seal=words, urgent_reason="")
        return keep_signature(opened, row, words, renditions, "signed off")


def every_rendition(row: Edition, renditions: Mapping[str, str]) -> None:
    """See that what is signed is what goes out: a rendition for each routed channel, and for no other.

    Raises:
        LedgerError: one is missing, or one too many is there.
    """
    routed = set(row.routes.values_list("channel", flat=True))
    if routed != set(renditions):
        raise LedgerError(f"{row.item.index_number} goes to {', '.join(sorted(routed))}; sign the renditions of these and no others",
                          code="renditions", index_number=row.item.index_number, channels=sorted(routed))


def keep_signature(book: Book, row: Edition, words: str, renditions: Mapping[str, str], verb: str) -> SignOff:
    """Write down who signed which words and renditions."""
    signed = SignOff.objects.create(edition=row, by=book.by, at=book.at, edition_seal=words, renditions=dict(renditions),
                                    seal=sign_off_seal(words, renditions))
    book.write(verb, row.item.index_number, edition=row.number, seal=signed.seal)
    return signed

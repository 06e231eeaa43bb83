"""急件: signed before the review, which follows within a day. For offices that switch it on.

Flagged and counted; and still nobody takes two of the steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from content.rules import LATER_REVIEW, RuleError, State, Step, after, may_review_afterwards, may_sign
from ledger.editions import edition_seal
from ledger.errors import LedgerError, SealError
from ledger.models import Edition, SignOff
from ledger.services import gate
from ledger.services.approval import VOID, as_seen, every_rendition, keep_review, keep_signature, may_be_urgent, move, to_be_public
from ledger.services.book import Book, edition_book

PASS, FAIL = "pass", "fail"


def sign_urgently(*, edition_id: int, by: str, at: datetime, renditions: Mapping[str, str], seen: str | None = None) -> SignOff:
    """急件签发: sign an edition in review whose drafter asked for it in writing. The review is due a day later.

    `renditions` as for `sign_off`.

    Raises:
        RuleError: `by` wrote it, nobody asked, its office has no urgent path, it is not in review, or not to be public.
        LedgerError: a routed channel's rendition is missing, or one too many is there.
        SealError: the words are not those that went through the gate.
        StaleError: it is not as it was `seen`.
    """
    with edition_book(edition_id, by=by, at=at) as (opened, row):
        as_seen(row, seen)
        may_sign(drafter=row.drafter, reviewer="", by=by)
        may_be_urgent(opened, row)
        after(State(row.state), Step.URGENT)
        if not row.urgent_reason:
            raise RuleError(f"{row.item.index_number}: its drafter did not ask for the urgent path; have it reviewed first",
                            code="not_urgent", index_number=row.item.index_number)
        to_be_public(row)
        every_rendition(row, renditions)
        words = edition_seal(row)
        if not row.screenings.filter(seal=words).exists():
            raise SealError(f"{row.item.index_number}: these are not the words that were screened; have it submitted again",
                            index_number=row.item.index_number)
        move(row, Step.URGENT, signer=by, seal=words, urgent=True, review_due_at=at + LATER_REVIEW)
        return keep_signature(opened, row, words, renditions, "signed urgently")


def review_afterwards(*, edition_id: int, by: str, at: datetime, verdict: str, reason: str = "",
                      confirmations: Mapping[str, str] | None = None, seen: str | None = None) -> None:
    """补审: the review of what was signed without one. `verdict`: pass or fail.

    What fails before it was public goes back to its drafter; what is public stands in `queries.to_withdraw` for a leader.

    Raises:
        LedgerError: another verdict, or a failure without a reason.
        RuleError: `by` wrote or signed it, it was reviewed already, or it was signed the ordinary way.
        GateError: a mark of secrecy passes without the reviewer's own word.
        StaleError: it is not as it was `seen`.
    """
    if verdict not in (PASS, FAIL):
        raise LedgerError(f"{verdict!r} is no verdict; pass or fail", code="refused")
    if verdict == FAIL and not reason.strip():
        raise LedgerError("say what is wrong; a leader has to judge it", code="reason", what="fail")
    with edition_book(edition_id, by=by, at=at) as (opened, row):
        as_seen(row, seen)
        may_review_afterwards(drafter=row.drafter, signer=row.signer, by=by)
        if not row.urgent or row.later_reviewed_at:
            raise RuleError(f"{row.item.index_number}, edition {row.number}, waits for no later review", code="step",
                            step="review_afterwards", state=str(row.state), open=[])
        if verdict == PASS:
            gate.confirm(opened, row, confirmations or {})
        keep_review(opened, row, f"{verdict} later", reason)
        _conclude(opened, row, verdict, reason)


def _conclude(book: Book, row: Edition, verdict: str, reason: str) -> None:
    if verdict == FAIL and row.state == State.SIGNED:
        move(row, Step.EDIT, **VOID, returned_by=book.by, return_reason=reason.strip())
        return
    Edition.objects.filter(pk=row.pk).update(later_reviewer=book.by, later_reviewed_at=book.at, later_verdict=verdict)

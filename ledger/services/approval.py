"""Three people: drafter, secrecy reviewer, signer. The rules decide, the database holds them to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from content.rules import RuleError, State, Step, after, may_review, may_sign
from content.seals import sign_off_seal
from ledger.editions import edition_seal
from ledger.errors import LedgerError, SealError, UnknownError
from ledger.models import Edition, Review, SignOff
from ledger.services.book import Book, book


@contextmanager
def _edition(edition_id: int, by: str, at: datetime) -> Iterator[tuple[Book, Edition]]:
    office = Edition.objects.filter(pk=edition_id).values_list("item__office__code", flat=True).first()
    if office is None:
        raise UnknownError(f"no edition with number {edition_id} in the ledger")
    with book(office=office, by=by, at=at) as opened:
        # read again under the office's lock: what was seen before it may have moved on
        yield opened, Edition.objects.select_related("item__office").get(pk=edition_id)


def _move(row: Edition, step: Step, **changes: str) -> None:
    Edition.objects.filter(pk=row.pk).update(state=after(State(row.state), step), **changes)


def submit(*, edition_id: int, by: str, at: datetime) -> None:
    """送审: hand a draft to the secrecy review. From here its words are frozen.

    Raises:
        RuleError: it is no draft, or `by` is not its drafter.
    """
    with _edition(edition_id, by, at) as (opened, row):
        if by != row.drafter:
            raise RuleError(f"{row.item.index_number} is {row.drafter}'s draft; its drafter submits it")
        _move(row, Step.SUBMIT)
        opened.write("submitted", row.item.index_number, edition=row.number)


def pass_review(*, edition_id: int, by: str, at: datetime, reason: str = "") -> None:
    """审查通过: the secrecy review found nothing that may not be published.

    Raises:
        RuleError: `by` wrote it, or it is not in review.
    """
    with _edition(edition_id, by, at) as (opened, row):
        may_review(drafter=row.drafter, by=by)
        _move(row, Step.PASS, reviewer=by)
        _review(opened, row, "pass", reason)


def refer_upward(*, edition_id: int, by: str, at: datetime, reason: str) -> None:
    """报请上级: the reviewer is not sure; it stays in review until an answer comes (条例 Art. 17).

    Raises:
        LedgerError: no reason.
        RuleError: `by` wrote it, or it is not in review.
    """
    if not reason.strip():
        raise LedgerError("say what is doubtful; whoever is asked has to judge it")
    with _edition(edition_id, by, at) as (opened, row):
        may_review(drafter=row.drafter, by=by)
        _move(row, Step.REFER)
        _review(opened, row, "refer", reason)


def return_to_drafter(*, edition_id: int, by: str, at: datetime, reason: str) -> None:
    """退回, with a reason, from review or from signature.

    Raises:
        LedgerError: no reason.
        RuleError: it is not waiting for either check, or `by` wrote it.
    """
    if not reason.strip():
        raise LedgerError("say why it is returned; the drafter has to mend it")
    with _edition(edition_id, by, at) as (opened, row):
        may_review(drafter=row.drafter, by=by)
        _move(row, Step.RETURN, reviewer="")
        _review(opened, row, "return", reason)


def _review(book: Book, row: Edition, verdict: str, reason: str) -> None:
    Review.objects.create(edition=row, by=book.by, at=book.at, verdict=verdict, reason=reason, seal=edition_seal(row))
    book.write(f"review: {verdict}", row.item.index_number, edition=row.number)


def sign_off(*, edition_id: int, by: str, at: datetime, renditions: Mapping[str, str]) -> SignOff:
    """签发: sign the edition and every rendition it will have.

    `renditions`: the seal of the rendition of every routed channel, by channel name, as the signer saw them.

    Raises:
        RuleError: `by` wrote or reviewed it, or it is not reviewed.
        LedgerError: a routed channel's rendition is missing, or one too many is there.
        SealError: the words are not those that were reviewed.
    """
    with _edition(edition_id, by, at) as (opened, row):
        may_sign(drafter=row.drafter, reviewer=row.reviewer, by=by)
        routed = set(row.routes.values_list("channel", flat=True))
        if routed != set(renditions):
            raise LedgerError(f"{row.item.index_number} goes to {', '.join(sorted(routed))}; sign the renditions of these and no others")
        words = edition_seal(row)
        reviewed = row.reviews.filter(verdict="pass").order_by("-pk").first()
        if reviewed is None or reviewed.seal != words or reviewed.by != row.reviewer:
            raise SealError(f"{row.item.index_number}: these are not the words that were reviewed; have it reviewed again")
        _move(row, Step.SIGN_OFF, signer=by, seal=words)
        signed = SignOff.objects.create(edition=row, by=by, at=at, edition_seal=words, renditions=dict(renditions),
                                        seal=sign_off_seal(words, renditions))
        opened.write("signed off", row.item.index_number, edition=row.number, seal=signed.seal)
        return signed

"""The gate: what was found in the words, and what people said to it. Nothing goes to the review with an open finding.

The server screens, whatever the page said, and outside the transaction: attachments take a while to look into. The seal
of the words is compared inside it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import salted_hmac

from content.items import Edition as EditionValue
from content.items import blank
from content.rules import RuleError, State
from content.screening import VERSION, File, Finding, Severity, screen, words_of
from content.seals import seal
from ledger.editions import edition_seal, value
from ledger.errors import GateError, LedgerError, StaleError, UnknownError
from ledger.models import Blob, Edition, Justification, Screening
from ledger.services.book import Book, edition_book

MASKED, JUSTIFIED, CONFIRMED = "masked", "justified", "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What was found in which words."""

    seal: str
    findings: tuple[Finding, ...]
    kept: bool  #: read from the record, and not looked for just now


def gate_secret() -> bytes:
    """What keys the findings, from Django's SECRET_KEY: the desk's key, which lies outside the database and in no record.

    Empty in a process without one (the ledger's own settings, under which flows run): what is found there is not justified there.
    """
    try:
        return salted_hmac("gongkai.findings", "key", algorithm="sha256").digest()
    except ImproperlyConfigured:
        return b""


def version() -> str:
    """Of the rules, and of the secret that keys what they find: after a change of either, drafts are looked into anew."""
    own = gate_secret()
    return f"{VERSION} {hmac.new(own, b'version', hashlib.sha256).hexdigest()[:8]}" if own else VERSION


def screened(*, edition_id: int) -> Screened:
    """What is to be found in an edition as it stands: from the record where these very words were screened by these rules before.

    What has left its drafter is judged by what was found when it did, also after the rules or the secret have changed: its reasons were
    given for that, under those keys.

    Raises:
        UnknownError: no such edition.
    """
    row = Edition.objects.select_related("item__office").filter(pk=edition_id).first()
    if row is None:
        raise UnknownError(f"no edition with number {edition_id} in the ledger", what="edition", name=str(edition_id))
    words = value(row, office=row.item.office.code, index_number=row.item.index_number)
    sealed = seal(words)
    records = Screening.objects.filter(edition=row, seal=sealed).order_by("-pk")
    if (known := (records.filter(version=version()) if row.state == State.DRAFT else records).first()) is not None:
        return Screened(seal=sealed, findings=tuple(Finding.from_json(one) for one in known.findings), kept=True)
    return Screened(seal=sealed, findings=screen(words_of(words), _files(words), secret=gate_secret()), kept=False)


def _files(words: EditionValue) -> Iterable[File]:
    # one at a time: attachments are large
    for kind, files in (("image", words.images), ("attachment", words.attachments)):
        for file in files:
            data = Blob.objects.filter(pk=file.sha256).values_list("data", flat=True).first()
            if data is None:
                raise UnknownError(f"the bytes of {file.name} are not in the ledger", what="blob", name=file.name)
            yield File(kind=kind, name=file.name, data=bytes(data), alt=getattr(file, "alt", ""))


def keep(book: Book, row: Edition, found: Screened) -> None:
    """Keep what was found with the edition.

    Raises:
        StaleError: these are no longer the words that were screened.
    """
    if edition_seal(row) != found.seal:
        raise edited_meanwhile(row)
    if not found.kept:
        Screening.objects.get_or_create(edition=row, seal=found.seal, version=version(), defaults={
            "at": book.at, "findings": [finding.as_json() for finding in found.findings]})


def edited_meanwhile(row: Edition) -> StaleError:
    """Who saved meanwhile, and when."""
    at = row.saved_at or row.drafted_at
    return StaleError(f"{row.item.index_number} is no longer as it was read: {row.drafter} saved it at {at:%Y-%m-%d %H:%M %Z}, and it is "
                      f"{row.state} now; read it again", code="edited_meanwhile", index_number=row.item.index_number, by=row.drafter, at=at,
                      state=str(row.state))


def unanswered(item_id: int, findings: Sequence[Finding]) -> list[Finding]:
    """Findings that nobody has justified, in this wording or in an earlier one of the item. Reasons under older keys count no more."""
    if not findings:
        return []
    told = set(Justification.objects.filter(item=item_id, kind=JUSTIFIED).values_list("key", flat=True))
    return [finding for finding in findings if finding.key not in told]


def shut(index_number: str, findings: Sequence[Finding]) -> GateError:
    """The refusal that open findings make."""
    return GateError(f"{index_number}: {len(findings)} findings are neither masked nor justified: "
                     + "; ".join(f"{one.label}, {one.place}" for one in findings[:5]), findings=findings, index_number=index_number)


def justify(*, edition_id: int, reasons: Mapping[str, str], by: str, at: datetime) -> None:
    """说明理由: say in writing why findings may stand, by their keys. The same words about the same person need no second reason later.

    Raises:
        UnknownError: no such edition, or no such finding in its words.
        LedgerError: a reason is missing.
        RuleError: it is no draft.
        StaleError: it was saved meanwhile.
    """
    if not gate_secret():
        raise LedgerError("findings are justified where the desk's key is (GONGKAI_DESK_KEY, or desk.key); there is none here",
                          code="refused")
    found = screened(edition_id=edition_id)
    by_key = {finding.key: finding for finding in found.findings}
    for key, reason in reasons.items():
        if key not in by_key:
            raise UnknownError(f"finding {key} is not in these words; screen them again", code="no_such_finding", key=key)
        if blank(reason):
            raise LedgerError(f"say in writing why {by_key[key].label} may stand", code="reason", what=key)
    with edition_book(edition_id, by=by, at=at) as (opened, row):
        if row.state != State.DRAFT:
            raise RuleError(f"{row.item.index_number} is {row.state}; findings are justified in a draft", code="step", step="justify",
                            state=str(row.state), open=[])
        keep(opened, row, found)
        write_down(opened, row, JUSTIFIED, {by_key[key]: reason.strip() for key, reason in reasons.items()})


def write_down(book: Book, row: Edition, kind: str, reasons: Mapping[Finding, str]) -> None:
    """Keep what became of findings, and who says so."""
    if not reasons:
        return
    Justification.objects.bulk_create([
        Justification(item=row.item, edition=row, kind=kind, key=one.key, rule=one.rule, finding=one.as_json(), reason=reason, by=book.by,
                      at=book.at) for one, reason in reasons.items()])
    book.write(f"findings {kind}", row.item.index_number, edition=row.number, rules=sorted({one.rule for one in reasons}),
               keys=[one.key for one in reasons][:100])


def confirm(book: Book, row: Edition, confirmations: Mapping[str, str]) -> None:
    """Keep the reviewer's own word on marks of secrecy: the drafter's alone lets none of them pass.

    Raises:
        GateError: one of them has none.
    """
    kept = row.screenings.filter(seal=edition_seal(row)).order_by("-pk").first()
    secret = [one for one in map(Finding.from_json, kept.findings if kept else ()) if one.severity is Severity.SECRET]
    if not secret:
        return
    told = set(Justification.objects.filter(item=row.item_id, kind=CONFIRMED, by=book.by).values_list("key", flat=True))
    said = {one: confirmations.get(one.key, "").strip() for one in secret if one.key not in told}
    if missing := [one for one, reason in said.items() if blank(reason)]:
        raise GateError(f"{row.item.index_number}: {len(missing)} marks of secrecy need the reviewer's own written confirmation: "
                        + "; ".join(f"{one.label}, {one.place}" for one in missing[:5]), findings=missing, code="unconfirmed_secret",
                        index_number=row.item.index_number)
    write_down(book, row, CONFIRMED, said)

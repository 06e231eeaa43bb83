"""A report that was handed in, handed over as an item: it goes on through review and sign-off as every item does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels.errors import UnsuitableError
from channels.house import OfficeHand
from content.records import RecordError, read_record
from flows import intake
from flows.intake import Read
from flows.reporting import MAKER, Made, ReportError, papers_of
from ledger import queries
from ledger.queries import Frozen
from ledger.services import Taken
from reports.making import period_word
from reports.papers import dress, public_papers
from reports.publishing import ATTACHED, called, item_key, keywords, summary
from reports.writers import page


def hand_over(hand: OfficeHand, made: Made, *, by: str, at: datetime, column: str = "") -> tuple[Taken, list[str]]:
    """Draft the item that a report is: its page as the body, its papers and the rows behind it as attachments. Twice is once.

    `column`: the slug of the column it stands in; else `report.column` of gongkai.toml. With the item, which of the column's channels
    cannot carry it and were left out, and why.

    Raises:
        ReportError: it was not handed in, or does not come out as it was; there is no such column, or no channel of it can carry the
            report; or its item says an older one, which a clerk renews at the desk.
        LedgerError: the ledger refuses it.
    """
    kept, found = made.kept, hand.office.by_slug.get(column or hand.office.report_column)
    if kept is None:
        raise ReportError(f"{made.name} was not handed in yet; `gongkai report --freeze` does that")
    if found is None:
        raise ReportError(f"no column {column!r}; name one with --column, or as report.column in gongkai.toml: "
                          f"{', '.join(hand.office.by_slug)}")
    if made.report.filing.as_json() != kept.filing:
        raise ReportError(f"{made.name} does not come out as it was handed in; `gongkai report --verify` says where")
    key = item_key(made.asked.form, period_word(made.asked))
    if (number := queries.imported(office=hand.office.code, import_key=key)) is not None:
        return _again(number, kept), []
    said, files = _record(hand, made, at=at)
    able: list[str] = []
    left_out: list[str] = []
    for name in found.channels:
        fault = _fault(hand, {**said, "column": found.slug, "category": found.category, "channels": [name]}, files, at=at)
        (left_out if fault else able).append(f"{name} cannot carry it and was left out: {fault}" if fault else name)
    if not able:
        raise ReportError(f"{made.name} cannot become an item: " + "; ".join(left_out or ["its column has no channel"]))
    whole = {**said, "column": found.slug, "category": found.category, "channels": able}
    return intake.keep(hand, _read(hand, whole, files, at=at, key=key), by=by, at=at), left_out


def _again(number: str, kept: Frozen) -> Taken:
    """The item that it was handed over as.

    Raises:
        ReportError: that says another report, or was withdrawn.
    """
    known = queries.find_item(index_number=number)
    newest = queries.edition_in_hand(edition_id=known.newest_id) if known else None
    says_it = newest is not None and kept.seals.get("report.pdf") in {file.sha256 for file in newest.edition.attachments}
    if known is None or known.withdrawn or not says_it:
        how = "was withdrawn" if known and known.withdrawn else "says an older one"
        raise ReportError(f"{number} is the item of this report, and {how}; a clerk renews it at the desk, on the page where it was kept")
    return Taken(index_number=number, edition_id=None)


def _record(hand: OfficeHand, made: Made, *, at: datetime) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the item says, but for its place; and its files by their names."""
    office, report, kept = hand.office, made.report, made.kept
    title, worn = report.filing.title, dress(made.asked, setter=hand.setter, signed_on=kept.signed_on if kept else None, final=True)
    papers = {**papers_of(hand, made), **public_papers(made.asked, report, MAKER, worn=worn, at=at)}
    files = {called(title, name): papers[name] for name in ATTACHED if name in papers}
    signed_on = (kept.signed_on or kept.at.astimezone(office.tz).date()) if kept else at.astimezone(office.tz).date()
    shown = page.pictures(report, worn)
    said = {"title": title, "body": page.body(report, worn), "summary": summary(report), "keywords": list(keywords(report)),
            "made_on": signed_on.isoformat(), "attachments": [{"file": name, "name": name} for name in files],
            "images": [{"file": one.name, "name": one.name, "alt": one.alt} for one in shown]}
    return said, files | {one.name: one.data for one in shown}


def _read(hand: OfficeHand, said: dict[str, Any], files: dict[str, bytes], *, at: datetime, key: str) -> Read:
    record = read_record(said, office=hand.office, channels=frozenset(hand.sections), today=at.astimezone(hand.office.tz).date(),
                         load=files.__getitem__)
    return Read(record=record, channels=hand.carried(record.channels), key=key)


def _fault(hand: OfficeHand, said: dict[str, Any], files: dict[str, bytes], *, at: datetime) -> str:
    """Why a channel cannot carry it; empty where it can."""
    try:
        _read(hand, said, files, at=at, key="").edition(hand, hand.office.index.compose(at.year, 1), 1)
    except (RecordError, UnsuitableError) as error:
        return str(error)
    return ""

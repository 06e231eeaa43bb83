"""A report that was handed in, handed over as an item: it goes on through review and sign-off as every item does."""

from __future__ import annotations

from datetime import datetime

from channels.errors import UnsuitableError
from channels.house import OfficeHand
from content.records import RecordError, read_record
from flows import intake
from flows.intake import Read
from flows.reporting import Made, ReportError, papers_of
from ledger.services import Taken
from reports.making import period_word
from reports.papers import dress
from reports.publishing import ATTACHED, called, item_key, keywords, public, summary
from reports.writers import WRITERS, page


def hand_over(hand: OfficeHand, made: Made, *, by: str, at: datetime, column: str = "") -> Taken:
    """Draft the item that a report is: its page as the body, its papers and the rows behind it as attachments. Twice is once.

    `column`: the slug of the column it stands in; else `report.column` of gongkai.toml.

    Raises:
        ReportError: it was not handed in, there is no such column, or a channel of the column cannot carry it.
        LedgerError: the ledger refuses it.
    """
    office, kept = hand.office, made.kept
    if kept is None:
        raise ReportError(f"{made.name} was not handed in yet; `gongkai report --freeze` does that")
    found = office.by_slug.get(column or office.report_column)
    if found is None:
        raise ReportError(f"no column {column!r}; name one with --column, or as report.column in gongkai.toml: {', '.join(office.by_slug)}")
    title, worn = made.report.filing.title, dress(made.asked, setter=hand.setter, signed_on=kept.signed_on, final=True)
    # the sheet without the names of those who recorded its facts
    papers = {**papers_of(hand, made), "report.xlsx": WRITERS["xlsx"](public(made.report), worn)}
    files = {called(title, name): papers[name] for name in ATTACHED if name in papers}
    signed_on = kept.signed_on or kept.at.astimezone(office.tz).date()
    said = {"title": title, "body": page.body(made.report, worn), "summary": summary(made.report), "keywords": list(keywords(made.report)),
            "column": found.slug, "category": found.category, "made_on": signed_on.isoformat(),
            "channels": list(found.channels), "attachments": [{"file": name, "name": name} for name in files]}
    try:
        record = read_record(said, office=office, channels=frozenset(hand.sections), today=at.astimezone(office.tz).date(),
                             load=files.__getitem__)
        return intake.keep(hand, Read(record=record, channels=hand.carried(record.channels),
                                      key=item_key(made.asked.form, period_word(made.asked))), by=by, at=at)
    except (RecordError, UnsuitableError) as error:
        raise ReportError(f"{made.name} cannot become an item: {error}") from error

"""A frozen report as an item: which one it is, and how it becomes one. From there on it goes through the same hands as every item.

The item is known by its key: the ledger takes one item of a key, so that no report is handed over twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count

from django.utils.translation import gettext as _

from content.items import Edition
from content.rules import State
from desk.access import Seat
from desk.forms.reading import Faults
from desk.forms.saving import Saved, save_correction, save_edit, save_new
from desk.forms.shown import SHORT_TITLE
from desk.forms.typed import FileKept, Typed, blank, from_edition
from desk.handing import PAPERS, UnmadeError, as_frozen, report_of
from desk.reporting import MAKER
from desk.words import channel_word
from ledger import queries, services
from ledger.queries import Frozen, Known
from ledger.queries.public import item_in_hand
from reports.keeping import asked_again
from reports.making import Asked, period_word
from reports.papers import dress, public_papers
from reports.publishing import ATTACHED, ITEM, called, item_key, keywords, summary
from reports.report import Report
from reports.writers import Dress, page

OWN = ("report.pdf", "report.docx")  #: the papers by which an edition is known to be of one report and no other


@dataclass(frozen=True, slots=True, kw_only=True)
class AsItem:
    """The item that a report was handed over as, in its newest edition."""

    index_number: str
    nth: int  #: of the items that this report was: those before it were withdrawn
    item_id: int
    edition_id: int
    state: State
    drafter: str
    withdrawn: bool
    released: bool
    says_it: bool  #: this very report, and not the one that it restates
    body: str
    files: frozenset[str]  #: the seals of what is attached


def item_of(office: str, asked: Asked | Frozen, kept: Frozen | None) -> AsItem | None:
    """The last item that a report was handed over as."""
    known: tuple[str, int, Known] | None = None
    for nth in count(1):
        number = queries.imported(office=office, import_key=_key(asked, nth))
        found = queries.find_item(index_number=number) if number else None
        if number is None or found is None:
            break
        known = number, nth, found
    if known is None:
        return None
    number, nth, found = known
    newest = queries.edition_in_hand(edition_id=found.newest_id)
    own = {kept.seals.get(name) for name in OWN} if kept else set()
    files = frozenset(file.sha256 for file in newest.edition.attachments)
    return AsItem(index_number=number, nth=nth, item_id=found.item_id, edition_id=found.newest_id, state=found.newest_state,
                  drafter=newest.drafter, withdrawn=found.withdrawn, released=found.released,
                  says_it=bool(files & own), body=newest.edition.body, files=files)


def _key(asked: Asked | Frozen, nth: int) -> str:
    """The key of a report's first, second … item. A second is needed only once the first was withdrawn."""
    return item_key(asked.form, period_word(asked), nth)


def report_of_item(index_number: str) -> tuple[str, str] | None:
    """Form and days of the report that an item is; None where it is none."""
    known = queries.find_item(index_number=index_number)
    parts = (known.import_key or "").split(":") if known else []
    return (parts[1], parts[2]) if len(parts) >= 3 and parts[0] == ITEM else None


def body_of(seat: Seat, kept: Frozen) -> str:
    """What an item that is this report says.

    Raises:
        UnmadeError: it cannot be made any more as it was kept.
    """
    return page.body(_again(seat, kept), _dress(seat, kept))


def other_files(item: AsItem, kept: Frozen) -> bool:
    """Whether PDF or Word of an item are not the ones that were frozen."""
    return not {seal for name in OWN if (seal := kept.seals.get(name))} <= item.files


def _again(seat: Seat, kept: Frozen) -> Report:
    """The report, made again as of the instant it was frozen.

    Raises:
        UnmadeError: it does not come out as it was kept.
    """
    report = report_of(asked_again(seat.hand.office, kept))
    if report.filing.as_json() != kept.filing:
        raise UnmadeError(_("按定稿时的台账重新生成的报告，与定稿时不同（例如单位名称或报告格式改过），没有转为信息；请先更正这份报告。"))
    return report


def _dress(seat: Seat, kept: Frozen) -> Dress:
    return dress(asked_again(seat.hand.office, kept), setter=seat.hand.setter, signed_on=kept.signed_on, final=True)


def fixed(typed: Typed, edition: Edition) -> Typed:
    """What somebody typed of an item; where it is a report, with the report's own words: they are changed in the report alone."""
    return typed.with_texts(title=edition.title, body=edition.body) if report_of_item(edition.index_number) else typed


def hand_over(seat: Seat, kept: Frozen, *, column: str) -> Saved:
    """Make a frozen report an item's draft. Once it was restated: renew the draft that is open, or draft a correction of what is public.

    Raises:
        UnmadeError: it was handed over already, or cannot be made any more as it was frozen.
    """
    item = item_of(seat.office, kept, kept)
    if item is None or item.withdrawn:
        # the key that this look found free, and no later one: whoever was quicker has taken it, and is found by it
        return _as_new(seat, kept, column, key=_key(kept, item.nth + 1 if item else 1))
    if item.says_it:
        raise UnmadeError(_("这份报告已由%(by)s转为信息 %(number)s，没有再转一次；请在那条信息上继续办理。") % {
            "by": item.drafter, "number": item.index_number})
    if item.state is State.RELEASED:
        shown = item_in_hand(item_id=item.item_id).shown
        assert shown is not None  # noqa: S101 - it is released and not withdrawn
        before = from_edition(shown.edition, channels=shown.channels, routes=(), hand=seat.hand, seen="", key="")
        return save_correction(seat, _filled(seat, kept, before).with_texts(change_note=kept.reason), shown.edition, Faults())
    held = queries.edition_in_hand(edition_id=item.edition_id)
    before = from_edition(held.edition, channels=held.channels, routes=held.routes, hand=seat.hand, seen=held.seen, key="")
    if held.edition.number > 1:
        before = before.with_texts(change_note=kept.reason)
    return save_edit(seat, _filled(seat, kept, before), held, Faults())


def _as_new(seat: Seat, kept: Frozen, column: str, *, key: str) -> Saved:
    """A draft for the channels of its column. Where one cannot carry it (a sheet of paper ends) it goes to the others, and that is said."""
    office = seat.hand.office
    number = queries.next_index_number(office=office, at=seat.at)
    found = office.by_slug[column]
    typed = replace(_filled(seat, kept, blank(seat.hand, at=seat.at, key="", proposed=number)),
                    channels=tuple(name for name in found.channels if name not in seat.hand.follows))
    typed = typed.with_texts(column=column, category=found.category)
    saved = save_new(seat, typed, Faults(), import_key=key)
    if saved.edition_id is None and saved.faults.channels and not saved.faults.fields:
        notes = [_("%(channel)s放不下这份报告，没有选：%(why)s") % {"channel": channel_word(name, seat.hand), "why": why}
                 for name, why in saved.faults.channels.items()]
        left = tuple(name for name in typed.channels if name not in saved.faults.channels)
        left = left or tuple(name for name, section in seat.hand.sections.items() if section.kind == "website")[:1]
        saved = save_new(seat, replace(typed, channels=left), Faults(), import_key=key)
        saved.notes += notes
    return saved


def _filled(seat: Seat, kept: Frozen, before: Typed) -> Typed:
    """A writing form with the report's words and papers in it; what else stands there stays."""
    office, report, worn = seat.hand.office, _again(seat, kept), _dress(seat, kept)
    title, signed_on = report.filing.title, kept.signed_on or kept.at.astimezone(office.tz).date()
    short = title.replace(office.name, office.short_name)
    files = _files(seat, kept, report, public_papers(asked_again(office, kept), report, MAKER, worn=worn, at=seat.at))
    others = tuple(one for one in before.attachments if not _paper(one, kept))
    shown = tuple(FileKept(sha256=services.keep_blob(one.data), name=one.name, alt=one.alt) for one in page.pictures(report, worn))
    return replace(before, attachments=(*files, *others), images=shown).with_texts(
        title=title, short_title=short if len(title) > SHORT_TITLE >= len(short) else before.short_title, body=page.body(report, worn),
        summary=summary(report), keywords="、".join(keywords(report)), made_on=signed_on.isoformat())


def _paper(file: FileKept, kept: Frozen) -> bool:
    """Whether a file is a paper of this report or of one that it restates: by its seal or by its name."""
    reports = queries.frozen_reports(office=kept.office, form=kept.form, year=kept.year, period=kept.period)
    names = {called(str(one.filing["title"]), name) for one in reports for name in ATTACHED}
    return file.name in names or any(file.sha256 in one.seals.values() for one in reports)


def _files(seat: Seat, kept: Frozen, report: Report, made: Mapping[str, bytes]) -> tuple[FileKept, ...]:
    """The papers that go with it: those that were `made` for the public, of the others the very bytes that were frozen."""
    names = [name for name in ATTACHED if name in kept.seals]
    found, differing = as_frozen(seat.hand, kept, *(name for name in names if name not in made))
    if differing:
        lost = _("、").join(str(PAPERS[name]) for name in differing)
        raise UnmadeError(_("定稿文件没有留存，重新生成的与定稿时不同：%(papers)s。没有转为信息；请先更正这份报告。") % {"papers": lost})
    return tuple(FileKept(sha256=services.keep_blob({**found, **made}[name]), name=called(report.filing.title, name))
                 for name in names)

"""Saving a form: read, screened where asked, written by one service; or refused with everything that was typed still in hand."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from content import metadata
from content.items import Attachment, Edition, Image
from content.readers import clean
from content.rules import RuleError
from content.screening import File as Screened
from content.screening import Finding, mask_words, screen_file, screen_words, words_of
from desk.access import Seat
from desk.forms.reading import FORM, Faults, Read, load, read
from desk.forms.typed import Typed
from desk.words import said
from ledger import queries, services
from ledger.errors import DuplicateError, LedgerError, StaleError
from ledger.queries import EditionInHand

TRIES = 5  #: for an index number that somebody else took meanwhile
#: where a refusal of the ledger is shown
FIELDS = {
    "taken": "index_number", "address_taken": "index_number", "change_note": "change_note", "no_route": "channels",
    "route_twice": "channels", "route_closed": "channels", "route_lost": "channels", "route_times": "release_at",
    "route_late": "release_at", "files": "attachments"}


@dataclass(slots=True, kw_only=True)
class Saved:
    """How saving went."""

    typed: Typed  #: as it stands now
    faults: Faults = field(default_factory=Faults)
    edition_id: int | None = None  #: None: nothing was written
    changed: bool = False  #: whether the words or routes are others than before
    treated: tuple[Finding, ...] = ()  #: what was masked or cleaned
    conflict: StaleError | None = None
    twin: bool = False  #: this very form was saved before
    notes: list[str] = field(default_factory=list)


def save_new(seat: Seat, typed: Typed, faults: Faults, *, import_key: str | None = None) -> Saved:
    """Draft a new item. The same form sent twice drafts one. `faults`: what was refused already, of its files.

    `import_key`: what it comes from, where that is more than the form; of one thing there is one item.
    """
    saved = Saved(typed=typed, faults=faults)
    for _attempt in range(TRIES):
        found = read(saved.typed, hand=seat.hand, at=seat.at, number=1, faults=saved.faults)
        if found is None:
            return saved
        try:
            row = services.draft(edition=found.edition, routes=_routes(seat, found), by=seat.person, at=seat.at, blobs=found.record.blobs,
                                 serial=seat.hand.office.index.parse(found.edition.index_number),
                                 import_key=import_key or _import_key(typed))
        except DuplicateError as error:
            if error.code == "imported":  # a second click on the same form, or the way back to it
                known = queries.find_item(index_number=str(error.facts["other"]))
                saved.edition_id, saved.twin = (known.newest_id if known else None), True
                return saved
            if error.code != "taken" or saved.typed.index_number != typed.proposed:
                _refuse(seat, saved, error)
                return saved
            free = queries.next_index_number(office=seat.hand.office, at=seat.at)
            saved.notes.append(_("索引号 %(taken)s 刚被同事用掉，已改用 %(free)s。") % {"taken": typed.index_number, "free": free})
            saved.typed = saved.typed.with_texts(index_number=free)
            typed = replace(saved.typed, proposed=free)
        except (LedgerError, RuleError) as error:
            _refuse(seat, saved, error)
            return saved
        else:
            saved.edition_id, saved.changed = row.pk, True
            return saved
    saved.faults.add("index_number", _("这个索引号一再被占用，请换一个。"))
    return saved


def _import_key(typed: Typed) -> str | None:
    """A form is sent twice by an impatient click: the ledger takes it once."""
    return hashlib.sha256(f"desk {typed.key}".encode()).hexdigest() if typed.key else None


def save_edit(seat: Seat, typed: Typed, held: EditionInHand, faults: Faults, *, treat: Collection[str] = ()) -> Saved:
    """Save an edition that is not yet public. `treat`: keys of findings to be masked or cleaned. Unchanged words are not written again."""
    typed = typed.with_texts(index_number=held.edition.index_number)
    saved = Saved(typed=typed, faults=faults)
    found = read(typed, hand=seat.hand, at=seat.at, number=held.edition.number, faults=saved.faults)
    if found is None:
        return saved
    edition, saved.treated, blobs = treated(found.edition, treat)
    routes = _routes(seat, found)
    saved.edition_id = held.edition_id
    if edition == held.edition and _same_routes(routes, held) and typed.seen == held.seen:
        return saved
    try:
        services.edit(edition_id=held.edition_id, edition=edition, routes=routes, by=seat.person, at=seat.at,
                      blobs=[*found.record.blobs, *blobs], seen=typed.seen or None, masked=saved.treated)
    except StaleError as error:
        if _sent_before(seat, edition, routes, held.edition_id):
            saved.changed = True
            return saved
        saved.conflict, saved.edition_id, saved.treated = error, None, ()
    except (LedgerError, RuleError) as error:
        _refuse(seat, saved, error)
        saved.treated = ()
    else:
        saved.changed = True
    return saved


def save_correction(seat: Seat, typed: Typed, shown: Edition, faults: Faults) -> Saved:
    """Draft a correction of a released item."""
    typed = typed.with_texts(index_number=shown.index_number)
    saved = Saved(typed=typed, faults=faults)
    number = queries.next_edition(index_number=shown.index_number)
    found = read(typed, hand=seat.hand, at=seat.at, number=number, faults=saved.faults)
    if found is None:
        return saved
    if replace(found.edition, number=shown.number, change_note=shown.change_note) == shown:
        saved.faults.add(FORM, _("内容和已公开的版本完全一样，没有什么可更正的。"))
        return saved
    routes = _routes(seat, found)
    try:
        row = services.correct(edition=found.edition, routes=routes, by=seat.person, at=seat.at, blobs=found.record.blobs)
    except (LedgerError, RuleError) as error:
        known = queries.find_item(index_number=shown.index_number) if error.code == "not_next" else None
        if known and _sent_before(seat, found.edition, routes, known.newest_id):
            saved.edition_id, saved.changed = known.newest_id, True
        else:
            _refuse(seat, saved, error)
    else:
        saved.edition_id, saved.changed = row.pk, True
    return saved


def _sent_before(seat: Seat, edition: Edition, routes: Iterable[services.RouteAsked], edition_id: int) -> bool:
    """Whether an edition stands as this person has just sent it: an impatient click sends a form twice."""
    stands = queries.edition_in_hand(edition_id=edition_id)
    return (stands.drafter == seat.person and stands.edition == replace(edition, number=stands.edition.number)
            and _same_routes(routes, stands))


def _routes(seat: Seat, found: Read) -> list[services.RouteAsked]:
    return seat.hand.routes(found.channels, release_at=found.record.release_at)


def _same_routes(routes: Iterable[services.RouteAsked], held: EditionInHand) -> bool:
    return {(one.channel, one.release_at) for one in routes} == {(one.channel, one.release_at) for one in held.routes}


def _refuse(seat: Seat, saved: Saved, error: LedgerError | RuleError) -> None:
    named = str(error.facts.get("field", "")) if error.code == "too_long" else FIELDS.get(error.code, FORM)
    saved.edition_id = None
    saved.faults.add(named, said(error, seat.hand))


def treated(edition: Edition, keys: Collection[str]) -> tuple[Edition, tuple[Finding, ...], list[bytes]]:
    """The edition with these findings masked in its words, or cleaned out of its files; which they were; the bytes of new files.

    A key whose finding is no longer there treats nothing: somebody mended it by hand meanwhile.
    """
    if not keys:
        return edition, (), []
    alts = {f"alt:{image.name}": image.alt for image in edition.images}
    words, secret = words_of(edition) | alts, services.gate_secret()  # keys are those of the gate
    maskable = [one for one in screen_words(words, secret=secret) if one.remedy == "mask"]
    of_body = {(one.rule, one.masked) for one in maskable if one.key in keys and one.field == "body"}
    # a summary nobody typed repeats the body's beginning: what is masked there is masked here with it
    masked = [one for one in maskable if one.key in keys or (one.field == "summary" and (one.rule, one.masked) in of_body)]
    done, blobs = list(masked), []
    if masked:
        edition = _reworded(edition, mask_words(words, masked))
    files: list[Attachment] = []
    for file in edition.attachments:
        data = load(file.sha256)
        screened = screen_file(Screened(kind="attachment", name=file.name, data=data), secret=secret)
        found = [one for one in screened if one.key in keys and one.remedy == "clean"]
        if found:
            data = clean(file.name, data).data
            blobs.append(data)
            file = replace(file, sha256=hashlib.sha256(data).hexdigest(), size=len(data))  # noqa: PLW2901 - the same file, cleaned
            done += found
        files.append(file)
    return replace(edition, attachments=tuple(files)), tuple(done), blobs


def _reworded(edition: Edition, words: dict[str, str]) -> Edition:
    """The edition with other words in the fields that were screened."""
    images: tuple[Image, ...] = tuple(replace(image, alt=words[f"alt:{image.name}"]) for image in edition.images)
    said = metadata.pairs({slug: words[slug] for slug, _value in edition.metadata})
    others = {"keywords", *dict(said)}
    texts: dict[str, Any] = {name: text for name, text in words.items() if ":" not in name and name not in others}
    return replace(edition, **texts, keywords=tuple(word for word in words["keywords"].split("\n") if word), images=images, metadata=said)

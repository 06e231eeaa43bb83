"""Release: the instant at which something becomes public for the whole house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from content.deliveries import Action, Status, delivery_key
from content.memory import item_urn
from content.rules import RuleError, State, Step, after, owed
from content.seals import sign_off_seal
from ledger import counted, grams
from ledger.editions import edition_seal
from ledger.errors import HeldError, SealError
from ledger.holds import release_paused
from ledger.models import Delivery, Edition, Item, Route
from ledger.services import places
from ledger.services.book import Book, edition_book
from ledger.services.copies import copies


def release(*, edition_id: int, by: str, at: datetime, renditions: Mapping[str, str]) -> list[str]:
    """Release the routes of a signed edition that are due, and queue their deliveries. Released routes stay as they are.

    `renditions`: the seal of each routed channel's rendition as it would be posted now. Returns the channels released.

    Raises:
        RuleError: not signed, withdrawn meanwhile, or turned down by the later review.
        SealError: words or renditions are not those that were signed; nothing is released.
        HeldError: the item or its office is paused.
    """
    with edition_book(edition_id, by=by, at=at) as (opened, row):
        routes = list(row.routes.filter(Q(release_at=None) | Q(release_at__lte=at), released_at=None).order_by("pk"))
        if row.item.withdrawn_at:
            raise RuleError(f"{row.item.index_number} was withdrawn; nothing of it is released any more", code="withdrawn",
                            index_number=row.item.index_number)
        if row.later_verdict == "fail":
            raise RuleError(f"{row.item.index_number}: {row.later_reviewer} turned it down after it was signed urgently; withdraw it",
                            code="failed_later", index_number=row.item.index_number)
        if not routes:
            return []
        if Edition.objects.filter(release_paused(), pk=edition_id).exists():
            raise HeldError(f"{row.item.index_number} is paused, by itself or with its office; it is released once that is resumed")
        signed = _as_signed(row, renditions)
        before, first = row.item.shown, row.state != State.RELEASED
        standing = copies(row.item_id)  # before anything is overtaken: what waits for a person may be a copy too
        if first:
            _make_live(opened, row, before)
        row.routes.filter(pk__in=[route.pk for route in routes]).update(released_at=at)
        if any(route.surface for route in routes):
            places.show(opened, row, before)
        _queue(opened, row, routes, standing, signed, first=first)
        opened.write("released", row.item.index_number, edition=row.number, channels=sorted(route.channel for route in routes))
        return [route.channel for route in routes]


def _as_signed(row: Edition, renditions: Mapping[str, str]) -> Mapping[str, str]:
    signed = row.sign_offs.order_by("-pk").first()
    if signed is None or row.state not in (State.SIGNED, State.RELEASED):
        raise RuleError(f"{row.item.index_number}, edition {row.number}, is {row.state}; only a signed edition is released",
                        code="step", step=Step.RELEASE.value, state=str(row.state), open=[])
    differing = sorted(name for name, seal in signed.renditions.items() if renditions.get(name) != seal)
    whole = signed.seal == sign_off_seal(signed.edition_seal, signed.renditions)
    if signed.edition_seal != edition_seal(row) or differing or not whole:
        what = f"the rendition for {', '.join(differing)} differs" if differing else "the words differ" if whole else "the sign-off differs"
        raise SealError(f"{row.item.index_number}, edition {row.number}: {what} from what {signed.by} signed; have it signed again",
                        index_number=row.item.index_number)
    return dict(signed.renditions)


def _make_live(book: Book, row: Edition, before: Edition | None) -> None:
    day = book.at.astimezone(ZoneInfo(book.office.zone)).date()
    if before is not None:
        Edition.objects.filter(pk=before.pk).update(state=after(State(before.state), Step.CORRECT))
        _overtake(book, row)
    Edition.objects.filter(pk=row.pk).update(state=after(State(row.state), Step.RELEASE), released_at=book.at, released_on=day)
    first = {} if row.item.released_at else {
        "released_at": book.at, "released_on": day, "urn": item_urn(book.office.code, row.item.index_number)}
    Item.objects.filter(pk=row.item_id).update(shown=row, **first)
    counted.keep([row.item_id])
    if first and (day.year, day.month) != (row.made_on.year, row.made_on.month):  # an item is found by the month of its release
        grams.replace(row.item_id, before=grams.words_of(row, released_on=None), now=grams.words_of(row, released_on=day))


def _overtake(book: Book, row: Edition) -> None:
    """What still waits to be said in older words is not said any more; what is to be taken back still is, unless it is said anew."""
    routed = list(row.routes.values_list("channel", flat=True))
    words = ~Q(action=Action.WITHDRAW)
    waiting = Q(status__in=(Status.QUEUED, Status.DEFERRED)) & (words | Q(channel__in=routed))
    # a sheet that nobody put up is not put up any more; other work of people may be done by now, and they say so
    tray = Q(status=Status.BY_HAND, sheet__isnull=False, sheet__put_up_at=None) & words
    Delivery.objects.filter(waiting | tray, item=row.item_id).update(
        status=Status.REFUSED, detail=f"overtaken by edition {row.number}", closed_at=book.at)


def _queue(book: Book, row: Edition, routes: Sequence[Route], standing: Mapping[str, Delivery], signed: Mapping[str, str], *,
           first: bool) -> None:
    due = {route.channel: route for route in routes}
    # copies where this edition goes nowhere, now or later, are taken back, once: with its first release. A surface shows what is live
    routed = set(row.routes.values_list("channel", flat=True)) if first else set()
    left_behind = [name for name, copy in standing.items() if first and name not in routed and not copy.surface]
    for channel, action in owed(before=left_behind, now=due, reached=standing).items():
        route = due.get(channel) or standing[channel]
        deliver(book, row, channel=channel, kind=route.kind, surface=route.surface, action=action, sealed=signed.get(channel, ""))


def deliver(book: Book, row: Edition, *, channel: str, kind: str, surface: bool, action: Action, sealed: str = "") -> bool:
    """Queue a delivery. False where one like it is under way or a withdrawal of that channel waits already."""
    if action is Action.WITHDRAW and Delivery.objects.filter(item=row.item_id, channel=channel, action=action, status__in=(
            Status.QUEUED, Status.DEFERRED, Status.UNCONFIRMED, Status.BY_HAND)).exists():
        return False
    key = delivery_key(row.item.index_number, row.number, action, channel)
    # a withdrawal that was refused before is asked for once more
    if action is Action.WITHDRAW and Delivery.objects.filter(key=key, status=Status.REFUSED).update(
            status=Status.QUEUED, due_at=book.at, detail="", closed_at=None):
        return True
    if action is not Action.PUBLISH:  # what went before on this channel must be known first: it is looked for at once
        doubtful = Delivery.objects.filter(item=row.item_id, channel=channel, status=Status.UNCONFIRMED, surface=False, look_asked_at=None)
        doubtful.update(look_asked_at=book.at)
    Delivery.objects.create(key=key, office=book.office, item=row.item, edition=row, channel=channel, kind=kind, surface=surface,
                            action=action, sealed=sealed, queued_at=book.at, due_at=book.at)
    return True

"""Release and withdrawal: the instant at which something becomes public, or stops being so, for the whole house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from content.catalogue import ALL, column_list, month_list
from content.deliveries import Action, Status, delivery_key
from content.memory import item_urn
from content.rules import RuleError, State, Step, after, owed
from ledger.editions import edition_seal
from ledger.errors import LedgerError, SealError, UnknownError
from ledger.models import Delivery, Edition, Item, Listing, Place, Posting, Route
from ledger.services.book import Book, book

#: a delivery that may have left a copy behind, or will
UNSETTLED = (Status.UNCONFIRMED, Status.BY_HAND, Status.POSTED)


def release(*, edition_id: int, by: str, at: datetime, renditions: Mapping[str, str]) -> list[str]:
    """Release the routes of a signed edition that are due, and queue their deliveries. Released routes stay as they are.

    `renditions`: the seal of each routed channel's rendition as it would be posted now. Returns the channels released.

    Raises:
        RuleError: not signed, or withdrawn meanwhile.
        SealError: words or renditions are not those that were signed; nothing is released.
    """
    found = Edition.objects.select_related("item__office").filter(pk=edition_id).first()
    if found is None:
        raise UnknownError(f"no edition with number {edition_id} in the ledger")
    with book(office=found.item.office.code, by=by, at=at) as opened:
        row = Edition.objects.select_related("item__office", "item__shown").get(pk=edition_id)
        routes = list(row.routes.filter(Q(release_at=None) | Q(release_at__lte=at), released_at=None))
        if row.item.withdrawn_at:
            raise RuleError(f"{row.item.index_number} was withdrawn; nothing of it is released any more")
        if not routes:
            return []
        signed = _as_signed(row, renditions)
        before = row.item.shown
        if row.state != State.RELEASED:
            _make_live(opened, row, before)
        row.routes.filter(pk__in=[route.pk for route in routes]).update(released_at=at)
        if any(route.surface for route in routes):
            _list(opened, row, before)
        _queue(opened, row, before, routes, signed)
        opened.write("released", row.item.index_number, edition=row.number, channels=sorted(route.channel for route in routes))
        return [route.channel for route in routes]


def _as_signed(row: Edition, renditions: Mapping[str, str]) -> Mapping[str, str]:
    signed = row.sign_offs.order_by("-at", "-pk").first()
    if signed is None or row.state not in (State.SIGNED, State.RELEASED):
        raise RuleError(f"{row.item.index_number}, edition {row.number}, is {row.state}; only a signed edition is released")
    differing = sorted(name for name, seal in signed.renditions.items() if renditions.get(name) != seal)
    if signed.edition_seal != edition_seal(row) or differing:
        what = f"the rendition for {', '.join(differing)} differs" if differing else "the words differ"
        raise SealError(f"{row.item.index_number}, edition {row.number}: {what} from what {signed.by} signed; have it signed again")
    return dict(signed.renditions)


def _make_live(book: Book, row: Edition, before: Edition | None) -> None:
    day = book.at.astimezone(ZoneInfo(book.office.zone)).date()
    if before is not None:
        Edition.objects.filter(pk=before.pk).update(state=after(State(before.state), Step.CORRECT))
        # what is still waiting to be said in the old words is not said any more
        Delivery.objects.filter(item=row.item, status__in=(Status.QUEUED, Status.DEFERRED)).update(
            status=Status.REFUSED, detail=f"overtaken by edition {row.number}")
    Edition.objects.filter(pk=row.pk).update(state=after(State(row.state), Step.RELEASE), released_at=book.at, released_on=day)
    first = {} if row.item.released_at else {
        "released_at": book.at, "released_on": day, "urn": item_urn(book.office.code, row.item.index_number)}
    Item.objects.filter(pk=row.item_id).update(shown=row, **first)


def _list(book: Book, row: Edition, before: Edition | None) -> None:
    """Give the item its places, once; a correction that moves it to another column gives it one there."""
    item = row.item
    if item.listed_at is None:
        local = book.at.astimezone(ZoneInfo(book.office.zone))
        Item.objects.filter(pk=item.pk).update(listed_at=book.at)
        for name in (ALL, column_list(row.column), month_list(local)):
            _take_place(book, item, name)
    elif before is not None and before.column != row.column:
        _leave_place(book, item, column_list(before.column))
        _take_place(book, item, column_list(row.column))


def _take_place(book: Book, item: Item, name: str) -> None:
    listing, _ = Listing.objects.get_or_create(office=book.office, name=name)
    Place.objects.create(office=book.office, list=name, place=listing.size, item=item)
    Listing.objects.filter(pk=listing.pk).update(size=F("size") + 1, live=F("live") + 1)


def _leave_place(book: Book, item: Item, name: str) -> None:
    if Place.objects.filter(office=book.office, list=name, item=item, live=True).update(live=False):
        Listing.objects.filter(office=book.office, name=name).update(live=F("live") - 1)


def _queue(book: Book, row: Edition, before: Edition | None, routes: Sequence[Route], signed: Mapping[str, str]) -> None:
    reached = set(Delivery.objects.filter(item=row.item, status__in=UNSETTLED).values_list("channel", flat=True))
    earlier = {} if before is None else {route.channel: route for route in before.routes.all()}
    due = {route.channel: route for route in routes}
    later = set(row.routes.filter(released_at=None).values_list("channel", flat=True))
    actions = owed(before=[name for name in earlier if name not in later], now=due, reached=reached)
    for channel, action in actions.items():
        route = due.get(channel) or earlier[channel]
        _deliver(book, row, route.channel, route.kind, route.surface, action, signed.get(channel, ""))


def _deliver(book: Book, row: Edition, channel: str, kind: str, surface: bool, action: Action, sealed: str) -> None:
    Delivery.objects.create(
        key=delivery_key(row.item.index_number, row.number, action, channel), office=book.office, item=row.item, edition=row,
        channel=channel, kind=kind, surface=surface, action=action, sealed=sealed, queued_at=book.at, due_at=book.at)


def withdraw(*, index_number: str, by: str, at: datetime, reason: str) -> list[str]:
    """撤回: take an item from every channel that has, or may have, a copy. The record stays. Returns those channels.

    Raises:
        UnknownError: no such item.
        LedgerError: no reason.
        RuleError: it is not public.
    """
    if not reason.strip():
        raise LedgerError("say why it is withdrawn; the public reads the reason")
    found = Item.objects.select_related("office").filter(index_number=index_number).first()
    if found is None:
        raise UnknownError(f"no item {index_number} to withdraw")
    with book(office=found.office.code, by=by, at=at) as opened:
        item = Item.objects.select_related("shown").get(pk=found.pk)
        if item.withdrawn_at:
            return []
        if item.shown is None:
            raise RuleError(f"{index_number} was never released; return it to its drafter instead")
        day = at.astimezone(ZoneInfo(opened.office.zone)).date()
        Item.objects.filter(pk=item.pk).update(withdrawn_at=at, withdrawn_on=day, withdrawal_reason=reason)
        Edition.objects.filter(pk=item.shown.pk).update(state=after(State(item.shown.state), Step.WITHDRAW))
        for name in item.places.filter(live=True).values_list("list", flat=True):
            _leave_place(opened, item, name)
        channels = _call_back(opened, item, item.shown)
        opened.write("withdrawn", index_number, edition=item.shown.number, channels=channels)
        return channels


def _call_back(book: Book, item: Item, shown: Edition) -> list[str]:
    waiting = Delivery.objects.filter(item=item, status__in=(Status.QUEUED, Status.DEFERRED))
    waiting.filter(surface=False).update(status=Status.REFUSED, detail="withdrawn before it was posted")
    # a sheet that nobody put up is not put up any more; one that hangs is for a person to take down
    Delivery.objects.filter(item=item, status=Status.BY_HAND).exclude(
        channel__in=Posting.objects.filter(item=item, disclosed_at__isnull=False).values("channel")).update(
        status=Status.REFUSED, detail="withdrawn before it was public")
    copies = Delivery.objects.filter(item=item).filter(Q(surface=True) | Q(status__in=UNSETTLED)).exclude(
        channel__in=Posting.objects.filter(item=item, removed_at__isnull=False).values("channel"))
    waiting.filter(surface=True).update(status=Status.REFUSED, detail="withdrawn before it was drawn")
    channels = {copy.channel: copy for copy in copies.order_by("pk")}
    for copy in channels.values():
        _deliver(book, shown, copy.channel, copy.kind, copy.surface, Action.WITHDRAW, "")
    return sorted(channels)

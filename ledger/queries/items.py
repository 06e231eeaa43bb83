"""Items and editions as the doors ask for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from content.items import Edition as EditionValue
from content.rules import State
from content.seals import seal
from ledger import editions
from ledger.editions import edition_seal
from ledger.errors import UnknownError
from ledger.models import Edition, Item, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionInHand:
    """An edition with the channels it is routed to."""

    edition_id: int
    edition: EditionValue
    channels: tuple[str, ...]
    drafter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the ledger has of an index number."""

    item_id: int
    import_key: str | None
    newest: int  #: number of the newest edition
    newest_state: State
    newest_id: int
    released: bool
    withdrawn: bool


def find_item(*, index_number: str) -> Known | None:
    """What the ledger has of an index number; None if it is free."""
    item = Item.objects.filter(index_number=index_number).first()
    if item is None:
        return None
    newest = item.editions.order_by("-number").only("number", "state")[0]
    return Known(item_id=item.pk, import_key=item.import_key, newest=newest.number, newest_state=State(newest.state), newest_id=newest.pk,
                 released=item.shown_id is not None, withdrawn=item.withdrawn_at is not None)


def has_words(*, index_number: str, edition: EditionValue) -> bool:
    """Whether some edition of the item already says just this, whatever its number."""
    rows = Edition.objects.filter(item__index_number=index_number).select_related("item__office")
    return any(edition_seal(row) == seal(replace(edition, number=row.number)) for row in rows)


def imported(*, office: str, import_key: str) -> str | None:
    """The index number of the item that was imported from a line with this key."""
    return Item.objects.filter(office__code=office, import_key=import_key).values_list("index_number", flat=True).first()


def editions_in(*, office: str, state: State) -> list[tuple[int, str]]:
    """(edition, index number) of an office's editions in a state, in order of index number."""
    return list(Edition.objects.filter(item__office__code=office, state=state).order_by("item__index_number", "number")
                .values_list("pk", "item__index_number"))


def editions_due(*, office: str, at: datetime) -> list[EditionInHand]:
    """Signed editions with a route whose time has come, in order of index number."""
    # from the waiting routes to their editions, and not the other way round: released editions are the whole archive
    waiting = Route.objects.filter(Q(release_at=None) | Q(release_at__lte=at), released_at=None).values("edition")
    rows = (Edition.objects.filter(pk__in=waiting, item__office__code=office, state__in=[State.SIGNED, State.RELEASED],
                                   item__withdrawn_at=None)
            .select_related("item").prefetch_related("routes").order_by("item__index_number", "number"))
    return [_in_hand(row, office) for row in rows]


def edition_in_hand(*, edition_id: int) -> EditionInHand:
    """One edition, whatever its state.

    Raises:
        UnknownError: no such edition.
    """
    row = Edition.objects.select_related("item__office").prefetch_related("routes").filter(pk=edition_id).first()
    if row is None:
        raise UnknownError(f"no edition with number {edition_id} in the ledger")
    return _in_hand(row, row.item.office.code)


def _in_hand(row: Edition, office: str) -> EditionInHand:
    return EditionInHand(
        edition_id=row.pk, edition=editions.value(row, office=office, index_number=row.item.index_number),
        channels=tuple(route.channel for route in sorted(row.routes.all(), key=lambda route: route.pk)), drafter=row.drafter)

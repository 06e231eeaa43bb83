"""Items and editions as the doors ask for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from content.deliveries import RouteAsked
from content.items import Edition as EditionValue
from content.rules import State
from content.seals import seal
from ledger import editions
from ledger.editions import edition_seal
from ledger.errors import UnknownError
from ledger.holds import release_paused
from ledger.models import Blob, Edition, Item, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionInHand:
    """An edition with the channels it is routed to, and how it stands."""

    edition_id: int
    edition: EditionValue
    channels: tuple[str, ...]
    drafter: str
    office: str
    state: State
    reviewer: str
    signer: str
    routes: tuple[RouteAsked, ...]
    saved_at: datetime
    urgent_reason: str  #: why its drafter asks for the urgent path
    urgent: bool  #: signed before its review
    review_due_at: datetime | None
    later_reviewer: str
    later_verdict: str  #: pass, fail, or empty
    returned_by: str
    return_reason: str  #: of a draft that came back
    withdrawn: bool  #: its item was
    seen: str = ""  #: for `edit`: what an editor had before their eyes. Only `edition_in_hand` gives it, and the next
    before: EditionValue | None = None  #: the edition that the public reads now, where it is another one


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
    """Signed editions with a route whose time has come and that nobody paused, in order of index number."""
    # from the waiting routes to their editions, and not the other way round: released editions are the whole archive
    waiting = Route.objects.filter(Q(release_at=None) | Q(release_at__lte=at), released_at=None).values("edition")
    rows = (Edition.objects.filter(~release_paused(), pk__in=waiting, item__office__code=office, state__in=[State.SIGNED, State.RELEASED],
                                   item__withdrawn_at=None)
            .select_related("item").prefetch_related("routes").order_by("item__index_number", "number"))
    return [_in_hand(row, office) for row in rows]


def edition_in_hand(*, edition_id: int) -> EditionInHand:
    """One edition, whatever its state.

    Raises:
        UnknownError: no such edition.
    """
    row = Edition.objects.select_related("item__office", "item__shown").prefetch_related("routes").filter(pk=edition_id).first()
    if row is None:
        raise UnknownError(f"no edition with number {edition_id} in the ledger", what="edition", name=str(edition_id))
    office, shown = row.item.office.code, row.item.shown
    before = editions.value(shown, office=office, index_number=row.item.index_number) if shown and shown.pk != row.pk else None
    return replace(_in_hand(row, office), seen=editions.mark(row, row.routes.all()), before=before)


def _in_hand(row: Edition, office: str) -> EditionInHand:
    routes = sorted(row.routes.all(), key=lambda route: route.pk)
    return EditionInHand(
        edition_id=row.pk, edition=editions.value(row, office=office, index_number=row.item.index_number),
        channels=tuple(route.channel for route in routes), drafter=row.drafter, office=office, state=State(row.state),
        reviewer=row.reviewer, signer=row.signer,
        routes=tuple(RouteAsked(channel=one.channel, kind=one.kind, surface=one.surface, release_at=one.release_at)
                                        for one in routes),
        saved_at=row.saved_at or row.drafted_at, urgent_reason=row.urgent_reason, urgent=row.urgent, review_due_at=row.review_due_at,
        later_reviewer=row.later_reviewer, later_verdict=row.later_verdict, returned_by=row.returned_by, return_reason=row.return_reason,
        withdrawn=row.item.withdrawn_at is not None)


def next_edition(*, index_number: str) -> int:
    """The number of an item's next edition: 1 for an item that is not there."""
    return (Edition.objects.filter(item__index_number=index_number).order_by("-number").values_list("number", flat=True).first() or 0) + 1


def blob(*, sha256: str) -> bytes | None:
    """The bytes of an image, an attachment or a photograph."""
    data = Blob.objects.filter(pk=sha256).values_list("data", flat=True).first()
    return None if data is None else bytes(data)

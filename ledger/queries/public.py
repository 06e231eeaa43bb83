"""An item from the desk's side: what the public reads of it now, where copies of it stand, and what a drafter has on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from content.rules import State
from ledger.errors import UnknownError
from ledger.models import Edition, Item, Posting
from ledger.queries.items import EditionInHand, edition_in_hand
from ledger.queries.waiting import WaitingEdition
from ledger.queries.waiting import _lines as lines
from ledger.services.copies import copies

#: states of an edition that has left its drafter and is not public yet
ON_THE_WAY = (State.IN_REVIEW, State.REVIEWED, State.SIGNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemInHand:
    """An item with the edition that the public reads now."""

    item_id: int
    office: str
    index_number: str
    shown: EditionInHand | None  #: the edition released last
    newest_id: int
    newest_state: State
    released_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A channel on which a copy of an item stands or may stand."""

    channel: str
    kind: str
    surface: bool
    url: str  #: empty where it is not known, or has none


def item_in_hand(*, item_id: int) -> ItemInHand:
    """One item, whatever became of it.

    Raises:
        UnknownError: no such item.
    """
    row = Item.objects.select_related("office", "newest").filter(pk=item_id).first()
    if row is None or row.newest is None:
        raise UnknownError(f"no item with number {item_id} in the ledger", what="item", name=str(item_id))
    return ItemInHand(
        item_id=row.pk, office=row.office.code, index_number=row.index_number, newest_id=row.newest.pk,
        newest_state=State(row.newest.state), released_at=row.released_at, withdrawn_at=row.withdrawn_at,
        shown=None if row.shown_id is None else edition_in_hand(edition_id=row.shown_id))


def standing_copies(*, item_id: int) -> list[Copy]:
    """What a withdrawal would call back, in the order of its channels."""
    urls = dict(Posting.objects.filter(item=item_id, removed_at=None).values_list("channel", "url"))
    return [Copy(channel=name, kind=one.kind, surface=one.surface, url=urls.get(name, ""))
            for name, one in sorted(copies(item_id, perhaps_drawn=True).items())]


def my_submitted(*, offices: Sequence[str], by: str) -> list[WaitingEdition]:
    """A person's editions on their way to the public, those sent last first."""
    rows = Edition.objects.filter(state__in=ON_THE_WAY, drafter=by, item__office__code__in=offices)
    return lines(rows.order_by("-saved_at", "-pk"))

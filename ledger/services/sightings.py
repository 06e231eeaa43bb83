"""复查: write down what a look at a posting found, and what a person made of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from content.deliveries import REPLACING, Action, Status, delivery_key
from content.rules import RuleError, State, upcoming, wait
from content.sightings import AFTER, LOST, WHILE_MISSING, Seen
from content.sightings import Sighting as Look
from ledger.errors import LedgerError, StaleError, UnknownError
from ledger.limits import printable
from ledger.models import Delivery, Posting, Sighting, Watch
from ledger.services.attempts import keep_step
from ledger.services.book import Book, book
from ledger.services.copies import close_needless_withdrawals
from ledger.services.release import deliver
from ledger.services.watching import last_seen, watch_no_more


@contextmanager
def _watched(posting_id: int, by: str, at: datetime) -> Iterator[tuple[Book, Watch]]:
    office = Watch.objects.filter(posting=posting_id).values_list("office__code", flat=True).first()
    if office is None:
        raise UnknownError(f"no posting with number {posting_id} is looked at", what="posting", name=str(posting_id))
    with book(office=office, by=by, at=at) as opened:
        yield opened, Watch.objects.select_related("posting__delivery", "posting__item__shown").get(posting=posting_id)


def keep_sighting(*, posting_id: int, ref: str, look: Look, at: datetime) -> Seen | None:
    """Write down what a look at `ref` found, and say what it comes to. None where it was taken away or is another one by now.

    The first look that does not find it opens a case for a person, unless it is being withdrawn or corrected by ourselves
    (`Seen.TAKEN_BACK`); one that finds it back closes the case.

    Raises:
        UnknownError: no such posting is looked at.
        ClockError: `at` names no zone.
    """
    with _watched(posting_id, "gongkai", at) as (opened, watch):
        posting = watch.posting
        if watch.look_at is None or posting.ref != ref:
            return None
        seen = Seen.TAKEN_BACK if look.seen in LOST and _ours(posting) else look.seen
        before = last_seen(posting.pk)
        lost = seen in LOST
        Sighting.objects.create(posting=posting, ref=ref, at=at, by=opened.by, seen=seen, lost=lost, detail=printable(look.detail))
        Watch.objects.filter(pk=watch.pk).update(
            tries=0, missing_since=(watch.missing_since or at) if lost else None,
            look_at=at + WHILE_MISSING if lost else upcoming(watch.since, at, AFTER))
        if lost and (watch.missing_since is None or before is not seen):
            opened.write(f"posting {seen}", posting.delivery.key, ref=ref)
        elif watch.missing_since and not lost:
            opened.write("posting back", posting.delivery.key, ref=ref)
        return seen


def _ours(posting: Posting) -> bool:
    """Whether we, or a person in our name, are taking it back or putting another in its place just now."""
    return Delivery.objects.filter(item=posting.item_id, channel=posting.channel, closed_at=None,
                                   action__in=(Action.WITHDRAW, Action.CORRECT)).exists()


def put_off_look(*, posting_id: int, at: datetime, retry_after: timedelta | None = None) -> None:
    """Nobody could be asked about a posting: that is no sighting. It is tried again, later each time, four hours at most.

    Raises:
        UnknownError: no such posting is looked at.
        ClockError: `at` names no zone.
    """
    with _watched(posting_id, "gongkai", at) as (_, watch):
        if watch.look_at is not None:
            tries = watch.tries + 1
            Watch.objects.filter(pk=watch.pk).update(tries=tries, look_at=at + wait(tries, retry_after))


def confirm_removed(*, posting_id: int, by: str, at: datetime, reason: str, ours: bool = False) -> None:
    """登记为已被移除: a person found out what became of a posting that is missing. It is not looked at any more.

    `ours`: somebody of the office took it down; then the figures note no loss.

    Raises:
        UnknownError, StaleError: no such posting, or it is not missing.
        LedgerError: no reason.
    """
    _reason(reason, "removed")
    with _watched(posting_id, by, at) as (opened, watch):
        posting = _missing(watch)
        if ours:
            Sighting.objects.create(posting=posting, ref=posting.ref, at=at, by=by, seen=Seen.TAKEN_BACK, lost=False,
                                    detail=printable(reason.strip()))
        _gone(opened, posting)
        opened.write("removal confirmed", posting.delivery.key, ref=posting.ref, ours=ours, reason=reason.strip()[:500])
        close_needless_withdrawals(opened, posting.item_id, posting.channel)


def post_again(*, posting_id: int, by: str, at: datetime, reason: str) -> None:
    """重发: have the words that the item shows now posted once more, as a delivery of its own: once an edition and channel.

    Raises:
        UnknownError, StaleError: no such posting, or it is not missing.
        LedgerError: no reason.
        RuleError: the platform banned it, so that other words are called for; or it was posted again before; or what is public of
            the item now was never signed for this channel.
    """
    _reason(reason, "post_again")
    with _watched(posting_id, by, at) as (opened, watch):
        posting = _missing(watch)
        signed = _to_repost(posting)
        if last_seen(posting.pk) is Seen.BANNED:
            raise RuleError(f"{posting.delivery.key} was banned; the same words would be banned again: correct it", code="banned",
                            key=posting.delivery.key)
        key = delivery_key(posting.item.index_number, signed.edition.number, Action.REPOST, posting.channel)
        if Delivery.objects.filter(key=key).exists():
            raise RuleError(f"{key}: it was posted again once already; correct it, or leave it at that", code="reposted", key=key)
        _gone(opened, posting)
        deliver(opened, signed.edition, channel=posting.channel, kind=posting.kind, surface=False, action=Action.REPOST,
                sealed=signed.sealed)
        fresh = Delivery.objects.get(key=key)
        keep_step(delivery_id=fresh.pk, name=REPLACING, value=posting.ref)  # a look for the new one must not take the old one for it
        opened.write("posted again", key, ref=posting.ref, reason=reason.strip()[:500])


def _to_repost(posting: Posting) -> Delivery:
    """The delivery that brought, or was to bring, to this channel what the public reads now."""
    shown = posting.item.shown
    if shown is None or shown.state != State.RELEASED:
        raise RuleError(f"{posting.item.index_number} is not public any more; nothing of it is posted", code="not_public",
                        index_number=posting.item.index_number)
    brought = Delivery.objects.filter(edition=shown, channel=posting.channel, status=Status.POSTED).exclude(action=Action.WITHDRAW)
    signed = brought.select_related("edition__item__office").order_by("-pk").first()
    if signed is None:
        raise RuleError(f"{posting.item.index_number}: what is public of it now did not go to {posting.channel}", code="not_there",
                        index_number=posting.item.index_number, channels=[posting.channel])
    return signed


def _missing(watch: Watch) -> Posting:
    if watch.missing_since is None:
        raise StaleError(f"{watch.posting.delivery.key} is not missing any more", key=watch.posting.delivery.key,
                         status=watch.posting.delivery.status)
    return watch.posting


def _gone(opened: Book, posting: Posting) -> None:
    Posting.objects.filter(pk=posting.pk).update(removed_at=opened.at)
    watch_no_more(posting.pk)


def _reason(reason: str, what: str) -> None:
    if not reason.strip():
        raise LedgerError("say what became of it, and how you know", code="reason", what=what)

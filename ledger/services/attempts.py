"""Attempts: written down before they are made. An attempt without an outcome is unconfirmed, whatever the cause."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from content import deliveries as content
from content.deliveries import AGAIN, Action, Outcome, Status
from content.rules import HURRIED, LOOKS, TRIABLE, RuleError, State, upcoming, wait
from ledger import counted
from ledger.errors import HeldError, LedgerError, StaleError, UnknownError
from ledger.holds import paused, under_way
from ledger.limits import printable
from ledger.models import Attempt, Delivery, Posting, Sheet, Step
from ledger.services.book import Book, aware, book
from ledger.services.breakers import claim_trial, learn
from ledger.services.copies import close_needless_withdrawals
from ledger.services.watching import watch, watch_no_more
from ledger.services.withdrawal import call_back_late


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An attempt begun: its delivery, and its number among the delivery's attempts."""

    delivery_id: int
    number: int


def begin_attempt(*, delivery_id: int, tries: int, holder: str, at: datetime) -> Work:
    """Write down that an attempt is about to be made. `tries` is how many the caller saw before.

    Raises:
        StaleError: another process was quicker, it is no longer to be tried, or an older delivery of the item is in doubt.
        HeldError: it was paused, by itself or with its channel or its office.
        RestingError: its channel rests.
    """
    doubtful = Delivery.objects.filter(item=OuterRef("item"), channel=OuterRef("channel"), status=Status.UNCONFIRMED, pk__lt=OuterRef("pk"))
    rows = Delivery.objects.filter(~Exists(doubtful), pk=delivery_id, tries=tries, status__in=[status.value for status in TRIABLE])
    with transaction.atomic():
        # under the office's lock, as whoever pauses is: what is paused when this asks stays so until it has claimed
        one = Delivery.objects.select_for_update(of=("office",), no_key=True).select_related("office").filter(pk=delivery_id).first()
        claimed = rows.filter(~paused()).update(
            status=Status.UNCONFIRMED, tries=tries + 1, doubted_at=aware(at), look_at=upcoming(at, at, LOOKS),
            detail="an attempt was begun and did not report back")
        if claimed != 1 and rows.exists():
            raise HeldError(f"delivery {delivery_id} is paused: by itself, with its channel, or with its office")
        if claimed != 1 or one is None:
            raise StaleError(f"delivery {delivery_id} is no longer to be tried: somebody else took it, or an older one is in doubt")
        claim_trial(one.office, one.channel, at)
        Attempt.objects.create(delivery_id=delivery_id, number=tries + 1, holder=holder, started_at=aware(at))
    return Work(delivery_id=delivery_id, number=tries + 1)


def end_attempt(*, work: Work, outcome: Outcome, at: datetime) -> None:
    """Write down how an attempt ended, and what the public now sees.

    A posting with an end to it is a sheet of the board. A report that comes after the doubt was settled is kept with its
    attempt; it changes the delivery only if it knows of a posting that nobody found. Of an item withdrawn since, that is taken back.
    """
    office = Delivery.objects.filter(pk=work.delivery_id).values_list("office__code", flat=True).first()
    if office is None:
        raise UnknownError(f"no delivery with number {work.delivery_id} in the ledger", what="delivery", name=str(work.delivery_id))
    with book(office=office, by="gongkai", at=at) as opened:
        delivery = Delivery.objects.select_related("item", "edition").get(pk=work.delivery_id)
        ended = Attempt.objects.filter(delivery=delivery, number=work.number, finished_at=None).update(
            finished_at=at, status=outcome.status, detail=printable(outcome.detail))
        if not ended:
            return
        learn(opened, delivery.channel, outcome)
        # a person or a look that did not find it had it put back; here is somebody who knows of it, before it was tried anew
        in_hand = delivery.status == Status.UNCONFIRMED or (delivery.status in TRIABLE and outcome.posting is not None)
        given_up = (delivery.status == Status.REFUSED and outcome.posting is not None and delivery.action != Action.WITHDRAW
                    and delivery.item.withdrawn_at is not None)
        if delivery.tries == work.number and (in_hand or given_up):
            _conclude(opened, delivery, outcome)
            if given_up:
                call_back_late(opened, delivery)
        else:
            opened.write("late report", delivery.key, attempt=work.number, status=outcome.status.value, found=delivery.status,
                         **_ref(outcome))


def settle_as(*, delivery_id: int, tries: int, outcome: Outcome, at: datetime, by: str = "gongkai") -> None:
    """核实: write down what became of a delivery in doubt or in a person's hands, once somebody or something has looked.

    A look tells of one attempt: `tries` is how many there were when it was had, or when the person read of it.
    A person who did by hand what was made ready need not repeat what it is called: `outcome.posting` may be missing then. That a
    person looked and did not find it is kept for the channel, which may send it once more: nobody else could tell some of them.

    Raises:
        UnknownError: no such delivery.
        StaleError: it is no longer in doubt, or was tried once more since.
        RuleError: a person says that it is not there, while it is being carried.
        LedgerError: it is said to be posted, and nobody says what; or it is a sheet, which is recorded by putting it up.
    """
    office = Delivery.objects.filter(pk=delivery_id).values_list("office__code", flat=True).first()
    if office is None:
        raise UnknownError(f"no delivery with number {delivery_id} in the ledger", what="delivery", name=str(delivery_id))
    with book(office=office, by=by, at=at) as opened:
        delivery = Delivery.objects.select_related("item", "edition").get(pk=delivery_id)
        if delivery.status not in (Status.UNCONFIRMED, Status.BY_HAND):
            raise StaleError(f"{delivery.key} is {delivery.status} by now; there is nothing to settle", key=delivery.key,
                             status=str(delivery.status))
        check_seen(delivery, tries)
        if outcome.status == delivery.status == Status.UNCONFIRMED:
            _look_later(opened, delivery, outcome)
            return
        if outcome.status is Status.DEFERRED and by != "gongkai":
            check_at_rest(delivery, at)
            keep_step(delivery_id=delivery.pk, name=AGAIN, value=aware(at).isoformat())
        _conclude(opened, delivery, _as_told(delivery, outcome))


def check_seen(delivery: Delivery, tries: int) -> None:
    """See that the last attempt at a delivery is the one that somebody looked for. The office's lock is held.

    Raises:
        StaleError: it was tried once more since: of that attempt the look tells nothing.
    """
    if delivery.tries != tries:
        raise StaleError(f"{delivery.key} was tried {delivery.tries} times by now, and not {tries}; look for the last attempt",
                         key=delivery.key, status=str(delivery.status))


def check_at_rest(delivery: Delivery, at: datetime) -> None:
    """See that no worker has a delivery in hand: what nobody finds now may be there in a minute. The office's lock is held.

    Raises:
        RuleError: one has.
    """
    if Delivery.objects.filter(under_way(at), pk=delivery.pk).exists():
        minutes = LOOKS[0] // timedelta(minutes=1)
        raise RuleError(f"{delivery.key} is being carried at this moment; wait {minutes} minutes for its answer, then look there",
                        code="under_way", key=delivery.key, minutes=minutes)


def _look_later(book: Book, delivery: Delivery, outcome: Outcome) -> None:
    """Still nobody knows: no news for the log, however often it is looked for, until the last look leaves it to a person.

    Where nobody could be asked (`retry_after`), that was no look.
    """
    due = _next_look(book, delivery) if outcome.retry_after is None else book.at + outcome.retry_after
    Delivery.objects.filter(pk=delivery.pk).update(detail=printable(outcome.detail), look_asked_at=None, look_at=due)
    if due is None and delivery.look_at is not None:
        book.write("left to a person", delivery.key, attempt=delivery.tries)


def _next_look(book: Book, delivery: Delivery) -> datetime | None:
    due = upcoming(delivery.doubted_at or book.at, book.at, LOOKS)
    waiting = Delivery.objects.filter(item=delivery.item_id, channel=delivery.channel, pk__gt=delivery.pk, status__in=TRIABLE)
    if waiting.exists():  # a correction or a withdrawal, for what this one did
        return min(due or book.at + HURRIED, book.at + HURRIED)
    return due


def _as_told(delivery: Delivery, outcome: Outcome) -> Outcome:
    """The outcome with the posting it speaks of."""
    if outcome.status is not Status.POSTED or delivery.action == Action.WITHDRAW:
        return outcome
    if Sheet.objects.filter(delivery=delivery).exists():
        raise LedgerError(f"{delivery.key} is a sheet; record that it was put up: `gongkai board put-up`", code="is_sheet",
                          key=delivery.key)
    if outcome.posting is not None:
        return outcome
    kept = Posting.objects.filter(item=delivery.item_id, channel=delivery.channel).first()
    if kept is None:
        raise LedgerError(f"{delivery.key}: say what was posted, by its reference or address on the channel", code="say_where",
                          key=delivery.key)
    # a draft has another name once it is published: nobody can be asked about the article by it
    made_ready = kept.disclosed_at is None or (delivery.status == Status.BY_HAND and kept.delivery_id == delivery.pk)
    return replace(outcome, posting=content.Posting(ref=kept.ref, url=kept.url or None, told=made_ready))


def _conclude(book: Book, delivery: Delivery, outcome: Outcome) -> None:
    status, detail, due = outcome.status, printable(outcome.detail), delivery.due_at
    over = status is Status.POSTED
    if status is Status.DEFERRED:
        if why := overtaken(delivery):
            status, detail, over = Status.REFUSED, why, True
        else:
            due = book.at + wait(delivery.tries, outcome.retry_after)
    Delivery.objects.filter(pk=delivery.pk).update(
        status=status, detail=detail, due_at=due, closed_at=book.at if over else None,
        **({} if status is Status.UNCONFIRMED else {"doubted_at": None, "look_at": None, "look_asked_at": None}))
    if delivery.action == Action.WITHDRAW:
        if status is Status.POSTED:
            _take_off(book, delivery)
    elif outcome.removed and status is Status.REFUSED:
        _take_off(book, delivery)
    elif outcome.posting is not None:
        _keep_posting(book, delivery, outcome.posting, status)
    if status in (Status.POSTED, Status.BY_HAND):
        # an older copy that still waited for a person has been replaced by this one
        Delivery.objects.filter(item=delivery.item_id, channel=delivery.channel, status=Status.BY_HAND, pk__lt=delivery.pk).update(
            status=Status.REFUSED, detail=f"overtaken by {delivery.key}", closed_at=book.at)
    book.write(f"delivery {status}", delivery.key, attempt=delivery.tries, **_ref(outcome))
    close_needless_withdrawals(book, delivery.item_id, delivery.channel)


def overtaken(delivery: Delivery) -> str:
    """Why this delivery is not to be tried again, though nothing was posted; empty where it is."""
    if delivery.action == Action.WITHDRAW:
        newer = Delivery.objects.filter(item=delivery.item_id, channel=delivery.channel, pk__gt=delivery.pk).exists()
        return "overtaken by a newer edition" if newer else ""
    if delivery.item.withdrawn_at:
        return "withdrawn before it was posted"
    return "" if delivery.edition.state == State.RELEASED else "overtaken by a newer edition"


def _ref(outcome: Outcome) -> dict[str, str]:
    return {"ref": printable(outcome.posting.ref)} if outcome.posting else {}


def _take_off(book: Book, delivery: Delivery) -> None:
    """What stood on the channel does not any more."""
    for row in Posting.objects.filter(item=delivery.item_id, channel=delivery.channel, removed_at=None):
        row.removed_at, row.delivery = book.at, delivery
        row.save(update_fields=["removed_at", "delivery"])
        watch_no_more(row.pk)


def _keep_posting(book: Book, delivery: Delivery, posting: content.Posting, status: Status) -> None:
    public = posting.live and status is Status.POSTED
    ref, url = printable(posting.ref), printable(posting.url or "")
    row, new = Posting.objects.get_or_create(
        item_id=delivery.item_id, channel=delivery.channel,
        defaults={"office": book.office, "delivery": delivery, "kind": delivery.kind, "ref": ref, "url": url,
                  "disclosed_at": book.at if public else None})
    if not new:
        row.delivery, row.ref, row.url = delivery, ref, url
        row.disclosed_at = row.disclosed_at or (book.at if public else None)
        if posting.days is None:  # a sheet in the printer's tray stands nowhere yet
            row.removed_at = None
        row.save(update_fields=["delivery", "ref", "url", "disclosed_at", "removed_at"])
    if public:
        counted.keep([delivery.item_id])
    if posting.told or (not public and posting.days is None):  # of a draft the public sees nothing that could be looked at
        watch_no_more(row.pk)
    elif public:
        watch(row, by=book.by, at=book.at)
    if posting.days is not None:
        Sheet.objects.get_or_create(delivery=delivery, defaults={
            "office": book.office, "item_id": delivery.item_id, "number": ref, "printed_at": book.at, "days": posting.days})


def keep_step(*, delivery_id: int, name: str, value: str, work: Work | None = None) -> None:
    """Keep something learnt on the way of a delivery; committed when this returns.

    `work`: the attempt that learnt it. A process that was held up for longer than its lease must not go on as if nothing had
    happened: another may have looked, found nothing, and tried again.

    Raises:
        StaleError: that attempt is no longer the one in hand.
    """
    with transaction.atomic():
        if work is not None and not Delivery.objects.select_for_update().filter(
                pk=delivery_id, tries=work.number, status=Status.UNCONFIRMED).exists():
            raise StaleError(f"attempt {work.number} at delivery {delivery_id} was taken over by another process")
        _keep_step(delivery_id, name, value)


def _keep_step(delivery_id: int, name: str, value: str) -> None:
    Step.objects.update_or_create(delivery_id=delivery_id, name=name, defaults={"value": printable(value)})

"""One tick of an office, in plain Python: release what is due, draw the surfaces, carry deliveries to the outlets.

A tick claims what is due in the ledger. Two at once, or none for an hour, are both harmless.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from channels.base import Outlet, Surface
from channels.errors import ChannelError, TakenOverError, UnsuitableError
from channels.house import OfficeHand
from channels.signing import rendition, seals
from content.deliveries import Action, Outcome, Status
from content.rules import RuleError
from content.seals import seal
from flows.clock import Clock, wall
from flows.dispatch import carry, look
from flows.errands import errand_of
from flows.holder import is_dead, me
from flows.refusals import Refusal
from ledger import boot, queries, services  # noqa: F401 - boot comes first: Django is started before any model is imported
from ledger.catalogue import LedgerCatalogue
from ledger.errors import HeldError, RestingError, SealError, StaleError

log = logging.getLogger("gongkai.tick")
LEASE = timedelta(minutes=10)  #: longer than any one call to a channel may take
BATCH = 400  #: deliveries written down at a time; databases bound the parameters of a statement


@dataclass(slots=True, kw_only=True)
class Released:
    """What a tick released, and what it held back because it is not what was signed."""

    released: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)  #: a line each, saying why


@dataclass(slots=True, kw_only=True)
class Report:
    """What a tick did on one channel."""

    channel: str
    kind: str
    counts: dict[Status, int] = field(default_factory=dict)
    busy: bool = False  #: another tick is at work on it; nothing was done here
    details: list[str] = field(default_factory=list)  #: what a person or a later tick has to know

    def add(self, outcome: Outcome, what: str, times: int = 1) -> None:
        """Count an outcome."""
        self.counts[outcome.status] = self.counts.get(outcome.status, 0) + times
        if outcome.status not in (Status.POSTED, Status.BY_HAND):
            self.details.append(f"{what}: {outcome.status}: {outcome.detail}")


class Lost(Refusal):
    """The lease went to another process: this one must stop."""


@contextmanager
def leased(office: str, channel: str) -> Iterator[Callable[[], None] | None]:
    """Be the only one at work on a channel. Gives a function that renews the lease, or None where another holds it.

    Raises:
        Lost: from the renewing function.
    """
    name, holder = f"{office}/{channel}", me()

    def take() -> bool:
        now = wall()
        return services.take_lease(name=name, holder=holder, now=now, until=now + LEASE, dead=is_dead)

    def renew() -> None:
        if not take():
            raise Lost(f"another process took over {name}")

    if not take():
        yield None
        return
    try:
        yield renew
    finally:
        services.give_back(name=name, holder=holder)


def release_due(hand: OfficeHand, *, clock: Clock) -> Released:
    """Release every signed edition whose time has come. One that is not what was signed is held back, the others go."""
    done = Released()
    for due in queries.editions_due(office=hand.office.code, at=clock()):
        try:
            signed = seals(hand, due.edition, due.channels)
            if services.release(edition_id=due.edition_id, by="gongkai", at=clock(), renditions=signed):
                done.released.append(due.edition.index_number)
        except HeldError:
            continue  # paused since it was read: whoever did knows
        except (SealError, UnsuitableError, RuleError) as error:
            if isinstance(error, RuleError) and error.code in ("step", "withdrawn"):
                continue  # taken back or withdrawn since it was read: nothing is held back, and whoever did knows
            done.held.append(f"{due.edition.index_number}: {error}")
    return done


def to_draw(hand: OfficeHand, name: str, *, clock: Clock) -> bool:
    """Whether a surface has anything to draw: something queued, or another frame than it was last drawn with."""
    office = hand.office.code
    return not queries.is_paused(office=office, channel=name) and (
        bool(queries.queued_drawings(office=office, channel=name, at=clock(), limit=1))
        or queries.last_frame(office=office, channel=name) != hand.surfaces[name].frame())


def to_post(hand: OfficeHand, name: str, *, clock: Clock) -> bool:
    """Whether an outlet has a delivery that may be tried now, or one that a person asked to have looked for."""
    office = hand.office.code
    return bool(queries.due_deliveries(office=office, channel=name, at=clock(), limit=1) or queries.in_doubt(
        office=office, channel=name, asked=True))


def to_settle(hand: OfficeHand, name: str, *, clock: Clock) -> bool:
    """Whether an outlet has a delivery in doubt that is to be looked for by now."""
    return bool(queries.in_doubt(office=hand.office.code, channel=name, at=clock()))


def run_surface(hand: OfficeHand, name: str, *, clock: Clock, whole: bool = False) -> Report:
    """Draw what is queued for a surface; all of it anew where its frame changed or `whole` is asked for. Nothing where it is paused."""
    surface = hand.surfaces[name]
    report = Report(channel=name, kind=surface.kind)
    with leased(hand.office.code, name) as renew:
        if renew is None:
            report.busy = True
            return report
        began = clock()  # what is deferred here waits for another run, however long this one takes
        frame = surface.frame()
        whole = whole or queries.last_frame(office=hand.office.code, channel=name) != frame
        while True:
            queued = queries.queued_drawings(office=hand.office.code, channel=name, at=began, limit=BATCH)
            if (not queued and not whole) or queries.is_paused(office=hand.office.code, channel=name):
                return report
            renew()
            try:
                outcome = _draw(hand, surface, queued, clock=clock, whole=whole)
            except HeldError:
                return report  # paused since it was read
            if queued:
                report.add(outcome, name, len(queued))
            if outcome.status is not Status.POSTED:
                if not queued:
                    report.add(outcome, name)
                return report
            if whole:
                services.keep_frame(office=hand.office.code, channel=name, frame=frame, at=clock())
                whole = False


def _draw(hand: OfficeHand, surface: Surface, queued: Sequence[tuple[int, int]], *, clock: Clock, whole: bool) -> Outcome:
    deliveries = [delivery for delivery, _ in queued]
    services.begin_drawing(delivery_ids=deliveries, holder=me(), at=clock())
    catalogue = LedgerCatalogue(hand.office.code)
    try:
        if whole:
            surface.draw(catalogue)
        else:
            surface.redraw(catalogue, queries.touches(items=[item for _, item in queued]))
        outcome = Outcome(status=Status.POSTED)
    except (ChannelError, OSError) as error:
        # a drawing is never half done in public, so it may simply be tried again
        outcome = Outcome(status=Status.DEFERRED, detail=str(error), retry_after=getattr(error, "retry_after", None))
    services.end_drawing(office=hand.office.code, channel=surface.name, delivery_ids=deliveries, outcome=outcome, at=clock())
    return outcome


def run_outlet(hand: OfficeHand, name: str, *, clock: Clock) -> Report:
    """Carry what is due to an outlet, one delivery after the other, each written down before it is tried.

    Before that, what a person asked to have looked for is looked for: it may then be tried again in the same tick.
    """
    outlet = hand.outlets[name]
    report = Report(channel=name, kind=outlet.kind)
    with leased(hand.office.code, name) as renew:
        if renew is None:
            report.busy = True
            return report
        for one in queries.in_doubt(office=hand.office.code, channel=name, asked=True):
            renew()
            if _look(hand, outlet, one, report, clock=clock).stops_channel:
                break  # nobody can be asked now; whether anything can be carried shows itself
        began, spent = clock(), set[Action]()
        while due := queries.due_deliveries(office=hand.office.code, channel=name, at=began, limit=BATCH, but=spent):
            if not _carry_all(hand, outlet, due, report, spent, renew, clock=clock):
                return report
    return report


def _carry_all(hand: OfficeHand, outlet: Outlet, due: Sequence[queries.Due], report: Report, spent: set[Action],
               renew: Callable[[], None], *, clock: Clock) -> bool:
    """Whether the queue is to be read on, once these had their turn. `spent`: the actions for which the account has no room left."""
    for one in due:
        renew()
        try:
            outcome = _attempt(hand, outlet, one, clock=clock)
        except RestingError as error:
            report.details.append(str(error))
            return False
        except HeldError:
            return True  # paused since it was read: what is left of the queue shows what is not
        if outcome is None:
            continue
        report.add(outcome, one.key)
        if outcome.stops_action:
            spent.add(one.queued_as)
        if outcome.stops_channel or outcome.stops_action:
            return not outcome.stops_channel  # the queue is read anew, without that action
    return True


def _attempt(hand: OfficeHand, outlet: Outlet, due: queries.Due, *, clock: Clock) -> Outcome | None:
    at = clock()
    try:
        work = services.begin_attempt(delivery_id=due.delivery_id, tries=due.tries, holder=me(), at=at)
    except HeldError:
        raise
    except StaleError:
        return None  # somebody else took it: theirs to report
    try:
        signed = rendition(outlet, due.delivery.edition)
        if due.delivery.action is not Action.WITHDRAW and seal(signed) != due.sealed:
            outcome = Outcome(status=Status.REFUSED, detail="what would be posted is not what was signed; have it signed again")
        else:
            outcome = carry(outlet, due.delivery, signed, errand_of(hand, due.delivery_id, due.delivery.key, at, work=work))
    except UnsuitableError as error:
        outcome = Outcome(status=Status.REFUSED, detail=str(error))
    except TakenOverError as error:
        # it slept past its lease, and another process took the delivery over: what it was about to send is not sent
        log.warning("%s: given up: %s", due.key, error)
        outcome = Outcome(status=Status.UNCONFIRMED, detail=str(error))
    except Exception as error:
        # a fault of ours leaves what it leaves: in doubt, for `settle` and a person, and the next delivery goes on
        log.exception("%s: the %s channel failed in an unforeseen way", due.key, outlet.name)
        outcome = Outcome(status=Status.UNCONFIRMED, detail=f"the program failed in mid-attempt ({type(error).__name__}); look there first")
    services.end_attempt(work=work, outcome=outcome, at=clock())
    return outcome


def settle_outlet(hand: OfficeHand, name: str, *, clock: Clock) -> Report:
    """核实: look for what unconfirmed deliveries may have posted, where a look is due, and write down what was found."""
    outlet = hand.outlets[name]
    report = Report(channel=name, kind=outlet.kind)
    with leased(hand.office.code, name) as renew:
        if renew is None:
            report.busy = True
            return report
        for one in queries.in_doubt(office=hand.office.code, channel=name, at=clock()):
            renew()
            if _look(hand, outlet, one, report, clock=clock).stops_channel:
                break
    return report


def _look(hand: OfficeHand, outlet: Outlet, one: queries.Due, report: Report, *, clock: Clock) -> Outcome:
    try:
        outcome = look(outlet, one.delivery, errand_of(hand, one.delivery_id, one.delivery.key, clock()))
    except Exception as error:
        log.exception("%s: the look failed in an unforeseen way", one.key)
        outcome = Outcome(status=Status.UNCONFIRMED,
                          detail=f"the program failed while it looked ({type(error).__name__}); look there yourself")
    try:
        services.settle_as(delivery_id=one.delivery_id, tries=one.tries, outcome=outcome, at=clock())
    except StaleError:
        return outcome  # a person or another tick was quicker: theirs to report
    report.add(outcome, one.key)
    return outcome

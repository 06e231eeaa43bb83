"""The stage of every ledger test: 清水街道 with a clerk, a reviewer and a leader, and an item taken as far as the test needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from content.catalogue import Touch
from content.deliveries import Outcome, Posting, Status
from content.items import Edition
from content.offices import Office
from content.seals import seal
from ledger import queries, services
from ledger.models import Delivery
from tests.builders import OFFICE_CODE, an_edition, an_office

CLERK, REVIEWER, LEADER, STRANGER = "陈文书", "林审查", "周主任", "外人"
NOON = datetime(2024, 6, 3, 4, 0, tzinfo=UTC)  # 12:00 in the office
CHANNELS = (
    services.ChannelOpened(name="website", kind="website", surface=True),
    services.ChannelOpened(name="feed", kind="feed", surface=True),
    services.ChannelOpened(name="board", kind="board", surface=False),
    services.ChannelOpened(name="wechat", kind="wechat", surface=False),
)


def minutes(count: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=count)


def opened(**changes: Any) -> Office:
    """The office, opened in the ledger."""
    office = an_office(**changes)
    services.open_office(office=office, channels=CHANNELS, at=NOON)
    return office


def routes(*channels: str, release_at: datetime | None = None) -> list[services.RouteAsked]:
    """Routes to these channels of the stage."""
    return [services.RouteAsked(channel=c.name, kind=c.kind, surface=c.surface, release_at=release_at) for c in CHANNELS if c.name in channels]


def renditions(channels: Sequence[str], edition: Edition) -> dict[str, str]:
    """What the signer saw, sealed: any function of edition and channel does here."""
    return {channel: seal([channel, edition.title, edition.body]) for channel in channels}


def drafted(*channels: str, at: datetime = NOON, release_at: datetime | None = None, **words: Any) -> int:
    """An item as a draft; the edition's number in the ledger."""
    asked = routes(*(channels or ("website",)), release_at=release_at)
    edition = an_edition(**words)
    if edition.number == 1:
        return services.draft(edition=edition, routes=asked, by=CLERK, at=at).pk
    return services.correct(edition=edition, routes=asked, by=CLERK, at=at).pk


def signed(*channels: str, at: datetime = NOON, release_at: datetime | None = None, **words: Any) -> int:
    """An item signed by the three."""
    edition_id = drafted(*channels, at=at, release_at=release_at, **words)
    services.submit(edition_id=edition_id, by=CLERK, at=at)
    services.pass_review(edition_id=edition_id, by=REVIEWER, at=at)
    hand = queries.edition_in_hand(edition_id=edition_id)
    services.sign_off(edition_id=edition_id, by=LEADER, at=at, renditions=renditions(hand.channels, hand.edition))
    return edition_id


def released(*channels: str, at: datetime = NOON, **words: Any) -> int:
    """An item signed and released."""
    edition_id = signed(*channels, at=at, **words)
    release(edition_id, at)
    return edition_id


def release(edition_id: int, at: datetime = NOON) -> list[str]:
    """Release what is due of an edition."""
    hand = queries.edition_in_hand(edition_id=edition_id)
    return services.release(edition_id=edition_id, by="tick", at=at, renditions=renditions(hand.channels, hand.edition))


def draw(channel: str, at: datetime = NOON) -> list[Touch]:
    """Draw a surface as a tick would, and write it down."""
    queued = queries.queued_drawings(office=OFFICE_CODE, channel=channel, at=at, limit=1000)
    ids = [delivery for delivery, _ in queued]
    services.begin_drawing(delivery_ids=ids, holder="test", at=at)
    touched = queries.touches(items=[item for _, item in queued])
    services.end_drawing(office=OFFICE_CODE, channel=channel, delivery_ids=ids, outcome=Outcome(status=Status.POSTED), at=at)
    return touched


def carried(channel: str, outcome: Outcome, at: datetime = NOON) -> list[str]:
    """Carry what is due to an outlet, each delivery with this outcome; the keys, in order."""
    keys = []
    for due in queries.due_deliveries(office=OFFICE_CODE, channel=channel, at=at):
        work = services.begin_attempt(delivery_id=due.delivery_id, tries=due.tries, holder="test", at=at)
        services.end_attempt(work=work, outcome=outcome, at=at)
        keys.append(due.key)
    return keys


def posted(ref: str = "a1", url: str | None = "https://mp.example.com/a1", *, live: bool = True) -> Outcome:
    """The far side took it: publicly, or (not live) as a draft that a person has to publish."""
    return Outcome(status=Status.POSTED if live else Status.BY_HAND, posting=Posting(ref=ref, url=url, live=live))


def printed(number: str) -> Outcome:
    """A sheet lies in the tray."""
    return Outcome(status=Status.BY_HAND, posting=Posting(ref=number, live=False, days=10))


def statuses() -> dict[str, str]:
    """How every delivery stands, by the end of its key."""
    return {key.partition("#")[2]: status for key, status in Delivery.objects.order_by("pk").values_list("key", "status")}


def asking(changes: dict[str, Any], **usual: Any) -> dict[str, Any]:
    """The arguments of a service or a query, with the ones changed that a test is about."""
    return {**usual, **changes}

"""Items taken to their channels, for the tests of the pages on which one sees how that went. Time is now: this is how a desk is used."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.signing import seals
from content.deliveries import Outcome, Posting, Status
from content.items import Edition
from desk.roles import Role
from flows.tick import release_due, run_outlet
from ledger import queries, services
from ledger.models import Delivery
from tests.desk.approvals import signed, words
from tests.desk.stage import NAMES, Stage


def wall() -> datetime:
    """Now."""
    return datetime.now(UTC)


def out(desk: Stage, edition: Edition | None = None, *, channels: tuple[str, ...] = ("website", "feed"), serial: int = 1, **changes: Any) -> str:
    """An item signed and released; its index number."""
    edition = edition or words(desk, serial, **changes)
    signed(desk, edition, channels=channels)
    done = release_due(desk.hand, clock=wall)
    assert edition.index_number in done.released, done
    return edition.index_number


def printed(desk: Stage, **changes: Any) -> str:
    """A sheet in the board's folder; its number."""
    index_number = out(desk, channels=("board",), **changes)
    run_outlet(desk.hand, "board", clock=wall)
    return f"{index_number}-1"


def hang(desk: Stage, number: str) -> None:
    """Record that it hangs."""
    services.put_up(office=desk.hand.office.code, number=number, by=NAMES[Role.CLERK], at=wall())


def corrected(desk: Stage, number: str) -> str:
    """A correction of a sheet's item, on the board; the number of the new sheet."""
    edition = correct(desk, number.rpartition("-")[0], channels=("board",))
    run_outlet(desk.hand, "board", clock=wall)
    return f"{edition.index_number}-{edition.number}"


def correct(desk: Stage, index_number: str, *, channels: tuple[str, ...]) -> Edition:
    """A correction, released."""
    history = queries.history(index_number=index_number)
    assert history is not None
    last = history.editions[-1].edition
    edition = replace(last, number=last.number + 1, change_note="更正值守时间。", body=last.body.replace("加强", "切实加强"))
    row = services.correct(edition=edition, routes=desk.hand.routes(channels, release_at=None), by=NAMES[Role.CLERK], at=wall())
    services.submit(edition_id=row.pk, by=NAMES[Role.CLERK], at=wall())
    services.pass_review(edition_id=row.pk, by=NAMES[Role.REVIEWER], at=wall())
    services.sign_off(edition_id=row.pk, by=NAMES[Role.SIGNER], at=wall(), renditions=seals(desk.hand, edition, channels))
    release_due(desk.hand, clock=wall)
    return edition


def tried(desk: Stage, outcome: Outcome, *, channel: str = "wechat", serial: int = 1, **changes: Any) -> int:
    """An item whose delivery to an outlet ended so; the delivery's number."""
    index_number = out(desk, channels=(channel,), serial=serial, **changes)
    due = next(one for one in queries.due_deliveries(office=desk.hand.office.code, channel=channel, at=wall() + timedelta(minutes=1))
               if one.delivery.edition.index_number == index_number)
    work = services.begin_attempt(delivery_id=due.delivery_id, tries=due.tries, holder="test", at=wall())
    services.end_attempt(work=work, outcome=outcome, at=wall())
    return due.delivery_id


def status_of(delivery: int) -> str:
    """How a delivery stands."""
    return str(Delivery.objects.values_list("status", flat=True).get(pk=delivery))


DOUBT = Outcome(status=Status.UNCONFIRMED, detail="连接中断，微信可能已经收下")
REFUSED = Outcome(status=Status.REFUSED, detail="微信：标题超过 32 字")
DRAFT = Outcome(status=Status.BY_HAND, posting=Posting(ref="m1", live=False), detail="已备好，等待工作人员公开")
POSTED = Outcome(status=Status.POSTED, posting=Posting(ref="a1", url="https://mp.weixin.qq.com/s/a1"))
LATER = Outcome(status=Status.DEFERRED, detail="微信接口暂时不可用")

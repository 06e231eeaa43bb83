"""Editions on their way through three people, for the tests of the pages on which it happens."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from channels.signing import seals
from content.items import Edition
from desk.roles import Role
from ledger import queries, services
from tests.desk.stage import NAMES, Stage

CLERK, REVIEWER, SIGNER = NAMES[Role.CLERK], NAMES[Role.REVIEWER], NAMES[Role.SIGNER]
TITLE = "关于做好汛期安全工作的通知"
MORNING = datetime.fromisoformat("2024-06-03T09:00:00+08:00")


def words(desk: Stage, serial: int = 1, **changes: Any) -> Edition:
    """An ordinary edition of the stage's office."""
    office = desk.hand.office
    index_number = office.index.compose(2024, serial)
    facts: dict[str, Any] = {
        "index_number": index_number, "number": 1, "title": TITLE, "summary": "汛期值守安排。", "office": office.code, "issuing_body": office.name,
        "body": "<p>进入汛期，请各社区加强值守。</p><p>值守电话：0731-00000001。</p>", "column": "tongzhi", "category": "工作信息",
        "made_on": date(2024, 5, 30), "link": desk.hand.link(index_number, ["website"]),
    }
    return Edition(**{**facts, **changes})


def drafted(desk: Stage, edition: Edition | None = None, *, channels: tuple[str, ...] = ("website", "feed"), by: str = CLERK,
            release_at: datetime | None = None, blobs: tuple[bytes, ...] = (), at: datetime = MORNING) -> int:
    """A draft; its number."""
    edition = edition or words(desk)
    return services.draft(edition=edition, routes=desk.hand.routes(channels, release_at=release_at), by=by, at=at, blobs=blobs,
                          serial=desk.hand.office.index.parse(edition.index_number)).pk


def submitted(desk: Stage, edition: Edition | None = None, *, urgent: str = "", **more: Any) -> int:
    """In review, every finding justified."""
    number = drafted(desk, edition, **more)
    if findings := queries.gate(edition_id=number).open:
        services.justify(edition_id=number, reasons={one.key: "按规定应当公开" for one in findings}, by=more.get("by", CLERK), at=MORNING)
    services.submit(edition_id=number, by=more.get("by", CLERK), at=MORNING + timedelta(minutes=5), urgent=urgent)
    return number


def reviewed(desk: Stage, edition: Edition | None = None, *, by_reviewer: str = REVIEWER, **more: Any) -> int:
    """Waiting for the signature."""
    number = submitted(desk, edition, **more)
    services.pass_review(edition_id=number, by=by_reviewer, at=MORNING + timedelta(hours=1))
    return number


def signed(desk: Stage, edition: Edition | None = None, **more: Any) -> int:
    """Waiting for its release."""
    number = reviewed(desk, edition, **more)
    found = queries.edition_in_hand(edition_id=number)
    services.sign_off(edition_id=number, by=SIGNER, at=MORNING + timedelta(hours=2), renditions=seals(desk.hand, found.edition, found.channels))
    return number


def released(desk: Stage, edition: Edition | None = None, **more: Any) -> int:
    """Public."""
    number = signed(desk, edition, **more)
    found = queries.edition_in_hand(edition_id=number)
    services.release(edition_id=number, by="tick", at=MORNING + timedelta(hours=3), renditions=seals(desk.hand, found.edition, found.channels))
    return number


def corrected(desk: Stage, number: int, **changes: Any) -> int:
    """A correction of what is public, in review."""
    found = queries.edition_in_hand(edition_id=number)
    edition = replace(found.edition, number=found.edition.number + 1, change_note="更正值守时间。", **changes)
    row = services.correct(edition=edition, routes=desk.hand.routes(found.channels, release_at=None), by=CLERK, at=MORNING + timedelta(days=1))
    services.submit(edition_id=row.pk, by=CLERK, at=MORNING + timedelta(days=1, minutes=5))
    return row.pk


def hidden_fields(html: str) -> dict[str, str]:
    """The hidden fields of the first form that carries what was seen: what a browser would send back."""
    form = next(form for form in re.findall(r"<form.*?</form>", html, re.DOTALL) if 'name="seen"' in form)
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def page(client: Any, path: str) -> str:
    """A page's words, as served."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())

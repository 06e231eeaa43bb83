"""A writing form as a browser would send it, and what its page says."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client

from channels.signing import seals
from desk.clock import now
from ledger import queries, services
from tests.desk.stage import Stage

HOME = "/qingshui/write/"
ID = "11010519491231002X"  #: of nobody: the standard's own example
MOBILE = "13800138000"


def words(**changes: Any) -> dict[str, Any]:
    """An ordinary notice as somebody types it."""
    facts: dict[str, Any] = {
        "scratch": "new:a1", "index_number": "006123456/2024-00001", "title": "关于做好汛期安全工作的通知", "body": "<p>进入汛期，请各社区加强值守。</p>",
        "summary": "汛期值守安排。", "column": "tongzhi", "category": "工作信息", "made_on": "2024-05-30", "channels": ["website"],
        "issuing_body": "云州市清水区清水街道办事处"}
    return {**facts, **changes}


def drafted(browser: Client, **changes: Any) -> int:
    """Save a new form; the number of its edition."""
    answer = browser.post(f"{HOME}new/", words(**changes))
    assert answer.status_code == 303, told(answer)
    return int(re.findall(r"/write/(\d+)/", answer["Location"])[0])


def form_of(browser: Client, edition: int) -> dict[str, Any]:
    """The fields of a draft's form as its page shows them."""
    return fields(browser.get(f"{HOME}{edition}/").content.decode())


def fields(page: str) -> dict[str, Any]:
    """The fields of the writing form on a page."""
    form = page[page.index('<form id="item"'):]
    out: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        given = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if given.get("type") == "file" or "name" not in given:
            continue
        if given.get("type") == "checkbox":
            if " checked" in tag:
                out.setdefault(given["name"], []).append(given["value"])
        elif given["name"] in ("image-sha256", "image-name", "image-alt", "attachment-sha256", "attachment-name"):
            out.setdefault(given["name"], []).append(given.get("value", ""))
        else:
            out[given["name"]] = given.get("value", "")
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        out[name] = unescape(text)
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        out[name] = chosen[1] if chosen else ""
    out.pop("csrfmiddlewaretoken", None)
    return out


def told(answer: Any) -> str:
    """The page as text, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def held(edition: int) -> queries.EditionInHand:
    """What the ledger has."""
    return queries.edition_in_hand(edition_id=edition)



def make_public(desk: Stage, edition: int) -> int:
    """Take a draft through three people and release it, as a tick would; the number of its item."""
    found, at = held(edition), now()
    services.submit(edition_id=edition, by=found.drafter, at=at)
    services.pass_review(edition_id=edition, by="林审查", at=at)
    sealed = seals(desk.hand, found.edition, found.channels)
    services.sign_off(edition_id=edition, by="周主任", at=at, renditions=sealed)
    services.release(edition_id=edition, by="tick", at=at, renditions=sealed)
    known = queries.find_item(index_number=found.edition.index_number)
    assert known is not None
    return known.item_id

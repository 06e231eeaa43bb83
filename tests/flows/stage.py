"""The stage of the doors' tests: a home folder with a gongkai.toml, an open office, a WeChat far side, and lines to import."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from channels.house import OfficeHand, open_house
from channels.sandbox.wechat import Sandbox
from flows import intake, opening
from flows.approval import People, approve

CODE = "qingshui"
PEOPLE = People(drafter="陈文书", reviewer="林审查", signer="周主任")
SECRET = "far-side-secret"
OFFICE = """
[[office]]
code = "qingshui"
name = "云州市清水区清水街道办事处"
short_name = "清水街道"
sandbox = {sandbox}
categories = ["机构职能类", "工作信息"]
supervision_phone = "0731-00000001"
[office.index]
code = "006123456"
[office.site]
name = "清水街道政务公开网"
home = "https://qingshui.example.gov.cn"
"""
TOML = OFFICE + """
[[office.column]]
slug = "tongzhi"
name = "通知公告"
category = "工作信息"
channels = ["website"]
[[office.column]]
slug = "dongtai"
name = "工作动态"
category = "工作信息"
channels = ["website", "wechat"]
[[office.channel]]
name = "website"
kind = "website"
[[office.channel]]
name = "feed"
kind = "feed"
follows = "website"
[[office.channel]]
name = "board"
kind = "board"
[[office.channel]]
name = "wechat"
kind = "wechat"
mode = "{mode}"
account = "清水发布"
app_id = "wx0000000000000000"
secret_env = "GONGKAI_TEST_SECRET"
api = "{api}"
polls = [0]
"""


def instant(hand: OfficeHand, text: str = "2024-06-03T09:00") -> datetime:
    """An instant in the office's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=hand.office.tz)


def furnish(home: Path, *, api: str = "http://127.0.0.1:9", mode: str = "publish", sandbox: bool = True, more: str = "") -> OfficeHand:
    """Write gongkai.toml, with `more` channels at its end, and open the office."""
    (home / "gongkai.toml").write_text(TOML.format(api=api, mode=mode, sandbox=str(sandbox).lower()) + more, encoding="utf-8")
    hand = open_house(home).desk(CODE)
    opening.open_offices(home, at=instant(hand, "2024-01-01T09:00"))
    return hand


@contextmanager
def far_side(home: Path) -> Iterator[Sandbox]:
    """A WeChat of our own, its state beside the home folder."""
    with Sandbox(home / "wechat.db") as sandbox:
        yield sandbox


def record(**changes: Any) -> dict[str, Any]:
    """An ordinary record as staff hand it in."""
    facts = {"title": "关于做好汛期安全工作的通知", "body": "<p>进入汛期，请各社区加强值守。</p>", "summary": "汛期值守安排。", "column": "tongzhi",
             "made_on": "2024-05-30"}
    return {**facts, **changes}


def write_lines(path: Path, *records: Any) -> Path:
    """A JSON Lines file of these records; text stands as it is."""
    path.write_text("".join((one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)) + "\n" for one in records), encoding="utf-8")
    return path


def sign(hand: OfficeHand, home: Path, *records: dict[str, Any], at: str = "2024-06-03T09:00") -> list[str]:
    """Take records in and have them signed by three people; their index numbers."""
    out = []
    for line in intake.lines(write_lines(home / "in.jsonl", *records)):
        taken = intake.take_in(hand, line, by=PEOPLE.drafter, at=instant(hand, at))
        assert taken.edition_id is not None
        approve(hand, edition_id=taken.edition_id, people=PEOPLE, at=instant(hand, at))
        out.append(taken.index_number)
    return out

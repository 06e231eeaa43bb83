"""A secret that is missing, or cannot be one: told by its variable before anything is sent, and never by what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests

from channels.base import Setting
from channels.once import in_doubt
from channels.registry import KINDS, build
from content.deliveries import Action, Delivery, Status
from flows.dispatch import carry
from tests.builders import an_edition, an_office
from tests.channels.rigs.far import Memory
from tests.channels.test_bad_input import FAR

VARIABLE = "GONGKAI_SECRET"
#: what a section needs besides, and under which key it names the variable
SECTIONS: dict[str, dict[str, str]] = {
    "bluesky": {"password_env": VARIABLE, "account": "qingshui.example.gov.cn"},
    "dingtalk": {"token_env": VARIABLE},
    "mastodon": {"token_env": VARIABLE, "account": "@qingshui@social.example.gov.cn"},
    "portal": {"password_env": VARIABLE, "user": "publisher", "category": "jiedao"},
    "wechat": {"secret_env": VARIABLE, "app_id": "wx0123456789abcdef"},
    "wecom": {"key_env": VARIABLE},
    "weibo": {"token_env": VARIABLE, "account": "清水街道发布"},
}
MISSING = ("", "  ", "\n")
HALF_A_COPY = "abc\ndef"
NO_SECRETS = {**dict.fromkeys(SECTIONS, (HALF_A_COPY, "令牌待填", "abc\x00")),
              "dingtalk": (HALF_A_COPY, "令牌待填", "one two three"), "bluesky": (HALF_A_COPY,)}  # people choose passwords as they like
CASES = [(kind, value) for kind in SECTIONS for value in (*MISSING, *NO_SECRETS[kind])]


def test_every_outlet_that_logs_in_is_among_these():
    assert sorted(SECTIONS) == FAR
    assert set(SECTIONS) <= set(KINDS)


@pytest.mark.parametrize(("kind", "value"), CASES)
def test_it_stops_the_channel_names_the_variable_and_leaves_nothing_in_doubt(kind, value, monkeypatch):
    monkeypatch.setattr(requests.Session, "request", lambda *words, **more: pytest.fail("something was sent"))
    memory, channel = Memory(), a_channel(kind, value)
    delivery = Delivery(channel=channel.name, action=Action.PUBLISH, edition=an_edition())
    errand = memory.errand(delivery.key)
    outcome = carry(channel, delivery, channel.render(delivery.edition), errand)
    assert (outcome.status, outcome.stops_channel, outcome.well) == (Status.DEFERRED, True, False)
    assert f"环境变量 {VARIABLE} " in outcome.detail
    assert ("没有值" in outcome.detail) == (value in MISSING)
    assert "请" in outcome.detail
    assert not value.strip() or value.strip() not in outcome.detail
    assert not in_doubt(errand)


def a_channel(kind: str, value: str) -> Any:
    return build(Setting(name=kind, office=an_office(), home=Path(), secret=lambda name: value if name == VARIABLE else "",
                         options={"api": "http://127.0.0.1:9", **SECTIONS[kind]}), kind)

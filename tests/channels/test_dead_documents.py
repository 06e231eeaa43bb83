"""Wherever a whole text is read, its reader is told first that it is no longer in force."""

from __future__ import annotations

import pytest

from content.metadata import pairs
from tests.builders import an_edition
from tests.channels.rigs.feed import Rig as Feed
from tests.channels.rigs.website import Rig as Website

SAID = "本文件已失效（有效期至 2024-12-31），仅供查阅，不再作为办事依据。"
WORDS = "因雨污分流改造"


def body(kind: str, edition, a_rig, tmp_path) -> str:
    rig = Website(tmp_path) if kind == "website" else Feed(tmp_path) if kind == "feed" else a_rig(kind)
    return rig.channel.render(edition).body


@pytest.mark.parametrize("kind", ["website", "feed", "wechat", "portal"])
def test_that_it_lapsed_stands_before_its_words(kind, a_rig, tmp_path):
    lapsed = body(kind, an_edition(metadata=pairs({"validity": "失效", "valid_until": "2024-12-31"})), a_rig, tmp_path)
    assert SAID in lapsed
    assert lapsed.index(SAID) < lapsed.index(WORDS)


@pytest.mark.parametrize("kind", ["website", "feed", "wechat", "portal"])
def test_of_what_is_in_force_nothing_is_said(kind, a_rig, tmp_path):
    assert "不再作为办事依据" not in body(kind, an_edition(metadata=pairs({"validity": "有效", "valid_until": "2024-12-31"})), a_rig, tmp_path)

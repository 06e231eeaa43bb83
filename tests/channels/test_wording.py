"""Words within limits."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import Limits
from channels.errors import UnsuitableError
from channels.wording import clip, fit, units
from tests.builders import an_edition

SENTENCE = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@given(text=SENTENCE, room=st.integers(0, 60))
def test_never_exceeds_the_room(text, room):
    assert units(clip(text, room)) <= max(room, 0)


@given(text=SENTENCE, room=st.integers(1, 60))
def test_keeps_a_start_of_what_was_said(text, room):
    said = clip(text, room)
    assert said == text or text.startswith(said.removesuffix("…"))


@given(text=SENTENCE)
def test_leaves_alone_what_fits(text):
    assert clip(text, units(text)) == text


@pytest.mark.parametrize(("text", "room", "said"), [
    ("自6月1日起封闭施工", 6, "自6月1日…"),
    ("家庭👨‍👩‍👧团聚", 6, "家庭…"),  # a family of three is one sign
    ("cafe\u0301 au lait", 5, "caf…"),  # not an e without its accent
    ("👍🏽👍🏽", 5, "👍🏽…"),
])
def test_cuts_between_characters_as_people_see_them(text, room, said):
    assert clip(text, room) == said
    assert not unicodedata.combining(clip(text, room)[-1])


def test_counts_as_the_platforms_do():
    """An emoji is two for JavaScript and Java; a Chinese character one, an extension-B character two."""
    assert (units("中文"), units("🚧"), units("𠮷")) == (2, 2, 2)


@pytest.mark.parametrize("most", [90, 120, 140, 500, None])
def test_keeps_index_number_and_link_whatever_is_cut(most):
    said = fit(an_edition(link="https://qingshui.example.gov.cn/i/17"), Limits(text=most))
    assert said.endswith("\n006123456/2024-00017 https://qingshui.example.gov.cn/i/17")
    assert most is None or len(said) <= most


def test_refuses_a_channel_too_small_for_the_trace():
    with pytest.raises(UnsuitableError, match="006123456/2024-00017"):
        fit(an_edition(), Limits(text=30))

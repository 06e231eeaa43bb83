"""Frames say what Jinja2 would say, and never a value unescaped."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined

from channels.website.frames import FrameError, Frames

JINJA = Environment(autoescape=True, undefined=StrictUndefined)
SOURCE = '<p title="{{ a }}">100% %s {{ office }}{% if b %} <b>{{ b }}</b>{% else %}none{% endif %}{{ b or a }}</p>{{ c }}'


@given(a=st.text(), b=st.text())
def test_a_frame_says_what_the_template_says(a: str, b: str) -> None:
    """Whatever the values hold: markup, `%s`, template syntax, our own marks."""
    from markupsafe import Markup

    frames = Frames(lambda: JINJA.from_string(SOURCE))
    said = frames.fill((), lambda: {"office": "甲&乙"}, {"a": a, "b": b}, {"c": "<i>"})
    expected = JINJA.from_string(SOURCE).render(office="甲&乙", a=a, b=b, c=Markup("<i>"))
    assert said.replace("&#x27;", "&#39;").replace("&quot;", "&#34;") == expected


def test_the_template_is_rendered_once_for_each_pattern_of_values() -> None:
    loads: list[int] = []

    def load():
        loads.append(1)
        return JINJA.from_string("{{ a }}{{ office }}")

    frames = Frames(load)
    said = [frames.fill((office,), partial(dict, office=office), {"a": a}) for office in "xy" for a in ("", "1", "2")]
    assert said == ["x", "1x", "2x", "y", "1y", "2y"]
    assert len(loads) == 4


@pytest.mark.parametrize("use", ["{{ a|upper }}", "{{ a|length }}", "{{ a[:4] }}", "{{ a|urlencode }}", "{{ a ~ 'x' }}", "{{ a|join(',') }}",
                                 "{{ a + 'x' }}", "{% if a == 'x' %}{% endif %}", "{% for one in a %}{% endfor %}", "{{ a|truncate(3) }}",
                                 "{{ '%s' % a }}"])
def test_a_template_that_does_more_than_print_a_value_is_found_at_once(use: str) -> None:
    with pytest.raises(FrameError, match="a differs from page to page"):
        Frames(lambda: JINJA.from_string(use)).fill((), dict, {"a": "value"})

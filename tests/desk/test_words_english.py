"""The desk in English: every word of it, and the page as somebody reads it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from desk.roles import Role
from tests.desk.stage import stranger
from tests.flows.stage import CODE

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    """scripts/messages.py, which stands in no package."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["messages"] = module
    spec.loader.exec_module(module)
    return module


def test_every_word_of_the_desk_has_english(messages) -> None:
    """`make messages` says what to do: it collects what is new, and names what has none."""
    faults: list[str] = []
    texts = {one.text for one in messages.said(faults)}
    catalogue = messages.catalogue()
    assert not faults, "\n".join(faults)
    assert not [text for text in texts if not (catalogue.get(text) and catalogue.get(text).string)]
    assert not messages.misplaced(catalogue)


def test_nothing_is_kept_that_the_desk_no_longer_says(messages) -> None:
    texts = {one.text for one in messages.said()}
    assert not [one.id for one in messages.catalogue() if one.id and one.id not in texts]


def test_what_django_reads_is_what_translators_wrote(messages) -> None:
    """The .mo beside the .po is of the same words."""
    assert messages.PO.with_suffix(".mo").read_bytes() == messages.mo(messages.catalogue())


def test_the_walk_finds_what_no_mark_tells(messages) -> None:
    """A check that passes everything would prove nothing."""
    faults: list[str] = []
    source = '"""说明。"""\nTABLE = {"a": "词"}\ndef f(n):\n    """说明。"""\n    return f"共{n}条"\n'
    assert list(messages.of_python(source, "x.py", faults)) == ["词"]
    template = '<p>裸字</p>{% trans "甲" %}{{ x|default:_("乙") }}{# 注 #}{% trans x %}<b>公开</b>：'
    assert list(messages.of_template(template, "x.html", faults)) == ["甲", "乙"]
    assert [fault.split(":")[0] for fault in faults] == ["x.py", "x.html"]


@pytest.mark.ledger
def test_somebody_who_chose_english_reads_english(desk_sqlite) -> None:
    client = stranger()
    client.post("/language/", {"language": "en", "next": "/login/"})
    page = client.get("/login/").content.decode()
    assert "<h1>Sign in</h1>" in page
    assert "Login or password is wrong" in client.post("/login/", {"username": "x", "password": "y"}).content.decode()
    clerk = desk_sqlite.browser(Role.CLERK)
    clerk.cookies["django_language"] = "en"
    assert "Not one of your duties" in clerk.get(f"/{CODE}/reviews/").content.decode()

"""Every page of the desk, found by walking the URL table: which address, seen by whom, on a full day (tests/desk/everything.py)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import URLPattern, reverse

from desk.access import EVERYBODY, SIGNED_IN
from desk.models import Scratch
from desk.previewing import preview_path
from desk.roles import Role
from desk.urls import urlpatterns
from ledger import queries
from tests.desk.annual import year
from tests.desk.everything import Everything
from tests.desk.stage import Stage
from tests.flows.stage import CODE

#: addresses that show no page: they do something, hand over a file, or answer with a piece of one
NO_PAGES = frozenset({
    "logout", "language", "backup-codes", "audit-verify", "sheet-record", "sheet-pdf", "sheet-picture", "sheet-photo", "book-export", "item-by-number",
    "delivery-act", "channels-switch", "preview", "autosave", "proposal", "shelve", "file", "submit", "mask", "justify", "batch-template", "second-factor",
    "push", "report_papers", "report_freeze", "report_item"})
STRANGER = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page, as one person opens it."""

    name: str  #: of the address, and of what is the matter
    path: str
    role: Role | None
    verified: bool = True  #: whether the second factor was given


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Arguments of an address."""

    what: str = ""
    words: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    role: Role | None = Role.CLERK
    given: bool = False  #: the role was chosen; else any that may


def examples(world: Everything) -> dict[str, list[Example]]:
    """For addresses with arguments, and for those that look different at times."""
    def editions(*names: str) -> list[Example]:
        return [Example(what=name, words={"edition": world.editions[name]}) for name in names]

    def items(*names: str) -> list[Example]:
        return [Example(what=name, words={"item": world.items[name]}) for name in names]

    person, this = world.people[Role.CLERK].pk, str(world.now.astimezone(world.hand.office.tz).year)
    return {
        "edit": editions("report", "draft", "returned", "shelved", "in_review", "public"),
        "review": editions("in_review", "compare", "urgent", "later", "reviewed"),
        "sign": editions("reviewed", "urgent", "signed"),
        "correct": items("hangs", "withdrawn"), "withdraw": items("public", "withdrawn"),
        "item": items("public", "withdrawn", "draft", "later"),
        "book-edition": [Example(words={"item": world.items["public"], "number": 2})],
        "delivery": [Example(what=name, words={"delivery": pk}) for name, pk in world.deliveries.items()],
        "sheet": [Example(what=name, words={"number": world.sheets[name]}) for name in ("up", "photo", "late")],
        "board": [Example(), Example(what="all", query={"all": "1"})],
        "book": [Example(), Example(what="found", query={"words": "补偿"}), Example(what="none", query={"words": "没有这样的词"}),
                 Example(what="wrong", query={"since": "2024-13-01"})],
        "report_final": [
            Example(what="frozen", words={"form": "2021", "when": str(year())}, role=Role.REPORTER, given=True),
            Example(what="handed", words={"form": "2021", "when": str(year())}),
            Example(what="missing", words={"form": "2019", "when": str(year())}, role=Role.REPORTER, given=True),
            Example(what="draft", words={"form": "monthly", "when": f"{year()}-3"}, role=Role.REPORTER, given=True)],
        "preview-file": [Example(what=channel, words={"edition": world.editions["reviewed"], "channel": channel}) for channel in ("website", "board", "wechat")],
        "reports": [Example(), Example(what="last", query={"year": str(year())}), Example(what="reader", role=Role.DISTRICT, given=True)],
        "report": [Example(words={"form": "2021", "when": this}), Example(what="month", words={"form": "monthly", "when": f"{this}-{world.now.month}"}),
                   Example(what="reader", words={"form": "2021", "when": this}, role=Role.SIGNER, given=True),
                   Example(what="frozen", words={"form": "2021", "when": str(year())}),
                   Example(what="since", words={"form": "2021", "when": str(year())}, query={"now": "1"}),
                   Example(what="before", words={"form": "2008", "when": "2018"})],
        "report_cell": [Example(what=what, words={"form": "2021", "when": this, "cell": cell}) for what, cell in (
            ("counted", "items"), ("recorded", "t3.new.person"), ("unknown", "t3.granted.other"), ("added", "t3.new.total"))],
        "report_part": [Example(what=part, words={"form": "2021", "when": this, "part": part}) for part in ("overview", "disclosed", "requests", "disputes")],
        "channels": [Example(), Example(what="operator", role=Role.OPERATOR, given=True)],
        "new": [Example(query={"form": "f00"}), Example(what="restored", query={"form": "abc"})],
        "person": [Example(words={"number": person})],
        "rescued": [Example(words={"key": _rescued()})],
        "today": [Example(what=role.value, role=role, given=True) for role in Role if role is not Role.ADMINISTRATOR],
    }


def _rescued() -> str:
    return str(Scratch.objects.get(key__startswith="page:").key).partition(":")[2]


def pages(world: Everything) -> Iterator[Page]:
    """All of them. An address with arguments and without an example is an error: whoever adds one gives an example here."""
    given = examples(world)
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        if pattern.name in NO_PAGES:
            continue
        arguments = set(pattern.pattern.converters) - {"office"}
        assert pattern.name in given or not arguments, f"tests/desk/pages.py: give an example of the address {pattern.name}"
        for example in given.get(str(pattern.name), [Example()]):
            yield _page(world, pattern, example)
    yield Page(name="second-factor", path=reverse("second-factor"), role=Role.SIGNER, verified=False)
    yield Page(name="refused", path=reverse("audit", kwargs={"office": CODE}), role=Role.CLERK)
    yield Page(name="not-found", path="/nowhere/", role=Role.CLERK)


def _page(world: Everything, pattern: URLPattern, example: Example) -> Page:
    office = {"office": CODE} if "office" in pattern.pattern.converters else {}
    name = f"{pattern.name}-{example.what}".rstrip("-")
    path = _begins(world, example) if pattern.name == "preview-file" else reverse(str(pattern.name), kwargs={**office, **example.words})
    return Page(name=name, path=path + (f"?{urlencode(example.query)}" if example.query else ""),
                role=example.role if example.given else who(pattern))


def _begins(world: Everything, example: Example) -> str:
    found = queries.edition_in_hand(edition_id=example.words["edition"]).edition
    return reverse("preview", kwargs={"office": CODE, **example.words}) + preview_path(world.hand, example.words["channel"], found)


def who(pattern: URLPattern) -> Role | None:
    """Somebody whom the address serves: the one with the fewest rights that do."""
    serves = pattern.callback.serves  # type: ignore[attr-defined]
    if serves == EVERYBODY:
        return STRANGER
    if serves == SIGNED_IN:
        return Role.CLERK
    return next(role for role in (Role.CLERK, Role.REVIEWER, Role.SIGNER, Role.OPERATOR, Role.REPORTER, Role.DISTRICT, Role.ADMINISTRATOR) if role in serves)


def cookie(world: Everything, role: Role, *, verified: bool = True) -> str:
    """A session of somebody with this role, as a browser keeps it."""
    stage = Stage(home=world.home, hand=world.hand, people=world.people)
    return str(stage.browser(role, verified=verified).cookies["gongkai"].value)


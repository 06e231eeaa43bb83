"""Every address of the desk, walked: a new view is covered by being there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, path
from django.urls.converters import IntConverter
from django_otp.plugins.otp_totp.models import TOTPDevice

from desk.access import PLATFORMS
from desk.models import Membership, Person
from desk.roles import SECOND_FACTOR, Role
from desk.urls import urlpatterns as walked
from tests.desk.stage import Stage, stranger
from tests.flows.stage import CODE

pytestmark = pytest.mark.ledger
METHODS = ("get", "post")
#: what somebody reaches whose password has to be changed first
BEFORE_A_NEW_PASSWORD = {"password", "logout", "language"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One line of the table, with an address made up for it."""

    name: str
    url: str
    serves: frozenset[Any]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role in self.serves if isinstance(role, Role))

    @property
    def of_platforms(self) -> bool:
        """No person's: each call is known by its platform's signature (tests/desk/test_pushes.py)."""
        return self.serves == PLATFORMS

    @property
    def of_an_office(self) -> bool:
        return self.url.startswith(f"/{CODE}/")


def addresses() -> Iterator[Address]:
    for one in walked:
        assert isinstance(one, URLPattern), f"{one}: the walk reads no included tables; list the views themselves"
        url = str(one.pattern)
        for name, converter in one.pattern.converters.items():
            made_up = CODE if name == "office" else "1" if isinstance(converter, IntConverter) else "x"
            kind = {"IntConverter": "int", "SlugConverter": "slug", "StringConverter": "str", "PathConverter": "path"}[type(converter).__name__]
            url = url.replace(f"<{kind}:{name}>", made_up).replace(f"<{name}>", made_up)
        assert "<" not in url
        yield Address(name=one.name or "", url=f"/{url}", serves=getattr(one.callback, "serves", frozenset()))


TABLE = list(addresses())


def ask(client: Client, method: str, url: str) -> HttpResponse:
    return getattr(client, method)(url, {"words": "写了一半"} if method == "post" else {})


def faults(desk: Stage, client: Client, lines: list[Address], *, status: int, to: str = "") -> list[str]:
    out = []
    for one in lines:
        for method in METHODS:
            answer = ask(client, method, one.url)
            if answer.status_code != status or (to and not answer["Location"].startswith(to)):
                out.append(f"{method.upper()} {one.url} ({one.name}): {answer.status_code}")
    return out


def somebody(*places: tuple[str, Role]) -> Client:
    """Somebody with these roles, signed in and verified."""
    person = Person.objects.create(username="somebody", name="某人", password="!")
    for office, role in places:
        Membership.objects.create(person=person, office=office, role=role)
    client = stranger()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    device = TOTPDevice.objects.create(user=person, name="手机", confirmed=True)
    session = client.session
    session["otp_device_id"] = device.persistent_id
    session.save()
    return client


def test_every_view_has_a_name_of_its_own_and_says_whom_it_serves() -> None:
    """`serves`, `opened_to` or `administrators_only`: without one of them nobody gets in."""
    assert [one.url for one in TABLE if not one.serves] == []
    names = [one.name for one in TABLE]
    assert len(names) == len(set(names))
    assert "" not in names


def test_a_stranger_is_shown_the_door(desk_sqlite) -> None:
    """GET leads to the login page; POST too, with what was typed in it."""
    out = []
    for one in [one for one in TABLE if "everybody" not in one.serves and not one.of_platforms]:
        for method in METHODS:
            answer = ask(stranger(), method, one.url)
            led = answer.status_code == 302 and answer["Location"].startswith("/login/?next=")
            kept = method == "post" and one.of_an_office and answer.status_code == 403 and "写了一半" in answer.content.decode()
            if not (led or kept):
                out.append(f"{method.upper()} {one.url}: {answer.status_code}")
    assert not out, "\n".join(out)


def test_nobody_who_cannot_sign_is_heard_where_platforms_call(desk_sqlite) -> None:
    """A stranger or a signed-in person, at an address that is there or one that is not: the same bare refusal."""
    lines = [one for one in TABLE if one.of_platforms]
    assert [one.name for one in lines] == ["push"]
    for client in (stranger(), *(desk_sqlite.browser(role) for role in Role)):
        for url in (*(one.url for one in lines), f"/push/{CODE}/wechat/", f"/push/{CODE}/website/"):
            for method in METHODS:
                answer = ask(client, method, url)
                assert (answer.status_code, answer.content) == (403, b""), f"{method} {url}"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_that_is_not_asked_for_is_refused(desk_sqlite, role: Role) -> None:
    client = desk_sqlite.browser(role)
    others = [one for one in TABLE if one.roles and role not in one.roles]
    assert others
    out = faults(desk_sqlite, client, others, status=403)
    assert not out, "\n".join(out)
    assert "不在您的职责内" in client.get(others[0].url).content.decode()


def test_another_office_s_people_do_not_learn_that_this_one_is_there(desk_sqlite) -> None:
    client = somebody(*(("elsewhere", role) for role in Role if role is not Role.ADMINISTRATOR))
    out = faults(desk_sqlite, client, [one for one in TABLE if one.of_an_office], status=404)
    assert not out, "\n".join(out)


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR))
def test_who_decides_shows_a_second_factor_first(desk_sqlite, role: Role) -> None:
    """A password alone opens nothing of an office to them, nor the accounts."""
    client = desk_sqlite.browser(role, verified=False)
    lines = [one for one in TABLE if role in one.roles]
    assert lines
    out = faults(desk_sqlite, client, lines, status=302, to="/second-factor/")
    assert not out, "\n".join(out)


def test_a_first_password_is_changed_before_anything_else(desk_sqlite) -> None:
    client = desk_sqlite.browser(Role.CLERK)
    Person.objects.update(must_change_password=True)
    out = faults(desk_sqlite, client, [one for one in TABLE if one.name not in BEFORE_A_NEW_PASSWORD], status=302, to="/password/")
    assert not out, "\n".join(out)


def test_a_closed_account_is_nobody(desk_sqlite) -> None:
    """At once, not when its session ends."""
    client = desk_sqlite.browser(Role.CLERK)
    assert client.get("/account/").status_code == 200
    Person.objects.update(is_active=False)
    assert client.get("/account/").status_code == 302


def test_no_form_is_taken_without_its_mark(desk_sqlite) -> None:
    """A page elsewhere cannot press a button here (CSRF), whoever is signed in."""
    out = []
    for role in Role:
        signed_in = desk_sqlite.browser(role)
        client = stranger(enforce_csrf_checks=True)
        client.cookies = signed_in.cookies
        for one in [one for one in TABLE if (not one.roles or role in one.roles) and not one.of_platforms]:
            answer = client.post(one.url, {"words": "x"})
            if answer.status_code != 403 or "没有执行" not in answer.content.decode():
                out.append(f"{one.url}: {answer.status_code}")
    assert not out, "\n".join(out)


def test_to_look_changes_nothing(desk_sqlite) -> None:
    """A GET writes into no table."""
    out = []
    for role in Role:
        client = desk_sqlite.browser(role)
        for one in [one for one in TABLE if not one.roles or role in one.roles]:
            with CaptureQueriesContext(connection) as asked:
                client.get(one.url)
            out += [f"{one.url}: {line['sql'][:90]}" for line in asked if line["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not out, "\n".join(out)


def careless(request: HttpRequest) -> HttpResponse:
    """A view whose writer forgot to say whom it serves."""
    return HttpResponse("secrets")


urlpatterns = [path("careless/", careless, name="careless"), *walked]


def test_a_view_that_says_nothing_serves_nobody(desk_sqlite, settings_of) -> None:
    settings_of(ROOT_URLCONF=__name__)
    for client in (stranger(), desk_sqlite.browser(Role.SIGNER), desk_sqlite.browser(Role.ADMINISTRATOR)):
        answer = client.get("/careless/")
        assert answer.status_code == 403
        assert "secrets" not in answer.content.decode()


def test_a_refusal_is_written_down_without_what_was_sent(desk_sqlite, caplog) -> None:
    desk_sqlite.browser(Role.CLERK).post(f"/{CODE}/reviews/", {"reason": "身份证号"})
    assert "refused: clerk may not POST" in caplog.text
    assert "身份证号" not in caplog.text


def test_pages_tell_the_browser_to_run_and_frame_nothing_of_others(desk_sqlite) -> None:
    """OWASP's headers, on pages of every status."""
    for answer in (stranger().get("/login/"), stranger().get("/nowhere/"), desk_sqlite.browser(Role.CLERK).get(f"/{CODE}/reviews/")):
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in f"{policy};"
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "private" in answer["Cache-Control"]

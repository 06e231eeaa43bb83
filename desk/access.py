"""Who gets through which door. Every view says whom it serves; one that says nothing serves nobody.

    path("<slug:office>/write/", serves(Role.CLERK)(writing.write), name="write")

A view that serves roles takes `(request, seat, …)`: a seat is a person at an office's desk.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from channels.house import OfficeHand
from desk import clock, offices
from desk.models import Person
from desk.roles import EVERY_OFFICE, READERS, SECOND_FACTOR, Role

log = logging.getLogger("gongkai.desk")
View = Callable[..., HttpResponse]
EVERYBODY = frozenset({"everybody"})  #: strangers too: the login page
SIGNED_IN = frozenset({"signed in"})  #: whoever has an account, in whatever role


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A person at an office's desk, for one request."""

    hand: OfficeHand
    person: str  #: the name by which the ledger knows them
    roles: frozenset[Role]
    at: datetime  #: when the request came

    @property
    def office(self) -> str:
        """The office's code."""
        return self.hand.office.code

    def can(self, *roles: Role) -> bool:
        """Whether the person has one of these roles here."""
        return bool(self.roles & set(roles))


def roles_in(person: Person, office: str) -> frozenset[Role]:
    """A person's roles in an office."""
    found = person.memberships.filter(office__in=[office, EVERY_OFFICE]).values_list("role", flat=True)
    return frozenset(Role(role) for role in found)


def offices_of(person: Person) -> list[OfficeHand]:
    """The offices whose desk a person may open, in the order of gongkai.toml."""
    known = dict(person.memberships.exclude(role=Role.ADMINISTRATOR).values_list("office", "pk"))
    return [hand for code, hand in offices.hands().items() if code in known or EVERY_OFFICE in known]


def serves(*roles: Role) -> Callable[[View], View]:
    """Let a view serve people with one of these roles in the office its address names (`office`); nobody else."""
    wanted = frozenset(roles)

    def wrap(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *, office: str, **words: Any) -> HttpResponse:
            person = request.user
            if not isinstance(person, Person):
                return redirect_to_login(request.get_full_path())
            held = roles_in(person, office)
            hand = offices.hands().get(office)
            if hand is None or not held & (READERS | {Role.ADMINISTRATOR}):
                raise Http404  # whether such an office exists is nobody's business but its people's
            if not held & wanted:
                return refuse(request, person, office)
            if held & SECOND_FACTOR and not person.is_verified():  # type: ignore[attr-defined]  # django_otp adds it to every user
                return redirect("second-factor")
            seat = Seat(hand=hand, person=person.name, roles=held, at=clock.now())
            request.seat = seat  # type: ignore[attr-defined]  # templates find it there
            return view(request, seat, **words)

        door.serves = wanted  # type: ignore[attr-defined]
        return door

    return wrap


def refuse(request: HttpRequest, person: Person, office: str) -> HttpResponse:
    """Say that this is not theirs, and note it (OWASP ASVS 5.0, 16.3.2)."""
    log.warning("refused: %s may not %s %s in %s", person.username, request.method, request.path, office)
    return render(request, "desk/refused.html", status=403)


def opened_to(*whom: str) -> Callable[[View], View]:
    """Let a view without an office serve `EVERYBODY` or whoever is `SIGNED_IN`."""
    wanted = frozenset(whom)

    def wrap(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, **words: Any) -> HttpResponse:
            if wanted <= SIGNED_IN and not isinstance(request.user, Person):
                return redirect_to_login(request.get_full_path())
            return view(request, **words)

        door.serves = wanted  # type: ignore[attr-defined]
        return door

    return wrap


def administrators_only(view: View) -> View:
    """Let a view serve those who look after accounts, with their second factor."""
    @wraps(view)
    def door(request: HttpRequest, **words: Any) -> HttpResponse:
        person = request.user
        if not isinstance(person, Person):
            return redirect_to_login(request.get_full_path())
        if not person.memberships.filter(role=Role.ADMINISTRATOR).exists():
            return refuse(request, person, EVERY_OFFICE)
        if not person.is_verified():  # type: ignore[attr-defined]
            return redirect("second-factor")
        return view(request, **words)

    door.serves = frozenset({Role.ADMINISTRATOR})  # type: ignore[attr-defined]
    return door


class DoorMiddleware:
    """A view that does not say whom it serves serves nobody; a password that others have seen is changed first."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, words: dict[str, Any]) -> HttpResponse | None:
        """Before any view."""
        wanted = getattr(view, "serves", None)
        if wanted is None:
            log.error("%s says not whom it serves; nobody gets in", request.path)
            return render(request, "desk/refused.html", status=403)
        person = request.user
        if isinstance(person, Person) and person.must_change_password and request.resolver_match and (
                request.resolver_match.url_name not in ("password", "logout", "language")):
            return redirect("password")
        return None


def seat_of(request: HttpRequest) -> dict[str, Any]:
    """For templates: the seat of this request, and the offices the person could sit down at."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return {"seat": None}
    return {"seat": getattr(request, "seat", None), "offices": offices_of(person)}

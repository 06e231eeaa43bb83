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
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from channels.house import OfficeHand
from desk import clock, offices, rescue, scratch
from desk.forms.accounts import LoginForm
from desk.models import Person
from desk.roles import EVERY_OFFICE, READERS, SECOND_FACTOR, Role

log = logging.getLogger("gongkai.desk")
View = Callable[..., HttpResponse]
EVERYBODY = frozenset({"everybody"})  #: strangers too: the login page
SIGNED_IN = frozenset({"signed in"})  #: whoever has an account, in whatever role
PLATFORMS = frozenset({"platforms"})  #: no person: a channel's platform, known by the signature of each call
DUE = "second factor due"  #: in the session of somebody who has one, until they showed it


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


def places_of(person: Person) -> frozenset[tuple[str, Role]]:
    """Offices and roles of whoever asks; looked up once a request."""
    if not hasattr(person, "held_places"):
        person.held_places = frozenset((office, Role(role)) for office, role in person.memberships.values_list("office", "role"))  # type: ignore[attr-defined]
    return person.held_places  # type: ignore[attr-defined, no-any-return]


def roles_in(person: Person, office: str) -> frozenset[Role]:
    """A person's roles in an office."""
    return frozenset(role for where, role in places_of(person) if where in (office, EVERY_OFFICE))


def offices_of(person: Person) -> list[OfficeHand]:
    """The offices whose desk a person may open, in the order of gongkai.toml."""
    known = {office for office, role in places_of(person) if role is not Role.ADMINISTRATOR}
    return [hand for code, hand in offices.hands().items() if code in known or EVERY_OFFICE in known]


def administers(person: Person) -> bool:
    """Whether a person looks after accounts."""
    return (EVERY_OFFICE, Role.ADMINISTRATOR) in places_of(person)


def serves(*roles: Role) -> Callable[[View], View]:
    """Let a view serve people with one of these roles in the office its address names (`office`); nobody else."""
    wanted = frozenset(roles)

    def wrap(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *, office: str, **words: Any) -> HttpResponse:
            person = request.user
            if not isinstance(person, Person):
                return to_login(request, office)
            held = roles_in(person, office)
            hand = offices.hands().get(office)
            if hand is None or not held & (READERS | {Role.ADMINISTRATOR}):
                raise Http404  # whether such an office exists is nobody's business but its people's
            if not held & wanted:
                return refuse(request, person, office)
            # django_otp adds is_verified to every user; whoever has a second factor shows it, whether or not a role asks for it
            if (held & SECOND_FACTOR or request.session.get(DUE)) and not person.is_verified():  # type: ignore[attr-defined]
                return to_second_factor(request, person, office)
            seat = Seat(hand=hand, person=person.name, roles=held, at=clock.now())
            request.seat = seat  # type: ignore[attr-defined]  # templates find it there
            response = view(request, seat, **words)
            if request.method == "POST" and rescue.PATH in request.POST and response.status_code in (302, 303):
                scratch.drop(seat.person, office, scratch.page_key(request.path))  # sent again, and accepted
            return response

        door.serves = wanted  # type: ignore[attr-defined]
        return door

    return wrap


def to_login(request: HttpRequest, office: str) -> HttpResponse:
    """Have a stranger sign in; what they typed before their session ended comes along."""
    if request.headers.get("HX-Request"):
        return _without_a_page(request)
    rescued = rescue.from_form(request, office)
    if rescued is None:
        return redirect_to_login(rescue.back(request))
    words = {"form": LoginForm(request), "next": rescued.back, "rescued": rescued.as_field(), "files": bool(request.FILES)}
    return render(request, "desk/accounts/login.html", words, status=403)


def _without_a_page(request: HttpRequest) -> HttpResponse:
    """What htmx gets: where it only looks, the login page; where it keeps what is being typed, a line beside that."""
    if request.method == "POST":
        return render(request, "desk/accounts/ended.html")
    answer = HttpResponse()
    answer["HX-Redirect"] = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': rescue.current(request)})}"
    return answer


def to_second_factor(request: HttpRequest, person: Person, office: str) -> HttpResponse:
    """Have somebody prove who they are; what they typed is kept meanwhile."""
    rescued = rescue.from_form(request, office)
    then = rescue.back(request) if rescued is None else rescued.keep(person, clock.now())
    return HttpResponseRedirect(f"{reverse('second-factor')}?{urlencode({'next': then})}")


def refuse(request: HttpRequest, person: Person, office: str) -> HttpResponse:
    """Say that this is not theirs, and note it (OWASP ASVS 5.0, 16.3.2)."""
    log.warning("refused: %s may not %s %s in %s", person.username, request.method, request.path, office)
    return render(request, "desk/refused.html", status=403)


def opened_to(*whom: str) -> Callable[[View], View]:
    """Let a view without an office serve `EVERYBODY`, whoever is `SIGNED_IN`, or `PLATFORMS`, whose signatures it checks itself."""
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
        if not administers(person):
            return refuse(request, person, EVERY_OFFICE)
        if not person.is_verified():  # type: ignore[attr-defined]
            return to_second_factor(request, person, EVERY_OFFICE) if request.method == "GET" else redirect("second-factor")
        return view(request, **words)

    door.serves = frozenset({Role.ADMINISTRATOR})  # type: ignore[attr-defined]
    return door


class BoundMiddleware:
    """A request that is too large is refused before anything reads it."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) <= settings.REQUEST_LIMIT:
            return self.get_response(request)
        words = _("这次送来的内容超过 %(size)d MB，没有接收，也没有保存。请返回上一页，压缩或拆分附件后再提交；已写的文字仍在那一页上。")
        return render(request, "desk/told.html", status=413, context={
            "title": _("内容过大"), "words": words % {"size": settings.REQUEST_LIMIT // 2**20}})


class DoorMiddleware:
    """A view that does not say whom it serves serves nobody; a password that others have seen is changed first."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # no proxy keeps a page; the browser may, so that going back finds what was typed
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

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
    return {"seat": getattr(request, "seat", None), "offices": offices_of(person), "administers": administers(person)}

"""People of the desk and their roles: every change to them, whether it comes from a page or from the command line.

None of it is in the ledger, which knows people by their names alone; each change leaves a line in the desk's log.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django_otp import devices_for_user

from desk import offices
from desk.models import Membership, Person
from desk.roles import EVERY_OFFICE, Role

log = logging.getLogger("gongkai.desk")
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  #: nothing that is misread on paper
NAME_LENGTH, LOGIN_LENGTH = 80, 150


class PeopleError(Exception):
    """What was asked about people cannot be done. `code` says why; the text is for the command line."""

    def __init__(self, code: str, text: str, **facts: str) -> None:
        super().__init__(text)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A role in an office."""

    office: str  #: its code, or `EVERY_OFFICE`
    role: Role


def new_password() -> str:
    """Sixteen characters in groups of four, about 79 bits: to be read off once and replaced."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def add(*, username: str, name: str, places: Iterable[Place], by: str) -> tuple[Person, str]:
    """Add a person; gives them and their first password, which they have to change.

    Raises:
        PeopleError: somebody has that login or that name, or the roles do not go together.
    """
    username, name, wanted = username.strip(), name.strip(), frozenset(places)
    _check_names(username, name)
    check_places(wanted)
    password = new_password()
    try:
        with transaction.atomic():
            person = Person.objects.create(username=username, name=name, password=make_password(password), must_change_password=True)
            Membership.objects.bulk_create([Membership(person=person, office=one.office, role=one.role) for one in wanted])
    except IntegrityError:
        raise _taken(username, name) from None
    log.info("%s added %s with %s", by, username, _listed(wanted))
    return person, password


def _check_names(username: str, name: str) -> None:
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        raise PeopleError("username", f"{username!r} is no login: letters, digits and @ . + - _ only", username=username) from None
    if len(username) > LOGIN_LENGTH:
        raise PeopleError("username", f"{username[:20]!r}… is too long for a login", username=username)
    if not name or len(name) > NAME_LENGTH:
        raise PeopleError("name", f"a person needs a name of 1 to {NAME_LENGTH} characters")
    if Person.objects.filter(username__iexact=username).exists() or Person.objects.filter(name=name).exists():
        raise _taken(username, name)


def _taken(username: str, name: str) -> PeopleError:
    if Person.objects.filter(username__iexact=username).exists():
        return PeopleError("username_taken", f"somebody has the login {username!r}", username=username)
    return PeopleError("name_taken", f"the ledger knows somebody else as {name!r}; two people never share a name", name=name)


def check_places(places: Iterable[Place]) -> None:
    """Refuse roles that do not go together, and offices that there are none of.

    Raises:
        PeopleError: that.
    """
    wanted, known = frozenset(places), offices.hands()
    roles = {one.role for one in wanted}
    if Role.ADMINISTRATOR in roles and len(roles) > 1:
        # whoever hands out roles could hand themselves all three of drafter, reviewer and signer
        raise PeopleError("administrator", "an administrator has no say in what is published: give the other roles to another account")
    for one in wanted:
        if one.role is Role.ADMINISTRATOR and one.office != EVERY_OFFICE:
            raise PeopleError("everywhere", f"an administrator looks after every office: the office is {EVERY_OFFICE!r}")
        if one.office != EVERY_OFFICE and one.office not in known:
            raise PeopleError("office", f"no office {one.office!r} in gongkai.toml; it describes {', '.join(known)}", office=one.office)


def place(*, person: Person, places: Iterable[Place], by: str) -> None:
    """Give a person exactly these roles.

    Raises:
        PeopleError: they do not go together, or nobody would be left to look after accounts.
    """
    wanted = frozenset(places)
    check_places(wanted)
    with transaction.atomic():
        if Place(office=EVERY_OFFICE, role=Role.ADMINISTRATOR) not in wanted:
            _keep_an_administrator(person)
        lock(person)
        held = {Place(office=one.office, role=Role(one.role)): one for one in person.memberships.all()}
        for gone in held.keys() - wanted:
            held[gone].delete()
        Membership.objects.bulk_create([Membership(person=person, office=one.office, role=one.role) for one in wanted - held.keys()])
    log.info("%s gave %s the roles %s", by, person.username, _listed(wanted))


def lock(person: Person) -> None:
    """Have a person to oneself for the rest of a transaction: of two who change what is theirs, the second sees what the first did."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def reset_password(*, person: Person, by: str) -> str:
    """Give a person a new password that they have to change; whoever is signed in by the old one is signed out."""
    password = new_password()
    person.password, person.must_change_password = make_password(password), True
    person.save(update_fields=["password", "must_change_password"])
    log.info("%s reset the password of %s", by, person.username)
    return password


def reset_second_factor(*, person: Person, by: str) -> None:
    """Forget a person's second factor, telephone and backup codes: they set up another at their next login."""
    with transaction.atomic():
        for device in devices_for_user(person, confirmed=None):
            device.delete()
    log.info("%s reset the second factor of %s", by, person.username)


def switch(*, person: Person, active: bool, by: str) -> None:
    """Close a person's account, or open it again. Nothing of theirs in the ledger changes.

    Raises:
        PeopleError: nobody would be left to look after accounts.
    """
    with transaction.atomic():
        if not active:
            _keep_an_administrator(person)
        person.is_active = active
        person.save(update_fields=["is_active"])
    log.info("%s %s the account of %s", by, "opened" if active else "closed", person.username)


def administrators() -> list[Person]:
    """Those who look after accounts and can."""
    return list(Person.objects.filter(is_active=True, memberships__role=Role.ADMINISTRATOR).order_by("pk"))


def _keep_an_administrator(person: Person) -> None:
    # locked, where the database can, so that two who leave at once do not both see the other stay
    left = Person.objects.select_for_update().filter(is_active=True, memberships__role=Role.ADMINISTRATOR)
    if [one.pk for one in left] == [person.pk]:
        raise PeopleError("last", f"{person.username} is the last administrator; make another one first")


def _listed(places: Iterable[Place]) -> str:
    return ", ".join(sorted(f"{one.office}:{one.role}" for one in places)) or "no role"

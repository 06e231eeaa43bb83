"""The stage of the desk's tests: an office, a person for each role, and their browsers without one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from channels.house import OfficeHand
from desk import offices
from desk.models import Membership, Person
from desk.roles import SECOND_FACTOR, Role
from tests.flows.stage import CODE, furnish

PASSWORD = "清水街道-办公台-2024"
#: the same people everywhere
NAMES = {
    Role.CLERK: "陈文书", Role.REVIEWER: "林审查", Role.SIGNER: "周主任", Role.OPERATOR: "吴运维", Role.REPORTER: "郑统计", Role.DISTRICT: "区督查",
    Role.ADMINISTRATOR: "管理员",
}


@dataclass(slots=True, kw_only=True)
class Stage:
    """An office's desk."""

    home: Path
    hand: OfficeHand
    people: dict[Role, Person] = field(default_factory=dict)

    def person(self, role: Role) -> Person:
        """The one with this role; made when first asked for, without a usable password unless `give_password` is called."""
        if role not in self.people:
            person = Person.objects.create(username=role.value, name=NAMES[role], password="!")
            office = "*" if role is Role.ADMINISTRATOR else CODE
            Membership.objects.create(person=person, office=office, role=role)
            self.people[role] = person
        return self.people[role]

    def browser(self, role: Role, *, verified: bool = True) -> Client:
        """Somebody with this role, signed in; with the second factor where their role asks for it."""
        person = self.person(role)
        client = Client(headers={"host": "127.0.0.1"})  # the desk answers at its own address alone
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        if verified and role in SECOND_FACTOR:
            device, _ = TOTPDevice.objects.get_or_create(user=person, name="手机", defaults={"confirmed": True})
            session = client.session
            session[DEVICE_ID_SESSION_KEY] = device.persistent_id
            session.save()
        return client

    def colleague(self, name: str, role: Role = Role.CLERK) -> Client:
        """Somebody else with this role, signed in."""
        person = Person.objects.create(username=name, name=name, password="!")
        Membership.objects.create(person=person, office=CODE, role=role)
        client = Client(headers={"host": "127.0.0.1"})  # the desk answers at its own address alone
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client


def stranger(**words: Any) -> Client:
    """The browser of somebody who has not signed in."""
    return Client(headers={"host": "127.0.0.1"}, **words)


def open_desk(home: Path, *, sandbox: bool = True) -> Stage:
    """The desk of the stage's office, over the ledger that a `database` or `sqlite` fixture gave."""
    hand = furnish(home, sandbox=sandbox)
    return Stage(home=home, hand=hand)


def point_desk_at(home: Path, monkeypatch) -> None:
    """Let the desk read this home folder's gongkai.toml (it asks `desk.offices.HOME`)."""
    monkeypatch.setattr(offices, "HOME", home)

"""The people of a practice office: one for each role, always with the same names. Never in a real office."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass

from django.db import transaction
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from desk import offices, people
from desk.models import Person
from desk.people import PeopleError, Place
from desk.roles import EVERY_OFFICE, SECOND_FACTOR, Role

#: who they are; the tests know them by the same names
NAMES = {
    Role.CLERK: "陈文书", Role.REVIEWER: "林审查", Role.SIGNER: "周主任", Role.OPERATOR: "吴运维", Role.REPORTER: "郑统计",
    Role.DISTRICT: "区督查", Role.ADMINISTRATOR: "管理员",
}
DEVICE = "手机"  #: what a second factor is called in the list of devices


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One sample person with what opens the desk to them, to be shown once."""

    person: Person
    role: Role
    password: str
    key: str  #: of the second factor; empty where the role needs none


@transaction.atomic
def make(office: str) -> list[Made]:
    """Make one person for each role of a practice office. Their passwords need no change: nothing here is real.

    Raises:
        PeopleError: the office is a real one, or there is none of that code; a login or a name is taken.
    """
    hand = offices.hands().get(office)
    if hand is None or not hand.office.sandbox:
        raise PeopleError("office", f"{office!r} is no practice office of gongkai.toml (sandbox = true): real offices have real people")
    if is_made():
        raise PeopleError("made", "the sample people are there already; python -m desk people reset LOGIN gives one a new password")
    made = []
    wanted = [(role, name) for role, name in NAMES.items() if role is not Role.ADMINISTRATOR or not people.administrators()]
    for role, name in wanted:
        where = EVERY_OFFICE if role is Role.ADMINISTRATOR else office
        person, password = people.add(username=role.value, name=name, places=[Place(office=where, role=role)], by="sample")
        person.must_change_password = False
        person.save(update_fields=["must_change_password"])
        key = ""
        if role in SECOND_FACTOR:
            key = readable(TOTPDevice.objects.create(user=person, name=DEVICE, confirmed=True))
        made.append(Made(person=person, role=role, password=password, key=key))
    return made


def is_made() -> bool:
    """Whether there are sample people already."""
    return Person.objects.filter(username__in=[str(role) for role in NAMES if role is not Role.ADMINISTRATOR]).exists()


def readable(device: TOTPDevice) -> str:
    """A second factor's key as people type it into their telephone."""
    return base64.b32encode(device.bin_key).decode("ascii").rstrip("=")


def code(username: str) -> str:
    """The six digits that a sample person's telephone would show now.

    Raises:
        PeopleError: there is no such person, they have no second factor, or they work in a real office.
    """
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise PeopleError("person", f"nobody has the login {username!r}")
    held, known = set(person.memberships.values_list("office", flat=True)), offices.hands()
    where = set(known) if EVERY_OFFICE in held else held
    if not all(one in known and known[one].office.sandbox for one in where):
        raise PeopleError("office", f"{username} works in a real office: their code is on their own telephone and nowhere else")
    device = TOTPDevice.objects.filter(user=person, confirmed=True).first()
    if device is None:
        raise PeopleError("device", f"{username} has no second factor")
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    return f"{totp.token():0{device.digits}d}"

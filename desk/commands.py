"""What each subcommand of `python -m desk` does."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from desk import offices, people, sample, serving
from desk.models import Person
from desk.people import PeopleError, Place
from desk.roles import EVERY_OFFICE, FIRST_LOGIN, FIRST_NAME, LABELS, Role
from ledger.settings import HOME

Say = Callable[[str], None]
BY = "the command line"


def run(asked: argparse.Namespace, *, say: Say) -> None:
    """Do what was asked.

    Raises:
        ServeError: the desk lacks something that it stands on.
        PeopleError: what was asked about people cannot be done.
    """
    if asked.command not in ("prepare", "serve"):
        serving.examine_tables()
    work: dict[str, Callable[[], None]] = {
        "prepare": lambda: prepare(first=asked.administrator, say=say),
        "check": lambda: check(say=say),
        "serve": lambda: serving.serve(host=asked.host, port=asked.port, say=say),
        "administrator": lambda: administrator(login=asked.login, name=asked.name, say=say),
        "sample": lambda: sample_people(asked.office, once=asked.once, say=say),
        "code": lambda: say(sample.code(asked.login)),
        "people": lambda: look_after(asked, say=say),
    }
    work[asked.command]()


def prepare(*, first: bool, say: Say) -> None:
    """Have the key and the tables; `first`: an administrator too."""
    for line in serving.prepare():
        say(line)
    if first:
        administrator(login=FIRST_LOGIN, name=FIRST_NAME, say=say)


def check(*, say: Say) -> None:
    """Whether everything is there."""
    serving.examine()
    say(f"{Person.objects.filter(is_active=True).count()} people, {len(people.administrators())} of them administrators")


def administrator(*, login: str, name: str, say: Say) -> None:
    """Make the first administrator, once."""
    if held := people.administrators():
        say(f"administrator: {', '.join(one.username for one in held)}")
        return
    _, password = people.add(username=login, name=name, places=[Place(office=EVERY_OFFICE, role=Role.ADMINISTRATOR)], by=BY)
    say(f"made the first administrator: login {login}, password {password}\n"
        "This password is shown once, and has to be changed at the first login.")


def sample_people(office: str | None, *, once: bool, say: Say) -> None:
    """Make the practice office's people and print how they get in; `once`: nothing, where that was done before."""
    if once and sample.is_made():
        return
    practice = [code for code, hand in offices.hands().items() if hand.office.sandbox]
    if office is None and len(practice) != 1:
        raise PeopleError("office", f"name a practice office with --office: {', '.join(practice) or 'there is none'}")
    made = sample.make(office or practice[0])
    say(f"{'login':15}{'password':22}{'second factor':34}who")
    for one in made:
        say(f"{one.person.username:15}{one.password:22}{one.key or '-':34}{one.person.name} ({LABELS[one.role]})")
    say("These passwords are shown once. The digits of a second factor, without a telephone:\n"
        f"{os.path.relpath(sys.executable)} -m desk --home {os.path.relpath(HOME)} code LOGIN")


def look_after(asked: argparse.Namespace, *, say: Say) -> None:
    """The steps of `people`."""
    if asked.step == "list":
        for each in Person.objects.prefetch_related("memberships").order_by("username"):
            held = ", ".join(f"{one.office}:{one.role}" for one in each.memberships.all())
            say(f"{each.username:15}{each.name}  {held}{'' if each.is_active else '  (closed)'}")
        return
    if asked.step == "add":
        _, password = people.add(username=asked.login, name=asked.name, places=_places(asked.role), by=BY)
        say(f"added {asked.login}, password {password} (shown once; has to be changed at the first login)")
        return
    person = Person.objects.filter(username=asked.login).first()
    if person is None:
        raise PeopleError("person", f"nobody has the login {asked.login!r}")
    if asked.step == "role":
        people.place(person=person, places=_places(asked.role), by=BY)
        say(f"{person.username}: {', '.join(asked.role) or 'no role'}")
        return
    if asked.second_factor:
        people.reset_second_factor(person=person, by=BY)
    say(f"{person.username}: password {people.reset_password(person=person, by=BY)} (shown once; has to be changed at the next login)")


def _places(words: list[str]) -> list[Place]:
    out = []
    for word in words:
        office, _, role = word.partition(":")
        if role not in set(Role):
            raise PeopleError("role", f"{word!r}: write OFFICE:ROLE, with one of the roles {', '.join(Role)}")
        out.append(Place(office=office, role=Role(role)))
    return out

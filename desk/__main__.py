"""`python -m desk …`: prepare the desk, look after its people from the command line, open it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from desk.roles import EVERY_OFFICE, FIRST_LOGIN, FIRST_NAME, Role

DONE, PERSON, USAGE = 0, 1, 2  #: exit codes, as those of `gongkai`


def parser() -> argparse.ArgumentParser:
    """What can be typed."""
    top = argparse.ArgumentParser(prog="python -m desk", description="The staff's door of Gongkai.")
    top.add_argument("--home", type=Path, help="the folder of all that is not code [GONGKAI_HOME, default var]")
    commands = top.add_subparsers(dest="command", required=True)
    prepare = commands.add_parser("prepare", help="have the key that signs sessions, and the desk's tables")
    prepare.add_argument("--administrator", action="store_true", help="and, if there is none yet, the first administrator")
    commands.add_parser("check", help="whether everything is there that the desk stands on")
    first = commands.add_parser("administrator", help="make the first administrator; their password is printed once")
    first.add_argument("--login", default=FIRST_LOGIN)
    first.add_argument("--name", default=FIRST_NAME)
    serve = commands.add_parser("serve", help="open the desk, until Ctrl-C")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8765)
    sample = commands.add_parser("sample", help="make one person a role in a practice office; their passwords are printed once")
    sample.add_argument("--office", help="its code; not needed where there is only one")
    sample.add_argument("--once", action="store_true", help="say nothing where they are made already")
    code = commands.add_parser("code", help="the second factor's digits of a practice office's person")
    code.add_argument("login")
    _people(commands.add_parser("people", help="look after accounts"))
    return top


def _people(people: argparse.ArgumentParser) -> None:
    steps = people.add_subparsers(dest="step", required=True)
    steps.add_parser("list", help="who there is")
    add = steps.add_parser("add", help="add a person; their password is printed once")
    add.add_argument("login")
    add.add_argument("name", help="as the ledger is to know them; it never changes")
    role = steps.add_parser("role", help="give a person exactly these roles")
    role.add_argument("login")
    for one in (add, role):
        one.add_argument("--role", action="append", default=[], metavar="OFFICE:ROLE",
                         help=f"once for each; {EVERY_OFFICE} is every office; roles: {', '.join(Role)}")
    reset = steps.add_parser("reset", help="give a person a new password, printed once")
    reset.add_argument("login")
    reset.add_argument("--second-factor", action="store_true", help="also forget their second factor")


def main(words: list[str] | None = None) -> int:
    """Settle where the house is, then do what was asked."""
    asked = parser().parse_args(words)
    if asked.home is not None:
        os.environ["GONGKAI_HOME"] = str(asked.home.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "desk.settings"  # whoever started this process may work with the ledger's
    # only now: Django reads the home folder as it starts, and starts before any model is imported
    from desk import boot  # noqa: F401, PLC0415
    from desk import commands as work  # noqa: PLC0415
    from desk.people import PeopleError  # noqa: PLC0415
    from desk.serving import ServeError  # noqa: PLC0415

    try:
        work.run(asked, say=_say())
    except ServeError as error:
        return _refuse(error, USAGE)
    except PeopleError as error:
        return _refuse(error, PERSON)
    return DONE


def _say() -> Callable[[str], None]:
    return lambda line: print(line, flush=True)  # noqa: T201 - this is the command line


def _refuse(error: Exception, code: int) -> int:
    for line in str(error).splitlines():
        print(f"desk: {line}", file=sys.stderr)  # noqa: T201
    return code


if __name__ == "__main__":
    sys.exit(main())

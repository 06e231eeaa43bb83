"""The desk's own command and server, as a process; its people from the command line."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from channels.house import open_house
from desk import commands, sample
from desk.__main__ import main, parser
from desk.models import Membership, Person
from desk.people import PeopleError, Place, add, place, switch
from desk.roles import Role
from desk.serving import ServeError, examine
from flows import practice
from tests.desk import stage
from tests.flows.stage import CODE

pytestmark = pytest.mark.ledger
ROOT = Path(__file__).parents[2]


def desk_command(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`python -m desk …` in a home folder, as a person types it: with nothing of this process's settings."""
    return subprocess.run([sys.executable, "-m", "desk", *words], env=environment(home), cwd=ROOT, capture_output=True, text=True, check=False)


def environment(home: Path, **more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI_DESK", "DJANGO_"))}
    return {**plain, "GONGKAI_HOME": str(home), "GONGKAI_TEST_SECRET": "x", **more}


@contextmanager
def served(home: Path, **more: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """An open desk: its address and its process."""
    server = subprocess.Popen([sys.executable, "-m", "desk", "serve", "--port", "0"], env=environment(home, **more), cwd=ROOT,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        said = server.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:[1-9]\d*/", said)
        assert address, said + (server.stderr.read() if server.poll() is not None else "")
        yield address[0], server
    finally:
        if server.poll() is None:
            server.kill()
        server.communicate()


def found(pattern: str, text: str) -> str:
    """What stands there."""
    match = re.search(pattern, text)
    assert match, pattern
    return match[1]


def said(home: Path, *words: str) -> str:
    """What a subcommand prints, in this process."""
    lines: list[str] = []
    commands.run(parser().parse_args(list(words)), say=lines.append)
    return "\n".join(lines)


# the server


@pytest.mark.server
def test_a_fresh_home_is_prepared_once_then_served_and_closed_on_sigterm(desk) -> None:
    """Nothing is served before; the key is nobody else's to read; nothing of it is printed."""
    refused = desk_command(desk.home, "serve")
    assert refused.returncode == 2
    assert refused.stderr.startswith("desk: ")
    assert "desk.key is not there" in refused.stderr
    assert "Traceback" not in refused.stderr

    first = desk_command(desk.home, "prepare", "--administrator")
    key = desk.home / "desk.key"
    assert (first.returncode, key.stat().st_mode & 0o777) == (0, 0o600)
    assert key.read_text().strip() not in first.stdout + first.stderr
    password = found(r"login admin, password ([a-z0-9-]{19})", first.stdout)
    again = desk_command(desk.home, "prepare", "--administrator")
    assert "administrator: admin" in again.stdout
    assert "password" not in again.stdout

    with served(desk.home) as (address, server):
        browser = requests.Session()
        page = browser.get(f"{address}login/")
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "server" not in {name.lower() for name in page.headers}
        mark = found(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        answer = browser.post(f"{address}login/", {"username": "admin", "password": password, "csrfmiddlewaretoken": mark}, allow_redirects=False)
        assert answer.headers["Location"].startswith("/password/")
        for name in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text):
            file = browser.get(address.rstrip("/") + name)
            assert file.status_code == 200, name
            assert "max-age" in file.headers["Cache-Control"]
        server.send_signal(signal.SIGTERM)
        out, _ = server.communicate(timeout=20)
        assert (server.returncode, out) == (0, "the desk is closed\n")


@pytest.mark.server
def test_only_a_proxy_that_was_announced_says_who_asks_and_how(desk_sqlite) -> None:
    """Behind TLS cookies are for TLS alone, and the browser is told to stay with it; anybody else's word is not taken."""
    assert desk_command(desk_sqlite.home, "prepare").returncode == 0
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "desk.example.gov.cn"}
    with served(desk_sqlite.home) as (address, _):
        page = requests.get(f"{address}login/", headers=told, timeout=30)
        assert "Strict-Transport-Security" not in page.headers
    with served(desk_sqlite.home, GONGKAI_DESK_PROXIES="1", GONGKAI_DESK_URL="https://desk.example.gov.cn") as (address, _):
        page = requests.get(f"{address}login/", headers=told, timeout=30)
        assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
        assert "; Secure" in page.headers["Set-Cookie"]
        assert requests.get(f"{address}login/", headers={"Host": "evil.example"}, timeout=30).status_code == 400


def test_it_says_what_is_missing(desk_sqlite, monkeypatch) -> None:
    monkeypatch.setenv("GONGKAI_DESK_KEY", "x" * 50)
    examine()
    (desk_sqlite.home / "gongkai.toml").write_text("no toml at all [", encoding="utf-8")
    with pytest.raises(ServeError, match="no proper TOML"):
        examine()


# people


def test_people_are_looked_after_without_the_web(desk) -> None:
    assert re.search(r"added wangfang, password [a-z0-9-]{19} ", said(desk.home, "people", "add", "wangfang", "王芳", "--role", f"{CODE}:clerk"))
    said(desk.home, "people", "role", "wangfang", "--role", f"{CODE}:signer", "--role", f"{CODE}:clerk")
    assert f"wangfang       王芳  {CODE}:clerk, {CODE}:signer" in said(desk.home, "people", "list").replace(f"{CODE}:signer, {CODE}:clerk", f"{CODE}:clerk, {CODE}:signer")
    old = Person.objects.get().password
    assert "shown once" in said(desk.home, "people", "reset", "wangfang", "--second-factor")
    assert Person.objects.get().password != old
    assert Person.objects.get().must_change_password


@pytest.mark.parametrize(("words", "complaint"), [
    (["people", "role", "nobody"], "nobody has the login"), (["people", "add", "x", "某", "--role", "clerk"], "OFFICE:ROLE"),
    (["people", "add", "x", "某", "--role", "nowhere:clerk"], "no office 'nowhere'"), (["code", "nobody"], "nobody has the login"),
    (["people", "add", "x", "某", "--role", f"{CODE}:administrator"], "every office")])
def test_what_cannot_be_done_is_one_line_on_stderr(desk_sqlite, capsys, words: list[str], complaint: str) -> None:
    assert main(words) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("desk: ")
    assert complaint in captured.err
    assert captured.out == ""


def test_two_people_never_share_a_name(desk) -> None:
    """The ledger knows them by it; and logins differ by more than capitals."""
    add(username="wangfang", name="王芳", places=[], by="test")
    for username, name, code in (("wang", "王芳", "name_taken"), ("WangFang", "王方", "username_taken")):
        with pytest.raises(PeopleError) as caught:
            add(username=username, name=name, places=[], by="test")
        assert caught.value.code == code


def test_an_administrator_has_no_say_in_what_is_published(desk_sqlite) -> None:
    both = [Place(office="*", role=Role.ADMINISTRATOR), Place(office=CODE, role=Role.SIGNER)]
    with pytest.raises(PeopleError) as caught:
        add(username="x", name="某", places=both, by="test")
    assert caught.value.code == "administrator"
    person, _ = add(username="x", name="某", places=both[:1], by="test")
    for last in (lambda: place(person=person, places=both[1:], by="test"), lambda: switch(person=person, active=False, by="test")):
        with pytest.raises(PeopleError, match="last administrator"):
            last()
    assert Membership.objects.get().role == Role.ADMINISTRATOR


# a practice office


def test_the_sample_s_people_are_those_whom_its_items_and_the_tests_name() -> None:
    assert sample.NAMES == stage.NAMES
    assert (practice.PEOPLE.drafter, practice.PEOPLE.reviewer, practice.PEOPLE.signer) == tuple(
        sample.NAMES[role] for role in (Role.CLERK, Role.REVIEWER, Role.SIGNER))


def test_sample_people_are_made_once_and_never_in_a_real_office(desk_sqlite) -> None:
    table = said(desk_sqlite.home, "sample")
    for role in Role:
        assert re.search(rf"^{role} +[a-z0-9-]{{19}} ", table, re.MULTILINE)
    assert said(desk_sqlite.home, "sample", "--once") == ""
    with pytest.raises(PeopleError, match="there already"):
        said(desk_sqlite.home, "sample")
    assert re.fullmatch(r"\d{6}", said(desk_sqlite.home, "code", "signer"))
    with pytest.raises(PeopleError, match="no second factor"):
        said(desk_sqlite.home, "code", "clerk")
    toml = desk_sqlite.home / "gongkai.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("sandbox = true", "sandbox = false"), encoding="utf-8")
    assert not open_house(desk_sqlite.home).desk(CODE).office.sandbox
    for words in (("code", "signer"), ("code", "administrator")):
        with pytest.raises(PeopleError, match="real office"):
            said(desk_sqlite.home, *words)
    Person.objects.all().delete()
    with pytest.raises(PeopleError, match="there is none"):
        said(desk_sqlite.home, "sample")

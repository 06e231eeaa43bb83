"""Tokens in the ledger: one holder a credential, renewed once, kept before use, never overwritten by nothing, shown nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from threading import Event as Signal

import pytest
from django.db import IntegrityError, transaction

from content.accounts import Token
from flows.clock import wall
from flows.holder import is_dead, me
from ledger import queries, services
from ledger.accounts import RENEWS_WITHIN, LedgerKeyring
from ledger.errors import LedgerError
from ledger.models import Credential, Event, Lease
from tests.ledger.race import raced
from tests.ledger.stage import NOON, minutes, opened

pytestmark = pytest.mark.ledger
NAME = "wechat/wx0123"


def token(value: str, **more) -> Token:
    return Token(value=value, until=NOON + timedelta(hours=2), since=NOON, **more)


def never() -> None:
    raise AssertionError("nobody had to be waited for")


def a_keyring(holder: str = "host:boot:1:1", clock=lambda: NOON, wait=never, **more) -> LedgerKeyring:
    return LedgerKeyring(holder=holder, clock=clock, wait=wait, **more)


def test_a_token_is_got_once_and_then_found_by_every_process(database):
    assert a_keyring().get(NAME) is None
    assert a_keyring().renew(NAME, None, lambda kept: token("one")) == token("one")
    other = a_keyring("host:boot:2:1")
    assert other.get(NAME) == token("one")
    assert other.renew(NAME, None, lambda kept: token("two")) == token("one")
    assert other.renew(NAME, token("one"), lambda kept: token("two")) == token("two")
    assert a_keyring().renew(NAME, token("one"), lambda kept: token("three")) == token("two")
    assert Lease.objects.count() == 0


def test_of_many_processes_that_renew_at_once_one_makes_and_all_use_what_it_made(database):
    services.keep_token(credential=NAME, token=token("spent"), before=None)
    makes, done = [], Signal()

    def make(kept):
        makes.append(kept.value)
        done.wait(0.2)  # long enough for the others to come and find it taken
        done.set()
        return token(f"made-{len(makes)}")

    got = raced(6, lambda n: a_keyring(f"host:boot:{n}:1", clock=wall, wait=lambda: done.wait(0.02)).renew(NAME, token("spent"), make))
    assert makes == ["spent"]
    assert got == [token("made-1")] * 6


def test_two_threads_of_one_process_are_two_holders(database):
    makes, done = [], Signal()

    def make(kept):
        makes.append(kept)
        done.wait(0.1)
        done.set()
        return token("one")

    got = raced(4, lambda n: a_keyring(clock=wall, wait=lambda: done.wait(0.02)).renew(NAME, None, make))
    assert (makes, got) == ([None], [token("one")] * 4)


MAKER = """
import sys
from ledger import boot
from flows.clock import wall
from flows.holder import me
from ledger.accounts import LedgerKeyring

def make(kept):
    print("making", flush=True)
    sys.stdin.read()

LedgerKeyring(holder=me(), clock=wall, wait=lambda: None).renew(sys.argv[1], None, make)
"""


def test_a_maker_that_was_killed_is_followed_at_once(database):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ledger.settings"}
    with subprocess.Popen([sys.executable, "-c", MAKER, NAME], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as maker:
        assert maker.stdout.readline() == b"making\n"
        assert Lease.objects.count() == 1
        maker.kill()
    keyring = LedgerKeyring(holder=me(), clock=wall, wait=never, dead=is_dead)
    assert keyring.renew(NAME, None, lambda kept: token("one")) == token("one")


def test_where_nobody_can_tell_a_dead_maker_is_followed_when_its_lease_has_run_out(database):
    with pytest.raises(KeyboardInterrupt):
        a_keyring("far:boot:1:1").renew(NAME, None, _interrupted)
    Lease.objects.create(name=_lease(), holder="far:boot:1:1#0", until=NOON + RENEWS_WITHIN)
    now = [NOON]

    def wait():
        now[0] += timedelta(seconds=30)

    assert a_keyring(clock=lambda: now[0], wait=wait).renew(NAME, None, lambda kept: token("one")) == token("one")
    assert now[0] == NOON + RENEWS_WITHIN + timedelta(seconds=30)


def _interrupted(_kept):
    raise KeyboardInterrupt


def _lease() -> str:
    """The name of the lease that a renewal takes."""
    names = []

    def make(kept):
        names.append(Lease.objects.get().name)
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        a_keyring().renew(NAME, None, make)
    return names[0]


def test_a_failure_passes_through_leaves_what_was_kept_and_lets_the_next_one_try(database):
    services.keep_token(credential=NAME, token=token("old", refresh="r"), before=None)
    with pytest.raises(ConnectionError):
        a_keyring().renew(NAME, token("old", refresh="r"), lambda kept: (_ for _ in ()).throw(ConnectionError("no answer")))
    assert a_keyring().get(NAME) == token("old", refresh="r")
    assert a_keyring("host:boot:2:1").renew(NAME, token("old"), lambda kept: token("new")) == token("new", refresh="r")


@pytest.mark.parametrize("before", [None, token("old", refresh="r")])
def test_nothing_is_overwritten_by_nothing(database, before):
    if before:
        services.keep_token(credential=NAME, token=before, before=None)
    with pytest.raises(LedgerError, match="without a value"):
        a_keyring().renew(NAME, before, lambda kept: token(""))
    assert queries.token(credential=NAME) == before
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.create(name="other", value="")


def test_what_renews_is_kept_on_where_the_platform_says_nothing_of_it(database):
    services.keep_token(credential=NAME, token=token("old", refresh="r"), before=None)
    assert a_keyring().renew(NAME, token("old"), lambda kept: token("new")).refresh == "r"
    assert queries.token(credential=NAME).refresh == "r"


def test_a_maker_who_was_overtaken_uses_what_the_other_kept(database):
    services.keep_token(credential=NAME, token=token("old"), before=None)

    def slow(kept):
        services.keep_token(credential=NAME, token=token("quick"), before=kept)
        return token("slow")

    assert a_keyring().renew(NAME, token("old"), slow) == token("quick")
    assert queries.token(credential=NAME) == token("quick")


def test_a_token_is_committed_before_anybody_uses_it(database):
    a_keyring().renew(NAME, None, lambda kept: token("one"))
    assert raced(1, lambda _: queries.token(credential=NAME)) == [token("one")]  # on another connection


def test_the_values_show_nowhere(database):
    opened()
    services.keep_token(credential=NAME, token=token("SECRET-VALUE", refresh="SECRET-REFRESH"), before=None)
    row = Credential.objects.get()
    with pytest.raises(LedgerError) as refused:
        services.keep_token(credential=NAME, token=token("", refresh="SECRET-OTHER"), before=None)
    with pytest.raises(LedgerError) as too_long:
        services.keep_token(credential=NAME * 50, token=token("SECRET-VALUE"), before=None)
    said = [repr(row), str(row), repr(queries.token(credential=NAME)), repr(refused.value), repr(too_long.value),
            *(str(event.facts) + event.subject for event in Event.objects.all())]
    assert not [words for words in said if "SECRET" in words]


def test_a_renewal_asks_the_database_no_more_with_many_credentials(database):
    from tests.ledger.test_cost import asked

    def renewed() -> int:
        before = queries.token(credential=NAME)
        return asked(lambda: a_keyring().renew(NAME, before, lambda kept: token(f"{minutes(0)}{(before.value if before else '')}x")))

    renewed()
    few = renewed()
    for serial in range(200):
        services.keep_token(credential=f"weibo/{serial}", token=token("v"), before=None)
    assert renewed() == few <= 16

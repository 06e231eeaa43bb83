"""Two at one thing: several threads at the same instant, each on a connection of its own; or one of them right behind a statement of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

from django.db import connection, connections


def raced(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of `count` threads got back, or the exception it met."""
    gate = Barrier(count)

    def one(number: int) -> Any:
        try:
            gate.wait(20)
            return act(number)
        except Exception as error:  # noqa: BLE001 - whatever it met is what the test asks about
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@contextmanager
def behind(words: str, act: Callable[[], object]) -> Iterator[None]:
    """Have something happen once, right behind the first statement on this connection that holds these words."""
    done = False

    def at_once(execute: Any, sql: str, *more: Any) -> Any:
        nonlocal done
        answer = execute(sql, *more)
        if words in sql and not done:
            done = True
            act()
        return answer

    with connection.execute_wrapper(at_once):
        yield
    assert done, f"no statement holds {words!r}"


def meeting(count: int, words: str, act: Callable[[int], Any]) -> list[Any]:
    """As `raced`; each waits a second behind its first statement that holds these words, for the others to come as far: unless they are kept."""
    gate = Barrier(count)

    def wait() -> None:
        with suppress(BrokenBarrierError):
            gate.wait(1)

    def one(number: int) -> Any:
        with behind(words, wait):
            return act(number)

    return raced(count, one)

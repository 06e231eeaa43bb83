"""More hands for a large site: other processes that draw what they are handed, while this one reads the catalogue.

A hand takes pickled work from its standard input and answers each batch. It asks no catalogue, and ends when its input does.
While any hand lives the site's folder stays locked, since it inherits the lock: a draw that follows a killed one waits until
the hands of that one have stopped.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import IO, Any, NamedTuple, Self

from channels.errors import TransientError
from channels.shelf import Shelf
from channels.website.brush import Brush
from channels.website.pages import Pages

BATCH = 200  #: pieces of work handed over at once: some 50 ms of it


class HandError(TransientError):
    """A hand is gone, or met what nobody foresaw. Another drawing may succeed."""


class Work(NamedTuple):
    """One thing to draw."""

    what: str  #: a method of Brush
    args: tuple[Any, ...]
    more: dict[str, Any]


class Answer(NamedTuple):
    """How a batch went."""

    error: Exception | None
    written: int = 0
    unchanged: int = 0


class Alone:
    """No other hands: everything is drawn at once, here."""

    def __init__(self, brush: Brush) -> None:
        self._brush = brush

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def do(self, what: str, *args: Any, **more: Any) -> None:
        """Draw one thing: a method of Brush with its arguments."""
        getattr(self._brush, what)(*args, **more)

    def wait(self) -> None:
        """Return once everything handed over is drawn."""


class Hands(Alone):
    """So many other processes. What is handed over is drawn in any order, and surely once `wait` has returned.

    `do` and `wait` raise what a hand raised, or HandError.
    """

    def __init__(self, brush: Brush, count: int) -> None:
        super().__init__(brush)
        self._batch: list[Work] = []
        self._queue: Queue[Sequence[Work] | None] = Queue(maxsize=count)
        self._answers: list[Answer] = []
        self._error: Exception | None = None
        command = [sys.executable, "-c", "from channels.website.hands import lend; lend()"]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}
        self._threads = [Thread(target=self._serve, daemon=True, args=(subprocess.Popen(
            # a session of its own: Ctrl-C is for this process, and the hands' input ends with it
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, pass_fds=brush.shelf.locks, start_new_session=True),))
            for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def do(self, what: str, *args: Any, **more: Any) -> None:
        self._batch.append(Work(what, args, more))
        if len(self._batch) >= BATCH:
            self._hand_over()

    def wait(self) -> None:
        self._hand_over()
        self._queue.join()
        self._complain()
        for answer in self._answers:
            self._brush.shelf.written += answer.written
            self._brush.shelf.unchanged += answer.unchanged
        self._answers.clear()

    def _hand_over(self) -> None:
        self._complain()
        if self._batch:
            self._queue.put(self._batch)
            self._batch = []

    def _complain(self) -> None:
        if self._error:
            raise self._error

    def _serve(self, process: subprocess.Popen[bytes]) -> None:
        """Feed one hand until there is nothing left. After an error the queue is still emptied, so that nobody waits for ever."""
        self._take(_say(process, (self._brush.pages.office, self._brush.pages.feeds, str(self._brush.shelf.root))))
        while (batch := self._queue.get()) is not None:
            if self._error is None:
                self._take(_say(process, batch))
            self._queue.task_done()
        with suppress(OSError), process:  # closing says that there is no more; then it is waited for
            pass

    def _take(self, answer: Answer) -> None:
        self._error = self._error or answer.error
        self._answers.append(answer)


def _say(process: subprocess.Popen[bytes], what: Any) -> Answer:
    """Tell a hand something and wait for its answer."""
    try:
        out, back = _pipes(process)
        out.write(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))
        out.flush()
        answer: Answer = pickle.load(back)  # noqa: S301 - from our own process
    except Exception as error:  # noqa: BLE001 - whatever it is must not end the thread, or the drawing would wait for ever
        return Answer(HandError(f"a drawing process is gone ({error!r}); its last words stand above; draw again"))
    return answer


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise HandError("a drawing process has no pipes")
    return process.stdin, process.stdout


def lend() -> None:
    """Be a hand: first told of the site, then of batches of work, until the input ends."""
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    with suppress(EOFError, BrokenPipeError, pickle.UnpicklingError):  # the other side is done, or was killed in mid-word
        office, feeds, root = pickle.load(source)  # noqa: S301 - from the process that started this one
        brush = Brush(Pages(office, feeds=feeds), Shelf(Path(root)))
        answer = Answer(None)
        while True:
            answers.write(_plain(answer))
            answers.flush()
            answer = _draw(brush, pickle.load(source))  # noqa: S301 - likewise


def _draw(brush: Brush, batch: Sequence[Work]) -> Answer:
    shelf = brush.shelf
    shelf.written = shelf.unchanged = 0
    try:
        for work in batch:
            getattr(brush, work.what)(*work.args, **work.more)
    except Exception as error:  # noqa: BLE001 - raised again where the drawing was asked for
        return Answer(error)
    return Answer(None, shelf.written, shelf.unchanged)


def _plain(answer: Answer) -> bytes:
    """An answer as bytes; an error that cannot be handed over is told in words."""
    try:
        said = pickle.dumps(answer)
        pickle.loads(said)  # noqa: S301 - just made
    except Exception:  # noqa: BLE001 - an exception's own pickling may raise anything
        return pickle.dumps(Answer(HandError(f"{type(answer.error).__name__}: {answer.error}")))
    return said

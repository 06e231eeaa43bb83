"""More hands for a large site: other processes that draw stretches of it beside this one.

A hand opens the catalogue itself and takes one stretch after the other, as this process does; between them only the names
of stretches travel. It ends when its input does. While any hand lives the site's folder stays locked, since it inherits the
lock: a draw that follows a killed one waits until the hands of that one have stopped.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from types import TracebackType
from typing import IO, Any, NamedTuple, Self

from channels.errors import TransientError
from channels.shelf import Shelf
from channels.website.brush import Brush
from channels.website.pages import Pages


class HandError(TransientError):
    """A hand is gone, or met what nobody foresaw. Another drawing may succeed."""


class Work(NamedTuple):
    """One stretch to draw."""

    what: str  #: a method of Brush
    args: tuple[Any, ...]


class Answer(NamedTuple):
    """How a stretch went."""

    error: Exception | None
    written: int = 0
    unchanged: int = 0
    folders: Mapping[str, tuple[int, int]] = {}  #: of the tally


class Alone:
    """No other hands: everything is drawn at once, here."""

    def __init__(self, brush: Brush) -> None:
        self._brush = brush

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def do(self, what: str, *args: Any) -> None:
        """Draw one stretch: a method of Brush with its arguments."""
        getattr(self._brush, what)(*args)

    def wait(self) -> None:
        """Return once everything asked for is drawn."""


class Hands(Alone):
    """So many other processes beside this one. What is asked for is drawn in any order, and surely once `wait` has returned.

    `wait` raises what a hand raised, or HandError.
    """

    def __init__(self, brush: Brush, count: int) -> None:
        super().__init__(brush)
        self._queue: Queue[Work | None] = Queue()
        self._answers: list[Answer] = []
        self._error: Exception | None = None
        pages = brush.pages
        self._site = pickle.dumps((pages.office, pages.feeds, pages.insignia, str(brush.shelf.root), brush.catalogue),
                                  pickle.HIGHEST_PROTOCOL)
        # what a site's packages do at the start of an interpreter is of no use to a hand, and takes as long as a hundred pages
        command = [sys.executable, "-S", "-c", "from channels.website.hands import lend; lend()"]
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

    def do(self, what: str, *args: Any) -> None:
        self._queue.put(Work(what, args))

    def wait(self) -> None:
        """Draw along until nothing is left, then wait for the hands."""
        while self._error is None:
            try:
                work = self._queue.get_nowait()
            except Empty:
                break
            try:
                if work is not None:
                    super().do(work.what, *work.args)
            finally:
                self._queue.task_done()
        self._queue.join()
        if self._error:
            raise self._error
        for answer in self._answers:
            self._brush.shelf.written += answer.written
            self._brush.shelf.unchanged += answer.unchanged
            self._brush.tally.join(answer.folders)
        self._answers.clear()

    def _serve(self, process: subprocess.Popen[bytes]) -> None:
        """Feed one hand until there is nothing left. After an error the queue is still emptied, so that nobody waits for ever."""
        self._take(_say(process, self._site))
        while (work := self._queue.get()) is not None:
            if self._error is None:
                self._take(_say(process, pickle.dumps(work, pickle.HIGHEST_PROTOCOL)))
            self._queue.task_done()
        with suppress(OSError), process:  # closing says that there is no more; then it is waited for
            pass

    def _take(self, answer: Answer) -> None:
        self._error = self._error or answer.error
        self._answers.append(answer)


def _say(process: subprocess.Popen[bytes], what: bytes) -> Answer:
    """Tell a hand something and wait for its answer."""
    try:
        out, back = _pipes(process)
        out.write(what)
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
    """Be a hand: first told of the site, then of one stretch after the other, until the input ends."""
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    with suppress(EOFError, BrokenPipeError, pickle.UnpicklingError):  # the other side is done, or was killed in mid-word
        office, feeds, insignia, root, catalogue = pickle.load(source)  # noqa: S301 - from the process that started this one
        pages, shelf = Pages(office, feeds=feeds, insignia=insignia), Shelf(Path(root))
        answer = Answer(None)
        while True:
            answers.write(_plain(answer))
            answers.flush()
            answer = _draw(Brush(pages, shelf, catalogue), pickle.load(source))  # noqa: S301 - likewise


def _draw(brush: Brush, work: Work) -> Answer:
    shelf = brush.shelf
    shelf.written = shelf.unchanged = 0
    try:
        getattr(brush, work.what)(*work.args)
    except Exception as error:  # noqa: BLE001 - raised again where the drawing was asked for
        return Answer(error)
    return Answer(None, shelf.written, shelf.unchanged, brush.tally.folders)


def _plain(answer: Answer) -> bytes:
    """An answer as bytes; an error that cannot be handed over is told in words."""
    try:
        said = pickle.dumps(answer)
        pickle.loads(said)  # noqa: S301 - just made
    except Exception:  # noqa: BLE001 - an exception's own pickling may raise anything
        return pickle.dumps(Answer(HandError(f"{type(answer.error).__name__}: {answer.error}")))
    return said

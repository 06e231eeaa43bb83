"""What the practice platforms of short posts share: HTTP on loopback, moods on command, calls done late. Each adds its own calls.

How a platform behaves is a mood (`MOODS`), for one call or all, for so many times or until told otherwise.
"""

from __future__ import annotations

import json
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, ClassVar, Self
from urllib.parse import parse_qsl, urlsplit

MOODS = {
    "fine": "as it should",
    "busy": "too many calls",
    "refuses": "a code that will never change for this post",
    "bars": "it does not let us in",
    "silent after accepting": "does it, then says nothing for longer than anyone listens",
    "hangs up after accepting": "does it, then cuts the line",
    "hangs up before accepting": "reads it, does nothing, cuts the line",
    "garbles": "does it, then answers with a page of HTML",
    "fails after accepting": "does it, then answers 502",
    "half an answer": "does it, then cuts the answer short",
    "empty answer": "does it, then answers nothing in 200",
    "wrong charset": "does it, then says so in GB18030 under a header that says UTF-8",
    "late commit": "cuts the line, and does it only when `commit` is called",
}
SILENCE = 30.0  #: seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as it came."""

    name: str  #: the path
    params: Mapping[str, str]  #: of the address
    kind: str  #: Content-Type
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it goes."""

    said: Any
    status: int = 200
    kind: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class FarSide(ABC):
    """A platform on this machine. What it has taken is in memory: it outlives whoever calls it, not its own process."""

    MOODS_SAID: ClassVar[Mapping[str, Reply]]  #: how it says busy, refuses, bars

    def __init__(self, port: int = 0, *, now: Callable[[], datetime] | None = None, silence: float = SILENCE) -> None:
        self.now = now or (lambda: datetime.now(UTC))
        self.silence, self.closing = silence, threading.Event()
        self.calls: list[str] = []  #: that were answered, by name
        self._moods: dict[str, tuple[str, int | None]] = {}
        self._played: dict[str, Reply] = {}
        self._late: list[Call] = []
        self._lock = threading.RLock()
        self._server = _Server(("127.0.0.1", port), self)
        self._thread: threading.Thread | None = None

    @abstractmethod
    def answer(self, call: Call) -> Reply:
        """Do what is asked, and say so."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Self:
        """Listen, on a thread of its own."""
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def serve(self) -> None:
        """Listen until interrupted."""
        self._server.serve_forever()

    def stop(self) -> None:
        """Stop listening; what it has taken can still be looked at."""
        self.closing.set()
        if self._thread:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()

    def mood(self, word: str, call: str = "*", times: int | None = None) -> None:
        """Behave so. "fine" without a call clears all.

        Raises:
            ValueError: there is no such mood.
        """
        if word not in MOODS:
            raise ValueError(f"no mood {word!r}; known are {', '.join(MOODS)}")
        with self._lock:
            if word == "fine" and call == "*":
                self._moods.clear()
                self._played.clear()
            else:
                self._moods[call] = (word, times)

    def play(self, reply: Reply, call: str = "*") -> None:
        """Answer so, and do nothing, until all is fine again."""
        with self._lock:
            self._played[call] = reply

    def refusal(self, call: str, mood: str) -> Reply | None:
        """What it says instead of doing anything; None: it does what it is asked."""
        with self._lock:
            return self._played.get(call) or self._played.get("*") or self.MOODS_SAID.get(mood)

    def mood_for(self, call: str) -> str:
        """How to meet this call; counts down."""
        with self._lock:
            for name in (call, "*"):
                word, times = self._moods.get(name, ("fine", None))
                if word != "fine" and times != 0:
                    self._moods[name] = (word, None if times is None else times - 1)
                    return word
            return "fine"

    def do(self, call: Call) -> Reply:
        """One call at a time, as a platform's database would have it."""
        with self._lock:
            self.calls.append(call.name)
            return self.answer(call)

    def do_late(self, call: Call) -> None:
        """Keep a call to be done at `commit`."""
        with self._lock:
            self._late.append(call)

    def commit(self) -> int:
        """Do what was accepted and left lying; how many calls that were."""
        with self._lock:
            late, self._late = self._late, []
        for call in late:
            self.do(call)
        return len(late)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], far: FarSide) -> None:
        self.far = far
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60

    @property
    def far(self) -> FarSide:
        far: FarSide = self.server.far  # type: ignore[attr-defined]  # set by its own server class
        return far

    def log_message(self, *_: Any) -> None:
        """Say nothing: addresses hold tokens."""

    def do_GET(self) -> None:
        self._meet(b"")

    def do_POST(self) -> None:
        self._meet(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _meet(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        call = Call(name=parts.path, params=dict(parse_qsl(parts.query)), kind=self.headers.get("Content-Type", ""), body=body)
        mood = self.far.mood_for(call.name)
        if said := self.far.refusal(call.name, mood):
            self._answer(said)
        elif mood in ("hangs up before accepting", "late commit"):
            if mood == "late commit":
                self.far.do_late(call)
            self._hang_up()
        else:
            self._after(mood, self.far.do(call))

    def _after(self, mood: str, reply: Reply) -> None:
        match mood:
            case "silent after accepting":
                self.far.closing.wait(self.far.silence)
                self._hang_up()
            case "hangs up after accepting":
                self._hang_up()
            case "garbles":
                self._say(200, "text/html", "<html><body><h1>网络出口认证</h1></body></html>".encode())
            case "fails after accepting":
                self._say(502, "text/html", b"<html><body><h1>502 Bad Gateway</h1></body></html>")
            case "half an answer":
                data = _bytes(reply)
                self._say(reply.status, reply.kind, data[: len(data) // 2], promised=len(data))
                self._hang_up()
            case "empty answer":
                self._say(200, "text/plain", b"")
            case "wrong charset":
                self._say(reply.status, reply.kind, _bytes(replace(reply, said={**reply.said, "hint": "成功"}), "gb18030"))
            case _:
                self._answer(reply)

    def _answer(self, reply: Reply) -> None:
        self._say(reply.status, reply.kind, _bytes(reply), headers=reply.headers)

    def _say(self, status: int, kind: str, data: bytes, *, promised: int | None = None,
             headers: Mapping[str, str] = MappingProxyType({})) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data) if promised is None else promised))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other end was quicker


def _bytes(reply: Reply, charset: str = "utf-8") -> bytes:
    return json.dumps(reply.said, ensure_ascii=False).encode(charset)

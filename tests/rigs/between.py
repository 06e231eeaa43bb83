"""A loopback proxy between an adapter and a real server: it passes calls on, and fails as networks and servers do, on command."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import struct
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

#: how a call may be met, besides with an answer that is given in its stead
MOODS = {
    "fine": "passed on, and answered as the server does",
    "resets": "read, not passed on, the line torn off (RST)",
    "hangs up before accepting": "read, not passed on, the line closed",
    "silent before accepting": "read, not passed on, nothing said",
    "late commit": "the line closed; passed on only at `commit`",
    "silent after accepting": "passed on, nothing said",
    "hangs up after accepting": "passed on, the line closed without an answer",
    "answers too late": "passed on, answered when nobody listens any more",
    "half an answer": "passed on, the answer's body cut",
    "empty answer": "passed on, answered by nothing in 200",
    "garbles": "passed on, answered by a page of HTML",
    "fails after accepting": "passed on, answered by 502",
    "times out behind us": "passed on, answered by 504",
    "twice": "passed on a second time, and answered as that was",
}
BEFORE = frozenset({"resets", "hangs up before accepting", "silent before accepting", "late commit"})  #: nothing is passed on now
HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "host", "content-length"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as it came."""

    method: str
    path: str  #: with what is asked behind it
    headers: Mapping[str, str]
    body: bytes

    @property
    def name(self) -> str:
        return f"{self.method} {urlsplit(self.path).path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as it goes."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Between:
    """`url` is what an adapter is told; `calls` what it said. `play` sets how a call is met until `clear`."""

    def __init__(self, server: str, *, silence: float = 3.0) -> None:
        self.server, self.silence = server, silence
        self.calls: list[Call] = []
        self.closing = threading.Event()
        self._moods: dict[str, str | Answer] = {}
        self._late: list[Call] = []
        # bound and never listening: while nobody listens, connections are refused, and the port is still ours
        self._port = socket.socket()
        self._port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._port.bind(("127.0.0.1", 0))
        self._http: _Server | None = None
        self.url = f"http://127.0.0.1:{self._port.getsockname()[1]}"

    def start(self) -> Self:
        """Listen, on a thread of its own."""
        if self._http is None:
            self._http = _Server(self._port.getsockname(), self)
            threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def leave(self) -> None:
        """Listen no more until the next `start`: whoever connects is refused. Calls under way are answered, and their line closed."""
        if self._http is not None:
            http, self._http = self._http, None
            http.shutdown()
            http.server_close()

    def stop(self) -> None:
        """Go away for good."""
        self.closing.set()
        self.leave()
        self._port.close()

    @property
    def listens(self) -> bool:
        return self._http is not None

    def play(self, how: str | Answer, call: str = "*") -> None:
        """Meet `METHOD /path`, or every call, so: a mood by name, or an answer given without asking the server."""
        self._moods[call] = how

    def clear(self) -> None:
        """Pass everything on."""
        self._moods.clear()

    def how(self, call: Call) -> str | Answer:
        return self._moods.get(call.name, self._moods.get("*", "fine"))

    def slams(self) -> bool:
        """Whether to reset a line that was just opened, before anything was read."""
        return False

    def hush(self) -> None:
        """Say nothing for a while: what was to be done with the call has been done."""
        self.closing.wait(self.silence)

    def keep(self, call: Call) -> None:
        """Keep a call to be passed on at `commit`."""
        self._late.append(call)

    @property
    def late(self) -> int:
        """How many calls are kept."""
        return len(self._late)

    def commit(self) -> None:
        """Pass on what was kept."""
        late, self._late = self._late, []
        for call in late:
            self.forward(call)

    def forward(self, call: Call) -> Answer:
        """Ask the real server."""
        parts = urlsplit(self.server)
        link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        try:
            link.request(call.method, call.path, body=call.body or None,
                         headers={name: value for name, value in call.headers.items() if name.lower() not in HOP})
            reply = link.getresponse()
            return Answer(status=reply.status, body=reply.read(),
                          headers={name: value for name, value in reply.getheaders() if name.lower() not in HOP})
        finally:
            link.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_port = True

    def __init__(self, address: tuple[str, int], between: Between) -> None:
        self.between = between
        super().__init__(address, _Handler)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        if self.between.slams():
            _reset(request)
            return False
        return True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever called may have gone, or been killed: that is what we are for."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _meet(self) -> None:
        between: Between = self.server.between  # type: ignore[attr-defined]  # set by its own server class
        call = Call(method=self.command, path=self.path, headers=dict(self.headers.items()),
                    body=self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        between.calls.append(call)
        how = between.how(call)
        if isinstance(how, Answer):
            self._say(how)
        elif how in BEFORE:
            self._before(how, call, between)
        else:
            answer = between.forward(call)
            self._after(how, between.forward(call) if how == "twice" else answer, between)

    def do_GET(self) -> None:
        self._meet()

    def do_POST(self) -> None:
        self._meet()

    def do_PUT(self) -> None:
        self._meet()

    def do_DELETE(self) -> None:
        self._meet()

    def _before(self, how: str, call: Call, between: Between) -> None:
        match how:
            case "resets":
                _reset(self.connection)
                self.close_connection = True
                return
            case "late commit":
                between.keep(call)
            case "silent before accepting":
                between.hush()
        self._hang_up()

    def _after(self, how: str, answer: Answer, between: Between) -> None:
        match how:
            case "answers too late":
                between.hush()
                with contextlib.suppress(ConnectionError):
                    self._say(answer)
            case "silent after accepting":
                between.hush()
                self._hang_up()
            case "hangs up after accepting":
                self._hang_up()
            case "garbles":
                self._say(Answer(status=200, body="<html><h1>网络出口认证</h1></html>".encode("gb18030"), headers={"Content-Type": "text/html"}))
            case "fails after accepting":
                self._say(Answer(status=502, body=b"<html><h1>502 Bad Gateway</h1></html>", headers={"Content-Type": "text/html"}))
            case "times out behind us":
                self._say(Answer(status=504, body=b"<html><h1>504 Gateway Time-out</h1></html>", headers={"Content-Type": "text/html"}))
            case "half an answer":
                self._say(Answer(status=answer.status, body=answer.body[: len(answer.body) // 2], headers=answer.headers), promised=len(answer.body))
                self._hang_up()
            case "empty answer":
                self._say(Answer(status=200))
            case "wrong charset":
                said = json.dumps(json.loads(answer.body) | {"hint": "成功"}, ensure_ascii=False)
                self._say(Answer(status=answer.status, body=said.encode("gb18030"), headers=answer.headers))
            case _:
                self._say(answer)

    def _say(self, answer: Answer, *, promised: int | None = None) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if "Date" not in answer.headers and "date" not in answer.headers:
            self.send_header("Date", self.date_time_string())
        self.send_header("Content-Length", str(len(answer.body) if promised is None else promised))
        between: Between = self.server.between  # type: ignore[attr-defined]  # set by its own server class
        if not between.listens:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other end was quicker


def _reset(line: socket.socket) -> None:
    """End a line by RST, whatever was said on it or waits to be read."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(line.detach())

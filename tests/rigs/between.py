"""A loopback proxy between an adapter and a real server: it passes calls on, and fails as networks and servers do, on command."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

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
        self._http = _Server(("127.0.0.1", 0), self)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening, once."""
        if not self.closing.is_set():
            self.closing.set()
            self._http.shutdown()
            self._thread.join()
            self._http.server_close()

    def play(self, how: str | Answer, call: str = "*") -> None:
        """Meet `METHOD /path`, or every call, so: a mood by name, or an answer given without asking the server."""
        self._moods[call] = how

    def clear(self) -> None:
        """Pass everything on."""
        self._moods.clear()

    def how(self, call: Call) -> str | Answer:
        return self._moods.get(call.name, self._moods.get("*", "fine"))

    def keep(self, call: Call) -> None:
        """Keep a call to be passed on at `commit`."""
        self._late.append(call)

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

    def __init__(self, address: tuple[str, int], between: Between) -> None:
        self.between = between
        super().__init__(address, _Handler)


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
        elif how in ("late commit", "hangs up before accepting"):
            if how == "late commit":
                between.keep(call)
            self._hang_up()
        else:
            self._after(how, between.forward(call), between)

    def do_GET(self) -> None:
        self._meet()

    def do_POST(self) -> None:
        self._meet()

    def do_PUT(self) -> None:
        self._meet()

    def do_DELETE(self) -> None:
        self._meet()

    def _after(self, how: str, answer: Answer, between: Between) -> None:
        match how:
            case "silent after accepting":
                between.closing.wait(between.silence)
                self._hang_up()
            case "hangs up after accepting":
                self._hang_up()
            case "garbles":
                self._say(Answer(status=200, body="<html><h1>网络出口认证</h1></html>".encode("gb18030"), headers={"Content-Type": "text/html"}))
            case "fails after accepting":
                self._say(Answer(status=502, body=b"<html><h1>502 Bad Gateway</h1></html>", headers={"Content-Type": "text/html"}))
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
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other end was quicker

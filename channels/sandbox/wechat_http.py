"""The practice platform's wire, with the quirks of the real one."""

from __future__ import annotations

import json
import socket
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from channels.sandbox import wechat_pages as pages
from channels.sandbox.wechat_checks import Request

if TYPE_CHECKING:
    from channels.sandbox.wechat import Sandbox

#: calls answered as text/plain without a charset: whoever trusts the header reads mojibake
PLAIN = frozenset({"draft/get", "draft/batchget", "freepublish/batchget", "freepublish/getarticle"})
CODES = {"busy": (45011, "api minute-quota reach limit, must slower, retry next minute"), "overloaded": (-1, "system error"),
         "out of quota": (45009, "reach max api daily quota limit")}


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60

    @property
    def sandbox(self) -> Sandbox:
        sandbox: Sandbox = self.server.sandbox  # type: ignore[attr-defined]  # set by its own server class
        return sandbox

    def log_message(self, *_: Any) -> None:
        """Say nothing: addresses hold tokens."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        found = pages.page(self.sandbox, path)
        if found is None:
            self._say(404, "text/html; charset=utf-8", pages.missing().encode())
        else:
            self._say(200, *found)

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if parts.path.startswith("/_"):
            self._command(parts.path[2:], body)
        elif parts.path.startswith("/cgi-bin/"):
            self._call(parts.path.removeprefix("/cgi-bin/"), dict(parse_qsl(parts.query)), body)
        else:
            self._say(404, "text/plain", b"")

    # calls

    def _call(self, name: str, params: dict[str, str], body: bytes) -> None:
        mood, sandbox = self.sandbox.mood_for(name), self.sandbox
        request = _read(name, params, self.headers, body)
        if request is None:
            self._answer(name, sandbox.platform.fault(47001, "data format error"))
        elif fault := sandbox.played(name) or CODES.get(mood):
            self._answer(name, sandbox.platform.fault(*fault))
        elif mood == "turns the token down" and name != "stable_token":
            self._answer(name, sandbox.platform.fault(40001, "invalid credential, access_token is invalid or not latest"))
        elif mood == "refuses":
            self._answer(name, sandbox.refusal(name))
        elif mood == "bars":
            code, said = (40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist") if name == "stable_token" else (
                40001, "invalid credential, access_token is invalid or not latest")
            self._answer(name, sandbox.platform.fault(code, said))
        elif mood in ("hangs up before accepting", "late commit"):
            if mood == "late commit":
                sandbox.do_late(request)
            self._hang_up()
        else:
            if mood == "forgets its token" and name != "stable_token":
                sandbox.forget_token()
            answer = sandbox.platform.answer(request)
            sandbox.tell_meanwhile()  # which may be heard before the answer is
            self._after(mood, name, answer)

    def _after(self, mood: str, name: str, answer: dict[str, Any]) -> None:
        match mood:
            case "silent after accepting":
                self.sandbox.closing.wait(self.sandbox.silence)
                self._hang_up()
            case "hangs up after accepting":
                self._hang_up()
            case "garbles":
                self._say(200, "text/html", "<html><body><h1>网络出口认证</h1></body></html>".encode())
            case "fails after accepting":
                self._say(502, "text/html", b"<html><body><h1>502 Bad Gateway</h1></body></html>")
            case "half an answer":
                data = json.dumps(answer, ensure_ascii=False).encode()
                self._say(200, "application/json; encoding=utf-8", data[: len(data) // 2], promised=len(data))
                self._hang_up()
            case "empty answer":
                self._say(200, "text/plain", b"")
            case "wrong charset":
                self._say(200, "text/plain", json.dumps({**answer, "hint": "成功"}, ensure_ascii=False).encode("gb18030"))
            case _:
                self._answer(name, answer)

    def _answer(self, name: str, answer: dict[str, Any]) -> None:
        """Errors too are HTTP 200."""
        data = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
        self._say(200, "text/plain" if name in PLAIN else "application/json; encoding=utf-8", data)

    def _say(self, status: int, kind: str, data: bytes, *, promised: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data) if promised is None else promised))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other end was quicker

    # commands of a teacher or a test

    def _command(self, name: str, body: bytes) -> None:
        sandbox = self.sandbox
        try:
            if name == "publish":  # the button of the draft box
                sandbox.publish_by_hand(dict(parse_qsl(body.decode()))["media_id"])
                self._say(303, "text/html; charset=utf-8", b"", Location="/")
                return
            _obey(sandbox, name, json.loads(body or b"{}"))
        except (ValueError, KeyError, TypeError) as error:
            self._say(400, "application/json", json.dumps({"error": str(error)}, ensure_ascii=False).encode())
        else:
            self._say(200, "application/json", b"{}")


def _obey(sandbox: Sandbox, name: str, said: dict[str, Any]) -> None:
    match name:
        case "mood":
            sandbox.mood(said["mood"], said.get("call", "*"), said.get("times"))
        case "switch":
            sandbox.switch(**said)
        case "clock":
            sandbox.set_clock(datetime.fromisoformat(said["at"]) if said.get("at") else None)
        case "commit":
            sandbox.commit()
        case _:
            raise KeyError(name)


def _read(name: str, params: dict[str, str], headers: Message, body: bytes) -> Request | None:
    """A call from what came over the wire; None if it cannot be read."""
    kind = headers.get("Content-Type", "")
    if kind.startswith("multipart/form-data"):
        return Request(name=name, params=params, said={}, upload=_upload(kind, body))
    try:
        # `\uXXXX` is stored as it stands, six characters long, not as the character it means
        said = json.loads(body.decode("utf-8").replace("\\u", "\\\\u") or "{}")
    except ValueError:
        return None
    return Request(name=name, params=params, said=said) if isinstance(said, dict) else None


def _upload(kind: str, body: bytes) -> bytes | None:
    """The file of a form; None where its name is given in a way such servers do not read (`filename*=`), or is missing."""
    if b"filename*=" in body.split(b"\r\n\r\n", 1)[0]:
        return None
    form = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    for part in form.iter_parts() if form.is_multipart() else ():
        disposition = str(part.get("Content-Disposition", ""))
        if 'name="media"' in disposition and 'filename="' in disposition:
            payload = part.get_payload(decode=True)
            return payload if isinstance(payload, bytes) else None
    return None

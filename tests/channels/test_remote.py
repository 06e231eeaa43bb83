"""Every failure sorted by what it tells us. A raw socket plays the far side, so that it can break where HTTP libraries would not."""

from __future__ import annotations

import logging
import re
import socket
import threading
import traceback
from datetime import timedelta

import pytest

from channels.errors import ChannelError, ConfigurationError, PermanentError, SilenceError, TransientError, UnusableError
from channels.remote import Remote, scrub

SECRET = "t0p-s3cret"
OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"


def head(status: str, *lines: str, body: bytes = b"") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


class FarSide:
    """Reads one request, then does what it was told: bytes to say, or None to say nothing until the caller gives up."""

    def __init__(self, *, reset: bool = False) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.answer: bytes | None = OK
        self.reset = reset
        self.requests: list[bytes] = []
        self.over = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            with line:
                self.requests.append(self._read(line))
                if self.reset:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                elif self.answer is None:
                    self.over.wait(5)
                else:
                    line.sendall(self.answer)

    @staticmethod
    def _read(line: socket.socket) -> bytes:
        """One request, which may come in pieces; less where it is none, as a TLS handshake."""
        got = b""
        while b"\r\n\r\n" not in got:
            if not (more := line.recv(65536)) or not more.isascii():
                return got + more
            got += more
        start, _, body = got.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", start.lower())
        while length and len(body) < int(length[1]):
            body += line.recv(65536)
        return start + b"\r\n\r\n" + body

    def close(self) -> None:
        self.over.set()
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for callers
        self.listener.close()


@pytest.fixture
def far():
    far = FarSide()
    yield far
    far.close()


@pytest.fixture
def remote(far):
    return Remote(far.url, timeout=(5, 5), secrets=[SECRET])


def kinds(remote: Remote) -> tuple[type, type]:
    """What a call that creates ends in, and what a call that does not."""
    def one(*, creates: bool) -> type:
        with pytest.raises(ChannelError) as caught:
            remote.call("POST", f"/posts?access_token={SECRET}", creates=creates, json={"a": 1})
        told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
        assert SECRET not in told
        return type(caught.value)

    return one(creates=True), one(creates=False)


@pytest.mark.parametrize(("status", "created", "asked"), [
    ("400 Bad Request", PermanentError, PermanentError),
    ("404 Not Found", PermanentError, PermanentError),
    ("413 Too Large", PermanentError, PermanentError),
    ("422 Unprocessable", PermanentError, PermanentError),
    ("401 Unauthorized", UnusableError, UnusableError),
    ("403 Forbidden", UnusableError, UnusableError),
    ("407 Proxy", UnusableError, UnusableError),
    ("408 Request Timeout", TransientError, TransientError),
    ("429 Slow down", TransientError, TransientError),
    ("500 Oops", SilenceError, TransientError),
    ("502 Bad Gateway", SilenceError, TransientError),
    ("503 Unavailable", SilenceError, TransientError),
    ("504 Gateway Timeout", SilenceError, TransientError),
    ("302 Found", SilenceError, UnusableError),
])
def test_sorts_statuses(far, remote, status, created, asked):
    far.answer = head(status, body=SECRET.encode())
    assert kinds(remote) == (created, asked)


@pytest.mark.parametrize(("status", "length"), [("200 OK", 60), ("400 Bad Request", 200)])
def test_a_secret_that_the_end_of_a_quotation_cuts_through_is_not_told_by_half(far, remote, status, length):
    far.answer = head(status, body=b"x" * (length - 5) + SECRET.encode())
    with pytest.raises(ChannelError) as caught:
        remote.call("POST", "/posts", creates=True)
    assert SECRET[:5] not in str(caught.value)
    assert SECRET[:5] not in remote.ask("POST", "/posts", creates=True).words


def test_does_not_follow_a_redirect(far, remote):
    """A login page of a hotel network must not receive what was meant for the platform."""
    far.answer = head("307 Temporary Redirect", f"Location: {far.url}/elsewhere")
    kinds(remote)
    assert not [request for request in far.requests if b"/elsewhere" in request]


@pytest.mark.parametrize(("lines", "wait"), [
    (["Retry-After: 30"], timedelta(seconds=30)),
    (["Date: Wed, 01 May 2024 08:00:00 GMT", "Retry-After: Wed, 01 May 2024 08:02:00 GMT"], timedelta(minutes=2)),
    (["Date: Wed, 01 May 2024 08:00:00 GMT", "Retry-After: Wed, 01 May 2024 07:00:00 GMT"], timedelta()),
    (["Retry-After: 99999999999999999999"], timedelta(days=1)),
    (["Date: Wed, 01 May 2024 08:00:00 GMT", "Retry-After: Thu, 01 May 2064 08:00:00 GMT"], timedelta(days=1)),
    (["Retry-After: soon"], None),
    ([], None),
])
def test_hears_when_to_come_back(far, remote, lines, wait):
    far.answer = head("429 Slow down", *lines)
    with pytest.raises(TransientError) as caught:
        remote.call("POST", "/posts", creates=True)
    assert caught.value.retry_after == wait


def test_a_503_with_a_time_to_come_back_was_no_accident(far, remote):
    far.answer = head("503 Unavailable", "Retry-After: 60")
    assert kinds(remote) == (TransientError, TransientError)


@pytest.mark.parametrize("answer", [
    pytest.param(None, id="silence"),
    pytest.param(b"", id="a cut line"),
    pytest.param(b"HTTP/1.1 200 OK\r\nContent-Len", id="half a header"),
    pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"id\"", id="half a body"),
    pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="a broken chunk"),
    pytest.param(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", id="gzip that is none"),
    pytest.param(head("200 OK", body=b"<html>welcome</html>"), id="HTML"),
    pytest.param(head("200 OK", body=b""), id="nothing"),
    pytest.param(head("200 OK", body=b"[1]"), id="a list"),
    pytest.param(head("200 OK", body='"标题'.encode("gb18030")), id="half a word in GB 18030"),
    pytest.param(head("200 OK", body='{"a":"标题"}'.encode("utf-16")), id="UTF-16"),
])
def test_an_answer_that_does_not_tell_leaves_a_creating_call_in_doubt(far, answer):
    far.answer = answer
    assert kinds(Remote(far.url, timeout=(5, 0.3 if answer is None else 5))) == (SilenceError, TransientError)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030"])
def test_an_answer_is_read_in_the_charset_it_is_in(far, remote, charset):
    """Whatever its header says; some gateways still speak GB18030, some put a mark before UTF-8."""
    far.answer = head("200 OK", body='{"a":"标题"}'.encode(charset))
    assert remote.call("POST", "/posts", creates=True) == {"a": "标题"}


def test_a_reset_after_sending_leaves_a_creating_call_in_doubt():
    far = FarSide(reset=True)
    assert kinds(Remote(far.url, timeout=(5, 5))) == (SilenceError, TransientError)
    far.close()


def test_a_call_that_never_left_is_in_no_doubt():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # a port that nobody listens on, and nobody else can take
        assert kinds(Remote(f"http://127.0.0.1:{taken.getsockname()[1]}", timeout=(5, 5))) == (TransientError, TransientError)


def test_a_name_nobody_knows_is_in_no_doubt():
    assert kinds(Remote("https://no-such-host.invalid", timeout=(5, 5))) == (TransientError, TransientError)


def test_a_server_that_speaks_no_tls_got_nothing(far):
    """The handshake fails before anything of ours is sent; which side is wrong, nobody knows, so it is not called mended."""
    kinds_ = kinds(Remote(far.url.replace("http:", "https:"), timeout=(5, 5)))
    assert kinds_[1] is TransientError
    assert not [request for request in far.requests if SECRET.encode() in request]


def test_reads_utf8_whatever_the_header_claims(far, remote):
    far.answer = head("200 OK", "Content-Type: text/plain", body='{"title":"标题"}'.encode())
    assert remote.call("GET", "/", creates=False) == {"title": "标题"}


def test_sends_characters_not_escapes(far, remote):
    """Some platforms store an escape as the six characters it is written with."""
    remote.call("POST", "/", creates=True, json={"title": "标题"})
    assert "标题".encode() in far.requests[0]


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_what_is_gone_may_be_what_was_wanted(far, remote, status):
    far.answer = head(status)
    assert remote.call("DELETE", "/posts/1", creates=False, missing_ok=True) == {}


def test_never_tries_twice_by_itself(far, remote):
    far.answer = head("502 Bad Gateway")
    kinds(remote)
    assert len(far.requests) == 2  # one a call


@pytest.mark.parametrize("base", ["", "api.weixin.qq.com", "ftp://example.com", "http://api.weixin.qq.com"])
def test_refuses_an_address_that_is_none_or_not_private(base):
    with pytest.raises(ConfigurationError, match="https://"):
        Remote(base)


@pytest.mark.parametrize("value", [f"{SECRET}\n", f"{SECRET}待填"])
def test_what_cannot_even_be_written_down_got_nothing_and_is_not_told(far, remote, value):
    """A header with a line break or a Chinese character in it, or an address that is none: the channel is to be mended."""
    for creates in (True, False):
        with pytest.raises(UnusableError, match=r"未发送任何内容；请核对.*api.*环境变量") as caught:
            remote.call("POST", "/posts", creates=creates, headers={"X-Key": value})
        assert SECRET not in "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    for base in ("https://.example.cn", "https://a..cn", f"https://{'a' * 70}.cn"):
        assert kinds(Remote(base)) == (UnusableError, UnusableError)
    assert far.requests == []


def test_the_debugging_log_of_the_transport_is_scrubbed_too(far, remote, caplog):
    with caplog.at_level(logging.DEBUG):
        remote.call("POST", f"/cgi-bin/draft/add?access_token={SECRET}&x=1", creates=True)
    assert "draft/add" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("text", [
    "url: /cgi-bin/token?appid=wx1&secret=t0p-s3cret HTTP", "{'secret': 't0p-s3cret'}", '{"access_token":"t0p-s3cret","expires_in":7200}',
    "password=t0p-s3cret", "SIGN: t0p-s3cret", "Authorization: Bearer t0p-s3cret", "{'authorization': 'Basic t0p-s3cret'}", "no such bearer t0p-s3cret",
    '"basic": "t0p-s3cret"', "authorization=t0p-s3cret"])
def test_scrubs_what_stands_behind_a_telling_name(text):
    assert SECRET not in scrub(text)

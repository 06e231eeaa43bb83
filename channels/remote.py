"""HTTP to a platform, with every failure sorted by what it tells us. One try a call: the ledger owns the next one."""

from __future__ import annotations

import json as jsons
import logging
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import LocationValueError, NewConnectionError, ProxyError
from urllib3.exceptions import SSLError as TransportSSLError

from channels.errors import IN_DOUBT, ChannelError, ConfigurationError, PermanentError, SilenceError, TransientError, UnusableError

TIMEOUT = (3.05, 20.0)  #: seconds to connect, seconds of silence before we stop listening

#: names under which platforms carry secrets in addresses and bodies
_SECRETS = re.compile(r"((?:access_token|refresh_token|appsecret|secret|password|token|sign|signature|authorization)[\"']?\s*[=:]\s*[\"']?"
                      r"(?:(?:bearer|basic)\s+)?|\b(?:bearer|basic)[\"']?(?:\s*[=:]\s*|\s+)[\"']?)[^&\s\"',)}]+", re.IGNORECASE)
_LONGEST_WAIT = timedelta(days=1)  #: what a clock or a header that is wrong may cost us
_ROOM = 16_384  #: bytes, more than any token
#: a request that could not even be written down, so that nothing of it left us
_UNWRITABLE = (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader, requests.exceptions.InvalidSchema, LocationValueError,
               UnicodeEncodeError)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without secrets: the ones given, and whatever stands behind a name that secrets have."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return _SECRETS.sub(r"\1***", text)


class _Scrubber(logging.Filter):
    """urllib3 logs whole addresses when debugging; some platforms insist on tokens in them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = scrub(record.getMessage()), ()
        return True


_scrubber = _Scrubber()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it came, whatever its status."""

    status: int
    headers: Mapping[str, str]
    said: Any  #: its JSON, of any shape; None if it is none
    words: str  #: how its body begins, without secrets

    @property
    def well(self) -> bool:
        """Whether its status is one of success."""
        return 200 <= self.status < 300

    @property
    def wait(self) -> timedelta | None:
        """How long it asks us to wait, by its own clock."""
        return _retry_after(self.headers)


class Remote:
    """One platform's address. Holds no token; whoever calls gives it with the call and names it in `secrets`."""

    def __init__(self, base: str, *, session: requests.Session | None = None, timeout: tuple[float, float] = TIMEOUT,
                 secrets: Iterable[str] = ()) -> None:
        """Take an address, and the secrets that no error may tell.

        Raises:
            ConfigurationError: the address is none, or would carry secrets in the clear over a network.
        """
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigurationError(f"{base!r} is no web address; write https://…")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise ConfigurationError(f"{base!r} would send secrets in the clear; write https://…")
        self.base, self.host = base.rstrip("/"), parts.hostname
        self.session = session or requests.Session()
        if parts.hostname in _LOOPBACK:
            self.session.trust_env = False  # a practice platform on this machine is never behind the office's proxy
        self._timeout = timeout
        self._secrets = set(secrets)
        logging.getLogger("urllib3.connectionpool").addFilter(_scrubber)

    def __repr__(self) -> str:
        return f"Remote({self.base!r})"

    def guard(self, secret: str) -> None:
        """From now on this never reaches an error."""
        self._secrets.add(secret)

    def call(self, method: str, path: str, *, creates: bool, json: Any = None, missing_ok: bool = False,
             reads: Container[int] = (), **request: Any) -> dict[str, Any]:
        """One call and its answer, a JSON object.

        Args:
            method: of HTTP.
            path: beneath the platform's address.
            creates: repeating it could post twice, so silence leaves us in doubt.
            json: what to say.
            missing_ok: what is not there gives an empty answer.
            reads: statuses besides success at which the platform says in JSON what is wrong: the caller reads it.
            request: what else `requests` is to be told.

        Raises:
            ChannelError: by what is known, see `channels.errors`.
        """
        reply = self._send(method, path, _worded(request, json), creates=creates)
        if missing_ok and reply.status_code in (404, 410):
            return {}
        if reply.status_code in reads and (said := _object(reply)) is not None:
            return said
        return self._read(reply, creates=creates)

    def ask(self, method: str, path: str, *, creates: bool, json: Any = None, **request: Any) -> Reply:
        """One call and its answer, for platforms that say by status and headers what is wrong: the caller sorts it.

        Raises:
            ChannelError: no answer came.
        """
        reply = self._send(method, path, _worded(request, json), creates=creates)
        return Reply(status=reply.status_code, headers=reply.headers, said=_json(reply),
                     words=self._start(reply, 200))

    def _send(self, method: str, path: str, request: Mapping[str, Any], *, creates: bool) -> requests.Response:
        problem: Exception
        try:
            return self.session.request(method, self.base + path, timeout=self._timeout, allow_redirects=False, **request)
        except requests.ConnectTimeout:
            problem = TransientError(f"连接不上 {self.host}（超时），稍后会自动再试")
        except requests.ConnectionError as error:
            problem = self._sort_broken(error, creates=creates)
        except _UNWRITABLE as error:  # told by its kind alone: its words may hold a secret
            problem = UnusableError(f"发给 {self.host} 的请求写不成（{type(error).__name__}），未发送任何内容；"
                                    "请核对 gongkai.toml 中该渠道的 api 地址，以及环境变量里的账号密钥")
        except requests.RequestException as error:
            problem = self._doubt(f"{self.host} 没有完整应答（{type(error).__name__}）", creates=creates)
        # raised outside `except`, so that neither __cause__ nor __context__ keeps an address with a token in it
        raise problem

    def _sort_broken(self, error: requests.ConnectionError, *, creates: bool) -> ChannelError:
        inner = error.args[0] if error.args else None
        reason = getattr(inner, "reason", None)
        if isinstance(reason, TransportSSLError) and "CERTIFICATE_VERIFY_FAILED" in str(reason):
            return UnusableError(f"{self.host} 的证书无法验证，未发送任何内容；请检查本机时间、根证书和网络出口")
        if isinstance(reason, (NewConnectionError, ProxyError)):
            why = self.safe(str(reason)).rpartition(": ")[2]
            return TransientError(f"连接不上 {self.host}（{why}），稍后会自动再试")
        return self._doubt(f"与 {self.host} 的连接中途断开", creates=creates)

    def _read(self, reply: requests.Response, *, creates: bool) -> dict[str, Any]:
        code = reply.status_code
        if code != 200 and not 200 < code < 300:
            raise self._sort_status(reply, creates=creates)
        answer = _object(reply)
        if answer is None:
            raise self._doubt(f"{self.host} 已受理，但应答无法解读（{self._start(reply, 60)!r}）", creates=creates)
        return answer

    def _sort_status(self, reply: requests.Response, *, creates: bool) -> ChannelError:
        code, wait = reply.status_code, _retry_after(reply.headers)
        if code == 429 or (code == 503 and wait is not None):
            return TransientError(f"{self.host} 正忙（HTTP {code}），稍后会自动再试", retry_after=wait)
        if code in (408, 421, 425):
            return TransientError(f"{self.host} 未受理（HTTP {code}），稍后会自动再试")
        if code in (401, 403, 407):
            return UnusableError(f"{self.host} 拒绝访问（HTTP {code}）；请检查该渠道的账号、密钥和权限")
        if 400 <= code < 500:
            return PermanentError(f"{self.host} 拒绝了这次请求（HTTP {code}）：{self._start(reply, 200)}")
        if code < 400 and not creates:
            return UnusableError(f"{self.host} 要求转到别处（HTTP {code}）；请检查该渠道配置的地址")
        return self._doubt(f"{self.host} 出错（HTTP {code}）", creates=creates)

    def _doubt(self, what: str, *, creates: bool) -> ChannelError:
        if creates:
            return SilenceError(f"{what}，{IN_DOUBT}")
        return TransientError(f"{what}，稍后会自动再试")

    def _start(self, reply: requests.Response, length: int) -> str:
        """How a body begins. Scrubbed first, with room for a whole secret behind: half of one would not be known for it."""
        return self.safe(reply.content[: length + _ROOM].decode("utf-8", "replace"))[:length]

    def safe(self, text: str) -> str:
        """The text without any secret this platform was ever given."""
        return scrub(text, self._secrets)


def _worded(request: dict[str, Any], json: Any) -> dict[str, Any]:
    """What `requests` is to be told, with the JSON as UTF-8: some platforms store and count escapes literally."""
    if json is None:
        return request
    headers = {**request.get("headers", {}), "Content-Type": "application/json; charset=utf-8"}
    return {**request, "headers": headers, "data": jsons.dumps(json, ensure_ascii=False).encode()}


def _json(reply: requests.Response) -> Any:
    """The JSON of an answer; None if it is none.

    In UTF-8, with or without its mark, whatever charset the header claims or leaves out; else in GB18030, which gateways still speak.
    """
    for charset in ("utf-8-sig", "gb18030"):
        try:
            return jsons.loads(reply.content.decode(charset))
        except UnicodeDecodeError:
            continue
        except (ValueError, RecursionError):
            return None
    return None


def _object(reply: requests.Response) -> dict[str, Any] | None:
    """The JSON object of an answer; None if it is none."""
    answer = _json(reply)
    return answer if isinstance(answer, dict) else None


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Seconds, or a date as seen from the far side's own clock; a day at most."""
    wait = headers.get("Retry-After", "").strip()
    if wait.isascii() and wait.isdigit():
        return min(timedelta(seconds=int(wait[:9])), _LONGEST_WAIT)
    try:
        return min(max(parsedate_to_datetime(wait) - parsedate_to_datetime(headers.get("Date", "")), timedelta()), _LONGEST_WAIT)
    except (TypeError, ValueError):
        return None

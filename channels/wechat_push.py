"""事件推送: what the platform says of its own accord, once a publishing job has ended. Checked here; believed when confirmed.

In plain mode (明文模式) the signature covers the instant and a number, not the words; in secure mode (安全模式) it covers the
words too, and they are encrypted. Both are the vendor's scheme: developers.weixin.qq.com, 接收消息与事件推送.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from lxml import etree

from channels.base import Call, Heard
from channels.errors import UnsignedError
from channels.wechat_plan import JOB
from content.deliveries import News

FRESH = timedelta(minutes=5)  #: older or younger than this by our clock, a call is refused: it may be one that was overheard
ENDED = "PUBLISHJOBFINISH"
DONE = "success"  #: what the platform wants to read; anything else, and it says it again, three times
LARGEST = 64 * 1024  #: bytes of a call
_BLOCK = 32  #: bytes to which the vendor pads, unlike AES itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The end of a publishing job, as the platform tells it. The draft's name is not in it."""

    publish_id: str
    status: int  #: as `publish_status` of freepublish/get
    article_id: str = ""


def events(heard: str) -> list[Event]:
    """What was heard, as the ledger kept it; in the order in which it came, which need not be that in which it happened."""
    return [Event(**json.loads(word)) for word in json.loads(heard or "[]")]


class Ear:
    """Hears one account's platform."""

    def __init__(self, app_id: str, *, token: Callable[[], str], key: Callable[[], str] | None = None) -> None:
        """`token`: the Token typed in the console; `key`: its EncodingAESKey, 43 characters; None: plain mode."""
        self._app_id, self._token, self._key = app_id, token, key

    def hear(self, call: Call, *, at: datetime) -> Heard:
        """Answer the console's question whether we are here, or take an event in. Other events are acknowledged and dropped."""
        token = self._token()
        if not token:
            raise UnsignedError("no token is set to check signatures with")
        stamp = call.query.get("timestamp", "")
        if not stamp.isdecimal() or len(stamp) > 11 or abs(at.timestamp() - int(stamp)) > FRESH.total_seconds():
            raise UnsignedError(f"its timestamp is not within {FRESH.total_seconds() / 60:.0f} minutes of this machine's clock")
        signed = [token, stamp, call.query.get("nonce", "")]
        if call.body is None:
            _check(call.query.get("signature", ""), *signed)
            return Heard(answer=call.query.get("echostr", ""))
        if len(call.body) > LARGEST:
            raise UnsignedError("it is larger than any event")
        event = _event(self._words(call.query, call.body, signed))
        return Heard(answer=DONE, news=News(step=JOB, value=event.publish_id, word=json.dumps(asdict(event))) if event else None)

    def _words(self, query: Mapping[str, str], body: bytes, signed: list[str]) -> etree._Element:
        if self._key is None:
            _check(query.get("signature", ""), *signed)
            return _parsed(body)
        # the outer words may say what they like: only what is sealed counts
        sealed = _parsed(body).findtext("Encrypt", "")
        _check(query.get("msg_signature", ""), *signed, sealed)
        return _parsed(_opened(sealed, self._key(), self._app_id))


def signature(*parts: str) -> str:
    """The vendor's: SHA-1 over the sorted parts, one of them a secret."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def _check(given: str, *parts: str) -> None:
    if not hmac.compare_digest(given.encode(), signature(*parts).encode()):
        raise UnsignedError("its signature is not that of the token")


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnsignedError("it is no XML") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnsignedError("it declares entities, as no event does")
    return root


def _opened(sealed: str, key: str, app_id: str) -> bytes:
    """The words within: 16 random bytes, their length, they, the AppID, padding."""
    try:
        secret = base64.b64decode(key + "=")
        opener = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).decryptor()
        data = opener.update(base64.b64decode(sealed, validate=True)) + opener.finalize()
    except (binascii.Error, ValueError):
        raise UnsignedError("it cannot be decrypted: compare the EncodingAESKey with the console's") from None
    data = data[:-data[-1]] if data and 1 <= data[-1] <= _BLOCK else b""
    length = int.from_bytes(data[16:20], "big")
    if data[20 + length:].decode("utf-8", "replace") != app_id:
        raise UnsignedError("it is for another account")
    return data[20:20 + length]


def _event(said: etree._Element) -> Event | None:
    if said.findtext("Event", "").strip() != ENDED:
        return None
    told = {name: (said.findtext(f"PublishEventInfo/{name}") or "").strip() for name in ("publish_id", "publish_status", "article_id")}
    if not told["publish_id"] or not told["publish_status"].isdecimal():
        raise UnsignedError(f"it is a {ENDED} without publish_id or publish_status")
    return Event(publish_id=told["publish_id"][:64], status=int(told["publish_status"][:4]), article_id=told["article_id"][:128])

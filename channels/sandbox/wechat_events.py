"""What the practice platform says of its own accord: the end of publishing jobs, signed as the real one signs (事件推送)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from channels.sandbox.wechat_calls import Platform
from channels.sandbox.wechat_state import State

PATIENCE = 5.0  #: seconds it waits for an answer
TIMES = 4  #: it says the same thing until it reads `success`
ACCOUNT, FOLLOWER = "gh_practice", "oPractice"
_BLOCK = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One call to the callback address."""

    query: dict[str, str]
    body: bytes


def pushes(state: State, platform: Platform, now: datetime) -> list[Push]:
    """What there is to say: once, twice, never, or the newest first, as the switch `events` has it."""
    with state.transaction():
        how = state.switches.events
        waiting = [str(row["publish_id"]) for row in state.rows("SELECT publish_id FROM events WHERE told = 0 ORDER BY n")]
        if how == "reversed":
            waiting = waiting[::-1] if len(waiting) > 1 else []  # the first is held back until a second has overtaken it
        if waiting or how != "reversed":
            state.do("UPDATE events SET told = 1")
        said = [] if how == "lost" else [job for job in waiting for _ in range(2 if how == "twice" else 1)]
        return [_push(state, platform, job, now) for job in said]


def deliver(address: str, push: Push) -> bool:
    """Say it, until it is heard or that is enough. To this machine only.

    Raises:
        ValueError: the address is elsewhere.
    """
    if urlsplit(address).hostname not in ("127.0.0.1", "localhost"):
        raise ValueError(f"{address} is not on this machine")
    with requests.Session() as session:
        session.trust_env = False
        for _ in range(TIMES):
            try:
                answer = session.post(address, params=push.query, data=push.body, headers={"Content-Type": "text/xml"}, timeout=PATIENCE)
            except requests.RequestException:
                continue
            if answer.status_code == 200 and answer.text in ("success", ""):
                return True
    return False


def signed(state: State, now: datetime, nonce: str) -> dict[str, str]:
    """The query of a call: instant, a number, and the signature over both."""
    query = {"timestamp": str(int(now.timestamp())), "nonce": nonce}
    return {**query, "signature": _signature(state.switches.callback_token, *query.values())}


def _push(state: State, platform: Platform, publish_id: str, now: datetime) -> Push:
    query = {**signed(state, now, state.next_id("nonce", 10)), "openid": FOLLOWER}
    words, key = _words(platform.job(publish_id), now), state.switches.callback_key
    if not key:
        return Push(query=query, body=words.encode())
    sealed = _sealed(words.encode(), key, state.note("app id"))
    query |= {"encrypt_type": "aes",
              "msg_signature": _signature(state.switches.callback_token, query["timestamp"], query["nonce"], sealed)}
    outer = f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return Push(query=query, body=outer.encode())


def _words(job: dict[str, object], now: datetime) -> str:
    article = ""
    if job["publish_status"] == 0:
        url = job["article_detail"]["item"][0]["article_url"]  # type: ignore[index]  # its own answer
        article = (f"<article_id><![CDATA[{job['article_id']}]]></article_id><article_detail><count>1</count>"
                   f"<item><idx>1</idx><article_url><![CDATA[{url}]]></article_url></item></article_detail>")
    failed = "".join(f"<fail_idx>{index}</fail_idx>" for index in job["fail_idx"])  # type: ignore[attr-defined]
    return (f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><FromUserName><![CDATA[{FOLLOWER}]]></FromUserName>"
            f"<CreateTime>{int(now.timestamp())}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
            f"<Event><![CDATA[PUBLISHJOBFINISH]]></Event><PublishEventInfo><publish_id>{job['publish_id']}</publish_id>"
            f"<publish_status>{job['publish_status']}</publish_status>{article}{failed}</PublishEventInfo></xml>")


def _signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def _sealed(words: bytes, key: str, app_id: str) -> str:
    secret = base64.b64decode(key + "=")
    data = hashlib.md5(words, usedforsecurity=False).digest() + len(words).to_bytes(4, "big") + words + app_id.encode()
    room = _BLOCK - len(data) % _BLOCK
    closer = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    return base64.b64encode(closer.update(data + bytes([room]) * room) + closer.finalize()).decode()

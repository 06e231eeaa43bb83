"""A practice 微博: one account, its posts in order, with the filters, codes and moods of the real one.

python -m channels.sandbox.weibo --port 8634
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from channels.sandbox.far_side import SILENCE, Call, FarSide, Reply

SHARE = "/2/statuses/share.json"
LONGEST, AN_HOUR, ACCOUNT = 140, 30, 1234567890
LARGEST = 5_000_000  #: bytes of a picture


def fault(code: int, said: str, status: int = 400) -> Reply:
    """A fault, under the status that the platform gives it."""
    return Reply(status=status, said={"error": said, "error_code": code, "request": "/2/statuses"})


class WeiboAccount(FarSide):
    """An account and an app. What differs between apps, or is not written down, is a plain attribute."""

    MOODS_SAID: ClassVar[Mapping[str, Reply]] = {
        "busy": fault(10023, "User requests out of rate limit!", 403),
        "refuses": fault(20021, "content is illegal!"),
        "bars": fault(21327, "expired_token", 401),
    }

    def __init__(self, port: int = 0, *, token: str = "", domain: str = "", now: Callable[[], datetime] | None = None,
                 silence: float = SILENCE) -> None:
        """`token`: that is good, empty: any; `domain`: approved for the app, empty: any link will do."""
        super().__init__(port, now=now, silence=silence)
        self.token, self.domain = token, domain
        self.may_read = self.may_remove = True  #: whether the app has these rights
        self.filter = True  #: refuse what was just said
        self.lags = False  #: answer 20032 to what was taken
        self.shows = True  #: whether the timeline shows what was taken
        self.banned = False
        self.expires = timedelta(days=30)
        self.posts: list[dict[str, Any]] = []
        self.removed: list[dict[str, Any]] = []

    def answer(self, call: Call) -> Reply:
        form = _form(call)
        if self.token and form.get("access_token") != self.token:
            return self.MOODS_SAID["bars"]
        if self.banned:
            return fault(20003, "User does not exists!")
        calls = {SHARE: self._share, "/2/statuses/user_timeline.json": self._timeline, "/2/statuses/show.json": self._show,
                 "/2/statuses/destroy.json": self._destroy, "/oauth2/get_token_info": self._token_info}
        known = calls.get(call.name)
        return known(form) if known else fault(10020, "Request api not found!", 404)

    def _share(self, form: Mapping[str, str]) -> Reply:
        if wrong := self._wrong(form):
            return wrong
        post = self._post(form["status"])
        self.posts.append(post)
        return fault(20032, "Update success, while server slow now, please wait 1-2 minutes!") if self.lags else Reply(said=_plain(post))

    def _wrong(self, form: Mapping[str, str]) -> Reply | None:
        text = form.get("status", "")
        recent = [post for post in self.posts if post["at"] > self.now() - timedelta(hours=1)]
        long = sum(1 if sign.isascii() else 2 for sign in text) > 2 * LONGEST
        return next((reply for is_so, reply in (
            (not text, fault(20008, "Content is null!")),
            (long, fault(20012, "Text too long, please input text less than 140 characters!")),
            ("http" not in text or self.domain not in text, fault(10017, "text not find domain!")),
            (form.get("pic type", "image/jpeg") not in ("image/jpeg", "image/png", "image/gif"), fault(20005, "Unsupported image type!")),
            (int(form.get("pic size", 0)) >= LARGEST, fault(20006, "Image size too large!")),
            (self.filter and any(post["text"] == text for post in recent), fault(20019, "Repeat content!")),
            (len(recent) >= AN_HOUR, self.MOODS_SAID["busy"])) if is_so), None)

    def _token_info(self, _form: Mapping[str, str]) -> Reply:
        left = int(self.expires.total_seconds())
        return Reply(said={"uid": ACCOUNT, "appkey": "1", "scope": "all", "create_at": 0, "expire_in": left})

    def _show(self, form: Mapping[str, str]) -> Reply:
        return next((Reply(said=_plain(post)) for post in self.posts if post["idstr"] == form.get("id")), _missing())

    def _post(self, text: str) -> dict[str, Any]:
        number = str(4_990_000_000_000_000 + len(self.posts) + len(self.removed))
        return {"idstr": number, "id": int(number), "text": text, "at": self.now(), "user": {"id": ACCOUNT},
                "visible": {"type": 0, "list_id": 0}, "created_at": self.now().strftime("%a %b %d %H:%M:%S %z %Y")}

    def _timeline(self, _form: Mapping[str, str]) -> Reply:
        if not self.may_read:
            return fault(10014, "Insufficient app permissions!", 403)
        shown = self.posts[::-1][:50] if self.shows else []
        return Reply(said={"statuses": [_plain(post) for post in shown], "total_number": len(self.posts)})

    def _destroy(self, form: Mapping[str, str]) -> Reply:
        if not self.may_remove:
            return fault(10014, "Insufficient app permissions!", 403)
        found = next((post for post in self.posts if post["idstr"] == form.get("id")), None)
        if found is None:
            return _missing()
        self.posts.remove(found)
        self.removed.append(found)
        return Reply(said=_plain(found))


def _missing() -> Reply:
    return fault(20101, "Target weibo does not exist!")


def _plain(post: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in post.items() if name != "at"}


def _form(call: Call) -> dict[str, str]:
    """The fields of a call, however they came; of a picture its type and size."""
    if not call.kind.startswith("multipart/form-data"):
        return dict(call.params) | dict(parse_qsl(call.body.decode("utf-8", "replace")))
    form = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + call.kind.encode() + b"\r\n\r\n" + call.body)
    out = dict(call.params)
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if name == "pic":
            out |= {"pic type": part.get_content_type(), "pic size": str(len(data) if isinstance(data, bytes) else 0)}
        elif isinstance(data, bytes):
            out[str(name)] = data.decode("utf-8", "replace")
    return out


def main(arguments: list[str] | None = None) -> None:
    """Run it for people to practise with."""
    parser = argparse.ArgumentParser(description="A practice Weibo account on this machine")
    parser.add_argument("--port", type=int, default=8634)
    given = parser.parse_args(arguments)
    account = WeiboAccount(given.port)
    print(f"practice account: {account.url}  (set api = \"{account.url}\" in gongkai.toml; Ctrl-C ends it)", flush=True)  # noqa: T201
    try:
        account.serve()
    except KeyboardInterrupt:
        account.stop()


if __name__ == "__main__":
    main()

"""Robots that write into a group: one text a call, nothing to read back, nothing to take back.

WeCom and DingTalk speak alike (a JSON text to a secret address, the fault inside HTTP 200); what differs is data of theirs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from channels.accounts import Meter
from channels.base import Errand, Limits, Rendition, Scene, Setting, Shown
from channels.codes import Codes
from channels.credentials import Credential
from channels.errors import ChannelError, QuotaError
from channels.once import at_most_once, recall
from channels.post_preview import PAGE, show
from channels.remote import Remote
from channels.wording import fit, octets
from content.accounts import Quota
from content.deliveries import Posting
from content.items import Edition

SEND = "send"
A_MINUTE = Quota(name=SEND, calls=20, per=timedelta(minutes=1))


def sent_bytes(text: str) -> int:
    """Length in bytes as a text goes over the wire, within its JSON: a quotation mark, a backslash or a line break takes two there.

    DingTalk limits the whole of what it is sent. WeCom limits the text and does not say in which form: this is never less than either.
    """
    return octets(json.dumps(text, ensure_ascii=False)) - 2  # less the quotation marks around it


class Robot:
    """One robot of one group."""

    def __init__(self, setting: Setting, remote: Remote, *, path: str, codes: Codes, limits: Limits, label: str, secret: Credential,
                 group: str, address: Callable[[str, datetime], Mapping[str, str]]) -> None:
        """`address`: what the secret, at an instant, puts into the address."""
        self._setting, self._remote, self._path, self._codes, self._limits, self._label = setting, remote, path, codes, limits, label
        self._secret, self._group, self._address = secret, group, address
        # the robot is its secret, which must not be told: among an office's accounts it goes by its channel
        self._meter = Meter(setting.pace, f"{label}/{setting.office.code}/{setting.name}", [A_MINUTE])

    def __repr__(self) -> str:
        return f"Robot({self._setting.name!r}, {self._remote!r})"

    def render(self, edition: Edition) -> Rendition:
        """Title, summary, index number and link as one text."""
        return Rendition(body=fit(edition, self._limits))

    def post(self, rendition: Rendition, errand: Errand) -> Posting:
        """Say it once. What was said bears no name: the delivery's own key is its reference."""
        return at_most_once(errand, lambda: self._say(rendition, errand))

    def find(self, errand: Errand) -> Posting | None:
        """What is written down of it: a robot cannot read its group, but what was never sent is surely not there."""
        return recall(errand)

    def _say(self, rendition: Rendition, errand: Errand) -> Posting:
        params = self._params(errand.at)
        self._meter.spend(SEND, errand.at)
        answer = self._remote.call("POST", self._path, creates=True, params=params,
                                   json={"msgtype": "text", "text": {"content": rendition.body}})
        if code := _code(answer):
            raise self._sorted(code, str(answer.get("errmsg", "")), errand.at)
        return Posting(ref=errand.key)

    def _sorted(self, code: int, said: str, at: datetime) -> ChannelError:
        error = self._codes.sort(code, self._remote.safe(said), call=SEND, at=at, creates=True)
        if isinstance(error, QuotaError) and error.retry_after:
            self._meter.exhaust(SEND, at + error.retry_after)
        return error

    def _params(self, at: datetime) -> Mapping[str, str]:
        secret = self._secret.value()
        params = self._address(secret, at)
        for value in (secret, *params.values()):
            self._remote.guard(value)
        return params

    def show(self, scene: Scene, path: str) -> Shown | None:
        """The message as in the group."""
        room = f"{self._limits.count(scene.rendition.body)} / {self._limits.text} {self._limits.unit}"
        return show(scene, path, account=self._group, label=self._label, count=room)

    @property
    def first(self) -> str:
        """Where the preview begins."""
        return PAGE


def _code(answer: Mapping[str, object]) -> int:
    """0 is success; an answer without a number is none that tells."""
    code = answer.get("errcode")
    if isinstance(code, bool) or not isinstance(code, (int, str)):
        return -1
    try:
        return int(code)
    except ValueError:
        return -1

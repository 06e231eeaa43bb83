"""What may be wrong with an input or an answer, and how each kind is put to it: one table a kind, `CASES`, in the file of its name.

A case is either played, or its table says why this platform cannot meet it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Any

from PIL import Image as Pictures

from content.deliveries import Status
from content.items import Edition, Image
from tests.builders import an_edition

NAMES = (
    "the token is wrong",
    "the token has expired",
    "the token was revoked",
    "the token lacks the right",
    "our IP is not on the list",
    "the account is banned",
    "the title is too long by one",
    "a picture is too large",
    "a picture is of a wrong type",
    "a picture is none",
    "the answer is HTML",
    "the answer is empty",
    "the answer is half",
    "the answer is in the wrong charset",
    "a success has an error code in it",
)
WRONG = "wr0ng-secret-0123456789abcdef"  #: what somebody typed in the place of a secret


def nothing(_rig: Any) -> None:
    """Leave it as it is."""


def as_it_should(rig: Any) -> None:
    """The far side is well again."""
    rig.mood("fine")


def ordinary(_rig: Any) -> Edition:
    """The edition is not to blame."""
    return an_edition()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """How a case is played, and how the attempt must end."""

    play: Callable[[Any], None] = nothing
    edition: Callable[[Any], Edition] = ordinary
    mend: Callable[[Any], None] | None = as_it_should  #: what a person does about it; None: nothing that a test could play
    status: Status
    shown: int = 0  #: how often it is before the public
    stops: bool = False  #: the rest of the queue would meet the same
    says: str = ""  #: of what staff must read; empty where all went well
    at_desk: bool = False  #: found before sign-off: it cannot be rendered


def cases(kind: str) -> Mapping[str, Bad | str]:
    """The table of a kind; empty if it has none."""
    try:
        table: Mapping[str, Bad | str] = import_module(f"{__name__}.{kind}").CASES
    except ModuleNotFoundError:
        return {}
    return table


def shut(says: str, play: Callable[[Any], None], mend: Callable[[Any], None] | None = as_it_should) -> Bad:
    """Nothing was posted, nor will be before a person has mended the account."""
    return Bad(play=play, mend=mend, status=Status.DEFERRED, stops=True, says=says)


def in_mood(word: str, **ending: Any) -> Bad:
    """The far side has taken it, and answers badly; the answer leaves it in doubt unless `ending` says otherwise."""
    return Bad(play=lambda rig: rig.mood(word), **{"status": Status.UNCONFIRMED, "shown": 1, "says": "不能确定", **ending})


ANSWERS = {
    "the answer is HTML": in_mood("garbles", says="无法解读"),
    "the answer is empty": in_mood("empty answer", says="无法解读"),
    "the answer is half": in_mood("half an answer"),
    "the answer is in the wrong charset": in_mood("wrong charset", status=Status.POSTED, says=""),
}

# -------------------------------------------------------------------------------------------------------------- editions


def one_too_long(rig: Any, **more: str) -> Edition:
    """Of the title field, or where there is none of the whole text, one more than there is room for."""
    limits = rig.channel.limits
    if limits.title is not None:
        return an_edition(title="长" * (limits.title + 1))
    bare: dict[str, Any] = {"summary": "", "body": "", "keywords": (), "category": "", **more}
    taken = limits.count(rig.channel.render(an_edition(title="长", **bare)).body)
    return an_edition(title="长" * (1 + (limits.text - taken) // limits.count("长") + 1), **bare)


def _with_picture(rig: Any, data: bytes, name: str, media_type: str) -> Edition:
    image = Image(name=name, media_type=media_type, size=len(data), sha256=sha256(data).hexdigest(), alt="现场")
    rig.store[image.sha256] = data
    return an_edition(body=f'<p>封闭施工。</p><p><img src="{name}" alt="现场"></p>', images=(image,))


def with_large_picture(rig: Any) -> Edition:
    """Nine million bytes: more than any of our platforms takes."""
    out = io.BytesIO()
    Pictures.new("RGB", (1800, 1700), "#8f1d1d").save(out, "PNG", compress_level=0)
    return _with_picture(rig, out.getvalue(), "现场.png", "image/png")


def with_drawing(rig: Any) -> Edition:
    """A drawing that no platform takes for a picture."""
    return _with_picture(rig, b'<svg xmlns="http://www.w3.org/2000/svg"/>', "示意图.svg", "image/svg+xml")


def with_no_picture(rig: Any) -> Edition:
    """A text that somebody named .jpg."""
    return _with_picture(rig, "不是图片".encode(), "现场.jpg", "image/jpeg")


TOO_LONG = Bad(edition=one_too_long, status=Status.POSTED, shown=1)
PICTURES = {
    "a picture is too large": Bad(edition=with_large_picture, status=Status.POSTED, shown=1),
    "a picture is of a wrong type": Bad(edition=with_drawing, status=Status.REFUSED, at_desk=True, says="请换成 JPEG"),
    "a picture is none": Bad(edition=with_no_picture, status=Status.REFUSED, says="请换成 JPEG 或 PNG 后重新签发"),
}
NO_PICTURES = dict.fromkeys(PICTURES, "a message of words: pictures stay on the page that it links to")

"""What the rigs of practice platforms and of real servers share: the ledger's part in memory, a patient ear, moods."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import requests
from PIL import Image as Pixels

from channels.base import Errand, Outlet, Setting
from channels.sandbox.far_side import FarSide
from content.items import Image
from tests.builders import an_office
from tests.rigs.between import Answer, Between

MORNING = datetime(2024, 6, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
ALL_MOODS = frozenset({
    "fine", "unreachable", "busy", "refuses", "bars", "silent after accepting", "hangs up after accepting", "garbles",
    "fails after accepting", "half an answer", "empty answer", "late commit", "hangs up before accepting"})


class Kept(dict[str, str]):
    """What the ledger keeps of one delivery."""

    def put(self, name: str, value: str) -> None:
        self[name] = value


class Store(dict[str, bytes]):
    """A blob store in memory."""

    def read(self, sha256: str) -> bytes:
        return self[sha256]


def an_image(rig: Any, form: str = "PNG", name: str = "现场 图.png", side: int = 120, alt: str = "封闭路段示意图", *,
             height: int | None = None) -> Image:
    """A picture of noise, which no format makes much smaller, in the rig's store."""
    out = io.BytesIO()
    Pixels.effect_noise((side, height or side), 90).convert("RGB").save(out, form)
    data = out.getvalue()
    image = Image(name=name, media_type=f"image/{form.lower()}", size=len(data), sha256=sha256(data).hexdigest(), alt=alt)
    rig.store[image.sha256] = data
    return image


class Ear(requests.Session):
    """Waits long for every answer, so that a busy machine is not taken for a silent platform; but not where silence is played."""

    def __init__(self) -> None:
        super().__init__()
        self.hasty = False

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        how["timeout"] = (10, 1 if self.hasty else 10)
        return super().send(request, **how)


class Memory:
    """The ledger's part, and the ear that listens to the far side."""

    moods: ClassVar[frozenset[str]] = ALL_MOODS

    def __init__(self) -> None:
        self.ear, self.store = Ear(), Store()
        self._kept: dict[str, Kept] = {}

    def errand(self, key: str, *, at: datetime = MORNING) -> Errand:
        """What the ledger would hand over for that delivery: the same memory at every attempt."""
        return Errand(key=key, at=at, steps=self._kept.setdefault(key, Kept()), blobs=self.store)


class ServerRig(Memory):
    """A channel that posts through `far`, a proxy that fails on command, to a real server of this machine."""

    creates: ClassVar[tuple[str, ...]]  #: the calls that put a post before the public
    said: ClassVar[Mapping[str, Answer]]  #: how the server says busy, bars, refuses
    far: Between

    def mood(self, word: str) -> None:
        """Those that accept first are moods of the calls that put something before the public; the others of every call."""
        self.far.clear()
        self.ear.hasty = word == "silent after accepting"
        if word == "unreachable":
            self.far.stop()
        elif word in self.said and word != "refuses":
            self.far.play(self.said[word])
        elif word != "fine":
            for call in self.creates:
                self.far.play(self.said.get(word, word), call)

    def commit(self) -> None:
        """What was accepted and left lying is done now."""
        self.far.commit()

    def close(self) -> None:
        self.far.stop()
        self.ear.close()


class FarRig(Memory):
    """`channel` posts to `far`; `shown()` is what the public sees there. Each kind says how both are made."""

    secrets: ClassVar[tuple[str, ...]] = ()
    reads_back: ClassVar[bool] = True  #: whether the far side shows the channel what it has taken
    creates: ClassVar[str]  #: the path of the call that puts a post before the public

    def __init__(self, tmp_path: Path, **options: Any) -> None:
        super().__init__()
        self.far = self.a_far_side()
        self.far.start()
        self.channel = self.a_channel(**options)

    def a_far_side(self) -> Any:
        raise NotImplementedError

    def a_channel(self, **options: Any) -> Outlet:
        """As a freshly started process would build it."""
        raise NotImplementedError

    def setting(self, **options: Any) -> Setting:
        """A channel of the sandbox office, pointed at the far side, with its secrets from `secret`."""
        return Setting(name="robot", office=an_office(), home=Path(), secret=self.secret, options={"api": self.far.url, **options})

    def secret(self, name: str) -> str:
        raise NotImplementedError

    def mood(self, word: str) -> None:
        """Those that accept first are moods of the call that puts something before the public; the others of every call."""
        if word == "unreachable":
            self.far.stop()
            return
        self.far.mood("fine")
        self.ear.hasty = word == "silent after accepting"
        self.far.mood(word, "*" if word in ("fine", "busy", "bars") else self.creates)

    def commit(self) -> None:
        """What was accepted and left lying is done now."""
        far: FarSide = self.far
        far.commit()

    def shown(self) -> list[str]:
        """What the public sees, oldest first."""
        raise NotImplementedError

    def close(self) -> None:
        self.far.stop()
        self.ear.close()

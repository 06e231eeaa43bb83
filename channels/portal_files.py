"""Pictures and files of one article on the portal: each sent up once, found again by its name, taken away with the article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from channels.asking import listed
from channels.base import Errand
from channels.errors import PermanentError, TransientError
from channels.pictures import Frame, fitted
from channels.portal_api import Api, code
from channels.portal_codes import FILE_REFUSED, GONE
from channels.remote import Reply
from channels.wording import clip
from content.catalogue import Blobs
from content.items import Attachment, Image

FRAME = Frame(largest=2_000_000, widest=2560)  #: wider ones WordPress makes smaller itself, larger ones many servers refuse
FILE, NOT_TAKEN = "file ", "not taken"  #: the step that keeps where a file stands, by its hash; of one that the portal does not take
ALT = 1000
PAGE = 100  #: files a page, the platform's most
_SUFFIX = re.compile(r"\.[0-9a-z]{1,8}\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A file as it will be sent up."""

    file: Image | Attachment
    data: bytes = field(repr=False)
    suffix: str  #: with its dot, in ASCII; empty for one that is not short and plain
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A file that is there."""

    number: int
    url: str


def load(file: Image | Attachment, blobs: Blobs) -> Load:
    """A file, ready to be sent up; a picture as the portal takes it.

    Raises:
        PermanentError: it is lost, or no picture.
    """
    try:
        data = blobs.read(file.sha256)
    except KeyError:
        raise PermanentError(f"“{file.name}”的文件不在库中（{file.sha256[:12]}），未发布；请重新导入后签发") from None
    if isinstance(file, Image):
        data, suffix = fitted(data, file.name, FRAME)
        return Load(file=file, data=data, suffix=f".{suffix}", media_type="image/jpeg" if suffix == "jpg" else "image/png")
    plain = _SUFFIX.search(file.name.lower())
    return Load(file=file, data=data, suffix=plain.group() if plain else "", media_type=file.media_type)


class Files:
    """Those of one article: `home` is its number, `name` its slug."""

    def __init__(self, api: Api, errand: Errand, *, home: int, name: str) -> None:
        self._api, self._errand, self._home, self._name = api, errand, home, name
        self._listed: list[dict[str, Any]] | None = None

    def place(self, load: Load) -> Placed | None:
        """Where a file stands, sent up if it does not yet; None if the portal takes no such file."""
        step = FILE + load.file.sha256
        if known := self._errand.steps.get(step):
            number, _, url = known.partition(" ")
            return None if known == NOT_TAKEN else Placed(number=int(number), url=url)
        placed = self._found(load) or self._sent_up(load)
        self._errand.steps.put(step, f"{placed.number} {placed.url}" if placed else NOT_TAKEN)
        return placed

    def numbers(self) -> set[int]:
        """Of ours that hang on this article."""
        return {item["id"] for item in self._there() if isinstance(item.get("id"), int)}

    def remove(self, numbers: Iterable[int]) -> None:
        """Take files away for good, so that they are not at their address any more. What is gone already counts as gone."""
        for number in sorted(numbers):
            self._call("DELETE", f"/media/{number}", expect=GONE, params={"force": "true"})

    def _own_name(self, load: Load) -> str:
        return f"{self._name}-{load.file.sha256[:12]}"

    def _found(self, load: Load) -> Placed | None:
        """What was sent up before, and its answer lost, or by an edition before this one. WordPress puts `-2` to a name taken."""
        if self._listed is None:
            self._listed = self._there()
        own = self._own_name(load)
        return next((_placed(item) for item in self._listed if item.get("slug") in (own, f"{own}-2")), None)

    def _sent_up(self, load: Load) -> Placed | None:
        own = self._own_name(load)
        said = {"slug": own, "title": load.file.name, "post": str(self._home)}
        if isinstance(load.file, Image) and load.file.alt:
            said["alt_text"] = clip(load.file.alt, ALT)
        reply = self._call("POST", "/media", expect=FILE_REFUSED, data=load.data, params=said, headers={
            "Content-Type": load.media_type, "Content-Disposition": f'attachment; filename="{quote(own + load.suffix)}"'})
        return None if code(reply) in FILE_REFUSED or reply.status in FILE_REFUSED else _placed(reply.said)

    def _there(self) -> list[dict[str, Any]]:
        """Our files that hang on this article, oldest first. What people at the portal added is theirs."""
        said = self._call("GET", "/media", params={"parent": str(self._home), "per_page": str(PAGE), "orderby": "id", "order": "asc",
                                                   "_fields": "id,slug,source_url"}).said
        return [item for item in listed(said, "门户网站") if str(item.get("slug")).startswith(f"{self._name}-")]

    def _call(self, method: str, path: str, **said: Any) -> Reply:
        return self._api.call(method, path, self._errand.at, **said)


def _placed(item: object) -> Placed:
    number, url = (item.get("id"), item.get("source_url")) if isinstance(item, dict) else (None, None)
    if not isinstance(number, int) or not isinstance(url, str):
        raise TransientError("门户网站收下了文件，但应答里没有它的编号和地址，未发布；稍后会自动再试")
    return Placed(number=number, url=url)

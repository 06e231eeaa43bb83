"""What an office shows of itself on every page: its logo in the header, the official mark of its kind at the foot.

The mark (党政机关网站标识, 事业单位网站标识) is given out by the 机构编制部门 to each site by itself; 国办发〔2017〕47号 wants it at the
bottom, in the middle. Gongkai ships none: a mark that nobody gave out would be a forged one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from content.html import dangers
from content.media import picture_type
from content.offices import Site

LIMIT = 500_000  #: bytes; every page shows them
SVG = "image/svg+xml"
SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", SVG: "svg"}


OF_SVG = frozenset({"<svg>", "<style>"})  #: what no text may hold and every such drawing does, or may
OURS = frozenset(f"site-{what}.{suffix}" for what in ("logo", "mark") for suffix in SUFFIXES.values())  #: every name one may have


class InsigniaError(ValueError):
    """A picture that cannot stand on every page: which, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insignia:
    """A picture of the site itself."""

    what: str  #: logo or mark
    media_type: str
    data: bytes

    @property
    def path(self) -> str:
        """Where it lies, below the root."""
        return f"site-{self.what}.{SUFFIXES[self.media_type]}"

    @property
    def address(self) -> str:
        """How pages ask for it: with a fingerprint, so that a new one is fetched."""
        return f"{self.path}?v={hashlib.sha256(self.data).hexdigest()[:10]}"


def insignia(site: Site, home: Path) -> tuple[Insignia, ...]:
    """The pictures that a site names, read.

    Raises:
        InsigniaError: one is not there, too large, no picture, or an SVG with a program in it.
    """
    return tuple(_read(what, home / name) for what, name in (("logo", site.logo), ("mark", site.mark)) if name)


def _read(what: str, path: Path) -> Insignia:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InsigniaError(f"site.{what}: {path} cannot be read ({error.strerror}); put it there, or leave {what} empty") from None
    if len(data) > LIMIT:
        raise InsigniaError(f"site.{what}: {path} has {len(data):,} bytes; every page shows it, so at most {LIMIT:,} are taken")
    media_type = picture_type(data) or _svg(what, path, data)
    return Insignia(what=what, media_type=media_type, data=data)


def _svg(what: str, path: Path, data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    if "<svg" not in text:
        raise InsigniaError(f"site.{what}: {path} is no PNG, JPEG, GIF, WebP or SVG picture")
    if found := [one for one in dangers(text) if one not in OF_SVG]:
        raise InsigniaError(f"site.{what}: {path} holds {', '.join(dict.fromkeys(found))}; take the program out, or use a PNG")
    return SVG

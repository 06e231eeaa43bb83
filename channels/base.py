"""The contract between the pipeline and a channel. Powers are methods, limits are data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

from channels.accounts import Keyring, Pace, Pocket, Tempo
from content.accounts import Checkup
from content.catalogue import Blobs, Catalogue, Touch
from content.deliveries import News, Posting
from content.items import Attachment, Edition, Image
from content.offices import Office
from content.sightings import Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the channel can carry. Data, so that the desk can show it and tests can hold us to it."""

    title: int | None = None  #: characters of the platform's title field; None: no such limit
    text: int | None = None  #: of the rendition's body, as `count` counts
    count: Callable[[str], int] = len
    unit: str = "字"  #: what `count` counts, as staff call it
    max_images: int | None = None  #: None: as many as the edition has


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """An edition in the words and shape of one channel. Made without touching the world; sealed by the sign-off."""

    body: str
    media_type: str = "text/plain"
    title: str = ""  #: the platform's title field, where it has one
    fields: tuple[tuple[str, str], ...] = ()  #: the platform's other fields, as (name, value)
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a preview is made from: the rendition that would be signed, and the instant at which it would appear."""

    edition: Edition
    rendition: Rendition
    at: datetime  #: aware, in the office's zone
    first_at: datetime | None  #: when the item first came before the public; None: it would now
    blobs: Blobs
    replaces: str = ""  #: the posting on this channel that it would take the place of, by its reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One file of a preview, as a browser is to get it."""

    media_type: str
    data: bytes


class Steps(Protocol):
    """What was learnt on the way (a draft id, a media id), kept by the ledger: `put` returns once it is committed."""

    def get(self, name: str) -> str | None: ...
    def put(self, name: str, value: str) -> None: ...  # raises TakenOverError where the attempt is no longer the one in hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What an outlet is told besides the words: whose delivery it is, when, what was learnt before."""

    key: str  #: the delivery's key: the same at every attempt
    at: datetime  #: the instant of this attempt, aware, in the office's zone
    steps: Steps
    blobs: Blobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a channel is built from: one [[office.channel]] of gongkai.toml."""

    name: str
    office: Office
    home: Path  #: GONGKAI_HOME; relative paths among the options start here
    options: Mapping[str, Any] = field(default_factory=dict)  #: the other keys of the section
    secret: Callable[[str], str] = lambda name: ""  #: the value of an environment variable; empty if unset or blank
    keyring: Keyring = field(default_factory=Pocket)  #: a house gives its own; else tokens live and die with the process
    pace: Pace = field(default_factory=Tempo)


class Channel(Protocol):
    """What every channel can do: say who it is, and put an edition in its own words."""

    kind: ClassVar[str]
    label: ClassVar[str]  #: 渠道类别 in Chinese, for staff and reports

    @property
    def limits(self) -> Limits:
        """What it carries. Of most kinds the same everywhere, so that an attribute of the class will do."""
        ...

    @property
    def name(self) -> str:
        """Its own, among the office's channels. A plain attribute will do; nobody but the channel itself sets it."""
        ...

    @classmethod
    def from_setting(cls, setting: Setting) -> Self:
        """Build from configuration.

        Raises:
            ConfigurationError: names the channel and the key that is missing or wrong.
        """
        ...

    def render(self, edition: Edition) -> Rendition:
        """The edition in this channel's words. Pure: no network, no clock, no disk.

        Raises:
            UnsuitableError: it cannot be made to fit.
        """
        ...


@runtime_checkable
class Surface(Channel, Protocol):
    """页面型: drawn from every live edition. After any history, `redraw` leaves the same bytes as `draw` from nothing."""

    def draw(self, catalogue: Catalogue) -> None:
        """Draw everything anew; files whose bytes stay the same are not touched, strangers are removed."""
        ...

    def redraw(self, catalogue: Catalogue, touched: Sequence[Touch]) -> None:
        """Draw only what these touch. Its cost does not grow with the archive."""
        ...

    def frame(self) -> str:
        """A fingerprint of everything but the catalogue that shapes the bytes: configuration, templates.

        When it changes, only `draw` is right.
        """
        ...


@runtime_checkable
class Outlet(Channel, Protocol):
    """投放型: takes one posting at a time."""

    def post(self, rendition: Rendition, *, errand: Errand) -> Posting:
        """Post once. No retries within: the ledger owns the next try.

        Raises:
            ChannelError: by what is known, see `channels.errors`.
        """
        ...


@runtime_checkable
class Amends(Protocol):
    """Can change what was posted."""

    def amend(self, posting: Posting, rendition: Rendition, *, errand: Errand) -> Posting: ...


@runtime_checkable
class Withdraws(Protocol):
    """Can take back what was posted. What is gone already counts as taken back."""

    def withdraw(self, posting: Posting, *, errand: Errand) -> None: ...


@runtime_checkable
class Replaces(Protocol):
    """Can change nothing that was posted, but may be told to take it back and post the corrected words anew."""

    @property
    def replaces(self) -> bool:
        """Whether the office wants corrections so. Else a person makes them: a posting taken back loses its answers and links."""
        ...


def may_replace(channel: object) -> bool:
    """Whether a correction takes the older posting back and posts anew."""
    return isinstance(channel, Replaces) and channel.replaces


@runtime_checkable
class Finds(Protocol):
    """Can look for what an unconfirmed attempt may have posted."""

    def find(self, *, errand: Errand) -> Posting | None:
        """The posting of that key; None if it is surely not there.

        Raises:
            AmbiguousError: it can't be told yet.
            TransientError: the far side can't be asked now.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that came to the desk's door in a platform's name, as it came."""

    query: Mapping[str, str]
    body: bytes | None = None  #: None: it was a GET, by which platforms ask whether anybody is there


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a channel makes of a call."""

    answer: str  #: what the platform wants to read
    news: News | None = None  #: what the ledger is to keep


@runtime_checkable
class Hears(Protocol):
    """Is told by its platform what became of a delivery: the platform calls the desk, and signs what it says."""

    @property
    def listens(self) -> bool:
        """Whether it was set up to."""
        ...

    def hear(self, call: Call, *, at: datetime) -> Heard:
        """Read a call. What it says is news, not yet known: `find` confirms it.

        Raises:
            UnsignedError: it does not bear the platform's signature, is out of date, or cannot be read.
        """
        ...


@runtime_checkable
class Observes(Protocol):
    """Can look whether the public still sees what was posted. Asks only; changes nothing."""

    def observe(self, posting: Posting, *, errand: Errand) -> Sighting:
        """What the public finds there now.

        Raises:
            ChannelError: the far side can't be asked now, or gave no clear answer. That is no sighting.
        """
        ...


@runtime_checkable
class Weighs(Protocol):
    """Counts more against its room for text than the rendition's body: what it will put in on the far side."""

    def text_units(self, rendition: Rendition) -> int:
        """How much of `limits.text` a rendition takes."""
        ...


@runtime_checkable
class Previews(Protocol):
    """Can show a person what the public will see, before anybody has: the very rendition, in the channel's own dress."""

    def preview_path(self, edition: Edition) -> str:
        """Where the preview begins: the path of a page; what it shows besides stands at paths relative to it."""
        ...

    def show(self, scene: Scene, path: str) -> Shown | None:
        """The file at a path; None if the preview has none there. Nothing is written or sent.

        Raises:
            PermanentError: it cannot be shown, and could not be posted either.
        """
        ...


@runtime_checkable
class Prints(Protocol):
    """Makes sheets of paper, which lie somewhere until a person hangs them."""

    def sheet_pdf(self, ref: str) -> bytes | None:
        """The PDF of a sheet as it lies there, by its number; None if it does not."""
        ...

    def pictures(self, pdf: bytes) -> list[bytes]:
        """Its pages as PNG, for where no PDF is shown; none of a file that is damaged."""
        ...


@runtime_checkable
class Checks(Protocol):
    """Can be asked whether it would work now, without posting anything."""

    def check(self, now: datetime) -> Checkup:
        """What was found well, and until when what lets us in is good.

        Raises:
            ChannelError: it would not work now; the message says what to do.
        """
        ...

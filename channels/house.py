"""The house, opened: gongkai.toml, the offices it describes, their channels built."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from channels.accounts import Keyring, Pace, Pocket, Tempo
from channels.base import Outlet, Setting, Surface
from channels.errors import ConfigurationError
from channels.registry import build
from channels.typesetting import SetsType, Typesetter, typesetter
from content.configuration import ChannelSection, ConfigurationFault, OfficeSection, read
from content.deliveries import RouteAsked
from content.index_numbers import address
from content.offices import Office
from content.rules import routed

CONFIGURATION = "gongkai.toml"


class HouseError(Exception):
    """The house cannot be opened. Each line names a place in gongkai.toml and what to write there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHand:
    """One office and its channels, ready to work. Surfaces come first, in the order of the configuration."""

    office: Office
    sections: Mapping[str, ChannelSection]
    surfaces: Mapping[str, Surface]
    outlets: Mapping[str, Outlet]
    follows: Mapping[str, str]

    def channel(self, name: str) -> Surface | Outlet:
        """A channel by its name."""
        return self.surfaces.get(name) or self.outlets[name]

    @property
    def setter(self) -> Typesetter:
        """Whoever sets the office's type: with the fonts of its board, where that has some of its own."""
        return next((one.setter for one in self.outlets.values() if isinstance(one, SetsType)), None) or typesetter()

    def carried(self, asked: Iterable[str]) -> tuple[str, ...]:
        """The channels of an item that is asked onto some: those, and whatever follows one of them."""
        return routed(asked, self.follows)

    def routes(self, channels: Iterable[str], *, release_at: datetime | None) -> list[RouteAsked]:
        """Where an edition goes and when, as the ledger wants to be told."""
        return [RouteAsked(channel=name, kind=self.sections[name].kind, surface=name in self.surfaces, release_at=release_at)
                for name in channels]

    def link(self, index_number: str, channels: Iterable[str]) -> str:
        """Where the public reads an item on the office's site; empty if none of these channels is one."""
        shown = any(self.sections[name].kind == "website" for name in channels)
        return f"{self.office.site.home}/{address(index_number)}.html" if shown else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything one gongkai.toml describes."""

    home: Path
    desks: Mapping[str, OfficeHand]

    def desk(self, office: str | None) -> OfficeHand:
        """An office by its code; the only one where none is named.

        Raises:
            HouseError: there is none of that code, or several to choose from.
        """
        if office is None and len(self.desks) == 1:
            return next(iter(self.desks.values()))
        known = ", ".join(self.desks)
        if office is None:
            raise HouseError(f"several offices are described in {self.home / CONFIGURATION}: {known}; name one with --office")
        if office not in self.desks:
            raise HouseError(f"no office {office!r} in {self.home / CONFIGURATION}; it describes {known}")
        return self.desks[office]


def configuration(home: Path) -> tuple[OfficeSection, ...]:
    """The offices that a home folder's gongkai.toml describes.

    Raises:
        HouseError: there is no such file, it is no TOML, or what it says does not hold.
    """
    path = home / CONFIGURATION
    try:
        return read(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise HouseError(f"{path} is not there; `gongkai init` writes one to start from, or name the folder with --home") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HouseError(f"{path} is no proper TOML in UTF-8: {error}") from error
    except ConfigurationFault as error:
        raise HouseError("\n".join(f"{path}: {fault}" for fault in error.faults)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Where a house keeps what its accounts have besides their secrets. As it is: in this process alone, for rehearsals and tests."""

    keyring: Keyring = field(default_factory=Pocket)
    pace: Pace = field(default_factory=Tempo)


def open_house(home: Path, *, overrides: Mapping[str, Mapping[str, Any]] | None = None, accounts: Accounts | None = None) -> House:
    """Open the house: read the configuration, build every channel.

    `overrides`: options by channel name that stand before the file's; a rehearsal points a channel at its sandbox so.
    `accounts`: what all its channels share; a house that several processes work in gives the ledger's.

    Raises:
        HouseError: something in the configuration does not hold; all channels' faults are named together.
    """
    faults: list[str] = []
    shared = accounts or Accounts()
    desks = {section.office.code: _desk(section, home, overrides or {}, shared, faults) for section in configuration(home)}
    if faults:
        raise HouseError("\n".join(f"{home / CONFIGURATION}: {fault}" for fault in faults))
    return House(home=home, desks=desks)


def _desk(section: OfficeSection, home: Path, overrides: Mapping[str, Mapping[str, Any]], accounts: Accounts,
          faults: list[str]) -> OfficeHand:
    surfaces: dict[str, Surface] = {}
    outlets: dict[str, Outlet] = {}
    for channel in section.channels:
        options = {**channel.options, **overrides.get(channel.name, {})}
        try:
            built = build(Setting(name=channel.name, office=section.office, home=home, options=options, secret=_secret,
                                  keyring=accounts.keyring, pace=accounts.pace), channel.kind)
        except ConfigurationError as error:
            faults.append(f"office {section.office.code}: {error}")
            continue
        if isinstance(built, Surface):
            surfaces[channel.name] = built
        else:
            outlets[channel.name] = built
    return OfficeHand(office=section.office, sections={one.name: one for one in section.channels}, surfaces=surfaces, outlets=outlets,
                follows=section.follows)


def _secret(name: str) -> str:
    """Without the line break that whatever wrote it into the environment left at its end; nothing but blanks is nothing."""
    return os.environ.get(name, "").strip()

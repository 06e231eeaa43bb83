"""Reading a channel's section of gongkai.toml: whatever is wrong is named by channel and key."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from channels.base import Setting
from channels.errors import ConfigurationError


class Corrections(StrEnum):
    """What a correction means where nothing that was posted can be changed. Docs: decision 0015."""

    BY_HAND = "by_hand"  #: a person makes it: what is taken back loses its answers, shares and links
    REPLACE = "replace"  #: the older posting is taken back, then the corrected words are posted, with what was corrected


class Options:
    """Reads a section.

    Raises, in every method:
        ConfigurationError: names the channel and the key that is missing or wrong.
    """

    def __init__(self, setting: Setting) -> None:
        self._name, self._options = setting.name, setting.options

    def wrong(self, key: str, problem: str) -> ConfigurationError:
        """What to raise for a key."""
        return ConfigurationError(f"channel {self._name!r}: {key} {problem}")

    def only(self, known: Iterable[str]) -> None:
        """Refuse keys that the channel does not know: a word mistyped must not pass for one left out."""
        known = sorted(known)
        for key in self._options:
            if key not in known:
                raise self.wrong(key, f"is unknown; known are {', '.join(known)}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there."""
        value = self._options.get(key, default)
        if value is None or (value == "" and default is None):
            raise self.wrong(key, "is missing")
        if not isinstance(value, str):
            raise self.wrong(key, f"is {value!r}, not a text")
        return value

    def choice(self, key: str, words: type[StrEnum], default: str) -> str:
        """One of some words."""
        value = self.text(key, default)
        if value not in list(words):
            raise self.wrong(key, f"is {value!r}; known are {', '.join(words)}")
        return value

    def switch(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        value = self._options.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, f"is {value!r}; say true or false")
        return value

    def number(self, key: str, default: float) -> float:
        """A number of seconds or minutes, up to a day of seconds."""
        return self._positive(key, self._options.get(key, default))

    def numbers(self, key: str, default: tuple[float, ...]) -> tuple[float, ...]:
        """One to six waits in seconds."""
        value = self._options.get(key, default)
        if not isinstance(value, (list, tuple)) or not 0 < len(value) <= 6:
            raise self.wrong(key, f"is {value!r}; list one to six waits in seconds")
        return tuple(self._positive(key, one) for one in value)

    def _positive(self, key: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 24 * 3600:
            raise self.wrong(key, f"is {value!r}, not a number from 0 to 86400")
        return float(value)

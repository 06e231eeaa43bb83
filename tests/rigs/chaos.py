"""The chaos proxy: a network and a server that fail by lot, between an adapter and any far side. What it plays is `between.MOODS`, and two more."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tests.rigs.between import Answer, Between, Call

#: what is played, by lot; each as likely as the next
FAULTS = ("refuses", "slams", "resets", "hangs up before accepting", "silent before accepting", "late commit", "silent after accepting",
          "hangs up after accepting", "answers too late", "half an answer", "empty answer", "garbles", "fails after accepting",
          "times out behind us", "twice")
#: until which a caller has to wait by its own clock
SILENT = frozenset({"silent before accepting", "silent after accepting", "answers too late"})


class Draws(Protocol):
    """What is to come."""

    def draw(self) -> str:
        """How the next call is met: one of FAULTS, or fine."""
        ...


@dataclass(slots=True, kw_only=True)
class Plan:
    """What is still to come: at this rate, and no more than so many in all, so that every delivery ends."""

    lot: random.Random
    rate: float  #: of the calls that are met by a fault
    most: int

    def draw(self) -> str:
        if self.most <= 0 or self.lot.random() >= self.rate:
            return "fine"
        self.most -= 1
        return self.lot.choice(FAULTS)


class Ear(Protocol):
    """Who calls, as far as it is told of silence: it need not wait as long for it as a busy machine may take for an answer."""

    def expect(self, *, silence: bool) -> None:
        """Whether the next call meets silence."""
        ...

    def silent(self) -> None:
        """Nothing more will be said or done about the call under way."""
        ...


class Chaos(Between):
    """Draws in advance how the next call will be met. `played` counts what was, by fault and call.

    `repeatable` says which calls may be delivered twice: those that the far side itself, by its documents, takes for one. A network that
    doubles any other is beyond every client's power, and its fault is played as an answer that is lost.
    """

    def __init__(self, server: str, *, repeatable: Callable[[Call], bool], silence: float = 0.6, ear: Ear | None = None) -> None:
        super().__init__(server, silence=silence)
        self.played: Counter[tuple[str, str]] = Counter()
        self._repeatable, self._ear = repeatable, ear
        self._plan: Draws | None = None
        self._next = "fine"

    def begin(self, plan: Draws | None) -> None:
        """Listen, and from now on fail by this plan; without one, pass everything on."""
        self._plan = plan
        self.start()
        self._draw()

    def how(self, call: Call) -> str | Answer:
        met, mood = self._next, super().how(call)
        self._draw()
        if met == "fine":
            return mood
        if met == "slams":  # the line was open already
            met = "resets"
        if met == "twice" and not self._repeatable(call):
            met = "hangs up after accepting"
        self.played[met, call.name] += 1
        return met

    def hush(self) -> None:
        if self._ear:
            self._ear.silent()
        super().hush()

    def slams(self) -> bool:
        if self._next != "slams":
            return False
        self.played["slams", ""] += 1
        self._next = "fine"  # nothing is drawn here: on the listening thread nobody can stop listening
        return True

    def _draw(self) -> None:
        self._next = self._plan.draw() if self._plan else "fine"
        if self._ear:
            self._ear.expect(silence=self._next in SILENT)
        if self._next == "refuses":
            self.played["refuses", ""] += 1
            self.leave()

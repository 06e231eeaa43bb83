"""What the tasks of a flow came to: one that failed in an unforeseen way stops no other, and the flow says so once all had their turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

R = TypeVar("R")


@dataclass(slots=True)
class Gathered(Generic[R]):
    """The results of one kind, in order, and what failed."""

    kind: type[R]
    found: list[R] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, tasks: Iterable[tuple[str, Any]]) -> None:
        """Wait for tasks, given as (channel, future)."""
        for name, future in tasks:
            ended = future.result(raise_on_failure=False)
            if isinstance(ended, self.kind):
                self.found.append(ended)
            else:
                self.failures.append(f"channel {name}: {ended}")

    def complain(self) -> None:
        """Say what failed.

        Raises:
            RuntimeError: something did.
        """
        if self.failures:
            raise RuntimeError("; ".join(self.failures))

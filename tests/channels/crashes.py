"""A process that ends at a step: the ledger's memory of one delivery, with a death in it."""

from __future__ import annotations

from tests.channels.rigs.far import Kept


class Killed(BaseException):
    """The process ends here."""


class Mortal(Kept):
    """Ends the process before or after the n-th thing it is to keep; lives on once that has happened."""

    def __init__(self, n: int, *, after: bool) -> None:
        super().__init__()
        self.n, self.after = n, after

    def put(self, name: str, value: str) -> None:
        self.n -= 1
        if self.n == 0 and not self.after:
            raise Killed
        super().put(name, value)
        if self.n == 0:
            raise Killed

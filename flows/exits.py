"""How commands end, and how they speak."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes a scheduler can use."""

    DONE = 0  #: everything asked for was done
    PERSON = 1  #: the rest was done, but something was refused, held back or is in doubt: a person has to look
    USAGE = 2  #: the command or the configuration is wrong; nothing was done
    LATER = 75  #: nothing is wrong, but something has to be tried again later (EX_TEMPFAIL)


def plain(text: str) -> str:
    """Text as it is: square brackets of data are no mark-up of the terminal."""
    return text.replace("[", r"\[")

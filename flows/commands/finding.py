"""What `gongkai doctor` found of one thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    what: str
    well: bool
    detail: str
    advice: str = ""
    grave: bool = True  #: whether it has to be mended before all is well; of what is merely advised the exit code says nothing

"""What a door refuses on purpose."""

from __future__ import annotations


class Refusal(Exception):
    """A request of the operator that cannot be met; the message says why and what to do."""

"""Doing what a person asked for: what the house refuses becomes a sentence in their language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse

from content.media import FileError
from content.rules import RuleError
from desk.access import Seat
from desk.words import said
from ledger.errors import LedgerError


def refusal(work: Callable[[], Any]) -> str:
    """Why it was not done, for whoever asked; empty where it was."""
    try:
        work()
    except (LedgerError, RuleError) as error:
        return said(error)
    except FileError as error:  # says it in Chinese by itself
        return str(error)
    return ""


class SeeOther(HttpResponseRedirect):
    """Lead on to a page to be read, so that loading it again does nothing again."""

    status_code = 303


def then(name: str, seat: Seat, **words: Any) -> SeeOther:
    """Lead on to a page of the seat's office."""
    return SeeOther(reverse(name, kwargs={"office": seat.office, **words}))

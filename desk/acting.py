"""Doing what a person asked for: what the house refuses becomes a sentence in their language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
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


def then(name: str, seat: Seat, **words: Any) -> HttpResponse:
    """Lead on to a page of the seat's office, to be read: 303, so that loading it again does nothing again."""
    return HttpResponse(status=303, headers={"Location": reverse(name, kwargs={"office": seat.office, **words})})

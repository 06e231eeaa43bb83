"""The desk's menu: what a person with these roles finds there, in the order of a working day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.roles import READERS, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the menu."""

    name: str  #: of the address, without the office
    label: Promise  #: said in the language of the request
    roles: frozenset[Role]


MENU = (
    Entry(name="today", label=_("今日"), roles=READERS),
    Entry(name="write", label=_("起草"), roles=frozenset({Role.CLERK})),
    Entry(name="reviews", label=_("审查"), roles=frozenset({Role.REVIEWER})),
    Entry(name="signatures", label=_("签发"), roles=frozenset({Role.SIGNER})),
    Entry(name="deliveries", label=_("投递"), roles=frozenset({Role.OPERATOR, Role.CLERK, Role.DISTRICT})),
    Entry(name="channels", label=_("渠道"), roles=frozenset({Role.OPERATOR, Role.CLERK, Role.SIGNER, Role.DISTRICT})),
    Entry(name="board", label=_("张贴"), roles=frozenset({Role.CLERK, Role.OPERATOR, Role.DISTRICT})),
    Entry(name="book", label=_("台账"), roles=READERS),
    Entry(name="reports", label=_("年报"), roles=frozenset({Role.CLERK, Role.REPORTER, Role.SIGNER, Role.DISTRICT})),
    Entry(name="audit", label=_("日志"), roles=frozenset({Role.OPERATOR, Role.REPORTER, Role.SIGNER, Role.DISTRICT})),
)


def menu(roles: Iterable[Role]) -> list[Entry]:
    """The entries for somebody with these roles."""
    held = set(roles)
    return [entry for entry in MENU if entry.roles & held]

"""The life of an edition in the order in which it was lived: who did what, when, with which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.words import VERDICTS
from ledger.queries import EditionRecord

JUSTIFIED: dict[str, Promise] = {
    "masked": gettext_lazy("一键遮盖"), "justified": gettext_lazy("说明检查结果可以公开"),
    "confirmed": gettext_lazy("确认涉密标志可以公开"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One thing that somebody did to an edition."""

    at: datetime
    by: str  #: empty: by the system
    what: str
    about: str = ""  #: what of the edition it was about
    words: str = ""  #: the reason, as it was written
    seal: str = ""  #: over what was reviewed or signed
    renditions: tuple[tuple[str, str], ...] = ()  #: of a signature: channel and seal of what goes there


def traces(record: EditionRecord) -> list[Trace]:
    """All of it, oldest first."""
    found = [Trace(at=record.drafted_at, by=record.drafter, what=_("起草更正") if record.edition.number > 1 else _("起草"),
                   words=record.edition.change_note)]
    if record.saved_at > record.drafted_at:
        found.append(Trace(at=record.saved_at, by=record.drafter, what=_("最后一次修改")))
    found += [Trace(at=one.at, by=one.by, what=str(JUSTIFIED.get(one.kind, one.kind)), about=f"{one.label} · {one.place}", words=one.reason)
              for one in record.justifications]
    found += [Trace(at=one.at, by=one.by, what=str(VERDICTS.get(one.verdict, one.verdict)), words=one.reason, seal=one.seal)
              for one in record.reviews]
    signed = _("急件签发（先签发后审查）") if record.urgent else _("签发")
    found += [Trace(at=one.at, by=one.by, what=signed, words=record.urgent_reason, seal=one.seal,
                    renditions=tuple(sorted(one.renditions.items()))) for one in record.sign_offs]
    if record.released_at:
        found.append(Trace(at=record.released_at, by="", what=_("公开")))
    return sorted(found, key=lambda one: one.at)  # stable: of one instant, as the steps follow each other

"""The words of a report's part, as a form: begun from last year's, with numbers as references, and nothing lost when two people write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from content.seals import seal
from desk.access import Seat
from desk.reporting import unknown
from desk.words import said
from ledger import queries, services
from ledger.errors import LedgerError, StaleError
from ledger.queries import TextLine
from reports.forms import FormError
from reports.forms.reading import named
from reports.forms.values import Form, Part
from reports.making import Asked

TEXT, SEEN = "text", "seen"  #: fields: what is typed, and the seal of what stood there


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a part says before anybody types."""

    own: str  #: the form's words
    kept: TextLine | None  #: as somebody edited them for this report
    last: TextLine | None  #: … for the last earlier one; looked for where nobody has for this one

    @property
    def text(self) -> str:
        """What the form is begun from: an earlier report's words where this one has none of its own yet."""
        line = self.kept or self.last
        return self.own if line is None else line.text

    @property
    def settled(self) -> str | None:
        """What needs no keeping. Words of an earlier report do, as they are: so it is known that somebody looked at them for this one."""
        if self.kept:
            return self.kept.text
        return self.own if self.last is None else None

    @property
    def seen(self) -> str:
        """The seal of what was kept; empty for nothing."""
        return seal(self.kept.text) if self.kept else ""


@dataclass(slots=True, kw_only=True)
class Written:
    """What came of words that were sent."""

    text: str
    wrong: str = ""
    saved: bool = False
    seen: str | None = None  #: the seal that the form was opened with, where it is only looked at
    meanwhile: TextLine | None = None  #: what somebody else kept since the form was opened


def standing(asked: Asked, part: Part) -> Standing:
    """What a part says now, and who said it."""
    office = asked.office.code
    kept = queries.texts(office=office, form=asked.form, year=asked.year, part=part.id, period=asked.period)
    last = None if kept else queries.text_before(office=office, form=asked.form, year=asked.year, part=part.id, period=asked.period)
    return Standing(own=part.text.strip(), kept=kept[-1] if kept else None, last=last)


def typed(sent: Mapping[str, str]) -> str | None:
    """The words that were sent, as lines of a text; None where the form had none."""
    return "\n".join(sent[TEXT].splitlines()).strip() if TEXT in sent else None


def keep(seat: Seat, asked: Asked, form: Form, part: Part, sent: Mapping[str, str]) -> Written | None:
    """Keep the words of a form where they are others than before. None where it had no words."""
    text, now = typed(sent), standing(asked, part)
    if text is None:
        return None
    written = Written(text=text, wrong=refusal(text, form))
    if text == now.settled:
        written.wrong = ""
    elif sent.get(SEEN) and seal(text) == sent[SEEN]:
        return None  # nobody touched it here; what others wrote since stands
    elif now.kept is not None and sent.get(SEEN, "") != now.seen:
        written.meanwhile = now.kept
    elif not written.wrong:
        try:
            services.keep_text(office=seat.office, form=asked.form, year=asked.year, period=asked.period, part=part.id, text=text,
                               by=seat.person, at=seat.at, seen=now.seen)
            written.saved = True
        except StaleError:  # somebody was quicker, since we looked
            written.meanwhile = standing(asked, part).kept
        except LedgerError as error:
            written.wrong = said(error, seat.hand)
    return written


def refusal(text: str, form: Form) -> str:
    """Why a text cannot be kept, for whoever wrote it; empty where it can."""
    try:
        for _word in named(text):
            pass
    except FormError:
        return _("花括号没有成对：引用写成 {items} 这样；要写花括号本身，请写两个。")
    word = unknown(text, form)
    if word is None:
        return ""
    return _("“{%(word)s}”不是这份报告里的数，没有保存；可以引用的见“可以引用的数”，引用写错的请改正，多余的请删去。") % {"word": word}

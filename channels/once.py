"""At most once, for platforms that neither know a repeated request nor show what they have taken.

The intent is written down before the call. An intent without an answer is a person's case: only one who has looked there,
and said so in the ledger, has it sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from channels.base import Errand
from channels.errors import AmbiguousError, PermanentError, TakenOverError, TransientError
from content.deliveries import AGAIN, Posting

SENDING, SENT, ADDRESS = "sending", "sent", "address"


def at_most_once(errand: Errand, send: Callable[[], Posting]) -> Posting:
    """What was posted before, or what `send` posts now.

    Raises:
        AmbiguousError: an earlier request may have been taken, and nobody has looked since.
        ChannelError: what `send` raises.
    """
    if known := recall(errand):
        return known
    errand.steps.put(SENDING, errand.at.isoformat())
    try:
        posting = send()
    except (TransientError, PermanentError):
        errand.steps.put(SENDING, "")  # surely not taken
        raise
    with suppress(TakenOverError):  # it is out all the same, and the ledger hears of it by this answer
        keep(errand, posting)
    return posting


def recall(errand: Errand) -> Posting | None:
    """What became of a delivery, as far as what was written down can tell; None if nothing was ever sent, or surely not taken.

    Raises:
        AmbiguousError: a request may have been taken, and nobody has looked since.
    """
    if known := sent(errand):
        return known
    if in_doubt(errand):
        raise _doubt(errand)
    return None


def sent(errand: Errand) -> Posting | None:
    """What this delivery is known to have posted."""
    ref = errand.steps.get(SENT)
    return Posting(ref=ref, url=errand.steps.get(ADDRESS) or None) if ref else None


def keep(errand: Errand, posting: Posting) -> None:
    """Write down what was posted, its name last: it alone says that the rest is there."""
    if posting.url:
        errand.steps.put(ADDRESS, posting.url)
    errand.steps.put(SENT, posting.ref)


def in_doubt(errand: Errand) -> bool:
    """Whether a request went out of which nobody knows what became, and nobody has looked since."""
    began, again = errand.steps.get(SENDING), errand.steps.get(AGAIN)
    return bool(began) and not (again and datetime.fromisoformat(again) >= datetime.fromisoformat(str(began)))


def _doubt(errand: Errand) -> AmbiguousError:
    when = f"{datetime.fromisoformat(errand.steps.get(SENDING) or ''):%m-%d %H:%M}"
    return AmbiguousError(f"{when} 发送后没有收到应答，不能确定是否已发出；请到该渠道查看后登记结果，系统不会自动重发")

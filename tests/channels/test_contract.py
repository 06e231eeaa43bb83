"""What every channel promises. A channel in the registry is under this contract; it cannot opt out.

Its rig names the moods its far side is capable of (a folder is never busy); each is held to what it may end in.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import Any

import pytest

from channels.base import Amends, Finds, Limits, Outlet, Setting, Surface, Withdraws
from channels.errors import ConfigurationError, UnsuitableError
from channels.registry import KINDS, build
from content.deliveries import Action, Delivery, Outcome, Status
from flows.dispatch import carry, look
from tests.builders import an_edition, an_office
from tests.channels.rigs import rig_of, variants

EVERYTHING = [variant for kind in sorted(KINDS) for variant in variants(kind)]
OUTLETS = [variant for variant in EVERYTHING if hasattr(KINDS[variant.partition("@")[0]], "post")]
AWKWARD = {
    "ordinary": an_edition(),
    "a long title": an_edition(title="长" * 400),
    "markup and odd signs": an_edition(title="<b>&amp; \u202eabc #set $x$ \\ @everyone", summary=""),
    "a long text": an_edition(body="<p>" + "文" * 12_000 + "</p>"),
    "an enormous text": an_edition(body="<p>" + "文字。" * 200_000 + "</p>"),
    "nothing but a title": an_edition(body="", summary="", category="", link="", keywords=()),
    "tables in lists in quotes": an_edition(body="<blockquote><ul><li><p>甲</p><table><tr><td>乙<ol><li>丙</li></ol></td></tr></table></li></ul></blockquote>"),
}


@dataclass(frozen=True)
class Ending:
    """How an attempt in some mood of the far side ends."""

    status: Status
    shown: int
    stops: bool | None = False  #: None: as the channel sees fit


MOODS = {
    "unreachable": Ending(Status.DEFERRED, 0),
    "busy": Ending(Status.DEFERRED, 0, stops=None),  # some platforms then have no room for the rest of the queue either
    "refuses": Ending(Status.REFUSED, 0),
    "bars": Ending(Status.DEFERRED, 0, stops=True),
    "silent after accepting": Ending(Status.UNCONFIRMED, 1),
    "hangs up after accepting": Ending(Status.UNCONFIRMED, 1),
    "garbles": Ending(Status.UNCONFIRMED, 1),
    "fails after accepting": Ending(Status.UNCONFIRMED, 1),
    "half an answer": Ending(Status.UNCONFIRMED, 1),
    "empty answer": Ending(Status.UNCONFIRMED, 1),
    "hangs up before accepting": Ending(Status.UNCONFIRMED, 0),
    "late commit": Ending(Status.UNCONFIRMED, 0),
}


def _moods(variant: str) -> frozenset[str]:
    moods: frozenset[str] = rig_of(variant.partition("@")[0]).moods
    return moods


PAIRS = [pytest.param(kind, mood, id=f"{kind}-{mood}") for kind in OUTLETS for mood in MOODS if mood in _moods(kind)]
DOUBTS = [pytest.param(kind, mood, id=f"{kind}-{mood}") for kind in OUTLETS for mood, ending in MOODS.items()
          if ending.status is Status.UNCONFIRMED and mood in _moods(kind)]
every_kind = pytest.mark.parametrize("kind", EVERYTHING)
every_outlet = pytest.mark.parametrize("kind", OUTLETS)


def a_delivery(rig: Any, action: Action = Action.PUBLISH, **more: Any) -> Delivery:
    return Delivery(channel=rig.channel.name, action=action, edition=an_edition(), **more)


def attempt(rig: Any, delivery: Delivery) -> Outcome:
    """One attempt, with what the ledger remembers of the ones before."""
    return carry(rig.channel, delivery, rig.channel.render(delivery.edition), rig.errand(delivery.key))


# ------------------------------------------------------------------------------------------------------- every channel


@every_kind
def test_is_exactly_one_of_surface_and_outlet(kind, a_rig):
    channel = a_rig(kind).channel
    assert isinstance(channel, Surface) != isinstance(channel, Outlet)


@every_kind
def test_declares_itself(kind, a_rig):
    channel = a_rig(kind).channel
    assert type(channel) is KINDS[channel.kind]
    assert isinstance(channel.limits, Limits)
    assert channel.label
    assert channel.name


@every_kind
@pytest.mark.parametrize("case", AWKWARD)
def test_renders_within_its_limits_with_the_trace_or_says_what_does_not_fit(kind, case, a_rig):
    """Index number always; what does not fit is found here, before sign-off, and the writer is told why."""
    channel, edition = a_rig(kind).channel, AWKWARD[case]
    told = ""
    try:
        rendition = channel.render(edition)
    except UnsuitableError as error:
        rendition, told = None, str(error)
    if rendition is None:
        assert case != "ordinary"
        assert len(told) > 10
        return
    limits = channel.limits
    assert edition.index_number in rendition.body
    assert limits.text is None or limits.count(rendition.body) <= limits.text
    assert limits.title is None or limits.count(rendition.title) <= limits.title
    assert limits.max_images is None or len(rendition.images) <= limits.max_images


@every_kind
def test_renders_the_same_twice(kind, a_rig):
    """What is sealed at sign-off must come out again on another day, in another process."""
    assert a_rig(kind).channel.render(an_edition()) == a_rig(kind).channel.render(an_edition())


@every_kind
def test_renders_another_edition_otherwise(kind, a_rig):
    """A correction is never sealed as what it corrects."""
    channel = a_rig(kind).channel
    assert channel.render(an_edition()) != channel.render(an_edition(number=2, change_note="时间更正为6月30日。"))


def test_refuses_a_kind_nobody_wrote(tmp_path):
    with pytest.raises(ConfigurationError, match=r"'hall'.*'telegraph'"):
        build(Setting(name="hall", office=an_office(), home=tmp_path), "telegraph")


# -------------------------------------------------------------------------------------------------------- every outlet


@every_outlet
def test_posts_once(kind, a_rig):
    """Posted means: the channel's own name for it is known, and the public, or a person who shall show it, has it."""
    rig = a_rig(kind)
    outcome = attempt(rig, a_delivery(rig))
    assert outcome.posting is not None
    assert outcome.posting.ref
    assert outcome.status is (Status.POSTED if outcome.posting.live else Status.BY_HAND)
    assert len(rig.shown()) == 1


@every_outlet
def test_posting_again_adds_nothing(kind, a_rig):
    """The same delivery, the same thing: whoever forgot to write down the end may go through it again."""
    rig = a_rig(kind)
    first, second = attempt(rig, a_delivery(rig)), attempt(rig, a_delivery(rig))
    assert first.posting is not None
    assert second.posting is not None
    assert first.posting.ref == second.posting.ref
    assert len(rig.shown()) == 1


@pytest.mark.parametrize(("kind", "mood"), PAIRS)
def test_sorts_failures_by_what_they_tell(kind, mood, a_rig):
    rig, expected = a_rig(kind), MOODS[mood]
    rig.mood(mood)
    outcome = attempt(rig, a_delivery(rig))
    assert (outcome.status, len(rig.shown())) == (expected.status, expected.shown)
    assert expected.stops is None or outcome.stops_channel == expected.stops
    assert outcome.detail, "staff are told what happened"


@pytest.mark.parametrize(("kind", "mood"), DOUBTS)
def test_never_shows_twice_what_was_in_doubt(kind, mood, a_rig):
    """Trying again after silence may find, or stay in doubt; it never adds."""
    rig = a_rig(kind)
    rig.mood(mood)
    attempt(rig, a_delivery(rig))
    rig.mood("fine")
    attempt(rig, a_delivery(rig))
    if mood == "late commit":
        rig.commit()
        attempt(rig, a_delivery(rig))
    assert len(rig.shown()) <= 1


@pytest.mark.parametrize(("kind", "mood"), DOUBTS)
def test_finds_what_it_may_have_posted(kind, mood, a_rig):
    """What cannot be seen there stays in doubt."""
    rig = a_rig(kind)
    able = isinstance(rig.channel, Finds) and getattr(rig, "reads_back", True)
    delivery = a_delivery(rig)
    rig.mood(mood)
    attempt(rig, delivery)
    rig.mood("fine")
    if mood == "late commit":
        rig.commit()
    outcome = look(rig.channel, delivery, rig.errand(delivery.key))
    shown = 0 if mood == "hangs up before accepting" else 1
    assert (outcome.status, len(rig.shown())) == (Status.POSTED if able and shown else Status.UNCONFIRMED, shown)


@every_outlet
def test_says_that_it_is_not_there_when_nothing_was_tried(kind, a_rig):
    rig = a_rig(kind)
    able = isinstance(rig.channel, Finds)
    if able:
        assert look(rig.channel, a_delivery(rig), rig.errand(a_delivery(rig).key)).status is Status.DEFERRED


def _withdraws(rig: Any) -> bool:
    """Whether this channel can, on this server."""
    return isinstance(rig.channel, Withdraws) and getattr(rig, "withdraws", True)


@every_outlet
def test_withdraws_or_hands_over(kind, a_rig):
    rig = a_rig(kind)
    posting = attempt(rig, a_delivery(rig)).posting
    outcome = attempt(rig, a_delivery(rig, Action.WITHDRAW, posting=posting))
    able = _withdraws(rig)
    assert (outcome.status, bool(rig.shown())) == ((Status.POSTED, False) if able else (Status.BY_HAND, True))


@every_outlet
def test_withdraws_twice_without_complaint(kind, a_rig):
    rig = a_rig(kind)
    posting = attempt(rig, a_delivery(rig)).posting
    endings = {attempt(rig, a_delivery(rig, Action.WITHDRAW, posting=posting)).status for _ in range(2)}
    assert endings == {Status.POSTED if _withdraws(rig) else Status.BY_HAND}


@every_outlet
def test_corrects_or_hands_over(kind, a_rig):
    rig = a_rig(kind)
    posting = attempt(rig, a_delivery(rig)).posting
    outcome = attempt(rig, a_delivery(rig, Action.CORRECT, posting=posting))
    assert outcome.status in ((Status.POSTED, Status.BY_HAND) if isinstance(rig.channel, Amends) else (Status.BY_HAND,))
    assert outcome.posting is not None


@pytest.mark.parametrize(("kind", "mood"), PAIRS)
def test_never_tells_a_secret(kind, mood, a_rig):
    """Not to staff, not in a report of a fault, not when the channel itself is printed."""
    rig = a_rig(kind)
    rig.mood(mood)
    delivery = a_delivery(rig)
    channel = rig.channel
    told = attempt(rig, delivery).detail + repr(channel) + repr([getattr(channel, name, "") for name in dir(channel)])
    try:
        channel.post(channel.render(delivery.edition), errand=rig.errand(delivery.key))
    except Exception as error:  # noqa: BLE001  # whatever it is, it must not tell
        told += "".join(traceback.format_exception(error)) + repr(error.__cause__) + repr(error.__context__)
    assert not [secret for secret in getattr(rig, "secrets", ()) if secret in told]


@every_outlet
def test_refuses_an_errand_of_another_delivery(kind, a_rig):
    rig = a_rig(kind)
    delivery = a_delivery(rig)
    with pytest.raises(ValueError, match="came with the delivery"):
        carry(rig.channel, delivery, rig.channel.render(delivery.edition), rig.errand("another#1:publish@board"))
    assert not rig.shown()

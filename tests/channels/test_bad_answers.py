"""A bad answer to a question is no answer: nothing is taken for refused, for not there or for gone because of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from channels.errors import AmbiguousError, ChannelError
from channels.registry import KINDS
from content.deliveries import Action, Delivery, Status
from flows.dispatch import look
from tests.builders import an_edition
from tests.channels.rigs import rig_of, variants
from tests.channels.rigs.far import MORNING
from tests.rigs.between import Answer, Between, Call

ASKED = [variant for kind, cls in sorted(KINDS.items()) if hasattr(cls, "observe") and "bars" in getattr(rig_of(kind), "moods", ())
         for variant in variants(kind)]
LOGINS = frozenset({"GET /api/v1/accounts/verify_credentials", "POST /xrpc/com.atproto.server.createSession", "POST /cgi-bin/stable_token"})
LATER = MORNING + timedelta(hours=2)  #: nothing that was lost may still appear
PAGE = "<html><h1>网络出口认证</h1></html>"
BAD = {
    "HTML": Answer(status=200, body=PAGE.encode()),
    "nothing": Answer(status=200),
    "half": Answer(status=200, body=b'[{"id": "1", "content": "x'),
    "a charset that nobody speaks": Answer(status=200, body=json.dumps([{"id": "1"}]).encode("utf-16")),
    "an error in a success": Answer(status=200, body=b'{"error": "Database unavailable"}'),
    "an object without anything": Answer(status=200, body=b"{}"),
    "a list of words": Answer(status=200, body=b'["maintenance"]'),
    **{str(status): Answer(status=status, body=PAGE.encode()) for status in (406, 418, 423, 451, 500, 502, 520, 522, 530)},
}
#: a server that knows us may say so of one post; one that says so of everything is not the server
NOT_HERE = {str(status): Answer(status=status, body=PAGE.encode()) for status in (404, 410)}


class Astray(Between):
    """Answers every call so, but for the ones that log in where `knows_us`."""

    def __init__(self, server: str, *, knows_us: bool) -> None:
        super().__init__(server)
        self.knows_us, self.answer = knows_us, Answer(status=200)

    def how(self, call: Call) -> str | Answer:
        return "fine" if self.knows_us and call.name in LOGINS else self.answer


@pytest.fixture(params=[False, True], ids=["everything", "all but the login"])
def astray(request):
    """`astray(rig)`: the channel, and what stands between it and its platform now."""
    built = []

    def between(rig: Any) -> tuple[Any, Astray]:
        there = Astray(rig.far.url, knows_us=request.param)
        there.start()
        built.append(there)
        return rig.a_channel(api=there.url), there

    yield between
    for one in built:
        one.stop()


def bad_answers(there: Astray) -> dict[str, Answer]:
    return BAD if there.knows_us else {**BAD, **NOT_HERE}


@pytest.mark.parametrize("variant", ASKED)
def test_what_is_in_doubt_stays_in_doubt(variant, a_rig, astray):
    rig = a_rig(variant)
    edition = an_edition()
    delivery = Delivery(channel=rig.channel.name, action=Action.PUBLISH, edition=edition)
    rig.mood("hangs up after accepting")
    with pytest.raises(AmbiguousError):
        rig.channel.post(rig.channel.render(edition), errand=rig.errand(delivery.key))
    rig.mood("fine")
    channel, there = astray(rig)
    ends = {}
    for name, answer in bad_answers(there).items():
        there.answer = answer
        ends[name] = look(channel, delivery, rig.errand(delivery.key, at=LATER))
    assert there.calls
    assert {name: end.detail for name, end in ends.items() if end.status is not Status.UNCONFIRMED} == {}
    assert look(rig.channel, delivery, rig.errand(delivery.key, at=LATER)).status in (Status.POSTED, Status.UNCONFIRMED)


@pytest.mark.parametrize("variant", ASKED)
def test_what_stands_is_not_taken_for_gone(variant, a_rig, astray):
    rig = a_rig(variant)
    edition = an_edition()
    key = Delivery(channel=rig.channel.name, action=Action.PUBLISH, edition=edition).key
    posting = rig.channel.post(rig.channel.render(edition), errand=rig.errand(key))
    channel, there = astray(rig)
    seen = {}
    for name, answer in bad_answers(there).items():
        there.answer = answer
        try:
            seen[name] = channel.observe(posting, errand=rig.errand(key, at=LATER))
        except ChannelError:
            continue
    assert there.calls
    assert seen == {}


def test_an_answer_that_says_nothing_of_a_draft_does_not_have_it_submitted_again(a_rig):
    """Where the office has a lost submit repeated as long as the draft lies in its box."""
    rig = a_rig("wechat", on_doubt="resubmit")
    delivery = Delivery(channel=rig.channel.name, action=Action.PUBLISH, edition=an_edition())
    rig.mood("hangs up before accepting")
    with pytest.raises(AmbiguousError):
        rig.channel.post(rig.channel.render(delivery.edition), errand=rig.errand(delivery.key))
    rig.mood("fine")
    between = Between(rig.far.url).start()
    between.play(BAD["an error in a success"], "POST /cgi-bin/draft/get")
    channel = rig.a_channel(api=between.url, on_doubt="resubmit")
    assert look(channel, delivery, rig.errand(delivery.key, at=LATER)).status is Status.UNCONFIRMED
    between.clear()
    assert look(channel, delivery, rig.errand(delivery.key, at=LATER)).status is Status.DEFERRED
    between.stop()

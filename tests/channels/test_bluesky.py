"""Bluesky: exactly once, on a real server: a delivery's record has a name of its own, and saying it again changes nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from channels.accounts import Pocket
from channels.bluesky_words import facets, tid, units, until
from channels.errors import (
    AmbiguousError,
    ChannelError,
    ConfigurationError,
    PermanentError,
    QuotaError,
    TransientError,
    UnsuitableError,
    UnusableError,
)
from content.accounts import Token
from content.deliveries import Posting
from content.items import Image
from content.sightings import Seen
from tests.builders import an_edition
from tests.channels.crashes import Killed, Mortal
from tests.channels.rigs.bluesky import BOTH, PUT, XRPC, fault
from tests.channels.rigs.far import MORNING, an_image
from tests.rigs.between import Answer
from tests.rigs.bluesky_pds import POSTS, BlueskyPds

KEY = "006123456/2024-00017#1:publish@bluesky"
CORRECT = "006123456/2024-00017#2:correct@bluesky"
LATER = MORNING + timedelta(minutes=11)
GET, LOGIN, REFRESH = f"GET {XRPC}repo.getRecord", f"POST {XRPC}server.createSession", f"POST {XRPC}server.refreshSession"
LOST = ["silent after accepting", "hangs up after accepting", "garbles", "fails after accepting", "half an answer", "empty answer"]
CORRECTED = an_edition(number=2, change_note="时间更正为6月30日。")


def post(rig, edition=None, *, at=MORNING, key=KEY):
    edition = edition or an_edition()
    return rig.channel.post(rig.channel.render(edition), errand=rig.errand(key, at=at))


def amend(rig, posting, edition=CORRECTED, *, at=MORNING):
    return rig.channel.amend(posting, rig.channel.render(edition), errand=rig.errand(CORRECT, at=at))


def a_session(rig):
    """A session of the account's own people, not ours."""
    said = {"identifier": rig.account.handle, "password": rig.account.password}
    return {"Authorization": f"Bearer {rig.server.ask('POST', 'com.atproto.server.createSession', json=said)['accessJwt']}"}


def put_there(rig, key, text):
    """What somebody put under a delivery's name."""
    record = {"$type": POSTS, "text": text, "createdAt": "2024-06-01T00:00:00.000Z"}
    return rig.server.ask("POST", "com.atproto.repo.putRecord", headers=a_session(rig),
                          json={"repo": rig.account.did, "collection": POSTS, "rkey": tid(key), "record": record})


def once(rig, answer, call):
    """The first call of that name is met so; the others are passed on."""
    left, how = [answer], rig.far.how
    rig.far.how = lambda said: left.pop() if left and said.name == call else how(said)


def names(rig):
    return [call.name for call in rig.far.calls]


# -------------------------------------------------------------------------------------------------------------- words


@given(key=st.text())
def test_every_key_has_a_name_that_servers_take_and_no_clock_is_before(key):
    """A TID as its specification says, of an instant that has passed."""
    name = tid(key)
    assert re.fullmatch("[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}", name)
    value = 0
    for digit in name:
        value = value << 5 | "234567abcdefghijklmnopqrstuvwxyz".index(digit)
    assert datetime(2005, 1, 1, tzinfo=UTC) < datetime.fromtimestamp((value >> 10) / 1_000_000, UTC) < datetime(2024, 1, 1, tzinfo=UTC)


def test_a_name_never_changes():
    """Another version of the program that named otherwise would post again what is in doubt."""
    assert tid(KEY) == "3j22o5jje4v2o"
    assert len({tid(f"006123456/2024-{n:05}#1:publish@bluesky") for n in range(10_000)}) == 10_000


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_what_fits_is_within_both_of_the_platforms_limits(text):
    if units(text) <= 300:
        assert len(text.encode()) <= 3000


@pytest.mark.parametrize(("text", "count"), [("清水街道", 4), ("é", 1), ("👨‍👩‍👧‍👦é", 3), ("x" * 300, 300), ("👨‍👩‍👧‍👦" * 10, 25)])
def test_counts_graphemes_or_a_tenth_of_the_bytes(text, count):
    """A family of four is one character to a reader and 25 bytes to the server."""
    assert units(text) == count


@pytest.mark.parametrize("sign", ["长", "👨‍👩‍👧‍👦"])
def test_the_server_takes_what_we_say_fits_and_refuses_one_more(a_rig, sign):
    rig = a_rig("bluesky")
    edition = an_edition(title=sign * 400, summary="", body="", link="")
    assert post(rig, edition).ref
    said = rig.shown()[0]
    assert units(said) >= 298
    more = put_there(rig, "x", said + sign * (301 - units(said)))
    assert more["error"] == "InvalidRequest"
    assert "too big" in more["message"]


def test_a_text_of_301_characters_is_refused_and_a_person_told(a_rig):
    """Found before sign-off; should one come all the same, the server's own words say what is wrong."""
    rig = a_rig("bluesky")
    rendition = rig.channel.render(an_edition())
    object.__setattr__(rendition, "body", "长" * 301)
    with pytest.raises(PermanentError, match="maximum 300, got 301"):
        rig.channel.post(rendition, errand=rig.errand(KEY))
    assert rig.shown() == []


# -------------------------------------------------------------------------------------------------------------- facets


def led(text, link=""):
    """(where to, the words that lead there) as an app cuts them out of the bytes."""
    return [(next(iter({k: v for k, v in one["features"][0].items() if k != "$type"}.values())),
             text.encode()[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode()) for one in facets(text, link)]


@pytest.mark.parametrize(("text", "link", "expected"), [
    ("通告\n#道路施工 #通告\n006 https://a.gov.cn/1.html", "https://a.gov.cn/1.html",
     [("道路施工", "#道路施工"), ("通告", "#通告"), ("https://a.gov.cn/1.html", "https://a.gov.cn/1.html")]),
    ("👨‍👩‍👧‍👦见https://b.cn/x#y。（https://c.cn/）", "", [("https://b.cn/x#y", "https://b.cn/x#y"), ("https://c.cn/", "https://c.cn/")]),
    ("详见 https://b.cn/a.", "", [("https://b.cn/a", "https://b.cn/a")]),
    ("被截断的 https://b.cn/abc…\n006 https://a.cn/中文", "https://a.cn/中文", [("https://a.cn/中文", "https://a.cn/中文")]),
    ("#2024 a#b 没有", "", []),
])
def test_links_and_topics_are_placed_by_the_bytes_of_utf8(text, link, expected):
    """A Chinese character is three of them; an address that had to be cut leads nowhere."""
    assert led(text, link) == expected


def test_what_the_public_gets_has_its_links_topics_language_and_card(a_rig):
    rig = a_rig("bluesky")
    edition = an_edition()
    posting = post(rig, edition)
    record = rig.server.posts(rig.account)[0]
    value = record["value"]
    assert (posting.ref, posting.url) == (record["uri"], f"https://bsky.app/profile/{rig.account.did}/post/{tid(KEY)}")
    assert (value["langs"], value["createdAt"]) == (["zh-CN"], "2024-06-01T01:30:00.000Z")
    assert value["embed"]["external"] == {"uri": edition.link, "title": edition.title, "description": edition.summary}
    words = {value["text"].encode()[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in value["facets"]}
    assert words == {edition.link, "#道路施工", "#通告"}


def test_pictures_go_with_their_descriptions_and_shapes_and_small_enough(a_rig):
    rig = a_rig("bluesky")
    large = an_image(rig, "BMP", "大.bmp", 1200, "二", height=900)
    post(rig, an_edition(images=(an_image(rig, height=80), large)))
    embed = rig.server.posts(rig.account)[0]["value"]["embed"]
    assert [(one["alt"], one["aspectRatio"], one["image"]["mimeType"]) for one in embed["images"]] == [
        ("封闭路段示意图", {"width": 120, "height": 80}, "image/png"), ("二", {"width": 1200, "height": 900}, "image/jpeg")]
    assert large.size > 3_000_000
    assert max(one["image"]["size"] for one in embed["images"]) <= 1_000_000


def test_four_pictures_at_most_and_none_of_a_type_that_no_app_shows(a_rig):
    rig = a_rig("bluesky")
    assert len(rig.channel.render(an_edition(images=tuple(an_image(rig, name=f"{n}.png", side=20 + n) for n in range(6)))).images) == 4
    with pytest.raises(UnsuitableError, match="换成 JPEG"):
        rig.channel.render(an_edition(images=(Image(name="a.svg", media_type="image/svg+xml", size=1, sha256="a" * 64, alt=""),)))


def test_a_picture_that_is_lost_or_broken_is_refused_before_anything_is_sent(a_rig):
    rig = a_rig("bluesky")
    image = Image(name="现场.jpg", media_type="image/jpeg", size=1, sha256="b" * 64, alt="")
    with pytest.raises(PermanentError, match="不在库中"):
        post(rig, an_edition(images=(image,)))
    rig.store[image.sha256] = b"GIF89a"
    with pytest.raises(PermanentError, match="无法打开"):
        post(rig, an_edition(images=(image,)))
    assert set(names(rig)) <= {LOGIN, GET}


@pytest.mark.parametrize(("options", "named"), [
    ({"account": "@qingshui.example.gov.cn"}, "account"), ({"account": "qingshui"}, "account"), ({"api": "http://bsky.example.com"}, "api"),
    ({"app": "bsky.app"}, "app"), ({"pass_word": "x"}, "pass_word"), ({"doubt_minutes": -1}, "doubt_minutes")])
def test_a_wrong_setting_is_named(a_rig, options, named):
    rig = a_rig("bluesky")
    with pytest.raises(ConfigurationError, match=rf"'bluesky'.*{named}"):
        rig.a_channel(**options)


# ---------------------------------------------------------------------------------------------------------- never twice


@pytest.mark.parametrize("remembers", [True, False])
@pytest.mark.parametrize("mood", LOST)
def test_a_lost_answer_never_makes_a_second_post(a_rig, mood, remembers):
    """Even if the ledger has forgotten everything meanwhile: the name follows from the key."""
    rig = a_rig("bluesky")
    rig.mood(mood)
    with pytest.raises(AmbiguousError):
        post(rig)
    rig.mood("fine")
    for hours in (0, 2, 30):
        if not remembers:
            rig._kept.clear()
            rig.channel = rig.a_channel(keyring=Pocket())
        assert post(rig, at=MORNING + timedelta(hours=hours)).ref == rig.server.posts(rig.account)[0]["uri"]
    assert len(rig.shown()) == 1
    assert names(rig).count(PUT) == 1


def test_what_never_arrived_is_said_again_and_a_call_that_comes_late_changes_nothing(a_rig):
    """Both bear the same name and the same words: whichever comes first, one post stands."""
    rig = a_rig("bluesky")
    rig.mood("late commit")
    with pytest.raises(AmbiguousError):
        post(rig)
    rig.mood("fine")
    with pytest.raises(AmbiguousError, match="可能稍后才出现"):
        rig.channel.find(errand=rig.errand(KEY, at=MORNING + timedelta(minutes=9)))
    assert rig.channel.find(errand=rig.errand(KEY, at=LATER)) is None
    post(rig, at=LATER)
    before = rig.server.posts(rig.account)
    rig.commit()
    assert rig.server.posts(rig.account) == before
    said = [json.loads(call.body) for call in rig.far.calls if call.name == PUT]
    assert said[0] == said[1]
    assert said[0]["record"]["createdAt"] == "2024-06-01T01:30:00.000Z"


def test_a_post_that_surely_was_not_taken_bears_the_hour_of_the_try_that_was(a_rig):
    """Or it would stand among yesterday's, where no follower looks."""
    rig = a_rig("bluesky")
    rig.far.play(fault(429, "RateLimitExceeded"), PUT)
    with pytest.raises(QuotaError):
        post(rig)
    rig.mood("fine")
    post(rig, at=MORNING + timedelta(days=1))
    assert rig.server.posts(rig.account)[0]["value"]["createdAt"] == "2024-06-02T01:30:00.000Z"


@pytest.mark.parametrize(("n", "after"), list(product(range(1, 5), (False, True))))
def test_a_process_that_ends_at_any_step_posts_once(a_rig, n, after):
    """Killed before or after any thing is written down; the next process goes on."""
    rig = a_rig("bluesky")
    edition = an_edition(images=(an_image(rig),))
    rig._kept[KEY] = mortal = Mortal(n, after=after)
    with pytest.raises(Killed):
        post(rig, edition)
    rig.channel = rig.a_channel()
    posting = post(rig, edition, at=LATER)
    assert [posting.ref] == [record["uri"] for record in rig.server.posts(rig.account)]
    assert mortal.n <= 0


def test_the_process_writes_nothing_down_besides_what_the_deaths_above_try(a_rig):
    """Four things: another one wants its death, too."""
    rig = a_rig("bluesky")
    rig._kept[KEY] = mortal = Mortal(100, after=False)
    post(rig, an_edition(images=(an_image(rig),)))
    assert 100 - mortal.n == 4


def test_two_processes_at_once_make_one_post(a_rig):
    """The other was quicker between our look and our call: what it posted is ours, and stays as it is."""
    rig = a_rig("bluesky")
    theirs = put_there(rig, KEY, "006123456/2024-00017 另一个进程先发的")
    once(rig, fault(400, "RecordNotFound"), GET)
    assert post(rig).ref == theirs["uri"]
    assert rig.shown() == ["006123456/2024-00017 另一个进程先发的"]
    assert names(rig).count(PUT) == 1


@pytest.mark.parametrize("theirs", ["别的内容", "006123456/2024-000171 别的一条"])
def test_what_is_not_ours_under_that_name_is_left_alone_and_a_person_told(theirs, a_rig):
    rig = a_rig("bluesky")
    put_there(rig, KEY, theirs)
    with pytest.raises(PermanentError, match="已被别的内容占用"):
        post(rig)
    assert rig.shown() == [theirs]


# ------------------------------------------------------------------------------------------- corrections, withdrawals, looks


def test_a_correction_takes_the_place_of_the_post_in_one_step(a_rig):
    """Apps show no edits; so a new post with a note, and the old one gone, in one commit: nobody reads both, and nobody neither."""
    rig = a_rig("bluesky")
    first = post(rig)
    rig.far.calls.clear()
    now = amend(rig, first)
    assert [name for name in names(rig) if name.startswith("POST")] == [BOTH]
    assert (now.ref != first.ref, len(rig.shown())) == (True, 1)
    assert rig.shown()[0].startswith("【更正】时间更正为6月30日。\n")
    assert amend(rig, first) == now
    again = rig.channel.amend(now, rig.channel.render(an_edition(number=3, change_note="再次更正。")),
                              errand=rig.errand("006123456/2024-00017#3:correct@bluesky"))
    assert [record["uri"] for record in rig.server.posts(rig.account)] == [again.ref]


@pytest.mark.parametrize("remembers", [True, False])
@pytest.mark.parametrize("mood", LOST)
def test_a_lost_answer_to_a_correction_leaves_one_post_at_any_time(a_rig, mood, remembers):
    rig = a_rig("bluesky")
    first = post(rig)
    rig.mood(mood)
    with pytest.raises(AmbiguousError):
        amend(rig, first)
    assert len(rig.shown()) == 1
    rig.mood("fine")
    if not remembers:
        rig._kept.clear()
    assert rig.channel.find(errand=rig.errand(CORRECT)).ref == amend(rig, first).ref
    assert len(rig.shown()) == 1
    assert names(rig).count(BOTH) == 1


@pytest.mark.parametrize(("n", "after"), list(product(range(1, 5), (False, True))))
def test_a_process_that_ends_at_any_step_of_a_correction_leaves_one_post(a_rig, n, after):
    """The old one or the new one, never both, never neither."""
    rig = a_rig("bluesky")
    first = post(rig)
    rig._kept[CORRECT] = Mortal(n, after=after)
    with pytest.raises(Killed):
        amend(rig, first)
    assert len(rig.shown()) == 1
    rig.channel = rig.a_channel()
    now = amend(rig, first, at=LATER)
    assert [record["uri"] for record in rig.server.posts(rig.account)] == [now.ref]
    assert "【更正】" in rig.shown()[0]


def test_a_correction_that_comes_late_comes_whole_or_not_at_all(a_rig):
    rig = a_rig("bluesky")
    first = post(rig)
    rig.mood("late commit")
    with pytest.raises(AmbiguousError):
        amend(rig, first)
    rig.mood("fine")
    amend(rig, first, at=LATER)
    rig.commit()
    assert len(rig.shown()) == 1


def test_a_ledger_that_came_back_from_a_copy_ends_with_the_correction_alone(a_rig):
    """It posts again what it does not know to be corrected; doing the correction again finds that one, and takes the old words down."""
    rig = a_rig("bluesky")
    now = amend(rig, post(rig))
    rig._kept.clear()
    first = post(rig, at=LATER)
    assert len(rig.shown()) == 2
    rig.far.play(fault(503, "later"), f"POST {XRPC}repo.deleteRecord")
    with pytest.raises(TransientError):
        amend(rig, first, at=LATER)
    rig.mood("fine")
    assert amend(rig, first, at=LATER) == now
    assert [record["uri"] for record in rig.server.posts(rig.account)] == [now.ref]


def test_what_is_not_there_cannot_be_corrected_and_is_told(a_rig):
    rig = a_rig("bluesky")
    first = post(rig)
    rig.server.remove(rig.account, first.ref)
    with pytest.raises(PermanentError, match="已不在"):
        amend(rig, first)
    assert rig.shown() == []


def test_takes_down_a_post_whether_we_or_a_person_wrote_down_where_it_is(a_rig):
    rig = a_rig("bluesky")
    first = post(rig)
    with pytest.raises(PermanentError, match="不是 Bluesky 上的一条"):
        rig.channel.withdraw(Posting(ref="见手机", url="https://example.com/1"), errand=rig.errand(KEY))
    by_hand = Posting(ref="手工发布", url=f"https://bsky.app/profile/{rig.account.handle}/post/{tid(KEY)}?ref=1")
    assert rig.channel.observe(by_hand, errand=rig.errand(KEY)).seen is Seen.STANDS
    for _ in range(2):
        rig.channel.withdraw(by_hand, errand=rig.errand(KEY))
        assert rig.shown() == []
    assert rig.channel.observe(first, errand=rig.errand(KEY)).seen is Seen.GONE


def test_a_lost_answer_to_a_withdrawal_may_be_asked_for_again(a_rig):
    rig = a_rig("bluesky")
    first = post(rig)
    rig.far.play("hangs up after accepting", f"POST {XRPC}repo.deleteRecord")
    with pytest.raises(TransientError):
        rig.channel.withdraw(first, errand=rig.errand(KEY))
    rig.mood("fine")
    rig.channel.withdraw(first, errand=rig.errand(KEY))
    assert rig.shown() == []


def test_sees_what_stands_what_is_gone_and_whose_account_is_shut(a_rig):
    """As anybody sees it, without logging in."""
    rig = a_rig("bluesky")
    first = post(rig)
    rig.far.calls.clear()

    def seen(posting=first):
        sighting = rig.channel.observe(posting, errand=rig.errand(KEY))
        return sighting.seen, sighting.detail

    assert seen() == (Seen.STANDS, "")
    for what, word in (("takedown", "下架"), ("deactivated", "停用")):
        rig.server.judge(rig.account, **{what: {"applied": True}})
        assert seen()[0] is Seen.BANNED
        assert word in seen()[1]
        rig.server.judge(rig.account, **{what: {"applied": False}})
    assert seen()[0] is Seen.STANDS
    moved = Posting(ref=f"at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/{POSTS}/{tid(KEY)}")
    assert seen(moved)[0] is Seen.GONE
    rig.server.remove(rig.account, first.ref)
    assert "核实是谁删的" in seen()[1]
    assert not [call for call in rig.far.calls if "Authorization" in call.headers]
    for answer in (fault(503, "later"), fault(400, "InvalidRequest")):  # no answer is no sighting
        rig.far.play(answer, GET)
        with pytest.raises(TransientError):
            seen()


# ------------------------------------------------------------------------------------------------------------- sessions


def test_one_session_serves_all_processes_and_all_posts(a_rig):
    """Thirty may be opened in five minutes and three hundred a day: the house keeps the one it has."""
    rig = a_rig("bluesky")
    for n in range(4):
        rig.channel = rig.a_channel()
        post(rig, key=f"{KEY}{n}")
    assert names(rig).count(LOGIN) == 1


@pytest.mark.parametrize("told", ["ExpiredToken", "InvalidToken"])
def test_a_token_that_is_turned_down_is_renewed_once_without_the_password(a_rig, told):
    """400, not 401. It is turned down before anything is done, so the call is said again."""
    rig = a_rig("bluesky")
    rig.channel.check(MORNING)
    once(rig, fault(400, told), PUT)
    rig.channel = rig.a_channel(password="")
    assert post(rig).ref
    assert len(rig.shown()) == 1
    assert (names(rig).count(REFRESH), names(rig).count(PUT), names(rig).count(LOGIN)) == (1, 2, 1)


def test_a_session_about_to_end_is_renewed_before_it_does(a_rig):
    rig = a_rig("bluesky")
    kept = rig.channel._api.hold(MORNING)
    rig.keyring._tokens[f"bluesky/127.0.0.1/{rig.account.handle}"] = replace(kept, until=MORNING + timedelta(minutes=4))
    post(rig)
    assert (names(rig).count(REFRESH), names(rig).count(LOGIN)) == (1, 1)
    assert rig.channel._api.hold(MORNING).refresh != kept.refresh


def test_a_session_that_was_ended_elsewhere_is_opened_anew(a_rig):
    rig = a_rig("bluesky")
    rig.channel.check(MORNING)
    kept = rig.channel._api.hold(MORNING)
    rig.server._ear.post(f"{rig.server.url}/xrpc/com.atproto.server.deleteSession", headers={"Authorization": f"Bearer {kept.refresh}"}, timeout=30)
    once(rig, fault(400, "ExpiredToken", "Token has expired"), PUT)
    assert post(rig).ref
    assert (names(rig).count(REFRESH), names(rig).count(LOGIN)) == (1, 2)


def test_an_app_password_that_was_revoked_stops_the_run_and_says_where_to_make_another(a_rig):
    rig = a_rig("bluesky")
    own = rig.server.ask("POST", "com.atproto.server.createAppPassword", headers=a_session(rig), json={"name": "gongkai"})["password"]
    rig.channel = rig.a_channel(password=own)
    assert post(rig).ref
    requests.post(f"{rig.server.url}/xrpc/com.atproto.server.revokeAppPassword", headers=a_session(rig), json={"name": "gongkai"}, timeout=30)
    once(rig, fault(400, "ExpiredToken", "Token has expired"), PUT)
    with pytest.raises(UnusableError, match="应用密码已撤销") as caught:
        post(rig, key=CORRECT)
    assert own not in str(caught.value)
    assert len(rig.shown()) == 1


def test_a_password_that_is_missing_or_wrong_stops_the_run_before_anything_is_sent(a_rig):
    rig = a_rig("bluesky")
    rig.channel = rig.a_channel(password="")
    with pytest.raises(UnusableError, match="BLUESKY"):
        post(rig)
    assert rig.far.calls == []
    rig.channel = rig.a_channel(password="wrong-password-0123456789")
    with pytest.raises(UnusableError, match="应用密码不对") as caught:
        post(rig)
    assert "wrong-password" not in str(caught.value)
    assert rig.keyring.get(f"bluesky/127.0.0.1/{rig.account.handle}") is None


def test_a_session_is_never_overwritten_by_nothing(a_rig):
    rig = a_rig("bluesky")
    rig.channel.check(MORNING)
    kept = rig.channel._api.hold(MORNING)
    rig.far.play(Answer(status=200, body=b"{}"), REFRESH)
    with pytest.raises(UnusableError, match="没有令牌"):
        rig.channel._api.hold(MORNING, spent=kept)
    assert rig.channel._api.hold(MORNING) == kept


@pytest.mark.parametrize(("what", "word"), [("takedown", "下架"), ("deactivated", "停用")])
def test_an_account_that_is_shut_stops_the_run_and_its_posts_are_not_called_missing(a_rig, what, word):
    rig = a_rig("bluesky")
    post(rig)
    rig._kept.clear()
    rig.server.judge(rig.account, **{what: {"applied": True}})
    with pytest.raises(UnusableError):
        post(rig)
    with pytest.raises(UnusableError):
        rig.channel.find(errand=rig.errand(KEY, at=LATER))
    with pytest.raises(UnusableError, match=word):
        rig.channel.check(MORNING)


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "a.e30.c", "a.bnVsbA.c", "a.eyJleHAiOiJ4In0.c", "a.eyJleHAiOjFlOTl9.c"])
def test_a_token_that_says_nothing_of_its_end_has_none(token):
    assert until(token) is None
    assert "secret-value" not in repr(Token(value="secret-value", refresh="secret-value", until=until(token)))


# ------------------------------------------------------------------------------------------------------------ bad input


@pytest.mark.parametrize(("answer", "error", "advice"), [
    (fault(401, "AuthFactorTokenRequired"), UnusableError, "应用密码"),
    (fault(401, "AccountTakedown"), UnusableError, "申诉"),
    (fault(400, "ExpiredToken"), UnusableError, "登录已过期"),
    (fault(400, "BlobNotFound"), TransientError, "重新上传"),
    (fault(400, "Strange", "who knows"), PermanentError, "who knows"),
    (fault(413, "PayloadTooLarge"), PermanentError, "压缩"),
    (Answer(status=404, body=b"<h1>404</h1>"), UnusableError, "核对 gongkai.toml"),
    (Answer(status=301, headers={"Location": "https://elsewhere.example.com/"}), UnusableError, "现在的地址"),
    (fault(500, "InternalServerError", "Internal Server Error"), AmbiguousError, "不能确定"),
    (Answer(status=418, body="{}".encode("utf-16")), AmbiguousError, "未登记"),
    (Answer(status=200, body=b'{"error": "x"}'), AmbiguousError, "没有编号"),
    (Answer(status=200, body=b'{"uri": "https://elsewhere"}'), AmbiguousError, "没有编号"),
    (Answer(status=200, body=b'[1]'), AmbiguousError, "无法解读"),
    (Answer(status=200, body="已发".encode("gb18030")), AmbiguousError, "无法解读"),
])
def test_every_answer_ends_in_a_state_with_a_line_that_says_what_to_do(a_rig, answer, error, advice):
    rig = a_rig("bluesky")
    rig.far.play(answer, PUT)
    with pytest.raises(error, match=advice):
        post(rig)


@pytest.mark.parametrize(("call", "answer"), [
    (LOGIN, Answer(status=200, body=b"<html>portal</html>")), (GET, Answer(status=200)), (GET, Answer(status=200, body=b'{"uri": 1}')),
    (f"POST {XRPC}repo.uploadBlob", Answer(status=200, body=b"{}")), (f"POST {XRPC}repo.uploadBlob", fault(500, "InternalServerError"))])
def test_a_strange_answer_before_the_post_means_nothing_was_posted(a_rig, call, answer):
    rig = a_rig("bluesky")
    rig.far.play(answer, call)
    with pytest.raises(TransientError):
        post(rig, an_edition(images=(an_image(rig),)))
    assert rig.shown() == []


# --------------------------------------------------------------------------------------------------------------- quotas


def test_a_quota_used_up_waits_until_the_server_says_there_is_room(a_rig):
    """By its own clock, since it gives an instant and no Retry-After; and nothing more is sent before."""
    rig = a_rig("bluesky")
    reset = int(datetime(2024, 6, 1, 1, 42, tzinfo=UTC).timestamp())
    rig.far.play(fault(429, "RateLimitExceeded", **{"Date": "Sat, 01 Jun 2024 01:30:00 GMT", "RateLimit-Reset": str(reset)}), PUT)
    with pytest.raises(QuotaError, match=r"06-01 09:42") as caught:
        post(rig)
    assert caught.value.retry_after == timedelta(minutes=12)
    rig.far.clear()
    calls = len(rig.far.calls)
    with pytest.raises(QuotaError):
        post(rig, at=MORNING + timedelta(minutes=11))
    assert len(rig.far.calls) == calls
    assert post(rig, at=MORNING + timedelta(minutes=12)).ref


def test_the_servers_own_limit_on_sessions_is_understood(a_rig):
    """A real one at work: thirty in five minutes."""
    server = BlueskyPds(limits=True)
    try:
        rig = a_rig("bluesky", server=server)
        said = {"identifier": rig.account.handle, "password": ""}
        for _ in range(30):
            requests.post(f"{server.url}/xrpc/com.atproto.server.createSession", json=said, timeout=30)
        with pytest.raises(QuotaError, match="后自动继续") as caught:
            post(rig)
        assert timedelta(minutes=3) < caught.value.retry_after <= timedelta(minutes=5)
        with pytest.raises(QuotaError):
            rig.channel.check(MORNING + timedelta(minutes=1))
        assert names(rig) == [LOGIN]
    finally:
        server.stop()


# ---------------------------------------------------------------------------------------------------------------- check


def test_the_daily_probe_says_who_we_are_and_how_long_the_session_lasts(a_rig):
    rig = a_rig("bluesky")
    said = rig.channel.check(MORNING).line
    handle, did = rig.account.handle, rig.account.did
    assert re.fullmatch(rf"logged in as @{handle} \({did}\); the session is good until 20\d\d-\d\d-\d\d \d\d:\d\d, and renews itself", said)
    assert "logged in" in rig.a_channel(account=did).check(MORNING).line


@pytest.mark.parametrize(("call", "answer", "advice"), [
    (f"GET {XRPC}identity.resolveHandle", Answer(status=200, body=b'{"did": "did:plc:another"}'), "不指向登录的账号"),
    (f"GET {XRPC}identity.resolveHandle", fault(400, "InvalidRequest", "Unable to resolve handle"), "域名解析"),
    (f"GET {XRPC}server.getSession", Answer(status=200, body=b'{"did": "did:plc:x", "active": false, "status": "suspended"}'), "已被暂停")])
def test_the_daily_probe_says_what_is_wrong(a_rig, call, answer, advice):
    rig = a_rig("bluesky")
    rig.far.play(answer, call)
    with pytest.raises(UnusableError, match=advice):
        rig.channel.check(MORNING)


def test_no_answer_to_a_question_is_a_fault_of_the_channel_alone(a_rig):
    rig = a_rig("bluesky")
    rig.far.stop()
    with pytest.raises(ChannelError):
        rig.channel.check(MORNING)


# ---------------------------------------------------------------------------------------------------------------- server


def test_the_server_and_its_folder_go_with_whoever_started_them():
    """However that ends: its standard input closes."""
    server = BlueskyPds()
    assert server._log.exists()
    server.stop()
    assert not server.lives()
    assert not server._log.parent.exists()

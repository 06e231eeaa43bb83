"""Mastodon: effectively once, on a real server: the key, and a look back before any second try."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import (
    AmbiguousError,
    ChannelError,
    ConfigurationError,
    HandworkError,
    PermanentError,
    QuotaError,
    TransientError,
    UnsuitableError,
    UnusableError,
)
from channels.mastodon_words import bears, units
from content.deliveries import AGAIN
from content.items import Image
from content.sightings import Seen
from tests.builders import an_edition
from tests.channels.crashes import Killed, Mortal
from tests.channels.rigs import variants
from tests.channels.rigs.far import MORNING, an_image
from tests.channels.rigs.mastodon import POST, fault
from tests.rigs.between import Answer

KEY = "006123456/2024-00017#1:publish@mastodon"
CORRECT = "006123456/2024-00017#2:correct@mastodon"
LATER = MORNING + timedelta(minutes=11)
every_server = pytest.mark.parametrize("server", variants("mastodon"))


def post(rig, edition=None, *, at=MORNING, key=KEY):
    edition = edition or an_edition()
    return rig.channel.post(rig.channel.render(edition), errand=rig.errand(key, at=at))


# -------------------------------------------------------------------------------------------------------------- words


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_never_counts_more_than_there_are_characters_where_there_is_no_link(text):
    assert units(text.replace("http", "")) <= len(text)


@pytest.mark.parametrize(("text", "count"), [
    ("清水街道", 4), ("👨‍👩‍👧‍👦é", 2), ("https://example.gov.cn/" + "a" * 300, 23), ("见 https://a.cn/1，", 26), ("https://a.cn https://b.cn", 47),
    ("http://localhost:8000/abcdefghijklmnop", 38), ("http://a.cn/b)", 24), ("（http://a.cn/b）", 25), ("http://a.cn/b,", 24), ("http://a.cn.", 24),
    ("http://a.cn/b).", 25), ("http://a.cn", 23), ("http://a.cn/b_(c)", 23), ("http://a.cn/?x=1&y=(2)!", 25), ("http://a.cn:80/b?c#d;", 24),
    ("http://a.cn?", 24), ("http://a.cn/1,http://a.cn/2", 23), ("HTTP://A.CN/B\"", 24)])
def test_counts_as_the_server_does(text, count):
    """A family is one character, any link 23, and not the mark behind it; what the server takes for no link counts whole."""
    assert units(text) == count


@pytest.mark.parametrize(("text", "least"), [
    ("http://人民.cn", 23), ("http://a.gov.uk/b", 23), ("http://a.app)", 24), ("gemini://a.cn", 23),  # hosts and schemes that the server knows, too
    ("xhttp://a.cn/" + "b" * 30, 43), ("http://a.cn@b/" + "c" * 30, 44), ("http://a.nowhere/" + "b" * 30, 47), ("http://a.cn-/" + "b" * 30, 43)])  # no links
def test_never_counts_less_where_it_cannot_know_what_the_server_takes(text, least):
    assert units(text) >= least


def test_the_server_takes_what_we_say_fits_and_refuses_one_more(a_rig):
    rig = a_rig("mastodon")
    assert post(rig, an_edition(title="长" * 600, summary="", link="")).ref
    said = rig.channel.render(an_edition(title="长" * 600, summary="", link="")).body
    assert units(said) == 500
    assert rig.server.ask("POST", "/api/v1/statuses", json={"status": said + "一"})["error"].startswith("Validation failed")


def test_keywords_become_topics_where_nothing_had_to_be_cut(a_rig):
    channel = a_rig("mastodon").channel
    assert "\n#道路施工 #通告\n006123456/2024-00017 https://" in channel.render(an_edition()).body
    assert "#" not in channel.render(an_edition(title="长" * 600)).body
    assert "#" not in channel.render(an_edition(keywords=("两 词", "2024", "甲/乙", ""))).body


def test_the_office_says_how_much_its_server_takes(a_rig):
    channel = a_rig("mastodon", max_characters=200).channel
    assert channel.limits.text == 200
    assert 195 <= units(channel.render(an_edition(title="长" * 600)).body) <= 200


@pytest.mark.parametrize(("options", "named"), [
    ({"visibility": "private"}, "visibility"), ({"max_characters": 0.5}, "max_characters"), ({"api": "http://social.example.gov.cn"}, "api"),
    ({"visible": "public"}, "visible"), ({"doubt_minutes": -1}, "doubt_minutes")])
def test_a_wrong_setting_is_named(a_rig, options, named):
    """Not for the public (`private`), in the clear, mistyped: said when the channel is built, by channel and key."""
    rig = a_rig("mastodon")
    with pytest.raises(ConfigurationError, match=rf"'mastodon'.*{named}"):
        rig.a_channel(**options)


# --------------------------------------------------------------------------------------------------------- what is said


def test_language_visibility_and_pictures_with_their_descriptions_reach_the_server(a_rig):
    rig = a_rig("mastodon", visibility="unlisted")
    post(rig, an_edition(images=(an_image(rig), an_image(rig, "BMP", "b.bmp", 121, "二"))))
    status = rig.server.statuses()[0]
    assert (status["visibility"], status["language"]) == ("unlisted", "zh")
    assert [(one["type"], one["description"]) for one in status["media_attachments"]] == [("image", "封闭路段示意图"), ("image", "二")]
    assert not [call for call in rig.far.calls if b"scheduled_at" in call.body]


def test_four_pictures_at_most_and_none_of_a_type_that_no_server_takes(a_rig):
    rig = a_rig("mastodon")
    assert len(rig.channel.render(an_edition(images=tuple(an_image(rig, side=20 + n, name=f"{n}.png") for n in range(6)))).images) == 4
    with pytest.raises(UnsuitableError, match="换成 JPEG"):
        rig.channel.render(an_edition(images=(Image(name="a.svg", media_type="image/svg+xml", size=1, sha256="a" * 64, alt=""),)))


def test_a_picture_that_is_lost_or_broken_is_refused_before_anything_is_sent(a_rig):
    rig = a_rig("mastodon")
    image = Image(name="现场.jpg", media_type="image/jpeg", size=1, sha256="b" * 64, alt="")
    with pytest.raises(PermanentError, match="不在库中"):
        post(rig, an_edition(images=(image,)))
    rig.store[image.sha256] = b"GIF89a"
    with pytest.raises(PermanentError, match="无法打开"):
        post(rig, an_edition(images=(image,)))
    assert rig.far.calls == []


def test_a_picture_that_takes_its_time_is_waited_for_and_is_sent_up_once(a_rig):
    """202 means: taken, not ready. A status that would come too early waits for the next try, with the same picture."""
    rig = a_rig("mastodon")
    edition = an_edition(images=(an_image(rig),))
    name = rig.server.ask("POST", "/api/v2/media", files={"file": ("a.png", rig.store[edition.images[0].sha256], "image/png")})["id"]
    taken = Answer(status=202, body=json.dumps({"id": name, "url": None}).encode())
    rig.far.play(taken, "POST /api/v2/media")
    rig.far.play(Answer(status=206, body=b"{}"), f"GET /api/v1/media/{name}")
    for _ in range(2):
        with pytest.raises(TransientError, match="还在处理图片"):
            post(rig, edition)
    rig.far.clear()
    post(rig, edition)
    assert [call.name for call in rig.far.calls].count("POST /api/v2/media") == 1
    assert [one["id"] for one in rig.server.statuses()[0]["media_attachments"]] == [name]


@every_server
def test_a_status_before_its_picture_is_ready_was_not_posted_and_may_be_said_again(server, a_rig):
    rig = a_rig(server)
    rig.far.play(fault(422, "Cannot attach files that have not finished processing. Try again in a moment!"), POST)
    with pytest.raises(TransientError, match="还在处理图片") as caught:
        post(rig)
    assert caught.value.retry_after == timedelta(minutes=1)
    rig.far.clear()
    assert post(rig).ref
    assert len(rig.shown()) == 1


# ---------------------------------------------------------------------------------------------------------- never twice


@every_server
@pytest.mark.parametrize("keeps_the_key", [True, False])
@pytest.mark.parametrize("mood", ["silent after accepting", "hangs up after accepting", "garbles", "fails after accepting", "empty answer"])
def test_a_lost_answer_never_makes_a_second_status(server, a_rig, mood, keeps_the_key):
    """Found by the look, whether or not the server knows a repeated key; and hours later, when none does."""
    rig = a_rig(server)
    rig.mood(mood)
    with pytest.raises(AmbiguousError):
        post(rig)
    rig.mood("fine")
    if not keeps_the_key:
        rig.far.play(fault(500, "Internal Server Error"), POST)
    for hours in (0, 2, 30):
        assert post(rig, at=MORNING + timedelta(hours=hours)).ref == rig.server.statuses()[0]["id"]
    assert len(rig.shown()) == 1
    assert [call.name for call in rig.far.calls].count(POST) == 1


def test_the_two_servers_disagree_on_the_key(a_rig):
    """What the others stand on: one keeps it, one does not, and neither is posted to twice."""
    for server, times in (("mastodon", 1), ("mastodon@snac", 2)):
        rig = a_rig(server)
        for _ in range(2):
            rig.server.ask("POST", "/api/v1/statuses", json={"status": "一"}, more={"Idempotency-Key": "k"})
        assert len(rig.shown()) == times


def test_a_lost_answer_is_found_behind_a_day_of_other_statuses_on_a_server_that_knows_no_pages(a_rig):
    rig = a_rig("mastodon@snac")
    rig.mood("hangs up after accepting")
    with pytest.raises(AmbiguousError):
        post(rig)
    rig.mood("fine")
    for n in range(45):
        rig.server.ask("POST", "/api/v1/statuses", json={"status": f"第{n}条"})
    assert post(rig, at=LATER).ref == rig.server.statuses()[-1]["id"]
    assert len(rig.shown()) == 46


@every_server
def test_what_never_arrived_is_said_again_once_it_cannot_come_any_more(server, a_rig):
    rig = a_rig(server)
    rig.mood("hangs up before accepting")
    with pytest.raises(AmbiguousError):
        post(rig)
    rig.mood("fine")
    with pytest.raises(AmbiguousError, match="可能稍后才出现"):
        post(rig)
    assert rig.channel.find(errand=rig.errand(KEY, at=LATER)) is None
    post(rig, at=LATER)
    keys = [call.headers["Idempotency-Key"] for call in rig.far.calls if call.name == POST]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert len(rig.shown()) == 1


@every_server
def test_a_person_who_has_looked_need_not_wait(server, a_rig):
    rig = a_rig(server)
    rig.mood("hangs up before accepting")
    with pytest.raises(AmbiguousError):
        post(rig)
    rig.mood("fine")
    rig.errand(KEY).steps.put(AGAIN, (MORNING + timedelta(minutes=1)).isoformat())
    post(rig, at=MORNING + timedelta(minutes=2))
    assert len(rig.shown()) == 1


@every_server
@pytest.mark.parametrize(("n", "after"), list(product(range(1, 7), (False, True))))
def test_a_process_that_ends_at_any_step_posts_once(server, a_rig, n, after):
    """Killed before or after any thing is written down; the next process goes on."""
    rig = a_rig(server)
    edition = an_edition(images=(an_image(rig),))
    rig._kept[KEY] = Mortal(n, after=after)
    tries = 0
    for at in (MORNING, MORNING + timedelta(minutes=1), LATER, LATER + timedelta(minutes=11)):
        tries += 1
        try:
            posting = post(rig, edition, at=at)
        except (Killed, AmbiguousError):
            rig.channel = rig.a_channel()
        else:
            break
    else:
        pytest.fail("it never ends")
    assert [posting.ref] == [status["id"] for status in rig.server.statuses()]
    assert tries <= 4


@every_server
def test_another_item_with_a_longer_number_or_another_link_is_not_taken_for_it(server, a_rig):
    rig = a_rig(server)
    for words in ("006123456/2024-000171 " + an_edition().link, "006123456/2024-00017 https://elsewhere.example.com/", "1006123456/2024-00017"):
        rig.server.ask("POST", "/api/v1/statuses", json={"status": words})
    rig.mood("hangs up before accepting")
    with pytest.raises(AmbiguousError):
        post(rig)
    rig.mood("fine")
    assert rig.channel.find(errand=rig.errand(KEY, at=LATER)) is None


def test_a_long_timeline_is_read_page_by_page_and_a_server_that_repeats_itself_ends_it(a_rig, monkeypatch):
    monkeypatch.setattr("channels.mastodon_way.PAGE", 2)
    rig = a_rig("mastodon")
    rig.mood("hangs up after accepting")
    with pytest.raises(AmbiguousError):
        post(rig)
    rig.mood("fine")
    for n in range(5):
        rig.server.ask("POST", "/api/v1/statuses", json={"status": f"第{n}条"})
    assert rig.channel.find(errand=rig.errand(KEY)).ref
    rig._kept.clear()
    rig.errand(KEY).steps.put("sending", MORNING.isoformat())
    me = rig.server.ask("GET", "/api/v1/accounts/verify_credentials")["id"]
    page = Answer(status=200, body=json.dumps([{"id": "1", "content": "别的", "created_at": "2026-01-01T00:00:00.000Z"}]).encode())
    rig.far.play(page, f"GET /api/v1/accounts/{me}/statuses")  # the same page whatever is asked, as snac2 does
    assert rig.channel.find(errand=rig.errand(KEY, at=LATER)) is None


@pytest.mark.parametrize("content", [
    ('<p>题<br>006123456/2024-00017 <a href="https://a.gov.cn/1?a=1&amp;b=2"><span class="invisible">https://</span><span class="ellipsis">a.gov.cn/1</span>'
    '<span class="invisible">?a=1&amp;b=2</span></a></p>'),
    '题<br>006123456/2024-00017 <a href="https://a.gov.cn/1?a=1&amp;b=2" target="_blank">a.gov.cn/…</a>',
    "题\n006123456/2024-00017 https://a.gov.cn/1?a=1&amp;b=2"])
def test_knows_a_status_in_the_markup_of_every_server(content):
    assert bears({"content": content}, "006123456/2024-00017", "https://a.gov.cn/1?a=1&b=2")


# ------------------------------------------------------------------------------------------- corrections, withdrawals, looks


@every_server
def test_a_correction_edits_the_status_and_says_so(server, a_rig):
    rig = a_rig(server)
    first = post(rig)
    edition = an_edition(number=2, change_note="时间更正为6月30日。", images=(an_image(rig),))
    for _ in range(2):  # said again, nothing changes
        now = rig.channel.amend(first, rig.channel.render(edition), errand=rig.errand(CORRECT))
        assert (now.ref, now.url) == (first.ref, first.url)
    assert len(rig.shown()) == 1
    status = rig.server.statuses()[0]
    assert "【更正】时间更正为6月30日。" in status["content"]
    said = [json.loads(call.body) for call in rig.far.calls if call.name == f"PUT /api/v1/statuses/{first.ref}"]
    assert [len(one["media_ids"]) for one in said] == [1, 1]  # whoever leaves them out takes the pictures away


@every_server
def test_what_is_not_there_cannot_be_corrected_and_is_told(server, a_rig):
    rig = a_rig(server)
    gone = replace(post(rig), ref="999999")
    with pytest.raises(PermanentError, match="已不在"):
        rig.channel.amend(gone, rig.channel.render(an_edition(number=2, change_note="改")), errand=rig.errand(CORRECT))


def test_a_server_that_knows_no_deleting_is_not_believed_to_have_deleted(a_rig):
    """snac2 answers DELETE with a page that says 404 and leaves the status standing: a person deletes it."""
    rig = a_rig("mastodon@snac")
    first = post(rig)
    with pytest.raises(HandworkError, match="手工删除") as caught:
        rig.channel.withdraw(first, errand=rig.errand(KEY))
    assert first.url in str(caught.value)
    assert len(rig.shown()) == 1


@pytest.mark.parametrize("me", [Answer(status=404), Answer(status=520), Answer(status=200, body=b"{}"), Answer(status=200, body=b"<html>")])
def test_a_server_that_does_not_know_us_is_not_believed_that_a_status_is_gone(a_rig, me):
    """A gateway before it, or a site that was moved, has nothing at any address."""
    rig = a_rig("mastodon")
    first = post(rig)
    rig.far.play(Answer(status=404))
    rig.far.play(me, "GET /api/v1/accounts/verify_credentials")
    errand, edition = rig.errand(CORRECT), an_edition(number=2, change_note="改")
    for act in (lambda: rig.channel.observe(first, errand=errand), lambda: rig.channel.withdraw(first, errand=errand),
                lambda: rig.channel.amend(first, rig.channel.render(edition), errand=errand)):
        with pytest.raises(TransientError):
            act()


def test_done_is_done_whatever_the_server_says_besides(a_rig):
    rig = a_rig("mastodon")
    first = post(rig)
    rig.far.play(Answer(status=200, body=b"<html>ok</html>"), f"DELETE /api/v1/statuses/{first.ref}")
    rig.channel.withdraw(first, errand=rig.errand(KEY))


def test_sees_what_stands_what_is_gone_and_what_is_hidden(a_rig):
    rig = a_rig("mastodon")
    first = post(rig)
    see = f"GET /api/v1/statuses/{first.ref}"
    assert rig.channel.observe(first, errand=rig.errand(KEY)).seen is Seen.STANDS
    for body in ({"visibility": "private"}, {"visibility": "public", "account": {"suspended": True}}):
        rig.far.play(Answer(status=200, body=json.dumps(body).encode()), see)
        assert rig.channel.observe(first, errand=rig.errand(KEY)).seen is Seen.BANNED
    rig.far.clear()
    rig.server.ask("DELETE", f"/api/v1/statuses/{first.ref}")
    sighting = rig.channel.observe(first, errand=rig.errand(KEY))
    assert (sighting.seen, "核实是谁删的" in sighting.detail) == (Seen.GONE, True)
    rig.far.play(fault(503, "later"), see)
    with pytest.raises(TransientError):  # no answer is no sighting
        rig.channel.observe(first, errand=rig.errand(KEY))


# ------------------------------------------------------------------------------------------------------------ bad input


@pytest.mark.parametrize(("answer", "error", "advice"), [
    (Answer(status=401), UnusableError, "重新生成"),
    (fault(403, "Your login is currently disabled"), UnusableError, "冻结"),
    (fault(404, "Record not found"), UnusableError, "gongkai.toml"),
    (fault(413, "Payload too large"), PermanentError, "压缩"),
    (fault(422, "Validation failed: Text character limit of 500 exceeded"), PermanentError, "character limit of 500"),
    (Answer(status=301, headers={"Location": "https://elsewhere.example.com/"}), UnusableError, "现在的地址"),
    (Answer(status=500, body=b"<html>oops</html>"), AmbiguousError, "不能确定"),
    (Answer(status=418, body="{}".encode("utf-16")), AmbiguousError, "未登记"),
    (Answer(status=200, body=b'{"error": "x"}'), AmbiguousError, "没有编号"),
    (Answer(status=200, body=b'[1]'), AmbiguousError, "没有编号"),
    (Answer(status=200, body="已发".encode("gb18030")), AmbiguousError, "无法解读"),
])
def test_every_answer_ends_in_a_state_with_a_line_that_says_what_to_do(a_rig, answer, error, advice):
    rig = a_rig("mastodon")
    rig.far.play(answer, POST)
    with pytest.raises(error, match=advice):
        post(rig)


def test_a_token_that_is_missing_or_wrong_stops_the_run_before_anything_is_sent(a_rig):
    rig = a_rig("mastodon")
    rig.channel = rig.a_channel(token="")
    with pytest.raises(UnusableError, match="MASTODON"):
        post(rig)
    assert rig.far.calls == []
    rig.channel = rig.a_channel(token="wrong-token-0123456789")
    with pytest.raises(UnusableError, match="401") as caught:
        post(rig)
    assert "wrong-token" not in str(caught.value)


def test_a_quota_used_up_waits_until_the_server_says_there_is_room(a_rig):
    """By its own clock; and nothing more is sent before."""
    rig = a_rig("mastodon")
    rig.far.play(fault(429, "Too many requests", **{"Date": "Sat, 01 Jun 2024 01:30:00 GMT", "X-RateLimit-Reset": "2024-06-01T01:42:00.000Z"}), POST)
    with pytest.raises(QuotaError, match=r"06-01 09:42") as caught:
        post(rig)
    assert caught.value.retry_after == timedelta(minutes=12)
    rig.far.clear()
    calls = len(rig.far.calls)
    with pytest.raises(QuotaError):
        post(rig, at=MORNING + timedelta(minutes=11))
    assert len(rig.far.calls) == calls
    assert post(rig, at=MORNING + timedelta(minutes=12)).ref


# ---------------------------------------------------------------------------------------------------------------- check


def test_the_daily_probe_says_who_we_are_and_what_the_server_takes(a_rig):
    rig = a_rig("mastodon")
    assert rig.channel.check(MORNING).line == "logged in as @testuser; the token has no end; the server takes 500 characters, 500 used"


def test_the_daily_probe_asks_the_older_question_where_the_newer_is_answered_with_a_page(a_rig):
    rig = a_rig("mastodon@snac")
    assert re.fullmatch(r"logged in as @xinxi\d+; the token has no end; the server takes 100000 characters, 500 used",
                        rig.channel.check(MORNING).line)
    assert [call.path for call in rig.far.calls][1:] == ["/api/v2/instance", "/api/v1/instance"]


@pytest.mark.parametrize(("call", "answer", "advice"), [
    ("GET /api/v2/instance", Answer(status=200, body=b'{"configuration": {"statuses": {"max_characters": 300}}}'), "max_characters = 300"),
    ("GET /api/v1/accounts/verify_credentials", Answer(status=422), "重新生成"),
    ("GET /api/v1/accounts/verify_credentials", Answer(status=200, body=b'{"id": "1", "suspended": true}'), "冻结")])
def test_the_daily_probe_says_what_is_wrong(a_rig, call, answer, advice):
    rig = a_rig("mastodon")
    rig.far.play(answer, call)
    with pytest.raises(UnusableError, match=advice):
        rig.channel.check(MORNING)


def test_no_answer_to_a_question_is_a_fault_of_the_channel_alone(a_rig):
    rig = a_rig("mastodon")
    rig.far.stop()
    with pytest.raises(ChannelError):
        rig.channel.check(MORNING)

"""The portal: effectively once, on a real WordPress: a draft first, then the one call that may be repeated."""

from __future__ import annotations

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from html import unescape
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import Errand
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
from channels.portal_words import name, shielded
from content import html
from content.deliveries import AGAIN
from content.items import Attachment, Image
from content.sightings import Seen
from tests.builders import an_edition
from tests.channels.crashes import Killed, Mortal
from tests.channels.rigs.far import MORNING, Kept, an_image
from tests.channels.rigs.portal import MAKE, PUBLISH, UPLOAD, fault
from tests.rigs.between import Answer
from tests.rigs.wordpress import POSTS

KEY = "006123456/2024-00017#1:publish@portal"
CORRECT = "006123456/2024-00017#2:correct@portal"
LATER = MORNING + timedelta(minutes=11)
NAME = name("qingshui", KEY)
LOST = ["silent after accepting", "hangs up after accepting", "garbles", "fails after accepting", "half an answer", "empty answer"]
OFD = b"PK\x03\x04 an e-document as offices have it, which no WordPress takes"


def post(rig, edition=None, *, at=MORNING, key=KEY, channel=None):
    channel = channel or rig.channel
    return channel.post(channel.render(edition or an_edition()), errand=rig.errand(key, at=at))


def a_file(rig, name="附件1：申请表.pdf", data=b"%PDF-1.7\n1 0 obj\n", media_type="application/pdf"):
    file = Attachment(name=name, media_type=media_type, size=len(data), sha256=sha256(data).hexdigest())
    rig.store[file.sha256] = data
    return file


# -------------------------------------------------------------------------------------------------------------- words


@given(number=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300), channel=st.text("abc-1", min_size=1))
def test_a_name_is_one_that_wordpress_leaves_as_it_is(number, channel):
    """Lower-case ASCII of less than 200 bytes, without two dashes in a row or one at an end, never digits alone."""
    assert re.fullmatch(r"(?!\d+$)[a-z0-9]+(-[a-z0-9]+)*", name("qingshui", f"{number}#1:publish@{channel}") + "-x")
    assert len(name("qingshui", f"{number}#1:publish@{channel}")) < 200


def test_an_item_has_one_name_in_every_edition_and_another_on_every_channel_of_every_office():
    same = {name("qingshui", key) for key in (KEY, CORRECT, KEY.replace("publish", "withdraw"))}
    others = {name("qingshui", KEY.replace("portal", "other")), name("qinghe", KEY), name("qingshui", KEY.replace("00017", "00018")),
              name("qingshui", KEY.replace("/", "-"))}
    assert len(same) == 1
    assert len(same | others) == 5


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_the_shield_changes_no_word(text):
    assert unescape(shielded(f'<p title="[a]">{text.replace("&", "").replace("<", "")}</p>')) == f'<p title="[a]">{text.replace("&", "").replace("<", "")}</p>'


CURIOUS = ("“引号” \"直\" 'a' -- 一 - 二 ... 4x6 (tm) ``b'' :) ;-) 8) [gallery] [caption width=1]题[/caption] [[x]] https://www.example.com/ "
           "&amp;amp; &lt;b&gt; C:\\a $1 \\1 %s {{a}} 10&gt;9 rock'n'roll '99 5'6\" xn--fiqs8s")


def test_a_reader_of_the_portal_reads_what_was_signed_letter_for_letter(a_rig):
    """WordPress makes curly quotes, dashes, smileys, shortcodes and cards of addresses; of ours it makes nothing."""
    rig = a_rig("portal")
    edition = an_edition(title="“路” \"A\" -- 4x6 ... <b>&amp; [gallery] :)", summary="摘要 \"A\" -- [gallery] <i>",
                         body=html.sanitise(f"<p>{CURIOUS}</p><p>https://www.youtube.com/watch?v=1</p><pre>  缩进\n\n第二行</pre>甲\n乙<br>丙<blockquote><p>{CURIOUS}</p></blockquote>"))
    signed = rig.channel.render(edition)
    rig.channel.post(signed, errand=rig.errand(KEY))
    shown = rig.server.public()[0]
    assert html.text(shown["content"]["rendered"]) == html.text(signed.body)
    assert unescape(shown["title"]["rendered"]) == edition.title
    assert unescape(html.text(shown["excerpt"]["rendered"])) == edition.summary
    tags = re.findall(r"<(\w+)", shown["content"]["rendered"])
    assert tags == re.findall(r"<(\w+)", signed.body)


@pytest.mark.parametrize("body", [
    "<p>一</p><script>alert(1)</script><p onclick='alert(2)'>二</p>", "<p>一</p><iframe src='https://example.com/'></iframe>二",
    '<p>一<a href="javascript:alert(1)">二</a></p>', "<p>一</p><style>p{display:none}</style><svg onload=alert(1)></svg>二"])
def test_a_script_never_reaches_the_portal_which_would_keep_it(a_rig, body):
    rig = a_rig("portal")
    post(rig, an_edition(body=body))
    sent = b"".join(call.body for call in rig.far.calls).lower() + rig.shown()[0].encode().lower()
    assert not [word for word in (b"<script", b"alert(", b"<iframe", b"javascript:", b"<style", b"<svg", b"onload") if word in sent]
    assert "二" in rig.shown()[0]


def test_a_picture_that_is_not_there_or_of_no_use_is_found_before_anybody_signs(a_rig):
    channel = a_rig("portal").channel
    with pytest.raises(UnsuitableError, match="没有随信息提供"):
        channel.render(an_edition(body='<p><img src="x.png"></p>'))
    with pytest.raises(UnsuitableError, match="换成 JPEG"):
        channel.render(an_edition(images=(Image(name="a.svg", media_type="image/svg+xml", size=1, sha256="a" * 64, alt=""),)))
    with pytest.raises(UnsuitableError, match="4 MB"):
        channel.render(an_edition(body="<p>" + "文" * 1_400_000 + "</p>"))


@pytest.mark.parametrize(("options", "named"), [
    ({"status": "private"}, "status"), ({"api": "http://portal.example.gov.cn"}, "api"), ({"category": ""}, "category"), ({"category": True}, "category"),
    ({"colour": "red"}, "colour"), ({"doubt_minutes": -1}, "doubt_minutes"), ({"user": ""}, "user")])
def test_a_wrong_setting_is_named(a_rig, options, named):
    rig = a_rig("portal")
    with pytest.raises(ConfigurationError, match=rf"'portal'.*{named}"):
        rig.a_channel(**options)


# --------------------------------------------------------------------------------------------------------- what is sent


def test_an_article_has_its_name_its_column_its_sources_and_pictures_at_their_addresses(a_rig):
    rig = a_rig("portal")
    image, second, file = an_image(rig), an_image(rig, "BMP", "b.bmp", 121, "二"), a_file(rig)
    edition = an_edition(images=(image, second), attachments=(file,), body='<p>一</p><p><img src="现场 图.png" alt="现场"></p>', source="区住建局")
    posting = post(rig, edition)
    shown = rig.server.posts()[0]
    assert (shown["slug"], shown["status"], shown["categories"], str(shown["id"])) == (NAME, "publish", [rig.server.category], posting.ref)
    assert (posting.url, posting.live) == (shown["link"], True)
    media = rig.server.media()
    assert [(item["post"], item["alt_text"], item["mime_type"]) for item in media] == [
        (shown["id"], "封闭路段示意图", "image/png"), (shown["id"], "二", "image/jpeg"), (shown["id"], "", "application/pdf")]
    assert shown["featured_media"] == media[0]["id"]
    text = shown["content"]["rendered"]
    assert f'src="{media[0]["source_url"]}" alt="现场">' in text
    assert rig.server.read(media[2]["source_url"]).content == rig.store[file.sha256]
    assert f'<a href="{media[2]["source_url"]}">附件1：申请表.pdf</a>' in text
    for fact in ("索引号：006123456/2024-00017", "信息来源：区住建局", f'<a href="{edition.link}">'):
        assert fact in unescape(text)


def test_the_portal_says_when_it_was_published_and_nothing_is_left_to_its_calendar(a_rig):
    """What WordPress dates into the future would wait for somebody to visit the site."""
    rig = a_rig("portal")
    posting = post(rig, at=MORNING + timedelta(days=3650))
    assert rig.server.public()[0]["date_gmt"] == posting.posted_at.strftime("%Y-%m-%dT%H:%M:%S")
    assert not [call for call in rig.far.calls if b'"date' in call.body]


def test_a_file_of_a_kind_the_portal_does_not_take_is_linked_to_the_office_s_own_page(a_rig):
    """WordPress answers with HTTP 500, which is no fault that passes: it is asked once."""
    rig = a_rig("portal")
    edition = an_edition(attachments=(a_file(rig, "附件1：表.ofd", OFD, "application/ofd"), a_file(rig)))
    post(rig, edition)
    assert f'<a href="{edition.link}">附件1：表.ofd</a>' in rig.shown()[0]
    assert [call.headers["Content-Type"] for call in rig.far.calls if call.name == UPLOAD] == ["application/ofd", "application/pdf"]
    assert [item["mime_type"] for item in rig.server.media()] == ["application/pdf"]


@pytest.mark.parametrize("answer", [fault(500, "rest_upload_unknown_error"), fault(500, "rest_upload_sideload_error"),
                                    Answer(status=413, body=b"<html>Request Entity Too Large</html>")])
def test_a_file_the_portal_does_not_take_is_refused_where_there_is_no_page_of_ours_and_so_is_a_picture(a_rig, answer):
    rig = a_rig("portal")
    rig.far.play(answer, UPLOAD)
    with pytest.raises(PermanentError, match="不收“附件1"):
        post(rig, an_edition(attachments=(a_file(rig),), link=""))
    rig._kept.clear()
    with pytest.raises(PermanentError, match="不收“现场 图"):
        post(rig, an_edition(images=(an_image(rig),)))
    assert rig.shown() == []


def test_a_file_that_is_lost_or_broken_is_refused_before_anything_is_sent(a_rig):
    rig = a_rig("portal")
    image = Image(name="现场.jpg", media_type="image/jpeg", size=1, sha256="b" * 64, alt="")
    with pytest.raises(PermanentError, match="不在库中"):
        post(rig, an_edition(images=(image,)))
    rig.store[image.sha256] = b"GIF89a"
    with pytest.raises(PermanentError, match="无法打开"):
        post(rig, an_edition(images=(image,)))
    assert rig.far.calls == []


def test_the_category_may_be_given_by_its_number_and_one_that_is_not_there_stops_the_channel(a_rig):
    """WordPress would take the article, into no column at all."""
    rig = a_rig("portal")
    for wrong in (98765, "98765", "no-such-column"):
        rig.channel = rig.a_channel(category=wrong)
        with pytest.raises(UnusableError, match="没有分类"):
            post(rig)
    assert rig.server.posts() == []
    rig.channel = rig.a_channel(category=rig.server.category)
    post(rig)
    assert rig.server.public()[0]["categories"] == [rig.server.category]


# ---------------------------------------------------------------------------------------------------------- never twice


@pytest.mark.parametrize("mood", LOST)
def test_a_lost_answer_never_makes_a_second_article(a_rig, mood):
    """Found by its number at any later hour; nothing is published a second time."""
    rig = a_rig("portal")
    rig.mood(mood)
    with pytest.raises(AmbiguousError):
        post(rig)
    rig.mood("fine")
    for hours in (0, 2, 30):
        assert post(rig, at=MORNING + timedelta(hours=hours)).ref == str(rig.server.posts()[0]["id"])
    assert [one["status"] for one in rig.server.posts()] == ["publish"]
    assert rig.far.names().count(PUBLISH) == rig.far.names().count(MAKE) == 1


@pytest.mark.parametrize("mood", [*LOST, "hangs up before accepting"])
def test_a_draft_whose_answer_is_lost_was_before_nobody_and_is_gone_on_with(a_rig, mood):
    rig = a_rig("portal")
    rig.far.play(mood, MAKE)
    rig.ear.hasty = mood == "silent after accepting"
    with pytest.raises(TransientError):
        post(rig)
    with rig.far.idle:
        assert rig.server.public() == []
    rig.mood("fine")
    assert rig.channel.find(errand=rig.errand(KEY)) is None
    post(rig)
    assert [one["status"] for one in rig.server.posts()] == ["publish"]


@pytest.mark.parametrize("mood", LOST)
def test_a_picture_whose_answer_is_lost_is_not_sent_up_again(a_rig, mood):
    """Each sending-up makes another file; ours are known by their names."""
    rig = a_rig("portal")
    edition = an_edition(images=(an_image(rig),))
    rig.far.play(mood, UPLOAD)
    rig.ear.hasty = mood == "silent after accepting"
    with pytest.raises(TransientError):
        post(rig, edition)
    with rig.far.idle:
        rig.mood("fine")
    post(rig, edition)
    assert len(rig.server.media()) == 1
    assert rig.far.names().count(UPLOAD) == 1


def test_what_never_arrived_is_said_again_once_it_cannot_come_any_more(a_rig):
    rig = a_rig("portal")
    rig.mood("hangs up before accepting")
    with pytest.raises(AmbiguousError):
        post(rig)
    rig.mood("fine")
    with pytest.raises(AmbiguousError, match="可能稍后才发布"):
        rig.channel.find(errand=rig.errand(KEY, at=MORNING + timedelta(minutes=9)))
    assert rig.channel.find(errand=rig.errand(KEY, at=LATER)) is None
    post(rig, at=LATER)
    assert len(rig.server.posts()) == 1


@pytest.mark.parametrize("call", [MAKE, PUBLISH])
def test_a_call_that_is_carried_out_long_after_shows_nothing_twice(a_rig, call):
    rig = a_rig("portal")
    rig.far.play("late commit", call)
    with pytest.raises(ChannelError):
        post(rig)
    rig.mood("fine")
    post(rig, at=LATER)
    rig.commit()
    assert len(rig.shown()) == 1


@pytest.mark.parametrize("call", [MAKE, PUBLISH])
def test_a_call_that_a_network_delivers_twice_leaves_one_article(a_rig, call, monkeypatch):
    rig = a_rig("portal")
    once = rig.far.forward

    def twice(said):
        answer = once(said)
        if re.sub(r"/\d+$", "/ID", said.name) == call:
            once(said)
        return answer

    monkeypatch.setattr(rig.far, "forward", twice)
    posting = post(rig)
    assert [(str(one["id"]), one["status"]) for one in rig.server.posts() if one["status"] != "trash"] == [(posting.ref, "publish")]


@pytest.mark.parametrize(("n", "after"), list(product(range(1, 8), (False, True))))
def test_a_process_that_ends_at_any_step_posts_once(a_rig, n, after):
    """Killed before or after any thing is written down; the next process goes on."""
    rig = a_rig("portal")
    edition = an_edition(images=(an_image(rig),), attachments=(a_file(rig),))
    rig._kept[KEY] = Mortal(n, after=after)
    ends = []
    for at in (MORNING, MORNING + timedelta(minutes=1)):
        try:
            ends.append(post(rig, edition, at=at).ref)
        except Killed:
            rig.channel = rig.a_channel()
    assert ends
    assert [str(one["id"]) for one in rig.server.posts()] == ends[-1:]
    assert len(rig.server.media()) == 2


@pytest.mark.parametrize("round_", range(3))
def test_two_processes_at_once_leave_one_article(a_rig, round_):
    """The ledger's lease lets only one at a channel; should others come all the same, and know nothing of each other, what they leave is one."""
    rig = a_rig("portal")
    hands = [rig.a_channel(api=rig.server.url) for _ in range(3)]

    def at_once(hand):
        return hand.post(hand.render(an_edition()), errand=Errand(key=KEY, at=MORNING, steps=Kept(), blobs=rig.store))

    with ThreadPoolExecutor(3) as pool:
        postings = list(pool.map(at_once, hands))
    assert len(rig.shown()) == 1
    assert rig.server.public()[0]["slug"].startswith(NAME)
    assert post(rig).ref in {posting.ref for posting in postings}  # whoever comes next keeps to it
    assert len(rig.shown()) == 1


def test_of_two_that_say_the_same_the_older_is_kept_and_of_two_that_differ_a_person_is_told(a_rig, caplog):
    """A copy under the name with -2 is what WordPress makes of a repeated creation."""
    rig = a_rig("portal")
    first = post(rig)
    kept = rig.server.posts()[0]
    copy = {"title": kept["title"]["raw"], "content": kept["content"]["raw"], "status": "publish", "slug": NAME}
    assert rig.server.ask("POST", POSTS, json=copy)["slug"] == f"{NAME}-2"
    del rig.errand(KEY).steps["sent"]
    with caplog.at_level(logging.WARNING):
        assert post(rig).ref == first.ref
    assert len(rig.shown()) == 1
    assert f"{NAME} twice" in caplog.text
    rig.server.ask("POST", POSTS, json={**copy, "title": "编辑改写的"})
    del rig.errand(KEY).steps["sent"]
    with pytest.raises(AmbiguousError, match="内容不同的两篇"):
        post(rig)
    assert len(rig.shown()) == 2


def test_a_namesake_that_is_somebody_else_s_is_left_alone(a_rig):
    rig = a_rig("portal")
    theirs = rig.server.ask("POST", POSTS, json={"title": "别的", "content": "别的文章", "status": "publish", "slug": f"{NAME}-2"})
    post(rig)
    assert {one["id"] for one in rig.server.public()} > {theirs["id"]}


def test_a_house_that_has_forgotten_finds_its_article_and_its_files_again(a_rig):
    """After a restored backup nothing is known of what was posted since: it is met by its name, and says again what was signed."""
    rig = a_rig("portal")
    edition = an_edition(images=(an_image(rig),))
    first = post(rig, edition)
    rig._kept.clear()
    rig.server.ask("POST", f"{POSTS}/{first.ref}", json={"content": "被人改了"})
    assert post(rig, edition).ref == first.ref
    assert len(rig.shown()) == len(rig.server.media()) == 1
    assert "封闭清水路东段" in rig.shown()[0]


def test_a_later_edition_meets_the_article_of_the_one_before_and_is_not_taken_for_it(a_rig):
    """The first edition's end was never known; the second is published, not corrected: it must not be content with the first's words."""
    rig = a_rig("portal")
    post(rig)
    second, key = an_edition(number=2, change_note="时间更正为6月30日。"), KEY.replace("#1", "#2")
    rig.mood("hangs up before accepting")
    with pytest.raises(AmbiguousError):
        post(rig, second, key=key)
    rig.mood("fine")
    assert rig.channel.find(errand=rig.errand(key, at=LATER)) is None
    post(rig, second, key=key, at=LATER)
    assert ["时间更正为6月30日" in words for words in rig.shown()] == [True]


def test_what_a_person_at_the_portal_threw_away_meanwhile_is_not_put_back_by_itself(a_rig):
    rig = a_rig("portal")
    rig.mood("hangs up after accepting")
    with pytest.raises(AmbiguousError):
        post(rig)
    rig.mood("fine")
    rig.server.ask("DELETE", f"{POSTS}/{rig.server.posts()[0]['id']}")
    for ask in (lambda: rig.channel.find(errand=rig.errand(KEY, at=LATER)), lambda: post(rig, at=LATER)):
        with pytest.raises(PermanentError, match="回收站"):
            ask()
    rig.errand(KEY).steps.put(AGAIN, LATER.isoformat())
    post(rig, at=LATER + timedelta(minutes=1))
    assert len(rig.shown()) == 1


def test_a_posting_that_could_not_be_made_sure_of_is_in_doubt_and_then_found(a_rig, monkeypatch):
    """Published, and the look for duplicates fails: nobody may believe that nothing was posted."""
    rig = a_rig("portal")
    published = rig.far.forward

    def then_busy(call):
        answer = published(call)
        if "/posts/" in call.path and call.method == "POST":
            rig.far.play(Answer(status=429), f"GET {POSTS}")
        return answer

    monkeypatch.setattr(rig.far, "forward", then_busy)
    with pytest.raises(AmbiguousError, match="没能核对是否有重复"):
        post(rig)
    monkeypatch.undo()
    rig.mood("fine")
    assert rig.channel.find(errand=rig.errand(KEY, at=LATER)).ref == str(rig.server.public()[0]["id"])


# ----------------------------------------------------------------------------------------------------------- by editors


def test_where_editors_publish_it_waits_for_them_and_is_found_once_they_have(a_rig):
    rig = a_rig("portal", status="pending")
    posting = post(rig)
    assert (posting.live, posting.url, rig.shown()) == (False, None, [])
    assert post(rig).ref == posting.ref
    assert [one["status"] for one in rig.server.posts()] == ["pending"]
    rig.server.ask("POST", f"{POSTS}/{posting.ref}", json={"status": "publish"})
    for found in (rig.channel.find(errand=rig.errand(KEY)), post(rig)):
        assert (found.live, found.ref) == (True, posting.ref)
    assert len(rig.shown()) == 1


def test_a_correction_of_what_waits_for_the_editors_still_waits_and_of_what_they_published_stays_public(a_rig):
    rig = a_rig("portal", status="pending")
    posting = post(rig)
    edition = an_edition(number=2, change_note="改")
    assert not rig.channel.amend(posting, rig.channel.render(edition), errand=rig.errand(CORRECT)).live
    rig.server.ask("POST", f"{POSTS}/{posting.ref}", json={"status": "publish"})
    assert rig.channel.amend(posting, rig.channel.render(edition), errand=rig.errand(CORRECT)).live
    assert len(rig.shown()) == 1


# ------------------------------------------------------------------------------------------- corrections, withdrawals, looks


def test_a_correction_changes_the_article_where_it_stands_and_takes_dropped_files_away(a_rig):
    """A file that should not have been public must not stay at its address."""
    rig = a_rig("portal")
    wrong, stays = a_file(rig, "错.pdf", b"%PDF-1.7 wrong"), an_image(rig)
    first = post(rig, an_edition(images=(stays,), attachments=(wrong,)))
    address = rig.server.media()[1]["source_url"]
    by_an_editor = rig.server.ask("POST", "/wp-json/wp/v2/media", data=b"GIF89a", params={"post": first.ref}, headers={
        "Content-Type": "image/gif", "Content-Disposition": 'attachment; filename="editor.gif"'})["id"]
    edition = an_edition(number=2, change_note="附件有误，时间更正为6月30日。", images=(stays,))
    for _ in range(2):  # said again, nothing changes
        now = rig.channel.amend(first, rig.channel.render(edition), errand=rig.errand(CORRECT))
        assert (now.ref, now.url, now.posted_at, now.live) == (first.ref, first.url, first.posted_at, True)
    assert "更正说明：</strong>附件有误" in rig.shown()[0]
    assert len(rig.shown()) == 1
    assert rig.server.read(address).status_code == 404
    assert [item["id"] for item in rig.server.media()][1:] == [by_an_editor]


@pytest.mark.parametrize("mood", LOST)
def test_a_correction_whose_answer_is_lost_is_simply_said_again(a_rig, mood):
    rig = a_rig("portal")
    first = post(rig)
    rig.mood(mood)
    said = rig.channel.render(an_edition(number=2, change_note="改"))
    with pytest.raises(TransientError):
        rig.channel.amend(first, said, errand=rig.errand(CORRECT))
    assert rig.channel.find(errand=rig.errand(CORRECT)) is None
    with rig.far.idle:
        rig.mood("fine")
    rig.channel.amend(first, said, errand=rig.errand(CORRECT))
    assert len(rig.shown()) == 1


@pytest.mark.parametrize("force", [{}, {"force": "true"}])
def test_what_is_not_there_cannot_be_corrected_and_is_told(a_rig, force):
    rig = a_rig("portal")
    first = post(rig)
    rig.server.ask("DELETE", f"{POSTS}/{first.ref}", params=force)
    with pytest.raises(PermanentError, match="已不在"):
        rig.channel.amend(first, rig.channel.render(an_edition(number=2, change_note="改")), errand=rig.errand(CORRECT))
    assert rig.shown() == []


def test_a_withdrawal_takes_the_article_its_copies_and_its_files_and_may_be_repeated(a_rig):
    rig = a_rig("portal")
    first = post(rig, an_edition(images=(an_image(rig),), attachments=(a_file(rig),)))
    content = rig.server.posts()[0]["content"]["raw"]
    rig.server.ask("POST", POSTS, json={"title": "副本", "content": content, "status": "publish", "slug": NAME})
    addresses = [item["source_url"] for item in rig.server.media()]
    for _ in range(2):
        rig.channel.withdraw(first, errand=rig.errand(KEY))
    assert [one["status"] for one in rig.server.posts()] == ["trash", "trash"]
    assert [rig.server.read(address).status_code for address in addresses] == [404, 404]
    rig.server.ask("DELETE", f"{POSTS}/{first.ref}", params={"force": "true"})
    rig.channel.withdraw(first, errand=rig.errand(KEY))


def test_a_portal_without_a_trash_deletes(a_rig):
    rig = a_rig("portal")
    first = post(rig)
    kept = rig.far.how

    def how(call):
        return fault(501, "rest_trash_not_supported") if call.method == "DELETE" and "force" not in call.path else kept(call)

    rig.far.how = how
    rig.channel.withdraw(first, errand=rig.errand(KEY))
    assert rig.server.posts() == []


def test_a_page_that_says_404_is_not_believed_to_have_withdrawn(a_rig):
    """Only WordPress' own word counts; a proxy's page does not."""
    rig = a_rig("portal")
    first = post(rig)
    rig.far.play(Answer(status=404, body=b"<h1>404 Not Found</h1>"), f"DELETE {POSTS}/ID")
    with pytest.raises(UnusableError, match=r"gongkai.toml"):
        rig.channel.withdraw(first, errand=rig.errand(KEY))
    assert len(rig.shown()) == 1


def test_sees_what_stands_what_is_gone_and_what_is_hidden(a_rig):
    rig = a_rig("portal")
    first = post(rig)

    def seen(**change):
        if change:
            rig.server.ask("POST", f"{POSTS}/{first.ref}", json=change)
        calls = len(rig.far.calls)
        sighting = rig.channel.observe(first, errand=rig.errand(KEY))
        assert {call.method for call in rig.far.calls[calls:]} == {"GET"}
        assert "Authorization" not in rig.far.calls[calls].headers
        return sighting.seen

    assert [seen(), seen(password="x"), seen(password=""), seen(status="private"), seen(status="draft"), seen(status="publish")] == [
        Seen.STANDS, Seen.BANNED, Seen.STANDS, Seen.BANNED, Seen.BANNED, Seen.STANDS]
    rig.server.ask("DELETE", f"{POSTS}/{first.ref}")
    sighting = rig.channel.observe(first, errand=rig.errand(KEY))
    assert (sighting.seen, "核实是谁删的" in sighting.detail) == (Seen.GONE, True)
    rig.server.ask("DELETE", f"{POSTS}/{first.ref}", params={"force": "true"})
    assert seen() is Seen.GONE


def test_a_portal_that_answers_no_stranger_is_asked_with_the_password_and_no_answer_is_no_sighting(a_rig):
    rig = a_rig("portal")
    first = post(rig)
    kept = rig.far.how
    rig.far.how = lambda call: kept(call) if "Authorization" in call.headers else fault(401, "rest_not_logged_in")
    assert rig.channel.observe(first, errand=rig.errand(KEY)).seen is Seen.STANDS
    rig.far.how = kept
    rig.far.play(Answer(status=503), f"GET {POSTS}/ID")
    with pytest.raises(TransientError):
        rig.channel.observe(first, errand=rig.errand(KEY))


# ------------------------------------------------------------------------------------------------------------ bad input


@pytest.mark.parametrize(("answer", "error", "advice"), [
    (fault(401, "rest_cannot_edit"), UnusableError, "重新生成"),
    (fault(403, "rest_cannot_publish"), UnusableError, "pending"),
    (Answer(status=403, body=b"<html>WAF</html>"), UnusableError, "防火墙"),
    (fault(404, "rest_no_route"), UnusableError, "gongkai.toml"),
    (fault(400, "rest_invalid_param", "Invalid parameter(s): title"), PermanentError, "系统维护人员"),
    (fault(500, "db_update_error"), TransientError, "数据库"),
    (Answer(status=413), PermanentError, "太大"),
    (Answer(status=301, headers={"Location": "https://elsewhere.example.com/"}), UnusableError, "现在的地址"),
    (Answer(status=500, body=b"<html>oops</html>"), AmbiguousError, "不能确定"),
    (fault(500, "internal_server_error", "There has been a critical error"), AmbiguousError, "critical error"),
    (Answer(status=418, body="{}".encode("utf-16")), AmbiguousError, "未登记"),
    (Answer(status=200, body=b'{"error": "x"}'), AmbiguousError, "没有编号"),
    (Answer(status=200, body=b"[1]"), AmbiguousError, "没有编号"),
    (Answer(status=200, body=b'<br /> <b>Notice</b>: Undefined index {"id": 1}'), AmbiguousError, "无法解读"),
    (Answer(status=200, body="已发".encode("gb18030")), AmbiguousError, "无法解读"),
])
def test_every_answer_ends_in_a_state_with_a_line_that_says_what_to_do(a_rig, answer, error, advice):
    rig = a_rig("portal")
    rig.far.play(answer, PUBLISH)
    with pytest.raises(error, match=advice):
        post(rig)


@pytest.mark.parametrize("answer", [Answer(status=200, body=b"<html>"), Answer(status=200), Answer(status=200, body=b'{"title": 1}'), Answer(status=502)])
def test_an_answer_to_a_question_or_a_draft_that_cannot_be_read_is_waited_out(a_rig, answer):
    rig = a_rig("portal")
    for call in (MAKE, f"GET {POSTS}/ID", UPLOAD):
        rig._kept.clear()
        rig.far.clear()
        if call.startswith("GET"):
            post(rig)
            del rig.errand(KEY).steps["sent"]
        rig.far.play(answer, call)
        with pytest.raises(TransientError):
            post(rig, an_edition(images=(an_image(rig, side=60),)))
        rig.server.forget()


def test_a_password_that_is_missing_or_wrong_stops_the_run_and_is_never_told(a_rig):
    """A wrong one is answered as a wrong question: who is not logged in may not ask for drafts."""
    rig = a_rig("portal")
    rig.channel = rig.a_channel(password="")
    with pytest.raises(UnusableError, match="PORTAL"):
        post(rig)
    assert rig.far.calls == []
    rig.channel = rig.a_channel(password="wrong pass word 0123")
    for ask in (lambda: post(rig), lambda: rig.channel.check(MORNING)):
        with pytest.raises(UnusableError, match="应用程序密码") as caught:
            ask()
        assert "wrong pass" not in str(caught.value)


def test_an_account_without_the_right_is_told_so_and_leaves_at_most_a_draft(a_rig):
    rig = a_rig("portal")
    rig.channel = rig.a_channel(user="contributor")
    with pytest.raises(UnusableError, match="权限"):
        post(rig)
    assert rig.shown() == []
    with pytest.raises(UnusableError, match=r"发布（publish_posts）、更正（edit_published_posts）、撤回（delete_published_posts）、上传文件（upload_files）"):
        rig.channel.check(MORNING)
    with pytest.raises(UnusableError, match=r"没有这些权限：更正"):
        rig.a_channel(user="contributor", status="pending").check(MORNING)


@pytest.mark.parametrize("answer", [Answer(status=429, headers={"Retry-After": "720"}), Answer(status=503, headers={"Retry-After": "720"})])
def test_a_portal_that_says_when_to_come_again_is_left_alone_until_then(a_rig, answer):
    """WordPress itself says so while it is being updated."""
    rig = a_rig("portal")
    rig.far.play(answer, PUBLISH)
    with pytest.raises(QuotaError, match="06-01 09:42") as caught:
        post(rig)
    assert caught.value.retry_after == timedelta(minutes=12)
    rig.far.clear()
    calls = len(rig.far.calls)
    with pytest.raises(QuotaError, match="06-01 09:42"):
        post(rig, at=MORNING + timedelta(minutes=11), key=KEY.replace("17#", "18#"))
    assert len(rig.far.calls) == calls
    assert post(rig, at=MORNING + timedelta(minutes=12)).live


def test_a_list_that_is_none_does_not_have_a_second_article_made(a_rig):
    rig = a_rig("portal")
    rig.far.play(Answer(status=200, body=b'{"error": "maintenance"}'), f"GET {POSTS}")
    with pytest.raises(TransientError, match="没有列表"):
        post(rig)
    assert MAKE not in rig.far.names()


# ---------------------------------------------------------------------------------------------------------------- check


def test_the_daily_probe_says_who_we_are_what_we_may_and_that_the_category_is_there(a_rig):
    rig = a_rig("portal")
    assert rig.channel.check(MORNING).line == f"logged in as publisher; may publish; category {rig.server.category} is there"
    assert "may hand in" in rig.a_channel(status="pending").check(MORNING).line
    with pytest.raises(UnusableError, match="没有分类“nowhere”"):
        rig.a_channel(category="nowhere").check(MORNING)
    rig.far.play(Answer(status=502))
    with pytest.raises(TransientError):
        rig.channel.check(MORNING)

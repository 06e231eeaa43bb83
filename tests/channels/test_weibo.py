"""Weibo: at most once, counted as it counts, looked for where the app may look."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pixels

from channels.accounts import Tempo
from channels.base import Rendition
from channels.errors import AmbiguousError, ChannelError, HandworkError, PermanentError, QuotaError, UnsuitableError, UnusableError
from channels.sandbox.far_side import MOODS, Reply
from channels.sandbox.weibo import fault
from channels.weibo import Weibo
from channels.weibo_words import address, units
from content.deliveries import AGAIN
from content.items import Image
from content.sightings import Seen
from tests.builders import an_edition
from tests.channels.crashes import Killed, Mortal
from tests.channels.rigs.far import MORNING

KEY = "006123456/2024-00017#1:publish@robot"


def post(rig, edition=None, *, at=MORNING):
    edition = edition or an_edition()
    return rig.channel.post(rig.channel.render(edition), errand=rig.errand(f"{edition.index_number}#1:publish@robot", at=at))


def a_picture(form: str = "PNG", side: int = 300) -> bytes:
    out = io.BytesIO()
    Pixels.effect_noise((side, side), 90).convert("RGB").save(out, form)
    return out.getvalue()


# -------------------------------------------------------------------------------------------------------------- words


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_counts_a_chinese_character_one_and_an_ascii_character_half(text):
    assert units(text) == -(-sum(1 if sign.isascii() else 2 for sign in text) // 2)


def test_keeps_index_number_and_link_within_140(a_rig):
    said = a_rig("weibo").channel.render(an_edition(title="长" * 300)).body
    assert said.endswith("…\n006123456/2024-00017 https://qingshui.example.gov.cn/item/006123456-2024-0/006123456-2024-00017.html")
    assert 138 <= units(said) <= 140


@pytest.mark.parametrize("link", ["", "https://elsewhere.example.com/1", "https://evilqingshui.example.gov.cn/1"])
def test_a_post_without_a_link_of_an_approved_domain_is_found_before_sign_off(link, a_rig):
    """The platform takes no other, and the writer is told so at the desk."""
    with pytest.raises(UnsuitableError, match="安全域名"):
        a_rig("weibo").channel.render(an_edition(link=link))


def test_names_a_post_as_its_readers_do():
    """Base 62 of seven digits at a time: the address that the platform's own pages use."""
    assert address({"idstr": "3501756485200075", "user": {"id": 1234567890}}) == "https://weibo.com/1234567890/z0JH2lOMb"
    assert address({"idstr": "", "user": {"id": 1}}) is None


def test_the_first_picture_goes_along_fitted_and_without_what_the_camera_wrote(a_rig):
    rig = a_rig("weibo")
    data = a_picture("BMP")
    image = Image(name="现场 图.bmp", media_type="image/bmp", size=len(data), sha256=sha256(data).hexdigest(), alt="现场")
    rig.store[image.sha256] = data
    post(rig, an_edition(images=(image, image)))
    assert len(rig.shown()) == 1
    with pytest.raises(UnsuitableError, match="换成 JPEG"):
        rig.channel.render(an_edition(images=(Image(name="a.svg", media_type="image/svg+xml", size=1, sha256="a" * 64, alt=""),)))


def test_a_picture_that_is_lost_or_broken_is_refused_before_anything_is_sent(a_rig):
    rig = a_rig("weibo")
    image = Image(name="现场.jpg", media_type="image/jpeg", size=1, sha256="b" * 64, alt="")
    with pytest.raises(PermanentError, match="不在库中"):
        post(rig, an_edition(images=(image,)))
    rig.store[image.sha256] = b"GIF89a"
    with pytest.raises(PermanentError, match="无法打开"):
        post(rig, an_edition(images=(image,)))
    assert rig.far.calls == []


# ------------------------------------------------------------------------------------------------------ never twice


CHOICES = list(product([True, False], repeat=3))


@pytest.mark.parametrize(("may_read", "filters", "shows"), CHOICES)
@pytest.mark.parametrize("mood", [mood for mood in MOODS if mood not in ("fine", "silent after accepting")])
def test_never_twice_whatever_the_platform_leaves_open(mood, may_read, filters, shows, a_rig):
    """Every way of losing an answer, then three ticks and looks, under every choice: one post at most, and none lost unseen."""
    rig = a_rig("weibo")
    rig.far.may_read, rig.far.filter, rig.far.shows = may_read, filters, shows
    rig.mood(mood)
    known, last = None, ""
    for hour in range(4):
        at = MORNING + timedelta(hours=hour)
        for act in (post, lambda rig, at: rig.channel.find(errand=rig.errand(KEY, at=at))):
            try:
                known = act(rig, at=at) or known
            except ChannelError as error:
                last = type(error).__name__
        rig.mood("fine")
        rig.commit()
    assert len(rig.shown()) <= 1
    if rig.shown():
        assert known or last == "AmbiguousError", "a post that we do not know of is at least a person's case"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_killed_at_any_step_it_goes_on_and_finds_what_it_posted(step, after, a_rig):
    rig = a_rig("weibo")
    rig._kept[KEY] = Mortal(step, after=after)
    with pytest.raises(Killed):
        post(rig)
    try:
        post(rig, at=MORNING + timedelta(hours=1))
    except AmbiguousError:
        assert (step, after) == (1, True), "nothing was sent, but nobody can know: a person looks"
    assert len(rig.shown()) == (0 if (step, after) == (1, True) else 1)


def test_the_same_again_is_a_persons_case_and_never_taken_for_done(a_rig):
    """20019 on a first try may mean the same words from somebody else's hand."""
    rig = a_rig("weibo")
    post(rig)
    rig._kept.clear()  # a ledger from before
    with pytest.raises(AmbiguousError, match="登录微博查看"):
        post(rig)
    assert len(rig.shown()) == 1


def test_posted_but_lagging_is_found_by_the_next_look(a_rig):
    rig = a_rig("weibo")
    rig.far.lags = True
    with pytest.raises(AmbiguousError, match="20032"):
        post(rig)
    found = rig.channel.find(errand=rig.errand(KEY, at=MORNING + timedelta(minutes=2)))
    assert found.url.startswith("https://weibo.com/1234567890/")
    assert (post(rig).ref, post(rig).url) == (found.ref, found.url)


def test_an_older_post_with_the_same_number_is_not_taken_for_this_one(a_rig):
    """An item withdrawn last year and published again."""
    rig = a_rig("weibo")
    post(rig)
    rig._kept.clear()
    rig.mood("hangs up before accepting")
    later = MORNING + timedelta(days=300)
    with pytest.raises(AmbiguousError):
        post(rig, at=later)
    rig.mood("fine")
    with pytest.raises(AmbiguousError, match="没有找到"):
        rig.channel.find(errand=rig.errand(KEY, at=later + timedelta(hours=1)))


def test_a_post_of_a_longer_number_is_not_taken_for_the_one_that_was_lost(a_rig):
    """Serials without zeros before them: …-12 begins with …-1. Taken for it, …-1 would never be published, and its withdrawal delete …-12."""
    rig = a_rig("weibo")
    number, longer = "006123456/2024-1", "006123456/2024-12"
    post(rig, an_edition(index_number=longer, title="别的一条"))
    rig.mood("hangs up before accepting")
    with pytest.raises(AmbiguousError):
        post(rig, an_edition(index_number=number))
    rig.mood("fine")
    with pytest.raises(AmbiguousError, match=f"没有找到“{number}”"):
        rig.channel.find(errand=rig.errand(f"{number}#1:publish@robot", at=MORNING + timedelta(hours=1)))


def test_a_person_who_looked_has_it_posted_again(a_rig):
    rig = a_rig("weibo")
    rig.mood("hangs up before accepting")
    with pytest.raises(AmbiguousError):
        post(rig)
    rig.mood("fine")
    rig.errand(KEY).steps.put(AGAIN, (MORNING + timedelta(hours=1)).isoformat())
    assert post(rig, at=MORNING + timedelta(hours=1)).ref
    assert len(rig.shown()) == 1


# --------------------------------------------------------------------------------------------------- what it is told


BAD = {
    "a token that expired": ({"error": "expired_token", "error_code": 21327}, 401, UnusableError, "重新授权"),
    "a token that is wrong": ({"error": "invalid_access_token", "error_code": 21332}, 403, UnusableError, "重新授权"),
    "a token that was revoked": ({"error": "token revoked", "error_code": 21319}, 403, UnusableError, "撤销"),
    "no right": ({"error": "Insufficient app permissions!", "error_code": 10014}, 403, UnusableError, "申请"),
    "an address not on the list": ({"error": "IP limit", "error_code": 10004}, 403, UnusableError, "白名单"),
    "a banned account": ({"error": "User does not exists!", "error_code": 20003}, 400, UnusableError, "封禁"),
    "a captcha": ({"error": "need captcha", "error_code": 20031}, 400, UnusableError, "验证码"),
    "a text too long": ({"error": "too long", "error_code": "20012"}, 400, PermanentError, "精简"),
    "a wrong picture": ({"error": "Unsupported image type!", "error_code": 20005}, 400, PermanentError, "JPEG"),
    "a domain not bound": ({"error": "appkey not bind domain!", "error_code": 10017}, 400, PermanentError, "安全域名"),
    "too fast": ({"error": "out of limit", "error_code": 20016}, 400, QuotaError, "自动再发"),
    "a success with a code in it": ({"error": "illegal", "error_code": 20021}, 200, PermanentError, "修改后重新签发"),
    "its own trouble": ({"error": "System error", "error_code": 10001}, 503, AmbiguousError, "不能确定"),
    "a code nobody knows": ({"error": "?", "error_code": 77777}, 400, AmbiguousError, "不能确定"),
    "no number": ({"text": "…"}, 200, AmbiguousError, "没有编号"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_the_platform_says_ends_in_the_right_state_with_what_to_do(case, a_rig, monkeypatch):
    said, status, error, told = BAD[case]
    rig = a_rig("weibo")
    monkeypatch.setattr(rig.far, "answer", lambda call: Reply(said=said, status=status))
    with pytest.raises(error, match=told):
        post(rig)


def test_thirty_an_hour_are_the_most_that_are_tried(a_rig):
    rig = a_rig("weibo")
    for number in range(30):
        post(rig, an_edition(index_number=f"006123456/2024-{number:05d}"))
    with pytest.raises(QuotaError):
        post(rig, an_edition(index_number="006123456/2024-00099"))
    assert len(rig.far.calls) == 30


def test_a_practice_platform_does_not_use_up_the_calls_of_the_real_one(a_rig):
    rig, pace = a_rig("weibo"), Tempo()
    setting = replace(rig.setting(token_env="WEIBO", account="清水街道发布"), pace=pace)
    real = replace(setting, options={**setting.options, "api": rig.far.url.replace("127.0.0.1", "localhost")})
    rig.channel = Weibo.from_setting(setting, session=rig.ear)
    rig.far.play(fault(10024, "User requests for statuses/share out of rate limit!", 403))
    with pytest.raises(QuotaError):
        post(rig)
    rig.far.mood("fine")
    with pytest.raises(QuotaError):
        post(rig)
    rig.channel = Weibo.from_setting(real, session=rig.ear)
    assert post(rig).ref


def test_the_probe_says_until_when_the_token_is_good(a_rig):
    rig = a_rig("weibo")
    found = rig.channel.check(MORNING)
    assert (found.line, found.until) == ("token good until 2024-07-01 09:30", MORNING + timedelta(days=30))
    rig.far.expires = timedelta(0)
    with pytest.raises(UnusableError, match="已到期"):
        rig.channel.check(MORNING)


def test_a_look_tells_what_stands_what_is_gone_and_what_is_hidden(a_rig):
    rig = a_rig("weibo")
    posting, errand = post(rig), rig.errand(KEY)
    assert rig.channel.observe(posting, errand=errand).seen is Seen.STANDS
    rig.far.posts[0]["visible"] = {"type": 1, "list_id": 0}
    assert rig.channel.observe(posting, errand=errand).seen is Seen.BANNED
    rig.far.posts.clear()
    assert rig.channel.observe(posting, errand=errand).seen is Seen.GONE
    rig.mood("bars")
    with pytest.raises(UnusableError):
        rig.channel.observe(posting, errand=errand)


def test_where_the_app_may_not_remove_a_person_does(a_rig):
    rig = a_rig("weibo")
    posting = post(rig)
    rig.far.may_remove = False
    with pytest.raises(HandworkError, match="手工删除"):
        rig.channel.withdraw(posting, errand=rig.errand(KEY))


def test_the_rendition_is_what_is_said(a_rig):
    rig = a_rig("weibo")
    rendition = rig.channel.render(an_edition())
    post(rig)
    assert isinstance(rendition, Rendition)
    assert rig.shown() == [rendition.body]

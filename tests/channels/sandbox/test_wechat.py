"""The practice platform behaves on the wire as the real one is known to (docs/channels/wechat.md), so that practice is worth something."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import html5lib
import pytest
import requests

from channels.sandbox.wechat import MOODS, REFUSALS, Sandbox
from channels.sandbox.wechat_calls import QUOTAS
from channels.sandbox.wechat_html import given_back, kept

NOON = datetime(2024, 6, 1, 4, tzinfo=UTC)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


class Caller:
    """A client that knows the token and nothing else."""

    def __init__(self, far: Sandbox) -> None:
        self.far, self.token = far, ""
        self.token = self.say("stable_token", grant_type="client_credential", appid="wx1", secret="s", force_refresh=False)["access_token"]

    def raw(self, call: str, **how: Any) -> requests.Response:
        return requests.post(f"{self.far.url}/cgi-bin/{call}", params={"access_token": self.token}, timeout=20, **how)

    def say(self, call: str, **said: Any) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.raw(call, data=json.dumps(said, ensure_ascii=False).encode()).content.decode())
        return answer

    def upload(self, call: str, data: bytes, name: str = "picture.jpg") -> dict[str, Any]:
        answer: dict[str, Any] = self.raw(call, files={"media": (name, data)}).json()
        return answer

    def article(self, **changes: Any) -> dict[str, Any]:
        thumb = self.upload("material/add_material", JPEG)["media_id"]
        return {"title": "通告", "author": "清水街道", "digest": "摘要", "content": "<p>正文</p>", "content_source_url": "https://x.example/1",
                "thumb_media_id": thumb, **changes}

    def draft(self, **changes: Any) -> dict[str, Any]:
        return self.say("draft/add", articles=[self.article(**changes)])


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(tmp_path / "far.db", now=lambda: NOON, silence=0.1) as made:
        yield made


@pytest.fixture
def caller(far: Sandbox) -> Caller:
    return Caller(far)


def test_answers_business_errors_with_200_and_a_rid(caller):
    answer = caller.raw("draft/get", data=b'{"media_id":"abc"}')
    assert answer.status_code == 200
    assert answer.json()["errcode"] == 40007
    assert " rid: " in answer.json()["errmsg"]


def test_answers_some_calls_as_plain_text_without_a_charset(caller):
    """Who trusts the header reads mojibake."""
    caller.draft()
    answer = caller.raw("draft/batchget", data=b'{"offset":0,"count":20,"no_content":1}')
    assert answer.headers["Content-Type"] == "text/plain"
    assert "通告" not in answer.text
    assert "通告" in answer.content.decode()


def test_stores_escapes_as_they_were_written(caller, far):
    caller.raw("draft/add", data=json.dumps({"articles": [caller.article(title="通告", author="")]}))
    assert far.drafts()[0]["title"] == "\\u901a\\u544a"
    answer = caller.raw("draft/add", json={"articles": [caller.article(title="通告" * 3, author="")]}).json()
    assert answer["errcode"] == 45003, "six characters each"


def test_success_of_a_draft_bears_no_errcode(caller):
    assert "errcode" not in caller.draft()


@pytest.mark.parametrize(("field", "most", "code"), [("title", 32, 45003), ("author", 16, 45110), ("digest", 128, 45004), ("content", 19_999, 45002)])
def test_holds_to_the_limits(caller, field, most, code):
    assert "media_id" in caller.draft(**{field: "字" * most})
    assert caller.draft(**{field: "字" * (most + 1)})["errcode"] == code


def test_wants_a_cover_and_a_text(caller):
    assert caller.draft(thumb_media_id="none")["errcode"] == 40007
    assert caller.draft(content="")["errcode"] == 44003
    assert caller.draft(content_source_url="https://x.example/" + "a" * 1100)["errcode"] == 45005


@pytest.mark.parametrize(("data", "name", "code"), [(b"RIFF....WEBP", "a.jpg", 40005), (JPEG + bytes(1_000_000), "a.jpg", 40009)])
def test_is_particular_about_pictures(caller, data, name, code):
    assert caller.upload("media/uploadimg", data, name)["errcode"] == code


def test_does_not_read_a_file_name_given_by_the_newer_rule(caller):
    """`filename*=` for names that are not ASCII."""
    body = b"--b\r\nContent-Disposition: form-data; name=\"media\"; filename*=UTF-8''%E5%9B%BE.jpg\r\n\r\n" + JPEG + b"\r\n--b--\r\n"
    answer = caller.raw("media/uploadimg", data=body, headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.json()["errcode"] == 41005


@pytest.mark.parametrize(("said", "kept_"), [
    ("<p class='x' onclick='y'>文</p>", "<p>文</p>"),
    ("<p>前<script>x</script><style>y</style><iframe>z</iframe>后</p>", "<p>前后</p>"),
    ("<article><p>没了</p></article><p>在</p>", "<p>在</p>"),
    ('<a href="https://www.gov.cn/">外链</a>', "<a>外链</a>"),
    ('<a href="https://mp.weixin.qq.com/s/x">内链</a>', '<a href="https://mp.weixin.qq.com/s/x">内链</a>'),
    ('<img src="https://www.gov.cn/a.png"><img src="http://mmbiz.qpic.cn/mmbiz_png/ab/0?wx_fmt=png">', '<img src="http://mmbiz.qpic.cn/mmbiz_png/ab/0?wx_fmt=png">'),
    ("<p style=\"color:red;background-image:url('https://x/y')\">文</p>", '<p style="color:red;">文</p>'),
])
def test_drops_what_the_platform_drops(said, kept_):
    assert kept(said) == kept_


def test_gives_pictures_back_under_another_attribute():
    assert given_back('<img src="http://mmbiz.qpic.cn/mmbiz_png/ab/0?wx_fmt=png" alt="">') == (
        '<img src="" data-src="http://mmbiz.qpic.cn/mmbiz_png/ab/640?from=appmsg" alt="">')


def test_gives_the_same_token_until_it_nears_its_end(far):
    one, two = Caller(far).token, Caller(far).token
    far.set_clock(NOON + timedelta(minutes=116))
    assert one == two != Caller(far).token


def test_force_voids_the_token_before(far, caller):
    caller.say("stable_token", grant_type="client_credential", appid="wx1", secret="s", force_refresh=True)
    assert caller.say("draft/get")["errcode"] == 40001


def test_a_day_holds_so_many_calls_and_then_no_more(far, caller):
    far.switch(questions=0)
    media_id = caller.draft()["media_id"]
    answers = [caller.say("freepublish/submit", media_id=media_id).get("errcode") for _ in range(QUOTAS["freepublish/submit"] + 1)]
    assert answers.count(45009) == 1
    assert answers[-1] == 45009
    far.set_clock(NOON + timedelta(days=1))
    caller = Caller(far)
    assert caller.say("freepublish/submit", media_id=media_id)["errcode"] == 40007


@pytest.mark.parametrize(("removed", "second", "code", "articles"), [
    ("submit", "ok", 40007, 1), ("submit", "again", 40007, 1), ("finish", "ok", 0, 1), ("finish", "error", 53503, 1), ("finish", "again", 0, 2)])
def test_offers_every_answer_to_a_second_submit(far, caller, removed, second, code, articles):
    far.switch(draft_removed=removed, second_submit=second, questions=1)
    media_id = caller.draft()["media_id"]
    job = caller.say("freepublish/submit", media_id=media_id)["publish_id"]
    assert caller.say("freepublish/submit", media_id=media_id)["errcode"] == code
    for _ in range(3):
        caller.say("freepublish/get", publish_id=job)
    assert (len(far.articles()), far.drafts()) == (articles, [])


def test_lists_show_what_is_new_a_little_late_where_it_is_switched_so(far, caller):
    far.switch(lag=2)
    caller.draft()
    counts = [caller.say("draft/batchget", offset=0, count=20)["total_count"] for _ in range(3)]
    assert counts == [0, 0, 1]


def test_an_account_without_the_right_may_make_drafts_only(far, caller):
    far.switch(personal=True)
    media_id = caller.draft()["media_id"]
    assert caller.say("freepublish/submit", media_id=media_id)["errcode"] == 48001
    assert caller.say("freepublish/batchget", offset=0, count=20)["errcode"] == 48001


def test_a_deleted_article_is_marked_and_gone_from_view(far, caller):
    far.switch(questions=0)
    job = caller.say("freepublish/submit", media_id=caller.draft()["media_id"])["publish_id"]
    article = caller.say("freepublish/get", publish_id=job)["article_id"]
    assert requests.get(f"{far.url}/s/{article}", timeout=20).status_code == 200
    assert caller.say("freepublish/delete", article_id=article, index=0)["errcode"] == 0
    assert caller.say("freepublish/getarticle", article_id=article)["news_item"][0]["is_deleted"]
    assert requests.get(f"{far.url}/s/{article}", timeout=20).status_code == 404


def test_moods_and_switches_are_told_over_the_wire_too(far, caller):
    def tell(name, **said):
        return requests.post(f"{far.url}/_{name}", json=said, timeout=20).status_code

    assert tell("mood", mood="busy", call="draft/add", times=1) == 200
    assert caller.draft()["errcode"] == 45011
    assert "media_id" in caller.draft()
    assert tell("switch", account="练习") == 200
    assert tell("clock", at=(NOON + timedelta(minutes=1)).isoformat()) == 200
    assert far.now() == NOON + timedelta(minutes=1)
    assert [tell("mood", mood="merry"), tell("switch", nonsense=1), tell("dance"), tell("clock", at="noon")] == [400] * 4


@pytest.mark.parametrize("mood", MOODS)
def test_has_every_mood_it_names(far, caller, mood):
    far.mood(mood, "draft/add", times=1)
    try:
        answer = caller.draft()
    except (requests.RequestException, ValueError):
        answer = {}
    done = bool(far.drafts())
    assert done == (mood in ("fine", "silent after accepting", "hangs up after accepting", "garbles", "fails after accepting", "half an answer", "empty answer",
                             "wrong charset"))
    assert ("media_id" in answer) == (mood == "fine")
    if mood == "refuses":
        assert answer["errcode"] == REFUSALS["draft/add"][0]
    if mood == "late commit":
        assert far.commit() == 1
        assert far.drafts()


class _Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"


def test_its_pages_are_proper_html_and_name_no_one_outside(far, caller):
    """A draft box with its button, the list, an article, and what is left of a deleted one."""
    far.switch(questions=0, account="清水<街道>")
    address = caller.upload("media/uploadimg", JPEG)["url"]
    caller.say("freepublish/submit", media_id=caller.draft(title="<b>& 通告", content=f'<p>文<img src="{address}"></p>')["media_id"])
    caller.draft(title="草稿 & 一")
    article = far.articles()[0]["article_id"]
    for path in ("/", f"/s/{article}", "/s/none"):
        text = requests.get(far.url + path, timeout=20).content.decode()
        html5lib.HTMLParser(strict=True).parse(text)
        reader = _Ids()
        reader.feed(text)
        assert reader.scripts == 0
        assert "mmbiz.qpic.cn" not in text
    page = requests.get(f"{far.url}/s/{article}", timeout=20).content.decode()
    assert "&lt;b&gt;&amp; 通告" in page
    picture = requests.get(far.url + page.split('<img src="')[1].split('"')[0], timeout=20)
    assert (picture.content, picture.headers["Content-Type"]) == (JPEG, "image/jpeg")


def test_staff_in_training_press_the_button(far, caller):
    far.switch(questions=0)
    media_id = caller.draft()["media_id"]
    answer = requests.post(f"{far.url}/_publish", data={"media_id": media_id}, timeout=20)
    assert (answer.status_code, answer.url, len(far.articles())) == (200, f"{far.url}/", 1)


def test_remembers_after_it_is_started_anew(tmp_path):
    with Sandbox(tmp_path / "far.db", now=lambda: NOON) as first:
        caller = Caller(first)
        media_id = caller.draft()["media_id"]
    with Sandbox(tmp_path / "far.db", now=lambda: NOON) as again:
        caller.far = again
        assert caller.say("draft/get", media_id=media_id)["news_item"][0]["title"] == "通告"
        assert again.calls("draft/add") == 1

"""Getting in and out: what a person reads when they may, and when they may not."""

from __future__ import annotations

import base64
import html
import logging
import re
import time
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from desk import people, scratch, second_factor
from desk.models import Membership, Person, Scratch
from desk.people import Place
from desk.roles import EVERY_OFFICE, Role
from tests.desk.stage import NAMES, PASSWORD, Stage, stranger
from tests.flows.stage import CODE
from tests.ledger.race import meeting

pytestmark = pytest.mark.ledger
NEW_PASSWORD = "橘子洲头的第三盏灯还亮着"


@pytest.fixture(autouse=True)
def quick_passwords(settings_of) -> None:
    """A hash that takes its time protects nobody here."""
    settings_of(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])


def known(desk: Stage, role: Role) -> Person:
    """The person of that role, with a password of their own."""
    person = desk.person(role)
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(username: str, password: str = PASSWORD, *, client: Client | None = None, **fields: str):
    return (client or stranger()).post("/login/", {"username": username, "password": password, **fields})


def read(answer) -> str:
    return html.unescape(answer.content.decode())


def found(pattern: str, text: str) -> str:
    """What stands there."""
    match = re.search(pattern, text)
    assert match, pattern
    return match[1]


def digits(device: TOTPDevice, *, steps: int = 0) -> str:
    """What the telephone shows."""
    totp = TOTP(device.bin_key)
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


# login


def test_a_clerk_signs_in_and_is_led_to_the_page_they_asked_for(desk) -> None:
    known(desk, Role.CLERK)
    client = stranger()
    asked = client.get(f"/{CODE}/book/")
    assert asked["Location"] == f"/login/?next=/{CODE}/book/"
    assert f'name="next" value="/{CODE}/book/"' in read(client.get(asked["Location"]))
    answer = sign_in("clerk", client=client, next=f"/{CODE}/book/")
    assert answer["Location"] == f"/{CODE}/book/"
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "http:///evil.example"])
def test_nobody_is_led_off_the_desk(desk_sqlite, elsewhere: str) -> None:
    known(desk_sqlite, Role.CLERK)
    assert sign_in("clerk", next=elsewhere)["Location"] == "/"


def test_a_wrong_login_and_a_wrong_password_read_the_same(desk_sqlite) -> None:
    """Nobody learns who has an account, or whose is closed."""
    known(desk_sqlite, Role.CLERK)
    gone = known(desk_sqlite, Role.REPORTER)
    gone.is_active = False
    gone.save()
    said = {re.sub(r'value="[^"]*"', "", read(sign_in(*words))) for words in (("clerk", "x"), ("nobody", "x"), ("reporter", PASSWORD))}
    assert len(said) == 1
    assert "账号或密码不对" in said.pop()


def test_six_wrong_passwords_close_the_door_for_a_while(desk) -> None:
    """Also for the right one, and in Chinese; a colleague at another desk still gets in."""
    known(desk, Role.CLERK)
    known(desk, Role.REPORTER)
    for _ in range(6):
        sign_in("clerk", "x")
    answer = sign_in("clerk")
    assert answer.status_code == 429
    assert "十五分钟内不能再用这个账号登录" in read(answer)
    assert sign_in("reporter").status_code == 302


def test_the_session_is_another_one_after_login(desk_sqlite) -> None:
    """A session that somebody planted is worth nothing (fixation)."""
    known(desk_sqlite, Role.CLERK)
    client = stranger()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["gongkai"] = str(session.session_key)
    sign_in("clerk", client=client)
    assert client.cookies["gongkai"].value != session.session_key


def test_the_session_ends_after_a_working_day_and_with_the_browser(desk_sqlite) -> None:
    known(desk_sqlite, Role.CLERK)
    client = stranger()
    answer = sign_in("clerk", client=client)
    cookie = answer.cookies["gongkai"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")
    assert client.session.get_expiry_age() == 9 * 3600


def test_signing_out_needs_a_press_of_the_button(desk_sqlite) -> None:
    client = desk_sqlite.browser(Role.CLERK)
    assert client.get("/logout/").status_code == 405
    assert client.get("/account/").status_code == 200
    client.post("/logout/")
    assert client.get("/account/").status_code == 302
    assert "已退出" in read(client.get("/login/"))


def test_home_leads_to_the_only_office_or_lets_one_choose(desk_sqlite) -> None:
    assert desk_sqlite.browser(Role.CLERK).get("/")["Location"] == f"/{CODE}/today/"
    assert desk_sqlite.browser(Role.ADMINISTRATOR).get("/")["Location"] == "/people/"
    nobody = Person.objects.create(username="x", name="新来的", password="!")
    client = stranger()
    client.force_login(nobody, backend="django.contrib.auth.backends.ModelBackend")
    assert "还没有任何单位的角色" in read(client.get("/"))


def test_no_secret_reaches_the_log(desk_sqlite, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    known(desk_sqlite, Role.CLERK)
    sign_in("clerk", "a-wrong-secret")
    sign_in("clerk")
    assert "signed in: clerk" in caplog.text
    assert PASSWORD not in caplog.text
    assert "a-wrong-secret" not in caplog.text


# the language


def test_the_desk_speaks_chinese_whatever_the_browser_prefers_until_asked(desk_sqlite) -> None:
    client = stranger()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en-US,en;q=0.9"
    assert 'lang="zh-hans"' in read(client.get("/login/"))
    answer = client.post("/language/", {"language": "en", "next": "/login/"})
    assert answer["Location"] == "/login/"
    assert 'lang="en"' in read(client.get("/login/"))
    client.post("/language/", {"language": "zh-hans", "next": "https://evil.example/"})
    assert 'lang="zh-hans"' in read(client.get("/login/"))


# passwords


def test_a_first_password_is_changed_by_its_owner(desk) -> None:
    _, first = people.add(username="wangfang", name="王芳", places=[Place(office=CODE, role=Role.CLERK)], by="test")
    client = stranger()
    answer = sign_in("wangfang", first, client=client, next=f"/{CODE}/book/")
    assert answer["Location"].startswith("/password/")
    assert "别人替您设的" in read(client.get(answer["Location"]))
    assert client.get(f"/{CODE}/book/")["Location"] == "/password/"
    sent = {"old_password": first, "new_password1": first, "new_password2": first}
    assert "和现在的一样" in read(client.post("/password/", sent))
    for weak, said in (("短", "至少要 10 个字"), ("20240101202401", "只包含数字"), ("wangfang12", "账号")):
        sent |= {"new_password1": weak, "new_password2": weak}
        answer = client.post("/password/", sent)
        assert answer.status_code == 200
        assert said in read(answer) or weak == "wangfang12"
    sent |= {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD, "next": f"/{CODE}/book/"}
    assert client.post("/password/", sent)["Location"] == f"/{CODE}/book/"
    assert client.get("/account/").status_code == 200  # still signed in
    assert sign_in("wangfang", first).status_code == 200
    assert sign_in("wangfang", NEW_PASSWORD).status_code == 302


def test_a_new_password_signs_out_whoever_used_the_old(desk_sqlite) -> None:
    known(desk_sqlite, Role.CLERK)
    here, elsewhere = stranger(), stranger()
    sign_in("clerk", client=here)
    sign_in("clerk", client=elsewhere)
    here.post("/password/", {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


# the second factor


def enrol(client: Client) -> tuple[TOTPDevice, list[str]]:
    """Do what the page says; the device and the ten codes."""
    page = read(client.get("/second-factor/enrol/"))
    token = found(r'name="offer" value="([^"]+)"', page)
    typed = found(r'class="key">([A-Z2-7 ]+)<', page)
    assert "data:image/svg+xml" in page
    plain = typed.replace(" ", "")
    shown = TOTPDevice(key=base64.b32decode(plain + "=" * (-len(plain) % 8)).hex())
    assert "验证码不对" in read(client.post("/second-factor/enrol/", {"offer": token, "code": "000000"}))
    answer = client.post("/second-factor/enrol/", {"offer": token, "code": digits(shown)})
    assert "no-store" in answer["Cache-Control"]
    return TOTPDevice.objects.get(), re.findall(r"<code>(\w+)</code>", read(answer))


def test_a_reviewer_sets_up_a_telephone_and_then_shows_it_at_every_login(desk) -> None:
    known(desk, Role.REVIEWER)
    client = stranger()
    answer = sign_in("reviewer", client=client, next=f"/{CODE}/reviews/")
    assert answer["Location"].startswith("/second-factor/")
    assert client.get(answer["Location"])["Location"].startswith("/second-factor/enrol/?next=")
    device, codes = enrol(client)
    assert len(set(codes)) == 10
    assert client.get(f"/{CODE}/reviews/").status_code == 200

    again = stranger()
    onward = sign_in("reviewer", client=again, next=f"/{CODE}/reviews/")["Location"]
    assert again.get(f"/{CODE}/reviews/").status_code == 302
    assert "验证码不对" in read(again.post(onward, {"code": "not it"}))
    TOTPDevice.objects.update(throttling_failure_count=0)
    assert again.post(onward, {"code": digits(device, steps=1), "next": f"/{CODE}/reviews/"})["Location"] == f"/{CODE}/reviews/"
    assert again.get(f"/{CODE}/reviews/").status_code == 200


def test_digits_and_backup_codes_open_the_desk_once(desk_sqlite) -> None:
    known(desk_sqlite, Role.SIGNER)
    client = stranger()
    sign_in("signer", client=client)
    device, codes = enrol(client)
    used = digits(device)
    for words, opens in ((used, False), (codes[0], True), (codes[0], False), (f" {codes[1].upper()} ", True)):
        TOTPDevice.objects.update(throttling_failure_count=0)
        StaticToken.objects.first().device.throttle_reset()
        other = stranger()
        sign_in("signer", client=other)
        assert (other.post("/second-factor/", {"code": words}).status_code == 302) is opens, words
    assert StaticToken.objects.count() == 8


def test_a_password_alone_replaces_no_telephone(desk_sqlite) -> None:
    """Whoever stole a password does not get to bring their own second factor, nor new backup codes."""
    desk_sqlite.browser(Role.SIGNER)
    thief = desk_sqlite.browser(Role.SIGNER, verified=False)
    for url in ("/second-factor/enrol/", "/second-factor/backup-codes/"):
        assert thief.post(url, {"code": "1"})["Location"] == "/second-factor/"
    assert TOTPDevice.objects.count() == 1


def test_of_two_who_ask_for_codes_or_show_a_telephone_at_once_the_second_replaces_the_firsts(desk) -> None:
    """One paper and one telephone open the desk, and not the one that was thought to be replaced."""
    person = known(desk, Role.REVIEWER)
    both = meeting(2, 'FROM "otp_static_staticdevice"', lambda _: second_factor.backup_codes(person))
    assert [len(codes) for codes in both] == [10, 10]
    assert second_factor.backup_codes_left(person) == 10
    keys = [TOTPDevice(key=second_factor.offer(person).key) for _ in (1, 2)]
    shown = meeting(2, 'FROM "otp_totp_totpdevice"', lambda n: second_factor.enrol(person, keys[n].key, digits(keys[n])))
    assert None not in shown
    assert (TOTPDevice.objects.count(), second_factor.backup_codes_left(person)) == (1, 10)


def test_a_role_that_two_give_at_once_is_given_once(desk) -> None:
    person, wanted = desk.person(Role.OPERATOR), Place(office=EVERY_OFFICE, role=Role.ADMINISTRATOR)
    assert meeting(2, 'FROM "desk_membership"', lambda _: people.place(person=person, places=[wanted], by="某")) == [None, None]
    assert list(person.memberships.values_list("office", "role")) == [(EVERY_OFFICE, Role.ADMINISTRATOR)]


def test_a_clerk_who_has_a_second_factor_shows_it_though_no_role_asks(desk_sqlite) -> None:
    known(desk_sqlite, Role.CLERK)
    client = stranger()
    sign_in("clerk", client=client)
    enrol(client)
    other = stranger()
    assert sign_in("clerk", client=other)["Location"].startswith("/second-factor/")
    assert other.get(f"/{CODE}/book/")["Location"].startswith("/second-factor/")


def test_an_offered_key_is_one_person_s(desk_sqlite) -> None:
    """A page of one person, sent by another, enrols a key of their own."""
    first, second = desk_sqlite.browser(Role.CLERK), desk_sqlite.browser(Role.REPORTER)
    token = found(r'name="offer" value="([^"]+)"', read(first.get("/second-factor/enrol/")))
    page = read(second.post("/second-factor/enrol/", {"offer": token, "code": "123456"}))
    assert token not in page


# people


def test_an_administrator_adds_somebody_and_reads_the_password_once(desk) -> None:
    admin = desk.browser(Role.ADMINISTRATOR)
    answer = admin.post("/people/new/", {"username": "wangfang", "name": "王芳", "places": [f"{CODE}:clerk", f"{CODE}:reviewer"]})
    password = found(r'class="key">([a-z0-9-]+)<', read(answer))
    assert "no-store" in answer["Cache-Control"]
    assert sign_in("wangfang", password).status_code == 302
    assert "待换密码" in read(admin.get("/people/"))
    person = Person.objects.get(username="wangfang")
    assert password not in read(admin.get(f"/people/{person.pk}/"))
    assert "保密审查人" in read(admin.get("/people/"))


@pytest.mark.parametrize(("changed", "said"), [
    ({"username": "CLERK"}, "已有人使用这个账号"), ({"name": NAMES[Role.CLERK]}, "已有同名人员"), ({"username": "王 芳"}, "账号只能用"),
    ({"places": [f"{CODE}:clerk", "*:administrator"]}, "同一账号不能再有其他角色"), ({"places": ["nowhere:clerk"]}, "nowhere:clerk"),
    ({"name": ""}, "必填")])
def test_a_person_who_cannot_be_is_refused_beside_the_field(desk_sqlite, changed: dict, said: str) -> None:
    desk_sqlite.person(Role.CLERK)
    sent = {"username": "wangfang", "name": "王芳", "places": [f"{CODE}:clerk"], **changed}
    answer = read(desk_sqlite.browser(Role.ADMINISTRATOR).post("/people/new/", sent))
    assert said in answer
    assert not Person.objects.filter(username="wangfang", name="王芳").exists()


def test_roles_change_at_once(desk_sqlite) -> None:
    clerk, admin = desk_sqlite.browser(Role.CLERK), desk_sqlite.browser(Role.ADMINISTRATOR)
    person = desk_sqlite.person(Role.CLERK)
    answer = admin.post(f"/people/{person.pk}/", {"action": "roles", "places": [f"{CODE}:reporter"]}, follow=True)
    assert "角色已更新" in read(answer)
    assert set(Membership.objects.filter(person=person).values_list("office", "role")) == {(CODE, "reporter")}
    assert clerk.get(f"/{CODE}/write/").status_code == 403


def test_an_administrator_looks_after_ways_in(desk_sqlite) -> None:
    admin, person = desk_sqlite.browser(Role.ADMINISTRATOR), known(desk_sqlite, Role.SIGNER)
    desk_sqlite.browser(Role.SIGNER)
    url = f"/people/{person.pk}/"
    assert "手机验证已清除" in read(admin.post(url, {"action": "second-factor"}, follow=True))
    assert not TOTPDevice.objects.filter(user=person).exists()
    new = found(r'class="key">([a-z0-9-]+)<', read(admin.post(url, {"action": "password"})))
    assert sign_in("signer").status_code == 200
    assert sign_in("signer", new)["Location"].startswith("/password/")
    assert "账号已停用" in read(admin.post(url, {"action": "close"}, follow=True))
    assert sign_in("signer", new).status_code == 200
    admin.post(url, {"action": "open"})
    assert sign_in("signer", new).status_code == 302
    assert admin.post(url, {"action": "no such thing"}).status_code == 404


def test_somebody_is_always_left_to_look_after_accounts(desk) -> None:
    admin, person = desk.browser(Role.ADMINISTRATOR), desk.person(Role.ADMINISTRATOR)
    url = f"/people/{person.pk}/"
    for sent in ({"action": "roles", "places": []}, {"action": "close"}):
        assert "最后一位能登录的管理员" in read(admin.post(url, sent, follow=True))
    assert "我的账号" in read(admin.post(url, {"action": "password"}, follow=True))
    assert people.administrators() == [person]


# words that outlive a session


def test_what_was_typed_when_the_session_had_ended_is_there_after_login(desk) -> None:
    """In the form itself, where the form restores itself; nothing is kept for a stranger."""
    known(desk, Role.CLERK)
    client = stranger()
    words = {"title": "关于停水的通知", "body": "<p>写了一个上午</p>", "scratch": "edition:17", "csrfmiddlewaretoken": "x"}
    page = client.post(f"/{CODE}/write/17/submit/", words, headers={"referer": f"http://127.0.0.1/{CODE}/write/17/"})
    assert page.status_code == 403
    assert "写的文字都在" in read(page)
    assert (Scratch.objects.count(), Session.objects.count()) == (0, 0)
    carried = html.unescape(found(r'name="rescued" value="([^"]+)"', page.content.decode()))

    wrong = sign_in("clerk", "x", client=client, rescued=carried)
    assert "写了一个上午" in read(wrong)  # still carried along
    answer = sign_in("clerk", client=client, rescued=carried, next=f"/{CODE}/write/17/")
    assert answer["Location"] == f"/{CODE}/write/17/"
    kept = scratch.show(NAMES[Role.CLERK], CODE, "edition:17")
    assert kept is not None
    assert dict(kept.fields().lists()) == {"title": ["关于停水的通知"], "body": ["<p>写了一个上午</p>"]}
    assert "附件和图片需要重新选择" in read(client.get("/account/"))


def test_words_of_a_form_that_does_not_restore_itself_can_be_sent_again(desk_sqlite) -> None:
    known(desk_sqlite, Role.REVIEWER)
    reviewer = desk_sqlite.browser(Role.REVIEWER)
    client = stranger()
    url = f"/{CODE}/reviews/17/"
    page = client.post(url, {"reason": "<b>第二段</b>的数字不对", "verdict": "return"})
    carried = html.unescape(found(r'name="rescued" value="([^"]+)"', page.content.decode()))
    onward = sign_in("reviewer", client=client, rescued=carried)["Location"]
    assert onward.startswith("/second-factor/?next=")
    shown = reviewer.get(f"/{CODE}/rescued/{scratch.page_key(url).partition(':')[2]}/")
    assert "&lt;b&gt;第二段&lt;/b&gt;的数字不对" in shown.content.decode()
    assert f'action="{url}"' in read(shown)
    assert "已丢弃" in read(reviewer.post(shown.request["PATH_INFO"], follow=True))
    assert Scratch.objects.count() == 0


def test_words_are_kept_also_where_only_the_second_factor_is_missing(desk_sqlite) -> None:
    client = desk_sqlite.browser(Role.SIGNER, verified=False)
    answer = client.post(f"/{CODE}/signatures/17/", {"reason": "标题过长"})
    assert "%2Frescued%2F" in answer["Location"]
    assert Scratch.objects.get().data["reason"] == ["标题过长"]


@pytest.mark.parametrize("forged", [
    "no json", "[]", '["qingshui"]', "[" * 4000, '["qingshui", "edition:1", "https://evil.example/", "/", {}]',
    '["qingshui", "edition:1", "/x/", "//evil.example/", {"a": ["b"]}]', '["qingshui", "../etc", "/x/", "/x/", {"a": ["b"]}]',
    '["qingshui", "edition:1", "/x/", "/x/", 7]', '[1, 2, 3, 4, {}]', '["elsewhere", "edition:1", "/x/", "/x/", {"a": ["b"]}]'])
def test_what_no_page_of_ours_wrote_is_not_kept(desk_sqlite, forged: str) -> None:
    known(desk_sqlite, Role.CLERK)
    assert sign_in("clerk", rescued=forged)["Location"] == "/"
    assert Scratch.objects.count() == 0


def test_more_words_than_are_kept_lead_to_the_login_page_alone(desk_sqlite) -> None:
    client = stranger()
    assert client.post(f"/{CODE}/write/17/", {"body": "长" * (scratch.LIMIT + 1)}).status_code == 302
    assert not scratch.keep(desk_sqlite.person(Role.CLERK).name, CODE, "edition:1", {"body": ["长" * (scratch.LIMIT + 1)]}, datetime.now(UTC))


def test_a_page_s_own_request_is_told_that_the_session_ended(desk_sqlite) -> None:
    """What saves by itself says so in its line; what only looks goes to the login page."""
    client = stranger()
    saved = client.post(f"/{CODE}/write/17/", {"body": "x"}, headers={"HX-Request": "true"})
    assert saved.status_code == 200
    assert "内容不会丢失" in read(saved)
    looked = client.get(f"/{CODE}/book/?words=x", headers={"HX-Request": "true", "HX-Current-URL": f"http://127.0.0.1/{CODE}/book/"})
    assert looked["HX-Redirect"] == f"/login/?next=%2F{CODE}%2Fbook%2F"


def test_too_much_at_once_is_refused_in_chinese_before_it_is_read(desk_sqlite, settings_of) -> None:
    settings_of(REQUEST_LIMIT=2**20)
    answer = desk_sqlite.browser(Role.CLERK).post(f"/{CODE}/write/new/", {"body": "x" * 2**21})
    assert answer.status_code == 413
    assert "超过 1 MB，没有接收" in read(answer)


def test_a_stale_form_shows_the_words_that_were_not_taken(desk_sqlite) -> None:
    """The mark is another after a login elsewhere; what was typed can be copied from the page that says so."""
    clerk = desk_sqlite.browser(Role.CLERK)
    client = stranger(enforce_csrf_checks=True)
    client.cookies = clerk.cookies
    answer = client.post(f"/{CODE}/write/new/", {"title": "停水<通知>", "body": "写了一个上午", "password": "geheim"})
    assert answer.status_code == 403
    assert "写了一个上午" in read(answer)
    assert "停水&lt;通知&gt;" in answer.content.decode()
    assert "geheim" not in read(answer)

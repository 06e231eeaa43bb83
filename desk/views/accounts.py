"""Getting in and out: login, password, second factor, the account, the way to an office's desk."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

import django_otp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as sign_in
from django.contrib.auth import logout as sign_out
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

from desk import clock, rescue, scratch, second_factor
from desk.access import DUE, EVERYBODY, SIGNED_IN, Seat, administers, offices_of, opened_to, roles_in, serves
from desk.forms.accounts import CodeForm, LoginForm, NewPasswordForm
from desk.models import Person
from desk.roles import LABELS, READERS, Role

log = logging.getLogger("gongkai.desk")


def _person(request: HttpRequest) -> Person:
    """Whoever is signed in; `opened_to(SIGNED_IN)` has seen to it that somebody is."""
    assert isinstance(request.user, Person)  # noqa: S101
    return request.user


def _next(request: HttpRequest) -> str:
    """Where to go on to; the start page where that is nowhere of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if rescue.own(request, asked) else reverse("home")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the one office's desk; a choice where there are several."""
    person = _person(request)
    desks = offices_of(person)
    if len(desks) == 1:
        return redirect("today", office=desks[0].office.code)
    if administers(person) and not desks:
        return redirect("people")
    return render(request, "desk/accounts/home.html", {"desks": [(hand, _roles(person, hand.office.code)) for hand in desks]})


def _roles(person: Person, office: str) -> list[str]:
    held = roles_in(person, office)
    return [LABELS[role] for role in Role if role in held]


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Login and password; throttled by django-axes."""
    if isinstance(request.user, Person) and request.method == "GET":
        return redirect(_next(request))
    form = LoginForm(request, data=request.POST if request.method == "POST" else None)
    rescued = rescue.from_field(request)
    if form.is_valid():
        person = form.get_user()
        assert isinstance(person, Person)  # noqa: S101 - AUTH_USER_MODEL
        sign_in(request, person)
        request.session[DUE] = second_factor.enrolled(person)
        log.info("signed in: %s", person.username)
        then = _next(request)
        if rescued is not None and roles_in(person, rescued.office) & READERS:
            then = rescued.keep(person, clock.now())
            messages.info(request, _("登录已过期，刚才提交的内容没有保存，但文字都还在。请核对后再提交；附件和图片需要重新选择。"))
        return _on(person, then)
    return render(request, "desk/accounts/login.html", {
        "form": form, "next": _next(request), "rescued": rescued.as_field() if rescued else ""}, status=200)


def _on(person: Person, then: str) -> HttpResponse:
    """Where somebody goes who has just given their password: by way of what they have to do first."""
    onward = urlencode({"next": then})
    if person.must_change_password:
        return HttpResponseRedirect(f"{reverse('password')}?{onward}")
    if second_factor.needed(person) or second_factor.enrolled(person):
        return HttpResponseRedirect(f"{reverse('second-factor')}?{onward}")
    return HttpResponseRedirect(then)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    sign_out(request)
    messages.success(request, _("已退出。"))
    return redirect(settings.LOGIN_URL)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; whoever else is signed in by the old one is signed out."""
    person = _person(request)
    form = NewPasswordForm(person, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        person.must_change_password = False
        form.save()
        update_session_auth_hash(request, person)
        log.info("changed their password: %s", person.username)
        messages.success(request, _("密码已更换。"))
        return HttpResponseRedirect(_next(request)) if person.is_verified() else _on(person, _next(request))  # type: ignore[attr-defined]
    return render(request, "desk/accounts/password.html", {"form": form, "first": person.must_change_password, "next": _next(request)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The second factor's digits."""
    person = _person(request)
    if not second_factor.enrolled(person):
        return HttpResponseRedirect(f"{reverse('second-factor-enrol')}?{urlencode({'next': _next(request)})}")
    if person.is_verified() and request.method == "GET":  # type: ignore[attr-defined]
        return HttpResponseRedirect(_next(request))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = second_factor.match(person, form.cleaned_data["code"])
        if device is not None:
            django_otp.login(request, device)
            return HttpResponseRedirect(_next(request))
        log.warning("wrong second factor: %s", person.username)
        form.add_error("code", _("验证码不对，或者已经用过。请等手机上换出新的一组再输；多次输错后要等一会儿才能再试。"))
    return render(request, "desk/accounts/verify.html", {"form": form, "next": _next(request)})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Take a second factor into use, for the first time or on another telephone."""
    person = _person(request)
    if second_factor.enrolled(person) and not person.is_verified():  # type: ignore[attr-defined]
        return redirect("second-factor")  # a password alone does not replace what is there to back it up
    offered = second_factor.offered(person, request.POST.get("offer", "")) or second_factor.offer(person)
    form = CodeForm(request.POST or None)
    del form.fields["code"].widget.attrs["autofocus"]  # the picture above is what comes first
    if request.method == "POST" and form.is_valid():
        done = second_factor.enrol(person, offered.key, form.cleaned_data["code"])
        if done is not None:
            device, codes = done
            django_otp.login(request, device)
            log.info("took a second factor into use: %s", person.username)
            return _codes(request, codes)
        form.add_error("code", _("验证码不对。请确认手机时间准确，再输入手机上最新的六位数字。"))
    return render(request, "desk/accounts/enrol.html", {
        "form": form, "offer": offered, "picture": offered.picture(person), "next": _next(request),
        "roles": [LABELS[role] for role in second_factor.told_roles(person)]})


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "desk/accounts/backup_codes.html", {"codes": codes, "next": _next(request)})


@never_cache
@require_POST
def backup_codes(request: HttpRequest) -> HttpResponse:
    """Ten new backup codes."""
    person = _person(request)
    if not person.is_verified():  # type: ignore[attr-defined]
        return redirect("second-factor")
    log.info("made new backup codes: %s", person.username)
    return _codes(request, second_factor.backup_codes(person))


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What the desk knows of the person."""
    person = _person(request)
    return render(request, "desk/accounts/account.html", {
        "desks": [(hand, _roles(person, hand.office.code)) for hand in offices_of(person)],
        "enrolled": second_factor.enrolled(person),
        "needed": second_factor.needed(person), "left": second_factor.backup_codes_left(person)})


@require_http_methods(["GET", "HEAD", "POST"])
def rescued(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """What somebody typed into a form whose session had ended: to be read, sent again, or forgotten."""
    whole = f"page:{key}"
    kept = scratch.show(seat.person, seat.office, whole)
    if request.method == "POST":
        scratch.drop(seat.person, seat.office, whole)
        messages.success(request, _("已丢弃。"))
        return redirect("today", office=seat.office)
    if kept is None:
        messages.info(request, _("这些内容已经提交或丢弃。"))
        return redirect("today", office=seat.office)
    return render(request, "desk/accounts/rescued.html", _rescued_words(kept))


def _rescued_words(kept: scratch.Kept) -> dict[str, Any]:
    sent = [(name, value) for name, values in kept.data.items() if name != rescue.PATH for value in values]
    return {"path": kept.data[rescue.PATH][0], "fields": sent, "texts": [value for _name, value in sent if value.strip()], "at": kept.at,
            "PATH": rescue.PATH}


urlpatterns: list[URLPattern] = [
    path("", opened_to(*SIGNED_IN)(home), name="home"),
    path("login/", opened_to(*EVERYBODY)(login), name="login"),
    path("logout/", opened_to(*SIGNED_IN)(logout), name="logout"),
    path("password/", opened_to(*SIGNED_IN)(password), name="password"),
    path("second-factor/", opened_to(*SIGNED_IN)(verify), name="second-factor"),
    path("second-factor/enrol/", opened_to(*SIGNED_IN)(enrol), name="second-factor-enrol"),
    path("second-factor/backup-codes/", opened_to(*SIGNED_IN)(backup_codes), name="backup-codes"),
    path("account/", opened_to(*SIGNED_IN)(account), name="account"),
    path("language/", opened_to(*EVERYBODY)(require_POST(set_language)), name="language"),
    path("<slug:office>/rescued/<slug:key>/", serves(*READERS)(rescued), name="rescued"),
]

"""Who may open the desk: for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from desk import offices, people, second_factor
from desk.access import administrators_only
from desk.forms.accounts import PersonForm, PlacesForm
from desk.models import Person
from desk.people import PeopleError
from desk.roles import EVERY_OFFICE, LABELS, Role

ACTIONS = ("roles", "password", "second-factor", "close", "open")


def said(error: PeopleError) -> str:
    """Why something could not be done, for the administrator."""
    return {
        "username": _("账号只能用字母、数字和 @ . + - _，最长 150 个字。"),
        "username_taken": _("已有人使用这个账号（不分大小写），请换一个。"),
        "name": _("姓名不能为空，最长 80 个字。"),
        "name_taken": _("已有同名人员。台账按姓名区分，请加注以示区别，如“王芳（党政办）”。"),
        "administrator": _("管理员管账号和角色，不参与信息公开：同一账号不能再有其他角色。确有需要时，请另建一个账号。"),
        "everywhere": _("管理员不分单位。"),
        "office": _("配置中已没有这个单位，请刷新后重试。"),
        "last": _("这是最后一位能登录的管理员，请先另设一位。"),
    }[error.code]


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Everybody, with their roles."""
    found = Person.objects.prefetch_related("memberships").order_by("-is_active", "name")
    return render(request, "desk/accounts/people.html", {"people": [(person, _told(person)) for person in found]})


def _told(person: Person) -> list[tuple[str, list[str]]]:
    """Offices by name with the roles there."""
    hands = offices.hands()
    held: dict[str, list[Role]] = {}
    for one in person.memberships.all():
        held.setdefault(one.office, []).append(Role(one.role))
    out = []
    for code, roles in sorted(held.items()):
        name = _("全部单位") if code == EVERY_OFFICE else hands[code].office.short_name if code in hands else code
        out.append((name, [LABELS[role] for role in Role if role in roles]))
    return out


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a person. Their password is on the page that answers, and nowhere else."""
    form = PersonForm(request.POST or None, hands=offices.hands())
    if request.method == "POST" and form.is_valid():
        try:
            person, password = people.add(username=form.cleaned_data["username"], name=form.cleaned_data["name"],
                                          places=form.cleaned_data["places"], by=request.user.get_username())
            return _password_once(request, person, password)
        except PeopleError as error:
            _beside(form, error)
    return render(request, "desk/accounts/person_new.html", {"form": form})


def _password_once(request: HttpRequest, person: Person, password: str) -> HttpResponse:
    return render(request, "desk/accounts/password_once.html", {
        "person": person, "password": password, "second_factor": second_factor.needed(person)})


def _beside(form: PlacesForm, error: PeopleError) -> None:
    """The error at the field that it is about."""
    field = {"username": "username", "username_taken": "username", "name": "name", "name_taken": "name"}.get(error.code, "places")
    form.add_error(field, said(error))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One person: their roles, their way in."""
    person = get_object_or_404(Person, pk=number)
    action = request.POST.get("action", "")
    if request.method == "POST" and action not in ACTIONS:
        raise Http404
    form = PlacesForm(request.POST if action == "roles" else None, hands=offices.hands(), initial={
        "places": [f"{each.office}:{each.role}" for each in person.memberships.all()]})
    if request.method == "POST":
        try:
            if answer := _do(request, person, action, form):
                return answer
        except PeopleError as error:
            _beside(form, error) if action == "roles" else messages.error(request, said(error))
    return render(request, "desk/accounts/person.html", {
        "person": person, "form": form, "enrolled": second_factor.enrolled(person), "myself": person.pk == request.user.pk})


def _do(request: HttpRequest, person: Person, action: str, form: PlacesForm) -> HttpResponse | None:
    """Do it and go on; None where the form says what is wrong."""
    by = request.user.get_username()
    if person.pk == request.user.pk and action in ("password", "second-factor"):
        messages.error(request, _("自己的密码和手机验证请在“我的账号”里更换。"))
        return redirect("person", number=person.pk)
    if action == "password":
        return _password_once(request, person, people.reset_password(person=person, by=by))
    if action == "roles":
        if not form.is_valid():
            return None
        people.place(person=person, places=form.cleaned_data["places"], by=by)
        messages.success(request, _("角色已更新。"))
    elif action == "second-factor":
        people.reset_second_factor(person=person, by=by)
        messages.success(request, _("手机验证已清除，本人下次登录时重新设置。"))
    else:
        people.switch(person=person, active=action == "open", by=by)
        messages.success(request, _("账号已启用。") if action == "open" else _("账号已停用，本人已不能登录；台账中的记录不变。"))
    return redirect("person", number=person.pk)


urlpatterns: list[URLPattern] = [
    path("people/", administrators_only(listed), name="people"),
    path("people/new/", administrators_only(new), name="person-new"),
    path("people/<int:number>/", administrators_only(one), name="person"),
]

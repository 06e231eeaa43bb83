"""Forms about accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.house import OfficeHand
from desk.people import NAME_LENGTH, Place
from desk.roles import EVERY_OFFICE, LABELS, Role

PUBLISHING = tuple(role for role in Role if role is not Role.ADMINISTRATOR)


class LoginForm(AuthenticationForm):
    """Login and password. What is wrong with them is not told apart: nobody learns who has an account."""

    username = forms.CharField(label=gettext_lazy("账号"), max_length=150, widget=forms.TextInput(attrs={
        "autofocus": True, "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}))
    password = forms.CharField(label=gettext_lazy("密码"), strip=False,
                               widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    error_messages = {"invalid_login": gettext_lazy("账号或密码不对。账号区分大小写；连续输错六次，十五分钟内不能登录。"),
                      "inactive": gettext_lazy("账号或密码不对。账号区分大小写；连续输错六次，十五分钟内不能登录。")}


class NewPasswordForm(PasswordChangeForm):
    """The old password, and a new one twice."""

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["old_password"].label = _("现在的密码")
        self.fields["new_password1"].label = _("新密码")
        self.fields["new_password2"].label = _("再输一次新密码")
        self.fields["new_password1"].help_text = _("至少十个字，不能全是数字，不能太常见，也不能和姓名、账号相近。")
        self.fields["new_password2"].help_text = ""
        self.error_messages = {**self.error_messages, "password_mismatch": _("两次输入的新密码不一样。"),
                               "password_incorrect": _("现在的密码不对。")}

    def clean_new_password1(self) -> str:
        """Another one: the first was seen by whoever made the account."""
        new = str(self.cleaned_data["new_password1"])
        if self.user.check_password(new):
            raise forms.ValidationError(_("新密码和现在的一样，请换一个。"))
        return new


class CodeForm(forms.Form):
    """Six digits, or a backup code."""

    code = forms.CharField(label=gettext_lazy("验证码"), max_length=20, widget=forms.TextInput(attrs={
        "autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}))


def _box(office: str, role: Role) -> str:
    return f"{office}:{role}"


class PlacesField(forms.MultipleChoiceField):
    """Roles in offices, a box each."""

    def clean(self, value: Any) -> list[Place]:
        """The boxes that were ticked, as values."""
        return [Place(office=one.partition(":")[0], role=Role(one.partition(":")[2])) for one in super().clean(value)]


class PlacesForm(forms.Form):
    """Who may do what in which office."""

    places = PlacesField(required=False, label=gettext_lazy("角色"))

    def __init__(self, *args: Any, hands: dict[str, OfficeHand], **words: Any) -> None:
        super().__init__(*args, **words)
        self.hands = hands
        boxes = [Place(office=code, role=role) for code in (*hands, EVERY_OFFICE) for role in PUBLISHING]
        boxes.append(Place(office=EVERY_OFFICE, role=Role.ADMINISTRATOR))
        self.fields["places"].choices = [(_box(one.office, one.role), one.role) for one in boxes]  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
        """Office code, its name, its boxes: value, label, whether ticked. The last group holds in every office."""
        ticked = set(self["places"].value() or [])
        named = [(code, hand.office.name) for code, hand in self.hands.items()]
        if len(self.hands) > 1:
            named.append((EVERY_OFFICE, _("本系统的全部单位")))
        return [(code, name, [(_box(code, role), _(LABELS[role]), _box(code, role) in ticked) for role in PUBLISHING])
                for code, name in named]

    def administrator(self) -> tuple[str, bool]:
        """The box of the one role that is no office's: value, whether ticked."""
        value = _box(EVERY_OFFICE, Role.ADMINISTRATOR)
        return value, value in set(self["places"].value() or [])


class PersonForm(PlacesForm):
    """A new person."""

    username = forms.CharField(label=gettext_lazy("账号"), max_length=150,
                               help_text=gettext_lazy("登录时输入，如姓名拼音；可用字母、数字和 @ . + - _。"),
                               widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}))
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "off"}),
                           help_text=gettext_lazy("台账按姓名记录谁起草、谁审查、谁签发，建好后不能改。两人同名时请加注以示区别，如“王芳（党政办）”。"))

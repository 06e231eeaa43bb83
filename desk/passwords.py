"""Rules for passwords that Django knows, in words that staff read: its own Chinese lacks some."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LengthValidator(MinimumLengthValidator):
    """A password of so many characters at least."""

    def get_error_message(self) -> str:
        """For whoever chose a shorter one."""
        return _("新密码太短，至少要 %(length)d 个字。") % {"length": self.min_length}

    def get_help_text(self) -> str:
        """For whoever is choosing."""
        return _("至少 %(length)d 个字。") % {"length": self.min_length}

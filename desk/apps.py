"""The desk as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """办公台."""

    name = "desk"
    verbose_name = "办公台"
    default_auto_field = "django.db.models.BigAutoField"

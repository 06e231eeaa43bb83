"""The desk's pages of this matter."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

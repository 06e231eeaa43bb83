"""The desk's addresses, a list a room of views. Everything of an office stands below its code."""

from __future__ import annotations

from itertools import chain

from django.urls import URLPattern

from desk.views import (
    accounts,
    audit,
    board,
    book,
    channels,
    deliveries,
    errors,
    people,
    previews,
    pushes,
    report_handing,
    report_papers,
    reports,
    reviewing,
    signing,
    today,
    writing,
)

ROOMS = (accounts, people, today, writing, previews, reviewing, signing, deliveries, channels, board, book, audit, pushes, reports,
         report_handing, report_papers)
urlpatterns: list[URLPattern] = list(chain.from_iterable(views.urlpatterns for views in ROOMS))

handler400, handler404, handler500 = errors.bad_request, errors.not_found, errors.failed

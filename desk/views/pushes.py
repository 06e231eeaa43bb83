"""推送: platforms tell the desk what became of a delivery. No person calls here: each call is known by its signature, or refused."""

from __future__ import annotations

import logging
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels.base import Call, Heard, Hears
from channels.errors import UnsignedError
from desk import clock, offices
from desk.access import PLATFORMS, opened_to
from ledger import services

log = logging.getLogger("gongkai.desk")


@csrf_exempt  # no browser, and no session that a page elsewhere could borrow
@require_http_methods(["GET", "POST"])
def push(request: HttpRequest, office: str, channel: str) -> HttpResponse:
    """Keep what a platform says, for the next tick to look into; answer at once, for platforms wait five seconds and say it again.

    Whoever cannot sign learns nothing, not even whether there is such an office or channel.
    """
    at = clock.now()
    try:
        heard = _heard(office, channel, Call(query=request.GET.dict(), body=request.body if request.method == "POST" else None), at)
    except UnsignedError as error:
        log.warning("refused a call to %s: %s", request.path, error)
        return HttpResponseForbidden(content_type="text/plain")
    if heard.news:
        services.hear(office=office, channel=channel, news=heard.news, at=at)
    return HttpResponse(heard.answer, content_type="text/plain; charset=utf-8")


def _heard(office: str, channel: str, call: Call, at: datetime) -> Heard:
    hand = offices.hands().get(office)
    outlet: object = hand.outlets.get(channel) if hand else None
    if not isinstance(outlet, Hears):
        raise UnsignedError("no channel listens there")
    return outlet.hear(call, at=at)


urlpatterns: list[URLPattern] = [
    path("push/<slug:office>/<slug:channel>/", opened_to(*PLATFORMS)(push), name="push"),
]

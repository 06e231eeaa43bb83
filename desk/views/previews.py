"""What the public will see, shown to staff before anybody else: the very renditions, framed beside the signature.

These pages hold other styles than the desk's and no script at all; the browser is told to run none, whatever they held.
"""

from __future__ import annotations

from html import escape
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from channels.errors import PermanentError
from channels.preview_page import PDF, framed
from desk import approving, previewing
from desk.access import Seat, serves
from desk.roles import READERS

POLICY: dict[str, Any] = {"default-src": [NONE], "img-src": [SELF], "style-src": [SELF, UNSAFE_INLINE], "base-uri": [NONE],
                          "form-action": [NONE], "frame-ancestors": [SELF]}
#: the frame itself gives no script a place; this holds where somebody opens the preview in a window of its own
SANDBOX = {**POLICY, "sandbox": ["allow-same-origin"]}
PROBLEM = "body{background:#fcebe9;color:#7d1d16;padding:24px}"


@require_safe
def begin(request: HttpRequest, seat: Seat, edition: int, channel: str) -> HttpResponse:  # noqa: ARG001 - Django hands it over
    """Go to where the preview of a channel begins."""
    found = approving.in_hand(seat, edition)
    if channel not in found.channels or channel not in seat.hand.sections:
        raise Http404
    begins = previewing.preview_path(seat.hand, channel, found.edition)
    return redirect(reverse("preview", kwargs={"office": seat.office, "edition": edition, "channel": channel}) + begins)


@require_safe
def show(request: HttpRequest, seat: Seat, edition: int, channel: str, path: str) -> HttpResponse:  # noqa: ARG001
    """One file of a preview."""
    found = approving.in_hand(seat, edition)
    try:
        shown = previewing.preview(seat.hand, found, channel, path, now=seat.at)
    except PermanentError as error:
        shown = framed(title=found.edition.title, style=PROBLEM, body=f"<p>{escape(str(error))}</p>")
    except KeyError:
        raise Http404 from None
    if shown is None:
        raise Http404
    answer = HttpResponse(shown.data, content_type=shown.media_type, headers={"Cache-Control": "private, no-store"})
    # what `csp.decorators.csp` sets, which knows a view's answers but not the one answer from the other
    answer._csp_config = POLICY if shown.media_type == PDF else SANDBOX  # type: ignore[attr-defined]  # noqa: SLF001
    return answer


urlpatterns: list[URLPattern] = [
    path("<slug:office>/preview/<int:edition>/<slug:channel>/", serves(*READERS)(begin), name="preview"),
    path("<slug:office>/preview/<int:edition>/<slug:channel>/<path:path>", serves(*READERS)(show), name="preview-file"),
]

"""起草: the drafter's own page, what is kept of forms between saves, and the files of an office for its people."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from content.media import MEDIA_TYPES, picture_type, suffix
from content.metadata import SLUGS
from content.rules import RuleError
from desk import scratch
from desk.access import Seat, serves
from desk.forms.shown import show
from desk.forms.typed import Typed, from_post
from desk.roles import READERS, Role
from desk.views import writing_form, writing_papers, writing_public
from desk.views.writing_form import answer, as_saved, held_by
from desk.words import said
from ledger import queries, services
from ledger.errors import LedgerError
from ledger.queries.public import my_submitted

TYPED = ("title", "short_title", "body", "summary", "document_number", "keywords", *SLUGS)  #: what nobody fills in but the writer
RASTER = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})  #: what a browser may show in place: it cannot run


@require_safe
def write(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What I am writing, what came back, what I sent on; and the ways to begin something new."""
    drafts = queries.my_drafts(offices=[seat.office], by=seat.person)
    return render(request, "desk/writing/write.html", {
        "returned": [one for one in drafts if one.return_reason], "drafts": [one for one in drafts if not one.return_reason],
        "sent": my_submitted(offices=[seat.office], by=seat.person), "shelved": queries.shelved(offices=[seat.office], by=seat.person),
        "unsaved": _unsaved(seat)})


def _unsaved(seat: Seat) -> list[dict[str, object]]:
    """What was typed and never saved, each with the address of its form."""
    out: list[dict[str, object]] = []
    for kept in scratch.mine(seat.person, seat.office):
        kind, _colon, name = kept.key.partition(":")
        if kind == "edition":
            url = reverse("edit", kwargs={"office": seat.office, "edition": int(name)})
        elif kind == "new" and name.startswith("correct-"):
            url = reverse("correct", kwargs={"office": seat.office, "item": int(name.removeprefix("correct-"))})
        elif kind == "new" and not name.startswith("batch"):
            url = f"{reverse('new', kwargs={'office': seat.office})}?form={name}"
        else:
            continue
        out.append({"url": url, "key": kept.key, "title": (kept.data.get("title") or [""])[0] or _("（没有标题）"), "at": kept.at})
    return out


@require_POST
def autosave(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Keep what stands in a form just now, or (`drop`) keep it no longer. Never in the ledger: nobody has said that it is theirs yet."""
    key = request.POST.get("scratch", "")
    if request.POST.get("drop"):
        scratch.drop(seat.person, seat.office, key)
        back = request.POST.get("back", "")
        own = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
        return answer(back if own else reverse("write", kwargs={"office": seat.office}))
    words = scratch.words_of(request.POST)
    typed = from_post(request.POST)
    if _nothing_new(seat, key, typed):
        scratch.drop(seat.person, seat.office, key)
        return HttpResponse(_("没有未保存的修改。"))
    if words is None or not scratch.keep(seat.person, seat.office, key, words, seat.at):
        return HttpResponse(_("内容太长，没有自动留存，请点“保存”。"))
    return HttpResponse(_("已自动留存 %(at)s，还没有保存为草稿。") % {"at": f"{seat.at.astimezone(seat.hand.office.tz):%H:%M:%S}"})


def _nothing_new(seat: Seat, key: str, typed: Typed) -> bool:
    """Whether a form says no more than what is saved."""
    kind, _colon, name = key.partition(":")
    if kind == "edition" and name.isdigit():
        held = held_by(seat, int(name))
        saved = as_saved(seat, held)
        return typed.with_texts(index_number=saved.index_number).says() == saved.says()
    return not typed.images and not any(typed.texts.get(name) for name in TYPED)


@require_GET
def proposal(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Category and channels as a column proposes them: a piece of the form."""
    column = seat.hand.office.by_slug.get(request.GET.get("column", ""))
    typed = Typed(texts={"category": column.category if column else ""},
                  channels=tuple(name for name in (column.channels if column else ()) if name not in seat.hand.follows))
    return render(request, "desk/writing/proposal.html", {"form": show(typed, hand=seat.hand)})


@require_POST
def shelve(request: HttpRequest, seat: Seat, edition: int) -> HttpResponse:
    """Lay a draft aside."""
    held = held_by(seat, edition)
    try:
        services.shelve(edition_id=held.edition_id, by=seat.person, at=seat.at, reason=request.POST.get("reason", ""))
    except (LedgerError, RuleError) as error:
        messages.error(request, said(error, seat.hand))
        return answer(reverse("edit", kwargs={"office": seat.office, "edition": edition}))
    messages.success(request, _("已搁置：%(title)s。在“起草”页可以随时再打开。") % {"title": held.edition.title})
    return answer(reverse("write", kwargs={"office": seat.office}))


@require_safe
def file(request: HttpRequest, seat: Seat, sha256: str, name: str) -> HttpResponse:  # noqa: ARG001
    """A picture, shown; any other file, handed over and never opened in place.

    Whoever knows the hash has had the bytes in hand, or a page of this desk that shows them.
    """
    data = queries.blob(sha256=sha256)
    if data is None:
        raise Http404
    picture = picture_type(data)
    shown, called = picture in RASTER, MEDIA_TYPES.get(suffix(name), "")
    response = HttpResponse(data, content_type=picture if shown else "application/octet-stream" if called[:6] in ("", "image/") else called)
    response["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


_clerk = serves(Role.CLERK)
urlpatterns: list[URLPattern] = [
    path("<slug:office>/write/", _clerk(write), name="write"),
    path("<slug:office>/write/autosave/", _clerk(autosave), name="autosave"),
    path("<slug:office>/write/proposal/", _clerk(proposal), name="proposal"),
    path("<slug:office>/write/<int:edition>/shelve/", _clerk(shelve), name="shelve"),
    path("<slug:office>/files/<str:sha256>/<str:name>", serves(*READERS)(file), name="file"),
    *writing_papers.urlpatterns, *writing_public.urlpatterns, *writing_form.urlpatterns,
]

"""The writing form: a new item, a draft taken up again, what was found in it, and the way into the review."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from content.rules import OPEN_STATES, RuleError, State
from desk import metadata, scratch
from desk.access import Seat, serves
from desk.forms.comparison import differences
from desk.forms.findings import marked
from desk.forms.reading import Faults, warnings, wordless
from desk.forms.saving import Saved, save_edit, save_new
from desk.forms.shown import show, upload_limits
from desk.forms.typed import Typed, as_data, blank, from_edition, from_post
from desk.forms.uploads import bring
from desk.report_items import fixed
from desk.roles import Role
from desk.words import said
from ledger import queries, services
from ledger.errors import GateError, LedgerError, UnknownError
from ledger.queries import EditionInHand

EDITABLE = frozenset({*OPEN_STATES, State.SHELVED})
SEE_OTHER = 303


def answer(url: str) -> HttpResponse:
    """After something was done: look at it."""
    response = redirect(url)
    response.status_code = SEE_OTHER
    return response


def held_by(seat: Seat, edition: int) -> EditionInHand:
    """An edition of this office.

    Raises:
        Http404: there is none, or it is another office's.
    """
    try:
        held = queries.edition_in_hand(edition_id=edition)
    except UnknownError:
        raise Http404 from None
    if held.office != seat.office:
        raise Http404
    return held


def as_saved(seat: Seat, held: EditionInHand) -> Typed:
    """An edition as its form shows it when nobody has typed anything."""
    return from_edition(held.edition, channels=held.channels, routes=held.routes, hand=seat.hand, seen=held.seen,
                        key=f"edition:{held.edition_id}")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """A new item. The form has a name of its own in the address, so that what was typed is found again."""
    if request.method == "POST":
        return _create(request, seat)
    name = request.GET.get("form", "")
    if not name.isalnum() or len(name) > 64:
        return redirect(f"{reverse('new', kwargs={'office': seat.office})}?form={secrets.token_hex(8)}")
    kept, typed = kept_form(seat, blank(seat.hand, at=seat.at, key=f"new:{name}",
                                        proposed=queries.next_index_number(office=seat.hand.office, at=seat.at)))
    return form_page(request, seat, typed, kept=kept)


def kept_form(seat: Seat, before: Typed) -> tuple[scratch.Kept | None, Typed]:
    """What was typed into this form and not saved, where that says more than what is saved."""
    kept = scratch.show(seat.person, seat.office, before.key)
    if kept is None:
        return None, before
    typed = replace(from_post(kept.fields()), key=before.key)
    fixed = before.index_number if before.key.startswith("edition:") or not typed.index_number else typed.index_number
    typed = typed.with_texts(index_number=fixed)
    if typed.says() != before.says():
        return kept, typed
    scratch.drop(seat.person, seat.office, before.key)
    return None, before


def _create(request: HttpRequest, seat: Seat) -> HttpResponse:
    brought = bring(request, from_post(request.POST))
    saved = save_new(seat, brought.typed, Faults(fields=brought.faults))
    tell(request, [*brought.notes, *saved.notes])
    if saved.edition_id is None:
        return form_page(request, seat, saved.typed, faults=saved.faults, status=422)
    scratch.drop(seat.person, seat.office, brought.typed.key)
    if saved.twin and _kept_beside(seat, saved):
        messages.warning(request, _("这份表单已经保存过一次。您这次写的在下面，还没有保存。"))
        return answer(reverse("edit", kwargs={"office": seat.office, "edition": saved.edition_id}))
    return next_page(request, seat, saved, then=request.POST.get("do", "save"))


def _kept_beside(seat: Seat, saved: Saved) -> bool:
    """Whether a form that was saved before now says something else; its words then wait in the draft's own form."""
    held = held_by(seat, saved.edition_id or 0)
    before = as_saved(seat, held)
    typed = replace(saved.typed.with_texts(index_number=before.index_number), seen=before.seen, key=before.key)
    return typed.says() != before.says() and scratch.keep(seat.person, seat.office, before.key, as_data(typed), seat.at)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, seat: Seat, edition: int) -> HttpResponse:
    """A draft, or an edition that would become one again by an edit."""
    held = held_by(seat, edition)
    if request.method == "POST":
        return _change(request, seat, held, then=request.POST.get("do", "save"))
    if held.state not in EDITABLE:
        return _closed(request, seat, held)
    kept, typed = kept_form(seat, as_saved(seat, held))
    return form_page(request, seat, typed, held=held, kept=kept)


def _closed(request: HttpRequest, seat: Seat, held: EditionInHand, status: int = 200) -> HttpResponse:
    """What is public is not edited. Words that were typed meanwhile wait in the form of a correction."""
    known = queries.find_item(index_number=held.edition.index_number)
    item = known.item_id if known and not known.withdrawn else None
    kept = False
    if item and "title" in request.POST and (words := scratch.words_of(request.POST)):
        kept = scratch.keep(seat.person, seat.office, f"new:correct-{item}", words, seat.at)
    return render(request, "desk/writing/closed.html", {"held": held, "item": item, "kept": kept}, status=status)


@require_POST
def submit(request: HttpRequest, seat: Seat, edition: int) -> HttpResponse:
    """Save what was sent along, and hand the draft to the review."""
    return _change(request, seat, held_by(seat, edition), then="submit")


@require_POST
def mask(request: HttpRequest, seat: Seat, edition: int) -> HttpResponse:
    """Save what was sent along with the chosen findings masked, or cleaned out of their files."""
    return _change(request, seat, held_by(seat, edition), then="mask")


@require_POST
def justify(request: HttpRequest, seat: Seat, edition: int) -> HttpResponse:
    """Save what was sent along, and write down why findings may stand."""
    return _change(request, seat, held_by(seat, edition), then="justify")


def _change(request: HttpRequest, seat: Seat, held: EditionInHand, *, then: str) -> HttpResponse:
    """Everything that is done to an edition begins with saving the form, so that no button loses what was typed."""
    if held.state not in EDITABLE:
        return _closed(request, seat, held, status=409)
    if "title" in request.POST:
        brought = bring(request, from_post(request.POST))
        typed, faults, notes = fixed(brought.typed, held.edition), Faults(fields=brought.faults), brought.notes
    else:
        typed, faults, notes = replace(as_saved(seat, held), seen=request.POST.get("seen") or held.seen), Faults(), []
    saved = save_edit(seat, typed, held, faults, treat=_to_treat(request, held) if then == "mask" else ())
    tell(request, [*notes, *saved.notes])
    if saved.conflict is not None:
        return form_page(request, seat, saved.typed, held=held_by(seat, held.edition_id), saved=saved, status=409)
    if saved.edition_id is None:
        return form_page(request, seat, saved.typed, held=held, faults=saved.faults, status=422)
    scratch.drop(seat.person, seat.office, f"edition:{held.edition_id}")
    return next_page(request, seat, saved, then=then)


def _to_treat(request: HttpRequest, held: EditionInHand) -> frozenset[str]:
    """The findings to mask or clean: those named, or all for which nobody has given a reason."""
    if request.POST.get("do") != "mask-all":
        return frozenset(request.POST.getlist("mask"))
    gate = queries.gate(edition_id=held.edition_id)
    return frozenset(one.finding.key for one in gate.findings if one.finding.remedy and one.justification is None)


def next_page(request: HttpRequest, seat: Seat, saved: Saved, *, then: str) -> HttpResponse:
    """What follows on a form that was saved."""
    assert saved.edition_id is not None  # noqa: S101 - callers have looked
    here = reverse("edit", kwargs={"office": seat.office, "edition": saved.edition_id})
    try:
        if then == "submit":
            return _submit(request, seat, saved.edition_id, here)
        if then == "justify":
            return _justify(request, seat, saved.edition_id, here)
    except (LedgerError, RuleError) as error:
        if saved.changed:
            messages.success(request, _("已保存。"))
        messages.error(request, said(error, seat.hand))
        return answer(here)
    if then == "mask":
        if saved.treated:
            what = "、".join(dict.fromkeys(one.label for one in saved.treated))
            messages.success(request, _("已处理并保存：%(what)s。") % {"what": what})
        else:
            messages.warning(request, _("这处内容刚改过或者已经不在文中，没有遮盖；请看现在的检查结果。"))
        return answer(f"{here}#gate")
    messages.success(request, _("已保存。") if saved.changed else _("内容没有变化。"))
    return answer(here)


def _submit(request: HttpRequest, seat: Seat, edition: int, here: str) -> HttpResponse:
    words = queries.edition_in_hand(edition_id=edition).edition
    if names := wordless(words):
        messages.error(request, _("没有送审：图片 %(names)s 还没有文字说明，看不见图片的人读不到内容。") % {"names": "、".join(names)})
        return answer(f"{here}#images")
    if lacking := metadata.missing(words, seat.hand.office):
        named = "、".join(str(metadata.LABELS[slug]) for slug in lacking)
        messages.error(request, _("没有送审：本单位规定须填写 %(names)s。请在“更多著录项”里补上。") % {"names": named})
        return answer(f"{here}#{lacking[0]}")
    try:
        services.submit(edition_id=edition, by=seat.person, at=seat.at, urgent=request.POST.get("urgent", "").strip())
    except GateError as error:
        messages.error(request, _("没有送审：还有 %(n)s 处发现没有处理。请逐处遮盖、修改，或写明理由。") % {"n": len(error.findings)})
        return answer(f"{here}#gate")
    messages.success(request, _("已送审。审查通过并签发后，将按所选渠道公开。"))
    return answer(reverse("write", kwargs={"office": seat.office}))


def _justify(request: HttpRequest, seat: Seat, edition: int, here: str) -> HttpResponse:
    keys = request.POST.getlist("justify") or [name.removeprefix("reason-") for name in request.POST if name.startswith("reason-")]
    reasons = {key: reason for key in keys if (reason := request.POST.get(f"reason-{key}", "").strip())}
    if not reasons:
        messages.error(request, _("请先写明为什么可以公开，再点“写明理由”。"))
        return answer(f"{here}#gate")
    try:
        services.justify(edition_id=edition, reasons=reasons, by=seat.person, at=seat.at)
    except UnknownError as error:
        if error.code != "no_such_finding":
            raise
        # a reason holds for the words it was given for: where those were changed in the same breath, it is handed back
        found = {one.finding.key for one in queries.gate(edition_id=edition).findings}
        lost = "；".join(reason for key, reason in reasons.items() if key not in found)
        messages.warning(request, _("有的内容刚改过，为原来内容写的理由没有记录，请核对现在的检查结果后再写：%(reasons)s") % {
            "reasons": lost})
        reasons = {key: reason for key, reason in reasons.items() if key in found}
        if not reasons:
            return answer(f"{here}#gate")
        services.justify(edition_id=edition, reasons=reasons, by=seat.person, at=seat.at)
    messages.success(request, _("理由已记录，会随稿件一起送审。"))
    return answer(f"{here}#gate")


def tell(request: HttpRequest, notes: list[str]) -> None:
    """What was changed on the way, for the next page."""
    for note in notes:
        messages.info(request, note)


def form_page(request: HttpRequest, seat: Seat, typed: Typed, *, held: EditionInHand | None = None, faults: Faults | None = None,
              saved: Saved | None = None, kept: scratch.Kept | None = None, status: int = 200, **more: Any) -> HttpResponse:
    """The form as its page."""
    context: dict[str, Any] = {"form": show(typed, hand=seat.hand, faults=faults), "held": held, "kept": kept, "limits": upload_limits(),
                               "notes": kept.data.get("notes", []) if kept else [], **more}
    if held is not None:
        release_at = next((one.release_at for one in held.routes if one.release_at), None)
        context |= {"gate": marked(held.edition, queries.gate(edition_id=held.edition_id), office=seat.office),
                    "warnings": warnings(held.edition, release_at, channels=held.channels, hand=seat.hand, at=seat.at)}
    if saved is not None and saved.conflict is not None and held is not None:
        context |= {"conflict": saved.conflict.facts, "differences": differences(as_saved(seat, held), typed)}
    return render(request, "desk/writing/form.html", context, status=status)


_clerk = serves(Role.CLERK)
urlpatterns: list[URLPattern] = [
    path("<slug:office>/write/new/", _clerk(new), name="new"),
    path("<slug:office>/write/<int:edition>/", _clerk(edit), name="edit"),
    path("<slug:office>/write/<int:edition>/submit/", _clerk(submit), name="submit"),
    path("<slug:office>/write/<int:edition>/mask/", _clerk(mask), name="mask"),
    path("<slug:office>/write/<int:edition>/justify/", _clerk(justify), name="justify"),
]

"""What clerks bring along: a Word or Markdown document that fills a form, a sheet whose rows become drafts."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from content.media import FileError, suffix
from content.papers.markdown import read_markdown
from content.papers.paper import Paper
from content.papers.plain import decode
from content.papers.sheets import SHEET_LIMIT, read_sheet
from content.papers.template import template
from content.papers.word import read_word
from desk import scratch
from desk.access import Seat, serves
from desk.forms.batches import as_text, from_text, judge, take_in
from desk.forms.shown import labels
from desk.forms.typed import FileKept, as_data, blank, from_paper
from desk.roles import Role
from desk.views.writing_form import answer
from ledger import queries, services

PAPER_LIMIT = 50 * 2**20  #: bytes; the readers know better what is too much of what
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
def word(request: HttpRequest, seat: Seat) -> HttpResponse:
    """A document becomes a filled form, kept as if it had been typed; nothing of it is in the ledger until somebody saves it."""
    if request.method != "POST":
        return render(request, "desk/writing/word.html", {})
    file = request.FILES.get("paper")
    if file is None:
        return render(request, "desk/writing/word.html", {"wrong": _("请先选择文件。")}, status=422)
    try:
        paper = _paper(file, {one.name or "": one.read() for one in request.FILES.getlist("pictures")})
    except FileError as error:
        return render(request, "desk/writing/word.html", {"wrong": str(error)}, status=422)
    name = secrets.token_hex(8)
    empty = blank(seat.hand, at=seat.at, key=f"new:{name}", proposed=queries.next_index_number(office=seat.hand.office, at=seat.at))
    images = tuple(FileKept(sha256=services.keep_blob(one.data), name=one.name, alt=one.alt) for one in paper.images)
    notes = list(paper.notes)
    if paper.attachments_named:
        notes.append(_("文中提到的附件请在下面一并上传：%(names)s。") % {"names": "、".join(paper.attachments_named)})
    data = as_data(from_paper(empty, paper, images)) | {"notes": notes}
    if not scratch.keep(seat.person, seat.office, empty.key, data, seat.at):
        wrong = _("文档太长，不能作为一条信息。请拆分，或把长表格、附录作为附件上传。")
        return render(request, "desk/writing/word.html", {"wrong": wrong}, status=422)
    return answer(f"{reverse('new', kwargs={'office': seat.office})}?form={name}")


def _paper(file: UploadedFile[Any], pictures: Mapping[str, bytes]) -> Paper:
    name, data = file.name or "", file.read(PAPER_LIMIT + 1)
    kind = suffix(name)
    if kind == ".docx":
        return read_word(data, name=name)
    if kind in (".md", ".markdown", ".txt"):
        return read_markdown(decode(data, name=name), pictures=pictures, name=name)
    old = kind in (".doc", ".wps", ".rtf")
    told = _("这是旧版 Word 或 WPS 文档。请打开后另存为 .docx 再上传。") if old else _("请上传 .docx、.md 或 .txt 文件。")
    raise FileError("unknown", f"“{name}”：{told}")


@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, seat: Seat) -> HttpResponse:
    """A sheet: shown row by row first, taken in afterwards; a bad row never costs a good one."""
    if request.method != "POST":
        return _batch_page(request, {}, status=200)
    if token := request.POST.get("batch"):
        return _take_in(request, seat, f"new:{token}")
    file = request.FILES.get("sheet")
    if file is None:
        return _batch_page(request, {"wrong": _("请先选择文件。")})
    try:
        found = read_sheet(file.read(SHEET_LIMIT + 1), name=file.name or "", office=seat.hand.office, channels=labels(seat.hand))
    except FileError as error:
        return _batch_page(request, {"wrong": str(error)})
    lines = [judge(seat, row) for row in found.rows]
    for old in scratch.mine(seat.person, seat.office):  # looked at and never taken in
        if old.key.startswith("new:batch-"):
            scratch.drop(seat.person, seat.office, old.key)
    token = f"batch-{secrets.token_hex(8)}"
    kept = {"rows": [as_text(line.row) for line in lines if line.good]}
    if not scratch.keep(seat.person, seat.office, f"new:{token}", kept, seat.at):
        return _batch_page(request, {"wrong": _("表格内容太多，一次放不下。请拆成几个文件，分批上传。")})
    return _batch_page(request, {"lines": lines, "good": len(kept["rows"]), "bad": sum(bool(line.faults) for line in lines), "batch": token,
                                 "notes": found.notes, "name": file.name}, status=200)


def _batch_page(request: HttpRequest, context: dict[str, Any], status: int = 422) -> HttpResponse:
    return render(request, "desk/writing/batch.html", {**context, "limit": SHEET_LIMIT // 2**20}, status=status)


def _take_in(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    kept = scratch.take(seat.person, seat.office, key)
    if kept is None:
        messages.warning(request, _("这批信息已经收入过，或页面已经失效。没有重复收入。"))
        return answer(reverse("write", kwargs={"office": seat.office}))
    done = take_in(seat, map(from_text, kept.data["rows"]))
    if done.drafts:
        messages.success(request, _("已收入 %(n)s 条草稿。请逐条打开检查，再送审。") % {"n": done.drafts})
    elif not done.faults:
        messages.info(request, _("这批信息台账里都有了，没有重复收入。"))
    for fault in done.faults:
        messages.error(request, fault)
    return answer(reverse("write", kwargs={"office": seat.office}))


@require_safe
def batch_template(request: HttpRequest, seat: Seat) -> HttpResponse:  # noqa: ARG001
    """The sheet to fill in."""
    response = HttpResponse(template(seat.hand.office, labels(seat.hand)), content_type=XLSX)
    response["Content-Disposition"] = "attachment; filename*=UTF-8''%E4%BF%A1%E6%81%AF%E6%89%B9%E9%87%8F%E8%A1%A8.xlsx"
    return response


_clerk = serves(Role.CLERK)
urlpatterns: list[URLPattern] = [
    path("<slug:office>/write/word/", _clerk(word), name="word"),
    path("<slug:office>/write/batch/", _clerk(batch), name="batch"),
    path("<slug:office>/write/batch/template/", _clerk(batch_template), name="batch-template"),
]

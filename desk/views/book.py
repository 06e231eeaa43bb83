"""台账: search over every item, everything that ever happened to one, and both to take along as a file."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from content.items import UNPRINTABLE
from content.rules import State
from content.search import Search
from desk.access import Seat, serves
from desk.acting import then
from desk.comparing import compare
from desk.exporting import WRITERS
from desk.forms.days import day_field
from desk.lives import traces
from desk.reading import file_url, shown_body
from desk.roles import READERS, Role
from desk.words import STATES, channel_word
from ledger import queries
from ledger.queries import EditionRecord, History

LONGEST = 200  #: characters of a search
#: states of a newest edition that somebody may look for
ASKED = tuple(state for state in State if state is not State.CORRECTED)


class SearchForm(forms.Form):
    """What somebody looks for. Every field may be left empty."""

    words = forms.CharField(label=gettext_lazy("词语"), required=False, max_length=LONGEST)
    since = day_field(gettext_lazy("从"))
    until = day_field(gettext_lazy("到"))
    column = forms.ChoiceField(label=gettext_lazy("栏目"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("渠道"), required=False)
    drafter = forms.CharField(label=gettext_lazy("起草人"), required=False, max_length=80)

    def __init__(self, data: Any, seat: Seat) -> None:
        super().__init__(data)
        anything = [("", _("不限"))]
        self.fields["column"].choices = anything + [(one.slug, one.name) for one in seat.hand.office.columns]  # type: ignore[attr-defined]
        self.fields["state"].choices = anything + [(state.value, str(STATES[state])) for state in ASKED]  # type: ignore[attr-defined]
        self.fields["channel"].choices = anything + [  # type: ignore[attr-defined]
            (name, channel_word(name, seat.hand)) for name in seat.hand.sections]

    def clean(self) -> dict[str, Any]:
        """Days in their order."""
        found = dict(self.cleaned_data)
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", _("“到”不能早于“从”。"))
        return found

    def asked(self) -> Search | None:
        """The search; None where a field does not hold."""
        if not self.is_valid():
            return None
        found = self.cleaned_data
        return Search(words=found["words"], since=found["since"], until=found["until"], column=found["column"],
                      state=State(found["state"]) if found["state"] else None, channel=found["channel"], drafter=found["drafter"])


@require_safe
@vary_on_headers("HX-Request")
def book(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Search. The part with the list alone is what a page that is open already asks for while somebody types."""
    form = SearchForm(request.GET, seat)
    asked = form.asked()
    page = queries.search(offices=[seat.office], search=asked, after=_number(request, "after")) if asked else None
    words = {name: value for name, value in request.GET.items() if name in form.fields and value}
    live = bool(getattr(request, "htmx", False))
    return render(request, "desk/book/found.html" if live else "desk/book/search.html", {
        "form": form, "page": page, "narrowed": bool(words), "later": bool(request.GET.get("after")), "first": f"?{urlencode(words)}",
        "older": f"?{urlencode({**words, 'after': page.after})}" if page and page.after is not None else "",
        "csv": f"?{urlencode({**words, 'form': 'csv'})}", "jsonl": f"?{urlencode({**words, 'form': 'jsonl'})}"})


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


@require_safe
def export(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All that a search finds, as a file; written while it is read."""
    asked = SearchForm(request.GET, seat).asked()
    kind = request.GET.get("form", "csv")
    if asked is None or kind not in WRITERS:
        raise Http404
    media_type, write = WRITERS[kind]
    day = f"{seat.at.astimezone(seat.hand.office.tz):%Y%m%d}"
    name = f"{seat.hand.office.short_name}-{_('台账')}-{day}.{kind}"
    rows = write(queries.found(offices=[seat.office], search=asked), seat.hand)
    kept = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return cast("HttpResponse", StreamingHttpResponse(rows, content_type=media_type, headers={"Content-Disposition": kept}))


@require_safe
def item(request: HttpRequest, seat: Seat, item: int) -> HttpResponse:
    """Everything that ever happened to an item."""
    history = _history(seat, item)
    newest = history.editions[-1]
    shown = next((one for one in reversed(history.editions) if one.released_at), newest)
    return render(request, "desk/book/item.html", {
        "history": history, "item_id": item, "newest": newest, "shown": shown,
        "editions": [(one, traces(one)) for one in reversed(history.editions)], "events": history.events[::-1],
        "deliveries_to_see": seat.can(Role.OPERATOR, Role.CLERK, Role.DISTRICT),
        "public": history.released_at and not history.withdrawn_at, "clerk": seat.can(Role.CLERK), "signer": seat.can(Role.SIGNER)})


def _history(seat: Seat, item: int) -> History:
    history = queries.history(item_id=item)
    if history is None or history.office != seat.office:
        raise Http404
    return history


@require_safe
def edition(request: HttpRequest, seat: Seat, item: int, number: int) -> HttpResponse:
    """One wording, to be read, and what it changed."""
    history = _history(seat, item)
    record = next((one for one in history.editions if one.edition.number == number), None)
    if record is None:
        raise Http404
    before = next((one for one in reversed(history.editions) if one.edition.number < number), None)
    value = record.edition
    return render(request, "desk/book/edition.html", {
        "history": history, "item_id": item, "record": record, "edition": value, "body": shown_body(value, seat.office),
        "files": [(file, file_url(seat.office, file)) for file in value.attachments], "before": before,
        "differences": compare(before.edition, value) if before else (), "numbers": _neighbours(history, record)})


def _neighbours(history: History, record: EditionRecord) -> tuple[int | None, int | None]:
    """The editions before and after this one."""
    numbers = [one.edition.number for one in history.editions]
    at = numbers.index(record.edition.number)
    return numbers[at - 1] if at else None, numbers[at + 1] if at + 1 < len(numbers) else None


@require_safe
def by_number(_request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """From an index number to its page: what the log, a sheet and a delivery know an item by."""
    known = None if UNPRINTABLE.search(number) else queries.find_item(index_number=number)
    if known is None:
        raise Http404
    return then("item", seat, item=known.item_id)


urlpatterns: list[URLPattern] = [
    path("<slug:office>/book/", serves(*READERS)(book), name="book"),
    path("<slug:office>/book/export/", serves(*READERS)(export), name="book-export"),
    path("<slug:office>/book/item/<int:item>/", serves(*READERS)(item), name="item"),
    path("<slug:office>/book/item/<int:item>/<int:number>/", serves(*READERS)(edition), name="book-edition"),
    path("<slug:office>/book/number/<path:number>/", serves(*READERS)(by_number), name="item-by-number"),
]

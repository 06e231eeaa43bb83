"""Searching the book: items by their newest wording, newest item first, page by page.

The index of words (`ledger.grams`) narrows and the rows decide: what it holds too much of is left out here, so that a
search is never wrong, and a page costs what a page holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from content.metadata import Pairs, pairs
from content.rules import OPEN_STATES, State
from content.search import Search, asked, facet, holds, months, told_by_grams
from ledger import grams
from ledger.models import Item, Office, Route

LIMIT = 20  #: items a page
CHUNK = 200  #: items an export reads at a time
BATCH = 1000  #: candidates looked at together, at most
#: candidates that one page looks through before it says that there may be more further on: by their facts, and by their texts,
#: which takes a hundred times as long
LOOKED_AT = 20_000
READ_THROUGH = 120
FEW = frozenset({*OPEN_STATES, State.SHELVED})  #: states in which few items are at any time: found by their rows
READ = ("pk", "office", "index_number", "released_on", "withdrawn_at", "released_at", "newest", "newest__number", "newest__title",
        "newest__document_number", "newest__column", "newest__category", "newest__state", "newest__drafter", "newest__made_on",
        "newest__metadata")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An item as a list of the book shows it."""

    item_id: int
    edition_id: int  #: the newest
    office: str
    index_number: str
    number: int
    title: str
    document_number: str
    column: str
    category: str
    state: State
    drafter: str
    made_on: date
    released_on: date | None
    withdrawn: bool
    public: bool  #: some edition of it is before the public
    channels: tuple[str, ...]  #: that the newest edition goes to
    metadata: Pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of what a search found; `after` asks for the next, None where there is none."""

    rows: tuple[Found, ...]
    after: int | None


def search(*, offices: Sequence[str], search: Search, after: int | None = None, limit: int = LIMIT) -> Page:
    """A page of the items that hold these words and facts, the one that came into the book last first.

    A page may be short though there is more: `after` tells.
    """
    codes = dict(Office.objects.filter(code__in=offices).values_list("pk", "code"))
    wanted: list[int] = []
    budget = READ_THROUGH if _by_text(search) else LOOKED_AT
    for batch in _candidates(codes, search, after, limit + 1):
        wanted += _holding(_exact(batch, codes, search), search)
        budget -= len(batch)
        if len(wanted) > limit:
            return Page(rows=_rows(wanted[:limit], codes), after=wanted[limit - 1])
        if budget <= 0:
            return Page(rows=_rows(wanted, codes), after=batch[-1])
    return Page(rows=_rows(wanted, codes), after=None)


def found(*, offices: Sequence[str], search: Search) -> Iterator[Found]:
    """All of them, in the same order, a chunk at a time: for export, in constant memory."""
    after: int | None = None
    while True:
        page = _page(offices=offices, search=search, after=after, limit=CHUNK)
        yield from page.rows
        if page.after is None:
            return
        after = page.after


_page = search  # the name is also that of an argument


def _candidates(codes: Mapping[int, str], search: Search, after: int | None, size: int) -> Iterator[list[int]]:
    """Items that may be wanted, newest first, in batches that grow."""
    if not codes or search.state is State.CORRECTED:  # a corrected edition is never the newest
        return
    while True:
        batch = _few(codes, search, after, size) if search.state in FEW else _many(codes, search, after, size)
        if batch:
            yield batch
        if len(batch) < size:
            return
        after, size = batch[-1], min(size * 2, BATCH)


def _few(codes: Mapping[int, str], search: Search, after: int | None, size: int) -> list[int]:
    rows = Item.objects.filter(newest__state=search.state, office__in=codes)
    return list((rows if after is None else rows.filter(pk__lt=after)).order_by("-pk").values_list("pk", flat=True)[:size])


def _many(codes: Mapping[int, str], search: Search, after: int | None, size: int) -> list[int]:
    narrowed = [[facet("o", str(pk)) for pk in codes]]
    narrowed += [[facet(kind, value)] for kind, value in (("c", search.column), ("d", search.drafter), ("w", search.channel)) if value]
    if search.state is State.WITHDRAWN:
        narrowed.append([facet("s", State.WITHDRAWN)])
    if spans := months(search.since, search.until):
        narrowed.append([facet("m", span) for span in spans])
    return grams.matching(narrowed=narrowed, grams=asked(search.words), after=after, limit=size)


def _exact(batch: Sequence[int], codes: Mapping[int, str], search: Search) -> QuerySet[Item]:
    """Of these items those that the rows bear out, newest first."""
    rows = Item.objects.filter(pk__in=batch, office__in=codes, newest__isnull=False).order_by("-pk")
    facts = {"newest__state": search.state, "newest__column": search.column, "newest__drafter": search.drafter}
    rows = rows.filter(**{name: value for name, value in facts.items() if value})
    if search.channel:
        rows = rows.filter(Exists(Route.objects.filter(edition=OuterRef("newest"), channel=search.channel)))
    if search.since or search.until:
        rows = rows.annotate(day=Coalesce("released_on", "newest__made_on"))
        rows = rows.filter(**({"day__gte": search.since} if search.since else {}), **({"day__lte": search.until} if search.until else {}))
    return rows


def _by_text(search: Search) -> bool:
    """Whether the texts themselves have to be read: the index was not asked, or tells only that the pairs are there."""
    return bool(search.words.strip()) and (search.state in FEW or not told_by_grams(search.words))


def _holding(rows: QuerySet[Item], search: Search) -> list[int]:
    if not _by_text(search):
        return list(rows.values_list("pk", flat=True))
    read = rows.values("pk", "index_number", *(f"newest__{name}" for name in grams.READ))
    return [row["pk"] for row in read
            if holds(grams.text(row["index_number"], {name: row[f"newest__{name}"] for name in grams.READ}), search.words)]


def _rows(wanted: Sequence[int], codes: Mapping[int, str]) -> tuple[Found, ...]:
    rows = list(Item.objects.filter(pk__in=wanted).order_by("-pk").values(*READ))
    routed: dict[int, list[str]] = {}
    routes = Route.objects.filter(edition__in=[row["newest"] for row in rows]).order_by("pk")
    for edition, channel in routes.values_list("edition", "channel"):
        routed.setdefault(edition, []).append(channel)
    return tuple(Found(
        item_id=row["pk"], edition_id=row["newest"], office=codes[row["office"]], index_number=row["index_number"],
        number=row["newest__number"], title=row["newest__title"], document_number=row["newest__document_number"],
        column=row["newest__column"], category=row["newest__category"], state=State(row["newest__state"]), drafter=row["newest__drafter"],
        made_on=row["newest__made_on"], released_on=row["released_on"], withdrawn=row["withdrawn_at"] is not None,
        public=row["released_at"] is not None and row["withdrawn_at"] is None,
        channels=tuple(routed.get(row["newest"], ())), metadata=pairs(row["newest__metadata"])) for row in rows)

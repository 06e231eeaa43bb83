"""What people typed and have not saved: kept by the page itself now and then, and rescued where a session had ended.

A key says which form it was: `edition:<number>`, `new:<a random name of the form>`, or `page:<a digest of its address>` for a form
that does not restore itself. A form that does carries its key in a hidden field named `scratch` (`FIELD`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from desk.models import Person, Scratch

FIELD = "scratch"  #: the hidden field by which a form says which it is
LIMIT = 1024 * 1024  #: characters of one form's words that are kept
KEY_LENGTH = 80
#: of a form that was sent: what says nothing, and what may lie nowhere
UNKEPT = frozenset({"csrfmiddlewaretoken", FIELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A form as its writer last left it."""

    office: str
    key: str
    data: Mapping[str, list[str]]  #: the form's fields as they were sent
    at: datetime

    def fields(self) -> QueryDict:
        """The fields as a Django form takes them: `Form(kept.fields())`."""
        sent = QueryDict(mutable=True)
        for name, values in self.data.items():
            sent.setlist(name, list(values))
        return sent


def words_of(sent: QueryDict) -> dict[str, list[str]] | None:
    """The words of a form that was sent, without its marks and without anything secret; None where they are too many to keep."""
    words = {name: [str(value) for value in values] for name, values in sent.lists() if name not in UNKEPT and "password" not in name}
    return words if sum(len(name) + sum(map(len, values)) for name, values in words.items()) <= LIMIT else None


def page_key(path: str) -> str:
    """The key of a form that has none of its own."""
    return f"page:{hashlib.sha256(path.encode()).hexdigest()[:24]}"


def keep(person: str, office: str, key: str, data: Mapping[str, Iterable[str]], at: datetime) -> bool:
    """Keep a form's fields for a person (by name), in place of what was kept under that key; whether they were few enough."""
    words = {name: list(values) for name, values in data.items()}
    if len(key) > KEY_LENGTH or sum(len(name) + sum(map(len, values)) for name, values in words.items()) > LIMIT:
        return False
    Scratch.objects.update_or_create(person=Person.objects.get(name=person), key=key,
                                     defaults={"office": office, "data": words, "saved_at": at})
    return True


def show(person: str, office: str, key: str) -> Kept | None:
    """What is kept of a form."""
    found = Scratch.objects.filter(person__name=person, office=office, key=key).first()
    return None if found is None else _kept(found)


def take(person: str, office: str, key: str) -> Kept | None:
    """What is kept of a form, which then is kept no longer: its words are saved, or in somebody's hands. Of two who ask, one gets it."""
    found = Scratch.objects.filter(person__name=person, office=office, key=key).first()
    claimed = found is not None and Scratch.objects.filter(pk=found.pk).delete()[0] == 1
    return _kept(found) if found is not None and claimed else None


def drop(person: str, office: str, key: str) -> None:
    """Keep a form no longer."""
    Scratch.objects.filter(person__name=person, office=office, key=key).delete()


def mine(person: str, office: str) -> list[Kept]:
    """The forms that restore themselves and are kept for a person in an office, newest first."""
    found = Scratch.objects.filter(person__name=person, office=office).exclude(key__startswith="page:")
    return [_kept(one) for one in found.order_by("-saved_at")]


def _kept(found: Scratch) -> Kept:
    return Kept(office=found.office, key=found.key, data=found.data, at=found.saved_at)

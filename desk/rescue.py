"""A form sent after its session had ended: its words go to the login page and back, and then lie in `desk.scratch`.

Nothing is stored for a stranger: the words travel in a hidden field of the login form, and only for whoever signs in with it are they
kept. So no stranger can fill our disk, and it does not matter why the session ended. Asked only behind the CSRF check.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from desk import scratch
from desk.models import Person

FIELD = "rescued"  #: of the login form
PATH = "rescued_path"  #: among a kept page's words: where they were sent
KEY = re.compile(r"(edition:\d{1,18}|new:[\w-]{1,64}|page:[0-9a-f]{24})\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescued:
    """The words of a form that nobody was signed in for."""

    office: str
    key: str  #: as in `desk.scratch`
    path: str  #: where they were sent
    back: str  #: the page on which they stood
    data: dict[str, list[str]]

    @property
    def restores_itself(self) -> bool:
        """Whether the page on which they stood shows them again."""
        return not self.key.startswith("page:")

    def as_field(self) -> str:
        """As a hidden field carries them."""
        return json.dumps([self.office, self.key, self.path, self.back, self.data], ensure_ascii=False)

    def keep(self, person: Person, at: datetime) -> str:
        """Keep them for a person; where to lead that person now."""
        data = self.data if self.restores_itself else {**self.data, PATH: [self.path]}
        scratch.keep(person.name, self.office, self.key, data, at)
        return self.back if self.restores_itself else reverse("rescued", kwargs={"office": self.office, "key": self.key.partition(":")[2]})


def from_form(request: HttpRequest, office: str) -> Rescued | None:
    """What was sent just now; None where there are no words in it, or too many."""
    if request.method != "POST" or PATH in request.POST:
        return None
    data = scratch.words_of(request.POST)
    if data is None or not any(value.strip() for values in data.values() for value in values):
        return None
    key = request.POST.get(scratch.FIELD, "")
    return Rescued(office=office, path=request.path, back=back(request), data=data,
                   key=key if KEY.match(key) and not key.startswith("page:") else scratch.page_key(request.path))


def from_field(request: HttpRequest) -> Rescued | None:
    """What the login form brought back; None where it brought nothing, or nothing that we wrote."""
    text = request.POST.get(FIELD, "")
    if not text or len(text) > 2 * scratch.LIMIT:
        return None
    try:
        office, key, path, back_to, data = json.loads(text)
        words = {str(name): [str(value) for value in values] for name, values in data.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    plain = all(isinstance(one, str) for one in (office, key, path, back_to))
    if not plain or not KEY.match(key) or not all(own(request, one) for one in (path, back_to)):
        return None
    return Rescued(office=office, key=key, path=path, back=back_to, data=words)


def back(request: HttpRequest) -> str:
    """The page from which a request came, if it is ours; else the address asked for."""
    came = urlsplit(request.headers.get("Referer", ""))
    if request.method == "POST" and came.netloc == request.get_host() and came.path.startswith("/"):
        return came.path + (f"?{came.query}" if came.query else "")
    return request.get_full_path()


def current(request: HttpRequest) -> str:
    """The page on which a piece was asked for (htmx says so)."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    return here.path + (f"?{here.query}" if here.query else "") if here.path.startswith("/") else "/"


def own(request: HttpRequest, url: str) -> bool:
    """Whether an address is one of this desk's: nobody is led elsewhere."""
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url.startswith("/") and safe

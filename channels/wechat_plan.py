"""How an account is to be used, and the steps of a delivery on it by the names under which the ledger keeps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

MOST_SUBMITS = 2  #: doubtful submits of one draft; after that only a person

#: the steps, as the ledger keeps them
IMAGE = "image:"  #: + sha256 → address of the picture on the platform
COVER = "cover"  #: → media id of the cover
DRAFTING = "drafting"  #: a draft is about to be made (instant)
DRAFT = "draft"  #: → media id of the draft
STRAY = "stray"  #: a second draft was made, because the answer to the first was lost (instant); empty: it was swept away
SUBMITTING = "submitting"  #: the draft is about to be submitted (for which time, instant); empty: it was surely not taken
JOB = "publish_id"  #: → the platform's publishing job
ARTICLE = "article"  #: → {"id", "url"} of the article before the public
HANDED = "handed"  #: → media id of the draft that a person must publish
ASKED = "asked"  #: how many times it was asked whether the job is done
LISTED = "listed"  #: when the list of articles was last read for a job that no question is left for (instant)
WEIGHED = "weighed"  #: what of the platform's own news was looked into, and did not settle it


class Mode(StrEnum):
    """What the account may do."""

    PUBLISH = "publish"  #: a verified account: the article goes before the public
    DRAFT_ONLY = "draft_only"  #: the draft is made ready; a person publishes it in the console


class Doubt(StrEnum):
    """What becomes of a submit whose answer was lost, when the draft is still in its box after the settling time."""

    ASK = "ask"  #: a person looks and decides
    RESUBMIT = "resubmit"  #: it counts as not submitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How an account is to be used."""

    mode: Mode
    doubt: Doubt
    settle: timedelta  #: how long a lost submit may still take effect
    polls: tuple[float, ...]  #: seconds after the submit, ascending: when to ask whether the job is done; 100 questions a day in all
    pause: Callable[[float], None]

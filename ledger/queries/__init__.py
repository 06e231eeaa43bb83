"""Every read. Nothing here writes."""

from ledger.queries.channels import BreakerLine, ChannelState, PauseLine, ProbeLine, channel_states, is_paused, pauses
from ledger.queries.credentials import token
from ledger.queries.deliveries import (
    Due,
    delivery_id,
    due_deliveries,
    in_doubt,
    open_postings,
    printing,
    standing,
    step_value,
)
from ledger.queries.district import district_opened, district_rows_behind, district_yearbook, shared_items
from ledger.queries.drawings import last_frame, queued_drawings, touches
from ledger.queries.events import VERBS, ChainFault, EventLine, EventPage, events, verify_events
from ledger.queries.figures import figures
from ledger.queries.frozen import Frozen, HandedIn, frozen_report, frozen_reports, handed_in, rows_behind
from ledger.queries.gate import Gate, Judged, JustificationLine, gate
from ledger.queries.history import (
    AttemptLine,
    DeliveryRecord,
    EditionRecord,
    History,
    PostingLine,
    ReviewLine,
    RouteLine,
    SignOffLine,
    history,
)
from ledger.queries.items import (
    EditionInHand,
    Known,
    blob,
    edition_in_hand,
    editions_due,
    editions_in,
    find_item,
    has_words,
    imported,
    next_edition,
)
from ledger.queries.offices import first_release, is_open, last_beat, last_event_at, next_index_number, next_serial
from ledger.queries.opening import count, opened, row_keys
from ledger.queries.search import Found, Page, found, search
from ledger.queries.sheets import SheetLine, sheet, sheets
from ledger.queries.sightings import (
    MissingLine,
    SightingLine,
    Watched,
    due_looks,
    how_many_missing,
    missing_postings,
    sightings,
)
from ledger.queries.troubles import Ailing, DeliveryLine, Freshness, ailing_channels, delivery_line, freshness, nearly_stale, troubled
from ledger.queries.waiting import (
    Counts,
    GoingOut,
    LaterReview,
    WaitingEdition,
    counts,
    going_out,
    my_drafts,
    near_due,
    shelved,
    to_review,
    to_review_afterwards,
    to_sign,
    to_withdraw,
)
from ledger.queries.yearbook import FactLine, TextLine, facts, kinds_open, text_before, texts, yearbook

__all__ = [
    "VERBS", "Ailing", "AttemptLine", "BreakerLine", "ChainFault", "ChannelState", "Counts", "DeliveryLine", "DeliveryRecord", "Due",
    "EditionInHand", "EditionRecord", "EventLine", "EventPage", "FactLine", "Found", "Freshness", "Frozen", "Gate", "GoingOut",
    "HandedIn", "History", "Judged", "JustificationLine", "Known", "LaterReview", "MissingLine", "Page", "PauseLine", "PostingLine",
    "ProbeLine", "ReviewLine", "RouteLine", "SheetLine", "SightingLine", "SignOffLine", "TextLine", "WaitingEdition", "Watched",
    "ailing_channels", "blob", "channel_states", "count", "counts", "delivery_id", "delivery_line", "district_opened",
    "district_rows_behind", "district_yearbook", "due_deliveries", "due_looks", "edition_in_hand", "editions_due", "editions_in",
    "events", "facts", "figures", "find_item", "first_release", "found", "freshness", "frozen_report", "frozen_reports", "gate",
    "going_out", "handed_in", "has_words", "history", "how_many_missing", "imported", "in_doubt", "is_open", "is_paused", "kinds_open",
    "last_beat", "last_event_at", "last_frame", "missing_postings", "my_drafts", "near_due", "nearly_stale", "next_edition",
    "next_index_number", "next_serial", "open_postings", "opened", "pauses", "printing", "queued_drawings", "row_keys",
    "rows_behind", "search", "shared_items", "sheet", "sheets", "shelved", "sightings", "standing", "step_value", "text_before", "texts",
    "to_review", "to_review_afterwards", "to_sign", "to_withdraw", "token", "touches", "troubled", "verify_events", "yearbook",
]

"""Every read. Nothing here writes."""

from ledger.queries.deliveries import (
    Due,
    delivery_id,
    due_deliveries,
    in_doubt,
    open_postings,
    standing,
    step_value,
)
from ledger.queries.district import district_opened, district_yearbook, shared_items
from ledger.queries.drawings import last_frame, queued_drawings, touches
from ledger.queries.events import VERBS, ChainFault, EventLine, EventPage, events, verify_events
from ledger.queries.figures import figures
from ledger.queries.frozen import Frozen, Restated, frozen_report, frozen_reports, restated, rows_behind
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
from ledger.queries.offices import is_open, last_beat, last_event_at, next_index_number, next_serial
from ledger.queries.opening import count, opened, row_keys
from ledger.queries.search import Found, Page, found, search
from ledger.queries.sheets import SheetLine, sheet, sheets
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
from ledger.queries.yearbook import FactLine, facts, yearbook

__all__ = [
    "VERBS", "Ailing", "AttemptLine", "ChainFault", "Counts", "DeliveryLine", "DeliveryRecord", "Due", "EditionInHand", "EditionRecord",
    "EventLine", "EventPage", "FactLine", "Found", "Freshness", "Frozen", "Gate", "GoingOut", "History", "Judged", "JustificationLine",
    "Known", "LaterReview", "Page", "PostingLine", "Restated", "ReviewLine", "RouteLine", "SheetLine", "SignOffLine", "WaitingEdition",
    "ailing_channels", "blob", "count", "counts", "delivery_id", "delivery_line", "district_opened", "district_yearbook", "due_deliveries",
    "edition_in_hand", "editions_due", "editions_in", "events", "facts", "figures", "find_item", "found", "freshness", "frozen_report",
    "frozen_reports", "gate", "going_out", "has_words", "history", "imported", "in_doubt", "is_open", "last_beat", "last_event_at",
    "last_frame", "my_drafts", "near_due", "nearly_stale", "next_edition", "next_index_number", "next_serial", "open_postings",
    "opened", "queued_drawings", "restated", "row_keys", "rows_behind", "search", "shared_items", "sheet", "sheets", "shelved",
    "standing", "step_value", "to_review", "to_review_afterwards", "to_sign", "to_withdraw", "touches", "troubled", "verify_events",
    "yearbook",
]

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
from ledger.queries.drawings import last_frame, pending_drawings, touches
from ledger.queries.events import ChainFault, verify_events
from ledger.queries.figures import figures
from ledger.queries.items import EditionInHand, edition_in_hand, editions_due, editions_in, find_item, has_words, imported
from ledger.queries.offices import is_open, last_beat, last_event_at, next_serial
from ledger.queries.sheets import SheetLine, sheets

__all__ = [
    "ChainFault", "Due", "EditionInHand", "SheetLine", "delivery_id", "due_deliveries", "edition_in_hand", "editions_due", "editions_in",
    "figures", "find_item", "has_words", "imported", "in_doubt", "is_open", "last_beat", "last_event_at", "last_frame", "next_serial",
    "open_postings", "pending_drawings", "sheets", "standing", "step_value", "touches", "verify_events",
]

"""Every read. Nothing here writes."""

from ledger.queries.deliveries import (
    Due, EditionInHand, delivery_id, due_deliveries, edition_in_hand, editions_due, in_doubt, last_frame, open_postings, pending_drawings, step_value, touches,
)
from ledger.queries.events import ChainFault, verify_events
from ledger.queries.figures import figures
from ledger.queries.items import editions_in, find_item, has_words, imported, is_open, last_beat, last_event_at, next_serial, sheets, standing

__all__ = [
    "ChainFault", "Due", "EditionInHand", "delivery_id", "due_deliveries", "edition_in_hand", "editions_due", "editions_in", "figures", "find_item", "has_words", "imported", "is_open", "last_beat", "last_event_at",
    "in_doubt", "last_frame", "next_serial", "open_postings", "pending_drawings", "sheets", "standing", "step_value", "touches", "verify_events",
]

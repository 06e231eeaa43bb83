"""The tables of the ledger. Written by `ledger.services`, read by `ledger.queries`, by nobody else."""

from ledger.models.deliveries import Attempt, Delivery, Posting, Sheet, Step
from ledger.models.events import Event
from ledger.models.items import Blob, Edition, Item, Review, Route, SignOff
from ledger.models.lists import Listing, Place
from ledger.models.offices import Beat, Channel, Column, Drawing, Lease, Office, Serial
from ledger.models.reporting import Fact, Frozen, Text
from ledger.models.screening import Justification, Screening

__all__ = [
    "Attempt", "Beat", "Blob", "Channel", "Column", "Delivery", "Drawing", "Edition", "Event", "Fact", "Frozen", "Item",
    "Justification", "Lease", "Listing", "Office", "Place", "Posting", "Review", "Route", "Screening", "Serial", "Sheet", "SignOff", "Step",
    "Text",
]

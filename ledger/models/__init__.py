"""The tables of the ledger. Written by `ledger.services`, read by `ledger.queries`, by nobody else."""

from ledger.models.accounts import Allowance, Breaker, Call, Credential, Pause, Probe
from ledger.models.counted import Counted
from ledger.models.deliveries import Attempt, Delivery, Posting, Sheet, Step
from ledger.models.events import Event
from ledger.models.items import Blob, Edition, Item, Review, Route, SignOff
from ledger.models.lists import Listing, Place
from ledger.models.offices import Beat, Channel, Column, Drawing, Lease, Office, Serial
from ledger.models.reporting import Fact, Frozen, Text
from ledger.models.screening import Justification, Screening
from ledger.models.sightings import Sighting, Watch

__all__ = [
    "Allowance", "Attempt", "Beat", "Blob", "Breaker", "Call", "Channel", "Column", "Counted", "Credential", "Delivery", "Drawing",
    "Edition", "Event", "Fact", "Frozen", "Item", "Justification", "Lease", "Listing", "Office", "Pause", "Place", "Posting", "Probe",
    "Review", "Route", "Screening", "Serial", "Sheet", "Sighting", "SignOff", "Step", "Text", "Watch",
]

"""Every write. Keyword arguments, one transaction each; time and person come in as arguments."""

from content.deliveries import RouteAsked
from ledger.services.allowances import exhaust, spend
from ledger.services.approval import pass_review, refer_upward, return_to_drafter, sign_off, submit
from ledger.services.attempts import Work, begin_attempt, end_attempt, keep_step, settle_as
from ledger.services.credentials import keep_token
from ledger.services.drawings import begin_drawing, end_drawing, keep_frame
from ledger.services.editing import correct, draft, edit, keep_blob, shelve
from ledger.services.gate import gate_secret, justify
from ledger.services.handwork import ask_to_look, let_go, send_again
from ledger.services.hearing import hear
from ledger.services.intake import Taken, take_in, take_in_correction
from ledger.services.leases import beat, give_back, take_lease
from ledger.services.offices import ChannelOpened, open_office
from ledger.services.pauses import pause, resume
from ledger.services.probes import keep_probe
from ledger.services.release import release
from ledger.services.reporting import freeze_report, keep_text, record_fact
from ledger.services.sheets import put_up, take_down
from ledger.services.sightings import confirm_removed, keep_sighting, post_again, put_off_look
from ledger.services.urgent import review_afterwards, sign_urgently
from ledger.services.withdrawal import withdraw

__all__ = [
    "ChannelOpened", "RouteAsked", "Taken", "Work", "ask_to_look", "beat", "begin_attempt", "begin_drawing", "confirm_removed", "correct",
    "draft", "edit", "end_attempt", "end_drawing", "exhaust", "freeze_report", "gate_secret", "give_back", "hear", "justify", "keep_blob",
    "keep_frame", "keep_probe", "keep_sighting", "keep_step", "keep_text", "keep_token", "let_go", "open_office", "pass_review", "pause",
    "post_again", "put_off_look", "put_up", "record_fact", "refer_upward", "release", "resume", "return_to_drafter", "review_afterwards",
    "send_again", "settle_as", "shelve", "sign_off", "sign_urgently", "spend", "submit", "take_down", "take_in", "take_in_correction",
    "take_lease", "withdraw",
]

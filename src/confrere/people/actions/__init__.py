"""Verbs about people: accounts, roles, places and credentials."""

from confrere.people.actions.accounts import change_account, create_account
from confrere.people.actions.appointing import add_site, appoint, dismiss
from confrere.people.actions.badges import end_pictures, picture, show_badge
from confrere.people.actions.binding import (
    arrive,
    ask_roster,
    erase_rosters,
    follow_link,
    make_voucher_link,
    upload_roster,
    vouch,
    voucher_link,
)
from confrere.people.actions.claims import claim, give_up
from confrere.people.actions.credentials import verify
from confrere.people.actions.moderating import claim_here, hold, look
from confrere.people.actions.newcomers import expect, expected, let_in
from confrere.people.actions.parcels import (
    ask_parcel,
    drop_parcel,
    erase_parcels,
    give_up_parcel,
    set_incentive,
    ship_parcels,
    shuffle_parcels,
    unship_parcel,
)
from confrere.people.actions.places import create_programme, create_site, end_programme
from confrere.people.actions.proving import passkey_options, prove_by_passkey
from confrere.people.actions.rechecking import recheck, recheck_one
from confrere.people.actions.refusals import note_mail_refusal, try_address_again
from confrere.people.actions.registers import import_file
from confrere.people.actions.roles import end_role, grant_role
from confrere.people.actions.sign_in import (
    end_sessions,
    note_passkey,
    note_sign_in,
    note_use,
    pretend,
    remove_lost_passkeys,
    remove_passkey,
    remove_passkeys,
)
from confrere.people.actions.simulating import open_session

__all__ = [
    "add_site",
    "appoint",
    "arrive",
    "ask_parcel",
    "ask_roster",
    "change_account",
    "claim",
    "claim_here",
    "create_account",
    "create_programme",
    "create_site",
    "dismiss",
    "drop_parcel",
    "end_pictures",
    "end_programme",
    "end_role",
    "end_sessions",
    "erase_parcels",
    "erase_rosters",
    "expect",
    "expected",
    "follow_link",
    "give_up",
    "give_up_parcel",
    "grant_role",
    "hold",
    "import_file",
    "let_in",
    "look",
    "make_voucher_link",
    "note_mail_refusal",
    "note_passkey",
    "note_sign_in",
    "note_use",
    "open_session",
    "passkey_options",
    "picture",
    "pretend",
    "prove_by_passkey",
    "recheck",
    "recheck_one",
    "remove_lost_passkeys",
    "remove_passkey",
    "remove_passkeys",
    "set_incentive",
    "ship_parcels",
    "show_badge",
    "shuffle_parcels",
    "try_address_again",
    "unship_parcel",
    "upload_roster",
    "verify",
    "vouch",
    "voucher_link",
]

"""Verbs about people: accounts, roles, places and credentials."""

from confrere.people.actions.accounts import change_account, create_account
from confrere.people.actions.appointing import add_site, appoint, dismiss
from confrere.people.actions.credentials import verify
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
from confrere.people.actions.refusals import note_mail_refusal, try_address_again
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

__all__ = [
    "add_site",
    "appoint",
    "ask_parcel",
    "change_account",
    "create_account",
    "create_programme",
    "create_site",
    "dismiss",
    "drop_parcel",
    "end_programme",
    "end_role",
    "end_sessions",
    "erase_parcels",
    "expect",
    "expected",
    "give_up_parcel",
    "grant_role",
    "let_in",
    "note_mail_refusal",
    "note_passkey",
    "note_sign_in",
    "note_use",
    "passkey_options",
    "pretend",
    "prove_by_passkey",
    "remove_lost_passkeys",
    "remove_passkey",
    "remove_passkeys",
    "set_incentive",
    "ship_parcels",
    "shuffle_parcels",
    "try_address_again",
    "unship_parcel",
    "verify",
]

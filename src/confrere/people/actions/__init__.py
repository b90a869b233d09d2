"""Verbs about people: accounts, roles, places and credentials."""

from confrere.people.actions.accounts import create_account, set_clock, set_name
from confrere.people.actions.credentials import verify
from confrere.people.actions.places import create_programme, create_site
from confrere.people.actions.roles import end_role, grant_role

__all__ = [
    "create_account",
    "create_programme",
    "create_site",
    "end_role",
    "grant_role",
    "set_clock",
    "set_name",
    "verify",
]

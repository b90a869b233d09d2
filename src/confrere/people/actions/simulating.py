"""Only in a database made for simulated people: a browser session without a sign-in, for measurements."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils.translation import gettext as _

from confrere.people import sessions
from confrere.people.models import User
from confrere.vault.origin import simulated
from confrere.vault.refusals import Refusal


def open_session(*, person: int, now: datetime) -> tuple[str, str]:
    """(name, value) of a cookie with which this simulated person is signed in.

    Refuses (403) in a database that may hold real people.
    """
    if not simulated():
        raise Refusal(_("Nobody is signed in by a command where people may be real."), status=403)
    session = SessionStore()
    session[SESSION_KEY] = str(person)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = User.objects.get(pk=person).get_session_auth_hash()
    sessions.begin(session, by_code=False, now=now)
    session.create()
    assert session.session_key is not None
    return settings.SESSION_COOKIE_NAME, session.session_key

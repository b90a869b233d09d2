"""Listens to the sign-in library (how a person came in) and to the post (whose address refuses mail)."""

from datetime import datetime
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_used
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from confrere.people import sessions
from confrere.people.actions import note_mail_refusal, note_passkey, note_sign_in, note_use
from confrere.people.models import User
from confrere.people.queries import refuses_mail
from confrere.post.signals import Verdict, leaving, refused


def listen() -> None:
    """Connect everything here; called once, when Django is ready."""
    user_logged_in.connect(signed_in, dispatch_uid="people.signed_in")
    authenticator_used.connect(passkey_used, dispatch_uid="people.passkey_used")
    authenticator_added.connect(passkey_added, dispatch_uid="people.passkey_added")
    leaving.connect(letter_leaves, dispatch_uid="people.letter_leaves")
    refused.connect(address_refused, dispatch_uid="people.address_refused")


def signed_in(sender: type[User], request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A session has begun. A mailed code alone is a weak beginning; a passkey is a strong one."""
    now = timezone.now()
    means = {record["method"] for record in get_authentication_records(request, user)}
    sessions.begin(request.session, by_code=means == {"code"}, now=now)
    note_sign_in(person=user.pk, now=now)


def passkey_used(
    sender: type[Authenticator], request: HttpRequest, authenticator: Authenticator, **kwargs: Any
) -> None:
    """At sign-in, or later to prove oneself again."""
    sessions.prove(request.session, now=timezone.now())
    note_use(passkey=authenticator.pk, now=timezone.now())


def passkey_added(sender: type[Authenticator], request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The session that made a passkey is as strong as one that used it."""
    request.session.cycle_key()
    request.session[sessions.BY_CODE] = False
    note_passkey(person=user.pk, now=timezone.now())


def letter_leaves(sender: object, to: str, urgent: bool, **kwargs: Any) -> Verdict | None:  # a signal
    """No letter leaves to an address that refuses mail, but for one that somebody waits for, such as a code."""
    return Verdict(wanted=False) if not urgent and refuses_mail(to) else None


def address_refused(sender: object, address: str, status: str, now: datetime, **kwargs: Any) -> None:
    """A mail server has said so."""
    note_mail_refusal(address=address, status=status, now=now)

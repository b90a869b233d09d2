"""The link by which somebody signs in before any letter can reach them: the first operator of a new site."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.utils.translation import gettext as _

from confrere.people.models import User
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


class _Tokens(PasswordResetTokenGenerator):
    key_salt = "confrere.people.first_sign_in"


_TOKENS = _Tokens()


def make_first_sign_in(*, person: int) -> str:
    """A token of one use, good for `PASSWORD_RESET_TIMEOUT` (three days). Nothing is stored."""
    return f"{person}-{_TOKENS.make_token(User.objects.get(pk=person))}"


@transaction.atomic
def use_first_sign_in(*, token: str, now: datetime) -> int:
    """Spend a token; the person whom it signs in. Their address counts as confirmed.

    Refuses a token that was used, is too old, or was never made, all in the same words.
    """
    number, _hyphen, rest = token.partition("-")
    person = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
    user = User.objects.select_for_update().filter(pk=person).first()
    if user is None or not _TOKENS.check_token(user, rest):
        raise Refusal(
            _("This link was used already, or it is too old. Sign in with a mailed code instead."), status=410
        )
    user.set_unusable_password()  # a new one, and tokens are made from it: this one is spent
    user.save(update_fields=["password"])
    EmailAddress.objects.filter(user_id=person).update(verified=True)
    audit.record(
        action="people.first_sign_in",
        actor=Actor.person(person),
        about=f"person:{person}",
        programme=None,
        kept_as=kept.SIGN_IN,
        now=now,
    )
    return person

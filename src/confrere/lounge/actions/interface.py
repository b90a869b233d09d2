"""Keys for programs: made by their member, shown once, and ended by themselves."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.lounge import rules
from confrere.lounge.actions.noting import note
from confrere.lounge.models import Token
from confrere.people.queries import Standing
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal

#: What our tokens begin with, so that scanners of code find them when somebody publishes one.
PREFIX: Final = "confrere_"
MOST_DAYS: Final = 90
MOST_TOKENS: Final = 5


def digest_of(token: str) -> str:
    """What is kept of a token. Random enough (256 bits) that a plain digest cannot be guessed back."""
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def make_token(*, standing: Standing, name: str, scopes: Collection[str], days: int, now: datetime) -> str:
    """Make a token; its text is returned here and never again. Refuses (422) more days or tokens than are allowed."""
    rules.check_verified(standing=standing, now=now)
    if not 1 <= days <= MOST_DAYS or not scopes:
        raise Refusal(_("A token opens something, and ends after 1 to 90 days."), status=422)
    own = Token.objects.filter(member_id=standing.person, ends_at__gt=now)
    if own.count() >= MOST_TOKENS:
        raise Refusal(_("You have five tokens already. End one that you do not need."), status=422)
    token = PREFIX + secrets.token_urlsafe(32)
    Token.objects.create(
        programme_id=standing.programme,
        site_id=standing.site,
        member_id=standing.person,
        name=name,
        digest=digest_of(token),
        scopes=sorted(set(scopes)),
        made_at=now,
        ends_at=now + timedelta(days=days),
    )
    note("lounge.made_token", standing=standing, about="token", now=now, kept_as=kept.LOUNGE_OWN)
    return token


@transaction.atomic
def end_token(*, standing: Standing, token: int, now: datetime) -> None:
    """End one of one's own tokens, at once. Somebody else's, or none: nothing happens."""
    Token.objects.filter(pk=token, member_id=standing.person, programme_id=standing.programme).delete()
    note("lounge.ended_token", standing=standing, about="token", now=now, kept_as=kept.LOUNGE_OWN)

"""Accounts and what their owners say about themselves."""

from datetime import datetime, time

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from confrere.people import checks, queries
from confrere.people.models import STANDING, User
from confrere.people.queries import door as doors
from confrere.people.registers import names
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@transaction.atomic
def create_account(*, email: str, name: str, zone: str, now: datetime, actor: Actor | None = None) -> int:
    """The account with this address, made now if there is none yet; its number either way.

    A second call changes nothing, so that nobody learns from the answer who has an account. The address counts as
    the person's own once a code sent to it has been entered.
    """
    address, name, zone = checks.clean_address(email), checks.clean_line(name), checks.clean_zone(zone)
    existing = queries.person_by_address(address)
    if existing is not None:
        return existing.pk
    # Whoever is faster is kept: a violated constraint would print the address in the server's log.
    User.objects.bulk_create([User(email=address, name=name, zone=zone)], ignore_conflicts=True)
    person = User.objects.values_list("pk", flat=True).get(email=address)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user_id=person, email=address, primary=True, verified=False)], ignore_conflicts=True
    )
    audit.record(
        action="people.create_account",
        actor=actor or Actor.system("people.create_account"),
        about=f"person:{person}",
        programme=None,
        kept_as=kept.ACCOUNT,
        now=now,
    )
    return person


@transaction.atomic
def change_account(
    *, person: int, name: str, zone: str, quiet_from: time | None, quiet_until: time | None, now: datetime
) -> None:
    """What a person says about themselves: name, own clock, and the hours in which nothing is sent to them.

    Quiet hours are wall-clock times in `zone`; they may pass midnight (22:00 to 07:00). Both or neither.
    """
    name, zone = checks.clean_line(name), checks.clean_zone(zone)
    _check_still_the_same(person, name)
    if (quiet_from is None) != (quiet_until is None):
        raise Refusal(_("Quiet hours need a beginning and an end, or neither."), status=400)
    if quiet_from is not None and quiet_from == quiet_until:
        raise Refusal(_("Quiet hours that begin when they end would be the whole day."), status=400)
    User.objects.filter(pk=person).update(name=name, zone=zone, quiet_from=quiet_from, quiet_until=quiet_until)
    audit.record(
        action="people.change_account",
        actor=Actor.person(person),
        about=f"person:{person}",
        programme=None,
        kept_as=kept.ACCOUNT,
        now=now,
    )


def _check_still_the_same(person: int, name: str) -> None:
    """Whoever is verified keeps the name under which they are: colleagues rely on it."""
    claim = doors.claim_of(person)
    if claim is None or claim.state not in STANDING:
        return
    if not names.same_person(given=claim.given, family=claim.family, listed=[names.from_line(name)]):
        raise Refusal(
            _("You are verified, or want to be, as %(name)s. Colleagues rely on it, so write the same name.")
            % {"name": f"{claim.given} {claim.family}".strip()},
            status=409,
        )

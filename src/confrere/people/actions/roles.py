"""Roles: who may do what in a programme, from when until when."""

from datetime import datetime

from django.db import transaction

from confrere.people.models import Membership, Programme
from confrere.people.roles import Role
from confrere.people.signals import role_ended, role_granted
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor


@transaction.atomic(savepoint=False)
def grant_role(*, person: int, programme: int, role: Role | str, now: datetime, actor: Actor) -> None:
    """Give a person a role in a programme from now on. A role that is open already stays as it is."""
    role = Role(role)
    # The programme's row is locked, so that two grants at once are one after the other.
    site = Programme.objects.select_for_update(no_key=True).values_list("site", flat=True).get(pk=programme)
    open_role = Membership.objects.filter(user=person, programme=programme, role=role, until__isnull=True)
    if open_role.exists():
        return
    Membership.objects.create(user_id=person, programme_id=programme, site_id=site, role=role, since=now)
    _record("people.grant_role", person=person, programme=programme, role=role, now=now, actor=actor)
    role_granted.send(sender=Membership, programme=programme, site=site, person=person, role=role, now=now)


@transaction.atomic
def end_role(*, person: int, programme: int, role: Role | str, now: datetime, actor: Actor) -> None:
    """Take a role away, from the next request on. A person without it stays without it."""
    role = Role(role)
    open_role = Membership.objects.filter(user=person, programme=programme, role=role, until__isnull=True)
    site = open_role.values_list("site", flat=True).first()
    if site is None or not open_role.update(until=now):
        return
    _record("people.end_role", person=person, programme=programme, role=role, now=now, actor=actor)
    role_ended.send(sender=Membership, programme=programme, site=site, person=person, role=role, now=now)


def _record(action: str, *, person: int, programme: int, role: Role, now: datetime, actor: Actor) -> None:
    audit.record(
        action=action,
        actor=actor,
        about=f"person:{person}",
        programme=programme,
        kept_as=kept.MEMBERSHIP,
        now=now,
        details={"role": role.value},
    )

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
def grant_role(
    *, person: int, programme: int, role: Role | str, now: datetime, actor: Actor, site: int | None = None
) -> None:
    """Give a person a role in a programme from now on, at one of its sites: without a word, where it is run.

    A role that is open already stays as it is; a coordinator may look after several sites.
    """
    role = Role(role)
    # The programme's row is locked, so that two grants at once are one after the other.
    home = Programme.objects.select_for_update(no_key=True).values_list("site", flat=True).get(pk=programme)
    site = home if site is None else site
    open_role = Membership.objects.filter(user=person, programme=programme, role=role, until__isnull=True)
    if (open_role.filter(site=site) if role == Role.COORDINATOR else open_role).exists():
        return
    Membership.objects.create(user_id=person, programme_id=programme, site_id=site, role=role, since=now)
    _record("people.grant_role", person=person, programme=programme, role=role, now=now, actor=actor)
    role_granted.send(sender=Membership, programme=programme, site=site, person=person, role=role, now=now)


@transaction.atomic
def end_role(
    *, person: int, programme: int, role: Role | str, now: datetime, actor: Actor, at: int | None = None
) -> None:
    """Take a role away, from the next request on, at one site or at all. A person without it stays without it."""
    role = Role(role)
    open_role = Membership.objects.filter(user=person, programme=programme, role=role, until__isnull=True)
    open_role = open_role if at is None else open_role.filter(site=at)
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

"""Who works in a programme: given by name and address, told by letter, and ended again."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from confrere.people import queries, rules, team
from confrere.people.actions.accounts import create_account
from confrere.people.actions.places import create_site
from confrere.people.actions.roles import end_role, grant_role
from confrere.people.checks import clean_address
from confrere.people.models import Programme, ProgrammeSite
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.post.actions import send
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor


@transaction.atomic
def appoint(*, standing: Standing, email: str, name: str, role: Role | str, site: int, now: datetime) -> int:
    """Give somebody a role at a site, with an account if there is none yet, and tell them; their number.

    A role that they have already stays as it is, and no second letter leaves.
    """
    role, address = Role(role), clean_address(email)
    _locked(standing.programme)
    known = queries.person_by_address(address)
    rules.check_can_appoint(standing=standing, person=known.pk if known else None, role=role, site=site)
    actor = Actor.person(standing.person)
    zone = Programme.objects.values_list("zone", flat=True).get(pk=standing.programme)
    person = create_account(email=address, name=name, zone=zone, now=now, actor=actor)
    before = {one.number for one in team.staff(programme=standing.programme, now=now)}
    grant_role(person=person, programme=standing.programme, role=role, site=site, now=now, actor=actor)
    for made in team.staff(programme=standing.programme, now=now):
        if made.number not in before:
            _tell(standing, made, now)
    return person


@transaction.atomic
def dismiss(*, standing: Standing, number: int, now: datetime) -> None:
    """End one role of somebody; their other roles stay. Refuses (404) a strange one, and the last director."""
    _locked(standing.programme)
    member = rules.check_can_dismiss(standing=standing, member=_member(standing.programme, number, now), now=now)
    end_role(
        person=member.person,
        programme=standing.programme,
        role=member.role,
        at=member.site,
        now=now,
        actor=Actor.person(standing.person),
    )


@transaction.atomic
def add_site(*, standing: Standing, name: str, zone: str, now: datetime) -> int:
    """Add a further site with its own people and staff; its number."""
    _locked(standing.programme)
    actor = Actor.person(standing.person)
    site = create_site(slug=_free(name), name=name, zone=zone, now=now, actor=actor)
    ProgrammeSite.objects.create(programme_id=standing.programme, site_id=site)
    audit.record(
        action="people.add_site",
        actor=actor,
        about=f"site:{site}",
        programme=standing.programme,
        kept_as=kept.PROGRAMME,
        now=now,
    )
    return site


def _locked(programme: int) -> None:
    """Two who end each other's role at once are one after the other, so that one director stays."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme)


def _member(programme: int, number: int, now: datetime) -> team.Member | None:
    return next((one for one in team.staff(programme=programme, now=now) if one.number == number), None)


def _free(name: str) -> str:
    """A short name that no site has."""
    begun = slugify(name)[:40] or "site"
    tried = 1
    while team.site_at(begun if tried == 1 else f"{begun}-{tried}") is not None:
        tried += 1
    return begun if tried == 1 else f"{begun}-{tried}"


def _tell(standing: Standing, made: team.Member, now: datetime) -> None:
    home = str(settings.ORIGIN) + reverse("today", args=[standing.programme_slug])
    body = _(
        "%(by)s gave you a role in %(programme)s: %(role)s, at %(site)s.\n\nSign in with this address; the first time "
        "you make a passkey, so that nobody can come in your name:\n\n%(home)s\n\nIf you know nothing of this, "
        "leave it: nothing happens without your sign-in.\n"
    ) % {
        "by": standing.name,
        "programme": standing.programme_name,
        "role": made.role.label,
        "site": made.site_name,
        "home": home,
    }
    event = f"role {made.number} of person {made.person}"
    send(to=made.email, subject=_("A new task for you"), body=body, event=event, programme=standing.programme, now=now)

"""Sites and programmes."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.people import checks
from confrere.people.models import Programme, Site
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@transaction.atomic
def create_site(*, slug: str, name: str, zone: str, now: datetime, actor: Actor) -> int:
    """A hospital or practice; its number. Refuses a short name that is taken."""
    slug, name, zone = checks.clean_slug(slug), checks.clean_line(name), checks.clean_zone(zone)
    _check_free(taken=Site.objects.filter(slug=slug).exists())
    site = Site.objects.create(slug=slug, name=name, zone=zone)
    _record("people.create_site", about=f"site:{site.pk}", programme=None, now=now, actor=actor)
    return site.pk


@transaction.atomic
def create_programme(*, site: int, slug: str, name: str, zone: str, now: datetime, actor: Actor) -> int:
    """A programme at a site; its number. Refuses a short name that is taken."""
    slug, name, zone = checks.clean_slug(slug), checks.clean_line(name), checks.clean_zone(zone)
    _check_free(taken=Programme.objects.filter(slug=slug).exists())
    programme = Programme.objects.create(site_id=site, slug=slug, name=name, zone=zone)
    _record("people.create_programme", about=f"programme:{programme.pk}", programme=programme.pk, now=now, actor=actor)
    return programme.pk


@transaction.atomic
def end_programme(*, programme: int, ends_on: date, now: datetime, actor: Actor) -> None:
    """Say which day is a programme's last. It may be said anew until that day is over.

    Refuses a day that has passed: nobody erases early by hand.
    """
    today = days.of(now)
    row = Programme.objects.select_for_update(no_key=True).get(pk=programme)
    if row.ends_on is not None and row.ends_on < today:
        raise Refusal(_("The programme has ended, and what ends with it is being erased. Its last day stays."))
    if ends_on < today:
        raise Refusal(_("The last day of a programme must not have passed."), status=422)
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    audit.record(
        action="people.end_programme",
        actor=actor,
        about=f"programme:{programme}",
        programme=programme,
        kept_as=kept.PROGRAMME,
        now=now,
        details={"ends_on": ends_on.isoformat()},
    )


def _check_free(*, taken: bool) -> None:
    if taken:
        raise Refusal(_("This short name is taken. Choose another."))


def _record(action: str, *, about: str, programme: int | None, now: datetime, actor: Actor) -> None:
    audit.record(action=action, actor=actor, about=about, programme=programme, kept_as=kept.PROGRAMME, now=now)

"""Sites and programmes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.people import checks
from confrere.people.models import Programme, Site
from confrere.vault import audit
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


def _check_free(*, taken: bool) -> None:
    if taken:
        raise Refusal(_("This short name is taken. Choose another."))


def _record(action: str, *, about: str, programme: int | None, now: datetime, actor: Actor) -> None:
    audit.record(action=action, actor=actor, about=about, programme=programme, kept_as=kept.PROGRAMME, now=now)

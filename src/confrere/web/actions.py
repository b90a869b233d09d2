"""Verbs of the front door that no room owns."""

from dataclasses import asdict

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from confrere.people.actions import create_account, create_programme, create_site, grant_role
from confrere.people.actions.first_sign_in import make_first_sign_in
from confrere.people.roles import Role
from confrere.vault import keys
from confrere.vault.audit import Actor


@transaction.atomic
def found_site(*, name: str, operator: str, zone: str) -> dict[str, object]:
    """Make a new site's keys, its first programme and its first operator, or none of them.

    Answers with the path of the operator's first sign-in and the keepers of the keys. Keys that an earlier attempt
    made are kept. Raises `Refusal`.
    """
    now, actor = timezone.now(), Actor.system("web.found_site")
    slug = slugify(name)[:50] or "site"
    if not all(keys.store().exists(key) for key in keys.STANDING):
        keys.create_standing_keys(keys.store())
    site = create_site(slug=slug, name=name, zone=zone, now=now, actor=actor)
    programme = create_programme(site=site, slug=slug, name=name, zone=zone, now=now, actor=actor)
    person = create_account(email=operator, name=operator.partition("@")[0], zone=zone, now=now, actor=actor)
    grant_role(person=person, programme=programme, role=Role.OPERATOR, now=now, actor=actor)
    return {
        "path": reverse("welcome", args=[make_first_sign_in(person=person)]),
        "keys": [asdict(keys.keeper_of(key)) for key in keys.STANDING],
    }

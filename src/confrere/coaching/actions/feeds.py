"""A private address for one's own calendar program: made, made anew, ended."""

import secrets
from datetime import datetime

from django.db import transaction

from confrere.coaching.models import Feed
from confrere.coaching.queries.calendars import digest
from confrere.vault import audit
from confrere.vault import classification as kept


@transaction.atomic
def open_feed(*, programme: int, site: int, person: int, now: datetime) -> str:
    """Give a person a new address; an older one ends. Returns its token of 128 bits, which is kept nowhere."""
    token = secrets.token_hex(16)
    Feed.objects.update_or_create(
        programme_id=programme,
        person_id=person,
        defaults={"site_id": site, "digest": digest(token), "since": now.date()},
    )
    _note("coaching.open_feed", programme=programme, person=person, now=now)
    return token


@transaction.atomic
def close_feed(*, programme: int, person: int, now: datetime) -> None:
    """End a person's address; whoever still asks for it finds nothing."""
    Feed.objects.filter(programme=programme, person=person).delete()
    _note("coaching.close_feed", programme=programme, person=person, now=now)


def _note(action: str, *, programme: int, person: int, now: datetime) -> None:
    audit.record(
        action=action,
        actor=audit.Actor.person(person),
        about=f"person:{person}",
        programme=programme,
        kept_as=kept.BOOKING,
        now=now,
    )

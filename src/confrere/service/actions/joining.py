"""One person's way: agree and ask, take what is offered, leave. What stands under the study id comes afterwards."""

from datetime import datetime

from django.db import transaction

from confrere.coaching import actions as coaching
from confrere.people.actions import grant_role
from confrere.people.roles import Role
from confrere.service import queries
from confrere.service.actions import places
from confrere.service.actions.asking import open_questions, stop_questions
from confrere.service.actions.preparing import here
from confrere.service.models import Agreement, Service
from confrere.service.queries.counts import SOURCE
from confrere.service.rules import check_offered, check_open, check_terms
from confrere.service.states import PlaceState
from confrere.vault import audit, days, link
from confrere.vault import classification as kept
from confrere.vault.audit import Actor


def join(*, programme: int, person: int, version: int, sha256: str, name: str, now: datetime) -> str:
    """Agree to the newest terms and ask for a place; returns the place's state.

    version, sha256: what the person had on the screen. Asked again, whoever lost a place stands behind the others.
    """
    with transaction.atomic():
        service = queries.required(programme, locked=True)
        check_open(service)
        _agree(service, person=person, version=version, sha256=sha256, name=name, now=now)
        place = places.ask(service, person=person, now=now)
    open_questions(place=place.pk, now=now)
    return place.state


def take(*, programme: int, person: int, now: datetime) -> None:
    """Take the place that is kept for one. Refuses after its day."""
    with transaction.atomic():
        service = queries.required(programme, locked=True)
        check_open(service)
        place = check_offered(place=queries.place_of(service=service, person=person), today=days.of(now))
        places.take(place, now=now)
        place.told = place.state
        place.save(update_fields=["told"])
    open_questions(place=place.pk, now=now)


def leave(*, programme: int, person: int, now: datetime) -> None:
    """Give a place back or leave the line, without a reason; booked sessions are cancelled, questions stop.

    The seat goes to the next in line. Left twice is left once.
    """
    with transaction.atomic():
        service = queries.required(programme, locked=True)
        place = queries.place_of(service=service, person=person)
        if place is None:
            raise queries.nothing_here()
        if place.state in {PlaceState.LEFT, PlaceState.DONE}:
            return
        places.change(place, PlaceState.LEFT, now)
        actor = Actor.person(person)
        coaching.revoke(programme=programme, person=person, source=SOURCE, actor=actor, now=now)
        places.tidy(service, today=days.of(now), now=now)
    stop_questions(place=place.pk, now=now)


def _agree(service: Service, *, person: int, version: int, sha256: str, name: str, now: datetime) -> None:
    terms = check_terms(terms=queries.terms(service), version=version, sha256=sha256, name=name)
    _row, new = Agreement.objects.get_or_create(
        person_id=person,
        terms=terms,
        defaults={**here(service), "name": " ".join(name.split()), "given_at": now},
    )
    actor = Actor.person(person)
    grant_role(person=person, programme=service.programme_id, role=Role.PARTICIPANT, now=now, actor=actor)
    link.create(person=person, programme=service.programme_id, site=service.site_id, now=now)
    if new:
        audit.record(
            action="service.agree",
            actor=actor,
            about=f"terms {version}",
            programme=service.programme_id,
            kept_as=kept.CONSENT,
            now=now,
            details={"sha256": sha256},
        )

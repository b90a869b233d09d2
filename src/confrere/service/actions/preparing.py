"""Before the first person asks: what one person gets, how places are given, the terms, the intakes."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.science.allocation import commit
from confrere.service import keys, queries
from confrere.service.models import Intake, Seat, Service, Terms
from confrere.service.queries.changes import AFTER, BEFORE
from confrere.service.rules import check_draft, check_move_service
from confrere.service.states import IntakeKind, Order, ServiceState, seats_for
from confrere.surveys import actions as surveys
from confrere.surveys import definition
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@transaction.atomic
def prepare(
    *,
    programme: int,
    site: int,
    title: str,
    minutes: Sequence[int],
    window_days: int,
    intake: str,
    order: str,
    offer_days: int,
    instruments: Sequence[str],
    questionnaire: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Keep the plan of a programme's service in place of an earlier draft; returns the service.

    Refuses (422) sessions under 15 or over 240 minutes and a lottery for a rolling intake, and (409) any change once
    people can ask, or to the kind of intake once there is one.
    """
    if not minutes or not all(15 <= each <= 240 for each in minutes):
        raise Refusal(_("A person gets at least one session, of 15 to 240 minutes each."), status=422)
    if Order(order) == Order.LOTTERY and IntakeKind(intake) == IntakeKind.ROLLING:
        raise Refusal(
            _("Lots are drawn for cohorts; a rolling intake gives places in the order of asking."), status=422
        )
    service = queries.of_programme(programme, locked=True)
    if service is None:
        service = Service(programme_id=programme, site_id=site, join_token=secrets.token_urlsafe(16))
    check_draft(service)
    if service.pk and queries.intakes(service):
        _check_same_plan(service, minutes, intake, order)
    service.title, service.minutes, service.window_days = title.strip(), list(minutes), window_days
    service.intake, service.order, service.offer_days = intake, order, offer_days
    service.instruments, service.questionnaire = list(instruments), questionnaire
    service.save()
    note("service.prepare", service, actor, now)
    return service.pk


def _check_same_plan(service: Service, minutes: Sequence[int], intake: str, order: str) -> None:
    if (service.minutes, service.intake, service.order) != (list(minutes), intake, order):
        raise Refusal(_("There is an intake already, computed from these sessions: only other things can change."))


@transaction.atomic
def write_terms(*, programme: int, text: str, actor: Actor, now: datetime) -> int:
    """Publish what people agree to; returns the version. The same words again are the same version."""
    service = queries.required(programme, locked=True)
    text = text.strip()
    if not text:
        raise Refusal(_("Write what people agree to."), status=422)
    newest = queries.terms(service)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if newest is not None and newest.sha256 == sha256:
        return newest.version
    version = 1 if newest is None else newest.version + 1
    Terms.objects.create(**here(service), service=service, version=version, text=text, sha256=sha256)
    note("service.write_terms", service, actor, now, version=version, sha256=sha256)
    return version


@transaction.atomic
def add_intake(
    *,
    programme: int,
    opens_on: date,
    closes_on: date | None,
    starts_on: date,
    coach_hours: int,
    actor: Actor,
    now: datetime,
) -> int:
    """Add an intake with as many seats as its coach hours carry; returns its number.

    A rolling service has one intake, without a last day; cohorts follow each other: each opens after the one before
    it closed. By lot, the key is made and committed to now.
    """
    service = queries.required(programme, locked=True)
    before = queries.intakes(service)
    seats = seats_for(coach_hours=coach_hours, minutes=service.minutes)
    if service.state == ServiceState.ENDED:
        raise Refusal(_("The service has ended. Nobody can join any more."))
    if seats < 1:
        raise Refusal(_("So few coach hours do not carry one person."), status=422)
    if service.intake == IntakeKind.ROLLING:
        if before:
            raise Refusal(_("A rolling service has one intake, and it is there already."))
        closes_on, starts_on = None, opens_on
    else:
        _check_days(before, opens_on, closes_on, starts_on)
    row = Intake(
        **here(service),
        service=service,
        number=len(before) + 1,
        opens_on=opens_on,
        closes_on=closes_on,
        starts_on=starts_on,
        coach_hours=coach_hours,
    )
    if service.order == Order.LOTTERY:
        row.commitment = commit(keys.make(service, row.number))
    row.save()
    Seat.objects.bulk_create(Seat(**here(service), intake=row, number=number) for number in range(1, seats + 1))
    note("service.add_intake", service, actor, now, number=row.number, seats=seats)
    return row.number


def _check_days(before: Sequence[Intake], opens_on: date, closes_on: date | None, starts_on: date) -> None:
    if closes_on is None or not opens_on <= closes_on < starts_on:
        raise Refusal(_("A cohort opens, closes, and starts after it closed, in this order."), status=422)
    last = before[-1].closes_on if before else None
    if last is not None and opens_on <= last:
        raise Refusal(_("This cohort opens before the one before it has closed."), status=422)


@transaction.atomic
def open_service(*, programme: int, actor: Actor, now: datetime) -> None:
    """Let people ask from now on. Refuses without terms, without an intake, and without the wording of a question."""
    service = queries.required(programme, locked=True)
    check_move_service(service, ServiceState.OPEN)
    if queries.terms(service) is None:
        raise Refusal(_("Write what people agree to first."))
    if not queries.intakes(service):
        raise Refusal(_("Add an intake first: it says how many people the coach hours carry."))
    if service.questionnaire:
        surveys.check_ready(programme=programme, slug=service.questionnaire)
    elif service.instruments:
        _publish_questions(service, actor, now)
    service.state, service.opened_on = ServiceState.OPEN, days.of(now)
    service.save()
    note("service.open", service, actor, now)


def _publish_questions(service: Service, actor: Actor, now: datetime) -> None:
    items = [item for name in service.instruments for item in definition.of_instrument(name, required=False)]
    for wave, title in ((BEFORE, _("Before you begin")), (AFTER, _("Afterwards"))):
        surveys.publish(
            programme=service.programme_id,
            site=service.site_id,
            slug=slug(service, wave),
            title=title,
            questions=items,
            actor=actor,
            now=now,
        )
        surveys.check_ready(programme=service.programme_id, slug=slug(service, wave))


def slug(service: Service, wave: str) -> str:
    """The short name of the questionnaire that is asked then; empty where nothing is asked."""
    if service.questionnaire:
        return service.questionnaire
    return f"service-{wave}" if service.instruments else ""


def here(service: Service) -> dict[str, int]:
    """Programme and site, which every row has."""
    return {"programme_id": service.programme_id, "site_id": service.site_id}


def note(action: str, service: Service, actor: Actor, now: datetime, **details: str | int) -> None:
    """One audit event about the service itself."""
    audit.record(
        action=action,
        actor=actor,
        about=f"service:{service.pk}",
        programme=service.programme_id,
        kept_as=kept.PROGRAMME,
        now=now,
        details=details,
    )

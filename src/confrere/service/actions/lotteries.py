"""The lots of a cohort: drawn once after its last day, offered in that order, and open to anyone's check."""

import secrets
from datetime import datetime

from django.db import transaction

from confrere.science.allocation import LotteryRecord, draw_order, leaf
from confrere.service import keys, queries
from confrere.service.actions.places import next_number, tidy
from confrere.service.actions.preparing import here, note
from confrere.service.models import Intake, Lottery, Place, Service
from confrere.service.queries.services import DRAW
from confrere.service.rules import check_lottery, check_open, check_said
from confrere.service.states import PlaceState
from confrere.vault import days
from confrere.vault.audit import Actor

NONCE_BYTES = 16


@transaction.atomic
def draw_lottery(*, programme: int, number: int, said: str, actor: Actor, now: datetime) -> int:
    """Draw the order of everyone who waits for an intake, then offer its seats; returns how many took part.

    said: what nobody could know before the last day, and everyone can read afterwards.
    """
    service = queries.required(programme, locked=True)
    check_open(service)
    found = next((one for one in queries.intakes(service) if one.number == number), None)
    intake = check_lottery(intake=found, service=service, today=days.of(now))
    intake.said, intake.drawn_on = check_said(said), days.of(now)
    intake.save()
    waiting = list(Place.objects.filter(intake=intake, state=PlaceState.WAITING).order_by("number"))
    if waiting:
        _draw(service, intake, waiting)
    note("service.draw_lottery", service, actor, now, number=number, lots=len(waiting))
    tidy(service, today=days.of(now), now=now)
    return len(waiting)


def _draw(service: Service, intake: Intake, waiting: list[Place]) -> None:
    first = next_number(service)
    leaves: dict[str, Place] = {}
    for place in waiting:
        place.lot, place.nonce = f"L-{secrets.token_hex(8)}", secrets.token_hex(NONCE_BYTES)
        leaves[leaf(nonce=bytes.fromhex(place.nonce), study_id=place.lot, stratum=DRAW)] = place
    terms = queries.terms(service)
    assert terms is not None  # no service is open without them
    second = queries.second_contribution(intake.said)
    key = keys.read(service, intake.number)
    order = draw_order(key=key, second=second, terms_sha256=terms.sha256, leaves=list(leaves))
    for rank, mark in enumerate(order, 1):
        place = leaves[mark]
        place.rank, place.number = rank, first + rank
        place.save(update_fields=["lot", "nonce", "rank", "number"])
    record = LotteryRecord(
        terms_sha256=terms.sha256,
        commitment=intake.commitment,
        second=second.hex(),
        places=intake.seats.count(),
        order=order,
    )
    Lottery.objects.create(**here(service), intake=intake, record=record.published(key=key))

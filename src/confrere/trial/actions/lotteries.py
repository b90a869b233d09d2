"""The lottery for places: promised and committed to first, drawn after its last day, then offered in that order."""

import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.science.allocation import commit, draw_order, leaf
from confrere.trial import keys, queries
from confrere.trial.actions.locking import locked
from confrere.trial.actions.noting import new_key, note
from confrere.trial.actions.places import move_on
from confrere.trial.models import Lot, Lottery, Place, PlaceState, Trial
from confrere.trial.queries.lotteries import DRAW, second_contribution
from confrere.trial.rules import check_recruiting
from confrere.vault import days
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

NONCE_BYTES = 16
#: A public sentence that could be guessed is none.
SHORTEST = 20


@transaction.atomic
def announce_lottery(*, programme: int, closes_on: date, actor: Actor, now: datetime) -> str:
    """Say until when asking counts, and commit to the key; returns the commitment: publish it.

    Refuses where the protocol serves the first to come first, a day that has passed, and a second time.
    """
    trial = locked(programme)
    check_recruiting(trial)
    if queries.protocol(trial).order != "lottery":
        raise Refusal(_("This protocol gives places in the order of asking: there is no lottery."))
    if queries.lottery(trial) is not None:
        raise Refusal(_("The lottery was announced already. Its day and its promise stay."))
    if closes_on <= days.of(now):
        raise Refusal(_("The last day of asking lies in the future."), status=422)
    made = Lottery.objects.create(
        programme_id=trial.programme_id,
        site_id=trial.site_id,
        trial=trial,
        commitment=commit(
            keys.of_lottery(trial) if trial.test_entropy else new_key(keys.lottery_name(trial.programme.slug))
        ),
        closes_on=closes_on,
    )
    note("trial.announce_lottery", trial, actor, now, commitment=made.commitment)
    return made.commitment


@transaction.atomic
def draw_lottery(*, programme: int, said: str, actor: Actor, now: datetime) -> int:
    """Draw the order of everyone who waits, then offer the places in it; returns how many took part.

    said: what nobody could know before the last day, and everyone can read afterwards. Refuses before that day is
    over, a short sentence, and a second draw.
    """
    trial = locked(programme)
    check_recruiting(trial)
    found = queries.lottery(trial)
    if found is None or found.drawn_on is not None:
        raise Refusal(_("There is no lottery to be drawn: none was announced, or it was drawn already."))
    if days.of(now) <= found.closes_on:
        raise Refusal(_("The lottery is open until the end of %(day)s.") % {"day": found.closes_on.isoformat()})
    said = " ".join(said.split())
    if len(said) < SHORTEST:
        raise Refusal(
            _("Write %(count)s letters or more that nobody could know before.") % {"count": SHORTEST}, status=422
        )
    waiting = list(Place.objects.filter(trial=trial, state=PlaceState.WAITING).order_by("number"))
    found.said, found.drawn_on = said, days.of(now)
    found.save()
    if waiting:
        _draw(trial, waiting, said)
    note("trial.draw_lottery", trial, actor, now, lots=len(waiting))
    move_on(programme=programme, now=now)
    return len(waiting)


def _draw(trial: Trial, waiting: list[Place], said: str) -> None:
    nonces = {place.study_id: secrets.token_bytes(NONCE_BYTES) for place in waiting}
    leaves = {leaf(nonce=nonces[one], study_id=one, stratum=DRAW): one for one in nonces}
    order = draw_order(
        key=keys.of_lottery(trial),
        second=second_contribution(said),
        terms_sha256=trial.protocol_sha256,
        leaves=list(leaves),
    )
    first = waiting[-1].number  # every new number lies above the old ones, so that none is taken twice
    by_id = {place.study_id: place for place in waiting}
    for rank, mark in enumerate(order, 1):
        study_id = leaves[mark]
        Lot.objects.create(
            programme_id=trial.programme_id,
            site_id=by_id[study_id].site_id,
            trial=trial,
            study_id=study_id,
            rank=rank,
            nonce=nonces[study_id].hex(),
            leaf=mark,
        )
        by_id[study_id].number = first + rank
        by_id[study_id].save(update_fields=["number"])

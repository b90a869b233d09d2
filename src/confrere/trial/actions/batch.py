"""The draw of everybody at once: promise, close, open, draw, publish. Nobody can foresee it or choose it.

The key was committed to at the lock, the second number is promised before the roster closes. Each side is bound
before it knows what the other brings.
"""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from confrere.science.allocation import Enrolled, draw_batch, leaf, roster_root
from confrere.surveys import queries as answered
from confrere.trial import keys, queries
from confrere.trial.actions.allocating import NONCE_BYTES, open_wave
from confrere.trial.actions.locking import locked
from confrere.trial.actions.noting import note
from confrere.trial.models import Allocation, Batch, Place, PlaceState, RosterLine, Trial, TrialState
from confrere.trial.rules import check_closable, check_draws_at_once, check_promise, check_recruiting, check_second
from confrere.vault import days
from confrere.vault.audit import Actor
from confrere.vault.rules import check_unlocked


@transaction.atomic
def promise_second(*, programme: int, commitment: str, actor: Actor, now: datetime) -> None:
    """Keep the promise of the second number, by its hash; it may be exchanged until the roster closes."""
    check_unlocked(programme=programme)
    trial = locked(programme)
    check_draws_at_once(queries.protocol(trial))
    check_promise(queries.batch_of(trial), commitment)
    check_recruiting(trial)
    Batch.objects.update_or_create(
        trial=trial,
        defaults={"second_commitment": commitment, "promised_at": now},
        create_defaults={
            "programme_id": programme,
            "site_id": trial.site_id,
            "second_commitment": commitment,
            "promised_at": now,
        },
    )
    note("trial.promise_second", trial, actor, now, commitment=commitment)


@transaction.atomic
def close_enrolment(*, programme: int, actor: Actor, now: datetime) -> str:
    """Freeze who is drawn, and each stratum; returns the root of the roster: publish it. Nobody joins any more."""
    check_unlocked(programme=programme)
    trial = locked(programme)
    protocol = queries.protocol(trial)
    check_draws_at_once(protocol)
    batch = queries.batch_of(trial)
    places = Place.objects.filter(trial=trial)
    held = places.filter(state=PlaceState.HELD, held_until__gt=now).count()
    final = list(places.filter(state=PlaceState.FINAL).order_by("study_id").values_list("study_id", flat=True))
    check_closable(batch, held=held, final=len(final))
    check_recruiting(trial)
    assert batch is not None  # check_closable refuses without it
    roster = [_line(trial, study_id) for study_id in final]
    RosterLine.objects.bulk_create(roster)
    batch.roster_root = roster_root([Enrolled(one.leaf, one.stratum) for one in roster])
    batch.closed_at = now
    batch.save()
    note("trial.close_enrolment", trial, actor, now, root=batch.roster_root, lines=len(roster))
    return batch.roster_root


@transaction.atomic
def draw_everybody(*, programme: int, second: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """Open the promised number, draw the whole roster, publish; returns the record. Asked again, the same record."""
    check_unlocked(programme=programme)
    trial = locked(programme)
    protocol = queries.protocol(trial)
    check_draws_at_once(protocol)
    if trial.state == TrialState.PUBLISHED:
        return queries.record(trial)
    batch = queries.batch_of(trial)
    check_second(batch, second)
    assert batch is not None  # check_second refuses without it
    batch.second = second
    batch.save()
    for made in _draw(trial, batch, now):
        for wave in protocol.waves[1:]:
            open_wave(protocol, made, wave, now)
    trial.state, trial.published_at = TrialState.PUBLISHED, now
    trial.save()
    record = queries.record(trial)
    note("trial.draw_everybody", trial, actor, now, entries=len(record["entries"]), last_link=record["last_link"])
    return record


def _line(trial: Trial, study_id: str) -> RosterLine:
    protocol = queries.protocol(trial)
    baseline = answered.given(programme=trial.programme_id, study_id=study_id, wave=protocol.baseline.name)
    assert baseline is not None  # a place is final with a complete baseline only
    stratum, nonce = protocol.stratum(baseline), secrets.token_bytes(NONCE_BYTES)
    return RosterLine(
        programme_id=trial.programme_id,
        site_id=queries.site_of(trial, study_id),
        trial=trial,
        study_id=study_id,
        stratum=stratum,
        nonce=nonce.hex(),
        leaf=leaf(nonce=nonce, study_id=study_id, stratum=stratum),
    )


def _draw(trial: Trial, batch: Batch, now: datetime) -> list[Allocation]:
    roster = list(RosterLine.objects.filter(trial=trial).order_by("leaf"))
    arms = draw_batch(
        key=keys.of_trial(trial),
        second=bytes.fromhex(batch.second),
        protocol_sha256=trial.protocol_sha256,
        roster=[Enrolled(line.leaf, line.stratum) for line in roster],
        arms=queries.protocol(trial).allocation_arms,
    )
    given: dict[str, int] = {}
    made = []
    for line in roster:
        counter = given.get(line.stratum, 0)
        given[line.stratum] = counter + 1
        made.append(
            Allocation(
                programme_id=trial.programme_id,
                site_id=line.site_id,
                trial=trial,
                study_id=line.study_id,
                stratum=line.stratum,
                counter=counter,
                nonce=line.nonce,
                leaf=line.leaf,
                arm=arms[line.leaf],
                drawn_on=days.of(now),
            )
        )
    return Allocation.objects.bulk_create(made)

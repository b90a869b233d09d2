"""The draw of the next arm: once for each study id, from a key outside the database, with no list anywhere."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from confrere.science.allocation import Margins, leaf, next_arm
from confrere.surveys import actions as surveys
from confrere.surveys import queries as answered
from confrere.trial import keys, queries
from confrere.trial.actions.locking import locked
from confrere.trial.models import Allocation, Trial
from confrere.trial.protocol import Protocol, Wave
from confrere.trial.questionnaires import questionnaire
from confrere.trial.rules import check_draws_one_by_one, check_ready_to_draw, check_recruiting
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.rules import check_unlocked

NONCE_BYTES = 16


@transaction.atomic
def allocate(*, programme: int, study_id: str, now: datetime) -> str:
    """Draw the arm of a study id; returns it. Asked again, or fifty times at once, the answer is the first one.

    The stratum is taken from the baseline answers and frozen in the row. Refuses (409) before consent, before
    the baseline and without a final place, naming the missing step.
    """
    check_unlocked(programme=programme)
    trial = locked(programme)
    known = queries.allocation_of(trial=trial, study_id=study_id)
    if known is not None:
        return known.arm
    check_recruiting(trial)
    protocol = queries.protocol(trial)
    check_draws_one_by_one(protocol)
    baseline = answered.given(programme=programme, study_id=study_id, wave=protocol.baseline.name)
    check_ready_to_draw(place=queries.place_of(trial=trial, study_id=study_id), baseline=baseline)
    assert baseline is not None  # check_ready_to_draw refuses without it
    made = _draw(trial, protocol, study_id, protocol.stratum(baseline), now)
    for wave in protocol.waves[1:]:
        open_wave(protocol, made, wave, now)
    audit.record(
        action="trial.allocate",
        actor=Actor.study(study_id),
        about=f"allocation:{made.pk}",
        programme=programme,
        kept_as=kept.ALLOCATION,
        now=now,
        details={"leaf": made.leaf},
    )
    return made.arm


def allocate_at_once(*, trial: Trial, study_id: str, now: datetime) -> None:
    """What follows a final place: the draw, unless everybody is drawn together later."""
    if queries.protocol(trial).mode == "rolling":
        allocate(programme=trial.programme_id, study_id=study_id, now=now)


def _draw(trial: Trial, protocol: Protocol, study_id: str, stratum: str, now: datetime) -> Allocation:
    # The trial's row is locked: nobody else is drawn meanwhile, in whatever stratum.
    given = list(Allocation.objects.filter(trial=trial).order_by("pk").values_list("stratum", "arm"))
    history = [arm for where, arm in given if where == stratum]
    margins = Margins()
    for where, arm in given:
        margins.add(where, arm)
    nonce = secrets.token_bytes(NONCE_BYTES)
    arm = next_arm(
        protocol.scheme,
        key=keys.of_trial(trial),
        protocol_sha256=trial.protocol_sha256,
        stratum=stratum,
        history=history,
        arms=protocol.allocation_arms,
        margins=margins,
    )
    return Allocation.objects.create(
        programme_id=trial.programme_id,
        site_id=queries.site_of(trial, study_id),
        trial=trial,
        study_id=study_id,
        stratum=stratum,
        counter=len(history),
        nonce=nonce.hex(),
        leaf=leaf(nonce=nonce, study_id=study_id, stratum=stratum),
        arm=arm,
        drawn_on=days.of(now),
    )


def open_wave(protocol: Protocol, made: Allocation, wave: Wave, now: datetime) -> None:
    """Open a later wave for who was drawn, counted from the draw; one that waits for the first session opens then."""
    if wave.after == "allocation" or protocol.arm(made.arm).delayed:
        opens = days.start(made.drawn_on) + timedelta(days=wave.offset_days)
        put_before(made, wave, protocol=protocol, opens=opens, now=now)


def put_before(made: Allocation, wave: Wave, *, protocol: Protocol, opens: datetime, now: datetime) -> None:
    """Open a wave for who was drawn, from the beginning of this day."""
    surveys.open_response(
        programme=made.programme_id,
        site=made.site_id,
        study_id=made.study_id,
        wave=wave.name,
        questionnaire=questionnaire(protocol, wave=wave.name, arm=made.arm),
        opens=opens,
        closes=opens + timedelta(days=wave.window_days),
        now=now,
    )

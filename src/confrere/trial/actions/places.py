"""Held, final, waiting, lapsed: never more than the cap, whoever comes at once.

Every change locks the trial's row first, and a held or final place takes a row of `Seat`, of which there are
as many as the cap: the database itself has no room for one more.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from confrere.surveys import actions as surveys
from confrere.surveys import queries as answered
from confrere.trial import queries
from confrere.trial.actions.allocating import allocate_at_once
from confrere.trial.actions.locking import locked
from confrere.trial.models import Place, PlaceState, Seat, Trial, TrialState
from confrere.trial.protocol import Protocol
from confrere.trial.questionnaires import questionnaire
from confrere.trial.rules import check_move, check_recruiting
from confrere.vault import audit, days, link
from confrere.vault import classification as kept
from confrere.vault.audit import Actor


@transaction.atomic
def hold_place(*, programme: int, study_id: str, now: datetime) -> str:
    """Hold a place for some days, or put the study id on the waiting list; returns the state it has now.

    Whoever has a place, or waits for one, keeps it; whoever lost or gave it up asks anew, behind the others.
    """
    trial = locked(programme)
    check_recruiting(trial)
    _free_what_lapsed(trial, now)
    _fill(trial, now)
    place = queries.place_of(trial=trial, study_id=study_id)
    if place is None:
        place = Place(
            programme_id=trial.programme_id,
            site_id=link.sites_of(study_ids=[study_id], programme=programme).get(study_id, trial.site_id),
            trial=trial,
            study_id=study_id,
            asked_on=days.of(now),
        )
    elif place.state not in {PlaceState.WITHDRAWN, PlaceState.LAPSED}:
        return place.state
    place.number = _next_number(trial)
    _set(place, PlaceState.WAITING, now)
    state = _fill(trial, now).get(place.pk, place.state)
    Place.objects.filter(pk=place.pk).update(told=state)  # the page that asked says it
    return state


@transaction.atomic
def confirm_place(*, programme: int, study_id: str, now: datetime) -> str:
    """The baseline is complete: make the place final and draw, or join the waiting list; returns the state.

    A held place is sure until its deadline. After it, a seat that nobody waits for is taken, else one waits.
    """
    trial = locked(programme)
    check_recruiting(trial)
    _free_what_lapsed(trial, now)
    place = Place.objects.get(trial=trial, study_id=study_id)
    if place.state == PlaceState.LAPSED:
        place.number = _next_number(trial)
        _set(place, PlaceState.WAITING, now)
    if place.state == PlaceState.HELD:
        _set(place, PlaceState.FINAL, now, seat=place.seat)
        allocate_at_once(trial=trial, study_id=study_id, now=now)
    return _fill(trial, now).get(place.pk, place.state)


@transaction.atomic
def move_on(*, programme: int, now: datetime) -> None:
    """Free the seats whose hold has lapsed and offer them to those who wait, in the order of their coming."""
    trial = locked(programme)
    if trial.state == TrialState.OPEN:
        _free_what_lapsed(trial, now)
        _fill(trial, now)


@transaction.atomic
def give_up(*, programme: int, study_id: str, now: datetime) -> None:
    """Leave before the draw: the seat goes to the next in line. A final place stays what it is."""
    trial = locked(programme)
    place = queries.place_of(trial=trial, study_id=study_id)
    if place is None or place.state in {PlaceState.FINAL, PlaceState.WITHDRAWN}:
        return
    _set(place, PlaceState.WITHDRAWN, now)
    if trial.state == TrialState.OPEN:  # afterwards nobody can be drawn any more, and leaving is never refused
        _fill(trial, now)


def _free_what_lapsed(trial: Trial, now: datetime) -> None:
    over = Place.objects.filter(trial=trial, state=PlaceState.HELD, held_until__lte=now)
    for place in over.order_by("number"):
        _set(place, PlaceState.LAPSED, now)


def _fill(trial: Trial, now: datetime) -> dict[int, str]:
    """Give the free seats to the first who wait: final with a complete baseline, else held for some days.

    Returns place → its new state. One query where nobody waits, however many seats there are. Where places are
    drawn, nobody gets one before the lottery.
    """
    if queries.lottery_pending(trial):
        return {}
    waiting = list(Place.objects.filter(trial=trial, state=PlaceState.WAITING).order_by("number"))
    free = Seat.objects.filter(trial=trial, place__isnull=True).order_by("number")[: len(waiting)]
    protocol = queries.protocol(trial)
    given: dict[int, str] = {}
    for seat, place in zip(free, waiting, strict=False):
        wave = protocol.baseline.name
        if answered.given(programme=trial.programme_id, study_id=place.study_id, wave=wave) is None:
            _set(place, PlaceState.HELD, now, seat=seat, until=days.ceiling(now + timedelta(days=protocol.held_days)))
            _open_baseline(place, protocol, now)
        else:
            _set(place, PlaceState.FINAL, now, seat=seat)
            allocate_at_once(trial=trial, study_id=place.study_id, now=now)
        given[place.pk] = place.state
    return given


def _open_baseline(place: Place, protocol: Protocol, now: datetime) -> None:
    wave = protocol.baseline
    closes = days.ceiling(now + timedelta(days=wave.window_days))
    surveys.open_response(
        programme=place.programme_id,
        site=place.site_id,
        study_id=place.study_id,
        wave=wave.name,
        questionnaire=questionnaire(protocol, wave=wave.name, arm=None),
        opens=days.floor(now),
        closes=closes,
        now=now,
    )
    surveys.extend(programme=place.programme_id, study_id=place.study_id, wave=wave.name, closes=closes, now=now)


def _next_number(trial: Trial) -> int:
    last = Place.objects.filter(trial=trial).aggregate(last=Max("number"))["last"]
    return 1 if last is None else int(last) + 1


def _set(
    place: Place,
    state: PlaceState,
    now: datetime,
    *,
    seat: Seat | None = None,
    until: datetime | None = None,
) -> None:
    if place.state:
        check_move(place, state)
    place.state, place.seat, place.held_until, place.told = state, seat, until, ""
    place.save()
    audit.record(
        action=f"trial.place_{state.value}",
        actor=Actor.study(place.study_id),
        about=f"place {place.number}",
        programme=place.programme_id,
        kept_as=kept.PLACE,
        now=now,
    )

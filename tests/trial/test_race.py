"""Many at once, through real concurrent transactions: the cap holds, and each participant is drawn once."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Max
from tests.study import BASELINE, DAY, NOW, PROTOCOL, Study, make_study

from confrere.surveys import actions as surveys
from confrere.surveys import queries as answered
from confrere.trial import actions, queries
from confrere.trial.models import Allocation, Place

CAP = 138
LATE = NOW + 25 * DAY
PATIENT = PROTOCOL.replace("cap = 6", f"cap = {CAP}")


@pytest.fixture
def big(transactional_db: None, standing_keys: None) -> Study:
    study = make_study()
    study.open(PATIENT)
    return study


def at_once[T](acts: Sequence[Callable[[], T]], *, hands: int = 24) -> list[T]:
    """Run acts in so many threads, each with a connection of its own."""

    def run(act: Callable[[], T]) -> T:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(run, acts, timeout=240))


def places(study: Study) -> Counter[str]:
    return queries.places(queries.required(study.programme))


def send(study: Study, study_id: str) -> Callable[[], None]:
    """The last click of a baseline whose answers are saved."""
    [window] = answered.windows(programme=study.programme, study_id=study_id)

    def act() -> None:
        surveys.complete(programme=study.programme, response=window.response, now=LATE)

    return act


def answered_baseline(study: Study, study_id: str) -> None:
    [window] = answered.windows(programme=study.programme, study_id=study_id)
    surveys.record_answers(programme=study.programme, response=window.response, answers=dict(BASELINE), now=LATE)


def codes() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"S-{number:04d}-TEST"


def hold(study: Study, ids: Sequence[str], days: int) -> None:
    for study_id in ids:
        actions.hold_place(programme=study.programme, study_id=study_id, now=NOW + days * DAY)


@pytest.mark.slow
def test_300_baselines_race_for_the_last_5_places(big: Study) -> None:
    ids = codes()
    early = [next(ids) for _ in range(CAP - 5)]
    others = [next(ids) for _ in range(300)]
    # Each hold lapses after a week, each baseline stays open for four: whoever is quick gets a free seat.
    hold(big, early, 0)
    hold(big, others[:5], 0)
    hold(big, others[5 : 5 + CAP], 8)
    hold(big, others[5 + CAP : 5 + 2 * CAP], 16)
    hold(big, others[5 + 2 * CAP :], 24)
    actions.move_on(programme=big.programme, now=LATE)
    for study_id in [*early, *others]:
        answered_baseline(big, study_id)
    for study_id in early:
        send(big, study_id)()
    in_the_end = Place.objects.filter(state="held").aggregate(last=Max("held_until"))["last"]
    assert in_the_end is not None
    actions.move_on(programme=big.programme, now=in_the_end)
    assert places(big) == {"final": CAP - 5, "lapsed": 300}

    at_once([send(big, study_id) for study_id in others])

    assert places(big) == {"final": CAP, "waiting": 295}
    assert Allocation.objects.count() == CAP
    assert len(answered.completed(programme=big.programme, wave="baseline")) == CAP + 295
    assert sorted(Place.objects.filter(state="final").values_list("seat__number", flat=True)) == list(range(1, CAP + 1))


@pytest.mark.slow
def test_300_consents_race_for_the_last_5_places(big: Study) -> None:
    for number in range(CAP - 5):
        actions.hold_place(programme=big.programme, study_id=f"S-{number:04d}-HELD", now=NOW)
    for number in range(300):
        big.person(number)
    states = at_once([lambda number=number: big.state(big.join(number)) for number in range(300)])
    assert Counter(states) == {"held": 5, "waiting": 295}
    assert places(big) == {"held": CAP, "waiting": 295}


def test_50_parallel_draws_of_one_participant_are_one_draw(big: Study) -> None:
    study_id = big.enrol(1)
    arms = at_once([lambda: actions.allocate(programme=big.programme, study_id=study_id, now=NOW) for _ in range(50)])
    assert set(arms) == {Allocation.objects.get().arm}


def test_50_parallel_clicks_send_one_baseline(big: Study) -> None:
    study_id = big.join(1)
    [window] = answered.windows(programme=big.programme, study_id=study_id)
    surveys.record_answers(programme=big.programme, response=window.response, answers=dict(BASELINE), now=NOW)
    at_once([lambda: surveys.complete(programme=big.programme, response=window.response, now=NOW) for _ in range(50)])
    assert (Allocation.objects.count(), places(big)) == (1, {"final": 1})

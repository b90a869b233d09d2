"""Hours, holds, bookings, series, moves, cancellations and confirmations by several people, against plain dicts.

After each step nobody is in two places, both people of each live booking have its time, and nobody else has any but
who holds one while choosing. `CONFRERE_SEQUENCES` and `CONFRERE_OPERATIONS` make it longer than the usual run.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.coaching.machine.known import pick
from tests.coaching.machine.people import TRIED, Coaching

from confrere.coaching.models import Said

SEQUENCES = int(os.environ.get("CONFRERE_SEQUENCES", "5"))
STEPS = 40
#: What people try in the run without hypothesis, which is faster and so can be longer: before a release 100,000.
OPERATIONS = int(os.environ.get("CONFRERE_OPERATIONS", "360"))
SEED = int(os.environ.get("CONFRERE_SEED", "0"))
#: Tries in one life of the programme, which is then undone.
LIFE = 240


@pytest.mark.slow
@pytest.mark.django_db
def test_nobody_is_ever_in_two_places() -> None:
    TRIED.clear()
    run_state_machine_as_test(
        Coaching,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert sum(TRIED.values()) > 0


class Crowd(Coaching):
    """More people than hypothesis could make smaller."""

    participants = 6
    coaches = 3
    capacity = 4
    offered = (0, 1, 2, 3, 7, 8, 9, 14, 15, 16, 21, 22, 28)


def live(dice: Random) -> None:
    """One life of a programme: so many acts of its people, each of them by chance, and the invariants after each."""
    machine = Crowd()
    anybody = range(Crowd.participants + 1)  # the first coach is coached as well
    coaches = range(Crowd.participants, Crowd.participants + Crowd.coaches)
    acts: list[Callable[[], None]] = [
        lambda: machine.offer(
            pick(dice, coaches), machine.known.day + dice.randint(0, 14), dice.randint(0, 9), dice.randint(2, 6)
        ),
        lambda: machine.withdraw(pick(dice, coaches), 0),
        *2 * [lambda: machine.hold(dice, pick(dice, anybody), pick(dice, coaches))],
        *4 * [lambda: machine.book(dice, pick(dice, anybody), pick(dice, coaches))],
        *2 * [lambda: machine.series(dice, pick(dice, anybody), pick(dice, coaches), dice.randint(2, 3))],
        *4 * [lambda: machine.move(dice)],
        *3 * [lambda: machine.cancel(dice)],
        lambda: machine.confirm(dice, pick(dice, [Said.HAPPENED, Said.MOVED, Said.MISSED])),
        lambda: machine.meet(pick(dice, [Said.HAPPENED, Said.MISSED])),
        lambda: machine.later(1),
        machine.forget,
    ]
    before = sum(TRIED.values())
    while sum(TRIED.values()) < before + LIFE:
        dice.choice(acts)()
        machine.nobody_is_in_two_places_and_nothing_is_orphaned()
        machine.what_is_kept_is_what_happened()
    machine.teardown()


@pytest.mark.slow
@pytest.mark.django_db
def test_nobody_is_in_two_places_however_often_they_try(capsys: pytest.CaptureFixture[str]) -> None:
    TRIED.clear()
    began, lives = datetime.now(UTC), 0
    while sum(TRIED.values()) < OPERATIONS:
        live(Random(SEED * 1_000_000 + lives))
        lives += 1
        if "CONFRERE_OPERATIONS" in os.environ:
            with capsys.disabled():
                print(progress(lives, seconds=(datetime.now(UTC) - began).total_seconds()), flush=True)  # noqa: T201  # asked for
    verbs = ("offer", "hold", "book", "series", "move", "cancel", "say")
    assert {(verb, done): TRIED[verb, done] > 0 for verb in verbs for done in (True, False)} == {
        (verb, done): True for verb in verbs for done in (True, False)
    }, TRIED


def progress(lives: int, *, seconds: float) -> str:
    """A line for whoever waits for a long run."""
    tried = sum(TRIED.values())
    left = max(0, OPERATIONS - tried) * seconds / tried / 60
    done = ", ".join(f"{verb} {TRIED[verb, True]}+{TRIED[verb, False]}" for verb in sorted({verb for verb, _ in TRIED}))
    return f"{tried} of {OPERATIONS} tries in {lives} lives, {left:.0f} minutes left; done+refused: {done}"

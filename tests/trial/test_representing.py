"""Participants beside the institution: nobody and no small group follows from the table, nor from two of them."""

from collections.abc import Sequence

import numpy as np
import pytest
from tests.study import DIRECTOR, NOW, PROTOCOL, Study

from confrere.science.disclosure import audit
from confrere.trial import actions, queries
from confrere.trial.queries import representing
from confrere.vault.refusals import Refusal

RACE = """
[[questions]]
name = "race"
kind = "choices"
text = "Which of these fit?"
[questions.options]
asian = "Asian"
white = "White"
"""


def here(study: Study) -> dict[str, list[int | None]]:
    found = queries.compared(queries.required(study.programme))
    return {one.question: [level.here for level in one.levels] for one in found}


def count(study: Study, question: str = "gender", **counts: int | None) -> None:
    actions.count_institution(programme=study.programme, question=question, counts=counts, actor=DIRECTOR, now=NOW)


def test_nothing_is_shown_before_the_first_step(study: Study) -> None:
    study.enrol(1)
    assert queries.compared(queries.required(study.programme)) == []


def test_small_cells_and_what_they_follow_from_are_hidden(bare: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(representing, "STEP", 12)
    bare.open(PROTOCOL.replace("cap = 6", "cap = 20"))
    for number in range(13):
        bare.enrol(number, gender="man" if number < 2 else "woman", medicine="yes" if number < 6 else "no")
    count(bare, woman=900, man=1100)
    [gender, medicine] = queries.compared(queries.required(bare.programme))
    assert ([level.here for level in gender.levels], gender.here) == ([None, None], 12)  # 10 women would tell of 2 men
    assert [level.here for level in medicine.levels] == [6, 6]
    assert ([level.there for level in gender.levels], gender.there) == ([900, 1100], 2000)
    assert [level.there for level in medicine.levels] == [None, None]
    actions.close_and_publish(programme=bare.programme, actor=DIRECTOR, now=NOW)
    assert here(bare) == {"gender": [None, None], "medicine": [None, None]}  # the thirteenth would stand alone


def test_of_several_answers_each_is_compared_and_the_institution_is_its_people(
    bare: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(representing, "STEP", 12)
    several = PROTOCOL.replace("cap = 6", "cap = 20").replace(
        '"medicine"]\n\n[[waves]]', '"medicine", "race"]\n\n[[waves]]'
    )
    bare.open(several + RACE)
    for number in range(12):
        bare.enrol(number, race=["asian", "white"] if number < 6 else ["white"])
    count(bare, "race", asian=30, white=80)
    race = queries.compared(queries.required(bare.programme))[-1]
    assert ([level.here for level in race.levels], race.here, race.several) == ([6, 12], 12, True)
    assert ([level.there for level in race.levels], race.there) == ([30, 80], 0)
    count(bare, woman=60, man=40)
    assert queries.compared(queries.required(bare.programme))[-1].there == 100


def test_who_takes_answers_back_cannot_be_told_from_the_tables_before_and_after(
    bare: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(representing, "STEP", 6)
    bare.open(PROTOCOL.replace("cap = 6", "cap = 20"))
    ids = [bare.enrol(number) for number in range(12)]
    before = here(bare)
    assert before == {"gender": [12, 0], "medicine": [12, 0]}
    withdrawal = {"programme": bare.programme, "study_id": ids[7], "kind": "data", "now": NOW}
    actions.withdraw(**withdrawal)
    assert here(bare) == {"gender": [6, 0], "medicine": [6, 0]}  # as it was at the step before
    actions.take_back(**withdrawal)
    assert here(bare) == before
    actions.withdraw(**withdrawal | {"study_id": ids[0]})
    assert here(bare) == {}


def test_whatever_is_shown_over_time_together_tells_of_no_small_group() -> None:
    draw = np.random.default_rng(5)
    for _population in range(20):
        answers = draw.choice(4, size=(2, 60), p=[0.5, 0.35, 0.1, 0.05])
        given = np.array([answers[question] == level for question in range(2) for level in range(4)])
        ends = [25, 50, 60]
        rows = [public for until in range(1, 4) for public in shown_at(given, ends[:until])]
        assert audit(np.array(rows)).safe


def shown_at(given: np.ndarray, ends: Sequence[int]) -> list[np.ndarray]:
    """The indicators that are public at the last of these steps: everyone of it, and the cells that are shown."""
    inside = np.arange(given.shape[1]) < ends[-1]
    return [inside, *(given[cell] & inside for cell in sorted(representing._shown(given, list(ends))))]


def test_counts_of_the_institution_are_changed_and_taken_back(study: Study) -> None:
    count(study, woman=5, man=7)
    count(study, woman=6, man=None)
    factors = {one.name for one in queries.factors(queries.required(study.programme))}
    assert factors == {"gender", "medicine"}
    from confrere.trial.models import Demographic

    assert list(Demographic.objects.values_list("level", "count")) == [("woman", 6)]


@pytest.mark.parametrize(
    ("question", "counts"),
    [("shoe_size", {"woman": 1}), ("gender", {"dragon": 1}), ("gender", {"woman": -1}), ("gender", {"man": 10**8})],
)
def test_what_is_no_count_of_the_baseline_is_refused(study: Study, question: str, counts: dict[str, int]) -> None:
    with pytest.raises(Refusal) as refused:
        count(study, question, **counts)
    assert refused.value.status == 422

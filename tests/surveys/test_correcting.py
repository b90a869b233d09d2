from collections.abc import Callable

import pytest
from tests.surveys.conftest import NOW, THEMES, YEARS, Place

from confrere.surveys import actions, queries
from confrere.surveys.definition import Option, Question
from confrere.surveys.models import Correction
from confrere.vault.refusals import Refusal

MORE = Question(
    name="themes",
    kind=THEMES.kind,
    text=THEMES.text,
    required=False,
    options=(*THEMES.options, Option(value="home", label="Home")),
)


def test_an_answer_of_several_is_put_right_as_a_list(
    place: Place, publish: Callable[..., int], opened: Callable[..., int]
) -> None:
    publish(MORE, YEARS)
    response = opened()
    scope = {"programme": place.programme, "now": NOW}
    put = {**scope, "study_id": "S-AAAA-AAAA", "wave": "baseline", "person": 5, "reason": "Two were meant."}
    actions.record_answers(**scope, response=response, answers={"themes": ["care"], "years": 12})
    with pytest.raises(Refusal):  # nothing was sent yet
        actions.correct(**put, question="themes", value="skills, care")
    actions.complete(**scope, response=response)
    actions.correct(**put, question="themes", value="skills, care")
    actions.correct(**put, question="years", value="13")
    given = queries.given(programme=place.programme, study_id="S-AAAA-AAAA", wave="baseline")
    assert given == {"themes": ["care", "skills"], "years": 13}
    assert [(row.old, row.new) for row in Correction.objects.order_by("pk")] == [
        (["care"], ["care", "skills"]),
        (12, 13),
    ]

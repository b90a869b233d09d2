"""Each dictionary of REDCap is imported, published, answered by a generator, exported, and imported again, equal.

All of it goes through the rooms' own actions: a draft, a version, a response, answers under a study id.
"""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.questionnaire.examples import EVERYTHING
from tests.surveys.conftest import DIRECTOR, NOW, Place
from tests.surveys.dictionaries import answered, made_up

from confrere.analysis.questionnaire import recognise
from confrere.analysis.questionnaire.convert import write
from confrere.surveys import actions, definition, queries
from confrere.surveys.definition import Question, Value
from confrere.surveys.models import Response


def through_the_rooms(place: Place, content: bytes, *, study_id: str, seed: int) -> int:
    """Import, publish, answer, export, import again; asserts that both ends are equal. Returns how many answers."""
    read = recognise(content).reading
    coming = definition.coming(read, record_first=True)
    slug = actions.begin(
        programme=place.programme, site=place.site, title="A trial", blocks=coming.blocks, actor=DIRECTOR, now=NOW
    )
    actions.publish_draft(programme=place.programme, slug=slug, seen=1, actor=DIRECTOR, now=NOW)
    given = _answer(place, slug, study_id, seed)
    row = queries.version(programme=place.programme, slug=slug)
    exported = write(queries.exchanged(row), to="redcap", made_at="")
    again = recognise(exported.encode()).reading
    assert again.questionnaire == read.questionnaire
    assert definition.coming(again, record_first=True).blocks == coming.blocks
    return len(given)


def _answer(place: Place, slug: str, study_id: str, seed: int) -> dict[str, Value]:
    """Answer what is asked until nothing is left, send it, and see that what was stored fits what was asked."""
    response = actions.open_response(
        programme=place.programme,
        site=place.site,
        study_id=study_id,
        wave="baseline",
        questionnaire=slug,
        opens=NOW,
        closes=NOW + timedelta(days=14),
        now=NOW,
    )
    questions = queries.questions_of(response=response)
    rng = np.random.default_rng(seed)
    while answers := answered(questions, _given(response), rng):
        actions.record_answers(programme=place.programme, response=response, answers=answers, now=NOW)
    actions.complete(programme=place.programme, response=response, now=NOW)
    given = _given(response)
    _agree(questions, given)
    return given


def _given(response: int) -> dict[str, Value]:
    return queries.answers_of(Response.objects.get(pk=response))


def _agree(questions: tuple[Question, ...], given: dict[str, Value]) -> None:
    """Whoever was asked has answered, whoever was not has no answer, and every answer fits."""
    asked = {question.name: question for question in definition.asked(questions, given)}
    assert set(given) >= {name for name, question in asked.items() if question.kind.answered}
    for name, value in given.items():
        assert value is None if name not in asked else definition.fitting(asked[name], value) == value


def test_everything_at_once(place: Place) -> None:
    assert through_the_rooms(place, EVERYTHING, study_id="S-AAAA-AAAA", seed=1) > 10


@pytest.mark.parametrize("seed", range(8))
def test_dictionaries_of_chance(place: Place, seed: int) -> None:
    assert through_the_rooms(place, made_up(seed), study_id="S-AAAA-AAAA", seed=seed) > 5


def test_every_example_of_redcap(place: Place, shared: Path) -> None:
    """All of them, one study id each: about a second for thirty files."""
    folder = shared / "data" / "redcap" / "redcapr"
    files = sorted([*folder.glob("*__dictiona*.csv"), *folder.glob("*__metadata.csv")])
    assert len(files) > 25
    answers = {
        file.name: through_the_rooms(place, file.read_bytes(), study_id=f"S-{number:04}-AAAA", seed=number)
        for number, file in enumerate(files)
    }
    assert [name for name, count in answers.items() if not count] == []

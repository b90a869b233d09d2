from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.surveys.conftest import GENDER, NOW, OWN, YEARS, Place

from confrere.surveys import actions, definition, queries, signals
from confrere.surveys.models import Answer, Response
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

HOUR = timedelta(hours=1)
FULL = {"gender": "woman", "years": 12}


@pytest.fixture
def heard() -> list[tuple[str, str]]:
    """What the room announces while the test runs: signal and wave."""
    told: list[tuple[str, str]] = []

    def baseline(sender: object, wave: str, **kwargs: object) -> None:
        told.append(("baseline_completed", wave))

    def answered(sender: object, wave: str, **kwargs: object) -> None:
        told.append(("wave_answered", wave))

    signals.baseline_completed.connect(baseline, weak=False)
    signals.wave_answered.connect(answered, weak=False)
    yield told
    signals.baseline_completed.disconnect(baseline)
    signals.wave_answered.disconnect(answered)


def test_the_newest_answer_counts_and_the_earlier_stays(
    place: Place, publish: Callable[..., int], opened: Callable[..., int]
) -> None:
    publish(*OWN)
    response = opened()
    for typed in ("woman", "man", "man"):
        actions.record_answers(programme=place.programme, response=response, answers={"gender": typed}, now=NOW + HOUR)
    assert [row.value for row in Answer.objects.order_by("pk")] == ["woman", "man"]
    assert queries.answers_of(Response.objects.get()) == {"gender": "man"}


def test_asking_again_gives_the_same_response(
    place: Place, publish: Callable[..., int], opened: Callable[..., int]
) -> None:
    publish(GENDER)
    first = opened()
    publish(GENDER, YEARS)
    assert opened() == first
    assert Response.objects.get().questionnaire.version == 1


def test_nothing_opens_without_a_questionnaire_or_its_wording(
    publish: Callable[..., int], opened: Callable[..., int], stand_in: Callable[[str], int]
) -> None:
    with pytest.raises(Refusal, match="No questionnaire baseline"):
        opened()
    publish(*definition.of_instrument("pfi"))
    with pytest.raises(Refusal, match="wording of these instruments is missing: Professional Fulfillment Index"):
        opened()
    stand_in("pfi")
    publish(*definition.of_instrument("pfi"))
    assert opened() == Response.objects.get().pk


def test_an_answer_outside_the_window_is_refused_with_its_dates(
    place: Place, publish: Callable[..., int], opened: Callable[..., int]
) -> None:
    publish(*OWN)
    response = opened()
    for moment, sentence in [
        (NOW - HOUR, "opens on 3 March 2026, 12:30"),
        (NOW + timedelta(days=14), "closed on 17 March 2026, 13:30"),  # the clocks changed on 8 March
    ]:
        with pytest.raises(Refusal, match=sentence):
            actions.record_answers(programme=place.programme, response=response, answers=FULL, now=moment)
        with pytest.raises(Refusal, match=sentence):
            actions.complete(programme=place.programme, response=response, now=moment)
    assert not Answer.objects.exists()


def test_all_answers_of_a_call_are_saved_or_none(
    place: Place, publish: Callable[..., int], opened: Callable[..., int]
) -> None:
    publish(*OWN)
    response = opened()
    for wrong in ({"years": 99}, {"shoe_size": 40}):
        with pytest.raises(Refusal):
            actions.record_answers(
                programme=place.programme, response=response, answers={"gender": "man"} | wrong, now=NOW
            )
    assert not Answer.objects.exists()


def test_a_survey_is_sent_once_it_is_complete(
    place: Place, publish: Callable[..., int], opened: Callable[..., int], heard: list[tuple[str, str]]
) -> None:
    publish(*OWN)
    response = opened()
    with pytest.raises(Refusal, match=r"2 questions still need an answer\. The first is: Your gender"):
        actions.complete(programme=place.programme, response=response, now=NOW)
    actions.record_answers(programme=place.programme, response=response, answers={"gender": "man"}, now=NOW)
    with pytest.raises(Refusal, match="One question still needs an answer: Years in practice"):
        actions.complete(programme=place.programme, response=response, now=NOW)
    actions.record_answers(programme=place.programme, response=response, answers={"years": 3}, now=NOW)
    for _again in range(2):
        actions.complete(programme=place.programme, response=response, now=NOW)
    assert heard == [("baseline_completed", "baseline"), ("wave_answered", "baseline")]
    with pytest.raises(Refusal, match="was sent on 3 March 2026"):
        actions.record_answers(programme=place.programme, response=response, answers=FULL, now=NOW)
    assert queries.completed(programme=place.programme, wave="baseline") == {"S-AAAA-AAAA": NOW}


def test_a_later_wave_is_announced_as_answered_only(
    place: Place, publish: Callable[..., int], opened: Callable[..., int], heard: list[tuple[str, str]]
) -> None:
    publish(*OWN)
    response = opened(wave="month3")
    actions.record_answers(programme=place.programme, response=response, answers=FULL, now=NOW)
    actions.complete(programme=place.programme, response=response, now=NOW)
    assert heard == [("wave_answered", "month3")]


def test_a_refusal_upstairs_takes_the_sending_back(
    place: Place, publish: Callable[..., int], opened: Callable[..., int]
) -> None:
    publish(*OWN)
    response = opened()
    actions.record_answers(programme=place.programme, response=response, answers=FULL, now=NOW)

    def refuse(sender: object, **kwargs: object) -> None:
        raise Refusal("no")

    signals.wave_answered.connect(refuse)
    with pytest.raises(Refusal):
        actions.complete(programme=place.programme, response=response, now=NOW)
    signals.wave_answered.disconnect(refuse)
    assert queries.completed(programme=place.programme, wave="baseline") == {}


def test_a_stop_closes_what_was_not_sent_and_can_be_taken_back(
    place: Place, publish: Callable[..., int], opened: Callable[..., int]
) -> None:
    publish(*OWN)
    response, other = opened(), opened("S-BBBB-BBBB")
    for _again in range(2):
        actions.stop(programme=place.programme, study_id="S-AAAA-AAAA", now=NOW)
    with pytest.raises(Refusal, match="no further questions"):
        actions.record_answers(programme=place.programme, response=response, answers=FULL, now=NOW)
    actions.record_answers(programme=place.programme, response=other, answers=FULL, now=NOW)
    actions.reopen(programme=place.programme, study_id="S-AAAA-AAAA", now=NOW)
    actions.record_answers(programme=place.programme, response=response, answers=FULL, now=NOW)
    actors = [row.body for row in Payload.objects.filter(body__contains='"surveys.stop"')]
    assert len(actors) == 1
    assert '"actor":"study:S-AAAA-AAAA"' in actors[0]


def test_the_database_refuses_a_window_that_ends_first_and_a_late_completion(
    place: Place, publish: Callable[..., int], opened: Callable[..., int]
) -> None:
    publish(*OWN)
    opened()
    for wrong in ({"closes": NOW}, {"completed_at": NOW - HOUR}, {"completed_at": NOW + timedelta(days=14)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Response.objects.update(**wrong)


def test_rows_say_what_they_are(place: Place, publish: Callable[..., int], opened: Callable[..., int]) -> None:
    publish(*OWN)
    response = opened()
    actions.record_answers(programme=place.programme, response=response, answers=FULL, now=NOW)
    assert str(Response.objects.get()) == "S-AAAA-AAAA baseline"
    assert str(Answer.objects.get(question="gender")) == f"{response} gender"


def test_what_is_not_asked_any_more_is_neither_demanded_nor_kept_as_an_answer(
    place: Place, publish: Callable[..., int], opened: Callable[..., int]
) -> None:
    publish(GENDER, replace(YEARS, condition="gender == 'man'"))
    response = opened()
    for answers in ({"gender": "man"}, {"years": 7}, {"gender": "woman"}):
        actions.record_answers(programme=place.programme, response=response, answers=answers, now=NOW)
    actions.complete(programme=place.programme, response=response, now=NOW)
    given = queries.given(programme=place.programme, study_id="S-AAAA-AAAA", wave="baseline")
    assert given == {"gender": "woman", "years": None}
    assert Answer.objects.filter(question="years").count() == 2

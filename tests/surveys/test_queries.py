import math
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries
from tests.surveys.conftest import GENDER, NOW, YEARS, Place

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.surveys import actions, definition, links, queries


def standing(place: Place, person: int, role: Role = Role.PARTICIPANT) -> Standing:
    return Standing(
        person=person,
        name="A. Osei",
        zone="Europe/Berlin",
        programme=place.programme,
        programme_slug=place.slug,
        programme_name="Peer coaching",
        site=place.site,
        roles=frozenset({role}),
    )


@pytest.fixture
def answered(
    place: Place, publish: Callable[..., int], opened: Callable[..., int], stand_in: Callable[[str], int]
) -> Callable[[str, int], int]:
    """A study id sends a survey in which every item of the index has this code."""
    stand_in("pfi")
    pfi = definition.of_instrument("pfi", required=False)
    publish(GENDER, *pfi)

    def answered(study_id: str, code: int, *, send: bool = True) -> int:
        response = opened(study_id)
        codes = {question.name: code for question in pfi if code >= 0}
        actions.record_answers(programme=place.programme, response=response, answers={"gender": "man"} | codes, now=NOW)
        if send:
            actions.complete(programme=place.programme, response=response, now=NOW)
        return response

    return answered


def test_scores_are_those_of_the_instrument_for_sent_surveys_only(place: Place, answered: Callable[..., int]) -> None:
    answered("S-AAAA-AAAA", 1)
    answered("S-BBBB-BBBB", -1)  # left every item of the index out
    answered("S-CCCC-CCCC", 4, send=False)
    scores = queries.scores(programme=place.programme, wave="baseline")
    assert sorted(scores) == ["S-AAAA-AAAA", "S-BBBB-BBBB"]
    assert scores["S-AAAA-AAAA"]["overall_burnout"] == 2.5
    assert scores["S-AAAA-AAAA"]["professional_fulfillment"] == 2.5
    assert math.isnan(scores["S-BBBB-BBBB"]["overall_burnout"])
    assert queries.answers(programme=place.programme, wave="baseline")["S-BBBB-BBBB"] == {"gender": "man"}
    assert queries.scores(programme=place.programme, wave="month3") == {}


def test_another_rule_gives_its_own_burnout(place: Place, answered: Callable[..., int]) -> None:
    response = answered("S-AAAA-AAAA", 0, send=False)
    actions.record_answers(
        programme=place.programme, response=response, answers={f"pfi_{n}": 4 for n in range(7, 11)}, now=NOW
    )
    actions.complete(programme=place.programme, response=response, now=NOW)
    by_items = queries.scores(programme=place.programme, wave="baseline")
    by_subscales = queries.scores(programme=place.programme, wave="baseline", rule={"pfi": "burnout_subscales"})
    assert by_items["S-AAAA-AAAA"]["overall_burnout"] == 4.0
    assert by_subscales["S-AAAA-AAAA"]["overall_burnout"] == 5.0


@pytest.mark.parametrize("people", [1, 3])
def test_scores_take_as_many_queries_for_one_as_for_three(
    place: Place,
    answered: Callable[..., int],
    people: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(people):
        answered(f"S-AAAA-AAA{number}", 2)
    with django_assert_num_queries(2):
        queries.scores(programme=place.programme, wave="baseline")


def test_windows_say_what_is_open_when(place: Place, publish: Callable[..., int], opened: Callable[..., int]) -> None:
    publish(GENDER, YEARS)
    assert queries.questions_of(response=opened()) == (GENDER, YEARS)
    [window] = queries.windows(programme=place.programme, study_id="S-AAAA-AAAA")
    moments = [NOW - timedelta(seconds=1), NOW, NOW + timedelta(days=14)]
    assert [window.open_at(moment) for moment in moments] == [False, True, False]
    assert (window.title, window.minutes) == ("Baseline", 1)
    late = NOW + timedelta(days=14)
    assert queries.over(programme=place.programme, wave="baseline", now=NOW) == {}
    assert queries.over(programme=place.programme, wave="baseline", now=late) == {"S-AAAA-AAAA": late}


@pytest.mark.parametrize(("count", "minutes"), [(1, 1), (16, 2), (40, 5)])
def test_time_left_is_told_in_minutes(count: int, minutes: int) -> None:
    assert queries.minutes(count) == minutes


def test_the_home_page_shows_an_open_survey_to_its_participant_only(
    place: Place, publish: Callable[..., int], opened: Callable[..., int], person: Callable[..., tuple[int, str]]
) -> None:
    publish(GENDER)
    number, study_id = person()
    assert queries.today(standing=standing(place, number), now=NOW) == []
    opened(study_id)
    [card] = queries.today(standing=standing(place, number), now=NOW)
    assert card.sentence == "1 minute, until 17 March. You can stop and go on where you were."
    assert card.url == reverse("surveys:mine", args=["peer"])
    assert queries.today(standing=standing(place, number, Role.DIRECTOR), now=NOW) == []
    assert queries.today(standing=standing(place, number + 1), now=NOW) == []
    assert queries.today(standing=standing(place, number), now=NOW + timedelta(days=15)) == []


def test_a_link_leads_to_its_own_response(
    place: Place, publish: Callable[..., int], opened: Callable[..., int]
) -> None:
    publish(GENDER)
    token = links.token(programme=place.programme, study_id="S-AAAA-AAAA", wave="baseline")
    assert queries.by_token(token) is None
    response = opened()
    found = queries.by_token(token)
    assert found is not None
    assert found.pk == response

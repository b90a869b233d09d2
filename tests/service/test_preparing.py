"""What a director prepares, and what is refused before anybody can ask."""

import pytest
from tests.service.conftest import DAY, NOW, Running

from confrere.service import actions, queries
from confrere.service.states import PLACE_TRANSITIONS, PlaceState, seats_for
from confrere.surveys import queries as asked
from confrere.vault.refusals import Refusal


@pytest.mark.parametrize(
    ("hours", "minutes", "seats"),
    [(435.5, [90, 60, 60, 60, 60, 60], 67), (6, [90, 60, 60, 60, 60, 60], 0), (13, [390], 2), (12.9, [390], 1)],
)
def test_coach_hours_carry_whole_people(hours: float, minutes: list[int], seats: int) -> None:
    assert seats_for(coach_hours=hours, minutes=minutes) == seats


def test_every_state_says_what_may_follow() -> None:
    assert PLACE_TRANSITIONS.keys() == {*PlaceState}


def test_a_service_opens_with_its_terms_its_intake_and_its_questions(running: Running) -> None:
    running.prepare()
    with pytest.raises(Refusal, match="Add an intake first"):
        running.open()
    running.intake(hours=5)
    running.open()
    service = running.service
    assert (service.state, queries.standings(service).seats) == ("open", 2)
    titles = {slug: one.title for slug, one in asked.published(programme=running.programme).items()}
    assert titles == {"service-after": "Afterwards", "service-before": "Before you begin"}
    with pytest.raises(Refusal, match="cannot be open"):
        running.open()
    with pytest.raises(Refusal, match="stays as it is"):
        running.prepare()


def test_a_plan_changes_until_there_is_an_intake_that_was_computed_from_it(running: Running) -> None:
    running.prepare()
    running.prepare(minutes=[90, 60])
    running.intake()
    running.prepare(minutes=[90, 60], title="Another name", window_days=60)
    assert running.service.title == "Another name"
    with pytest.raises(Refusal, match="There is an intake already"):
        running.prepare(minutes=[60, 60])


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"minutes": []}, "at least one session"),
        ({"minutes": [5]}, "of 15 to 240 minutes"),
        ({"order": "lottery"}, "Lots are drawn for cohorts"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(running: Running, other: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        running.prepare(**other)


def test_terms_are_versions_and_never_empty(running: Running) -> None:
    running.prepare()
    told = {"programme": running.programme, "actor": running.actor, "now": NOW}
    assert [actions.write_terms(text=text, **told) for text in ("Other.", "Other. ", "Third.")] == [2, 2, 3]
    with pytest.raises(Refusal, match="Write what people agree to"):
        actions.write_terms(text="  ", **told)


def test_without_terms_nothing_opens(running: Running) -> None:
    actions.prepare(
        programme=running.programme,
        site=running.site,
        title="Coaching",
        minutes=[60],
        window_days=30,
        intake="rolling",
        order="first-come",
        offer_days=5,
        instruments=[],
        questionnaire="",
        actor=running.actor,
        now=NOW,
    )
    running.intake()
    with pytest.raises(Refusal, match="Write what people agree to first"):
        running.open()
    actions.write_terms(programme=running.programme, text="Yes.", actor=running.actor, now=NOW)
    running.open()
    assert asked.published(programme=running.programme) == {}


def test_intakes_fit_their_kind_and_follow_each_other(running: Running) -> None:
    running.prepare()
    running.intake()
    with pytest.raises(Refusal, match="has one intake"):
        running.intake()


@pytest.mark.parametrize(("closes", "starts"), [(None, 9), (5, 5), (-1, 4)])
def test_a_cohort_opens_closes_and_starts(running: Running, closes: int | None, starts: int) -> None:
    running.prepare(intake="cohorts")
    with pytest.raises(Refusal, match="in this order"):
        running.intake(closes=closes, starts=starts)


def test_a_second_cohort_opens_after_the_first_closed(running: Running) -> None:
    running.cohorts()
    with pytest.raises(Refusal, match="before the one before it has closed"):
        running.intake(opens=7, closes=9, starts=12)
    assert running.intake(opens=8, closes=9, starts=12) == 2
    first, second = queries.intakes(running.service)
    assert first.commitment != second.commitment
    assert len(first.commitment) == 64


def test_too_few_hours_and_an_ended_service_are_refused(running: Running) -> None:
    running.prepare()
    with pytest.raises(Refusal, match="do not carry one person"):
        running.intake(hours=1)
    running.intake()
    running.open()
    actions.end_service(programme=running.programme, ends_on=(NOW + DAY).date(), actor=running.actor, now=NOW)
    with pytest.raises(Refusal, match="has ended"):
        running.intake()


def test_a_published_questionnaire_may_be_asked_instead(running: Running) -> None:
    running.prepare(questionnaire="nowhere")
    running.intake()
    with pytest.raises(Refusal, match="No questionnaire nowhere"):
        running.open()


def test_a_lottery_key_is_never_made_twice(running: Running) -> None:
    running.cohorts()
    from confrere.service.models import Intake, Seat

    Seat.objects.all().delete()
    Intake.objects.all().delete()
    with pytest.raises(Refusal):
        running.intake(closes=7, starts=14)


def test_a_published_questionnaire_is_asked_both_times(running: Running) -> None:
    from confrere.surveys import actions as surveys
    from confrere.surveys import definition
    from confrere.surveys.models import Response

    surveys.publish(
        programme=running.programme,
        site=running.site,
        slug="ours",
        title="Our own",
        questions=definition.of_instrument("qol_vas", required=False),
        actor=running.actor,
        now=NOW,
    )
    running.rolling(questionnaire="ours", instruments=[])
    running.join(1)
    assert set(Response.objects.values_list("wave", "questionnaire__slug")) == {("before", "ours"), ("after", "ours")}


def test_a_place_moves_only_as_the_table_says(running: Running) -> None:
    from confrere.service.models import Place
    from confrere.service.rules import check_move

    with pytest.raises(Refusal, match="A place that is done cannot become taken"):
        check_move(Place(state="done"), PlaceState.TAKEN)

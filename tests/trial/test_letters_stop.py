"""Leaving ends letters that were written already: the first attempt after it drops them, well within five minutes."""

import time
from collections.abc import Callable

import pytest
from tests.post.conftest import Postbox
from tests.study import NOW, Study

from confrere.people import actions as people
from confrere.post import actions as post
from confrere.post.models import Letter, State
from confrere.surveys import actions as surveys
from confrere.trial import actions, queries

pytestmark = pytest.mark.usefixtures("standing_keys")


def states() -> set[str]:
    return set(Letter.objects.values_list("state", flat=True))


@pytest.fixture
def leave(study: Study) -> Callable[[str, str], None]:
    def leave(study_id: str, kind: str) -> None:
        actions.withdraw(programme=study.programme, study_id=study_id, kind=kind, now=NOW)

    return leave


@pytest.mark.parametrize("kind", ["questions", "data"])
def test_a_waiting_letter_about_a_survey_is_dropped_at_once(
    study: Study, leave: Callable[[str, str], None], postbox: Postbox, kind: str
) -> None:
    study_id = study.join(1)
    assert surveys.invite_due(now=NOW) == 1
    began = time.monotonic()
    leave(study_id, kind)
    post.sweep()
    assert time.monotonic() - began < 300
    assert (states(), postbox.letters()) == ({State.DROPPED}, [])


@pytest.mark.parametrize("kind", ["coaching", "questions", "data"])
def test_who_left_coaching_hears_nothing_of_it_and_others_do(
    study: Study, leave: Callable[[str, str], None], postbox: Postbox, kind: str
) -> None:
    study_id = study.enrol(1)
    actions.catch_up(programme=study.programme, now=NOW)  # the letters wait in the outbox
    assert states() == {State.WAITING}
    began = time.monotonic()
    leave(study_id, kind)
    post.sweep()
    assert time.monotonic() - began < 300
    assert states() == ({State.DROPPED} if kind == "coaching" else {State.SENT})


def test_a_place_that_was_given_up_is_not_written_of(study: Study, leave: Callable[[str, str], None]) -> None:
    trial = queries.required(study.programme)
    study_id = study.join(1)
    assert queries.letter_wanted(guard=queries.mark(trial, "place"), to="p1@example.org") is True
    leave(study_id, "questions")
    assert queries.letter_wanted(guard=queries.mark(trial, "place"), to="p1@example.org") is False


@pytest.mark.parametrize("silent", ["questions", "data"])
def test_newer_words_are_not_sent_to_who_left_everything(
    study: Study, leave: Callable[[str, str], None], silent: str
) -> None:
    trial = queries.required(study.programme)
    study_id = study.enrol(1)
    wanted = [queries.letter_wanted(guard=queries.mark(trial, "consent"), to="p1@example.org")]
    for kind in (silent, "coaching"):
        leave(study_id, kind)
        wanted.append(queries.letter_wanted(guard=queries.mark(trial, "consent"), to="p1@example.org"))
    assert wanted == [True, True, False]


def test_a_letter_to_nobody_of_the_study_is_not_wanted_and_others_letters_are_not_ours(study: Study) -> None:
    trial = queries.required(study.programme)
    people.create_account(email="stranger@example.org", name="S", zone="UTC", now=NOW)
    for guard, to in (
        (queries.mark(trial, "draw"), "stranger@example.org"),
        (queries.mark(trial, "draw"), "nobody@example.org"),
        ("letter of trial 987654 about draw", "stranger@example.org"),
    ):
        assert queries.letter_wanted(guard=guard, to=to) is False
    assert queries.letter_wanted(guard="survey.x", to="nobody@example.org") is None

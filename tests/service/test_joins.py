"""A service, too, leaves nothing in a copy of the database that joins a person to a study id."""

import pytest
from tests.house.test_joins import Clock, Story, common_instants, common_transactions, watched
from tests.service.conftest import Running

from confrere.surveys import actions as surveys
from confrere.surveys.models import Response
from confrere.vault import link

__all__ = ["watched"]  # pytest finds the fixture here


@pytest.fixture
def lived(watched: None, standing_keys: None) -> Story:
    """Three people of whom one waits, takes and leaves, at times that nobody else has."""
    from tests.study import make_study

    study = make_study()
    running, clock = Running(programme=study.programme, site=study.site), Clock()
    running.rolling(now=clock.moment)
    for number in range(3):
        running.join(number, now=clock.later(hours=1))
        running.catch_up(now=clock.later(minutes=5))
    for number in range(2):
        running.answer(number, "before", value=50, now=clock.later(hours=1))
    running.leave(0, now=clock.later(hours=1))
    running.catch_up(now=clock.later(minutes=5))
    running.take(2, now=clock.later(hours=1))
    surveys.invite_due(now=clock.later(minutes=5))
    running.catch_up(now=clock.later(days=31))
    running.answer(1, "after", value=60, now=clock.later(hours=1))
    for person in running.persons.values():
        study_id = link.study_id(person=person, programme=running.programme)
        assert study_id is not None
        study.persons[study_id] = person
    return Story(study, clock)


def test_no_instant_and_no_transaction_joins_a_person_to_a_study_id(lived: Story) -> None:
    assert (len(lived.pairs), Response.objects.count()) == (3, 6)
    assert common_instants(lived) == []
    assert common_transactions(lived) == []

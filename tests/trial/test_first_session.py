"""A wave that counts from the first session: for who held one, for who did not, and for who waits for coaching."""

from datetime import timedelta

import pytest
from tests.study import DAY, NOW, PROTOCOL, TODAY, Study

from confrere.analysis.errors import InputError
from confrere.coaching.models import Entitlement, HeldSession
from confrere.coaching.signals import session_held
from confrere.surveys import queries as asked
from confrere.surveys.models import WavePlan
from confrere.trial import actions
from confrere.trial.protocol import load_protocol

WAVE = """
[[waves]]
name = "week6"
title = "Six weeks"
offset_days = 42
window_days = 14
instruments = ["qol_vas"]
after = "first_session"
latest_days = 70
reminders = [3, 6]
"""
WITH = PROTOCOL.replace('\n[[waves]]\nname = "month3"', WAVE + '\n[[waves]]\nname = "month3"')


@pytest.fixture
def drawn(bare: Study) -> dict[str, str]:
    """Arm → a study id in it; their grants are made."""
    bare.open(WITH)
    ids = [bare.enrol(number) for number in range(6)]
    actions.catch_up(programme=bare.programme, now=NOW)
    return {str(bare.arm(study_id)): study_id for study_id in ids}


def opens(study: Study, study_id: str) -> object:
    """From when on the wave can be answered; None as long as it was not opened."""
    found = [one.opens for one in asked.windows(programme=study.programme, study_id=study_id) if one.wave == "week6"]
    return found[0] if found else None


def hold(study: Study, study_id: str) -> None:
    grant = Entitlement.objects.get(person=study.persons[study_id])
    HeldSession.objects.create(programme_id=study.programme, site_id=study.site, entitlement=grant, k=1)


def test_it_opens_so_many_days_after_the_session_was_held(bare: Study, drawn: dict[str, str]) -> None:
    assert opens(bare, drawn["coaching"]) is None
    hold(bare, drawn["coaching"])
    for _twice in range(2):
        actions.catch_up(programme=bare.programme, now=NOW + 9 * DAY)
    assert opens(bare, drawn["coaching"]) == TODAY + timedelta(days=9 + 42)


def test_a_late_session_does_not_put_it_off_beyond_the_latest_day(bare: Study, drawn: dict[str, str]) -> None:
    hold(bare, drawn["coaching"])
    actions.catch_up(programme=bare.programme, now=NOW + 60 * DAY)
    assert opens(bare, drawn["coaching"]) == TODAY + timedelta(days=70)


def test_without_a_session_it_opens_on_the_latest_day(bare: Study, drawn: dict[str, str]) -> None:
    actions.catch_up(programme=bare.programme, now=NOW + 69 * DAY)
    assert opens(bare, drawn["coaching"]) is None
    actions.catch_up(programme=bare.programme, now=NOW + 70 * DAY)
    assert opens(bare, drawn["coaching"]) == TODAY + timedelta(days=70)


def test_the_delayed_arm_counts_from_the_draw(bare: Study, drawn: dict[str, str]) -> None:
    assert opens(bare, drawn["control"]) == TODAY + timedelta(days=42)


def test_its_reminders_are_those_of_the_protocol(bare: Study, drawn: dict[str, str]) -> None:
    plans = dict(WavePlan.objects.values_list("wave", "reminders"))
    assert plans == {"baseline": [5, 12], "week6": [3, 6], "month3": [5, 12]}


def test_a_session_calls_the_worker_where_there_is_a_trial(bare: Study) -> None:
    session_held.send(sender=None, programme=bare.programme, person=1, k=1, minutes=60)
    bare.open(WITH)
    session_held.send(sender=None, programme=bare.programme, person=1, k=1, minutes=60)


@pytest.mark.parametrize(
    ("replaced", "by", "sentence"),
    [
        ("latest_days = 70\n", "", "needs latest_days"),
        ('after = "first_session"\n', "", "needs latest_days"),
        ("latest_days = 70", "latest_days = 41", "before the wave could open"),
    ],
)
def test_a_wave_that_could_never_open_is_refused(replaced: str, by: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        load_protocol(WITH.replace(replaced, by))

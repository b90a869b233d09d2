"""The questions before and after, under the study id and in transactions of their own: nothing joins the two."""

from datetime import datetime, timedelta

from confrere.service.actions.preparing import slug
from confrere.service.models import Place
from confrere.service.queries.changes import AFTER, BEFORE
from confrere.service.states import PlaceState
from confrere.surveys import actions as surveys
from confrere.vault import days, link

#: The questions before stay open for so long after coaching has opened, those after for so long after its end.
STAYS_OPEN = timedelta(days=28)


def open_questions(*, place: int, now: datetime) -> None:
    """Open both questionnaires for whoever has taken a place, once; nothing where nothing is asked.

    Both dates are whole days. Answering is voluntary: coaching does not wait for it.
    """
    row = Place.objects.select_related("service").get(pk=place)
    if row.state != PlaceState.TAKEN or row.asked:
        return
    assert row.since is not None  # a taken place has its days
    assert row.until is not None
    study_id = link.study_id(person=row.person_id, programme=row.programme_id)
    if study_id is not None:
        opens = days.floor(now)
        windows = {
            BEFORE: (opens, max(opens, days.start(row.since)) + STAYS_OPEN),
            AFTER: (days.start(row.until + timedelta(days=1)), days.start(row.until) + STAYS_OPEN),
        }
        for wave, (begin, end) in windows.items():
            if name := slug(row.service, wave):
                surveys.open_response(
                    programme=row.programme_id,
                    site=row.site_id,
                    study_id=study_id,
                    wave=wave,
                    questionnaire=name,
                    opens=begin,
                    closes=end,
                    now=now,
                )
    Place.objects.filter(pk=row.pk).update(asked=True)


def stop_questions(*, place: int, now: datetime) -> None:
    """No further question to whoever left; what was answered stays under the code.

    Dated by the day: the moment of leaving stands with the person.
    """
    row = Place.objects.get(pk=place)
    study_id = link.study_id(person=row.person_id, programme=row.programme_id)
    if study_id is not None and row.asked:
        surveys.stop(programme=row.programme_id, study_id=study_id, now=days.floor(now))

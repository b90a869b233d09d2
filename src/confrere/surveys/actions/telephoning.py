"""Answers that somebody of the team types for a participant on the telephone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from confrere.people.queries import Standing, address, names
from confrere.post.actions import send
from confrere.surveys import queries
from confrere.surveys.models import Response
from confrere.surveys.rules import check_open
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault.audit import Actor


def begin_call(*, standing: Standing, person: int, response: int, now: datetime) -> int:
    """Open somebody's survey to type what they say; returns the number of the newest answer before the call.

    The person is told by letter, once a day. The event names who typed and under which code, the letter whom: they
    are written in two transactions, so that nothing joins the person to the code.
    """
    row = Response.objects.select_related("programme", "questionnaire").get(
        pk=response, programme_id=standing.programme
    )
    check_open(response=row, now=now)
    with transaction.atomic():
        audit.record(
            action="surveys.telephone",
            actor=Actor.person(standing.person),
            about=f"survey {row.wave} of {row.study_id}",
            programme=standing.programme,
            kept_as=kept.ANSWER,
            now=days.floor(now),
        )
    day = now.astimezone(ZoneInfo(row.programme.zone))
    with transaction.atomic():
        send(
            to=address(person),
            subject=_("Somebody typed answers for you"),
            body=_(
                "On %(day)s %(name)s opened your survey “%(title)s” to type what you say on the telephone.\n\n"
                "Answers that you had given before were not shown. What was typed is marked as typed for you. "
                "You can change it by your own link until you send the survey.\n\n"
                "If you did not speak with anybody, please tell the coordinator of your programme at once.\n"
            )
            % {
                "day": date_format(day, "j F Y"),
                "name": names([standing.person])[standing.person],
                "title": row.questionnaire.title,
            },
            event=f"telephone, survey {row.wave}, person {person}, by {standing.person}, {day.date()}",
            programme=standing.programme,
            now=now,
        )
    return queries.newest_number(row.pk)

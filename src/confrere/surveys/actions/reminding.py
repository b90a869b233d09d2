"""Letters about an open survey: an invitation when it opens and two reminders, none after it was sent or stopped."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from confrere.people.queries import address
from confrere.post.actions import send
from confrere.post.jobs import every
from confrere.surveys import links
from confrere.surveys.models import Response
from confrere.surveys.rules import can_open, day
from confrere.vault import days, link

AFTER = (timedelta(0), timedelta(days=5), timedelta(days=12))
"""Letter 1, 2, 3: so long after the opening."""


@every("*/5 * * * *")
def write_letters() -> None:
    """Let the worker write the letters that are due."""
    invite_due(now=timezone.now())


def invite_due(*, now: datetime) -> int:
    """Write every letter that is due; returns how many. Run as often as you like: no letter is written twice."""
    due = Q()
    for sent, after in enumerate(AFTER):
        due |= Q(mails=sent, opens__lte=now - after)
    rows = Response.objects.filter(due, closes__gt=now, completed_at__isnull=True, stopped_at__isnull=True)
    return sum(invite(response=row, now=now) for row in rows.order_by("pk").values_list("pk", flat=True))


def invite(*, response: int, now: datetime) -> bool:
    """Write the next letter about a survey, if it may still be answered; whether one was written.

    The letter (who) and the count (which study id) are written in two transactions, so that no common
    transaction number joins the two; the letter's event names the person, never the study id. Killed between
    them, the same letter is asked for again and not doubled.
    """
    row = Response.objects.select_related("programme", "questionnaire").get(pk=response)
    person = link.person(study_id=row.study_id, programme=row.programme_id)
    if person is None or not can_open(response=row, now=now):
        return False
    number = row.mails + 1
    with transaction.atomic():
        send(
            to=address(person),
            subject=_("A few questions are open for you"),
            body=_body(row),
            event=f"survey {row.wave}, programme {row.programme_id}, person {person}, letter {number}",
            programme=row.programme_id,
            now=now,
        )
    Response.objects.filter(pk=row.pk, mails=row.mails).update(mails=number, mailed_on=days.of(now))
    return True


def _body(row: Response) -> str:
    token = links.token(programme=row.programme_id, study_id=row.study_id, wave=row.wave)
    return _(
        "A few questions are open for you until %(closes)s.\n\n"
        "%(address)s\n\n"
        "The link is yours alone: please do not pass it on. You can stop at any question and go on later "
        "with the same link.\n"
        "Nobody reads your answers as they arrive.\n"
    ) % {
        "closes": day(row.closes, ZoneInfo(row.programme.zone)),
        "address": settings.ORIGIN + reverse("answer", args=[token]),
    }

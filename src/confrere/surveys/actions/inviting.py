"""Letters about an open survey: an invitation when it opens and its reminders, none after it was sent or stopped."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from confrere.people.queries import address, quiet_until
from confrere.post.actions import send
from confrere.post.jobs import every
from confrere.post.signals import Verdict
from confrere.surveys import letters, links, sealing, waves
from confrere.surveys.models import Response
from confrere.surveys.rules import can_open, day
from confrere.vault import days, link

#: What the marks of our letters begin with.
MARK = "survey."
#: Between two letters about the same survey, also when reminders were held up.
LEAST = timedelta(days=2)


@every("*/5 * * * *")
def write_letters() -> None:
    """Let the worker write the letters that are due."""
    invite_due(now=timezone.now())


def invite_due(*, now: datetime) -> int:
    """Write every letter that is due; returns how many. Run as often as you like: no letter is written twice."""
    plans = waves.plans()
    written = 0
    for row in waves.unsent(now=now).order_by("pk"):
        plan = plans.get((row.programme_id, row.wave))
        if waves.is_due(row, plan, now=now) and (row.mailed_on is None or row.mailed_on <= days.of(now - LEAST)):
            written += invite(response=row.pk, now=now)
    return written


def invite(*, response: int, now: datetime) -> bool:
    """Write the next letter about a survey, if it is wanted and the person's hours are not quiet; whether one was.

    The letter (who) and the count (which study id) are written in two transactions, so that no common
    transaction number joins the two; the letter's event names the person, never the study id. Killed between
    them, the same letter is asked for again and not doubled.
    """
    row = Response.objects.select_related("programme").get(pk=response)
    person = link.person(study_id=row.study_id, programme=row.programme_id)
    if person is None or not _wanted(row, now) or quiet_until(person=person, now=now) is not None:
        return False
    _write(row, person, row.mails + 1, now)
    Response.objects.filter(pk=row.pk, mails=row.mails).update(mails=row.mails + 1, mailed_on=days.of(now))
    return True


def verdict(*, guard: str, now: datetime) -> Verdict | None:
    """What is so at the moment of sending, whatever was so when the letter was written; None for others' letters.

    Whoever withdrew, answered or stopped letters gets none, nor does anybody while the letters rest. If the text has
    changed since, the old one never leaves: the new one is written in its place, under a Message-ID of its own.
    """
    fields = sealing.unseal("letter", guard.removeprefix(MARK)) if guard.startswith(MARK) else None
    if fields is None:
        return None
    programme, study_id, wave, number, version = int(fields[0]), fields[1], fields[2], int(fields[3]), int(fields[4])
    row = Response.objects.select_related("programme").filter(programme=programme, study_id=study_id, wave=wave).first()
    person = link.person(study_id=study_id, programme=programme)
    if row is None or person is None or not _wanted(row, now):
        return Verdict(wanted=False)
    if waves.text(programme=programme, wave=wave, reminder=number > 1).version != version:
        _write(row, person, number, now)
        return Verdict(wanted=False)
    return Verdict(not_before=quiet_until(person=person, now=now))


def letter_about(*, closes: datetime, zone: str, text: letters.Text, token: str, stop: str) -> str:
    """The words of a letter as its reader sees them."""
    return letters.filled(
        text,
        link=settings.ORIGIN + reverse("answer", args=[token]),
        closes=day(closes, ZoneInfo(zone)),
        stop=settings.ORIGIN + reverse("stop_letters", args=[stop]),
    )


def _wanted(row: Response, now: datetime) -> bool:
    resting = waves.plans(programme=row.programme_id, wave=row.wave, resting=True)
    return can_open(response=row, now=now) and not resting and not waves.has_stopped(row.programme_id, row.study_id)


@transaction.atomic
def _write(row: Response, person: int, number: int, now: datetime) -> None:
    text = waves.text(programme=row.programme_id, wave=row.wave, reminder=number > 1)
    token = links.token(programme=row.programme_id, study_id=row.study_id, wave=row.wave)
    stop = sealing.seal("stop", row.programme_id, row.study_id)
    own = f"letter {number}, text {text.version}" if text.version else f"letter {number}"
    send(
        to=address(person),
        subject=text.subject,
        body=letter_about(closes=row.closes, zone=row.programme.zone, text=text, token=token, stop=stop),
        event=f"survey {row.wave}, programme {row.programme_id}, person {person}, {own}",
        programme=row.programme_id,
        now=now,
        guard=MARK + sealing.seal("letter", row.programme_id, row.study_id, row.wave, number, text.version),
        one_click=settings.ORIGIN + reverse("stop_letters", args=[stop]),
    )

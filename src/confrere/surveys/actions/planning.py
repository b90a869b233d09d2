"""When letters about a wave go out, what they say, and whether they rest."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from confrere.people.queries import address
from confrere.post.actions import send
from confrere.surveys import waves
from confrere.surveys.actions.inviting import letter_about
from confrere.surveys.letters import Text
from confrere.surveys.models import LetterKind, LetterText, WavePlan
from confrere.surveys.rules import check_letter, check_reminders
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor


@transaction.atomic
def plan_wave(
    *, programme: int, site: int, wave: str, title: str, reminders: Sequence[int], actor: Actor, now: datetime
) -> None:
    """Say how a wave is called and on which days after its opening it reminds; what was changed since stays."""
    check_reminders(reminders)
    made = {"site_id": site, "title": title, "reminders": list(reminders)}
    _row, new = WavePlan.objects.get_or_create(programme_id=programme, wave=wave, defaults=made)
    if new:
        _note("surveys.plan_wave", programme, wave, actor, now, reminders=_spelt(reminders))


@transaction.atomic
def set_reminders(
    *, programme: int, site: int, wave: str, reminders: Sequence[int], actor: Actor, now: datetime
) -> None:
    """Remind on other days: whoever has had so many reminders already gets the next one on its new day."""
    check_reminders(reminders)
    plan = _plan(programme, site, wave)
    plan.reminders = list(reminders)
    plan.save(update_fields=["reminders"])
    _note("surveys.set_reminders", programme, wave, actor, now, reminders=_spelt(reminders))


@transaction.atomic
def rest_letters(*, programme: int, site: int, wave: str, resting: bool, actor: Actor, now: datetime) -> None:
    """Let the letters about a wave rest, or go on; those that wait in the outbox too. Surveys stay open."""
    plan = _plan(programme, site, wave)
    if plan.resting != resting:
        plan.resting = resting
        plan.save(update_fields=["resting"])
        _note("surveys.rest_letters" if resting else "surveys.resume_letters", programme, wave, actor, now)


@transaction.atomic
def write_text(
    *, programme: int, site: int, wave: str, kind: str, subject: str, body: str, actor: Actor, now: datetime
) -> int:
    """Change what the letters of a kind say; returns the version. Letters that wait leave with the new words only."""
    which = LetterKind(kind)
    clean = check_letter(subject=subject, body=body)
    known = LetterText.objects.filter(programme=programme, wave=wave, kind=which)
    present = waves.text(programme=programme, wave=wave, reminder=which == LetterKind.REMINDER)
    if (present.subject, present.body) == (clean.subject, clean.body):
        return present.version
    version = (known.aggregate(last=Max("version"))["last"] or 0) + 1
    LetterText.objects.create(
        programme_id=programme,
        site_id=site,
        wave=wave,
        kind=which,
        version=version,
        subject=clean.subject,
        body=clean.body,
        written_at=now,
    )
    _note("surveys.write_letter_text", programme, wave, actor, now, kind=str(which), version=version)
    return version


def send_sample(
    *, programme: int, wave: str, text: Text, closes: datetime, zone: str, person: int, now: datetime
) -> None:
    """Send a letter to oneself, to see how it arrives. Its links open nothing."""
    send(
        to=address(person),
        subject=text.subject,
        body=letter_about(closes=closes, zone=zone, text=text, token=SAMPLE, stop=SAMPLE),
        event=f"sample of {wave}, programme {programme}, person {person}, {now.isoformat()}",
        programme=programme,
        now=now,
        urgent=True,
    )


#: Days of the reminders where nobody has said others.
REMINDERS = waves.REMINDERS
#: Stands where each person's own link would stand.
SAMPLE = "only-an-example"


def _plan(programme: int, site: int, wave: str) -> WavePlan:
    made = {"site_id": site, "reminders": list(waves.REMINDERS)}
    WavePlan.objects.get_or_create(programme_id=programme, wave=wave, defaults=made)
    return WavePlan.objects.select_for_update().get(programme_id=programme, wave=wave)


def _spelt(reminders: Sequence[int]) -> str:
    return ", ".join(map(str, reminders))


def _note(action: str, programme: int, wave: str, actor: Actor, now: datetime, **details: str | int) -> None:
    audit.record(
        action=action,
        actor=actor,
        about=f"wave {wave}",
        programme=programme,
        kept_as=kept.PROGRAMME,
        now=now,
        details=details,
    )

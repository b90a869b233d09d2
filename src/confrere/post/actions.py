"""Letters: written into the outbox in the caller's transaction, delivered by the worker at least once."""

import hmac
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from confrere.post import carrier
from confrere.post.jobs import every, take_up_stranded, task
from confrere.post.models import Letter, State
from confrere.post.rules import next_try
from confrere.vault import keys
from confrere.vault.actions import expire


def digest(event: str) -> str:
    """What is kept of an event: enough to recognise it again, without its words.

    Under a key outside the database: events are few and alike, so a plain digest could be found by trying them all.
    """
    return hmac.digest(keys.store().read("blind"), f"confrere letter|{event}".encode(), "sha256").hex()


@transaction.atomic
def send(*, to: str, subject: str, body: str, event: str, programme: int | None, now: datetime) -> None:
    """Put a letter into the outbox, in the caller's transaction. Subjects are neutral: mail systems show them.

    event: what the letter is about, e.g. "booking 12 moved 3"; a second letter about the same event is not
        written, and the first one's text stands.
    """
    name = digest(event)
    if Letter.objects.filter(event_digest=name).exists():
        return
    letter = Letter(
        event_digest=name,
        message_id=f"<{name[:40]}@{settings.HOST}>",
        programme=programme,
        to=to,
        subject=" ".join(subject.split()),
        body=body,
        written_at=now,
        next_try_at=now,
    )
    # Two writers at once: the unique digest lets one of them win, silently (an error would print it in the log).
    Letter.objects.bulk_create([letter], ignore_conflicts=True)
    deliver.defer(id=Letter.objects.values_list("pk", flat=True).get(event_digest=name))


@task
def deliver(*, id: int) -> None:  # noqa: A002  # jobs take `id`
    """One attempt to hand a letter to the mail server, unless it has left already or someone else holds it.

    The row stays locked while the server answers. Killed before its answer, the letter still waits; killed between
    its answer and our commit, the same letter leaves a second time, under the same Message-ID.
    """
    now = timezone.now()
    with transaction.atomic():
        letter = Letter.objects.select_for_update(skip_locked=True).filter(pk=id, state=State.WAITING).first()
        if letter is None:
            return
        letter.attempts += 1
        try:
            carrier.carry(
                to=letter.to,
                subject=letter.subject,
                body=letter.body,
                message_id=letter.message_id,
                written_at=letter.written_at,
            )
        except carrier.Trouble as trouble:
            letter.trouble = trouble.kind
            again = None if trouble.permanent else next_try(attempts=letter.attempts, now=now)
            if again is None:
                _end(letter, state=State.GIVEN_UP, now=now)
            else:
                letter.next_try_at = again
        else:
            _end(letter, state=State.SENT, now=now)
        letter.save()


def _end(letter: Letter, *, state: State, now: datetime) -> None:
    letter.state, letter.ended_at = state, now
    letter.to = letter.subject = letter.body = ""


@every("* * * * *")
def sweep() -> None:
    """Put back what died with its worker, and try every letter whose time has come."""
    take_up_stranded(now=timezone.now())
    due = Letter.objects.filter(state=State.WAITING, next_try_at__lte=timezone.now()).order_by("next_try_at")
    for letter in due.values_list("pk", flat=True)[:1000]:
        deliver(id=letter)


@every("17 3 * * *")
def end_what_has_ended() -> None:
    """Once a day: the rows whose class has ended, by the vault's own table. Here because jobs start in this room."""
    expire(now=timezone.now())

"""Letters: written into the outbox in the caller's transaction, delivered by the worker at least once."""

import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from confrere.post import bounces, carrier, mailbox, signals
from confrere.post.jobs import every, take_up_stranded, task
from confrere.post.models import Letter, Picture, State
from confrere.post.rules import next_try, refuses_for_good
from confrere.vault import keys
from confrere.vault.actions import expire
from confrere.vault.refusals import Refusal

#: Letters that one sweep tries; the next one follows within a minute.
MOST_AT_ONCE = 1000


def digest(event: str) -> str:
    """What is kept of an event: enough to recognise it again, without its words.

    Under a key outside the database: events are few and alike, so a plain digest could be found by trying them all.
    """
    return hmac.digest(keys.store().read("blind"), f"confrere letter|{event}".encode(), "sha256").hex()


def message_id(name: str, *, to: str) -> str:
    """The Message-ID of a letter: the digest of its event, and a check that a report about it names its own address.

    So nobody who got one letter of ours can make us believe that somebody else's address refuses mail.
    """
    return f"<{name[:24]}.{digest(f'{name[:24]} to {to.strip().lower()}')[:16]}@{settings.HOST}>"


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to be written.

    event: what it is about, e.g. "booking 12 moved 3"; a second letter about the same event is not written, and the
        first one's text stands.
    guard: by what its room recognises it when it is about to leave (`signals.leaving`).
    one_click: the address that stops letters like this one, for those that can be stopped.
    calendar: an entry for the recipient's calendar, as `ics.calendar` writes it.
    """

    to: str
    subject: str
    body: str
    event: str
    guard: str = ""
    one_click: str = ""
    calendar: str = ""


def send(
    *,
    to: str,
    subject: str,
    body: str,
    event: str,
    programme: int | None,
    now: datetime,
    urgent: bool = False,
    guard: str = "",
    one_click: str = "",
) -> None:
    """Put one letter into the outbox, in the caller's transaction; see `send_all`."""
    draft = Draft(to=to, subject=subject, body=body, event=event, guard=guard, one_click=one_click)
    send_all([draft], programme=programme, now=now, urgent=urgent)


def send_all(drafts: Sequence[Draft], *, programme: int | None, now: datetime, urgent: bool = False) -> None:
    """Put letters into the outbox, in the caller's transaction. Subjects are neutral: mail systems show them.

    urgent: somebody sits before a screen and waits for it; such a letter leaves before all others that wait.
    Two statements, however many letters.
    """
    with transaction.atomic(savepoint=False):
        new = _write(drafts, programme=programme, now=now, urgent=urgent)
        deliver.defer_each(new, urgent=urgent)


def send_at_once(*, to: str, answer_to: str, body: str) -> None:
    """Hand a question to the mail server now, past the outbox: no row, no copy, no second attempt.

    Refuses (503) when the server did not take it; the question is then nowhere but on the asker's screen.
    """
    now = timezone.now()
    name = f"<{secrets.token_hex(16)}@{settings.HOST}>"
    try:
        carrier.carry(to=to, subject=_("A question"), body=body, message_id=name, written_at=now, answer_to=answer_to)
    except carrier.Trouble:
        raise Refusal(
            _("Your question could not be sent. Nothing of it was kept here; call instead."), status=503
        ) from None


def _write(drafts: Sequence[Draft], *, programme: int | None, now: datetime, urgent: bool) -> list[int]:
    """The numbers of the letters that are new. Two writers at once: the unique digest lets one of them win, silently.

    Written in SQL, since Django's insert that bears conflicts does not tell which rows are new.
    """
    names = [digest(each.event) for each in drafts]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO post_letter
                (event_digest, message_id, "to", subject, body, guard, one_click, calendar, programme, urgent,
                 written_at, next_try_at, state, attempts, trouble)
            SELECT *, %s::bigint, %s::boolean, %s::timestamptz, %s::timestamptz, 'waiting', 0, ''
            FROM unnest(
                %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]
            )
            ON CONFLICT (event_digest) DO NOTHING
            RETURNING id
            """,
            [
                programme,
                urgent,
                now,
                now,
                names,
                [message_id(name, to=each.to) for name, each in zip(names, drafts, strict=True)],
                [each.to for each in drafts],
                [" ".join(each.subject.split()) for each in drafts],
                [each.body for each in drafts],
                [each.guard for each in drafts],
                [each.one_click for each in drafts],
                [each.calendar for each in drafts],
            ],
        )
        return [number for (number,) in cursor.fetchall()]


@task
def deliver(*, id: int) -> None:  # noqa: A002  # jobs take `id`
    """One attempt to hand a letter to the mail server, unless it has left already or someone else holds it.

    The row stays locked while the server answers. Killed before its answer, the letter still waits; killed between
    its answer and our commit, the same letter leaves a second time, under the same Message-ID.
    """
    _attempt(Letter.objects.filter(pk=id, state=State.WAITING))


@transaction.atomic
def _attempt(rows: QuerySet[Letter]) -> bool:
    """Try the first of these letters that nobody else holds; False if there is none."""
    now = timezone.now()
    letter = rows.select_for_update(skip_locked=True).first()
    if letter is None:
        return False
    verdict = _verdict(letter, now)
    if not verdict.wanted:
        _end(letter, state=State.DROPPED, now=now)
    elif verdict.not_before is not None:
        letter.next_try_at = verdict.not_before
    else:
        _hand_over(letter, now)
    letter.save()
    return True


def _verdict(letter: Letter, now: datetime) -> signals.Verdict:
    """What the rooms above say now, whatever was so when it was written: one no ends it, one later delays it."""
    asked: Iterable[tuple[object, object]] = signals.leaving.send(
        sender=Letter, to=letter.to, guard=letter.guard, urgent=letter.urgent, now=now
    )
    said = [verdict for _receiver, verdict in asked if isinstance(verdict, signals.Verdict)]
    later = [verdict.not_before for verdict in said if verdict.not_before is not None]
    return signals.Verdict(wanted=all(verdict.wanted for verdict in said), not_before=max(later, default=None))


def _hand_over(letter: Letter, now: datetime) -> None:
    letter.attempts += 1
    try:
        carrier.carry(
            to=letter.to,
            subject=letter.subject,
            body=letter.body,
            message_id=letter.message_id,
            written_at=letter.written_at,
            one_click=letter.one_click,
            calendar=letter.calendar,
        )
    except carrier.Trouble as trouble:
        letter.trouble = trouble.kind
        if refuses_for_good(trouble.status):
            signals.refused.send(sender=Letter, address=letter.to, status=trouble.status, now=now)
        again = None if trouble.permanent else next_try(attempts=letter.attempts, now=now)
        if again is None:
            _end(letter, state=State.GIVEN_UP, now=now)
        else:
            letter.next_try_at = again
    else:
        _end(letter, state=State.SENT, now=now)


def _end(letter: Letter, *, state: State, now: datetime) -> None:
    letter.state, letter.ended_at = state, now
    letter.to = letter.subject = letter.body = letter.guard = letter.one_click = letter.calendar = ""


@every("* * * * *")
def sweep() -> None:
    """Put back what died with its worker, and try every letter whose time has come, the urgent ones first.

    Each is chosen when the one before it has been tried: an urgent letter that is written meanwhile is the next.
    """
    take_up_stranded(now=timezone.now())
    for _turn in range(MOST_AT_ONCE):
        due = Letter.objects.filter(state=State.WAITING, next_try_at__lte=timezone.now())
        if not _attempt(due.order_by("-urgent", "next_try_at")):
            return


@every("*/5 * * * *")
def read_reports() -> None:
    """Look whether mail servers have reported addresses that refuse mail, where the site has named a mailbox."""
    if settings.BOUNCES:
        mailbox.read(settings.BOUNCES, reader=lambda raw: take_report(raw, now=timezone.now()))


def take_report(raw: bytes, *, now: datetime) -> bool:
    """Take in one message of that mailbox; whether it is a report about a letter of ours.

    Believed is only what names the Message-ID of a letter that has left from here to that very address.
    """
    ours = [failure for failure in bounces.failures(raw) if _is_ours(failure)]
    with transaction.atomic():
        for failure in ours:
            if refuses_for_good(failure.status):
                signals.refused.send(sender=Letter, address=failure.address, status=failure.status, now=now)
    return bool(ours)


def _is_ours(failure: bounces.Failure) -> bool:
    name = failure.message_id.removeprefix("<").partition(".")[0]
    expected = message_id(name, to=failure.address)
    sent = Letter.objects.filter(message_id=failure.message_id, state=State.SENT)
    return hmac.compare_digest(expected.encode(), failure.message_id.encode()) and sent.exists()


@every("17 3 * * *")
def end_what_has_ended() -> None:
    """Once a day: the rows whose class has ended, by the vault's own table. Here because jobs start in this room."""
    expire(now=timezone.now())


def keep_picture(*, programme: int, site: int, jpeg: bytes) -> int:
    """Keep a picture as `pictures.drawn_anew` made it, in the caller's transaction; returns its number."""
    return Picture.objects.create(programme=programme, site=site, jpeg=jpeg).pk


def erase_pictures(numbers: Sequence[int]) -> int:
    """Delete pictures; how many there were."""
    gone, _each = Picture.objects.filter(pk__in=numbers).delete()
    return gone

"""Short first conversations: two people find out whether they want to work together. They count as no session."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, ExclusionViolation

from confrere.coaching.actions.booking import Taken, check_free, let_go, lock_coach
from confrere.coaching.choosing_rules import CONVERSATION, check_converse, check_end_conversation
from confrere.coaching.clock import Span
from confrere.coaching.models import Conversation, Leeway, Occupied
from confrere.coaching.queries import talks
from confrere.coaching.queries.coaches import page
from confrere.coaching.queries.entitlements import ledger
from confrere.people import queries as people
from confrere.post.actions import Draft, send_all
from confrere.post.jobs import every
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault import queries as vault
from confrere.vault.refusals import Refusal

#: So long after a first conversation nothing of it is kept.
FORGOTTEN_AFTER = timedelta(days=7)


def converse(*, programme: int, site: int, person: int, coach: int, start: datetime, key: UUID, now: datetime) -> int:
    """Agree on a first conversation with a coach (the number of the page); returns its number.

    key: the form's own number; the same form again answers with the same conversation.
    Refuses (409) what `check_converse` refuses, and a time that somebody else was faster to take.
    """
    try:
        with transaction.atomic():
            return _converse(programme=programme, site=site, person=person, coach=coach, start=start, key=key, now=now)
    except Taken:
        pass
    except DatabaseError as error:
        if not isinstance(error.__cause__, ExclusionViolation | DeadlockDetected):
            raise
    raise Refusal(_("The time was just taken. Choose another one."))


def _converse(*, programme: int, site: int, person: int, coach: int, start: datetime, key: UUID, now: datetime) -> int:
    # Locks in the order in which booking takes them: the person's grants, then the coach.
    mine = ledger(programme=programme, person=person, now=now, locked=True)
    before = Conversation.objects.filter(programme_id=programme, person_id=person, key=key).first()
    if before is not None:
        return before.pk
    if Conversation.objects.filter(programme_id=programme, person_id=person, coach_id=coach).exists():
        raise Refusal(_("You have agreed on a first conversation with this coach already."))
    lock_coach(programme=programme, coach=coach)
    found = page(programme=programme, coach=coach, person=person, now=now)
    had = talks.had(programme=programme, person=person)
    chosen = check_converse(page=found, ledger=mine, had=had, person=person, start=start, now=now)
    span = Span(start, start + CONVERSATION)
    let_go(holder=person, humans=(person, chosen.person), now=now)
    check_free(programme=programme, person=person, coach=chosen, span=span, now=now)
    row = Conversation.objects.create(
        programme_id=programme,
        site_id=site,
        coach_id=coach,
        person_id=person,
        during=(span.start, span.end),
        key=key,
    )
    Occupied.objects.bulk_create(
        Occupied(programme_id=programme, site_id=site, person_id=human, conversation=row, during=(span.start, span.end))
        for human in sorted((person, chosen.person))
    )
    leeway, _new = Leeway.objects.get_or_create(programme_id=programme, person_id=person, defaults={"site_id": site})
    Leeway.objects.filter(pk=leeway.pk).update(conversations=F("conversations") + 1)
    _tell("converse", row.pk, programme=programme, actor=person, both=(person, chosen.person), now=now)
    return row.pk


@transaction.atomic
def end_conversation(
    *, programme: int, person: int, conversation: int, now: datetime, actor: int | None = None
) -> None:
    """Call a first conversation off before it starts, either of the two; it counts as not taken and is deleted.

    actor: who did it, where that is neither of the two: a coordinator who removes a coach.
    """
    Conversation.objects.select_for_update().filter(programme_id=programme, pk=conversation).first()
    found = check_end_conversation(
        found=talks.conversation(programme=programme, person=person, number=conversation), now=now
    )
    both = (found.person, found.coach_person)
    _tell("end_conversation", conversation, programme=programme, actor=actor or person, both=both, now=now)
    Leeway.objects.filter(programme_id=programme, person_id=found.person, conversations__gt=0).update(
        conversations=F("conversations") - 1
    )
    Conversation.objects.filter(pk=conversation).delete()


def forget_conversations(*, now: datetime) -> int:
    """Delete what is left of first conversations a week after them; how many. A legal hold pauses it."""
    held = vault.held().get(kept.BOOKING, frozenset())
    over = Conversation.objects.filter(during__endswith__lte=now - FORGOTTEN_AFTER).exclude(programme__in=held)
    gone = over.count()
    over.delete()
    return gone


@every("23 * * * *")
def forget_over() -> None:
    """Hourly, by the worker."""
    forget_conversations(now=timezone.now())


def _tell(verb: str, conversation: int, *, programme: int, actor: int, both: tuple[int, int], now: datetime) -> None:
    """Note it, and write the neutral letter to both: no name, no time, only where to look."""
    audit.record(
        action=f"coaching.{verb}",
        actor=audit.Actor.person(actor),
        about=f"conversation:{conversation}",
        programme=programme,
        kept_as=kept.BOOKING,
        now=now,
    )
    body = _("Something about an appointment of yours is new. You can read it here:\n\n%(link)s\n") % {
        "link": f"{settings.ORIGIN}{reverse('home')}"
    }
    send_all(
        [
            Draft(
                to=people.address(human),
                subject=_("Appointment"),
                body=body,
                event=f"coaching conversation {conversation} {verb} at {now.isoformat()} to {human}",
            )
            for human in both
        ],
        programme=programme,
        now=now,
    )

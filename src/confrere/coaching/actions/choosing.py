"""Keeping a time for a few minutes while somebody chooses it.

Nothing is audited here: that somebody looked at a time is nobody's business, and it is gone in minutes.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from confrere.coaching.actions.booking import check_free, just_taken, let_go, lock_coach
from confrere.coaching.clock import Span
from confrere.coaching.models import Occupied
from confrere.coaching.queries.coaches import page
from confrere.coaching.queries.entitlements import ledger
from confrere.coaching.rules import check_book, check_takes
from confrere.post.jobs import every

#: Long enough to read the page once more, short enough that nobody misses the hour for it.
HELD_FOR = timedelta(minutes=5)


def hold(*, programme: int, person: int, coach: int, start: datetime, now: datetime) -> datetime:
    """Keep a start for somebody who is choosing it; returns until when. Everyone holds one time: another one ends it.

    Refuses like `book`, and writes nothing about who looked at what beyond the two rows that keep the time.
    """
    with just_taken(programme=programme, person=person, coach=coach, after=start, now=now), transaction.atomic():
        mine = ledger(programme=programme, person=person, now=now, locked=True)
        lock_coach(programme=programme, coach=coach)
        check_book(ledger=mine, now=now, start=start)
        chosen = check_takes(page=page(programme=programme, coach=coach, person=person, now=now), person=person)
        assert mine is not None
        assert mine.next_k is not None
        span = Span(start, start + timedelta(minutes=mine.length(mine.next_k)))
        let_go(holder=person, humans=(person, chosen.person), now=now)
        check_free(programme=programme, person=person, coach=chosen, span=span, now=now)
        Occupied.objects.bulk_create(
            Occupied(
                programme_id=programme,
                site_id=mine.site,
                person_id=human,
                during=(span.start, span.end),
                holder_id=person,
                held_until=now + HELD_FOR,
            )
            for human in sorted((person, chosen.person))
        )
    return now + HELD_FOR


def forget_holds(*, now: datetime) -> int:
    """End every hold whose minutes are over; how many rows that were."""
    gone, _each = Occupied.objects.filter(booking__isnull=True, held_until__lte=now).delete()
    return gone


@every("* * * * *")
def forget_holds_due() -> None:
    """Every minute, by the worker."""
    forget_holds(now=timezone.now())

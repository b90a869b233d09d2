"""A letter and a knock before an appointment, to everyone in it, without a word of what it is."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from confrere.coaching.actions import letters
from confrere.coaching.actions.knocking import knock_soon
from confrere.coaching.models import Booking, Gathering, Occupied, State
from confrere.post.jobs import every

#: So long before its start people are reminded of a session.
AHEAD = timedelta(hours=24)
#: Whoever booked or moved it so shortly before needs no reminder.
FRESH = timedelta(hours=12)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Remind both people of every session that starts within a day; returns of how many. Each once for each time."""
    due = Booking.objects.select_related("coach", "entitlement").filter(
        state=State.BOOKED, reminded=False, during__startswith__gt=now, during__startswith__lte=now + AHEAD
    )
    rows = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",)).order_by("pk"))
    late = [row for row in rows if row.changed_at <= row.during.lower - AHEAD + FRESH and row.changed_at < now - FRESH]
    for row in late:
        letters.reminder(booking=row.pk, now=now)
        knock_soon(programme=row.programme_id, persons=(row.coach.person_id, row.entitlement.person_id))
    Booking.objects.filter(pk__in=[row.pk for row in rows]).update(reminded=True)
    return len(late) + _remind_several(now=now)


def _remind_several(*, now: datetime) -> int:
    """The same for group sessions and supervision."""
    due = Gathering.objects.filter(reminded=False, during__startswith__gt=now, during__startswith__lte=now + AHEAD)
    rows = list(due.select_for_update(skip_locked=True, no_key=True).order_by("pk"))
    for row in rows:
        letters.gathering_reminder(gathering=row.pk, now=now)
        humans = Occupied.objects.filter(gathering=row).values_list("person", flat=True)
        knock_soon(programme=row.programme_id, persons=humans)
    Gathering.objects.filter(pk__in=[row.pk for row in rows]).update(reminded=True)
    return len(rows)


@every("*/10 * * * *")
def remind_due() -> None:
    """Every ten minutes, by the worker."""
    remind(now=timezone.now())

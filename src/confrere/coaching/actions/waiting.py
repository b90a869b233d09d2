"""The line before a coach who has no place or no hour: who comes first is told first, and has two days."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from confrere.coaching.actions import letters
from confrere.coaching.choosing_rules import suits
from confrere.coaching.models import Coach, Waiting
from confrere.coaching.queries.coaches import page
from confrere.coaching.queries.entitlements import ledger
from confrere.coaching.queries.hours import open_slots
from confrere.coaching.rules import check_line, next_room
from confrere.post.jobs import every
from confrere.vault import audit
from confrere.vault import classification as kept

#: For so long a place waits for whoever was told; then they leave the line.
KEPT_FOR = timedelta(hours=48)


@transaction.atomic
def join_line(
    *, programme: int, site: int, person: int, coach: int, now: datetime, suiting: Collection[str] = ()
) -> None:
    """Wait for a coach, behind those who wait already. Twice is once. Refuses what `check_line` refuses.

    suiting: parts of the week; an hour outside them is offered to the next in line. Empty: any hour suits.
    """
    check_line(
        ledger=ledger(programme=programme, person=person, now=now),
        page=page(programme=programme, coach=coach, person=person, now=now),
        person=person,
        now=now,
    )
    row, new = Waiting.objects.get_or_create(
        coach_id=coach,
        person_id=person,
        defaults={"programme_id": programme, "site_id": site, "since": now, "suits": sorted(set(suiting))},
    )
    if new:
        _note("coaching.join_line", row, now)


@transaction.atomic
def leave_line(*, programme: int, person: int, coach: int, now: datetime) -> None:
    """Wait no longer; nothing happens to those who do not wait."""
    row = Waiting.objects.filter(programme=programme, coach=coach, person=person).first()
    if row is not None:
        _note("coaching.leave_line", row, now)
        row.delete()


def tell_lines(*, now: datetime) -> int:
    """Tell whoever is next, of each line, that something is free; returns how many were told."""
    lines = Waiting.objects.order_by("coach").values_list("coach", flat=True).distinct()
    return sum(_tell_line(coach, now=now) for coach in list(lines))


@transaction.atomic
def _tell_line(coach: int, *, now: datetime) -> int:
    """One line, under the coach's lock, as booking takes it. No more are told than there are hours or places."""
    programme = Coach.objects.select_for_update(no_key=True).get(pk=coach).programme_id
    Waiting.objects.filter(coach=coach, until__lte=now).delete()
    told = Waiting.objects.filter(coach=coach, until__isnull=False).count()
    new = 0
    for row in Waiting.objects.filter(coach=coach, until__isnull=True).select_related("person").order_by("since", "pk"):
        if _is_free(row, programme=programme, told=told + new, now=now):
            row.until = now + KEPT_FOR
            row.save(update_fields=["until"])
            letters.something_is_free(
                waiting=row.pk,
                address=row.person.email,
                programme=programme,
                until=row.until,
                zone=row.person.zone,
                now=now,
            )
            new += 1
    return new


def _is_free(row: Waiting, *, programme: int, told: int, now: datetime) -> bool:
    """Whether there is an hour for this person beside those for `told` others, and a place if they are new here."""
    mine = ledger(programme=programme, person=row.person_id, now=now)
    room = next_room(ledger=mine, now=now)
    chosen = page(programme=programme, coach=row.coach_id, person=row.person_id, now=now)
    if chosen is None or room is None or chosen.pauses or not (chosen.mine or chosen.takes_new):
        return False
    slots = open_slots(
        programme=programme,
        coaches=[row.coach_id],
        minutes=room.minutes,
        within=room.within,
        person=row.person_id,
        now=now,
    )
    suiting = [start for start in slots[row.coach_id] if suits(start, parts=row.suits, zone=row.person.zone)]
    return len(suiting) > told


def _note(action: str, row: Waiting, now: datetime) -> None:
    audit.record(
        action=action,
        actor=audit.Actor.person(row.person_id),
        about=f"coach:{row.coach_id}",
        programme=row.programme_id,
        kept_as=kept.BOOKING,
        now=now,
    )


@every("*/5 * * * *")
def tell_lines_due() -> None:
    """Every five minutes, by the worker."""
    tell_lines(now=timezone.now())

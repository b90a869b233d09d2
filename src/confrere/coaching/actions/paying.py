"""Pay: a line for each session that was held, a stipend once, and taking a line back.

A line is written days after its session, in a transaction of its own with all others of that night: nothing in it,
nor the time when it was written, leads back to the person whom the coach met.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from confrere.coaching import words
from confrere.coaching.models import Booking, CoachFile, Gathering, LineKind, Occupied, PayLine, Rate
from confrere.coaching.queries import gatherings, pay
from confrere.coaching.rules import SETTLED_AFTER, check_currency, check_stipend, check_take_back
from confrere.people import queries as people
from confrere.post.jobs import every
from confrere.science.cost import fee
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault import queries as vault


@transaction.atomic
def set_rate(
    *,
    programme: int,
    site: int,
    person: int,
    since: date,
    hourly: Decimal,
    stipend: Decimal,
    currency: str,
    cost_centre: str,
    now: datetime,
    group_hourly: Decimal | None = None,
    supervision_hourly: Decimal = Decimal(0),
) -> None:
    """What an hour and the training are worth from a day on. Lines already written stay as they are.

    group_hourly: of a group session; None: as any other. supervision_hourly: for everyone in it; 0: counted, not paid.

    Refuses another currency than the programme's.
    """
    before = Rate.objects.filter(programme_id=programme).values_list("currency", flat=True).first()
    check_currency(currency=currency, before=before)
    Rate.objects.create(
        programme_id=programme,
        site_id=site,
        since=since,
        hourly=hourly,
        stipend=stipend,
        group_hourly=group_hourly,
        supervision_hourly=supervision_hourly,
        currency=currency,
        cost_centre=cost_centre,
    )
    _record("coaching.set_rate", person=person, about=f"rate:{since}", programme=programme, now=now)


def pay_sessions(*, now: datetime) -> int:
    """A line for every session that was held and settled. Returns how many; those without a rate wait.

    The order is by coach and day, so that the order of the lines tells nothing of the order of the meetings' rows.
    """
    with transaction.atomic():
        wanted = Booking.objects.filter(pk__in=pay.due(now=now, settled=SETTLED_AFTER), paid=False)
        rows = list(wanted.select_related("coach").select_for_update(skip_locked=True, of=("self",)))
        found = [(row, line) for row in rows if (line := _session(row)) is not None]
        lines = sorted((line for _row, line in found), key=lambda line: (line.coach_id, line.day, line.minutes))
        PayLine.objects.bulk_create(lines)
        Booking.objects.filter(pk__in=[row.pk for row, _line in found]).update(paid=True)
        for programme in sorted({line.programme_id for line in lines}):
            audit.record(
                action="coaching.pay_sessions",
                actor=audit.Actor.system("pay"),
                about=f"programme:{programme}",
                programme=programme,
                kept_as=kept.PAY,
                now=now,
            )
    return len(lines)


def _session(row: Booking) -> PayLine | None:
    return _line(row, coach=row.coach.person_id, kind=LineKind.SESSION, minutes=row.minutes)


def _line(row: Booking | Gathering, *, coach: int, kind: LineKind, minutes: int) -> PayLine | None:
    """What this time is worth to this coach, on their own day; None while no rate is set for it."""
    day = words.local(row.during.lower, zone=people.zone(coach)).date()
    rate = pay.rate_on(programme=row.programme_id, day=day)
    if rate is None:
        return None
    hourly = pay.hourly(rate, kind)
    return PayLine(
        programme_id=row.programme_id,
        site_id=row.site_id,
        coach_id=coach,
        kind=kind,
        day=day,
        minutes=minutes,
        hourly=hourly,
        amount=fee(minutes, hourly=hourly),
        currency=rate.currency,
        cost_centre=rate.cost_centre,
    )


def settle_gatherings(*, now: datetime) -> int:
    """A week after each gathering: lines for what took place, then nothing is left of it. How many were settled.

    A supervision gives everyone in it a line and a day in their file; a group session gives its coach a line. Those
    without a rate wait, as long as the programme lasts; a legal hold pauses it.
    """
    holds = vault.held()
    # What goes is of two classes: the gathering, and the time of everyone in it.
    paused = holds.get(kept.GATHERING, frozenset()) | holds.get(kept.BOOKING, frozenset())
    settled = 0
    for each in gatherings.over(before=now - SETTLED_AFTER):
        if each.programme_id not in paused:
            settled += settle_one(each.pk, now=now)
    return settled


@transaction.atomic
def settle_one(gathering: int, *, now: datetime) -> bool:
    """One of them; false where it waits, or another worker has it."""
    row = Gathering.objects.select_for_update(skip_locked=True).filter(pk=gathering).first()
    if row is None:  # another worker was faster
        return False
    lines = _of_several(row) if row.held else []
    if None in lines:
        return False
    PayLine.objects.bulk_create(line for line in lines if line is not None)
    if row.held and row.kind == Gathering.Kind.SUPERVISION:
        _in_files(row, now=now)
    row.delete()
    audit.record(
        action="coaching.settle_gathering",
        actor=audit.Actor.system("pay"),
        about=f"programme:{row.programme_id}",
        programme=row.programme_id,
        kept_as=kept.PAY,
        now=now,
    )
    return True


def _of_several(row: Gathering) -> list[PayLine | None]:
    minutes = (row.during.upper - row.during.lower) // timedelta(minutes=1)
    if row.kind == Gathering.Kind.GROUP:
        return [_line(row, coach=row.leader_id, kind=LineKind.GROUP, minutes=minutes)]
    humans = Occupied.objects.filter(gathering=row).order_by("person").values_list("person", flat=True)
    return [_line(row, coach=human, kind=LineKind.SUPERVISION, minutes=minutes) for human in humans]


def _in_files(row: Gathering, *, now: datetime) -> None:
    """The day of supervision, in the file of each coach who was in it."""
    members = Occupied.objects.filter(gathering=row).exclude(person=row.leader_id).values("person")
    for file in CoachFile.objects.select_for_update().filter(programme=row.programme_id, person__in=members):
        file.supervision_days = sorted({*file.supervision_days, days.of(row.during.lower)})
        file.save(update_fields=["supervision_days"])


@transaction.atomic
def pay_stipend(*, programme: int, site: int, person: int, coach: int, day: date, now: datetime) -> None:
    """Pay a coach's training once. Refuses (409) a second time, without a rate, and for who is no coach (404)."""
    rate = check_stipend(
        coaches=people.members_of(programme, "coach", now),
        coach=coach,
        rate=pay.rate_on(programme=programme, day=day),
        paid=PayLine.objects.filter(programme_id=programme, coach_id=coach, kind=LineKind.STIPEND).exists(),
    )
    PayLine.objects.create(
        programme_id=programme,
        site_id=site,
        coach_id=coach,
        kind=LineKind.STIPEND,
        day=day,
        minutes=0,
        hourly=rate.hourly,
        amount=rate.stipend,
        currency=rate.currency,
        cost_centre=rate.cost_centre,
    )
    _record("coaching.pay_stipend", person=person, about=f"coach:{coach}", programme=programme, now=now)


@transaction.atomic
def take_back(*, programme: int, site: int, person: int, line: int, now: datetime) -> None:
    """Take a line back by another of today. The first one stays, as books do. Refuses 404, or 409 a second time."""
    row = PayLine.objects.select_for_update(of=("self",)).filter(pk=line, programme_id=programme).first()
    row = check_take_back(line=row, taken_back=row is not None and PayLine.objects.filter(reverses=row).exists())
    PayLine.objects.create(
        programme_id=programme,
        site_id=site,
        coach_id=row.coach_id,
        kind=LineKind.REVERSAL,
        day=now.date(),
        minutes=row.minutes,
        hourly=row.hourly,
        amount=-row.amount,
        currency=row.currency,
        cost_centre=row.cost_centre,
        reverses=row,
    )
    _record("coaching.take_back_pay", person=person, about=f"pay_line:{line}", programme=programme, now=now)


def _record(action: str, *, person: int, about: str, programme: int, now: datetime) -> None:
    audit.record(
        action=action,
        actor=audit.Actor.person(person),
        about=about,
        programme=programme,
        kept_as=kept.PAY,
        now=now,
    )


@every("41 3 * * *")
def pay_due() -> None:
    """Nightly, by the worker."""
    now = timezone.now()
    pay_sessions(now=now)
    settle_gatherings(now=now)

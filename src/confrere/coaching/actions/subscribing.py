"""A coach's other calendar: fetched by the worker, read for busy times only, titles kept nowhere."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from confrere.coaching.models import BusyCalendar, BusyTime, Coach, Trouble
from confrere.coaching.rules import nothing_here
from confrere.coaching.sealing import seal, unseal
from confrere.people import queries as people
from confrere.post import calendars, fetching
from confrere.post.jobs import every, task
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal

#: How far ahead busy times are kept.
AHEAD = timedelta(days=190)
#: A calendar is fetched again when the last try is older.
AGAIN_AFTER = timedelta(minutes=55)
#: Calendars of one round, so that a round ends before the next.
MOST_AT_ONCE = 200

type Fetch = Callable[..., fetching.Fetched]
TROUBLE = {
    "inside": Trouble.INSIDE,
    "silent": Trouble.SILENT,
    "refused": Trouble.REFUSED,
    "large": Trouble.LARGE,
}


@transaction.atomic
def subscribe(*, programme: int, person: int, address: str, now: datetime) -> None:
    """Read a coach's other calendar from now on; another address replaces the first. Fetched within the minute."""
    coach = Coach.objects.select_for_update(no_key=True).filter(programme_id=programme, person_id=person).first()
    if coach is None:
        raise Refusal(_("Write your page first: participants read it before they choose an hour."))
    if urlsplit(address).scheme != "https":
        raise Refusal(_("Give an address that begins with https:// (or webcal://)."), status=422)
    row, _new = BusyCalendar.objects.update_or_create(
        coach=coach,
        defaults={
            "address": seal(address, owner=coach.pk),
            "etag": "",
            "modified": "",
            "tried_at": None,
            "read_at": None,
            "trouble": Trouble.NONE,
        },
        create_defaults={
            "programme_id": programme,
            "site_id": coach.site_id,
            "address": seal(address, owner=coach.pk),
        },
    )
    _note("subscribe", programme=programme, person=person, coach=coach.pk, now=now)
    fetch_one.defer(id=row.pk)


@transaction.atomic
def unsubscribe(*, programme: int, person: int, now: datetime) -> None:
    """Read it no more: its address and its busy times are deleted."""
    row = BusyCalendar.objects.filter(programme_id=programme, coach__person_id=person).first()
    if row is None:
        raise nothing_here()
    BusyTime.objects.filter(coach=row.coach_id).delete()
    _note("unsubscribe", programme=programme, person=person, coach=row.coach_id, now=now)
    row.delete()


def refresh(*, calendar: int, now: datetime, fetch: Fetch = fetching.fetch) -> None:
    """Fetch one calendar and replace its busy times; on trouble the last ones stay and the coach is told why.

    The fetching holds no transaction. What came in the meantime, a new address or none, wins.
    """
    row = BusyCalendar.objects.select_related("coach").filter(pk=calendar).first()
    if row is None:
        return
    start, end = now - timedelta(days=1), now + AHEAD
    found: calendars.Busy | None = None
    came = fetching.Fetched(body=None, etag=row.etag, modified=row.modified)
    trouble = Trouble.NONE
    try:
        # What was read a day ago says too little of the days ahead: then it is read anew, changed or not.
        known = row.read_at is not None and now - row.read_at < timedelta(days=1)
        asked = {"etag": row.etag, "modified": row.modified} if known else {}
        came = fetch(unseal(row.address, owner=row.coach_id), **asked)
        if came.body is not None:
            zone = people.zone(row.coach.person_id)
            found = calendars.read_apart(came.body, zone=zone, start=start, end=end)
    except fetching.NotFetched as no:
        trouble = TROUBLE[no.kind]
    except calendars.NoCalendar:
        trouble = Trouble.UNREADABLE
    except calendars.TooMuch:
        trouble = Trouble.LARGE
    _keep(row, found, came, trouble, now=now)


@transaction.atomic
def _keep(
    row: BusyCalendar, found: calendars.Busy | None, came: fetching.Fetched, trouble: Trouble, *, now: datetime
) -> None:
    """Write what was found, unless the coach took the calendar away or named another while it was fetched."""
    # Booking takes the coach's lock, so that a booking sees all busy times or the ones before.
    Coach.objects.select_for_update(no_key=True).filter(pk=row.coach_id).only("pk").first()
    same = BusyCalendar.objects.filter(pk=row.pk, address=row.address)
    if trouble is not Trouble.NONE:
        same.update(tried_at=now, trouble=trouble)
        return
    read: dict[str, object] = {} if found is None else {"read_at": now}
    if not same.update(tried_at=now, trouble=trouble, etag=came.etag, modified=came.modified, **read):
        return
    if found is not None:
        BusyTime.objects.filter(coach=row.coach_id).delete()
        BusyTime.objects.bulk_create(
            BusyTime(programme_id=row.programme_id, site_id=row.site_id, coach_id=row.coach_id, during=stretch)
            for stretch in found.stretches
        )


@task
def fetch_one(*, id: int) -> None:  # noqa: A002  # the name that jobs of one row have
    """One calendar, by the worker."""
    refresh(calendar=id, now=timezone.now())


@every("*/5 * * * *")
def fetch_due() -> None:
    """Every five minutes, by the worker: a job for each calendar whose last try is an hour old."""
    _due(now=timezone.now())


def _due(*, now: datetime) -> int:
    old = BusyCalendar.objects.exclude(tried_at__gt=now - AGAIN_AFTER).order_by("tried_at", "pk")
    numbers = list(old.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for number in numbers:
        fetch_one.defer_once(id=number)
    return len(numbers)


def _note(verb: str, *, programme: int, person: int, coach: int, now: datetime) -> None:
    audit.record(
        action=f"coaching.{verb}",
        actor=audit.Actor.person(person),
        about=f"coach:{coach}",
        programme=programme,
        kept_as=kept.BUSY,
        now=now,
    )

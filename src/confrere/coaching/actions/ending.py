"""Thirty days after a programme its meetings end: who met whom, when, how many, and the coaches' pages.

Each function is the one eraser of its class; the daily round calls them in this order. Where a legal hold keeps rows
that others point at, the others stay as well.
"""

from datetime import datetime, timedelta

from django.db import connection

from confrere.coaching.models import (
    Acknowledged,
    Away,
    Booking,
    BusyCalendar,
    BusyTime,
    Coach,
    CoachFile,
    Conversation,
    Device,
    Entitlement,
    Feed,
    HeldSession,
    Hours,
    Leeway,
    Occupied,
    PayLine,
    Rate,
    Shunned,
    Waiting,
)
from confrere.people import queries as people
from confrere.people.roles import Role
from confrere.post.actions import erase_pictures
from confrere.vault import classification as kept
from confrere.vault.erasers import erases


@erases(kept.BOOKING)
def erase_bookings(*, now: datetime, held: frozenset[int]) -> int:
    """Bookings of programmes that are long over, both people's time, and what stood around them."""
    ended = people.long_over(now=now) - held
    for around in (Waiting, Feed, Device, Acknowledged):
        around.objects.filter(programme__in=ended).delete()
    Occupied.objects.filter(programme__in=ended).delete()
    Conversation.objects.filter(programme__in=ended).delete()
    gone, _details = Booking.objects.filter(programme__in=ended).delete()
    return gone


@erases(kept.HELD_SESSION)
def erase_held_sessions(*, now: datetime, held: frozenset[int]) -> int:
    """That sessions took place. The table only grows, so the database does it by a function of its own, which looks
    at holds and at its own clock itself.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coaching_erase_held_sessions(%s)", [now])
        (gone,) = cursor.fetchone()
    return int(gone)


@erases(kept.ENTITLEMENT)
def erase_entitlements(*, now: datetime, held: frozenset[int]) -> int:
    """How many sessions were granted, once nothing rests on it any more; and what was left to choose with."""
    Leeway.objects.filter(programme__in=people.long_over(now=now) - held).delete()
    ended = Entitlement.objects.filter(programme__in=people.long_over(now=now) - held)
    used = (Booking.objects.values("entitlement"), HeldSession.objects.values("entitlement"))
    gone, _details = ended.exclude(pk__in=used[0]).exclude(pk__in=used[1]).delete()
    return gone


@erases(kept.COACH_PAGE)
def erase_coach_pages(*, now: datetime, held: frozenset[int]) -> int:
    """Pages and hours of coaches who left, and of programmes that are long over; pages with bookings stay."""
    over, left = people.long_over(now=now), people.long_gone(Role.COACH, now=now)
    pages = [
        page
        for page, programme, person in Coach.objects.exclude(programme__in=held).values_list(
            "pk", "programme", "person"
        )
        if programme in over or (programme, person) in left
    ]
    Hours.objects.filter(coach__in=pages).delete()
    Away.objects.filter(coach__in=pages).delete()
    Away.objects.filter(coach=None, programme__in=over - held).delete()
    pictures = Coach.objects.filter(pk__in=pages, picture__isnull=False).values_list("picture", flat=True)
    erase_pictures(list(pictures))
    unused = Coach.objects.filter(pk__in=pages).exclude(pk__in=Booking.objects.values("coach"))
    gone, _details = unused.delete()
    return gone


@erases(kept.COACH_FILE)
def erase_coach_files(*, now: datetime, held: frozenset[int]) -> int:
    """The files of coaches who left, and of programmes that are long over."""
    over, left = people.long_over(now=now), people.long_gone(Role.COACH, now=now)
    rows = CoachFile.objects.exclude(programme__in=held).values_list("pk", "programme", "person")
    ended = [pk for pk, programme, person in rows if programme in over or (programme, person) in left]
    CoachFile.objects.filter(pk__in=ended).delete()
    return len(ended)


@erases(kept.SHUNNED)
def erase_shunned(*, now: datetime, held: frozenset[int]) -> int:
    """Check sums of whom somebody did not want to meet, in programmes that are long over."""
    gone, _details = Shunned.objects.filter(programme__in=people.long_over(now=now) - held).delete()
    return gone


@erases(kept.BUSY)
def erase_busy(*, now: datetime, held: frozenset[int]) -> int:
    """Other calendars of coaches who left, and of programmes that are long over."""
    over, left = people.long_over(now=now), people.long_gone(Role.COACH, now=now)
    rows = BusyCalendar.objects.exclude(programme__in=held).values_list("coach", "programme", "coach__person")
    ended = [coach for coach, programme, person in rows if programme in over or (programme, person) in left]
    BusyTime.objects.filter(coach__in=ended).delete()
    BusyCalendar.objects.filter(coach__in=ended).delete()
    return len(ended)


#: Seven years of three hundred and sixty-five days, as `retention.toml` says.
BOOKS = timedelta(days=2555)


@erases(kept.PAY)
def erase_pay(*, now: datetime, held: frozenset[int]) -> int:
    """Lines and rates that the books no longer need; what was taken back goes together with what took it back."""
    before = (now - BOOKS).date()
    old = PayLine.objects.filter(day__lt=before).exclude(programme__in=held).exclude(reversal__day__gte=before)
    gone, _details = old.filter(reverses__isnull=False).delete()
    more, _details = old.filter(reverses__isnull=True, reversal__isnull=True).delete()
    # A rate stays for as long as a line may need it: until a newer one is that old, too.
    rates = Rate.objects.exclude(programme__in=held)
    for programme in set(rates.filter(since__lt=before).values_list("programme", flat=True)):
        last = (
            rates.filter(programme=programme, since__lt=before).order_by("-since", "-pk").values_list("pk", flat=True)
        )
        more += rates.filter(pk__in=list(last[1:])).delete()[0]
    return gone + more

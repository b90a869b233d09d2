"""What a coach puts up: the page, and the hours."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.coaching import words
from confrere.coaching.clock import Fold, Gap, Span, morning, weekly
from confrere.coaching.models import Away, Coach, Hours
from confrere.coaching.queries.hours import offered_then
from confrere.coaching.rules import nothing_here
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal

#: Hours are at least one session and at most half a day long.
LEAST, MOST = timedelta(minutes=60), timedelta(hours=12)
LONGEST_AWAY = timedelta(days=366)


@transaction.atomic
def write_page(
    *,
    programme: int,
    site: int,
    person: int,
    biography: str,
    focus: str,
    languages: str,
    video_link: str,
    phone: str,
    capacity: int,
    now: datetime,
    areas: Sequence[str] = (),
    division: str = "",
    reports_to: str = "",
) -> int:
    """Write or rewrite a coach's own page; returns its number. Refuses (409) a page without a way to be reached."""
    if not video_link and not phone:
        raise Refusal(_("Give a video link or a telephone number, so that participants can reach you."))
    written: dict[str, object] = {
        "biography": biography,
        "focus": focus,
        "languages": languages,
        "video_link": video_link,
        "phone": phone,
        "capacity": capacity,
        "areas": list(areas),
        "division": division,
        "reports_to": reports_to,
    }
    row, _new = Coach.objects.update_or_create(
        programme_id=programme, person_id=person, defaults=written, create_defaults={"site_id": site, **written}
    )
    _note("write_page", coach=row, now=now)
    return row.pk


@transaction.atomic
def set_rules(*, programme: int, person: int, buffer: int, notice: int, daily: int | None, now: datetime) -> None:
    """What a coach asks of bookings: minutes free around them, hours of notice, the most on a day (None: no limit)."""
    coach = _with_page(_own_page(programme=programme, person=person))
    coach.buffer, coach.notice, coach.daily = buffer, notice, daily
    coach.save(update_fields=["buffer", "notice", "daily"])
    _note("set_rules", coach=coach, now=now)


@transaction.atomic
def go_away(*, programme: int, person: int, first: date, last: date, zone: str, now: datetime) -> int:
    """Take the days from `first` to `last` out of what a coach offers; what is booked stays. Returns its number."""
    coach = _with_page(_own_page(programme=programme, person=person))
    row = Away.objects.create(
        programme_id=programme, site_id=coach.site_id, coach=coach, **_days(first=first, last=last, zone=zone, now=now)
    )
    _note("go_away", coach=coach, now=now)
    return row.pk


@transaction.atomic
def close_for_all(*, programme: int, site: int, person: int, first: date, last: date, zone: str, now: datetime) -> int:
    """Holidays of a programme: nobody books with anybody. What is booked stays. Returns the row's number."""
    row = Away.objects.create(programme_id=programme, site_id=site, **_days(first=first, last=last, zone=zone, now=now))
    _note_holidays(programme, actor=person, now=now)
    return row.pk


@transaction.atomic
def come_back(*, programme: int, person: int, away: int, now: datetime) -> None:
    """These days can be booked again, as the coach's hours say."""
    coach = _own_page(programme=programme, person=person)
    gone, _each = Away.objects.filter(programme_id=programme, coach=coach, coach__isnull=False, pk=away).delete()
    if coach is None or not gone:
        raise nothing_here()
    _note("come_back", coach=coach, now=now)


@transaction.atomic
def open_for_all(*, programme: int, person: int, away: int, now: datetime) -> None:
    """These days are no holidays any more."""
    if not Away.objects.filter(programme_id=programme, coach=None, pk=away).delete()[0]:
        raise nothing_here()
    _note_holidays(programme, actor=person, now=now)


def _days(*, first: date, last: date, zone: str, now: datetime) -> dict[str, object]:
    """Whole days by the wall clock, as columns. Refuses days in the wrong order, passed, or over a year long."""
    if last < first or last - first > LONGEST_AWAY:
        raise Refusal(_("The last day is the first one or a later one, within a year."), status=422)
    start, end = morning(first, zone=zone), morning(last + timedelta(days=1), zone=zone)
    if end <= now:
        raise Refusal(_("These days have passed."), status=422)
    return {"first": first, "last": last, "during": (start, end)}


def _with_page(coach: Coach | None) -> Coach:
    if coach is None:
        raise Refusal(_("Write your page first: participants read it before they choose an hour."))
    return coach


def _note(verb: str, *, coach: Coach, now: datetime, **details: int) -> None:
    audit.record(
        action=f"coaching.{verb}",
        actor=audit.Actor.person(coach.person_id),
        about=f"coach:{coach.pk}",
        programme=coach.programme_id,
        kept_as=kept.COACH_PAGE,
        now=now,
        details=details,
    )


def _note_holidays(programme: int, *, actor: int, now: datetime) -> None:
    audit.record(
        action="coaching.set_holidays",
        actor=audit.Actor.person(actor),
        about=f"programme:{programme}",
        programme=programme,
        kept_as=kept.PROGRAMME,
        now=now,
    )


def spans_offered(
    *, on: date, starts: time, ends: time, zone: str, weeks: int, fold: int | None, now: datetime
) -> Sequence[Span]:
    """The real times of these hours. Refuses (422), in words, what the clock on the wall leaves open."""
    try:
        spans = list(weekly(on=on, starts=starts, ends=ends, zone=zone, weeks=weeks, fold=fold))
    except Gap as gap:
        sentence = _("%(time)s does not exist on %(day)s: the clocks jump over it. Choose another time.")
        raise Refusal(sentence % _wall(gap.wall), status=422) from gap
    except Fold as twice:
        sentence = _(
            "%(time)s comes twice on %(day)s, when the clocks go back. Say whether you mean the first or the second."
        )
        raise Refusal(sentence % _wall(twice.wall), status=422) from twice
    except ValueError:
        raise Refusal(_("Hours end after they start, on the same day or at midnight."), status=422) from None
    if spans[0].start < now:
        raise Refusal(_("These hours have passed. Choose a later day."), status=422)
    if not all(LEAST <= span.end - span.start <= MOST for span in spans):
        raise Refusal(_("Offer between one and twelve hours at a time."), status=422)
    return spans


@transaction.atomic
def offer_hours(
    *,
    programme: int,
    person: int,
    on: date,
    starts: time,
    ends: time,
    zone: str,
    now: datetime,
    weeks: int = 1,
    fold: int | None = None,
) -> list[int]:
    """Offer the same wall-clock hours in each of `weeks` weeks (1-52); returns the numbers of the new hours.

    fold: 0 or 1 for a time that comes twice when the clocks go back; None asks (422).
    Refuses (409) hours that overlap those already offered, and hours without a coach page.
    """
    spans = spans_offered(on=on, starts=starts, ends=ends, zone=zone, weeks=weeks, fold=fold, now=now)
    coach = _with_page(_own_page(programme=programme, person=person))
    other = offered_then(coach=coach.pk, spans=spans)
    if other is not None:
        sentence = _("You already offer hours then: %(from)s to %(to)s. Choose another time, or withdraw those.")
        moments = {"from": words.moment(other.start, zone=zone), "to": words.hour(other.end, zone=zone)}
        raise Refusal(sentence % moments)
    series = uuid4() if len(spans) > 1 else None
    rows = Hours.objects.bulk_create(
        Hours(
            programme_id=programme,
            site_id=coach.site_id,
            coach=coach,
            during=(span.start, span.end),
            zone=zone,
            series=series,
        )
        for span in spans
    )
    _note("offer_hours", coach=coach, now=now, stretches=len(rows))
    return [row.pk for row in rows]


def _own_page(*, programme: int, person: int) -> Coach | None:
    """A person's own page, locked: booking takes the same lock, so that hours do not change under it."""
    return Coach.objects.select_for_update(no_key=True).filter(programme_id=programme, person_id=person).first()


def _wall(wall: datetime) -> dict[str, str]:
    return {"time": f"{wall:%H:%M}", "day": words.naive_day(wall)}


@transaction.atomic
def withdraw_hours(*, programme: int, person: int, hours: int, now: datetime, series: bool = False) -> int:
    """Offer these hours no longer; with `series` all later ones of the same week pattern too.

    Sessions booked in them stay booked: they are an agreement of two people. Returns how many stretches went.
    """
    coach = _own_page(programme=programme, person=person)
    row = Hours.objects.filter(coach=coach, pk=hours).first()
    if coach is None or row is None:
        raise nothing_here()
    rows = Hours.objects.filter(coach=coach, pk=row.pk)
    if series and row.series is not None:
        rows = Hours.objects.filter(coach=coach, series=row.series, during__startswith__gte=row.during.lower)
    gone, _each = rows.delete()
    _note("withdraw_hours", coach=coach, now=now, stretches=gone)
    return gone

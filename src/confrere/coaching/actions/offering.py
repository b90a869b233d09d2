"""What a coach puts up: the page, and the hours."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.coaching import words
from confrere.coaching.clock import Fold, Gap, Span, weekly
from confrere.coaching.models import Coach, Hours
from confrere.coaching.queries.hours import offered_then
from confrere.coaching.rules import nothing_here
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal

#: Hours are at least one session and at most half a day long.
LEAST, MOST = timedelta(minutes=60), timedelta(hours=12)


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
) -> int:
    """Write or rewrite a coach's own page; returns its number. Refuses (409) a page without a way to be reached."""
    if not video_link and not phone:
        raise Refusal(_("Give a video link or a telephone number, so that participants can reach you."))
    row, _new = Coach.objects.update_or_create(
        programme_id=programme,
        person_id=person,
        defaults={
            "biography": biography,
            "focus": focus,
            "languages": languages,
            "video_link": video_link,
            "phone": phone,
            "capacity": capacity,
        },
        create_defaults={
            "site_id": site,
            "biography": biography,
            "focus": focus,
            "languages": languages,
            "video_link": video_link,
            "phone": phone,
            "capacity": capacity,
        },
    )
    audit.record(
        action="coaching.write_page",
        actor=audit.Actor.person(person),
        about=f"coach:{row.pk}",
        programme=programme,
        kept_as=kept.COACH_PAGE,
        now=now,
    )
    return row.pk


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
    coach = _own_page(programme=programme, person=person)
    if coach is None:
        raise Refusal(_("Write your page first: participants read it before they choose an hour."))
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
    audit.record(
        action="coaching.offer_hours",
        actor=audit.Actor.person(person),
        about=f"coach:{coach.pk}",
        programme=programme,
        kept_as=kept.COACH_PAGE,
        now=now,
        details={"stretches": len(rows)},
    )
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
    audit.record(
        action="coaching.withdraw_hours",
        actor=audit.Actor.person(person),
        about=f"coach:{coach.pk}",
        programme=programme,
        kept_as=kept.COACH_PAGE,
        now=now,
        details={"stretches": gone},
    )
    return gone
